"""Any export file as one that the engine reads: plain CSV with its header on the first line, JSON lines, or Parquet.

Compressed files are unpacked, spreadsheets and UTF-16 are converted, pages of an API become one row a line, and lines
before the header are left out. Errors name the problem and quote nothing of the file.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Final, TypeAlias

from kb_builder.errors import InputError

SUFFIXES: Final = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".parquet", ".xlsx")
PACKED: Final = (".gz", ".zst")
_BLOCK: Final = 1 << 20
_UNPACKED_LIMIT: Final = 64 << 30
"""Bytes of an unpacked file; more is no export of mentions but a bomb."""
_HEAD: Final = 1 << 18
_PREAMBLE: Final = 50
"""Most lines that a report writes before its header."""
_DEPTH: Final = 4
_SAMPLE: Final = 20
_LOGIN: Final = "a web page, perhaps a login page, not an export"
_COUNT_KEYS: Final = ("count", "total", "total_count", "totalElements", "total_results")


Knows: TypeAlias = Callable[[Iterable[str]], bool]
"""Whether names of columns, or dotted paths of a JSON object, are those of a mention."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A file that the engine can read. ``kind`` is ``csv``, ``jsonl`` or ``parquet``.

    ``rows`` is the number of rows where unpacking counted them, else -1; ``announced`` is what an API said there are;
    ``skipped`` counts lines before the header, ``others`` sheets that were not read. ``delimiter`` is empty if unknown.
    """

    path: Path
    kind: str
    rows: int = -1
    announced: int = 0
    skipped: int = 0
    others: int = 0
    delimiter: str = ""


def is_export(name: str) -> bool:
    """Whether the name of a file is one of an export."""
    lower = name.lower()
    for packed in PACKED:
        lower = lower.removesuffix(packed)
    return lower.endswith(SUFFIXES)


def unpack(path: Path, where: str, scratch: Path, number: int, knows: Knows) -> Unpacked:
    """The export at ``path`` in a form the engine reads; copies lie in ``scratch`` and have ``number`` in their names.

    ``knows`` says whether a row of column names can be the header of an export. Raises :class:`InputError` for what
    can't be read, and names the kind of problem.
    """
    suffix = next((each for each in reversed(path.suffixes) if each.lower() not in PACKED), "").lower()
    base = scratch / str(number)
    if path.suffix.lower() in PACKED:
        path = _decompressed(path, base.with_suffix(suffix), where)
    if suffix == ".parquet":
        return Unpacked(path, "parquet")
    if suffix == ".xlsx":
        return _spreadsheet(path, base.with_suffix(".csv"), where, knows)
    path = _utf8(path, base.with_suffix(f".utf8{suffix}"))
    with path.open("rb") as stream:
        head = stream.read(_HEAD).removeprefix(codecs.BOM_UTF8)
    start = head.lstrip()[:1]
    if start == b"<":
        raise InputError(_LOGIN, where=where, hint="sign in, or add your token to the request, and export again")
    if suffix in (".json", ".jsonl", ".ndjson") or start in (b"{", b"["):
        if start and start not in (b"{", b"["):
            raise InputError("not JSON", where=where, hint="export it again")
        return _json(path, base.with_suffix(".rows.jsonl"), where, head, knows)
    return _csv(path, base.with_suffix(".rows.csv"), knows)


def _decompressed(path: Path, target: Path, where: str) -> Path:
    hint = "unpack it, or export it again"
    try:
        with path.open("rb") as packed, target.open("wb") as plain:
            written = 0
            with _stream(packed, path.suffix.lower()) as source:
                while block := source.read(_BLOCK):
                    written += len(block)
                    if written > _UNPACKED_LIMIT:
                        raise InputError("too large unpacked", where=where, hint="export fewer days")
                    plain.write(block)
    except (EOFError, gzip.BadGzipFile, zlib.error, OSError) as problem:
        if isinstance(problem, OSError) and not isinstance(problem, gzip.BadGzipFile) and problem.errno:
            raise
        raise InputError("the compressed file is damaged or cut off", where=where, hint=hint) from None
    except Exception as problem:  # zstandard has its own base of errors, imported only when needed
        if type(problem).__module__.startswith("zstandard") or type(problem).__name__ == "ZstdError":
            raise InputError("the compressed file is damaged or cut off", where=where, hint=hint) from None
        raise
    return target


def _stream(packed: IO[bytes], suffix: str) -> Any:
    """A readable stream and context manager of the unpacked bytes."""
    if suffix == ".gz":
        return gzip.open(packed, "rb")
    import zstandard

    return zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True)


def _utf8(path: Path, target: Path) -> Path:
    """``path``, or a copy in UTF-8 when it is UTF-16 with or without a byte order mark."""
    with path.open("rb") as stream:
        head = stream.read(64)
    encoding = ""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif len(head) >= 4 and head.count(0) * 3 >= len(head):
        encoding = "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
    if not encoding:
        return path
    with (
        path.open(encoding=encoding, errors="replace", newline="") as source,
        target.open("w", encoding="utf-8", newline="") as copy,
    ):
        while text := source.read(_BLOCK):
            copy.write(text)
    return target


def _spreadsheet(path: Path, target: Path, where: str, knows: Knows) -> Unpacked:
    """The first sheet that has a header of ours, as CSV."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
    except Exception:  # the library's errors quote cells, and have no common base
        raise InputError("can't be read as a spreadsheet", where=where, hint="save it again as .xlsx or .csv") from None
    filled = [sheet for sheet in sheets if sheet.height]
    for sheet in filled:
        rows = sheet.iter_rows()
        skipped = 0
        for row in rows:
            if knows(filter(None, map(_cell, row))) or skipped == _PREAMBLE:
                break
            skipped += 1
        else:
            continue
        if skipped == _PREAMBLE:
            continue
        with target.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(map(_cell, row))
            count = 0
            for values in rows:
                if any(value not in ("", None) for value in values):
                    writer.writerow(map(_cell, values))
                    count += 1
        return Unpacked(target, "csv", rows=count, skipped=skipped, others=len(filled) - 1)
    raise InputError(
        "no sheet has a column for a time", where=where, hint="put the names of the columns on the first row"
    )


def _cell(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time | timedelta):
        return str(value)
    return "" if value is None else str(value)


def _csv(path: Path, target: Path, knows: Knows) -> Unpacked:
    """``path`` itself, or a copy without the lines before the header and with the header on one line."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        text = stream.read(_HEAD)
    lines = text.splitlines(keepends=True)[: _PREAMBLE + 1]
    start = 0
    delimiter = ""
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) <= len("sep=;"):
        delimiter = lines[0].strip()[len("sep=") :] or "\t"
        start = 1
    for first in range(start, len(lines)):
        header, length, used = _header("".join(lines[first:]), delimiter, knows)
        if header:
            break
    else:
        return Unpacked(path, "csv")
    plain = all("\n" not in name and "\r" not in name for name in header)
    if first == 0 and plain:
        return Unpacked(path, "csv", delimiter=used)
    before = sum(map(len, lines[:first])) + length
    with (
        path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as source,
        target.open("w", encoding="utf-8", errors="surrogateescape", newline="") as copy,
    ):
        csv.writer(copy, delimiter=used, lineterminator="\n").writerow(" ".join(name.split()) for name in header)
        source.read(before)
        while block := source.read(_BLOCK):
            copy.write(block)
    return Unpacked(target, "csv", skipped=first, delimiter=used)


def _header(text: str, delimiter: str, knows: Knows) -> tuple[list[str], int, str]:
    """The header at the start of ``text``, its length in characters and its delimiter; no names when it is none."""
    line = text.split("\n", 1)[0]
    for each in [delimiter] if delimiter else sorted(",;\t|", key=line.count, reverse=True):
        stream = io.StringIO(text, newline="")
        try:
            header = next(csv.reader(stream, delimiter=each, strict=True))
        except (csv.Error, StopIteration):
            continue
        if knows(header):
            return header, stream.tell(), each
    return [], 0, ""


def _json(path: Path, target: Path, where: str, head: bytes, knows: Knows) -> Unpacked:
    """JSON lines of rows as they are; a document, or pages of an API, as one row a line."""
    lines = [line.strip() for line in head.strip().split(b"\n")]
    objects = [value for value in map(_object, lines[:_SAMPLE]) if value is not None]
    if objects and not lines[0].startswith(b"["):
        if any(knows(leaf_paths(value)) for value in objects):
            return Unpacked(path, "jsonl")
        if len(lines) > 1 and lines[0] != b"{":
            return _pages(path, target, where, knows)
    return _document(path, target, where, knows)


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _pages(path: Path, target: Path, where: str, knows: Knows) -> Unpacked:
    """Pages of an API, one a line. A line that is no page is kept, and counted by whoever reads the rows."""
    rows = announced = 0
    with path.open("rb") as source, target.open("w", encoding="utf-8") as copy:
        for line in source:
            page = _object(line)
            if page is None:
                if line.strip():
                    copy.write("null\n")
                    rows += 1
                continue
            _refuse_error(page, where)
            found = _rows_in(page, knows)
            announced = max(announced, _announced(page))
            for row in [page] if found is None else found:
                copy.write(json.dumps(row) + "\n")
                rows += 1
    return Unpacked(target, "jsonl", rows=rows, announced=announced)


def _document(path: Path, target: Path, where: str, knows: Knows) -> Unpacked:
    """One JSON value over any number of lines: an array of rows, or an object that holds one."""
    import ijson

    rows = 0
    cut_off = "the download was cut off: export it again"
    try:
        place, announced = _place_of_rows(path, where, knows)
        with path.open("rb") as source, target.open("w", encoding="utf-8") as copy:
            for row in ijson.items(source, place):
                copy.write(json.dumps(row, default=_number) + "\n")
                rows += 1
    except ijson.IncompleteJSONError:
        after = f", after {rows:,} rows" if rows else ""
        raise InputError(f"the file ends in the middle{after}", where=where, hint=cut_off) from None
    except (ijson.JSONError, UnicodeDecodeError, RecursionError):
        raise InputError("not JSON", where=where, hint="export it again") from None
    return Unpacked(target, "jsonl", rows=rows, announced=announced)


def _place_of_rows(path: Path, where: str, knows: Knows) -> tuple[str, int]:
    """The ``ijson`` prefix of the rows, and how many there are said to be.

    The rows are the first list of objects that are mentions, else the first list of objects, else the document itself.
    """
    import ijson

    announced = 0
    keys: set[str] = set()
    lists: dict[str, bool] = {}
    """Place of a list → whether it has objects."""
    with path.open("rb") as source:
        for prefix, event, value in ijson.parse(source):
            if event == "map_key" and not prefix:
                keys.add(value)
            elif event == "number" and prefix.rpartition(".")[2] in _COUNT_KEYS and isinstance(value, int):
                announced = max(announced, value)
            elif event == "start_array" and _may_hold_rows(prefix):
                lists.setdefault(_item(prefix), False)
            elif event == "start_map" and lists.get(prefix) is False:
                lists[prefix] = True
                if knows(leaf_paths(_first(path, prefix))):
                    return prefix, _trailing_count(path, announced)
    _refuse_error(dict.fromkeys(keys, "x"), where)
    filled = [place for place, has_objects in lists.items() if has_objects]
    return (filled or list(lists) or [""])[0], announced


def _first(path: Path, place: str) -> Mapping[str, Any]:
    import ijson

    with path.open("rb") as source:
        found: Any = next(ijson.items(source, place), {})
    return found if isinstance(found, dict) else {}


def leaf_paths(value: Mapping[str, Any], before: str = "", depth: int = 3) -> Iterator[str]:
    """Dotted paths to the values of an object, at most three levels deep."""
    for key, inner in value.items():
        if isinstance(inner, dict) and depth > 1:
            yield from leaf_paths(inner, f"{before}{key}.", depth - 1)
        else:
            yield before + key


def _may_hold_rows(prefix: str) -> bool:
    """Whether a list at this place of a document may hold the rows: it is in no other list, and none of errors."""
    steps = prefix.split(".")
    return len(steps) <= _DEPTH and "item" not in steps and steps[-1] not in ("error", "errors")


def _item(prefix: str) -> str:
    return f"{prefix}.item" if prefix else "item"


def _trailing_count(path: Path, announced: int) -> int:
    """The number of rows an API names after its rows: looked for in the last part of the file."""
    with path.open("rb") as source:
        source.seek(max(0, path.stat().st_size - 4096))
        end = source.read().decode("utf-8", "replace")
    tail = end[end.rfind("]") :]
    found = re.findall(rf'"(?:{"|".join(_COUNT_KEYS)})"\s*:\s*(\d{{1,12}})', tail)
    return max([announced, *map(int, found)])


def _number(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and abs(value) < 10**15 else float(value)
    raise TypeError


def _rows_in(page: Mapping[str, Any], knows: Knows, depth: int = _DEPTH) -> list[Any] | None:
    """The rows a page wraps, a list of objects or a single one; None when it wraps none."""
    for value in page.values():
        if isinstance(value, list) and all(isinstance(each, dict) for each in value):
            return value
        if isinstance(value, dict) and knows(leaf_paths(value)):
            return [value]
        if isinstance(value, dict) and depth > 1:
            inner = _rows_in(value, knows, depth - 1)
            if inner is not None:
                return inner
    return None


def _announced(page: Mapping[str, Any]) -> int:
    return max((page[key] for key in _COUNT_KEYS if isinstance(page.get(key), int)), default=0)


def _is_error(page: Mapping[str, Any]) -> bool:
    """Whether an object is nothing but an error: it has no row, and none of the keys of one."""
    return (
        bool(page.keys() & {"error", "errors"})
        and not any(
            isinstance(value, list) and value and isinstance(value[0], dict) and key not in ("errors", "error")
            for key, value in page.items()
        )
        and not page.keys() & {"id", "created_at"}
    )


def _refuse_error(page: Mapping[str, Any], where: str) -> None:
    if _is_error(page):
        hint = "the request failed: check the token and the address, and export again"
        raise InputError("an error message of the API, not an export", where=where, hint=hint)
