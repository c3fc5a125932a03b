"""The one sum of rows that are lost, whatever the reason and the format, and the guard over it.

A row is lost when it should have counted and can't: it is no record, it has no usable time, its id is that of another
customer's row, or the export says that it exists and it isn't there. Rows that are left out on purpose, such as copies
and what staff wrote, are not lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple, TypeAlias

from kb_builder.errors import Finding, InputError, Severity
from kb_builder.mentions.counted import FileTally
from kb_builder.mentions.export import AS_UTF8, NOT_UTF8, Export
from kb_builder.mentions.rounded_ids import rounded

BadRows: TypeAlias = Callable[[Export], Sequence[tuple[int, str]]]
"""Number of the row and what is wrong with it, of the first unusable rows of a file."""
MOST: Final = 0.05
"""Largest share of lost rows; with more the exports are refused."""
_FEWEST: Final = 5
"""Lost rows from which a file is refused by itself, however many rows the other files have."""


class Losses(NamedTuple):
    """The lost rows of one file, by reason."""

    expected: int
    """Rows that are there or said to be there."""
    unusable: int = 0
    shared: int = 0
    """Rows whose id another customer's row has too."""
    missing: int = 0
    """Rows that the export announces and that are not there."""

    @property
    def lost(self) -> int:
        """Rows that are not counted, for any reason."""
        return self.unusable + self.shared + self.missing

    @property
    def too_many(self) -> bool:
        """Whether the lost rows are more than :data:`MOST` of the expected ones."""
        return self.lost > self.expected * MOST

    def reasons(self) -> Iterator[tuple[int, str]]:
        """(rows, what is wrong with them) of each reason."""
        for count, reason in (
            (self.unusable, "can't be used"),
            (self.shared, "share their id with rows of other customers"),
            (self.missing, "are announced by the export and not there"),
        ):
            if count:
                yield count, reason

    def __str__(self) -> str:
        found = [(f"{count:,}", reason) for count, reason in self.reasons()]
        if len(found) == 1:
            return f"{found[0][0]} of {self.expected:,} rows {found[0][1]}"
        return f"{self.lost:,} of {self.expected:,} rows are lost: {', '.join(map(' '.join, found))}"


def losses(exports: Sequence[Export], tallies: Sequence[FileTally]) -> list[Losses]:
    """The losses of each file. What pages of one tool announce and lack is reported for the first of them."""
    missing = [0] * len(exports)
    for tool in {export.format.tool for export in exports if export.found.announced}:
        pages = [number for number, each in enumerate(exports) if each.found.announced and each.format.tool == tool]
        there = sum(tallies[number].rows for number in pages)
        missing[pages[0]] = max(0, max(exports[number].found.announced for number in pages) - there)
    return [
        Losses(tally.rows + lacking, tally.bad, tally.shared, lacking)
        for tally, lacking in zip(tallies, missing, strict=True)
    ]


def guard(
    exports: Sequence[Export], found: Sequence[Losses], bad_rows: BadRows, has_rounded_ids: Callable[[Export], bool]
) -> Iterator[Finding]:
    """A finding per file with lost rows. Raises :class:`InputError` when a file or all together have too many."""
    for export, each in zip(exports, found, strict=True):
        if each.shared and has_rounded_ids(export):
            raise rounded("id", export.shown)
    total = Losses(*map(sum, zip(Losses(0), *found, strict=True)))
    worst = max(range(len(found)), key=lambda number: found[number].lost, default=0)
    alone = [number for number, each in enumerate(found) if each.too_many and each.lost >= _FEWEST]
    if total.too_many or alone:
        number, lost = (worst, total) if total.too_many else (alone[0], found[alone[0]])
        hint = _hint(exports[number], found[number], bad_rows)
        if ", written like " in hint:
            exchangeable = re.search(r"like 99?([/-])99?\1\d\d", hint)
            hint += "; day and month could be exchanged" if exchangeable else ""
            hint += "; name this form under time_format: in trending.yml"
        raise InputError(f"{lost}, more than {MOST:.0%}", where=exports[number].shown, hint=hint)
    for export, each in zip(exports, found, strict=True):
        if each.lost:
            hint = _hint(export, each, bad_rows)
            message = f"{each} and were left out"
            if each.missing == each.lost:
                message = str(each)
            yield Finding(export.shown, 0, "bad-mentions", Severity.WARNING, message, hint)
    yield from _more_pages(exports, found)


def _more_pages(exports: Sequence[Export], found: Sequence[Losses]) -> Iterator[Finding]:
    """A finding per tool of whose exports each says that another page follows."""
    for tool in sorted({export.format.tool for export in exports if export.found.continues}):
        pages = [(export, each) for export, each in zip(exports, found, strict=True) if export.format.tool == tool]
        if all(export.found.continues for export, _ in pages) and not any(each.missing for _, each in pages):
            message = "the export says that more pages follow, and the last one is missing"
            hint = "export every page, or all pages of it into this folder"
            yield Finding(pages[-1][0].shown, 0, "more-pages", Severity.WARNING, message, hint)


def _hint(export: Export, found: Losses, bad_rows: BadRows) -> str:
    hints = []
    if found.unusable:
        shown = bad_rows(export)
        rows_by_problem: dict[str, list[str]] = {}
        for number, problem in shown:
            rows_by_problem.setdefault(problem, []).append(str(number))
        details = [f"{problem}: {export.unit} {', '.join(numbers)}" for problem, numbers in rows_by_problem.items()]
        hints.append("; ".join(details) + (" and more" if found.unusable > len(shown) else ""))
        if any(problem == NOT_UTF8 for _, problem in shown):
            hints.append(AS_UTF8)
    if found.shared:
        hints.append("the ids were rounded, or are those of something else: name the right column under columns: id")
    if found.missing:
        hints.append("export every page, or all pages of it into this folder")
    return "; ".join(hints)
