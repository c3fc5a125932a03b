"""JSON of any wrapping as one row a line: arrays, objects that hold a list, pages of an API, and values in a row."""

from __future__ import annotations

import json
import mmap
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, Final

from kb_builder.errors import InputError, counted
from kb_builder.mentions.engine_file import AreColumns, EngineFile

_DEPTH: Final = 4
_LEVELS: Final = 100
_READ_AT_ONCE: Final = 8192
"""Bytes whose levels the library reads before anybody counts them."""
_SAMPLE: Final = 20
_ENDS: Final = 4096
_HEAD: Final = 1 << 20
_NOT_JSON: Final = (
    (rb"\A\s*[^\s\[{]", "begin the file with [ or {: remove the text before it"),
    (rb"\A\s*\[?\s*\{\s*'", "names in single quotes are Python's: write it with json.dumps"),
    (rb"[:\[,]\s*(?:-?Infinity|NaN|nan|None|True|False|undefined)\b", "write null, true and false, not NaN or None"),
    (rb",\s*[\]}]", "remove the comma before the closing bracket"),
)
"""Pattern of what is no JSON, and what to do about it."""
_LARGEST_ROW: Final = 16 << 20
_MANY: Final = 2000
_DIGITS: Final = re.compile(rb"[0-9]{%d}" % _MANY)
_COUNT_KEYS: Final = ("count", "total", "total_count", "totalElements", "totalSize", "total_results")
_ERRORS: Final = frozenset(("error", "errors", "_error", "fault", "exception", "errormessage", "errormessages"))
_ERROR_WORDS: Final = _ERRORS | frozenset(
    "message messages msg detail details description code status statusCode status_code errorCode error_code title type"
    " error_description request_id requestId correlationId category path success ok documentation_url".split()
)
"""All that an error message of an API has."""
_SAID: Final = frozenset(("message", "messages", "msg", "detail", "details", "description", "error_description"))
_FLAG: Final = re.compile(r'"(has_?more|end_of_stream|is_?last_?(?:page)?|done)"\s*:\s*(true|false)', re.I)
_NEXT: Final = re.compile(r'"(?:next(?:_?page(?:_?token)?|_?cursor|RecordsUrl)?)"\s*:\s*(null|""|.)', re.I)
_CUT_OFF: Final = "the download was cut off: export it again"
_ENVELOPES: Final = ("_source", "node", "attributes")
"""Keys that search engines and graph APIs put around each row."""


def unpack_json(path: Path, target: Path, where: str, head: bytes, are_columns: AreColumns) -> EngineFile:
    """JSON lines of rows as they are; a document, or pages of an API, as one row a line. ``head`` is its beginning."""
    lines = [line.strip() for line in head.strip().split(b"\n")]
    objects = [value for value in map(object_in, lines[:_SAMPLE]) if value is not None]
    if objects and not lines[0].startswith(b"["):
        if any(are_columns(leaf_paths(value)) for value in objects):
            plain = all(not line.endswith(b",") for line in lines[:_SAMPLE])
            return EngineFile(path, "jsonl") if plain else _without_commas(path, target)
        if len(lines) > 1 and lines[0] != b"{":
            return _pages(path, target, where, are_columns)
    return _document(path, target, where, are_columns)


def leaf_paths(value: Mapping[str, Any], before: str = "", depth: int = 3) -> Iterator[str]:
    """Dotted paths to the values of an object, at most three levels deep."""
    for key, inner in value.items():
        if isinstance(inner, dict) and depth > 1:
            yield from leaf_paths(inner, f"{before}{key}.", depth - 1)
        else:
            yield before + key


def object_in(line: bytes) -> dict[str, Any] | None:
    """The object on a line of JSON, which may end with a comma; None for anything else."""
    try:
        value = json.loads(line.rstrip(b", \t\r\n"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _without_commas(path: Path, target: Path) -> EngineFile:
    """Rows on lines with a comma between them, which is neither JSON nor JSON lines and is meant all the same."""
    with path.open("rb") as source, target.open("wb") as copy:
        for line in source:
            copy.write(line.rstrip(b", \t\r\n") + b"\n")
    return EngineFile(target, "jsonl")


def _pages(path: Path, target: Path, where: str, are_columns: AreColumns) -> EngineFile:
    """Pages of an API, one a line. Lines of other text are kept, so that the reader of the rows counts them as bad;
    a page that ends early has an unknown number of rows."""
    rows = announced = 0
    more: list[bool | None] = []
    with path.open("rb") as source, target.open("w", encoding="utf-8") as copy:
        for number, line in enumerate(source, start=1):
            page = object_in(line)
            if page is None:
                if line.lstrip().startswith(b"{"):
                    raise InputError(
                        f"a page of rows ends in the middle, after {counted(rows, 'row')}",
                        where=f"{where}:{number}", hint=_CUT_OFF,
                    )  # fmt: skip
                if line.strip():
                    copy.write("null\n")
                    rows += 1
                continue
            _refuse_error(page, where)
            found = _rows_in(page, are_columns)
            announced = max([announced, *(page[key] for key in _COUNT_KEYS if isinstance(page.get(key), int))])
            more.append(_continues(json.dumps({key: value for key, value in page.items() if value is not found})))
            for row in [page] if found is None else found:
                copy.write(json.dumps(_unwrapped(row, are_columns)) + "\n")
                rows += 1
    continues = all(more) if any(each is not None for each in more) else None
    return EngineFile(target, "jsonl", rows=rows, announced=announced, continues=continues)


def _document(path: Path, target: Path, where: str, are_columns: AreColumns) -> EngineFile:
    """One JSON value over any number of lines, or several: an array of rows, an object that holds one, or rows."""
    import ijson

    if _has_endless_number(path):
        raise InputError("not JSON: a number of thousands of digits", where=where, hint="export it again")
    rows = 0
    try:
        place, announced = _place_of_rows(path, where, are_columns)
        with path.open("rb") as source, target.open("w", encoding="utf-8") as copy:
            for row in ijson.items(_events(source, where), place) if place is not None else ():
                copy.write(json.dumps(_unwrapped(row, are_columns), default=_number) + "\n")
                rows += 1
    except ijson.JSONError as problem:
        words, _, rest = str(problem).lower().partition("\n")
        # The library shows what stood behind the error: at the end of a file, nothing.
        if "premature" not in words and "incomplete" not in words and rest.partition("\n")[0].strip():
            raise not_json(path, where) from None
        after = f", after {counted(rows, 'row')}" if rows else ""
        raise InputError(f"the file ends in the middle{after}", where=where, hint=_CUT_OFF) from None
    except (UnicodeDecodeError, RecursionError):
        raise not_json(path, where) from None
    return EngineFile(target, "jsonl", rows=rows, announced=announced, continues=_continues("".join(_ends(path))))


def _has_endless_number(path: Path) -> bool:
    """Whether there is a number that Python refuses to read, at which the library would end the process.

    Twice as many digits as are looked for reach from one looked-at place to the next.
    """
    with path.open("rb") as source, mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return any(_DIGITS.match(data, start) for start in range(0, len(data), _MANY))


def _events(source: BinaryIO, where: str) -> Iterator[tuple[str, str, Any]]:
    """The events of a document, each with its path. The library keeps the whole place of each value, so that time grows
    with the square of the levels: what is nested deeper than any export is refused."""
    import ijson

    level = 0
    for event in ijson.parse(source, multiple_values=True, buf_size=_READ_AT_ONCE):
        if event[1].startswith("start"):
            level += 1
            if level > _LEVELS:
                hint = "export a list of tickets"
                raise InputError(f"nested deeper than {_LEVELS} levels", where=where, hint=hint)
        elif event[1] in ("end_map", "end_array"):
            level -= 1
        yield event


def _place_of_rows(path: Path, where: str, are_columns: AreColumns) -> tuple[str | None, int]:
    """The ``ijson`` prefix of the rows, None for an empty document, and how many rows there are said to be.

    The rows are the first list of objects that are mentions, else the first list of objects, else the document itself.
    """

    announced = 0
    empty = True
    lists: dict[str, str] = {}
    """Place of a list → what is in it: nothing, objects or values."""
    with path.open("rb") as source:
        for prefix, event, value in _events(source, where):
            if event == "map_key":
                empty = False
            elif event == "number" and prefix.rpartition(".")[2] in _COUNT_KEYS and isinstance(value, int):
                announced = max(announced, value)
            elif event == "start_array" and _may_hold_rows(prefix):
                lists.setdefault(f"{prefix}.item" if prefix else "item", "nothing")
            elif event == "start_map" and lists.get(prefix, "objects") != "objects":
                lists[prefix] = "objects"
                if are_columns(leaf_paths(_unwrapped(_first(path, prefix, where), are_columns))):
                    return prefix, max([announced, *map(int, _counts(_ends(path)[1]))])
            elif not event.startswith("end") and lists.get(prefix) == "nothing":
                lists[prefix] = "values"
                empty = False
    document = _first(path, "", where)
    _refuse_error(document, where)
    if are_columns(leaf_paths(document)):
        return "", announced
    if "objects" not in lists.values() and {key.lower() for key in document} & (_ERRORS | _SAID):
        raise _api_error(where)
    filled = [place for place, holds in lists.items() if holds == "objects"]
    for place in filled:
        _refuse_error(_first(path, place, where), where)
    blank = [place for place, holds in lists.items() if holds == "nothing"]
    if filled or blank or empty:
        return next(iter(filled or blank), None), announced
    hint = "export a list of objects, one a ticket; pandas writes it with orient='records'"
    raise InputError("no list of tickets in it", where=where, hint=hint)


def _first(path: Path, place: str, where: str) -> Mapping[str, Any]:
    """The first object at a place; none where that is a whole document too large to be one row."""
    import ijson

    if not place and path.stat().st_size > _LARGEST_ROW:
        return {}
    with path.open("rb") as source:
        found: Any = next(ijson.items(_events(source, where), place), {})
    return found if isinstance(found, dict) else {}


def _may_hold_rows(prefix: str) -> bool:
    """Whether a list at this place of a document may hold the rows: it is in no other list, and none of errors."""
    steps = prefix.split(".")
    return len(steps) <= _DEPTH and "item" not in steps and steps[-1] not in _ERRORS


def _unwrapped(row: Any, are_columns: AreColumns) -> Any:
    """The row inside of what a search engine or a graph API puts around it."""
    if isinstance(row, dict) and not are_columns(leaf_paths(row)):
        for key in _ENVELOPES:
            inner = row.get(key)
            if isinstance(inner, dict) and are_columns(leaf_paths(inner)):
                return {**{name: value for name, value in row.items() if name != key}, **inner}
    return row


def _ends(path: Path) -> tuple[str, str]:
    """The text before the first list of a document, and after its last one, as far as it is near the ends."""
    with path.open("rb") as source:
        start = source.read(_ENDS).decode("utf-8", "replace")
        source.seek(max(0, path.stat().st_size - _ENDS))
        end = source.read().decode("utf-8", "replace")
    return start.partition("[")[0], end[end.rfind("]") :]


def _counts(text: str) -> list[str]:
    return re.findall(rf'"(?:{"|".join(_COUNT_KEYS)})"\s*:\s*(\d{{1,12}})', text)


def _continues(text: str) -> bool | None:
    """Whether an API says that this is not the last page; None when it says nothing."""
    flags = [name.lower().startswith("has") == (value.lower() == "true") for name, value in _FLAG.findall(text)]
    if flags:
        return any(flags)
    links = _NEXT.findall(text)
    return any(value not in ("null", '""') for value in links) if links else None


def _number(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and abs(value) < 10**15 else float(value)
    raise TypeError


def _rows_in(page: Mapping[str, Any], are_columns: AreColumns, depth: int = _DEPTH) -> list[Any] | None:
    """The rows a page wraps, a list of objects or a single one; None when it wraps none."""
    for value in page.values():
        if isinstance(value, list) and all(isinstance(each, dict) for each in value):
            return value
        if isinstance(value, dict) and len(value) > 1 and are_columns(leaf_paths(value)):
            return [value]
        if isinstance(value, dict) and depth > 1:
            inner = _rows_in(value, are_columns, depth - 1)
            if inner is not None:
                return inner
    return None


def _refuse_error(page: Mapping[str, Any], where: str) -> None:
    """Raises for an object that is nothing but an error: it has no row, and none of the keys of one."""
    holds_rows = any(
        isinstance(value, list) and value and isinstance(value[0], dict) and key not in _ERRORS
        for key, value in page.items()
    )
    of_error = page.keys() & _ERRORS and not holds_rows and not page.keys() & {"id", "created_at"}
    if of_error or (page.keys() <= _ERROR_WORDS and page.keys() & (_ERRORS | _SAID)):
        raise _api_error(where)


def _api_error(where: str) -> InputError:
    hint = "the request failed: check the token and the address, and export again"
    return InputError("an error message of the API, not an export", where=where, hint=hint)


def not_json(path: Path, where: str) -> InputError:
    """The error for a file that is no JSON, with what to do about the usual reasons."""
    with path.open("rb") as source:
        head = source.read(_HEAD)
        source.seek(max(0, path.stat().st_size - _ENDS))
        text = head + source.read()
    hint = next((hint for pattern, hint in _NOT_JSON if re.search(pattern, text)), "export it again")
    return InputError("not JSON", where=where, hint=hint)
