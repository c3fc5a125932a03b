"""The language of a site's pages: interface texts, days and times.

The English text is the key; ``theme/words/<language>.json`` holds translations and ``theme/words/en.json`` lists every
text. Plurals have two forms at most, ``1 answer`` and ``{count} answers``: a language with more writes
``Answers: {count}``.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from difflib import get_close_matches
from typing import Final

from markupsafe import Markup, escape

from kb_builder.errors import InputError
from kb_builder.model import Channel, Contact, OpeningHours

DAY: Final = 24 * 60
ENGLISH: Final = "words/en.json"
"""Every interface text, below the theme folder."""
_MONTHS: Final = "January February March April May June July August September October November December".split()
_WEEKDAYS: Final = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_SLOT: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Language:
    """``code`` is the page's ``lang``; ``words`` maps English to that language. Missing texts stay English."""

    code: str = "en"
    words: Mapping[str, str] = field(default_factory=dict)

    def word(self, english: str, **values: object) -> str:
        """``english`` in this language, with ``{name}`` filled in. Markup among the values makes it Markup."""
        text = self.words.get(english, english)
        if "{" not in text:
            return text
        if any(isinstance(value, Markup) for value in values.values()):
            return Markup(_SLOT.sub(lambda slot: escape(values[slot[1]]), escape(text)))
        return _SLOT.sub(lambda slot: str(values[slot[1]]), text)

    def day(self, day: date, *, year: bool = True) -> str:
        """``3 November 2026``, or ``3 November``."""
        word = self.word
        month = word(_MONTHS[day.month - 1])
        if year:
            return word("{day} {month} {year}", day=day.day, month=month, year=day.year)
        return word("{day} {month}", day=day.day, month=month)

    def moment(self, time: datetime) -> str:
        """``3 November 2026, 09:00``, in the zone of the time given."""
        return self.word("{day}, {time}", day=self.day(time), time=f"{time:%H:%M}")

    def band(self, band: str, since: date) -> str:
        """``many customers since Thursday``, as ``trend_words`` writes it in English about ``since``."""
        who, found, when = band.rpartition("since ")
        if not found:
            return self.word(band)
        if when in _WEEKDAYS:
            told = self.word("since {weekday}", weekday=self.word(when))
        else:
            told = self.word("since {date}", date=self.day(since, year=when.endswith(str(since.year))))
        return self.word("{customers} {since}", customers=self.word(who.strip()), since=told) if who else told

    def hours(self, hours: OpeningHours) -> str:
        """``Monday to Friday, 9:00 to 17:00``."""
        word, end = self.word, hours.closes % DAY
        days = self._days(hours.days)
        if hours.opens == 0 and hours.closes == DAY:
            return self._capital(word("{days}, day and night", days=days))
        closes = word("{time} the next day", time=_clock(end)) if hours.closes > DAY and end else self._clock(end)
        times = word("{opens} to {closes}", opens=self._clock(hours.opens), closes=closes)
        return self._capital(word("{days}, {times}", days=days, times=times))

    def contact(self, contact: Contact) -> Contact:
        """The channels with labels in this language; an author's own labels stay."""
        return replace(contact, channels=tuple(map(self._channel, contact.channels)))

    def _channel(self, channel: Channel) -> Channel:
        number, _, unit = channel.response_time.partition(" ")
        wait = channel.response_time if number == "1" else f"{{count}} {unit}"
        return replace(
            channel,
            label=self.word(channel.label),
            hours_text=(self.word("Day and night"),) if channel.always else tuple(map(self.hours, channel.hours)),
            response_time=self.word(wait, count=number),
        )

    def _clock(self, minutes: int) -> str:
        return _clock(minutes) if minutes else self.word("midnight")

    def _days(self, days: Sequence[int]) -> str:
        word = self.word
        if len(days) == 7:
            return word("every day")
        # A run may wrap around the weekend (Saturday to Monday): start where the previous day is missing.
        first = next(day for day in days if (day - 1) % 7 not in days)
        runs: list[list[str]] = []
        last = None
        for day in sorted(days, key=lambda day: (day - first) % 7):
            if last is not None and (last + 1) % 7 == day:
                runs[-1].append(word(_WEEKDAYS[day]))
            else:
                runs.append([word(_WEEKDAYS[day])])
            last = day
        parts: list[str] = []
        for run in runs:
            parts += [word("{first} to {last}", first=run[0], last=run[-1])] if len(run) > 2 else run
        if len(parts) == 1:
            return parts[0]
        return word("{some} and {last}", some=word(", ").join(parts[:-1]), last=parts[-1])

    @staticmethod
    def _capital(text: str) -> str:
        return text[:1].upper() + text[1:]


def files_of(code: str) -> tuple[str, ...]:
    """The files, below a theme folder, with texts in ``code``; the later one takes precedence."""
    base = code.split("-")[0]
    return tuple(f"words/{name}.json" for name in dict.fromkeys((base, code)))


def read_words(data: bytes, where: str, known: Mapping[str, str]) -> dict[str, str]:
    """One translation file. Raises InputError for an unknown key, and for a text that lost or gained a ``{name}``."""
    try:
        words = json.loads(data)
    except ValueError as error:
        raise InputError(f"is not JSON: {error}", where=where, hint="copy theme/words/en.json to begin") from None
    if not isinstance(words, dict) or not all(isinstance(text, str) and text for text in words.values()):
        raise InputError("must be English words with their translations", where=where, hint='"Search": "Suchen"')
    for english, text in words.items():
        if english not in known:
            near = get_close_matches(english, known, n=1)
            hint = f'did you mean "{near[0]}"?' if near else "theme/words/en.json lists every text"
            raise InputError(f'unknown English text "{english}"', where=where, hint=hint)
        if set(_SLOT.findall(text)) != set(_SLOT.findall(english)):
            hint = "keep every {name} unchanged"
            raise InputError(f'"{text}" must have the same braces as "{english}"', where=where, hint=hint)
    return words


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"
