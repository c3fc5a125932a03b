"""How much a word says for a document: BM25 per field, added up, as one small number per word and document.

BM25: Robertson and Zaragoza, “The Probabilistic Relevance Framework: BM25 and Beyond” (2009), with the never
negative logarithm of Lucene. Fields are scored apart and added, which on help articles beats combining their counts
(docs/decisions/0020).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_index.analysis import ANSWER, ASKED_AS, BODY, FIELDS, HEADING, TAG, TITLE, joined
from search_index.corpus import DOCUMENT_BITS, Corpus, run_starts


@dataclass(frozen=True, slots=True)
class FieldWeight:
    """``k1``: how long repeats keep counting. ``b``: how much a long text is held against its words."""

    weight: float
    k1: float
    b: float


WEIGHTS = {
    TITLE: FieldWeight(3.0, 1.2, 0.75),
    ASKED_AS: FieldWeight(3.0, 5.0, 0.75),
    HEADING: FieldWeight(0.3, 1.2, 0.5),
    ANSWER: FieldWeight(1.0, 1.2, 0.75),
    TAG: FieldWeight(1.0, 1.2, 0.5),
    BODY: FieldWeight(0.5, 1.2, 0.75),
}
EXACT_FIELDS = (TITLE, ASKED_AS)
"""Where a word typed exactly as it is written there earns a bonus over its other inflections."""
IN_SECTION = {TITLE: 5, ANSWER: 2, HEADING: 3}
"""As how many words of the text a word there counts, when the section is chosen to which a result points."""
MOST_DOCUMENTS = 1500
"""A word is kept for the documents for which it says most; bounds the size of a shard in any collection."""
CODES = 64


def level(code: int) -> int:
    """The impact a code stands for: eight steps to a doubling, from 64 to 15,000."""
    return (64, 70, 76, 83, 91, 99, 108, 117)[code & 7] << (code >> 3)


LEVELS = np.array([level(code) for code in range(CODES)], np.int64)
_DOCUMENTS = (1 << DOCUMENT_BITS) - 1
_IS_EXACT_FIELD = np.isin(np.arange(8), EXACT_FIELDS)
_SECTION_WEIGHTS = np.array([IN_SECTION.get(field, 1) for field in range(8)])
RARITY_POWER, RARITY_SCALE = 0.7, 1.3
"""A word's rarity counts a little less than its logarithm says, at about the same strength (docs/decisions/0020)."""
UNIT = 256
"""Impact of a BM25 sum of one."""
_CODE_LIMITS = (LEVELS[1:] + LEVELS[:-1]) / 2


@dataclass(frozen=True, slots=True)
class Impacts:
    """Parallel arrays, sorted by group and document."""

    group: NDArray[np.int32]
    document: NDArray[np.int32]
    code: NDArray[np.uint8]
    section: NDArray[np.uint8]
    """The section that has most of the word; 0 where the whole document is meant."""
    forms: NDArray[np.uint8]
    """Bit n is set if the n-th form of the group is in a field of ``EXACT_FIELDS``; bit 7 stands for the rest."""
    rarity: NDArray[np.int64]
    """Per group: eight times the logarithm of its rarity, 0 to 255."""
    form_rarity: NDArray[np.int64]
    """Per form, the same, counting only the documents that have it in a field of ``EXACT_FIELDS``."""


def impacts(corpus: Corpus, stop_groups: NDArray[np.bool_]) -> Impacts:
    """The impacts of every word in every document. Words of ``stop_groups`` count outside the body only."""
    place, times = corpus.occurrences.place, corpus.occurrences.times
    counts = ~(stop_groups[place >> 35] & (((place >> 11) & 7) == BODY))
    place, times = place[counts], times[counts]
    lengths = _Lengths.of(corpus)
    boosts = np.array([analysis.boost for analysis in corpus.documents], np.float64)
    columns = [
        _strongest_of(place[first:last], times[first:last], lengths, boosts, corpus.groups)
        for first, last in slices(place, 35)
    ]
    frequency = sum((column[-1] for column in columns), np.zeros(corpus.groups, np.int64))
    count = len(corpus.documents)
    telling = _IS_EXACT_FIELD[corpus.field]
    marked = np.unique(corpus.form[telling].astype(np.int64) * max(count, 1) + corpus.document[telling])
    form_frequency = np.bincount(marked // max(count, 1), minlength=len(corpus.forms))
    return Impacts(
        joined([column[0] for column in columns], np.int32),
        joined([column[1] for column in columns], np.int32),
        joined([column[2] for column in columns], np.uint8),
        joined([column[3] for column in columns], np.uint8),
        joined([column[4] for column in columns], np.uint8),
        _rarity(frequency, count),
        _rarity(form_frequency, count),
    )


def _rarity(frequency: NDArray[np.integer], count: int) -> NDArray[np.int64]:
    return np.minimum(255, np.rint(8 * _idf(frequency, count))).astype(np.int64)


def _strongest_of(
    place: NDArray[np.int64],
    times: NDArray[np.int64],
    lengths: "_Lengths",
    boosts: NDArray[np.float64],
    all_groups: int,
) -> tuple[NDArray[np.integer], ...]:
    """Group, document, code, section and forms of the pairs kept, and the number of documents of each group."""
    section = (place >> 3) & 255
    in_field = place >> 11
    bit = np.where(_IS_EXACT_FIELD[in_field & 7], np.left_shift(1, place & 7), 0)
    pair = in_field >> 3

    field_starts = run_starts(in_field)
    total, pair_of_field = _bm25(in_field[field_starts], sums(times, field_starts), lengths, all_groups)
    pair_starts = run_starts(pair_of_field)
    pairs = pair_of_field[pair_starts]
    all_forms = np.bitwise_or.reduceat(bit, run_starts(pair))
    best = _best_sections(pair, section, times * _SECTION_WEIGHTS[in_field & 7])

    groups, documents = pairs >> DOCUMENT_BITS, pairs & _DOCUMENTS
    strength = sums(total, pair_starts) * boosts[documents] * UNIT
    frequency = np.bincount(groups, minlength=all_groups)
    kept = _strongest(groups, strength, frequency)
    codes = np.searchsorted(_CODE_LIMITS, strength[kept])
    small = (groups[kept].astype(np.int32), documents[kept].astype(np.int32))
    return *small, codes.astype(np.uint8), best[kept].astype(np.uint8), all_forms[kept].astype(np.uint8), frequency


def slices(ordered: NDArray[np.int64], shift: int, size: int = 1 << 20) -> Iterator[tuple[int, int]]:
    """(First, last) of slices of about ``size`` numbers in their order; equals above ``shift`` bits stay together.

    What is worked out a slice at a time takes memory for a slice, whatever the size of the collection.
    """
    first = 0
    while first < len(ordered):
        last = min(first + size, len(ordered))
        if last < len(ordered):
            last = int(np.searchsorted(ordered, ((ordered[last] >> shift) + 1) << shift))
        yield first, last
        first = last


def sums(values: NDArray[np.generic], starts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Of each run of values, given where the runs start."""
    return np.add.reduceat(values, starts).astype(np.float64) if len(starts) else np.zeros(0)


def _idf(frequency: NDArray[np.integer], count: NDArray[np.integer] | int) -> NDArray[np.float64]:
    return np.log1p((count - frequency + 0.5) / (frequency + 0.5))


@dataclass(frozen=True, slots=True)
class _Lengths:
    """What BM25 needs to know of the fields: how many documents have each, and how long it is in each document."""

    filled: list[int]
    norm: NDArray[np.float64]
    """Documents × 8."""

    @classmethod
    def of(cls, corpus: Corpus) -> "_Lengths":
        count = len(corpus.documents)
        place = corpus.document * FIELDS + corpus.field
        lengths = np.bincount(place, minlength=count * FIELDS).reshape(count, FIELDS)
        filled = (lengths > 0).sum(axis=0).tolist()
        norm = np.ones((count, 8))
        for number, setting in WEIGHTS.items():
            if filled[number]:
                mean = lengths[:, number].sum() / filled[number]
                norm[:, number] = setting.k1 * (1 - setting.b + setting.b * lengths[:, number] / mean)
        return cls(filled, norm)


def _bm25(
    in_field: NDArray[np.int64], repeats: NDArray[np.float64], lengths: _Lengths, all_groups: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    field = in_field & 7
    pair = in_field >> 3
    document, group = pair & _DOCUMENTS, pair >> DOCUMENT_BITS
    word = group * 8 + field
    frequency = np.bincount(word, minlength=all_groups * 8).reshape(-1, 8)
    strength, limit = np.zeros(frequency.shape), np.zeros(8)
    for number, setting in WEIGHTS.items():
        if lengths.filled[number]:
            telling = _idf(frequency[:, number], lengths.filled[number])
            strength[:, number] = setting.weight * RARITY_SCALE * telling**RARITY_POWER
            limit[number] = setting.k1 + 1
    saturated = repeats * limit[field] / (repeats + lengths.norm.ravel()[document * 8 + field])
    return strength.ravel()[word] * saturated, pair


def _best_sections(pair: NDArray[np.int64], section: NDArray[np.int64], weight: NDArray[np.int64]) -> NDArray[np.int64]:
    """Per pair the section with the greatest weight, the earlier one of equals."""
    if not len(pair):
        return section
    packed = (pair << 20) | (section << 12) | np.minimum(weight, 4095)
    packed.sort(kind="stable")  # almost sorted already
    starts = run_starts(packed >> 12)
    sums = np.minimum(np.add.reduceat(packed & 4095, starts), 4095)
    packed = packed[starts] >> 12
    ranked = np.maximum.reduceat((sums << 8) | (255 - (packed & 255)), run_starts(packed >> 8))
    return 255 - (ranked & 255)


def _strongest(
    group: NDArray[np.int64], strength: NDArray[np.float64], frequency: NDArray[np.integer]
) -> NDArray[np.bool_]:
    """Which pairs are kept: all of most words, the strongest ``MOST_DOCUMENTS`` of the commonest."""
    kept = np.ones(len(group), bool)
    ends = np.cumsum(frequency)
    for common in np.flatnonzero(frequency > MOST_DOCUMENTS):
        first, last = ends[common] - frequency[common], ends[common]
        kept[first:last] = False
        ranked = np.argsort(-strength[first:last], kind="stable")[:MOST_DOCUMENTS]
        kept[first + ranked] = True
    return kept
