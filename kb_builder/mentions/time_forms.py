"""The form in which a file writes its times, found from its first rows where it has only one meaning."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

SERIAL: Final = "serial"
"""Days since 1899-12-30, as spreadsheets count: not a format of ``strptime``."""
_NUMERIC: Final = re.compile(
    r"(\d{1,2})([/.-])(\d{1,2}|[^\W\d_]{3,9})\2(\d{4}|\d{2})(?:(,? )(\d{1,2}):\d{2}(:\d{2})?( ?[AaPp][Mm])?)?"
)
_SERIAL_DAYS: Final = re.compile(r"[2-7]\d{4}(?:[.,]\d+)?")
UNSEEN: Final = "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
"""Marks of direction, and spaces without width: programs put them around times."""
WIDE_SPACES: Final = "\u00a0\u2009\u202f"
"""Spaces that do not break: browsers put them before AM and PM."""
_UNSEEN: Final = {**dict.fromkeys(map(ord, UNSEEN)), **dict.fromkeys(map(ord, WIDE_SPACES), " ")}
_LANGUAGES: Final = ("de", "fr", "es", "pt", "sv", "ar", "nl", "it", "pl")


def infer_format(values: Iterable[str]) -> str | None:
    """The ``strptime`` format of all ``values``, or :data:`SERIAL`.

    None when they have no common one, when the engine reads it without a format, or when day and month could be
    exchanged.
    """
    times = [value for value in (_plain(value) for value in values) if value]
    if times and all(_SERIAL_DAYS.fullmatch(value) for value in times):
        return SERIAL
    matches = [match for value in times if (match := _NUMERIC.fullmatch(value))]
    if len(matches) < len(times) or len(set(map(_shape, matches))) != 1:
        return None
    first = matches[0]
    separator, named = first[2], first[3].isalpha()
    pairs = [(int(match[1]), 0 if named else int(match[3])) for match in matches]
    day_first = named or all(month <= 12 for _, month in pairs)
    month_first = not named and separator != "." and all(month <= 12 for month, _ in pairs)
    if day_first == month_first:
        return None
    month = "%b" if named else "%m"
    year = "%Y" if len(first[4]) == 4 else "%y"
    day = separator.join(("%d", month, year) if day_first else (month, "%d", year))
    return day + _hour_format(first)


def _plain(value: str) -> str:
    """A time without marks of direction, and with plain spaces, as :func:`kb_builder.mentions.times.plain_time`."""
    return value.translate(_UNSEEN).strip()


def _shape(match: re.Match[str]) -> tuple[object, ...]:
    half_day = match[8] or ""
    return match[2], match[3].isalpha(), len(match[4]), match[5], bool(match[7]), bool(half_day), half_day[:1] == " "


def _hour_format(match: re.Match[str]) -> str:
    if match[6] is None:
        return ""
    seconds = ":%S" if match[7] else ""
    if match[8]:
        return f"{match[5]}%I:%M{seconds}{' ' if match[8].startswith(' ') else ''}%p"
    return f"{match[5]}%H:%M{seconds}"


def form_of(value: str) -> str:
    """The pattern of a value, without its content: digits as 9, letters as a."""
    shown = re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", value.strip()))
    return re.sub(r"a{4,}", "aaa…", shown)[:30]


@cache
def month_names() -> tuple[tuple[str, str], ...]:
    """(pattern of a month's names in the languages of the interface, its English abbreviation), from CLDR."""
    from babel.dates import get_month_names

    found = []
    english = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
    for number, short in enumerate(english, start=1):
        names = {
            get_month_names(width, context, language)[number].lower().rstrip(".")
            for language in _LANGUAGES
            for width in ("wide", "abbreviated")
            for context in ("format", "stand-alone")
        }
        longest_first = sorted(filter(str.isalpha, names), key=lambda name: (-len(name), name))
        words = "|".join(longest_first)
        found.append((rf"(^|[^\pL])(?:{words})\.?([^\pL]|$)", rf"\1{short}\2"))
    return tuple(found)
