"""Reads mentions with the search index of the language that each is written in. No text leaves this module but for
staff: :meth:`MentionReading.near` and :meth:`MentionReading.resolved_since`, of which nothing is stored. The article
that a text was matched with is stored, under a hash of the text and its neighbours."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from heapq import heappush, heappushpop
from typing import Final, TypeAlias

import search_index
from kb_builder.mentions.counted import CODEC as MENTIONS
from kb_builder.mentions.counted import Mentions
from kb_builder.mentions.language import Detector
from kb_builder.mentions.text_use import TextUse
from kb_builder.pipeline.index_builder import IndexBuilder
from kb_builder.system.cache_keys import hash_of
from kb_builder.system.codec import Codec
from kb_builder.system.store import Store

_NEAR: Final = 300
"""Mentions near one article that are compared to offer phrasings."""
_BY_LANGUAGE: Final = Codec(dict[str, bytes])
_Match: TypeAlias = tuple[str, float] | None
"""The article that answers a text, and the confidence."""
_MATCHES: Final = Codec(list[_Match])


class MentionReading:
    """The mentions of all languages together."""

    def __init__(
        self,
        read: Callable[..., Mentions],
        key: Callable[[], str],
        now: datetime,
        indexes: Mapping[str, IndexBuilder],
        store: Store,
    ) -> None:
        """``read`` is :func:`read_mentions` with everything but how texts are matched and learned from; ``key`` gives
        a hash of what it depends on but for the hour of ``now``. ``indexes`` are by language, that of the sources
        first.
        """
        self._read = read
        self._find_key = key
        self.hour = int(now.timestamp()) // 3600
        self._indexes = indexes
        self._store = store

    @cached_property
    def key(self) -> str:
        """A hash of everything that the counts depend on but the hour: the day and the settings of trends included."""
        return self._find_key()

    def counted(self, *, phrases: bool, learns: bool = False) -> Mentions:
        """The counts, from the store or read: with the phrases of gaps, and with examples if search ``learns`` too."""
        # Counts with more to them serve who needs less.
        names = (self.key, hash_of(self.key, "phrases"), hash_of(self.key, "counts"))
        own = 0 if learns else 1 if phrases else 2
        for name in names[: own + 1]:
            stored = self._store.load("mentions", name, MENTIONS)
            if stored is not None and (found := stored.at_hour(self.hour)) is not None:
                return found
        read = self._read(texts=TextUse(self._matches, self._reduced if learns else None, phrases=own < 2))
        self._store.save("mentions", names[own], read, MENTIONS)
        return read

    def by_arrival(self, hours: int) -> Mentions:
        """The counts with their arrivals for the last ``hours`` hours."""
        return self._read(texts=TextUse(self._matches, phrases=True), history_hours=hours)

    def resolved_since(self, since: datetime) -> list[tuple[str, str]]:
        """Text and article of resolved mentions after a moment, sorted, to measure search with."""
        found: set[tuple[str, str]] = set()

        def collect(resolved: Iterable[search_index.Resolved]) -> bytes:
            found.update((text, article) for article, _, text in resolved if text.strip())
            return b""

        self._read(texts=TextUse(lambda texts: [None] * len(texts), collect, since))
        return sorted(found)

    def near(
        self, index: search_index.IndexFiles, language: str, ids: Collection[str] | None
    ) -> Mapping[str, Sequence[tuple[float, str]]]:
        """Article id → confidence and text of the surest unresolved mentions near it, as ``index`` matches them.

        ``ids`` are the articles asked for; None means all.
        """
        matcher = search_index.Matcher(index)
        near: dict[str, list[tuple[float, str]]] = {}

        def collect(texts: Sequence[str]) -> list[_Match]:
            found = matcher.match(texts)
            for text, match in zip(texts, found, strict=True):
                if match is not None and (ids is None or match[0] in ids) and self._language_of(text) == language:
                    held = near.setdefault(match[0], [])
                    (heappush if len(held) < _NEAR else heappushpop)(held, (match[1], text))
            return found

        self._read(texts=TextUse(collect))
        return near

    def examples_in(self, language: str, examples: bytes) -> bytes:
        """The part of the ``examples`` of :meth:`counted` that the index of one language learns from."""
        if len(self._indexes) == 1 or not examples:
            return examples
        return _BY_LANGUAGE.decode(examples).get(language, b"")

    def _reduced(self, resolved: Iterable[search_index.Resolved]) -> bytes:
        """The examples of resolved mentions: features that at least five customers of an article used."""
        if len(self._indexes) == 1:
            return self._reduced_in(self._first, resolved)
        by_language: dict[str, list[search_index.Resolved]] = {}
        for mention in resolved:
            by_language.setdefault(self._language_of(mention[2]), []).append(mention)
        return _BY_LANGUAGE.encode({code: self._reduced_in(code, by_language[code]) for code in sorted(by_language)})

    def _reduced_in(self, language: str, resolved: Iterable[search_index.Resolved]) -> bytes:
        index = self._indexes[language]
        if language != self._first:
            searched = {article.id for article in index.articles}
            resolved = [mention for mention in resolved if mention[0] in searched]
        return search_index.reduce_mentions(
            resolved, language=index.language, public_forms=index.corpus.occurring
        ).to_bytes()

    def _matches(self, texts: Sequence[str]) -> Sequence[_Match]:
        """As :meth:`_match`, of different texts. Matching takes most of the time of reading, and an export has few rows
        more than that of a quarter of an hour ago, so that matches are kept."""
        if not self._store.persistent:
            return self._match(texts)
        found = self._store.of_each(
            "matches", {text: hash_of(self._matched_with, text) for text in texts}, self._match, _MATCHES
        )
        return [found[text] for text in texts]

    @cached_property
    def _matched_with(self) -> str:
        """A hash of everything that a match depends on but the text."""
        return hash_of(*(part for language, index in self._indexes.items() for part in (language, index.key)))

    def _match(self, texts: Sequence[str]) -> list[_Match]:
        """Each text is matched in the language it is written in."""
        if len(self._indexes) == 1:
            return self._indexes[self._first].matcher.match(texts)
        codes = list(map(self._language_of, texts))
        found: list[_Match] = [None] * len(texts)
        for language, index in self._indexes.items():
            places = [place for place, code in enumerate(codes) if code == language]
            if not places:
                continue  # The index of a language takes a second of its own to make.
            for place, match in zip(places, index.matcher.match([texts[place] for place in places]), strict=True):
                found[place] = match
        return found

    def _language_of(self, text: str) -> str:
        return self._detector.language_of(text) if len(self._indexes) > 1 else self._first

    @cached_property
    def _detector(self) -> Detector:
        return Detector(list(self._indexes), lambda word: self._indexes[self._first].matcher.has(word))

    @property
    def _first(self) -> str:
        return next(iter(self._indexes))
