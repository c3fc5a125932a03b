"""What answers customers today: the index they search, and what hurts them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

import search_index
from kb_builder import feeds, files, pages
from kb_builder.audience import verdict
from kb_builder.content import Content
from kb_builder.documents import document
from kb_builder.errors import InputError
from kb_builder.fingerprints import code_fingerprint, hash_of
from kb_builder.mention_files import SUFFIXES
from kb_builder.mentions import Mentions, fingerprint, read_mentions
from kb_builder.model import Article
from kb_builder.trending import Trends, find_trends

MENTIONS: Final = "content/mentions"


class Answers(Content):
    """Content, searched and set beside what customers complain about."""

    # What is searched

    @cached_property
    def _searchable(self) -> Mapping[str, bytes]:
        """Article id → analysis, of what customers may find."""
        shown = {article.id for article in self.view.articles}
        return {
            article.id: self._digests[article.id][1]
            for article in self.public.listed
            if not article.search_exclude and article.id in shown
        }

    @cached_property
    def _searched(self) -> str:
        """Everything an index depends on but what mentions teach, as a hash."""
        analyses = (hashlib.sha256(analysis).hexdigest() for analysis in self._searchable.values())
        return hash_of(code_fingerprint(), self.language, repr(self.synonyms[0]), repr(self._learns), *analyses)

    @cached_property
    def _corpus(self) -> search_index.Corpus:
        return search_index.collect(
            list(self._searchable.values()), language=self.language, synonyms=self.synonyms[0]
        )  # fmt: skip

    @property
    def _learns(self) -> bool:
        return self.settings.options.search.learn

    @cached_property
    def unlearned(self) -> search_index.Projection:
        """The index before it learned from mentions, which are matched with it."""
        return self._project({})

    @cached_property
    def index(self) -> search_index.Projection:
        """The files that browsers search."""
        words = self.mentions.words if self._learns else {}
        return self._project(words) if words else self.unlearned

    def _project(self, words: search_index.MentionWords) -> search_index.Projection:
        key = hash_of(self._searched, repr([(id, sorted(counts.items())) for id, counts in sorted(words.items())]))
        projection = self.store.index(key)
        if projection is None:
            self.tell("index", 0, 1)
            projection = search_index.project(
                self._corpus,
                language=self.language,
                synonyms=self.synonyms[0],
                learn=self._learns,
                trained=self._lesson(words) if self._learns else None,
            )
            self.store.keep_index(key, projection)
            self.tell("index", 1, 1)
        return projection

    def _lesson(self, words: search_index.MentionWords) -> bytes:
        """What is learned from phrasings and from mentions; what an earlier lesson has is not learned again."""
        lesson = search_index.train(
            search_index.questions(self._corpus),
            language=self.language,
            mention_words=words,
            previous=self.store.get("lesson", code_fingerprint()),
        )
        self.store.put("lesson", code_fingerprint(), lesson)
        return lesson

    @cached_property
    def reader(self) -> search_index.Reader:
        """Searches as a browser would."""
        return search_index.Reader(self.index.files.__getitem__)

    @cached_property
    def related(self) -> Mapping[str, Sequence[str]]:
        """Article id → the ids of those most like it."""
        key = hash_of("related", self._searched)
        kept = self.store.get("related", key)
        if kept is None:
            kept = feeds.to_json(search_index.related(self._corpus, limit=5))
            self.store.put("related", key, kept)
        found: Mapping[str, Sequence[str]] = json.loads(kept)
        return found

    @cached_property
    def staff_index(self) -> search_index.StaffIndex:
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
        return pages.short_url(self.settings.url, article.id)

    # What hurts today

    @cached_property
    def _mention_paths(self) -> Sequence[Path]:
        if self._mention_files is not None:
            return self._mention_files
        if not (self.root / MENTIONS).is_dir():
            return ()
        return [self.root / path for path in files.walk(self.root, MENTIONS).paths if path.endswith(SUFFIXES)]

    @cached_property
    def mentions(self) -> Mentions:
        """Counts of the mentions; their words never leave the reader."""
        settings, paths = self.trending_rules, self._mention_paths
        told = fingerprint(paths, now=self.now, zone=self.zone, settings=settings)
        key = hash_of(told, self._searched, *(article.id for article in self.public.articles))
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
                public_words=self._corpus.occurring if self._learns else None,
                root=self.root,
            )
            self.store.put("mentions", key, kept.to_bytes())
        return kept

    def _match(self, texts: Sequence[str]) -> list[tuple[str, float] | None]:
        return self._matcher.match(texts)

    @cached_property
    def _matcher(self) -> search_index.Matcher:
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

    def _nearest(self, phrase: str) -> tuple[str, ...]:
        return tuple(hit.id for hit in self.reader.search(phrase, limit=3).hits)
