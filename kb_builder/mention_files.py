"""One export file as a DuckDB relation with the columns of a mention, whoever wrote it.

The engine is told everything about a file and guesses nothing: its own guess looks at the first 20,480 rows and fails
on what comes after. Its error messages quote rows, so none of them leaves this module.
"""

from __future__ import annotations

import csv
import json
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from kb_builder.errors import InputError
from kb_builder.files import printable
from kb_builder.mention_formats import AGGREGATE, FIELDS, Format, plain_name, recognise
from kb_builder.mention_times import sql_text
from kb_builder.trending_settings import Columns

SUFFIXES: Final = (".csv", ".jsonl", ".ndjson", ".parquet")
_HEAD: Final = 1 << 20
_SAMPLE_LINES: Final = 1000
_REJECTS: Final = 1_000_000
_BLOCK: Final = 1 << 24
_MAP_IT: Final = 'name the columns under "columns:" in trending.yml, or rename them; docs/trending.md has the list'


@dataclass(frozen=True, slots=True)
class Export:
    """A file that can be read. ``rows`` and ``again`` are SQL: ``SELECT`` them.

    Both give, as text or NULL, ``id, time, channel, segment, customer_id, article_id, tag, text`` in the order of the
    file, and two flags: ``broken`` (not a record) and ``passed`` (not written by a customer). The aggregate table
    gives ``topic, segment, day, customers, broken`` instead. ``rows`` notes unparsable CSV records in ``rejects``.
    """

    path: Path
    shown: str
    size: int
    format: Format
    rows: str
    again: str
    rejects: str
    """Name of the table of records that were no CSV, empty for other kinds of file."""
    header_rows: int

    @property
    def is_aggregate(self) -> bool:
        return self.format.name == AGGREGATE


def open_export(path: Path, shown: str, number: int, wanted: Columns, scratch: Path) -> Export:
    """The export at ``path``. ``number`` keeps the names of files apart; ``scratch`` is a private folder.

    Raises :class:`InputError` naming the file, never what stands in it.
    """
    where = printable(shown)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError("not a kind of export kb reads", where=where, hint="use .csv, .jsonl, .ndjson or .parquet")
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise InputError("not a regular file", where=where)
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except FileNotFoundError:
        raise InputError("no such file", where=where) from None
    except OSError as problem:
        raise InputError(f"can't be read: {(problem.strerror or 'unknown reason').lower()}", where=where) from None
    if not head:
        raise InputError("the file is empty", where=where, hint="delete it, or export again")
    # The engine takes * ? and [ in a name for a pattern.
    source = scratch / f"{number}{suffix}"
    source.symlink_to(path.absolute())
    if suffix == ".parquet":
        return _parquet(source, where, status.st_size, wanted)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError("the file is UTF-16, not UTF-8", where=where, hint="Export it as UTF-8.")
    if suffix == ".csv":
        return _csv(source, where, status.st_size, number, wanted, head)
    return _json(source, where, status.st_size, number, wanted, head)


@contextmanager
def engine_errors(where: str) -> Iterator[None]:
    """Turn an error of the engine, which may quote a row, into one that doesn't."""
    import duckdb  # a tenth of a second, which only reading takes

    try:
        yield
    except duckdb.OutOfMemoryException:
        raise InputError("not enough memory or disk to count the mentions", where=where) from None
    except duckdb.IOException:
        raise InputError("can't be read to its end", where=where, hint="it may have changed meanwhile") from None
    except duckdb.Error:
        raise InputError("can't be read: it is not what its name says", where=where, hint="export it again") from None


def _csv(path: Path, where: str, size: int, number: int, wanted: Columns, head: bytes) -> Export:
    try:
        text = head.decode("utf-8-sig", errors="ignore" if len(head) == _HEAD else "strict")
    except UnicodeDecodeError:
        text = head.decode("utf-8-sig", errors="replace")
    first = text.split("\n", 1)[0].split("\r", 1)[0]
    if "\ufffd" in first or "\0" in first:
        raise InputError("the header is not UTF-8 text", where=f"{where}:1", hint="Export it as UTF-8.")
    delimiter = max(",;\t|", key=first.count)
    try:
        header = next(csv.reader([first], delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration):
        raise InputError("the header can't be read", where=f"{where}:1") from None
    names: dict[str, str] = {}
    for index, name in enumerate(header):
        names.setdefault(plain_name(name), f"c{index}")
    columns = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(len(header)))
    source = _one_line_ending(path)
    options = (
        f"{sql_text(str(source))}, auto_detect = false, header = true, delim = {sql_text(delimiter)}, quote = '\"',"
        f" escape = '\"', new_line = '\\n', columns = {{{columns}}}"
    )
    rejects = f"rejects_{number}"
    noted = (
        f"store_rejects = true, rejects_table = '{rejects}', rejects_scan = 'scan_{number}', rejects_limit = {_REJECTS}"
    )
    format_ = recognise(header, wanted)
    select = _select(format_, names, where)
    return Export(
        path,
        where,
        size,
        format_,
        f"{select} FROM read_csv({options}, {noted})",
        f"{select} FROM read_csv({options}, ignore_errors = true)",
        rejects,
        1,
    )


def _noting_rejects(number: int) -> str:
    names = f"rejects_table = 'rejects_{number}', rejects_scan = 'scan_{number}'"
    return f"store_rejects = true, {names}, rejects_limit = {_REJECTS}"


def _one_line_ending(path: Path) -> Path:
    """``path`` itself, or a copy beside it whose lines all end in LF: the engine loses rows when a file mixes them."""
    with path.open("rb") as source:
        if not any(b"\r" in block for block in iter(lambda: source.read(_BLOCK), b"")):
            return path
    copy = path.with_suffix(".lf.csv")
    with path.open("rb") as source, copy.open("wb") as target:
        held = b""
        while block := source.read(_BLOCK):
            block = held + block
            held = b"\r" if block.endswith(b"\r") else b""
            target.write(block.removesuffix(held).replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
        target.write(held.replace(b"\r", b"\n"))
    return copy


def _json(path: Path, where: str, size: int, number: int, wanted: Columns, head: bytes) -> Export:
    paths = _json_paths(head)
    format_ = recognise(paths, wanted)
    # Control characters are escaped in JSON, so that a raw U+0001 can part nothing.
    options = (
        f"{sql_text(str(path))}, auto_detect = false, header = false, delim = '\x01', quote = '', escape = '',"
        f" new_line = '\\n', columns = {{'line': 'VARCHAR'}}, max_line_size = 16777216"
    )
    if format_.inside:
        paths = [name.removeprefix(f"{format_.inside}.") for name in paths]
    known = {plain_name(name): name for name in paths}
    if known and format_.name != AGGREGATE and not any(plain_name(place) in known for place in format_.columns["time"]):
        raise InputError("no column for a time", where=where, hint=_MAP_IT)
    places = [
        *dict.fromkeys(
            known.get(plain_name(place), place)
            for place in [
                *(place for field in FIELDS for place in format_.columns.get(field, ())),
                *("topic", "segment", "day", "customers"),
                *format_.only,
                *format_.drop,
                *format_.empty,
            ]
        )
    ]
    single = [place for place in places if "*" not in place]
    names = {plain_name(place): f"nullif(trim(v[{index + 1}]), '')" for index, place in enumerate(single)}
    for place in places:
        if "*" in place:
            names[plain_name(place)] = (
                f"nullif(array_to_string(json_extract_string(line, {_json_path(place)}), ','), '')"
            )
    wanted_paths = ", ".join(_json_path(place) for place in single)
    values = f"SELECT line, json_extract_string(line, [{wanted_paths}]) AS v, broken"
    lines = "SELECT line, broken"
    if format_.inside:
        inner = f"$.{format_.inside}"
        lines = (
            f"SELECT unnest(CASE json_type(line, '{inner}') WHEN 'ARRAY' THEN json_extract(line, '{inner}[*]')"
            f" ELSE [json_extract(line, '{inner}')] END) AS line, broken"
        )
    select = _select(format_, names, where, broken="broken")
    is_object = "coalesce(CASE WHEN json_valid(line) THEN json_type(line) = 'OBJECT' END, false)"
    checked = f"SELECT CASE WHEN {is_object} THEN line END AS line, NOT {is_object} AS broken"

    def rows(reading: str) -> str:
        read = f"{checked} FROM read_csv({options}, {reading}) WHERE trim(line) <> ''"
        return f"{select} FROM ({values} FROM ({lines} FROM ({read})))"

    rejects = f"rejects_{number}"
    noted = (
        f"store_rejects = true, rejects_table = '{rejects}', rejects_scan = 'scan_{number}', rejects_limit = {_REJECTS}"
    )
    return Export(path, where, size, format_, rows(noted), rows("ignore_errors = true"), rejects, 0)


def _json_paths(head: bytes) -> list[str]:
    """Dotted paths to the values of the first objects, three levels down."""
    found: dict[str, None] = {}
    for line in islice(head.split(b"\n"), _SAMPLE_LINES):
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            found.update(dict.fromkeys(_leaves(value, "", 3)))
    return list(found)


def _leaves(value: Mapping[str, object], before: str, depth: int) -> Iterator[str]:
    for key, inner in value.items():
        if isinstance(inner, list) and inner and isinstance(inner[0], dict) and key == "data":
            inner = inner[0]
        if isinstance(inner, dict) and depth > 1:
            yield from _leaves(inner, f"{before}{key}.", depth - 1)
        else:
            yield before + key


def _json_path(place: str) -> str:
    steps = "".join(
        f'."{name}"' + (f"[{rest}" if rest else "")
        for name, _, rest in (step.partition("[") for step in place.replace('"', "").split("."))
    )
    return sql_text(f"${steps}")


def _parquet(path: Path, where: str, size: int, wanted: Columns) -> Export:
    import duckdb

    with engine_errors(where), duckdb.connect() as connection:
        described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({sql_text(str(path))})").fetchall()
    header = [str(row[0]) for row in described]
    names: dict[str, str] = {}
    for name in header:
        quoted = '"' + name.replace('"', '""') + '"'
        names.setdefault(plain_name(name), f"nullif(trim(CAST({quoted} AS VARCHAR)), '')")
    format_ = recognise(header, wanted)
    select = f"{_select(format_, names, where)} FROM read_parquet({sql_text(str(path))})"
    return Export(path, where, size, format_, select, select, "", 0)


def _select(format_: Format, names: Mapping[str, str], where: str, *, broken: str = "false") -> str:
    """The columns of a mention out of ``names``: plain column name → SQL expression of text or NULL."""
    if format_.name == AGGREGATE:
        topic, day, customers = (names[need] for need in ("topic", "day", "customers"))
        return (
            f"SELECT {topic} AS topic, {names.get('segment', 'NULL')} AS segment, {day} AS day,"
            f" {customers} AS customers, coalesce({broken}, false) AS broken"
        )
    found = {
        field: [names[plain_name(place)] for place in format_.columns.get(field, ()) if plain_name(place) in names]
        for field in FIELDS
    }
    if not found["time"] or not (found["text"] or found["article_id"] or found["tag"]):
        missing = "a time" if not found["time"] else "text, an article_id or a tag"
        raise InputError(f"no column for {missing}", where=where, hint=_MAP_IT)
    columns = []
    for field in FIELDS:
        if field == "text" and found[field]:
            columns.append(f"nullif(concat_ws(' ', {', '.join(found[field])}), '') AS text")
        else:
            columns.append(f"{_first(found[field])} AS {field}")
    columns[FIELDS.index("channel")] = f"coalesce({_first(found['channel'])}, {sql_text(format_.channel)}) AS channel"
    return f"SELECT {', '.join(columns)}, coalesce({broken}, false) AS broken, {_passed(format_, names)} AS passed"


def _first(expressions: Iterable[str]) -> str:
    return f"coalesce({', '.join([*expressions, 'CAST(NULL AS VARCHAR)'])})"


def _passed(format_: Format, names: Mapping[str, str]) -> str:
    """Whether a row is no customer's: sent by staff, a bot, or marked as spam."""
    tests = []
    for rules, verb in ((format_.only, "NOT IN"), (format_.drop, "IN")):
        for column, values in rules.items():
            if value := names.get(plain_name(column)):
                tests.append(f"coalesce(lower({value}) {verb} ({', '.join(map(sql_text, sorted(values)))}), false)")
    tests += [f"{names[plain_name(column)]} IS NOT NULL" for column in format_.empty if plain_name(column) in names]
    return f"({' OR '.join(tests) or 'false'})"
