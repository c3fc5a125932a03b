"""One export file as a DuckDB query with the columns of a mention, for every supported format.

All reader options are set explicitly: DuckDB's format sniffer samples the first 20,480 rows and fails on later ones.
DuckDB's error messages quote rows, so they are replaced before they leave this module.
"""

from __future__ import annotations

import csv
import io
import re
import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias, cast

from kb_builder.errors import InputError, printable
from kb_builder.mentions.columns import NAME_COLUMNS, select_mention
from kb_builder.mentions.conversion import converted
from kb_builder.mentions.engine_file import EngineFile
from kb_builder.mentions.export import AS_UTF8, Export
from kb_builder.mentions.export_names import is_export
from kb_builder.mentions.format_detection import recognise
from kb_builder.mentions.formats import FIELDS, REPLY_COLUMNS, ColumnNames, Field, Format, Named, plain_name
from kb_builder.mentions.json_rows import leaf_paths, object_in
from kb_builder.mentions.rounded_ids import refuse_rounded_ids
from kb_builder.mentions.sql import sql_text
from kb_builder.mentions.time_forms import infer_format

if TYPE_CHECKING:
    from duckdb.sqltypes import DuckDBPyType

_Recognise: TypeAlias = Callable[[Iterable[str]], Format]

_HEAD: Final = 1 << 20
_SAMPLE_LINES: Final = 1000
_REJECTS: Final = 1_000_000
_BLOCK: Final = 1 << 24
_LONGEST_LINE: Final = 1 << 24
_VALUE: Final = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2}|\d+$")
"""A value that can't be the name of a column: a date or a number."""
_SEVERAL: Final[tuple[Field, ...]] = ("tag", "text")


def open_export(path: Path, shown: str, number: int, columns: ColumnNames, named: Named, scratch: Path) -> Export:
    """The export at ``path``. ``number`` is unique per file; ``scratch`` is a private folder.

    Raises :class:`InputError`, which names the file and quotes none of its content.
    """
    where = printable(shown)
    if not is_export(path.name):
        hint = "use .csv, .json, .jsonl, .ndjson, .xlsx, .xls or .parquet, compressed as .gz or .zst or not"
        raise InputError("not a supported export format", where=where, hint=hint)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise InputError("not a regular file", where=where)
        with path.open("rb") as stream:
            empty = not stream.read(1)
    except FileNotFoundError:
        raise InputError("no such file", where=where) from None
    except OSError as problem:
        raise InputError(f"can't be read: {(problem.strerror or 'unknown reason').lower()}", where=where) from None
    if empty:
        raise InputError("the file is empty", where=where, hint="delete it, or export again")
    # DuckDB reads * ? and [ in a file name as a glob pattern.
    source = scratch / f"{number}{''.join(path.suffixes[-2:]).lower()}"
    source.symlink_to(path.absolute())

    recognised = partial(recognise, columns=columns, own=named.columns)

    def are_columns(names: Iterable[str]) -> bool:
        header = list(names)
        format_ = recognised(header)
        return bool(format_.counted or format_.column("time", set(map(plain_name, header))))

    found = converted(source, where, scratch, number, are_columns)
    read = {"csv": _csv, "jsonl": _json, "parquet": _parquet}[found.kind]
    return replace(read(found, where, status.st_size, number, recognised), named=named)


@contextmanager
def engine_errors(where: str) -> Iterator[None]:
    """Replace DuckDB errors, which may quote a row, by InputErrors that quote nothing."""
    import duckdb  # imported late: it takes a tenth of a second

    try:
        yield
    except duckdb.OutOfMemoryException:
        raise InputError("not enough memory or disk to count the mentions", where=where) from None
    except duckdb.IOException:
        raise InputError("can't be read to its end", where=where, hint="it may have changed meanwhile") from None
    except duckdb.Error:
        raise InputError(
            "can't be read: the content is not of the format its extension names", where=where, hint="export it again"
        ) from None


def _csv(found: EngineFile, where: str, size: int, number: int, recognised: _Recognise) -> Export:
    path = _one_line_ending(found.path)
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        text = stream.read(_HEAD)
    first = text.split("\n", 1)[0].split("\r", 1)[0]
    if "\ufffd" in first or "\0" in first:
        raise InputError("the header is not UTF-8 text", where=f"{where}:1", hint=AS_UTF8)
    delimiter = found.delimiter or max(",;\t|", key=first.count)
    try:
        header = next(csv.reader([first], delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration):
        raise InputError("the header can't be read", where=f"{where}:1") from None
    format_ = recognised(header)
    _refuse_no_header(header, format_, where)
    names = _columns_by_name(header, format_)
    escape = _escape(text, delimiter, len(header))
    types = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(len(header)))
    options = (
        f"{sql_text(str(path))}, auto_detect = false, header = true, delim = {sql_text(delimiter)}, quote = '\"',"
        f" escape = {sql_text(escape)}, new_line = '\\n', columns = {{{types}}}"
    )
    sample = _sample_rows(text, delimiter, escape)
    refuse_rounded_ids(sample, header, format_, where)
    named = plain_name(format_.column("time", names))
    place = next((index for index, name in enumerate(header) if named and plain_name(name) == named), len(header))
    times = [row[place] for row in sample if place < len(row)]
    # Files that were joined have a header in the middle: it is no lost row.
    heading = f"coalesce(c{place} = {sql_text(header[place])}, false)" if place < len(header) else "false"
    select = select_mention(format_, names, where, heading=heading)
    return Export(
        found,
        where,
        size,
        format_,
        f"{select} FROM read_csv({options}, {_logging_rejects(number)})",
        f"{select} FROM read_csv({options}, ignore_errors = true)",
        f"rejects_{number}",
        frozenset(names),
        time_format=infer_format(times),
    )


def _columns_by_name(header: Sequence[str], format_: Format) -> dict[str, str]:
    """Plain column name → SQL. Jira repeats the column of a field with several values; of others the first counts."""
    places: dict[str, list[str]] = {}
    for index, name in enumerate(header):
        places.setdefault(plain_name(name), []).append(f"c{index}")
    several = {plain_name(name) for field in _SEVERAL for name in format_.columns.get(field, ())}
    return {
        name: same[0]
        if len(same) == 1
        else f"nullif(concat_ws(',', {', '.join(same)}), '')"
        if name in several
        else f"coalesce({', '.join(same)})"
        for name, same in places.items()
    }


def _refuse_no_header(header: Sequence[str], format_: Format, where: str) -> None:
    """Raises :class:`InputError` where the first line is no header: a missing column is not what is wrong."""
    known = set(map(plain_name, header))
    if format_.counted or format_.column("time", known):
        return
    if not any(map(str.strip, header)):
        raise InputError("the file is empty", where=where, hint="delete it, or export again")
    if len(header) == 1:
        hint = "an export has a header, and a comma, semicolon or tab between its columns"
        raise InputError("the file has one column only", where=f"{where}:1", hint=hint)
    if any(_VALUE.match(name.strip()) for name in header):
        hint = "export it with a header, or write the names of the columns above the rows"
        raise InputError("the first line has values, not the names of columns", where=f"{where}:1", hint=hint)


def _escape(text: str, delimiter: str, columns: int) -> str:
    """The escape of a quote inside a quoted value: another quote, or the backslash of databases."""
    if '\\"' not in text:
        return '"'
    misfits = {
        escape: sum(len(row) != columns for row in _sample_rows(text, delimiter, escape)) for escape in ('"', "\\")
    }
    return min(misfits, key=misfits.__getitem__)


def _sample_rows(text: str, delimiter: str, escape: str) -> list[list[str]]:
    """The first rows after the header, as far as ``text`` goes."""
    rows = csv.reader(
        io.StringIO(text.rpartition("\n")[0] or text, newline=""), delimiter=delimiter,
        doublequote=escape == '"', escapechar=None if escape == '"' else escape,
    )  # fmt: skip
    found: list[list[str]] = []
    with suppress(csv.Error):
        found.extend(islice(rows, 1, _SAMPLE_LINES))
    return found


def _logging_rejects(number: int) -> str:
    names = f"rejects_table = 'rejects_{number}', rejects_scan = 'scan_{number}'"
    return f"store_rejects = true, {names}, rejects_limit = {_REJECTS}"


def _one_line_ending(path: Path) -> Path:
    """``path`` itself, or a copy in which all lines end in LF: DuckDB loses rows of files with mixed line endings."""
    with path.open("rb") as source:
        if not any(b"\r" in block for block in iter(lambda: source.read(_BLOCK), b"")):
            return path
    copy = path.with_suffix(f".lf{path.suffix}")
    with path.open("rb") as source, copy.open("wb") as target:
        held = b""
        while block := source.read(_BLOCK):
            block = held + block
            held = b"\r" if block.endswith(b"\r") else b""
            target.write(block.removesuffix(held).replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
        target.write(held.replace(b"\r", b"\n"))
    return copy


def _json(found: EngineFile, where: str, size: int, number: int, recognised: _Recognise) -> Export:
    path = _one_line_ending(found.path)
    paths = list(dict.fromkeys(place for each in _sample(path) for place in leaf_paths(each)))
    format_ = recognised(paths)
    # JSON escapes control characters, so U+0001 never occurs and each line is one value.
    options = (
        f"{sql_text(str(path))}, auto_detect = false, header = false, delim = '\x01', quote = '', escape = '',"
        f" new_line = '\\n', columns = {{'line': 'VARCHAR'}}, max_line_size = {_LONGEST_LINE}"
    )
    known = {plain_name(name): name for name in paths}
    if known and not format_.counted and not format_.column("time", known):
        raise InputError("no column for a time", where=where, hint=NAME_COLUMNS)
    wanted_places = [
        *(place for field in FIELDS for place in _places(format_, field, known)),
        *format_.counted,
        *format_.only,
        *format_.drop,
    ]
    if known and not format_.counted and not _has_topic(format_, known):
        raise InputError("no column for text, an article_id or a tag", where=where, hint=NAME_COLUMNS)
    places = list(dict.fromkeys(known.get(plain_name(place), place) for place in wanted_places))
    single = [place for place in places if "*" not in place]
    names = {plain_name(place): f"nullif(trim(v[{index + 1}]), '')" for index, place in enumerate(single)}
    for place in places:
        if "*" in place:
            names[plain_name(place)] = (
                f"nullif(array_to_string(json_extract_string(line, {_json_path(place)}), ','), '')"
            )
    wanted_paths = ", ".join(_json_path(place) for place in single)
    values = f"SELECT line, json_extract_string(line, [{wanted_paths}]) AS v, broken"
    select = select_mention(format_, names, where, broken="broken")
    is_object = "coalesce(json_valid(line) AND ltrim(line)[1] = '{', false)"
    checked = f"SELECT CASE WHEN {is_object} THEN line END AS line, NOT {is_object} AS broken"

    def rows(reading: str) -> str:
        return f"{select} FROM ({values} FROM ({checked} FROM read_csv({options}, {reading}) WHERE trim(line) <> ''))"

    return Export(
        found,
        where,
        size,
        format_,
        rows(_logging_rejects(number)),
        rows("ignore_errors = true"),
        f"rejects_{number}",
        frozenset(known),
        unit="line" if found.rows < 0 else "row",
    )


def _places(format_: Format, field: Field, known: Collection[str]) -> Sequence[str]:
    """Paths to extract for a field. Each costs time, so only those that the sampled lines have, except for texts."""
    places = format_.columns.get(field, ())
    if field == "text":
        return places
    found = [place for place in places if plain_name(place.partition("[")[0]) in known]
    return found if found or field in REPLY_COLUMNS else places


def _has_topic(format_: Format, known: Collection[str]) -> bool:
    """Whether rows have anything that says what they are about."""
    places = [place for field in ("text", "article_id", "tag") for place in format_.columns.get(field, ())]
    return any(plain_name(place.partition("[")[0]) in known or plain_name(place) in known for place in places)


def _sample(path: Path) -> list[Mapping[str, object]]:
    """The first objects of a file of JSON lines."""
    with path.open("rb") as stream:
        return [value for value in map(object_in, islice(stream, _SAMPLE_LINES)) if value is not None]


def _json_path(place: str) -> str:
    steps = "".join(
        f'."{name}"' + (f"[{rest}" if rest else "")
        for name, _, rest in (step.partition("[") for step in place.replace('"', "").split("."))
    )
    return sql_text(f"${steps}")


def _parquet(found: EngineFile, where: str, size: int, _number: int, recognised: _Recognise) -> Export:
    import duckdb

    path = sql_text(str(found.path))
    with engine_errors(where), duckdb.connect() as connection:
        relation = connection.sql(f"SELECT * FROM read_parquet({path})")
        header = list(zip(relation.columns, relation.types, strict=True))
    names: dict[str, str] = {}
    places = []
    for name, type_ in header:
        for place, value in _fields_of(name, _quoted(name), type_, 3):
            places.append(place)
            names.setdefault(plain_name(place), f"nullif(trim(CAST({value} AS VARCHAR)), '')")
    format_ = recognised(places)
    select = f"{select_mention(format_, names, where)} FROM read_parquet({path})"
    return Export(found, where, size, format_, select, select, "", frozenset(names))


def _fields_of(place: str, value: str, type_: DuckDBPyType, depth: int) -> Iterator[tuple[str, str]]:
    """(dotted path, SQL expression) of each value in a column, named as in JSON."""
    yield place, value
    if depth == 1:
        return
    if type_.id == "struct":
        for name, inner in _inner_types(type_):
            yield from _fields_of(f"{place}.{name}", f"{value}.{_quoted(name)}", inner, depth - 1)
    elif type_.id == "list" and (item := _inner_types(type_)[0][1]).id == "struct":
        for name, _ in _inner_types(item):
            field = _quoted(name)
            yield f"{place}[0].{name}", f"{value}[1].{field}"
            yield f"{place}[*].{name}", f"array_to_string(list_transform({value}, lambda each: each.{field}), ',')"


def _inner_types(type_: DuckDBPyType) -> list[tuple[str, DuckDBPyType]]:
    # The stubs also allow numbers, which only array types have.
    return cast("list[tuple[str, DuckDBPyType]]", type_.children)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
