"""The language of a site's pages and replies: interface texts, plurals, numbers, days and times.

``theme/words/<language>.json`` holds the texts (see :mod:`kb_builder.content.interface_words`); everything else is
CLDR's, by way of Babel.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import cached_property
from itertools import groupby
from typing import Final

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_day_names, get_timezone_location
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit
from markupsafe import Markup, escape

from kb_builder.content.interface_words import OTHER, SLOT, Text, locale_of
from kb_builder.model import Channel, Contact, OpeningHours, Phrase, Pin

DAY: Final = 24 * 60
SINCE: Final = ("since Monday", "since Tuesday", "since Wednesday", "since Thursday", "since Friday", "since Saturday",
                 "since Sunday")  # fmt: skip
NOON: Final = 12
EVENING: Final = 18


@dataclass(frozen=True)
class Language:
    """``code`` is the page's ``lang``; ``words`` maps English to that language. Missing texts stay English."""

    code: str = "en"
    words: Mapping[str, Text] = field(default_factory=dict)

    @cached_property
    def locale(self) -> Locale:
        """Babel's locale: dates, numbers and plural forms."""
        return locale_of(self.code)

    def word(self, english: str, **values: object) -> str:
        """``english`` in this language, with ``{name}`` filled in. Markup among the values makes it Markup.

        Numbers are written as the language does; ``{count}`` decides the plural form.
        """
        text = self.words.get(english, english)
        if not isinstance(text, str):
            count = values["count"]
            assert isinstance(count, int | float)
            text = text.get(self.locale.plural_form(count), text[OTHER])
        if "{" not in text:
            return text
        if any(isinstance(value, Markup) for value in values.values()):
            return Markup(SLOT.sub(lambda slot: escape(self._shown(values[slot[1]])), escape(text)))
        return SLOT.sub(lambda slot: str(self._shown(values[slot[1]])), text)

    def _shown(self, value: object) -> object:
        return self.number(value) if isinstance(value, int | float) else value

    def phrase(self, text: str) -> str:
        """A :class:`Phrase` in this language; another text as it is."""
        if not isinstance(text, Phrase):
            return text
        return self.word(text.template, **{name: self._part(value) for name, value in text.values.items()})

    def _part(self, value: object) -> object:
        if isinstance(value, date):
            return self.day(value)
        return self.phrase(value) if isinstance(value, str) else value

    def number(self, value: float, digits: int | None = None) -> str:
        """``1,234.5``, rounded to ``digits`` decimals if given."""
        pattern = None if digits is None else f"#,##0.{'0' * digits}" if digits else "#,##0"
        return format_decimal(value, pattern, locale=self.locale)

    def percent(self, share: float) -> str:
        """``61%``, rounded down: never more than was kept."""
        return format_percent(int(share * 100) / 100, locale=self.locale)

    def duration(self, duration: str) -> str:
        """``5 minutes``, ``1 hour`` or ``2 days``, as contact.yml has it, in this language."""
        number, _, unit = duration.partition(" ")
        return format_unit(int(number), f"duration-{unit.removesuffix('s')}", "long", locale=self.locale)

    def day(self, day: date, *, year: bool = True) -> str:
        """``3 November 2026``, or ``3 November``."""
        if year:
            return format_date(day, "long", locale=self.locale)
        return format_skeleton("MMMMd", datetime.combine(day, time()), locale=self.locale)

    def moment(self, moment: datetime) -> str:
        """``3 November 2026, 09:00``, in the zone of the time given."""
        return self.word("{day}, {time}", day=self.day(moment), time=self._time(moment.time(), "short"))

    def band(self, pin: Pin) -> str:
        """Why a topic is pinned, without numbers: ``many customers since Thursday``; empty if nothing is known."""
        since = self.since(pin.began or pin.since, pin.day) if pin.since_known else ""
        return self.word("{customers} {since}", customers=self.word(pin.band), since=since) if pin.band else since

    def since(self, since: date, today: date) -> str:
        """``since Thursday`` within a week, otherwise ``since 23 April``, with the year when it is another one.

        A time of the same day is ``since 9 this morning``: hourly pins end within hours. Otherwise never “today” or
        “yesterday”, because the page may be read days after it was built.
        """
        if isinstance(since, datetime):
            if since.date() == today:
                return self._since_hour(since.hour)
            since = since.date()
        if 0 <= (today - since).days < 7:
            return self.word(SINCE[since.weekday()])
        return self.word("since {date}", date=self.day(since, year=since.year != today.year))

    def _since_hour(self, hour: int) -> str:
        if hour % NOON == 0:
            return self.word("since noon") if hour else self.word("since midnight")
        if hour < NOON:
            return self.word("since {count} this morning", count=hour)
        if hour < EVENING:
            return self.word("since {count} this afternoon", count=hour - NOON)
        return self.word("since {count} this evening", count=hour - NOON)

    def hours(self, hours: OpeningHours) -> str:
        """``Monday to Friday, 9:00 to 17:00``."""
        word, end = self.word, hours.closes % DAY
        days = self._days(hours.days)
        if hours.opens == 0 and hours.closes == DAY:
            return self._capital(word("{days}, day and night", days=days))
        closes = self._clock(end)
        if hours.closes > DAY and end:
            closes = word("{time} the next day", time=closes)
        times = word("{opens} to {closes}", opens=self._clock(hours.opens), closes=closes)
        return self._capital(word("{days}, {times}", days=days, times=times))

    def contact(self, contact: Contact) -> Contact:
        """The channels with labels in this language, and the city of their zone; an author's own labels stay."""
        city = get_timezone_location(contact.time_zone, locale=self.locale, return_city=True)
        return replace(contact, channels=tuple(map(self._channel, contact.channels)), zone_city=city)

    def _channel(self, channel: Channel) -> Channel:
        return replace(
            channel,
            label=channel.label if channel.own_label else self.word(channel.label),
            hours_text=(self.word("Day and night"),) if channel.always else tuple(map(self.hours, channel.hours)),
            response_time=self.duration(channel.response_time),
        )

    def _clock(self, minutes: int) -> str:
        if not minutes:
            return self.word("midnight")
        pattern = str(self.locale.time_formats["short"].pattern).replace("HH", "H").replace("hh", "h")
        return self._time(time(minutes // 60, minutes % 60), pattern)

    def _time(self, time: time, pattern: str) -> str:
        """``9:00 AM`` is never broken between two lines."""
        return format_time(time, pattern, locale=self.locale).replace(" ", "\N{NO-BREAK SPACE}")

    def _days(self, days: Sequence[int]) -> str:
        if len(days) == 7:
            return self.word("every day")
        names = get_day_names("wide", "stand-alone", locale=self.locale)
        # A run may wrap around the weekend (Saturday to Monday): start where the previous day is missing.
        first = next(day for day in days if (day - 1) % 7 not in days)
        ordered = enumerate(sorted(days, key=lambda day: (day - first) % 7))
        parts: list[str] = []
        for _, same in groupby(ordered, lambda at: (at[1] - at[0]) % 7):
            run = [names[day] for _, day in same]
            parts += [self.word("{first} to {last}", first=run[0], last=run[-1])] if len(run) > 2 else run
        return format_list(parts, locale=self.locale)

    @staticmethod
    def _capital(text: str) -> str:
        return text[:1].upper() + text[1:]
