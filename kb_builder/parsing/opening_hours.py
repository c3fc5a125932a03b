"""Opening hours as schema.org writes them (https://schema.org/openingHours); ``interface_language`` writes text."""

import re
from collections.abc import Iterable
from typing import Final

from kb_builder.errors import InputError, clip
from kb_builder.model import OpeningHours

DAY: Final = 24 * 60
ALWAYS: Final = OpeningHours(tuple(range(7)), 0, DAY)
_CODES: Final = ("mo", "tu", "we", "th", "fr", "sa", "su")
_LINE: Final = re.compile(r"(?P<days>[A-Za-z,-]+)(?: (?P<times>[0-9:,-]+))?", re.ASCII)
_TIMES: Final = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})", re.ASCII)
_EXAMPLE: Final = "write Mo-Fr 09:00-17:00, or Mo,We 10:00-12:00, or 24/7"


def parse(text: str) -> tuple[OpeningHours, ...]:
    """``Mo-Fr 09:00-17:00``, ``Mo,We 10:00-12:00,13:00-15:00``, ``Sa-Su`` (all day), ``24/7``.

    A closing time before the opening one is on the next day: Friday 18:00-02:00 closes 26 hours after Friday began.
    Raises InputError, whose problem continues after the name of a key.
    """
    line = re.sub(r" ?([,-]) ?", r"\1", " ".join(text.replace("–", "-").split()))
    if line == "24/7":
        return (ALWAYS,)
    match = _LINE.fullmatch(line)
    if match is None:
        raise InputError(f'must be opening hours, not "{clip(line)}"', hint=_EXAMPLE)
    days = _days(match["days"], line)
    if match["times"] is None:
        return (OpeningHours(days, 0, DAY),)
    return tuple(OpeningHours(days, *_span(times, line)) for times in match["times"].split(","))


def is_always(hours: Iterable[OpeningHours]) -> bool:
    """Whether the hours cover every minute of the week."""
    whole_days = {day for span in hours for day in span.days if span.opens == 0 and span.closes >= DAY}
    return len(whole_days) == 7


def _days(text: str, line: str) -> tuple[int, ...]:
    days: set[int] = set()
    for part in text.lower().split(","):
        ends = [_CODES.index(code) if code in _CODES else -1 for code in part.split("-")]
        if -1 in ends or len(ends) > 2:
            raise InputError(f'names unknown days: "{clip(line)}"', hint="days are Mo, Tu, We, Th, Fr, Sa and Su")
        first, last = ends[0], ends[-1]
        days.update((first + step) % 7 for step in range((last - first) % 7 + 1))
    return tuple(sorted(days))


def _span(text: str, line: str) -> tuple[int, int]:
    match = _TIMES.fullmatch(text)
    if match is None:
        raise InputError(f'must be opening hours, not "{clip(line)}"', hint=_EXAMPLE)
    opens_hour, opens_minute, closes_hour, closes_minute = map(int, match.groups())
    opens, closes = opens_hour * 60 + opens_minute, closes_hour * 60 + closes_minute
    if max(opens_minute, closes_minute) > 59 or opens >= DAY or closes > DAY:
        raise InputError(f'has an invalid time: "{clip(line)}"', hint="times go from 00:00 to 24:00")
    if opens == closes:
        hint = "write 00:00-24:00 for the whole day"
        raise InputError(f'opens and closes at the same time: "{clip(line)}"', hint=hint)
    return opens, closes if closes > opens else closes + DAY
