"""Match a customer's message with a document, with a calibrated confidence."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search_index.confidence import confidence
from search_index.features import PAIR_WINDOW
from search_index.format import IndexFiles
from search_index.query_expansion import as_typed, near_words, typed, with_accents, with_inflection, with_typos
from search_index.reader import learned_unit
from search_index.scoring import LEVELS
from search_index.shard_reader import Shards
from search_index.words import fold, words

LONGEST_TEXT = 2000
"""Characters that are read of a message."""
CELLS = 1 << 16
"""Texts times documents that are scored at once."""
REMEMBERED = 50_000
"""Words whose group is kept in memory."""


@dataclass(frozen=True, slots=True)
class _WordMatch:
    """The group of a word (-1 if unknown), its weight of 256, and whether it is a stop word."""

    group: int
    weight: int
    stop: bool


_Numbers = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Documents, and a number for each."""
_NOTHING: _Numbers = np.zeros(0, np.int64), np.zeros(0, np.int64)


class _Words(NamedTuple):
    """The words of several texts in order, as parallel arrays: ``row`` is the text of each."""

    row: NDArray[np.int64]
    group: NDArray[np.int64]
    weight: NDArray[np.int64]
    stop: NDArray[np.bool_]

    def only(self, kept: NDArray[np.bool_] | NDArray[np.int64]) -> "_Words":
        return _Words(self.row[kept], self.group[kept], self.weight[kept], self.stop[kept])


class Matcher:
    """Matches messages with the documents of an index. It keeps words in memory only, and no message."""

    def __init__(self, index_files: IndexFiles) -> None:
        self._shards = Shards(index_files.files.__getitem__)
        self._word_matches: dict[str, _WordMatch] = {}
        self._ids = [self._shards.id_of(number) for number in range(self._shards.count)]
        self._strengths: dict[int, _Numbers] = {}

    def match(self, texts: Sequence[str]) -> list[tuple[str, float] | None]:
        """For each text the likeliest document and the confidence, 0 to 1; ``None`` if no word of it is known."""
        if not self._ids:
            return [None] * len(texts)
        at_once = max(1, CELLS // len(self._ids))
        runs = (texts[start : start + at_once] for start in range(0, len(texts), at_once))
        return [found for run in runs for found in self._match(run)]

    def has(self, word: str) -> bool:
        """Whether a document has this very word."""
        entry = typed(self._shards.entries(fold(word)), word)
        return entry is not None and not entry.absent

    def _match(self, texts: Sequence[str]) -> list[tuple[str, float] | None]:
        total, found, slots = self._scores(texts)
        best = total.argmax(axis=1)
        each = np.arange(len(texts))
        scores, found_words = total[each, best], found[each, best]
        largest = range(max(0, total.shape[1] - 3), total.shape[1])
        others = np.partition(total, largest, axis=1)[:, largest[0] : -1][:, ::-1].tolist()
        rows = zip(best.tolist(), scores.tolist(), found_words.tolist(), slots.tolist(), others, strict=True)
        return [
            (self._ids[document], confidence(score, (*other, 0, 0)[:2], words, count)) if score > 0 else None
            for document, score, words, count, other in rows
        ]

    def _scores(self, texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """A row for each text: per document its score and the words found; and the number of content words."""
        every = self._words_of(texts)
        content = every.only(_last_of_each((every.group >= 0) & ~every.stop, every))
        says_something = np.bincount(content.row, minlength=len(texts))
        every = every.only(says_something[every.row] > 0)
        slots = says_something + np.bincount(every.row[every.group < 0], minlength=len(texts))
        cells, strengths = self._cells(self._strength, content.row, content.group << 32 | content.weight)
        total, found = self._added(len(texts), cells, strengths), self._added(len(texts), cells, None)
        total = (total * np.sqrt(found / np.maximum(slots, 1)[:, None])).astype(np.int64)
        if self._shards.has_learned:
            added = self._added(len(texts), *self._cells(self._learned_weights, *_words_and_pairs(every)))
            total += added * np.array([learned_unit(count) for count in slots.tolist()])[:, None]
        return total, found, slots

    def _words_of(self, texts: Sequence[str]) -> _Words:
        eliding = self._shards.eliding
        each = [words(text[:LONGEST_TEXT], eliding=eliding) for text in texts]
        known = self._known(set().union(*each))
        flat = [known[word] for found in each for word in found]
        return _Words(
            np.repeat(np.arange(len(texts)), [len(found) for found in each]),
            np.array([match.group for match in flat], np.int64),
            np.array([match.weight for match in flat], np.int64),
            np.array([match.stop for match in flat], np.bool_),
        )

    def _cells(
        self, look_up: Callable[[int], _Numbers], row: NDArray[np.int64], keys: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The values of the different keys of each text: numbers, and where each belongs among texts and documents.

        All at once: to add up each text by itself would be many small operations.
        """
        distinct, at = np.unique(keys, return_inverse=True)
        row, at = np.divmod(np.unique(row * len(distinct) + at), max(1, len(distinct)))
        numbers = [look_up(key) for key in distinct.tolist()] or [_NOTHING]
        lengths = np.array([len(documents) for documents, _ in numbers])
        counts = lengths[at]
        place = np.repeat(np.cumsum(lengths)[at] - np.cumsum(counts), counts)
        place += np.arange(len(place))
        documents, values = (np.concatenate(part)[place] for part in zip(*numbers, strict=True))
        documents += np.repeat(row * len(self._ids), counts)
        return documents, values

    def _added(self, texts: int, cells: NDArray[np.int64], numbers: NDArray[np.int64] | None) -> NDArray[np.int64]:
        """The sum of the numbers for each text and document, exact below 2**53; or how many there are."""
        total = np.bincount(cells, numbers, texts * len(self._ids))
        return total.astype(np.int64, copy=False).reshape(texts, -1)

    def _strength(self, key: int) -> _Numbers:
        """The documents that have a group, and what a word of this weight counts for each."""
        known = self._strengths.get(key)
        if known is None:
            postings = self._shards.postings(key >> 32)
            known = (postings.documents, LEVELS[postings.codes] * (key & 0xFFFF) >> 8) if postings else _NOTHING
            self._strengths[key] = known
        return known

    def _learned_weights(self, key: int) -> _Numbers:
        """The weights learned for a group, or for a pair of them."""
        first, second = (key >> 32) - 1, key & 0xFFFFFFFF
        postings = self._shards.postings(second if first < 0 else first)
        learned = postings and (postings.learned if first < 0 else postings.pairs.get(second))
        return (learned.documents, learned.weights) if learned else _NOTHING

    def _known(self, these: Set[str]) -> Mapping[str, _WordMatch]:
        """The matches of words, these among them."""
        known = self._word_matches
        if len(known) + len(these) > REMEMBERED:
            known.clear()
        known.update((word, self._look_up(word)) for word in these - known.keys())
        return known

    def _look_up(self, word: str) -> _WordMatch:
        entries = self._shards.entries(fold(word))
        own = typed(entries, word)
        expansions = as_typed(0, entries, word) + with_accents(0, entries, word)
        if all(expansion.absent for expansion in expansions):
            expansions += with_inflection(self._shards, 0, word)
        expansions = expansions or with_typos(0, *near_words(self._shards, word))
        expansions = [expansion for expansion in expansions if not expansion.absent]
        if not expansions:
            return _WordMatch(-1, 0, stop=False)
        return _WordMatch(expansions[0].groups[0], expansions[0].weight, stop=own is not None and own.stop)


def _last_of_each(kept: NDArray[np.bool_], every: _Words) -> NDArray[np.int64]:
    """The last position of each group in each text, of the words ``kept``."""
    places = np.flatnonzero(kept)[::-1]
    width = int(every.group.max(initial=0)) + 1
    _, first = np.unique(every.row[places] * width + every.group[places], return_index=True)
    return places[first]


def _words_and_pairs(every: _Words) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Text and key of all groups and pairs of groups of which :meth:`Shards.learned_weights` knows weights."""
    content = every.only(~every.stop)
    near = [(every, 1), *((content, step) for step in range(1, PAIR_WINDOW + 1))]
    rows, keys = [every.row[every.group >= 0]], [every.group[every.group >= 0]]
    for these, step in near:
        left, right = these.group[:-step], these.group[step:]
        low, high = np.minimum(left, right), np.maximum(left, right)
        kept = (these.row[step:] == these.row[:-step]) & (low >= 0) & (low < high)
        rows.append(these.row[step:][kept])
        keys.append((low[kept] + 1) << 32 | high[kept])
    return np.concatenate(rows), np.concatenate(keys)
