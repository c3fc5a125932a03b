"""The kinds of value that authors write in YAML, as pydantic types.

Validators that read dates take the default zone from the validation context: ``{"zone": ZoneInfo(…)}``.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Final, TypeAlias, TypeVar

from anyascii import anyascii
from pydantic import AfterValidator, BeforeValidator, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from kb_builder.errors import InputError, clip
from kb_builder.parsing import dates

T = TypeVar("T")

_FLAGS: Final = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,9}")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,9}(\.[0-9]{1,9})?")
_SLUG: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
LONGEST_SLUG: Final = 100


# Letters that have no Unicode decomposition into a Latin letter and a mark.
_LATIN: Final = str.maketrans(
    {"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "å": "a", "Å": "A",
     "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ł": "l", "Ł": "L", "þ": "th", "Þ": "Th", "ı": "i", "ħ": "h", "Ħ": "H",
     "'": "", "’": "", "ʼ": ""}
)  # fmt: skip


def plain_letters(text: str) -> str:
    """``text`` with Latin letters in ASCII (``Größe`` → ``Grosse``) and without apostrophes."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text).translate(_LATIN))
    return "".join(character for character in plain if not unicodedata.combining(character))


def slug(text: str) -> str:
    """``text`` as an id (``[a-z0-9-]``); empty when it has no Latin letter and no digit."""
    return re.sub(r"[^a-z0-9]+", "-", plain_letters(text).lower()).strip("-")[:LONGEST_SLUG].strip("-")


def romanised(text: str) -> str:
    """``text`` of any script as an id, letters of other scripts in Latin ones (``карта`` → ``karta``)."""
    return slug(anyascii(plain_letters(text)))


def refuse(message: str, hint: str = "", code: str = "bad-value") -> PydanticCustomError:
    """An error of a model's validator: ``message`` continues after the key (``must be a whole number``)."""
    return PydanticCustomError(code, "{message}", {"message": message, "hint": hint})


def _typed(value: object, kind: str) -> str:
    if not isinstance(value, str):
        raise refuse(f"must be {kind}, not {'a list' if isinstance(value, list) else 'a group of keys'}")
    return value


def flag(value: object) -> bool:
    """``true``, ``yes`` and ``on``, or ``false``, ``no`` and ``off``; anything else is refused."""
    if isinstance(value, bool):
        return value
    text = _typed(value, "true or false")
    if text.lower() not in _FLAGS:
        raise refuse(f'must be true or false, not "{clip(text)}"')
    return _FLAGS[text.lower()]


def _integer(value: object) -> object:
    if isinstance(value, int):
        return value
    text = _typed(value, "a whole number")
    if not _INTEGER.fullmatch(text):
        raise refuse(f'must be a whole number, not "{clip(text)}"')
    return int(text)


def number(value: object) -> float:
    """``2`` or ``1.5``; no exponents, infinities or underscores."""
    if isinstance(value, int | float):
        return float(value)
    text = _typed(value, "a number")
    if not _NUMBER.fullmatch(text):
        raise refuse(f'must be a number, not "{clip(text)}"')
    return float(text)


def _line(value: object) -> object:
    return " ".join(_typed(value, "text").split())


def _text(value: object) -> object:
    return "\n".join(line.rstrip() for line in _typed(value, "text").strip().split("\n"))


def _list(value: object) -> object:
    """A list, or the comma-separated parts of one text, without duplicates."""
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list | tuple):
        raise refuse("must be a list, not a group of keys", "write [one, two] or one item a line after a dash")
    cleaned = [" ".join(item.split()) if isinstance(item, str) else item for item in value]
    return list({str(item): item for item in cleaned if item != ""}.values())


def _sentences(value: object) -> object:
    return _list([value] if isinstance(value, str) else value)


def _slug(value: object) -> object:
    text = _typed(value, "text").strip()
    if not _SLUG.fullmatch(text) or len(text) > LONGEST_SLUG:
        meant = slug(text)
        raise refuse(
            f'must be made of a–z, 0–9 and hyphens, at most {LONGEST_SLUG}, not "{clip(text)}"',
            f"write {meant}" if meant else "write something like track-your-order",
        )
    return text


def _dated(read: Callable[[str, Any], T]) -> Callable[[object, ValidationInfo], T]:
    def validate(value: object, info: ValidationInfo) -> T:
        try:
            return read(_typed(value, "a date"), (info.context or {})["zone"])
        except InputError as error:
            raise refuse(error.problem, error.hint, "bad-date") from None

    return validate


def _duration(value: object) -> dates.Duration:
    try:
        return dates.parse_duration(_typed(value, "a span of time"))
    except InputError as error:
        raise refuse(error.problem, error.hint, "bad-duration") from None


_LIST_SCHEMA: Final = {
    "oneOf": [
        {"type": "array", "items": {"type": ["string", "number", "boolean"]}},
        {"type": "string", "description": "Items separated by commas."},
    ]
}
_DATE_SCHEMA: Final = {
    "type": "string",
    "description": "RFC 3339, a plain date, or local time with an IANA zone after it.",
    "examples": ["2026-03-29", "2026-03-29T09:00:00+01:00", "2026-03-29T09:00:00 Europe/London"],
}

# Editors' tools resolve YAML types: what is text here may be a number or a boolean there.
_TEXT_SCHEMA: Final = {"type": ["string", "number", "boolean"]}
_SLUG_SCHEMA: Final = {"type": ["string", "integer"], "pattern": f"^{_SLUG.pattern}$", "maxLength": LONGEST_SLUG}
_FLAG_SCHEMA: Final = {"enum": [True, False, *_FLAGS]}

Flag: TypeAlias = Annotated[bool, BeforeValidator(flag), WithJsonSchema(_FLAG_SCHEMA)]


def _zone(name: str) -> str:
    try:
        return dates.parse_zone(name).key
    except InputError as error:
        raise refuse(error.problem, error.hint, "bad-zone") from None


Integer: TypeAlias = Annotated[int, BeforeValidator(_integer)]
Number: TypeAlias = Annotated[float, BeforeValidator(number)]
Line: TypeAlias = Annotated[str, BeforeValidator(_line), WithJsonSchema(_TEXT_SCHEMA)]
"""Text on one line; runs of white space become one space."""
Zone: TypeAlias = Annotated[Line, AfterValidator(_zone)]
"""The name of a time zone."""
Text: TypeAlias = Annotated[str, BeforeValidator(_text), WithJsonSchema(_TEXT_SCHEMA)]
"""Text of one or more lines."""
Slug: TypeAlias = Annotated[str, BeforeValidator(_slug), WithJsonSchema(_SLUG_SCHEMA)]
TextList: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_list), WithJsonSchema(_LIST_SCHEMA)]
SentenceList: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_sentences), WithJsonSchema(_LIST_SCHEMA)]
"""A list of sentences; one text is one sentence, commas included."""
SlugList: TypeAlias = Annotated[tuple[Slug, ...], BeforeValidator(_list), WithJsonSchema(_LIST_SCHEMA)]
Moment: TypeAlias = Annotated[datetime, BeforeValidator(_dated(dates.parse_moment)), WithJsonSchema(_DATE_SCHEMA)]
Day: TypeAlias = Annotated[date, BeforeValidator(_dated(dates.parse_day)), WithJsonSchema(_DATE_SCHEMA)]
DayList: TypeAlias = Annotated[tuple[Day, ...], BeforeValidator(_list), WithJsonSchema(_LIST_SCHEMA)]
CalendarSpan: TypeAlias = Annotated[
    dates.Duration,
    BeforeValidator(_duration),
    WithJsonSchema({"type": "string", "examples": ["90 days", "6 months", "1 year"]}),
]
