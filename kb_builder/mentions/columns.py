"""The SQL columns of a mention out of those of an export."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from kb_builder.errors import GUIDES, InputError
from kb_builder.mentions.formats import AGGREGATE, FIELDS, OPEN_WAITS, REPLY_PLACES, WAITS, Format, plain_name
from kb_builder.mentions.sql import NOT_READ, may_be_time, sql_text
from kb_builder.mentions.times import plain_time

NAME_COLUMNS: Final = (
    f'name the columns under "columns:" in trending.yml, or rename them; {GUIDES}/trending.md has the list'
)
_LIST_MARKS: Final = sql_text("[]['\"]")
"""Pattern of what surrounds the items of a list written as text."""

_UNITS, _OPEN_UNITS = (
    {
        plain_name(place + name): seconds
        for seconds, names in waits.items()
        for name in names.split()
        for place in REPLY_PLACES
    }
    for waits in (WAITS, OPEN_WAITS)
)
"""Plain column name → seconds of its unit; a name of ``columns:`` is in minutes."""


def select_mention(
    format_: Format, names: Mapping[str, str], where: str, *, broken: str = "false", heading: str = "false"
) -> str:
    """The columns of a mention out of ``names``: plain column name → SQL expression of text or NULL.

    ``broken`` and ``heading`` are SQL: whether a row is no record, and whether it repeats the names of the columns.
    Raises InputError for a column that is needed and missing.
    """
    if format_.counted:
        values = {column: names.get(column, "CAST(NULL AS VARCHAR)") for column in format_.counted}
        if format_.name == AGGREGATE:
            hour, day = values.pop("hour"), values["day"]
            values |= {"day": f"coalesce({hour}, {day})", "by_hour": f"{hour} IS NOT NULL"}
        values["broken"] = f"coalesce({broken}, false)"
        return f"SELECT {', '.join(f'{value} AS {column}' for column, value in values.items())}"
    found = {
        field: [names[plain_name(place)] for place in format_.columns.get(field, ()) if plain_name(place) in names]
        for field in FIELDS
    }
    if not found["time"] or not (found["text"] or found["article_id"] or found["tag"]):
        missing = "a time" if not found["time"] else "text, an article_id or a tag"
        raise InputError(f"no column for {missing}", where=where, hint=NAME_COLUMNS)
    columns = []
    for field in FIELDS:
        if field == "text" and found[field]:
            columns.append(f"nullif(concat_ws(' ', {', '.join(found[field])}), '') AS text")
        elif field == "reply_minutes":
            places = map(plain_name, format_.columns.get(field, ()))
            columns.append(_wait_columns({place: names[place] for place in places if place in names}))
        elif field == "id":
            columns.append(f"{_first(found[field])} AS {field}")
        elif field == "time":
            columns.append(f"{plain_time(_first(found[field]))} AS {field}")
        else:
            # Few values contain spaces; trimming all of them would take a tenth of the reading time.
            value = _first(found[field])
            if field == "tag":
                # pandas writes a list as Python does: ['late-parcel', 'vip']
                plain = f"regexp_replace({value}, {_LIST_MARKS}, '', 'g')"
                value = f"CASE WHEN {value}[1] = '[' THEN {plain} ELSE {value} END"
            elif field == "customer_id":
                # A quote in front keeps a spreadsheet from taking a value for a formula.
                value = f"CASE WHEN {value}[1] = chr(39) THEN {value}[2:] ELSE {value} END"
            columns.append(
                f"CASE WHEN contains({value}, ' ') THEN nullif(trim({value}), '') ELSE {value} END AS {field}"
            )
    columns[FIELDS.index("channel")] = f"coalesce({_first(found['channel'])}, {sql_text(format_.channel)}) AS channel"
    columns += [f"coalesce({broken}, false) AS broken", f"{_excluded(format_, names, heading)} AS excluded"]
    return f"SELECT {', '.join(columns)}"


def _first(expressions: Iterable[str]) -> str:
    return f"coalesce({', '.join([*expressions, 'CAST(NULL AS VARCHAR)'])})"


def _excluded(format_: Format, names: Mapping[str, str], heading: str) -> str:
    """SQL: whether a row is not a customer's: sent by staff or a bot, marked as spam, or a header written again."""
    tests = [heading] if heading != "false" else []
    for rules, verb in ((format_.only, "NOT IN"), (format_.drop, "IN")):
        for column, values in rules.items():
            if value := names.get(plain_name(column)):
                word = f"replace(lower({value}), ' ', '_')"
                listed = ", ".join(map(sql_text, sorted(values)))
                tests.append(f"coalesce({word} {verb} ({listed}), false)" if values else f"{value} IS NOT NULL")
    return f"({' OR '.join(tests) or 'false'})"


def _wait_columns(found: Mapping[str, str]) -> str:
    """SQL columns ``waited`` and ``waited_open`` in seconds, from plain column name → SQL expression of text."""
    waits = [_wait(value, _UNITS.get(name, 60.0)) for name, value in found.items() if name not in _OPEN_UNITS]
    busy = [_wait(value, _OPEN_UNITS[name]) for name, value in found.items() if name in _OPEN_UNITS]
    first, first_busy = (f"coalesce({', '.join([*each, 'CAST(NULL AS DOUBLE)'])})" for each in (waits, busy))
    return f"{first} AS waited, {first_busy} AS waited_open"


def _wait(value: str, seconds: float) -> str:
    """Seconds from a number, or from hours, minutes and seconds with colons whatever the unit; not a number for what
    can't be read."""
    hours, minutes, rest = (f"try_cast(split_part({value}, ':', {place}) AS DOUBLE)" for place in (1, 2, 3))
    clock = f"{hours} * 3600 + {minutes} * 60 + coalesce({rest}, 0)"
    number = f"CASE WHEN contains({value}, ':') THEN {clock} ELSE try_cast({value} AS DOUBLE) * {seconds} END"
    unread = f"CASE WHEN {may_be_time(value)} THEN {NOT_READ} END"
    return f"CASE WHEN regexp_matches({value}, '[0-9]') THEN coalesce({number}, {unread}) END"
