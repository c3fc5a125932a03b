"""Any export file as one that the engine reads: plain CSV with its header on the first line, JSON lines, or Parquet.

Compressed files are unpacked, spreadsheets and UTF-16 are converted, pages of an API become one row a line, and lines
before the header and below the rows are left out. Errors name the problem and quote nothing of the file.
"""

from __future__ import annotations

import codecs
import csv
import io
import os
import re
from pathlib import Path
from typing import Final

from kb_builder.errors import InputError
from kb_builder.mentions.engine_file import PREAMBLE, AreColumns, EngineFile
from kb_builder.mentions.export_names import PACKED
from kb_builder.mentions.file_kinds import decompressed, in_utf8, kind, without_mark
from kb_builder.mentions.json_rows import not_json, unpack_json
from kb_builder.mentions.spreadsheets import unpack_sheets

_SHEETS: Final = (".xlsx", ".xls")
_BLOCK: Final = 1 << 20
_HEAD: Final = 1 << 18
_TAIL: Final = 4096
_MOST_FOOTER: Final = 12
_FEWEST_COLUMNS: Final = 3
_BLANK: Final = re.compile(rb"\n[ \t\r,;]*\n")
_LOGIN: Final = "a web page, perhaps a login page, not an export"


def converted(path: Path, where: str, scratch: Path, number: int, are_columns: AreColumns) -> EngineFile:
    """The export at ``path`` in a form the engine reads; copies go to ``scratch`` with ``number`` in their names.

    ``are_columns`` says whether a row of column names can be the header of an export. Raises :class:`InputError`
    for what can't be read, and names the kind of problem.
    """
    suffix = next((each for each in reversed(path.suffixes) if each.lower() not in PACKED), "").lower()
    base = scratch / str(number)
    path = decompressed(path, base.with_suffix(suffix), where)
    found = kind(path, where)
    if found == "parquet" or (found == "text" and suffix == ".parquet"):
        return EngineFile(path, "parquet")
    if found == "sheets":
        return unpack_sheets(path, base.with_suffix(".csv"), where, are_columns)
    path = in_utf8(path, base.with_suffix(f".utf8{suffix}"))
    with path.open("rb") as stream:
        head = stream.read(_HEAD).removeprefix(codecs.BOM_UTF8)
    start = head.lstrip()[:1]
    if not start and path.stat().st_size <= len(head):
        raise InputError("the file is empty", where=where, hint="delete it, or export again")
    as_sheet = "open it in a spreadsheet and save it as .xlsx or .csv"
    if head.lstrip().startswith(b"<?xml") and b"<html" not in head[:_TAIL].lower():
        hint = as_sheet if suffix in _SHEETS else "export the tickets as CSV, JSON or .xlsx"
        raise InputError("an XML file, not an export", where=where, hint=hint)
    if start == b"<" and suffix in _SHEETS:
        raise InputError("a web page with the name of a spreadsheet", where=where, hint=as_sheet)
    if start == b"<":
        raise InputError(_LOGIN, where=where, hint="sign in, or add your token to the request, and export again")
    if suffix in _SHEETS:
        hint = "save it again as .xlsx or .csv"
        raise InputError("can't be read as a spreadsheet", where=where, hint=hint)
    if suffix in (".json", ".jsonl", ".ndjson") or start in (b"{", b"["):
        if start and start not in (b"{", b"["):
            raise not_json(path, where)
        path = without_mark(path, base.with_suffix(".plain.json"))
        return unpack_json(path, base.with_suffix(".rows.jsonl"), where, head, are_columns)
    return _csv(path, base.with_suffix(".rows.csv"), are_columns)


def _csv(path: Path, target: Path, are_columns: AreColumns) -> EngineFile:
    """``path`` itself, or a copy without the lines before the header and with the header on one line."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        text = stream.read(_HEAD)
    lines = text.splitlines(keepends=True)[: PREAMBLE + 1]
    start = 0
    delimiter = ""
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) <= len("sep=;"):
        delimiter = lines[0].strip()[len("sep=") :] or "\t"
        start = 1
    for first in range(start, len(lines)):
        header, length, used = _header("".join(lines[first:]), delimiter, are_columns)
        if header:
            break
    else:
        return EngineFile(path, "csv")
    plain = all("\n" not in name and "\r" not in name for name in header)
    footer = _footer(path, used, len(header))
    if first == 0 and plain and not footer:
        return EngineFile(path, "csv", delimiter=used)
    before = sum(map(len, lines[:first])) + length
    with (
        path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as source,
        target.open("w", encoding="utf-8", errors="surrogateescape", newline="") as copy,
    ):
        csv.writer(copy, delimiter=used, lineterminator="\n").writerow(" ".join(name.split()) for name in header)
        source.read(before)
        while block := source.read(_BLOCK):
            copy.write(block)
    if footer:
        os.truncate(target, target.stat().st_size - footer)
    return EngineFile(target, "csv", skipped=first, delimiter=used)


def _footer(path: Path, delimiter: str, columns: int) -> int:
    """Bytes of the lines that a report writes below its rows: after a blank line, each of one cell."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - _TAIL))
        tail = stream.read()
    blanks = list(_BLANK.finditer(tail.rstrip()))
    if columns < _FEWEST_COLUMNS or not blanks:
        return 0
    lines = tail[blanks[-1].end() :].decode("utf-8", "replace").split("\n")
    said = [line.strip() for line in lines if line.strip()]
    for line in said:
        cells = next(csv.reader([line], delimiter=delimiter))
        if line.count('"') % 2 or sum(map(bool, cells)) > 1:
            return 0
    return len(tail) - blanks[-1].start() - 1 if 0 < len(said) <= _MOST_FOOTER else 0


def _header(text: str, delimiter: str, are_columns: AreColumns) -> tuple[list[str], int, str]:
    """The header at the start of ``text``, its length in characters and its delimiter; no names when it is none."""
    line = text.split("\n", 1)[0]
    for each in [delimiter] if delimiter else sorted(",;\t|", key=line.count, reverse=True):
        stream = io.StringIO(text, newline="")
        try:
            header = next(csv.reader(stream, delimiter=each, strict=True))
        except (csv.Error, StopIteration):
            continue
        if are_columns(header):
            return header, stream.tell(), each
    return [], 0, ""
