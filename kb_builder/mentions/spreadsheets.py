"""The sheets of a spreadsheet as CSV."""

from __future__ import annotations

import csv
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from kb_builder.errors import InputError
from kb_builder.mentions.unpacked import PREAMBLE, Knows, Unpacked


def unpack_sheets(path: Path, target: Path, where: str, knows: Knows) -> Unpacked:
    """The rows of all sheets that have the header of the first one that is an export, as CSV."""
    import python_calamine

    try:
        with path.open("rb") as stream:
            book = python_calamine.CalamineWorkbook.from_filelike(stream)
            sheets = [_rows(book.get_sheet_by_name(name)) for name in book.sheet_names]
    except Exception:  # the library's errors quote cells, and have no common base
        raise InputError("can't be read as a spreadsheet", where=where, hint="save it again as .xlsx or .csv") from None
    filled = [sheet for sheet in sheets if sheet]
    exports = [(number, *found) for number, sheet in enumerate(filled) if (found := _export(sheet, knows))]
    if not exports:
        raise InputError(
            "no sheet has a column for a time", where=where, hint="put the names of the columns on the first row"
        )
    _, skipped, header, _ = exports[0]
    same = [each for each in exports if each[2] == header]
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        rows = [row for _, _, _, sheet in same for row in sheet if any(row)]
        writer.writerows(rows)
    return Unpacked(target, "csv", rows=len(rows), skipped=skipped, others=len(exports) - len(same))


def _export(sheet: list[list[str]], knows: Knows) -> tuple[int, list[str], list[list[str]]] | None:
    """The lines before the header, the header and the rows of a sheet; None when it has no header of an export."""
    for number, row in enumerate(sheet[:PREAMBLE]):
        if knows(filter(None, row)):
            return number, row, sheet[number + 1 :]
    return None


def _rows(sheet: Any) -> list[list[str]]:
    """The cells of a sheet as text; merged cells all have the value of the first of them."""
    rows = [[_cell(value) for value in row] for row in sheet.iter_rows()]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        # Cells merged across are headings; those merged downwards stand for each of their rows.
        if bottom > top and right == left:
            for number in range(top + 1, min(bottom + 1, len(rows))):
                rows[number][left] = rows[top][left]
    return rows


def _cell(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time | timedelta):
        return str(value)
    return "" if value is None else str(value)
