"""Which document a customer's message is about, quickly and with a confidence that means what it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from search_index.format import Projection
from search_index.query_expansion import as_typed, inflected, mistyped, typed, with_accents
from search_index.scoring import LEVELS, UNIT
from search_index.shard_reader import Shards
from search_index.words import fold, words

LONGEST_TEXT = 2000
"""Characters that are read of a message."""
LEARNED_UNIT = 140
"""What a learned weight counts here: the same for messages of all lengths, so that confidence means the same."""
REMEMBERED = 50_000
"""Words whose meaning is kept in memory."""


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a word stands for: a group (-1 if unknown), its weight of 256, and whether it says little by itself."""

    group: int
    weight: int
    stop: bool


class Matcher:
    """Matches messages with the documents of an index. It keeps words in memory only, and no message."""

    def __init__(self, projection: Projection) -> None:
        self._shards = Shards(projection.files.__getitem__)
        self._meanings: dict[str, _Meaning] = {}
        self._ids = [self._shards.id_of(number) for number in range(self._shards.count)]
        self._strengths: dict[int, tuple[NDArray[np.int64], NDArray[np.int64]]] = {}

    def match(self, texts: Sequence[str]) -> list[tuple[str, float] | None]:
        """For each text the likeliest document and how sure that is, 0 to 1; ``None`` if no word of it is known."""
        return [self._match(text) for text in texts]

    def _match(self, text: str) -> tuple[str, float] | None:
        scored = self._scores(text)
        if scored is None:
            return None
        total, possible = scored
        best = int(total.argmax())
        return (self._ids[best], _confidence(total, best, possible)) if total[best] > 0 else None

    def _scores(self, text: str) -> tuple[NDArray[np.int64], int] | None:
        """Per document its score, and the score of a document that had every word at its strongest."""
        meant = [self._meaning(word) for word in words(text[:LONGEST_TEXT], eliding=self._shards.eliding)]
        telling = {meaning.group: meaning for meaning in meant if meaning.group >= 0 and not meaning.stop}
        if not telling:
            return None
        total = np.zeros(len(self._ids), np.int64)
        found = np.zeros(len(self._ids), np.int64)
        possible = 0
        for group, meaning in telling.items():
            documents, strengths = self._strength(group)
            if len(documents):
                total[documents] += strengths * meaning.weight >> 8
                found[documents] += 1
                possible += int(strengths.max())
        total = (total * np.sqrt(found / len(telling))).astype(np.int64)
        for weights, _ in self._shards.lessons([(meaning.group, meaning.stop) for meaning in meant]):
            total[weights.documents] += weights.weights * LEARNED_UNIT
        return total, possible

    def _strength(self, group: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        known = self._strengths.get(group)
        if known is None:
            postings = self._shards.postings(group)
            nothing = np.zeros(0, np.int64)
            known = (postings.documents, LEVELS[postings.codes]) if postings else (nothing, nothing)
            self._strengths[group] = known
        return known

    def _meaning(self, word: str) -> _Meaning:
        known = self._meanings.get(word)
        if known is None:
            if len(self._meanings) >= REMEMBERED:
                self._meanings.clear()
            known = self._meanings[word] = self._look_up(word)
        return known

    def _look_up(self, word: str) -> _Meaning:
        entries = self._shards.entries(fold(word))
        own = typed(entries, word)
        ways = as_typed(0, entries, word) + with_accents(0, entries, word)
        if all(way.absent for way in ways):
            ways += inflected(self._shards, 0, word)
        ways = [way for way in ways or mistyped(self._shards, 0, word) if not way.absent]
        if not ways:
            return _Meaning(-1, 0, stop=False)
        return _Meaning(ways[0].groups[0], ways[0].weight, stop=own is not None and own.stop)


def _confidence(total: NDArray[np.int64], best: int, possible: int) -> float:
    """How often a match like this one is right, by a logistic curve (docs/decisions/0023)."""
    others = np.partition(np.concatenate((np.delete(total, best), (0, 0))), -2)[-2:] / total[best]
    second, third = float(others.max()), float(others.min())
    score = total[best] / UNIT
    reached = total[best] / max(possible, 1)
    odds = -0.93 + 0.18 * reached + 1.21 * log(score) - 1.94 * second - 2.42 * third
    odds -= 0.41 * log(max(possible / UNIT, 1))
    return 1 / (1 + exp(-odds))
