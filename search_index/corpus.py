"""All documents of one language: one vocabulary over the partitions of the inverted index."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from search_index.analysis import BODY, FIELDS, DocumentInfo
from search_index.document import Example
from search_index.partitions import Partition, in_dictionary_order, joined, read_partition, require_ascending_ids


@dataclass(frozen=True, slots=True)
class Pairs:
    """Which word is in which document, and how: parallel arrays sorted by group and document."""

    group: NDArray[np.int64]
    document: NDArray[np.int64]
    body: NDArray[np.uint16]
    """How often the word is in the body."""
    section: NDArray[np.uint8]
    outside: NDArray[np.uint8]
    """The section that has most of the word; the same, but for what the body has."""
    fields: Sequence[tuple[NDArray[np.int64], NDArray[np.uint16]]]
    """Per field but the body: the pairs that have the word there, and how often."""
    exact: tuple[NDArray[np.int64], NDArray[np.int64]]
    """Forms in ``EXACT_FIELDS``, and the pairs they belong to."""


@dataclass(frozen=True)
class Corpus:
    """Documents in the order of their ids; forms in the order of (folded form, form); groups by their first form."""

    documents: list[DocumentInfo]
    forms: list[str]
    form_number: dict[str, int]
    stems: list[str]
    """Of each group."""
    group_of: NDArray[np.int64]
    """Group of each form: forms with the same stem share one."""
    place_in_group: NDArray[np.int64]
    """0 for the first form of its group, and so on."""
    partitions: Sequence[Partition]
    numbers: Sequence[NDArray[np.int64]]
    """Per partition: the number of each of its forms here."""

    @property
    def groups(self) -> int:
        """The number of groups of forms with one stem."""
        return len(self.stems)

    @property
    def occurring(self) -> set[str]:
        """The forms that documents have; ``forms`` also has those that are only known."""
        return {form for partition in self.partitions for form in partition.forms}

    @property
    def starts(self) -> list[int]:
        """Number of each partition's first document."""
        return (
            list(accumulate((len(partition.documents) for partition in self.partitions[:-1]), initial=0))
            if self.partitions
            else []
        )

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """Documents × fields: words."""
        return joined([np.zeros((0, FIELDS)), *(partition.lengths for partition in self.partitions)], np.int64)

    @cached_property
    def pairs(self) -> Pairs:
        """The pairs of all partitions. Those of a word are contiguous in a partition, so whole runs are moved."""
        partitions = self.partitions
        first_forms = [np.unique(partition.stem_of, return_index=True)[1] for partition in partitions]
        run_group = joined(
            [self.group_of[numbers[first]] for numbers, first in zip(self.numbers, first_forms, strict=True)], np.int64
        )
        run_size = joined([partition.pairs_of for partition in partitions], np.int64)
        run_start = np.cumsum(run_size) - run_size
        order = np.argsort(run_group, kind="stable")
        sizes = run_size[order]
        new_start = np.cumsum(sizes) - sizes
        old = np.repeat(run_start[order] - new_start, sizes) + np.arange(sizes.sum())
        new = np.empty(len(old), np.int64)
        new[old] = np.arange(len(old))
        pair_starts = [0, *accumulate(len(partition.document) for partition in partitions)]
        documents = [
            partition.document.astype(np.int64) + start
            for partition, start in zip(partitions, self.starts, strict=True)
        ]
        fields = []
        for number in range(BODY):
            found = [_rows(partition, number) for partition in partitions]
            pair = [rows.astype(np.int64) + start for (rows, _), start in zip(found, pair_starts, strict=False)]
            fields.append((new[joined(pair, np.int64)], joined([times for _, times in found], np.uint16)))
        exact = [
            partition.exact_pair.astype(np.int64) + start
            for partition, start in zip(partitions, pair_starts, strict=False)
        ]
        exact_forms = [
            numbers[partition.exact_form] for partition, numbers in zip(partitions, self.numbers, strict=True)
        ]
        return Pairs(
            np.repeat(run_group[order], sizes),
            joined(documents, np.int64)[old],
            joined([partition.body for partition in partitions], np.uint16)[old],
            joined([partition.section for partition in partitions], np.uint8)[old],
            joined([partition.outside for partition in partitions], np.uint8)[old],
            fields,
            (joined(exact_forms, np.int64), new[joined(exact, np.int64)]),
        )


def _rows(partition: Partition, field: int) -> tuple[NDArray[np.uint32], NDArray[np.uint16]]:
    first = int(partition.rows_of[:field].sum())
    last = first + int(partition.rows_of[field])
    return partition.pair[first:last], partition.times[first:last]


def merge(partitions: Iterable[bytes], also_known: Callable[[Mapping[str, str]], Mapping[str, str]] = dict) -> Corpus:
    """Merge partitions. ``also_known`` gives more forms, with their stems, than those that documents have.

    Raises ``ValueError`` if two documents have the same id, or if the id ranges of two partitions overlap.
    """
    parts = [part for part in map(read_partition, partitions) if part.documents]
    parts.sort(key=lambda part: part.documents[0].id)
    documents = [document for part in parts for document in part.documents]
    require_ascending_ids(documents)
    found: dict[str, str] = {}
    for part in parts:
        found.update(zip(part.forms, part.stems, strict=True))
    stem_of = {**also_known(found), **found}
    forms = in_dictionary_order(stem_of)
    form_number = {form: number for number, form in enumerate(forms)}
    groups: dict[str, int] = {}
    sizes: list[int] = []
    group_of, place = [], []
    for form in forms:
        group = groups.setdefault(stem_of[form], len(groups))
        if group == len(sizes):
            sizes.append(0)
        group_of.append(group)
        place.append(sizes[group])
        sizes[group] += 1
    return Corpus(
        documents,
        forms,
        form_number,
        list(groups),
        np.array(group_of, np.int64),
        np.array(place, np.int64),
        parts,
        [np.array([form_number[form] for form in part.forms], np.int64) for part in parts],
    )


def questions(corpus: Corpus) -> list[Example]:
    """The phrasings (``asked_as``) of the documents, word by word, and their titles, as examples to learn from."""
    asked = [
        Example(text, partition.documents[document].id)
        for partition in corpus.partitions
        for document, text in partition.questions
    ]
    return asked + [Example(" ".join(analysis.title), analysis.id, title=True) for analysis in corpus.documents]
