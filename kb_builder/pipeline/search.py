"""SearchIndex: the index over a project, and the mentions that it matched and learned from."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from heapq import heappush, heappushpop
from pathlib import Path
from typing import Final

import search_index
from kb_builder.content.visibility import never_released
from kb_builder.errors import BUILD_FIRST, Finding, StaleError
from kb_builder.mentions.counted import CODEC as MENTIONS
from kb_builder.mentions.counted import Mentions
from kb_builder.mentions.language import Detector
from kb_builder.mentions.reader import Match, fingerprint, read_mentions
from kb_builder.mentions.remote import fetch
from kb_builder.mentions.resolved import Learn
from kb_builder.mentions.settings import FEWEST_CUSTOMERS
from kb_builder.mentions.unpacked import is_export
from kb_builder.model import Article
from kb_builder.pipeline.project import Project
from kb_builder.pipeline.search_findings import MENTIONS_FOLDER, private_synonyms, unread_exports, untrained
from kb_builder.system import source_files
from kb_builder.system.cache_keys import code_fingerprint, hash_of, runs
from kb_builder.system.codec import Codec

_PARTITION: Final = 384
"""Articles: smaller partitions take longer to merge, larger ones longer to rebuild."""
ASKED_DAYS: Final = 28
"""Days whose customers lift an article in search."""
_NEAR: Final = 300
"""Mentions near one article that are compared to offer phrasings."""
_NO_EXAMPLES: Final = search_index.MentionExamples.from_bytes(b"")
_RELATED: Final = Codec(dict[str, tuple[str, ...]])
_BY_LANGUAGE: Final = Codec(dict[str, bytes])
_INDEX: Final = Codec(tuple[str, search_index.IndexFiles])


class SearchIndex:
    """What customers search, whatever the audience of the build.

    Mentions are matched by the index before it learned; then it learns from mentions that named their article.
    """

    def __init__(
        self,
        project: Project,
        mention_files: Sequence[Path] | None = None,
        published: Collection[str] | None = None,
        *,
        source: "SearchIndex | None" = None,
    ) -> None:
        """``mention_files`` are read instead of ``content/mentions``. ``source`` is the index of the language of the
        sources, which counts the mentions of every language together.

        With ``published``, the SHA-256 of the published files, the index that is among them is kept as it is, and
        nothing is learned.
        """
        self.project = project
        self._published: Collection[str] | None = source._published if source else published
        self._mention_files = mention_files
        self._source = source or self

    @cached_property
    def languages(self) -> tuple["SearchIndex", ...]:
        """The index of each language, that of the sources first."""
        if self._source is not self:
            return self._source.languages
        return (self, *(SearchIndex(project, source=self) for project in self.project.languages[1:]))

    def in_language(self, code: str) -> "SearchIndex":
        """The index of one language. Raises :class:`InputError` as :meth:`Project.in_language` does."""
        project = self.project.in_language(code)
        return next(index for index in self.languages if index.project is project)

    @cached_property
    def _articles(self) -> Sequence[Article]:
        """The articles that customers can find, sorted by id."""
        shown = {article.id for article in self.project.view.articles}
        found = (item for item in self.project.public.listed if not item.search_exclude and item.id in shown)
        return sorted(found, key=lambda article: article.id)

    @cached_property
    def _key(self) -> str:
        """A hash of everything that an index depends on except mentions."""
        project = self.project
        keys = map(project.key_of, self._articles)
        language, synonyms = project.settings.search_language, repr((project.synonyms, self._private_names))
        return hash_of(code_fingerprint(), language, synonyms, repr(self._learns), *keys)

    @cached_property
    def _private_names(self) -> Sequence[str]:
        """Names of what was never released, where they could be among the synonyms."""
        project = self.project
        if not project.synonyms.pairs:
            return ()
        items = never_released(project.catalogue, project.now, preview=project.preview)
        return [f"{item.title} {' '.join(item.asked_as if isinstance(item, Article) else ())}" for item in items]

    @cached_property
    def _synonyms(self) -> tuple[search_index.Synonyms, tuple[str, ...]]:
        """The team's synonyms for customers, and those that name what is not released."""
        project = self.project
        if not project.synonyms.pairs:
            return project.synonyms, ()
        language = project.settings.search_language
        return search_index.used_synonyms(project.synonyms, self._partitions, self._private_names, language)

    @cached_property
    def _partitions(self) -> Sequence[bytes]:
        """The inverted index in partitions, which are stored: an edit rebuilds one of them."""
        project, store = self.project, self.project.store
        names = [article.id for article in self._articles]
        keys = list(map(project.key_of, self._articles))
        parts = {hash_of(*keys[run]): self._articles[run] for run in runs(names, _PARTITION)}
        stored = store.get_many("partition", parts)
        new = {
            key: search_index.invert(project.digests.analyses(run)) for key, run in parts.items() if key not in stored
        }
        store.put_many("partition", new)
        return [(stored | new)[key] for key in parts]

    @cached_property
    def _corpus(self) -> search_index.Corpus:
        return self._collected(_NO_EXAMPLES)

    def _collected(self, examples: search_index.MentionExamples) -> search_index.Corpus:
        language, synonyms = self.project.settings.search_language, self._synonyms[0]
        return search_index.collect(self._partitions, language=language, synonyms=synonyms, mentions=examples)

    @property
    def _learns(self) -> bool:
        return self.project.settings.options.search.learn

    @cached_property
    def _unlearned(self) -> search_index.IndexFiles:
        return self._build(b"", {})

    @cached_property
    def index(self) -> search_index.IndexFiles:
        """The files that browsers search."""
        if self._published is not None:
            return self._kept
        self.project.progress("index", 0, 1)
        asked = self.mentions.recent_customers(ASKED_DAYS, FEWEST_CUSTOMERS) if self._learns else {}
        found = self._build(self._taught, asked) if self._learns and (self._taught or asked) else self._unlearned
        self.project.progress("index", 1, 1)
        return found

    @property
    def documents(self) -> Mapping[str, int]:
        """The number of each article in the index, by its site-relative url."""
        return {article.url: at for at, article in enumerate(self._articles)}

    def numbers(self, ids: Collection[str]) -> Sequence[int]:
        """The numbers of articles in the index, by their ids."""
        return [at for at, article in enumerate(self._articles) if article.id in ids]

    @property
    def _kept(self) -> search_index.IndexFiles:
        """The published index. Raises :class:`StaleError` if it isn't stored any more."""
        for learned in (True, False):
            _, stored = self.project.store.load("index", self._slot(learned=learned), _INDEX) or ("", None)
            if stored and hashlib.sha256(stored.files[search_index.MANIFEST]).hexdigest() in (self._published or ()):
                return stored
        raise StaleError("the index of the published site is not in .kb any more", hint=BUILD_FIRST)

    def _slot(self, *, learned: bool) -> str:
        """The latest index of each kind is stored, and reused where the next one is the same."""
        project = self.project
        return hash_of(
            code_fingerprint(), project.settings.search_language, project.language, str(project.preview), str(learned)
        )  # fmt: skip

    def _build(self, examples: bytes, asked: Mapping[str, int]) -> search_index.IndexFiles:
        project, store = self.project, self.project.store
        key = hash_of(self._key, hashlib.sha256(examples).hexdigest(), repr(sorted(asked.items())))
        slot = self._slot(learned=bool(examples or asked))
        stored_key, earlier = store.load("index", slot, _INDEX) or ("", None)
        if earlier is not None and stored_key == key:
            return earlier
        mentions = search_index.MentionExamples.from_bytes(examples)
        built = search_index.build_index(
            self._collected(mentions) if mentions.forms else self._corpus,
            language=project.settings.search_language,
            synonyms=self._synonyms[0],
            learn=self._learns,
            trained=self._trained(mentions) if self._learns else None,
            asked=asked,
            earlier=earlier,
        )
        store.save("index", slot, (key, built), _INDEX)
        return built

    def _trained(self, mentions: search_index.MentionExamples) -> bytes:
        """The weights learned from phrasings and mentions; unchanged blocks are taken from the last training."""
        store = self.project.store
        slot = hash_of(code_fingerprint(), self.project.language, str(bool(mentions.documents)))
        trained = search_index.train(
            search_index.questions(self._corpus),
            language=self.project.settings.search_language,
            mentions=mentions,
            previous=store.get("training", slot),
        )
        store.put("training", slot, trained)
        return trained

    @cached_property
    def mentions(self) -> Mentions:
        """Counts of the mentions in all languages; their words never leave the reader."""
        if self._source is not self:
            return self._source.mentions
        return self._counted_mentions(learned=self._published is None)

    @cached_property
    def counts(self) -> Mentions:
        """As :attr:`mentions`, for who needs no examples to learn from: those take a third of the time."""
        if self._source is not self:
            return self._source.counts
        return self.mentions if "mentions" in self.__dict__ else self._counted_mentions(learned=False)

    def _counted_mentions(self, *, learned: bool) -> Mentions:
        project, paths = self.project, self._mention_paths
        settings, articles = project.trending_settings, [article.id for article in project.public.articles]
        exports = fingerprint(paths, now=project.now, zone=project.zone, settings=settings)
        key = hash_of(exports, *(index._key if paths else "" for index in self.languages), *articles)
        # Those of which nothing was learned serve nobody else, but those that taught search serve everybody.
        own = key if learned else hash_of(key, "counted")
        for name in dict.fromkeys((key, own)):
            stored = project.store.load("mentions", name, MENTIONS)
            if stored is not None:
                return stored
        learns = learned and self._learns and paths
        read = self._read_mentions(self._match, learn=self._reduce_mentions if learns else None)
        project.store.save("mentions", own, read, MENTIONS)
        return read

    def mentions_by_arrival(self, hours: int) -> Mentions:
        """As :attr:`mentions`, with their arrivals for the last ``hours`` hours."""
        return self._read_mentions(self._match, history_hours=hours)

    def _read_mentions(
        self, match: Match, *, learn: Learn | None = None, learn_since: datetime | None = None, history_hours: int = 0
    ) -> Mentions:
        project = self.project
        return read_mentions(
            self._mention_paths,
            settings=project.trending_settings,
            now=project.now,
            zone=project.zone,
            articles={article.id for article in project.public.articles},
            segments={segment.slug for segment in project.segments},
            match=match,
            progress=lambda done, total: project.progress("mentions", done, total),
            learn=learn,
            learn_since=learn_since,
            root=project.settings.root,
            scratch=project.settings.root / ".kb" / "scratch",
            history_hours=history_hours,
        )

    @cached_property
    def unlearned_reader(self) -> "search_index.Reader":
        """Searches as if there were no mentions."""
        return search_index.Reader(self._unlearned.files.__getitem__)

    @cached_property
    def unweighed_reader(self) -> "search_index.Reader":
        """Searches with what was learned, as if no article were asked for more than another."""
        built = self._build(self._taught, {}) if self._taught else self._unlearned
        return search_index.Reader(built.files.__getitem__)

    def resolved_since(self, since: datetime) -> list[tuple[str, str]]:
        """Text and article of resolved mentions after a moment, sorted, to measure search with; nothing is stored."""
        found: set[tuple[str, str]] = set()

        def collect(resolved: Iterable[search_index.Resolved]) -> bytes:
            found.update((text, article) for article, _, text in resolved if text.strip())
            return b""

        self._read_mentions(lambda texts: [None] * len(texts), learn=collect, learn_since=since)
        return sorted(found)

    def near_mentions(self, ids: Collection[str] | None) -> Mapping[str, Sequence[tuple[float, str]]]:
        """Article id → confidence and text of the surest unresolved mentions near it, for staff; nothing is stored.

        ``ids`` are the articles asked for; None stands for all.
        """
        matcher = search_index.Matcher(self.index)
        language = self.project.settings.language
        near: dict[str, list[tuple[float, str]]] = {}

        def collect(texts: Sequence[str]) -> list[tuple[str, float] | None]:
            found = matcher.match(texts)
            for text, match in zip(texts, found, strict=True):
                if match is not None and (ids is None or match[0] in ids) and self._language_of(text) == language:
                    held = near.setdefault(match[0], [])
                    (heappush if len(held) < _NEAR else heappushpop)(held, (match[1], text))
            return found

        self._read_mentions(collect)
        return near

    @cached_property
    def examples(self) -> search_index.MentionExamples:
        """What search learned from: features of resolved mentions and their customers."""
        return search_index.MentionExamples.from_bytes(self._taught)

    @property
    def _taught(self) -> bytes:
        """The examples in this index's language."""
        learned = self.mentions.examples
        if len(self.languages) == 1 or not learned:
            return learned
        return _BY_LANGUAGE.decode(learned).get(self.project.settings.language, b"")

    @cached_property
    def _mention_paths(self) -> Sequence[Path]:
        if self._mention_files is not None:
            return self._mention_files
        root = self.project.settings.root
        fetched = [path for source in self.project.trending_settings.sources for path in fetch(source, root)]
        return [root / path for path in source_files.walk(root, MENTIONS_FOLDER).paths if is_export(path)] + fetched

    def _reduce_mentions(self, resolved: Iterable[search_index.Resolved]) -> bytes:
        """The examples of resolved mentions: features that at least five customers of an article used."""
        if len(self.languages) == 1:
            return self._reduced(resolved)
        told: dict[str, list[search_index.Resolved]] = {}
        for mention in resolved:
            told.setdefault(self._language_of(mention[2]), []).append(mention)
        codes = {index.project.settings.language: index for index in self.languages}
        return _BY_LANGUAGE.encode({code: codes[code]._reduced(told[code]) for code in sorted(told)})

    def _reduced(self, resolved: Iterable[search_index.Resolved]) -> bytes:
        language, forms = self.project.settings.search_language, self._corpus.occurring
        if self._source is not self:
            searched = {article.id for article in self._articles}
            resolved = [mention for mention in resolved if mention[0] in searched]
        return search_index.reduce_mentions(resolved, language=language, public_forms=forms).to_bytes()

    def _match(self, texts: Sequence[str]) -> list[tuple[str, float] | None]:
        """Each text is matched in the language it is written in."""
        if len(self.languages) == 1:
            return self._matcher.match(texts)
        codes = list(map(self._language_of, texts))
        found: list[tuple[str, float] | None] = [None] * len(texts)
        for index in self.languages:
            places = [place for place, code in enumerate(codes) if code == index.project.settings.language]
            if not places:
                continue  # The index of a language takes a second of its own to make.
            for place, match in zip(places, index._matcher.match([texts[place] for place in places]), strict=True):
                found[place] = match
        return found

    def _language_of(self, text: str) -> str:
        return self._detector.language_of(text) if len(self.languages) > 1 else self.project.settings.language

    @cached_property
    def _detector(self) -> Detector:
        return Detector([index.project.settings.language for index in self.languages])

    @cached_property
    def _matcher(self) -> "search_index.Matcher":
        return search_index.Matcher(self._unlearned)

    @cached_property
    def reader(self) -> "search_index.Reader":
        """Searches as the browser does."""
        return search_index.Reader(self.index.files.__getitem__)

    @cached_property
    def related(self) -> Mapping[str, Sequence[str]]:
        """Article id → the ids of the most similar articles."""
        store, vectors = self.project.store, search_index.vectors(self._corpus)
        # Most edits change nothing of what is compared.
        key = hash_of(code_fingerprint(), vectors.digest)
        stored = store.load("related", key, _RELATED)
        if stored is None:
            stored = search_index.related(vectors, limit=5)
            store.save("related", key, stored, _RELATED)
        return stored

    @property
    def findings(self) -> tuple[Finding, ...]:
        """That search does not learn for want of a library, and files among the mentions that are not read."""
        private = private_synonyms(self.project.settings.search_language, self._synonyms[1])
        if self._source is not self:
            return private
        unread = unread_exports(self.project.settings.root) if self._mention_files is None else ()
        return (*untrained(self.project.settings.config_file, self.index.unused_questions), *unread, *private)

    def release(self) -> None:
        """Frees what the index and :attr:`related` were made of: pages need the results only."""
        for name in ("_partitions", "_corpus"):
            self.__dict__.pop(name, None)
