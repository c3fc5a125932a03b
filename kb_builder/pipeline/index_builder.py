"""Builds the search index of one language, and stores every part that a later build may take over."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from functools import cached_property, partial
from typing import Final, NamedTuple, Protocol

import search_index
from kb_builder.config import Settings
from kb_builder.errors import BUILD_FIRST, StaleError
from kb_builder.model import Article
from kb_builder.system.cache_keys import code_fingerprint, hash_of, runs
from kb_builder.system.codec import Codec
from kb_builder.system.processes import WORTH_A_PROCESS, spread
from kb_builder.system.store import Resources

_PARTITION: Final = 384
"""Articles: smaller partitions take longer to merge, larger ones longer to rebuild."""
_WORTH: Final = WORTH_A_PROCESS // 4
"""Small pieces of work that a partition is worth: four are worth a process."""
_NO_EXAMPLES: Final = search_index.MentionExamples.from_bytes(b"")
_RELATED: Final = Codec(dict[str, tuple[str, ...]])
_INDEX: Final = Codec(tuple[str, search_index.IndexFiles])


class AnalysedArticles(Protocol):
    """The cache key of an article, and the analyses of several, as :class:`Digests` has them."""

    def key_of(self, article: Article) -> str:
        """The cache key of one version of an article."""
        ...

    def analyses(self, articles: Sequence[Article]) -> Sequence[bytes]:
        """One packed analysis for each article, in their order."""
        ...


class TeamSynonyms(NamedTuple):
    """The team's synonyms. Those that only ``private_names``, of what was never released, have are left out."""

    written: search_index.Synonyms
    private_names: Sequence[str]


class IndexBuilder:
    """Each part is built when it is first used."""

    def __init__(
        self,
        articles: Sequence[Article],
        digests: AnalysedArticles,
        synonyms: TeamSynonyms,
        *,
        settings: Settings,
        slot: Sequence[str],
        resources: Resources,
    ) -> None:
        """``articles`` are sorted by id. ``slot`` distinguishes the indexes of one project, whose latest are stored."""
        self.articles = articles
        self.learns = settings.options.search.learn
        self.language = settings.search_language
        self._digests = digests
        self._team = synonyms
        self._names = slot
        self._store = resources.store
        self._jobs = resources.jobs

    @cached_property
    def key(self) -> str:
        """A hash of everything that an index depends on except mentions."""
        keys = map(self._digests.key_of, self.articles)
        synonyms = repr(tuple(self._team))
        return hash_of(code_fingerprint(), self.language, synonyms, repr(self.learns), *keys)

    @cached_property
    def synonyms(self) -> tuple[search_index.Synonyms, tuple[str, ...]]:
        """The team's synonyms for customers, and those that name what is not released."""
        written, private_names = self._team
        if not written.pairs:
            return written, ()
        return search_index.used_synonyms(written, self._partitions, private_names, self.language)

    @cached_property
    def _partitions(self) -> Sequence[bytes]:
        """The inverted index in partitions, which are stored: an edit rebuilds one of them."""
        names = [article.id for article in self.articles]
        keys = list(map(self._digests.key_of, self.articles))
        room = search_index.room_for_text(len(names))
        parts = {hash_of(str(room), *keys[run]): self.articles[run] for run in runs(names, _PARTITION)}
        stored = self._store.get_many("partition", parts)
        missing = [key for key in parts if key not in stored]
        task = partial(self._inverted, room=room)
        with closing(spread(task, [parts[key] for key in missing], jobs=self._jobs, worth=_WORTH)) as made:
            new = dict(zip(missing, made, strict=True))
        self._store.put_many("partition", new)
        return [(stored | new)[key] for key in parts]

    def _inverted(self, parts: Sequence[Sequence[Article]], room: int) -> list[bytes]:
        return [search_index.invert(self._digests.analyses(run), room) for run in parts]

    @cached_property
    def corpus(self) -> search_index.Corpus:
        """The corpus without examples from mentions."""
        return self._collected(_NO_EXAMPLES)

    def _collected(self, examples: search_index.MentionExamples) -> search_index.Corpus:
        return search_index.collect(
            self._partitions, language=self.language, synonyms=self.synonyms[0], mentions=examples
        )

    @cached_property
    def plain(self) -> search_index.IndexFiles:
        """The index as if there were no mentions."""
        return self.build(b"", {})

    @cached_property
    def matcher(self) -> search_index.Matcher:
        """Matches texts of mentions to articles, by the index without mentions."""
        return search_index.Matcher(self.plain)

    def build(self, examples: bytes, asked: Mapping[str, int]) -> search_index.IndexFiles:
        """The index that learned from ``examples``; ``asked`` holds the customers who asked for an article lately."""
        key = hash_of(self.key, hashlib.sha256(examples).hexdigest(), repr(sorted(asked.items())))
        slot = self._slot(learned=bool(examples or asked))
        stored_key, earlier = self._store.load("index", slot, _INDEX) or ("", None)
        if earlier is not None and stored_key == key:
            return earlier
        mentions = search_index.MentionExamples.from_bytes(examples)
        built = search_index.write_index(
            self._collected(mentions) if mentions.forms else self.corpus,
            language=self.language,
            synonyms=self.synonyms[0],
            trained=self._trained(mentions) if self.learns else b"",
            asked=asked,
            earlier=earlier,
        )
        self._store.save("index", slot, (key, built), _INDEX)
        return built

    def published(self, hashes: Collection[str]) -> search_index.IndexFiles:
        """The stored index that is among the published files, whose SHA-256 are given.

        Raises :class:`StaleError` if it isn't stored any more.
        """
        for learned in (True, False):
            _, stored = self._store.load("index", self._slot(learned=learned), _INDEX) or ("", None)
            if stored and hashlib.sha256(stored.files[search_index.ROOT]).hexdigest() in hashes:
                return stored
        raise StaleError("the index of the published site is not in .kb any more", hint=BUILD_FIRST)

    def _slot(self, *, learned: bool) -> str:
        return hash_of(code_fingerprint(), self.language, *self._names, str(learned))

    def _trained(self, mentions: search_index.MentionExamples) -> bytes:
        """The weights learned from phrasings and mentions; unchanged blocks are taken from the last training."""
        slot = self._slot(learned=bool(mentions.documents))
        trained = search_index.train(
            search_index.questions(self.corpus),
            language=self.language,
            mentions=mentions,
            previous=self._store.get("training", slot),
        )
        self._store.put("training", slot, trained)
        return trained

    @cached_property
    def related(self) -> Mapping[str, Sequence[str]]:
        """Article id → the ids of the most similar articles."""
        vectors = search_index.vectors(self.corpus)
        # Most edits change nothing of what is compared.
        key = hash_of(code_fingerprint(), vectors.digest)
        stored = self._store.load("related", key, _RELATED)
        if stored is None:
            stored = search_index.related(vectors, limit=5)
            self._store.save("related", key, stored, _RELATED)
        return stored

    def release(self) -> None:
        """Frees what the index and :attr:`related` were made of: pages need the results only."""
        for name in ("_partitions", "corpus"):
            self.__dict__.pop(name, None)
