"""Pins from counted mentions: the daily scan, the hourly scan beside it, manual pins and vetoes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from kb_builder.mentions.channels import CHANNEL_CODES, SOCIAL
from kb_builder.mentions.counted import Mentions
from kb_builder.mentions.settings import FEWEST_CUSTOMERS, TrendingSettings
from kb_builder.model import Article, Gap, Phrase, Pin
from kb_builder.system.cache_keys import code_fingerprint, hash_of
from kb_builder.trends import wording
from kb_builder.trends.bursts import Scan
from kb_builder.trends.calendars import hour_calendar, month_before, public_holidays, weekdays
from kb_builder.trends.estimates import BASELINE_DAYS, Burst, Floats, Size
from kb_builder.trends.gaps import Nearest, find_gaps
from kb_builder.trends.hour_baseline import Calendar
from kb_builder.trends.hour_merge import Replay
from kb_builder.trends.hour_scan import HourScan
from kb_builder.trends.kept_days import NOTHING_KEPT, KeptDays, Storage
from kb_builder.trends.rules import Rules

ALL: Final = "all"
FRESH_DAYS: Final = 3
"""A pin ends this many days after the last counted day, so that a stopped export stops pinning."""
FRESH_HOURS: Final = 4
"""An hourly pin ends this many hours after the last counted hour."""
HOURLY_SEGMENT: Final = 200
"""Fewest customers a day of a segment that is scanned by hours."""
STOPPED: Final = 10
"""An export has stopped coming when ordinary hours would have brought this many customers and none came."""
CHART_DAYS: Final = 28


@dataclass(frozen=True, slots=True)
class Series:
    """Customers per day up to the last complete day; counts below five are 0."""

    id: str
    segment: str | None
    customers: tuple[int, ...]


class PinFinder:
    """Pins of one set of mentions at different times. Days are columns of the scans; 0 is the oldest mention.

    Only ``articles``, the public ones, can be pinned. ``zone`` is that in which days end.
    """

    def __init__(
        self,
        mentions: Mentions,
        articles: Sequence[Article],
        settings: TrendingSettings,
        zone: ZoneInfo,
        kept: Storage | None = None,
    ) -> None:
        """``kept`` is where what was found of past days lasts."""
        self.mentions = mentions
        self._kept = kept
        self.settings = settings
        self.zone = zone
        self.articles = {article.id: article for article in articles}
        self.rules = Rules(**settings.thresholds.model_dump(), slots=settings.slots)
        self.last = mentions.newest - mentions.oldest
        """Column of the newest day; -1 when there are no mentions."""
        self._newest = self.last
        self.undeclared = tuple(mentions.segments[mentions.declared :])
        self.scopes = (ALL, *settings.segments, *self.undeclared)
        self._scans: dict[str, Scan] = {}
        self._hour_scans: dict[str, HourScan] = {}
        self._replays: dict[str, Replay] = {}
        self._pins: dict[tuple[str, date, int | None], tuple[Pin, ...]] = {}
        self._vetoed: dict[tuple[int, int], bool] = {}
        self._has_mentions = self.day_table(ALL).sum(axis=0) > 0

    def day_at(self, column: int) -> date:
        """The local day of a column of the counts."""
        return date(1970, 1, 1) + timedelta(days=self.mentions.first_day + self.mentions.oldest + column)

    def column(self, day: date) -> int:
        """The column of a local day in the counts; negative before the oldest day."""
        return (day - self.day_at(0)).days

    def number(self, scope: str) -> int:
        """The number of a segment in the counts; 0 is all customers."""
        return 0 if scope == ALL else self.mentions.segments.index(scope) + 1

    def day_table(self, scope: str) -> Floats:
        """Fresh customers of shape (topics, days)."""
        return self.mentions.table(self.number(scope))

    @cached_property
    def holidays(self) -> frozenset[date]:
        """Public holidays of the counted days and of the two after them."""
        country, kept = self.settings.country_in(self.zone), KeptDays(self._kept, code_fingerprint())
        return public_holidays(country, self.day_at(0), self.day_at(self.last + 2), kept)

    def scan(self, scope: str) -> Scan:
        """The daily scan of a segment, or of all customers (:data:`ALL`); made once."""
        if scope not in self._scans:
            self._scans[scope] = Scan(
                self.day_table(scope),
                weekdays(self.day_at(0), self.last + 1, self.holidays),
                self.rules,
                vetoed=self.vetoed,
                month_before=month_before(self.day_at(0), self.last + 2),
                kept=replace(self._kept_days(), first_day=self.mentions.first_day + self.mentions.oldest),
            )
        return self._scans[scope]

    def _kept_days(self, *common: str) -> KeptDays:
        """Stored values of days; their keys hold ``common``, the code, the settings and the articles."""
        if self._kept is None:
            return NOTHING_KEPT
        articles = [(article.id, article.unlisted, article.trending) for article in self.articles.values()]
        settings = self.settings.model_dump_json()
        return KeptDays(
            self._kept,
            hash_of(code_fingerprint(), settings, self.zone.key, repr(articles), repr(self.mentions.topics), *common),
        )

    def hour_table(self, scope: str) -> NDArray[np.float32]:
        """Fresh customers of shape (topics, channels, hours from ``self.calendar.first``)."""
        return self.mentions.hour_table(self.number(scope), self.calendar.first, len(self.calendar.day))

    @cached_property
    def calendar(self) -> Calendar:
        """The hours of ``self.mentions.hours`` and two days more, without counts."""
        hours = self.mentions.hours.hour
        first = int(hours.min()) if len(hours) else self.mentions.end_hour
        return hour_calendar(first, self.mentions.end_hour - first + 48, self.zone, self.holidays)

    def hour_scan(self, scope: str) -> HourScan | None:
        """The hourly scan of a scope; None without hourly counts and for small segments."""
        if not self._has_hours(scope):
            return None
        if scope not in self._hour_scans:
            self._hour_scans[scope] = self._hour_scan(scope)
        return self._hour_scans[scope]

    def _has_hours(self, scope: str) -> bool:
        if scope == ALL:
            return bool(len(self.mentions.hours.hour))
        if scope not in self.mentions.segments:
            return False
        end = self._newest + 1
        recent = self.day_table(scope)[:, max(0, end - BASELINE_DAYS) : end]
        return bool(recent.sum() >= HOURLY_SEGMENT * recent.shape[1])

    def _hour_scan(self, scope: str) -> HourScan:
        ordinary = np.ones(len(self.mentions.topics))
        codes = self._channels.tolist()
        late = {CHANNEL_CODES[channel]: hours for channel, hours in self.settings.lag.items()}
        social = {CHANNEL_CODES[channel] for channel in SOCIAL}
        lags = tuple(late.get(code, 0) for code in codes)
        echoing = tuple(place for place, code in enumerate(codes) if code in social)

        def peaks(day: int) -> Floats:
            column = self._column_of(day)
            return self.scan(scope).peaks(column) if 0 <= column <= self.last + 1 else ordinary

        return HourScan(
            self.hour_table(scope),
            self.calendar,
            replace(self.rules, lags=lags, social=echoing),
            vetoed=lambda topic, hour: self.vetoed(topic, self._column_of(int(self.calendar.day[hour])) - 1),
            peaks=peaks,
            kept=self._kept_days(repr(codes)),
        )

    @cached_property
    def _channels(self) -> NDArray[np.int64]:
        """The channels of the hourly table."""
        return self.mentions.hour_channels()

    def _column_of(self, day: int) -> int:
        """The daily column of a local day of the hourly calendar."""
        return self.column(self.calendar.date) + day

    def vetoed(self, topic: int, column: int) -> bool:
        """Whether a topic may not be pinned at the end of a day."""
        if (topic, column) not in self._vetoed:
            self._vetoed[topic, column] = self.veto(self.mentions.topics[topic], column) != ""
        return self._vetoed[topic, column]

    def veto(self, id: str, column: int) -> str:
        """Why an article may not be pinned at the end of a day; empty when it may."""
        article = self.articles.get(id)
        if article is None:
            return Phrase.of("not public")
        if article.unlisted:
            return Phrase.of("unlisted articles are not listed")
        if not article.trending:
            return Phrase.of("trending: false in its header")
        if id in map(self.settings.current, self.settings.never):
            return Phrase.of("never, in trending.yml")
        moment = _midnight(self.day_at(column + 1), self.zone)
        if any(self.settings.current(rule.id) == id and rule.covers(moment) for rule in self.settings.suppress):
            return Phrase.of("suppressed in trending.yml")
        return ""

    def newest_before(self, boundary: date) -> int | None:
        """Column of the last day with mentions before the day ``boundary``."""
        column = min(self.column(boundary) - 1, self.last)
        while column >= 0 and column != self.last and not self._has_mentions[column]:
            column -= 1
        return column if column >= 0 else None

    def bursts(self, scope: str, column: int | None) -> tuple[Burst, ...]:
        """The bursts at the end of a day, strongest first; none with too few days before it."""
        if column is None or (scope not in (ALL, *self.mentions.segments)) or not self.scan(ALL).has_history(column):
            return ()
        return self.scan(scope).bursts(column)

    def pins(self, scope: str, boundary: date, moment: datetime, hour: int | None = None) -> tuple[Pin, ...]:
        """Pins of ``scope`` at ``moment``, from the days before ``boundary`` and the hours before ``hour``."""
        column = self.newest_before(boundary)
        pins = [*self._by_hand(scope, moment, boundary), *self._found(scope, column, boundary, hour)]
        if scope != ALL:
            pins += [pin for pin in self.pins(ALL, boundary, moment, hour) if self._shares(scope, pin, column)]
        unique: dict[str, Pin] = {}
        for pin in pins:
            if pin.until > moment:
                unique.setdefault(pin.id, pin)
        return tuple(unique.values())[: self.settings.slots]

    def _found(self, scope: str, column: int | None, boundary: date, hour: int | None) -> tuple[Pin, ...]:
        if column is None:
            return ()
        key = (scope, boundary, hour)
        if key not in self._pins:
            daily = self._daily(scope, boundary, boundary)
            pins = tuple(daily.values())
            if hour is not None and (merged := self._merged(scope, hour)) is not None:
                shown, hourly = merged
                within = {topic: self._hour_pin(scope, hourly[topic], hour) for topic in shown if topic in hourly}
                held = self._daily(scope, boundary - timedelta(days=1), boundary)
                pins = tuple(daily.get(topic) or within.get(topic) or held[topic] for topic in shown)
            self._pins[key] = pins
        return self._pins[key]

    def _daily(self, scope: str, before: date, boundary: date) -> Mapping[int, Pin]:
        """The daily pins of the days before ``before`` by topic, as pins of the day ``boundary``."""
        column = self.newest_before(before)
        if column is None:
            return {}
        return {burst.topic: self._pin(scope, burst, column, boundary) for burst in self.bursts(scope, column)}

    def _merged(self, scope: str, hour: int) -> tuple[tuple[int, ...], Mapping[int, Burst]] | None:
        """Topics shown at ``hour``, best first, and the hourly pins; None where there is no hourly scan."""
        scan = self.hour_scan(scope)
        end = hour - self.calendar.first
        if scan is None or end < 1:
            return None
        replay = self._replays.setdefault(scope, Replay(scan))

        def daily(day: int) -> Mapping[int, float]:
            column = self.newest_before(self.day_at(self._column_of(day)))
            return {burst.topic: burst.score for burst in self.bursts(scope, column)}

        return replay.pins(end, daily)

    def _hour_pin(self, scope: str, found: Burst, hour: int) -> Pin:
        scan = self.hour_scan(scope)
        assert scan is not None
        size = scan.size(found, hour - self.calendar.first)
        began = _moment(self.calendar.first + found.start).astimezone(self.zone)
        today = _moment(hour).astimezone(self.zone).date()
        end = min(began + timedelta(days=self.rules.longest_days), _moment(self._as_of(hour) + FRESH_HOURS))
        return self._pin_of(scope, found, size, began, end.astimezone(self.zone), today)

    def _as_of(self, hour: int) -> int:
        """The hour up to which the export has come: ``hour``, or less when ordinary hours would have brought more."""
        scan = self.hour_scan(ALL)
        assert scan is not None
        end = hour - self.calendar.first
        newest = scan.newest(end)
        stopped = end - newest >= 2 and scan.usual(newest, end) >= STOPPED
        return self.calendar.first + newest if stopped else hour

    def _shares(self, scope: str, pin: Pin, column: int | None) -> bool:
        """Whether the topic is above normal in the segment too."""
        if pin.state == "manual" or column is None:
            return True
        if scope not in self.mentions.segments:
            return False
        recent = self.scan(scope).evidence(column).recent[self.mentions.topics.index(pin.id)]
        return bool(recent >= self.rules.still_times_normal)

    def _pin(self, scope: str, burst: Burst, column: int, boundary: date) -> Pin:
        size = self.scan(scope).size(burst, column)
        since = self.day_at(burst.start)
        end = min(since + timedelta(days=self.rules.longest_days), self.day_at(column) + timedelta(days=1 + FRESH_DAYS))
        return self._pin_of(scope, burst, size, since, _midnight(end, self.zone), boundary)

    def _pin_of(self, scope: str, burst: Burst, size: Size, since: date, until: datetime, today: date) -> Pin:
        """``since`` is the moment when a burst of the hourly scan began."""
        began = since if isinstance(since, datetime) else None
        words = wording.since_words(began, today) if began else f"since {wording.day_words(since, today)}"
        return Pin(
            id=self.mentions.topics[burst.topic],
            segment=None if scope == ALL else scope,
            state=size.momentum,
            since=began.date() if began else since,
            until=until,
            score=round(burst.score, 2),
            why=wording.why(size, "hour" if began else "day", words),
            band=wording.band(size.seen),
            mentions=size.seen,
            expected=round(size.expected, 2),
            day=today,
            began=began,
        )

    def _by_hand(self, scope: str, moment: datetime, today: date) -> list[Pin]:
        pins = []
        for wanted in self.settings.pin:
            id = self.settings.current(wanted.id)
            article = self.articles.get(id)
            if (wanted.segment or ALL) != scope or article is None or article.unlisted or not wanted.covers(moment):
                continue
            since = wanted.start.astimezone(self.zone).date() if wanted.start else None
            until = wanted.until.astimezone(self.zone).date()
            pins.append(
                Pin(
                    id=id,
                    segment=wanted.segment,
                    state="manual",
                    since=since or today,
                    until=wanted.until,
                    score=0.0,
                    why=wording.why_by_hand(until, today),
                    band="",
                    mentions=0,
                    expected=0.0,
                    day=today,
                    since_known=since is not None,
                )
            )
        return pins

    def ids(self, day: date, zone: ZoneInfo) -> dict[str, tuple[str, ...]]:
        """The pins of a day, all of it counted: scope → ids."""
        boundary = day + timedelta(days=1)
        moment = _midnight(boundary, zone)
        return {scope: tuple(pin.id for pin in self.pins(scope, boundary, moment)) for scope in self.scopes}

    def gaps(self, now: datetime, nearest: Nearest | None) -> tuple[Gap, ...]:
        """Gaps end as pins do when an export stops coming."""
        if self.last < 0 or self.stale(self.last, now):
            return ()
        return find_gaps(self.mentions.phrases, self.day_at(self.last), self.rules, nearest)

    def stale(self, column: int, now: datetime) -> bool:
        """Whether ``now`` is so late that pins of a column have ended."""
        return _midnight(self.day_at(column) + timedelta(days=1 + FRESH_DAYS), self.zone) <= now

    def series(self, pin: Pin) -> Series:
        """Customers a day for the chart of a pin; 0 for days with fewer than five."""
        counts = self.scan(pin.segment or ALL).counts[self.mentions.topics.index(pin.id)]
        last = counts[max(0, self.last - CHART_DAYS + 1) : self.last + 1].astype(int).tolist()
        return Series(pin.id, pin.segment, tuple(count if count >= FEWEST_CUSTOMERS else 0 for count in last))


def _moment(hour: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=hour)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
