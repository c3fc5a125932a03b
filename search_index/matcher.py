"""Match a customer's message with a document, with a calibrated confidence."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_index.confidence import confidence
from search_index.format import IndexFiles
from search_index.query_expansion import as_typed, near_words, typed, with_accents, with_inflection, with_typos
from search_index.reader import learned_unit
from search_index.scoring import LEVELS
from search_index.shard_reader import Shards
from search_index.words import fold, words

LONGEST_TEXT = 2000
"""Characters that are read of a message."""
REMEMBERED = 50_000
"""Words whose group is kept in memory."""


@dataclass(frozen=True, slots=True)
class _WordMatch:
    """The group of a word (-1 if unknown), its weight of 256, and whether it is a stop word."""

    group: int
    weight: int
    stop: bool


class Matcher:
    """Matches messages with the documents of an index. It keeps words in memory only, and no message."""

    def __init__(self, index_files: IndexFiles) -> None:
        self._shards = Shards(index_files.files.__getitem__)
        self._word_matches: dict[str, _WordMatch] = {}
        self._ids = [self._shards.id_of(number) for number in range(self._shards.count)]
        self._strengths: dict[tuple[int, int], tuple[NDArray[np.int64], NDArray[np.int64]]] = {}

    def match(self, texts: Sequence[str]) -> list[tuple[str, float] | None]:
        """For each text the likeliest document and the confidence, 0 to 1; ``None`` if no word of it is known."""
        return [self._match(text) for text in texts]

    def _match(self, text: str) -> tuple[str, float] | None:
        scored = self._scores(text)
        if scored is None:
            return None
        total, found, words = scored
        best = int(total.argmax())
        if total[best] <= 0:
            return None
        second, third = (*np.sort(np.delete(total, best))[::-1][:2].tolist(), 0, 0)[:2]
        return self._ids[best], confidence(int(total[best]), (second, third), int(found[best]), words)

    def _scores(self, text: str) -> tuple[NDArray[np.int64], NDArray[np.int64], int] | None:
        """Per document its score and the words found, and the number of content words."""
        matches = [self._word_match(word) for word in words(text[:LONGEST_TEXT], eliding=self._shards.eliding)]
        content = {match.group: match for match in matches if match.group >= 0 and not match.stop}
        if not content:
            return None
        unknown = sum(match.group < 0 for match in matches)
        slots = len(content) + unknown
        # One sum over all words: a sum for each of them would be many small operations on short arrays.
        strengths = [self._strength(group, match.weight) for group, match in content.items()]
        documents = np.concatenate([documents for documents, _ in strengths])
        found = np.bincount(documents, minlength=len(self._ids))
        total = self._added(documents, np.concatenate([strength for _, strength in strengths]))
        total = (total * np.sqrt(found / slots)).astype(np.int64)
        learned = [weights for weights, _, _ in self._shards.learned_weights([(m.group, m.stop) for m in matches])]
        if learned:
            documents = np.concatenate([weights.documents for weights in learned])
            added = self._added(documents, np.concatenate([weights.weights for weights in learned]))
            total += added * learned_unit(slots)
        return total, found, slots

    def _added(self, documents: NDArray[np.int64], numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """The sum of ``numbers`` for each document; exact, since it stays below 2**53."""
        return np.bincount(documents, numbers, len(self._ids)).astype(np.int64)

    def _strength(self, group: int, weight: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The documents that have a group, and what a word of this weight counts for each."""
        known = self._strengths.get((group, weight))
        if known is None:
            postings = self._shards.postings(group)
            nothing = np.zeros(0, np.int64)
            known = (postings.documents, LEVELS[postings.codes] * weight >> 8) if postings else (nothing, nothing)
            self._strengths[group, weight] = known
        return known

    def _word_match(self, word: str) -> _WordMatch:
        known = self._word_matches.get(word)
        if known is None:
            if len(self._word_matches) >= REMEMBERED:
                self._word_matches.clear()
            known = self._word_matches[word] = self._look_up(word)
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
