"""Pins, their reasons, and gaps from counted mentions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from kb_builder.errors import Finding
from kb_builder.mentions.reader import Mentions, Reading
from kb_builder.mentions.settings import FEWEST_CUSTOMERS, TrendingSettings
from kb_builder.model import Article, Gap, Pin
from kb_builder.trends import wording
from kb_builder.trends.bursts import LEAST_HISTORY, Burst, Rules, Scan
from kb_builder.trends.gaps import Nearest, find_gaps

FRESH_DAYS: Final = 3
"""A pin ends this many days after the last counted day, so that a stopped export stops pinning."""
CHART_DAYS: Final = 28


@dataclass(frozen=True, slots=True)
class Series:
    """Customers per day up to the last complete day; counts below five are 0."""

    id: str
    segment: str | None
    customers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Trends:
    """Pins and gaps at ``now``."""

    now: datetime
    pins: tuple[Pin, ...]
    """For pages: of all customers (segment None), then of each declared segment; best first."""
    undeclared: tuple[Pin, ...] = ()
    """Of undeclared segments: shown by ``kb trends``, never on a page."""
    gaps: tuple[Gap, ...] = ()
    shown: Mapping[str, tuple[Pin, ...]] = field(default_factory=dict)
    """``all`` or declared segment → its pins: the segment's own, then those of all customers that it shares."""
    days: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """Day (``2026-03-02``) → ``all`` or segment → ids, best first, with all of that day counted."""
    reasons_nothing_pinned: tuple[str, ...] = ()
    """Empty when something is pinned for all customers."""
    series: tuple[Series, ...] = ()
    """For charts: one for each pin found by the scan."""
    segment_names: Mapping[str, str] = field(default_factory=dict)
    reading: Reading = field(default_factory=Reading)
    findings: tuple[Finding, ...] = ()
    """Findings about the exports."""


def find_trends(
    mentions: Mentions,
    *,
    articles: Sequence[Article],
    settings: TrendingSettings,
    now: datetime,
    zone: ZoneInfo,
    history: int = 0,
    nearest: Nearest | None = None,
) -> Trends:
    """Pins and gaps at ``now``, and the pins of each of the last ``history`` complete days.

    Only ``articles``, the public ones, can be pinned. ``nearest`` returns ids of articles similar to a phrase.
    """
    finder = _Finder(mentions, articles, settings, zone)
    today = now.astimezone(zone).date()
    shown = {scope: finder.pins(scope, today, now) for scope in finder.scopes}
    site = shown[_ALL]
    declared = [pin for scope in settings.segments for pin in shown[scope] if pin.segment == scope]
    undeclared = [pin for scope in finder.undeclared for pin in shown[scope] if pin.segment == scope]
    last = finder.newest_before(today)
    return Trends(
        now=now,
        pins=(*site, *declared),
        undeclared=tuple(undeclared),
        gaps=finder.gaps(now, nearest),
        shown={scope: pins for scope, pins in shown.items() if scope not in finder.undeclared},
        days={
            day.isoformat(): finder.ids(day, zone)
            for day in (today - timedelta(days=back) for back in range(history, 0, -1))
        },
        reasons_nothing_pinned=() if site else finder.reasons_nothing_pinned(today, now),
        series=tuple(finder.series(pin) for pin in (*site, *declared) if pin.state != "manual" and last is not None),
        segment_names=dict(settings.segments),
        reading=mentions.reading,
        findings=mentions.findings,
    )


def why_not_pinned(
    mentions: Mentions,
    id: str,
    *,
    articles: Sequence[Article],
    settings: TrendingSettings,
    now: datetime,
    zone: ZoneInfo,
) -> str:
    """Why an article is not pinned for all customers at ``now``."""
    return _Finder(mentions, articles, settings, zone).why_not(id, now.astimezone(zone).date(), now)


_ALL: Final = "all"


class _Finder:
    """Pins of one set of mentions at different times. Days are columns of the scans; 0 is the oldest mention."""

    def __init__(
        self, mentions: Mentions, articles: Sequence[Article], settings: TrendingSettings, zone: ZoneInfo
    ) -> None:
        self.mentions = mentions
        self.settings = settings
        self.zone = zone
        self.articles = {article.id: article for article in articles}
        thresholds = settings.thresholds
        self.rules = Rules(
            customers=max(thresholds.customers, FEWEST_CUSTOMERS),
            times_normal=thresholds.times_normal,
            still_times_normal=thresholds.still_times_normal,
            false_alarm=thresholds.false_alarm,
            longest_days=thresholds.longest_days,
            yields_to=thresholds.yields_to,
            slots=settings.slots,
        )
        self.last = mentions.newest - mentions.oldest
        """Column of the newest day; -1 when there are no mentions."""
        self.undeclared = tuple(mentions.segments[mentions.declared :])
        self.scopes = (_ALL, *settings.segments, *self.undeclared)
        self._scans: dict[str, Scan] = {}
        self._pins: dict[tuple[str, date], tuple[Pin, ...]] = {}
        self._has_mentions = mentions.table(0).sum(axis=0) > 0

    def day_at(self, column: int) -> date:
        return date(1970, 1, 1) + timedelta(days=self.mentions.first_day + self.mentions.oldest + column)

    def column(self, day: date) -> int:
        return (day - self.day_at(0)).days

    def scan(self, scope: str) -> Scan:
        if scope not in self._scans:
            number = 0 if scope == _ALL else self.mentions.segments.index(scope) + 1
            self._scans[scope] = Scan(
                self.mentions.table(number), self.day_at(0).weekday(), self.rules, vetoed=self._vetoed
            )
        return self._scans[scope]

    def _vetoed(self, topic: int, column: int) -> bool:
        return self.veto(self.mentions.topics[topic], column) != ""

    def veto(self, id: str, column: int) -> str:
        """Why an article may not be pinned at the end of a day; empty when it may."""
        article = self.articles.get(id)
        if article is None:
            return "not public"
        if article.unlisted:
            return "unlisted articles are not listed"
        if not article.trending:
            return "trending: false in its header"
        if id in map(self.settings.current, self.settings.never):
            return "never, in trending.yml"
        moment = _midnight(self.day_at(column + 1), self.zone)
        if any(self.settings.current(rule.id) == id and rule.covers(moment) for rule in self.settings.suppress):
            return "suppressed in trending.yml"
        return ""

    def newest_before(self, boundary: date) -> int | None:
        """Column of the last day with mentions before the day ``boundary``."""
        column = min(self.column(boundary) - 1, self.last)
        while column >= 0 and column != self.last and not self._has_mentions[column]:
            column -= 1
        return column if column >= 0 else None

    def bursts(self, scope: str, column: int | None) -> tuple[Burst, ...]:
        if column is None or (scope not in (_ALL, *self.mentions.segments)) or not self.scan(_ALL).has_history(column):
            return ()
        return self.scan(scope).bursts(column)

    def pins(self, scope: str, boundary: date, moment: datetime) -> tuple[Pin, ...]:
        """Pins of ``scope`` at ``moment``, from the days before ``boundary``."""
        column = self.newest_before(boundary)
        pins = [*self._by_hand(scope, moment, boundary), *self._found(scope, column, boundary)]
        if scope != _ALL:
            pins += [pin for pin in self.pins(_ALL, boundary, moment) if self._shares(scope, pin, column)]
        unique: dict[str, Pin] = {}
        for pin in pins:
            if pin.until > moment:
                unique.setdefault(pin.id, pin)
        return tuple(unique.values())[: self.settings.slots]

    def _found(self, scope: str, column: int | None, boundary: date) -> tuple[Pin, ...]:
        if column is None:
            return ()
        key = (scope, boundary)
        if key not in self._pins:
            self._pins[key] = tuple(self._pin(scope, burst, column, boundary) for burst in self.bursts(scope, column))
        return self._pins[key]

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
        return Pin(
            id=self.mentions.topics[burst.topic],
            segment=None if scope == _ALL else scope,
            state=size.momentum,
            since=since,
            until=_midnight(end, self.zone),
            score=round(burst.score, 2),
            why=wording.why(size, since, boundary),
            band=wording.band(size.seen, since, boundary),
            mentions=size.seen,
            expected=round(size.expected, 2),
        )

    def _by_hand(self, scope: str, moment: datetime, today: date) -> list[Pin]:
        pins = []
        for wanted in self.settings.pin:
            id = self.settings.current(wanted.id)
            article = self.articles.get(id)
            if (wanted.segment or _ALL) != scope or article is None or article.unlisted or not wanted.covers(moment):
                continue
            since = wanted.since.astimezone(self.zone).date() if wanted.since else None
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
                    band=wording.band_by_hand(since, today),
                    mentions=0,
                    expected=0.0,
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
        if self.last < 0 or self._stale(self.last, now):
            return ()
        return find_gaps(self.mentions.phrases, self.day_at(self.last), self.rules, nearest)

    def _stale(self, column: int, now: datetime) -> bool:
        return _midnight(self.day_at(column) + timedelta(days=1 + FRESH_DAYS), self.zone) <= now

    def series(self, pin: Pin) -> Series:
        counts = self.scan(pin.segment or _ALL).counts[self.mentions.topics.index(pin.id)]
        last = counts[max(0, self.last - CHART_DAYS + 1) : self.last + 1].astype(int).tolist()
        return Series(pin.id, pin.segment, tuple(count if count >= FEWEST_CUSTOMERS else 0 for count in last))

    def reasons_nothing_pinned(self, today: date, now: datetime) -> tuple[str, ...]:
        """Why nothing is pinned, the most important reason first."""
        column = self.newest_before(today)
        reason = self._nothing_known(column, today, now)
        return (reason,) if column is None or reason else tuple(self._near_misses(column))

    def _nothing_known(self, column: int | None, today: date, now: datetime) -> str:
        """Why no article can be pinned after the day ``column``; empty when one can."""
        if column is None:
            return "no mentions of complete days were read"
        if self.settings.slots == 0:
            return "slots is 0 in trending.yml"
        if not self.scan(_ALL).has_history(column):
            days = f"{column + 1} day{'' if column == 0 else 's'}"
            return f"{days} of mentions so far; {LEAST_HISTORY} are needed before anything can be called a trend"
        if self._stale(column, now):
            when = wording.day_words(self.day_at(column), today)
            return f"the newest mention is of {when}, and pins end {FRESH_DAYS} days after it"
        return ""

    def why_not(self, id: str, today: date, now: datetime) -> str:
        column = self.newest_before(today)
        if reason := self._nothing_known(column, today, now):
            return reason
        assert column is not None
        if reason := self.veto(id, column):
            return reason
        evidence = self.scan(_ALL).evidence(column)
        topic = self.mentions.topics.index(id)
        if evidence.score[topic] <= 0:
            return "not asked about more than usual"
        if self._unusual(topic, column) and len(self.pins(_ALL, today, now)) >= self.settings.slots:
            return "every slot is taken by what leads it"
        return self._shortfall(topic, column)

    def _unusual(self, topic: int, column: int) -> bool:
        evidence = self.scan(_ALL).evidence(column)
        recent = evidence.recent[topic] >= self.rules.still_times_normal
        return bool(evidence.enough[topic] and recent and evidence.score[topic] >= self.scan(_ALL).threshold(column))

    def _near_misses(self, column: int) -> list[str]:
        scan = self.scan(_ALL)
        evidence = scan.evidence(column)
        order = sorted(range(len(evidence.score)), key=lambda topic: (-evidence.score[topic], topic))
        for topic in order:
            id = self.mentions.topics[topic]
            if evidence.score[topic] <= 0:
                break
            if reason := self.veto(id, column):
                if evidence.enough[topic] and evidence.score[topic] >= scan.threshold(column):
                    return [f"held back: {self._title(id)} ({reason})", *self._without(column, order, topic)]
                continue
            return [f"best: {self._title(id)}, {self._shortfall(topic, column)}"]
        return ["nothing is asked about more than usual"]

    def _without(self, column: int, order: Sequence[int], held: int) -> list[str]:
        rest = [topic for topic in order if topic != held and not self._vetoed(topic, column)]
        if not rest or self.scan(_ALL).evidence(column).score[rest[0]] <= 0:
            return []
        return [f"best: {self._title(self.mentions.topics[rest[0]])}, {self._shortfall(rest[0], column)}"]

    def _title(self, id: str) -> str:
        return self.articles[id].title if id in self.articles else id

    def _shortfall(self, topic: int, column: int) -> str:
        scan = self.scan(_ALL)
        evidence, rules = scan.evidence(column), self.rules
        seen = round(float(evidence.seen[topic]))
        if seen < rules.customers:
            return f"fewer than {rules.customers} customers"
        if evidence.at_least[topic] < rules.times_normal:
            sure = f"{evidence.at_least[topic]:.1f} times normal for sure where {rules.times_normal:g} are needed"
            return f"{seen:,} customers, {sure}"
        if evidence.score[topic] < scan.threshold(column):
            return (
                f"{seen:,} customers, a score of {evidence.score[topic]:.1f}"
                f" where {scan.threshold(column):.1f} rules out chance"
            )
        if evidence.recent[topic] < rules.still_times_normal:
            return f"{seen:,} customers, but back to normal in the last two days"
        return f"{seen:,} customers, unusual for more than {rules.longest_days} days and so the new normal"


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
