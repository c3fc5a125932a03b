"""The sheets of a spreadsheet as CSV."""

from __future__ import annotations

import csv
import re
import zipfile
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from kb_builder.errors import InputError
from kb_builder.mentions.engine_file import PREAMBLE, AreColumns, EngineFile
from kb_builder.system.zip_archives import UNREADABLE

_MOST_CELLS: Final = 100_000_000
_MOST_BYTES: Final = 4 << 30
"""Of all parts of a spreadsheet unpacked, which the library holds in memory."""
_BLOCK: Final = 1 << 20
_OVERLAP: Final = 64
_COLUMN: Final = re.compile(rb"\sr=[\"']([A-Za-z]+)[0-9]")
_ROW: Final = re.compile(rb"\sr=[\"'][A-Za-z]*([0-9]+)")


def unpack_sheets(path: Path, target: Path, where: str, are_columns: AreColumns) -> EngineFile:
    """The rows of all sheets that have the header of the first one that is an export, as CSV.

    Raises InputError for a file that is no spreadsheet or too large.
    """
    import python_calamine

    with suppress(*UNREADABLE), zipfile.ZipFile(path) as archive:  # the library says what is wrong with it
        _refuse_too_large(archive, where)
    try:
        with path.open("rb") as stream:
            book = python_calamine.CalamineWorkbook.from_filelike(stream)
            sheets = [_rows(book.get_sheet_by_name(name)) for name in book.sheet_names]
    except Exception:  # the library's errors quote cells, and have no common base
        raise InputError("can't be read as a spreadsheet", where=where, hint="save it again as .xlsx or .csv") from None
    filled = [sheet for sheet in sheets if sheet]
    exports = [(number, *found) for number, sheet in enumerate(filled) if (found := _export(sheet, are_columns))]
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
    return EngineFile(target, "csv", rows=len(rows), skipped=skipped, others=len(exports) - len(same))


def _refuse_too_large(archive: zipfile.ZipFile, where: str) -> None:
    """The library allocates all cells up to the farthest, and ends the process when there is no memory for them. Older
    formats have too few rows and columns for that."""
    if sum(part.file_size for part in archive.infolist()) > _MOST_BYTES:
        hint = "save the sheet as .csv"
        raise InputError("a spreadsheet too large to be unpacked", where=where, hint=hint)
    for name in (name for name in archive.namelist() if "worksheets/" in name and name.endswith(".xml")):
        width, height, rest = 0, 0, b""
        with archive.open(name) as sheet:
            while block := sheet.read(_BLOCK):
                text = rest + block
                width = max([width, *map(_number_of, set(_COLUMN.findall(text)))])
                height = max([height, *(int(row[:18]) for row in set(_ROW.findall(text)))])
                rest = block[-_OVERLAP:]
        if width * height > _MOST_CELLS:
            hint = "delete the cells far from the tickets, or save the sheet as .csv"
            raise InputError("a spreadsheet with a cell too far from the others", where=where, hint=hint)


def _number_of(column: bytes) -> int:
    """``A`` → 1, ``XFD`` → 16384."""
    number = 0
    for letter in column.upper()[:8]:
        number = number * 26 + letter - 64
    return number


def _export(sheet: list[list[str]], are_columns: AreColumns) -> tuple[int, list[str], list[list[str]]] | None:
    """The lines before the header, the header and the rows of a sheet; None when it has no header of an export."""
    for number, row in enumerate(sheet[:PREAMBLE]):
        if are_columns(filter(None, row)):
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
