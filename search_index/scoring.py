"""The score of a word for a document: BM25 per field, added up, as one small number per word and document.

BM25: Robertson and Zaragoza, “The Probabilistic Relevance Framework: BM25 and Beyond” (2009), with the never
negative logarithm of Lucene. Fields are scored apart and added, which on help articles beats combining their counts
(docs/decisions/0020).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_index.analysis import ANSWER, ASKED_AS, BODY, HEADING, TAG, TITLE
from search_index.compounds import Compound
from search_index.corpus import Corpus, Pairs
from search_index.partitions import joined, run_starts


@dataclass(frozen=True, slots=True)
class FieldWeight:
    """``k1``: how long repeats keep counting. ``b``: how much the length of a text lowers the weight of its words."""

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
MOST_DOCUMENTS = 1500
"""A word is kept for the documents for which it says most; bounds the size of a shard in any collection."""
CODES = 64


def level(code: int) -> int:
    """The impact of a code: eight steps to a doubling, from 64 to 15,000."""
    return (64, 70, 76, 83, 91, 99, 108, 117)[code & 7] << (code >> 3)


LEVELS = np.array([level(code) for code in range(CODES)], np.int64)
RARITY_POWER, RARITY_SCALE = 0.7, 1.3
"""A word's rarity counts a little less than its logarithm says, at about the same strength (docs/decisions/0020)."""
PART_SHARES = 205, 128
"""Share of a compound's impact that its parts get, of 256: if it is nothing but known parts, and if not."""
UNIT = 256
"""Impact of a BM25 sum of one."""
SLICE = 1 << 20
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
    """Bit n is set if the n-th form of the group is in a field of ``EXACT_FIELDS``; bit 7 means the rest."""
    rarity: NDArray[np.int64]
    """Per group: eight times the logarithm of its rarity, 0 to 255."""
    form_rarity: NDArray[np.int64]
    """Per form, the same, counting only the documents that have it in a field of ``EXACT_FIELDS``."""


def impacts(corpus: Corpus, stop_groups: NDArray[np.bool_]) -> Impacts:
    """The impacts of every word in every document. Words of ``stop_groups`` count outside the body only."""
    pairs = corpus.pairs
    weights = _Weights.of(corpus)
    strength = np.zeros(len(pairs.group))
    for field, (pair, times) in enumerate(pairs.fields):
        # Added in the order of the fields: a sum of fractions depends on it.
        strength[pair] += weights.bm25(field, pairs.group[pair], pairs.document[pair], times)
    marks = np.zeros(len(pairs.group), np.uint8)
    form, pair = pairs.exact
    np.bitwise_or.at(marks, pair, np.left_shift(1, np.minimum(corpus.place_in_group[form], 7)).astype(np.uint8))
    columns = [
        _strongest_of(corpus, weights, stop_groups, strength, marks, slice(first, last))
        for first, last in _slices(pairs.group)
    ]
    frequency = sum((column[-1] for column in columns), np.zeros(corpus.groups, np.int64))
    form_frequency = np.bincount(form, minlength=len(corpus.forms))
    count = len(corpus.documents)
    return Impacts(
        joined([column[0] for column in columns], np.int32),
        joined([column[1] for column in columns], np.int32),
        joined([column[2] for column in columns], np.uint8),
        joined([column[3] for column in columns], np.uint8),
        joined([column[4] for column in columns], np.uint8),
        _rarity(frequency, count),
        _rarity(form_frequency, count),
    )


def with_parts(impacts: Impacts, compounds: Mapping[int, Compound], corpus: Corpus) -> Impacts:
    """Impacts that a part of a compound has as well in the documents that have the compound.

    A commoner part must not weigh what the rare compound does.
    """
    if not compounds:
        return impacts
    ends = np.cumsum(np.bincount(impacts.group, minlength=corpus.groups)).tolist()
    starts = [0, *ends[:-1]]
    rows = [
        (part, compound.whole, group, starts[group], ends[group])
        for group, compound in compounds.items()
        for part in compound.groups
    ]
    sizes = np.array([last - first for *_, first, last in rows], np.int64)
    taken = joined([np.arange(first, last) for *_, first, last in rows], np.int64)
    part, whole, of = (np.repeat(np.array([row[at] for row in rows], np.int64), sizes) for at in range(3))
    group = np.concatenate((impacts.group.astype(np.int64), part))
    document = np.concatenate((impacts.document, impacts.document[taken])).astype(np.int64)
    frequency = np.bincount(np.unique(group << 32 | document) >> 32, minlength=corpus.groups)
    rarity = np.minimum(impacts.rarity, _rarity(frequency, len(corpus.documents)))
    share = np.where(whole == 1, *PART_SHARES) * np.minimum(rarity[part], rarity[of]) // np.maximum(rarity[of], 1)
    strength = np.concatenate((LEVELS[impacts.code], LEVELS[impacts.code[taken]] * share >> 8))
    section = np.concatenate((impacts.section, impacts.section[taken]))
    forms = np.concatenate((impacts.forms, np.zeros(len(taken), np.uint8)))
    # The word itself before a compound of it, and of compounds the one that says most.
    order = np.lexsort((-strength, document, group))
    group, document, strength = group[order], document[order], strength[order]
    first = run_starts(group << 32 | document)
    marks = np.bitwise_or.reduceat(forms[order], first)
    group, document, strength, section = group[first], document[first], strength[first], section[order][first]
    kept = _strongest(group, strength.astype(np.float64), np.bincount(group, minlength=corpus.groups))
    return Impacts(
        group[kept].astype(np.int32),
        document[kept].astype(np.int32),
        np.searchsorted(_CODE_LIMITS, strength[kept]).astype(np.uint8),
        section[kept],
        marks[kept],
        rarity,
        impacts.form_rarity,
    )


def _rarity(frequency: NDArray[np.integer], count: int) -> NDArray[np.int64]:
    return np.minimum(255, np.rint(8 * _idf(frequency, count))).astype(np.int64)


def _strongest_of(
    corpus: Corpus,
    weights: "_Weights",
    stop_groups: NDArray[np.bool_],
    outside: NDArray[np.float64],
    marks: NDArray[np.uint8],
    part: slice,
) -> tuple[NDArray[np.integer], ...]:
    """Group, document, code, section and forms of the pairs kept, and the number of documents of each group.

    ``outside`` is the strength that pairs have outside the body.
    """
    pairs = corpus.pairs
    group, document, strength = pairs.group[part], pairs.document[part], outside[part]
    stop = stop_groups[group]
    in_body = np.where(stop, 0, pairs.body[part])
    strength = strength + weights.bm25(BODY, group, document, in_body)
    section = np.where(stop, pairs.outside[part], pairs.section[part])
    counts = np.flatnonzero(~stop | (outside[part] > 0))
    group, document = group[counts], document[counts]
    strength = strength[counts] * weights.boosts[document] * UNIT
    frequency = np.bincount(group, minlength=corpus.groups)
    kept = _strongest(group, strength, frequency)
    codes = np.searchsorted(_CODE_LIMITS, strength[kept])
    counted = counts[kept]
    return group[kept], document[kept], codes, section[counted], marks[part][counted], frequency


def _slices(groups: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """(First, last) of slices of about ``SLICE`` pairs in their order; those of a group stay together.

    What is worked out a slice at a time takes memory for a slice, whatever the size of the collection.
    """
    first = 0
    while first < len(groups):
        last = min(first + SLICE, len(groups))
        if last < len(groups):
            last = int(np.searchsorted(groups, groups[last] + 1))
        yield first, last
        first = last


def _idf(frequency: NDArray[np.integer], count: NDArray[np.integer] | int) -> NDArray[np.float64]:
    return np.log1p((count - frequency + 0.5) / (frequency + 0.5))


@dataclass(frozen=True, slots=True)
class _Weights:
    """The inputs of BM25 for words, fields and documents."""

    idf: NDArray[np.float64]
    """Fields × groups: the weight of a word by its rarity in the field."""
    norm: NDArray[np.float64]
    """Fields × documents: by how much repeats are damped."""
    boosts: NDArray[np.float64]
    """Per document: the factor that its author gives it."""

    @classmethod
    def of(cls, corpus: Corpus) -> "_Weights":
        count, groups = len(corpus.documents), corpus.groups
        idf, norm = np.zeros((len(WEIGHTS), groups)), np.ones((len(WEIGHTS), count))
        filled = (corpus.lengths > 0).sum(axis=0).tolist()
        for number, setting in WEIGHTS.items():
            if filled[number]:
                mean = corpus.lengths[:, number].sum() / filled[number]
                norm[number] = setting.k1 * (1 - setting.b + setting.b * corpus.lengths[:, number] / mean)
                frequency = np.bincount(_holders(corpus.pairs, number), minlength=groups)
                rarity = _idf(frequency, filled[number]) ** RARITY_POWER
                idf[number] = setting.weight * RARITY_SCALE * rarity
        return cls(idf, norm, np.array([analysis.boost for analysis in corpus.documents], np.float64))

    def bm25(
        self, field: int, group: NDArray[np.int64], document: NDArray[np.int64], times: NDArray[np.integer]
    ) -> NDArray[np.float64]:
        repeats = times.astype(np.float64)
        saturated = repeats * (WEIGHTS[field].k1 + 1) / (repeats + self.norm[field][document])
        impact: NDArray[np.float64] = self.idf[field][group] * saturated
        return impact


def _holders(pairs: Pairs, field: int) -> NDArray[np.int64]:
    """The group of each pair that has its word in the field."""
    return pairs.group[pairs.body > 0] if field == BODY else pairs.group[pairs.fields[field][0]]


def _strongest(
    group: NDArray[np.int64], strength: NDArray[np.float64], frequency: NDArray[np.integer]
) -> NDArray[np.bool_]:
    """Which pairs are kept: all of most words, the strongest ``MOST_DOCUMENTS`` of the commonest."""
    kept = np.ones(len(group), bool)
    ends = np.cumsum(frequency)
    for common in np.flatnonzero(frequency > MOST_DOCUMENTS):
        first, last = ends[common] - frequency[common], ends[common]
        rivals = strength[first:last]
        least = np.partition(rivals, -MOST_DOCUMENTS)[-MOST_DOCUMENTS]
        stronger = rivals > least
        # Of equals the first ones.
        equal = np.flatnonzero(rivals == least)[: MOST_DOCUMENTS - np.count_nonzero(stronger)]
        stronger[equal] = True
        kept[first:last] = stronger
    return kept
