"""What answers customers today: the index they search, and what hurts them."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property, partial
from pathlib import Path
from typing import Final

import search_index
from kb_builder.content.visibility import verdict
from kb_builder.errors import Finding, InputError, Severity
from kb_builder.markdown.digest import document
from kb_builder.mentions.files import SUFFIXES
from kb_builder.mentions.reader import Mentions, fingerprint, read_mentions
from kb_builder.model import Article
from kb_builder.pages import feeds, page
from kb_builder.pipeline.project import Content
from kb_builder.system import source_files
from kb_builder.system.cache_keys import code_fingerprint, hash_of, runs
from kb_builder.system.processes import Ahead, Aside, Step
from kb_builder.system.progress import tell_nobody
from kb_builder.trends.pins import Trends, find_trends, why_not_pinned

NO_EXAMPLES: Final = search_index.MentionExamples.from_bytes(b"")
MENTIONS: Final = "content/mentions"
UNTRAINED: Final = "search-not-trained"
_BLOCK: Final = 384
"""Articles: smaller blocks take longer to put side by side, larger ones longer to make again."""


class Answers(Content):
    """Content, searched and set beside what customers complain about."""

    _ahead = Ahead({})

    # What is searched

    @contextmanager
    def ahead(self) -> Iterator[None]:
        """Lets a process of its own put the index together, where there is one to spare and something to do."""
        useful = self.jobs > 1 and self.store.lasts
        # What can't be read is told with everything else that is wrong, by whoever asks for all findings.
        with suppress(InputError):
            self.outlines  # noqa: B018  (all processes work at it; the index begins where they end)
            useful = useful and self.store.get("related", self._related_key) is None
        with Ahead(self._steps() if useful else {}) as self._ahead:
            yield

    def _steps(self) -> Mapping[str, Step]:
        """What a forked process does, without this one's progress and helpers, and leaves in the store."""

        def begin() -> None:
            self.tell, self.jobs, self._ahead = tell_nobody, 1, Ahead({})

        def noted(step: Callable[[], object]) -> None:
            step()
            self.store.note_uses()

        return {
            "": begin,
            "corpus": partial(noted, lambda: self._corpus.pairs),
            "related": Aside(partial(noted, lambda: self.related)),
            "mentions": partial(noted, lambda: self.mentions),
            "index": partial(noted, lambda: self.index),
        }

    @cached_property
    def _searchable(self) -> Sequence[Article]:
        """What customers may find, in the order of ids."""
        shown = {article.id for article in self.view.articles}
        found = (item for item in self.public.listed if not item.search_exclude and item.id in shown)
        return sorted(found, key=lambda article: article.id)

    @cached_property
    def _searched(self) -> str:
        """Everything an index depends on but what mentions teach, as a hash."""
        keys = map(self.key_of, self._searchable)
        return hash_of(code_fingerprint(), self.language, repr(self.synonyms[0]), repr(self._learns), *keys)

    @cached_property
    def _partitions(self) -> Sequence[bytes]:
        """The inverted index in partitions; an edit rebuilds one of them."""
        names = [article.id for article in self._searchable]
        keys = list(map(self.key_of, self._searchable))
        cut = {hash_of(*keys[run]): self._searchable[run] for run in runs(names, _BLOCK)}
        known = self.store.get_many("block", cut)
        fresh = {key: search_index.invert(self.analyses(run)) for key, run in cut.items() if key not in known}
        self.store.put_many("block", fresh)
        return [(known | fresh)[key] for key in cut]

    @cached_property
    def _corpus(self) -> search_index.Corpus:
        return self._collected(NO_EXAMPLES)

    def _collected(self, examples: search_index.MentionExamples) -> search_index.Corpus:
        return search_index.collect(
            self._partitions, language=self.language, synonyms=self.synonyms[0], mentions=examples
        )

    @property
    def _learns(self) -> bool:
        return self.settings.options.search.learn

    @cached_property
    def unlearned(self) -> search_index.IndexFiles:
        """The index before it learned from mentions, which are matched with it."""
        return self._build_index(b"")

    @cached_property
    def index(self) -> search_index.IndexFiles:
        """The files that browsers search."""
        self.tell("index", 0, 1)
        self._ahead.wait("index")
        examples = self.mentions.examples if self._learns else b""
        found = self._build_index(examples) if examples else self.unlearned
        self.tell("index", 1, 1)
        return found

    @property
    def search_findings(self) -> tuple[Finding, ...]:
        """That search does not learn for want of a library."""
        count = self.index.unused_questions
        if not count:
            return ()
        message = f"search does not learn from {count:,} phrasings: scikit-learn is not installed"
        hint = "pip install 'kb-builder[learn]', or set the option search: {learn: false}"
        return (Finding(self.settings.config_file, 0, UNTRAINED, Severity.NOTE, message, hint),)

    def _build_index(self, examples: bytes) -> search_index.IndexFiles:
        key = hash_of(self._searched, hashlib.sha256(examples).hexdigest())
        # Staff search what the public does; a look at drafts and a site with mentions each have an index of their own.
        place = hash_of(code_fingerprint(), self.language, str(self.preview), str(bool(examples)))
        made_from, earlier = self.store.index(place) or ("", None)
        index_files = earlier if made_from == key else None
        if index_files is None:
            mentions = search_index.MentionExamples.from_bytes(examples)
            index_files = search_index.build_index(
                self._collected(mentions) if mentions.forms else self._corpus,
                language=self.language,
                synonyms=self.synonyms[0],
                learn=self._learns,
                trained=self._trained(mentions) if self._learns else None,
                earlier=earlier,
            )
            self.store.keep_index(place, key, index_files)
        return index_files

    def _trained(self, mentions: search_index.MentionExamples) -> bytes:
        """The weights learned from phrasings and mentions; unchanged blocks are taken from the cache."""
        name = hash_of(code_fingerprint(), str(bool(mentions.documents)))
        trained = search_index.train(
            search_index.questions(self._corpus),
            language=self.language,
            mentions=mentions,
            previous=self.store.get("lesson", name),
        )
        self.store.put("lesson", name, trained)
        return trained

    @cached_property
    def reader(self) -> "search_index.Reader":
        """Searches as a browser would."""
        return search_index.Reader(self.index.files.__getitem__)

    @property
    def _related_key(self) -> str:
        return hash_of("related", self._searched)

    @cached_property
    def related(self) -> Mapping[str, Sequence[str]]:
        """Article id → the ids of those most like it."""
        self._ahead.wait("related")
        place = self.store.get("related", self._related_key)
        kept = self.store.get("related", place.decode()) if place else None
        if kept is None:
            # Most edits change nothing of what is compared.
            vectors = search_index.vectors(self._corpus)
            name = hash_of(code_fingerprint(), vectors.digest)
            kept = self.store.get("related", name) or feeds.to_json(search_index.related(vectors, limit=5))
            self.store.put_many("related", {self._related_key: name.encode(), name: kept})
        found: Mapping[str, Sequence[str]] = json.loads(kept)
        return found

    @cached_property
    def staff_index(self) -> "search_index.StaffIndex":
        """The index of staff, over everything this centre's view holds, brought up to date."""
        index = search_index.StaffIndex(self.root / ".kb" / "whoosh", self.language)
        index.update([document(article, self.body(article)) for article in self.view.articles])
        return index

    def article_for(self, words: str) -> Article | None:
        """The released article with this id, with this old id, or the first that search finds for these words.

        Raises :class:`InputError` for the id of an article that is not released: another one would be the wrong answer.
        """
        articles = {article.id: article for article in self.public.articles}
        name = self.redirects.paths.get(f"a/{words}/", words)
        hidden = next((item for item in self.catalogue.articles if item.id == name and name not in articles), None)
        if hidden is not None:
            reason = verdict(hidden, self.now)
            raise InputError(f'the article "{name}" is {reason}', where=hidden.path, hint="customers can't be sent it")
        if name not in articles:
            hits = self.reader.search(words, limit=1).hits
            name = hits[0].id if hits else ""
        return articles.get(name)

    def short_url(self, article: Article) -> str:
        return page.short_url(self.settings.url, article.id)

    # What hurts today

    @cached_property
    def _mention_paths(self) -> Sequence[Path]:
        if self._mention_files is not None:
            return self._mention_files
        if not (self.root / MENTIONS).is_dir():
            return ()
        return [
            self.root / path for path in source_files.walk(self.root, MENTIONS).paths if path.lower().endswith(SUFFIXES)
        ]

    @cached_property
    def mentions(self) -> Mentions:
        """Counts of the mentions; their words never leave the reader."""
        settings, paths = self.trending_rules, self._mention_paths
        if paths:
            self._ahead.wait("mentions")
        told = fingerprint(paths, now=self.now, zone=self.zone, settings=settings)
        matched_with = self._searched if paths else ""
        key = hash_of(told, matched_with, *(article.id for article in self.public.articles))
        kept = self.store.mentions(key)
        if kept is None:
            kept = read_mentions(
                paths,
                settings=settings,
                now=self.now,
                zone=self.zone,
                articles={article.id for article in self.public.articles},
                segments={segment.slug for segment in self.segments},
                match=self._match,
                progress=lambda done, total: self.tell("mentions", done, total),
                learn=self._reduce_mentions if self._learns and paths else None,
                root=self.root,
                scratch=self.root / ".kb" / "scratch",
            )
            self.store.keep_mentions(key, kept)
        return kept

    def _reduce_mentions(self, resolved: Iterable[search_index.Resolved]) -> bytes:
        """The examples of resolved mentions: features that at least five customers of an article used."""
        forms = self._corpus.occurring
        return search_index.reduce_mentions(resolved, language=self.language, public_forms=forms).to_bytes()

    def _match(self, texts: Sequence[str]) -> list[tuple[str, float] | None]:
        return self._matcher.match(texts)

    @cached_property
    def _matcher(self) -> "search_index.Matcher":
        return search_index.Matcher(self.unlearned)

    @cached_property
    def trends(self) -> Trends:
        return self.trends_of(history=0)

    def trends_of(self, history: int) -> Trends:
        """Pins and gaps; with ``history`` also the pins of each of so many last complete days."""
        return find_trends(
            self.mentions, articles=self.public.articles, settings=self.trending_rules,
            now=self.now, zone=self.zone, history=history, nearest=self._nearest,
        )  # fmt: skip

    def why_not_pinned(self, id: str) -> str:
        """What a released article that is not pinned lacks."""
        return why_not_pinned(
            self.mentions, id, articles=self.public.articles, settings=self.trending_rules, now=self.now, zone=self.zone
        )

    def _nearest(self, phrase: str) -> tuple[str, ...]:
        return tuple(hit.id for hit in self.reader.search(phrase, limit=3).hits)
