"""Related documents: the cosine of sparse vectors of their rarest words.

Each document is its few most informative words (Salton and Buckley's tf-idf, 1988), and only words that few documents
share are compared, so time and memory grow with the number of documents and no faster.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from search_index.analysis import ASKED_AS, FIELDS, HEADING, TAG, TITLE
from search_index.corpus import Corpus
from search_index.partitions import DOCUMENT_BITS, run_starts

WORDS = 20
"""Words kept of each document."""
SHARED_BY = 60
"""A word in more documents than this is no reason to call two of them related."""
_TIMES = np.ones(FIELDS, np.int64)
_TIMES[[TITLE, ASKED_AS, HEADING, TAG]] = (5, 2, 2, 3)
_CHUNK = 1000
_UNIT_BITS = 21
_UNIT_MASK = (1 << _UNIT_BITS) - 1
_UNIT = 1_000_000
"""A cosine of one."""


@dataclass(frozen=True, slots=True)
class Vectors:
    """Words that distinguish documents: parallel arrays, sorted by document. The weights of each have length one."""

    ids: Sequence[str]
    document: NDArray[np.int64]
    word: NDArray[np.int64]
    """Numbered among themselves, so that words that are not compared change no number."""
    weight: NDArray[np.float64]

    @property
    def digest(self) -> str:
        """Cache key: equal digests have equal related documents."""
        found = hashlib.sha256("\n".join(self.ids).encode())
        for column in (self.document, self.word, self.weight):
            found.update(column.tobytes())
        return found.hexdigest()


def related(vectors: Vectors, limit: int = 5) -> dict[str, tuple[str, ...]]:
    """For every document id, the ids of at most ``limit`` related ones, the nearest first."""
    ids, document, word, weight = vectors.ids, vectors.document, vectors.word, vectors.weight
    starts = np.searchsorted(document, np.arange(len(ids) + 1))
    by_word = np.lexsort((document, word))
    holders, holder_weight = document[by_word], weight[by_word]
    word_starts = np.searchsorted(word[by_word], np.arange(int(word.max(initial=-1)) + 2))
    found: dict[str, tuple[str, ...]] = {}
    for first in range(0, len(ids), _CHUNK):
        last = min(first + _CHUNK, len(ids))
        rows = slice(starts[first], starts[last])
        sizes = word_starts[word[rows] + 1] - word_starts[word[rows]]
        source = np.repeat(np.arange(rows.start, rows.stop), sizes)
        offset = np.arange(len(source)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        target = word_starts[word[source]] + offset
        left, right = document[source] - first, holders[target]
        products = np.rint(weight[source] * holder_weight[target] * _UNIT).astype(np.int64)
        # Sorting whole numbers that hold everything is several times faster than sorting by columns.
        other = left + first != right
        packed = (((left << DOCUMENT_BITS) | right) << _UNIT_BITS | products)[other]
        packed.sort()
        at = run_starts(packed >> _UNIT_BITS)
        scores = np.minimum(np.add.reduceat(packed & _UNIT_MASK, at), _UNIT_MASK) if len(at) else at
        pairs = packed[at] >> _UNIT_BITS
        left, right = pairs >> DOCUMENT_BITS, pairs & ((1 << DOCUMENT_BITS) - 1)
        ranked = (((left << _UNIT_BITS) | (_UNIT_MASK - scores)) << DOCUMENT_BITS) | right
        ranked.sort()
        bounds = np.searchsorted(ranked >> (_UNIT_BITS + DOCUMENT_BITS), np.arange(last - first + 1))
        kept = np.minimum(np.diff(bounds), limit)
        ends = np.cumsum(kept)
        nearest = np.repeat(bounds[:-1] - ends + kept, kept) + np.arange(kept.sum())
        names = [ids[other] for other in (ranked[nearest] & ((1 << DOCUMENT_BITS) - 1)).tolist()]
        cuts = pairwise((0, *ends.tolist()))
        found |= {id: tuple(names[begin:end]) for id, (begin, end) in zip(ids[first:last], cuts, strict=True)}
    return found


def vectors(corpus: Corpus) -> Vectors:
    """The input of :func:`related`, which takes a small part of its time."""
    count = max(len(corpus.documents), 1)
    pairs = corpus.pairs
    shared_by = np.bincount(pairs.group, minlength=corpus.groups)
    informative = (shared_by > 1) & (shared_by <= SHARED_BY)
    times = pairs.body.astype(np.int64)
    for field, (pair, repeats) in enumerate(pairs.fields):
        times[pair] += repeats * _TIMES[field]
    kept = informative[pairs.group]
    word, document, times = pairs.group[kept], pairs.document[kept], times[kept]
    weight = (1 + np.log(np.maximum(times, 1))) * np.log(count / shared_by[word])
    kept = weight > 0
    document, word, weight = document[kept], word[kept], weight[kept]
    order = np.lexsort((word, -weight, document))
    document, word, weight = document[order], word[order], weight[order]
    rank = np.arange(len(document)) - np.searchsorted(document, document)
    document, word, weight = document[rank < WORDS], word[rank < WORDS], weight[rank < WORDS]
    lengths = np.sqrt(np.bincount(document, weight**2, minlength=count))
    ids = [analysis.id for analysis in corpus.documents]
    return Vectors(ids, document, np.unique(word, return_inverse=True)[1], weight / lengths[document])
