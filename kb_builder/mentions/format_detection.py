"""Detects the format of an export by the names of its columns."""

from collections.abc import Container, Iterable
from dataclasses import replace

from kb_builder.mentions.formats import REPLY_COLUMNS, ColumnNames, Field, Format, plain_name
from kb_builder.mentions.presets import FORMATS, PLAIN


def recognise(header: Iterable[str], columns: ColumnNames, own: ColumnNames | None = None) -> Format:
    """The format of a file with these column names.

    ``own`` columns were named for this file and take precedence. ``columns`` were named for all files: they take
    precedence where no tool is recognised, and otherwise name what the tool's format doesn't find.
    """
    names = {plain_name(name) for name in header}
    known = next((each for each in FORMATS if {plain_name(need) for need in each.needs} <= names), PLAIN)
    if known.counted:
        return known
    found = _there(known.columns, names) if known is not PLAIN else {}
    common = {field: places for field, places in _there(columns, names).items() if field not in found}
    return replace(known, columns={**REPLY_COLUMNS, **known.columns, **common, **_there(own or {}, names)})


def _there(columns: ColumnNames, names: Container[str]) -> dict[Field, tuple[str, ...]]:
    """The fields that have a column among ``names``."""
    return {
        field: places
        for field, places in columns.items()
        if any(plain_name(place) in names or plain_name(place.partition("[")[0]) in names for place in places)
    }
