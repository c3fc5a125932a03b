"""All analyses of one language side by side: one vocabulary, one long table of tokens."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from search_index.analysis import ASKED_AS, PHRASE_GAP, Described, in_order, joined, read_analysis
from search_index.document import Example
from search_index.words import fold

DOCUMENT_BITS = 21
"""Of a packed pair of group and document."""


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Which word stands where, counted: parallel arrays, sorted by ``place``."""

    place: NDArray[np.int64]
    """One whole number: group (from bit 35), document (14), field (11), section (3), place of the form in its group."""
    times: NDArray[np.int64]


@dataclass(frozen=True)
class Corpus:
    """Documents in the order of their ids; forms in the order of (folded form, form); groups by their first form."""

    documents: list[Described]
    forms: list[str]
    form_number: dict[str, int]
    stems: list[str]
    """Of each group."""
    group_of: NDArray[np.int64]
    """Group of each form: forms with the same stem share one."""
    place_in_group: NDArray[np.int64]
    """0 for the first form of its group, and so on."""
    group_size: NDArray[np.int64]
    form: NDArray[np.int32]
    """Per token: its form, document, position, field and section."""
    document: NDArray[np.int32]
    position: NDArray[np.int32]
    field: NDArray[np.uint8]
    section: NDArray[np.uint8]

    @property
    def groups(self) -> int:
        return len(self.group_size)

    @property
    def occurring(self) -> set[str]:
        """The forms that documents have; ``forms`` also has those that are only known."""
        return {self.forms[number] for number in np.unique(self.form).tolist()}

    @cached_property
    def by_form(self) -> NDArray[np.int64]:
        """The order of the tokens by form, then as they stand in the documents."""
        # Numbers of 16 bits are sorted by counting: two rounds of that are faster than one comparison of larger ones.
        order = np.argsort(self.form.astype(np.uint16), kind="stable")
        if len(self.forms) > 1 << 16:
            order = order[np.argsort((self.form >> 16).astype(np.uint16)[order], kind="stable")]
        return order

    @cached_property
    def occurrences(self) -> Occurrences:
        """What weighs words and what compares documents start from the same table."""
        high = (self.group_of << 35) | np.minimum(self.place_in_group, 7)
        packed = self.document.astype(np.int64) << 14
        packed |= (self.field.astype(np.int64) << 11) | (self.section.astype(np.int64) << 3)
        packed = packed[self.by_form]
        packed |= np.repeat(high, np.bincount(self.form, minlength=len(self.forms)))
        packed.sort(kind="stable")  # almost sorted by form already, which only this kind makes use of
        starts = run_starts(packed)
        return Occurrences(packed[starts], np.diff(starts, append=len(packed)))


def gather(analyses: Iterable[bytes], extra_words: Sequence[tuple[str, str]] = ()) -> Corpus:
    """Put analyses together, single ones and joined ones. ``extra_words`` are (form, stem) pairs to know even if no
    document has them.

    Raises ``ValueError`` if two documents have the same id.
    """
    parts = in_order(map(read_analysis, analyses))
    documents = [document for part in parts for document in part.documents]
    seen: dict[str, int] = {}
    stem_of: list[str] = []
    tokens = []
    for part in parts:
        numbers = list(map(seen.get, part.forms))
        if None in numbers:
            stems = part.stem_lines.split("\n")
            for at, number in enumerate(numbers):
                if number is None:
                    form = part.forms[at]
                    numbers[at] = seen[form] = len(stem_of)
                    stem_of.append(stems[at] or form)
        tokens.append(np.array(numbers, np.int32)[part.tokens] if numbers else np.zeros(0, np.int32))
    for form, stem in extra_words:
        if form not in seen:
            seen[form] = len(stem_of)
            stem_of.append(stem)
    forms = sorted(seen, key=lambda form: (fold(form), form))
    groups: dict[str, int] = {}
    sizes: list[int] = []
    renumber = np.zeros(len(forms), np.int32)
    group_of = np.zeros(len(forms), np.int64)
    place = np.zeros(len(forms), np.int64)
    for number, form in enumerate(forms):
        old = seen[form]
        renumber[old] = number
        group = groups.setdefault(stem_of[old], len(groups))
        if group == len(sizes):
            sizes.append(0)
        group_of[number] = group
        place[number] = sizes[group]
        sizes[group] += 1
    lengths = [document.tokens for document in documents]
    return Corpus(
        documents,
        forms,
        {form: number for number, form in enumerate(forms)},
        list(groups),
        group_of,
        place,
        np.array(sizes, np.int64),
        renumber[joined(tokens, np.int32)],
        np.repeat(np.arange(len(documents), dtype=np.int32), lengths),
        joined([part.positions for part in parts], np.int32),
        joined([part.fields for part in parts], np.uint8),
        joined([part.sections for part in parts], np.uint8),
    )


def run_starts(ordered: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each run of equal values starts."""
    if not len(ordered):
        return np.zeros(0, np.int64)
    return np.flatnonzero(np.concatenate((np.ones(1, bool), ordered[1:] != ordered[:-1])))


def questions(corpus: Corpus) -> list[Example]:
    """What the documents say they are asked as, word by word, and their titles, as examples to learn from."""
    found: list[Example] = []
    asked = np.flatnonzero(corpus.field == ASKED_AS)
    if not len(asked):
        return found
    document, position, form = corpus.document[asked], corpus.position[asked], corpus.form[asked]
    new = np.flatnonzero((np.diff(document) != 0) | (np.diff(position) > PHRASE_GAP)) + 1
    bounds = [0, *new.tolist(), len(asked)]
    last_at_place = np.append(np.diff(position) != 0, True)  # a compound comes before its parts, which are enough
    for first, last in pairwise(bounds):
        kept = form[first:last][last_at_place[first:last]]
        text = " ".join(corpus.forms[number] for number in kept)
        found.append(Example(text, corpus.documents[document[first]].id))
    return found + [Example(" ".join(analysis.title), analysis.id, title=True) for analysis in corpus.documents]
