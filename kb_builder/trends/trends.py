"""Pins, their reasons, and gaps from counted mentions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from kb_builder.errors import Finding, in_order
from kb_builder.mentions.counted import Mentions, Reading
from kb_builder.mentions.settings import TrendingSettings
from kb_builder.model import Gap, Pin
from kb_builder.trends.gaps import Nearest
from kb_builder.trends.hour_history import hour_history
from kb_builder.trends.pin_finder import ALL, PinFinder, Series
from kb_builder.trends.reasons import not_pinned, nothing_pinned
from kb_builder.trends.stopped_channels import stopped_channels


@dataclass(frozen=True, slots=True)
class FoundTrends:
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
    hours: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """Full hour (``2026-03-02T09:00Z``) → ``all`` or segment → ids, best first, as a build at that hour showed them."""
    reasons_nothing_pinned: tuple[str, ...] = ()
    """Empty when something is pinned for all customers."""
    series: tuple[Series, ...] = ()
    """For charts: one for each pin found by the scan."""
    segment_names: Mapping[str, str] = field(default_factory=dict)
    reading: Reading = field(default_factory=Reading)
    findings: tuple[Finding, ...] = ()
    """Findings about the exports."""


def find_trends(
    finder: PinFinder, now: datetime, *, history: int = 0, history_hours: int = 0, nearest: Nearest | None = None
) -> FoundTrends:
    """Pins and gaps at ``now``, and the pins of each of the last ``history`` complete days.

    With the arrivals of its mentions also the pins of each of the last ``history_hours`` full hours. ``nearest``
    returns ids of articles similar to a phrase.
    """
    mentions, settings, zone = finder.mentions, finder.settings, finder.zone
    today = now.astimezone(zone).date()
    shown = {scope: finder.pins(scope, today, now, mentions.end_hour) for scope in finder.scopes}
    site = shown[ALL]
    declared = [pin for scope in settings.segments for pin in shown[scope] if pin.segment == scope]
    undeclared = [pin for scope in finder.undeclared for pin in shown[scope] if pin.segment == scope]
    last = finder.newest_before(today)
    return FoundTrends(
        now=now,
        pins=(*site, *declared),
        undeclared=tuple(undeclared),
        gaps=finder.gaps(now, nearest),
        shown={scope: pins for scope, pins in shown.items() if scope not in finder.undeclared},
        days={
            day.isoformat(): finder.ids(day, zone)
            for day in (today - timedelta(days=back) for back in range(history, 0, -1))
        },
        hours=hour_history(finder, now, history_hours) if history_hours else {},
        reasons_nothing_pinned=() if site else nothing_pinned(finder, today, now),
        series=tuple(finder.series(pin) for pin in (*site, *declared) if pin.state != "manual" and last is not None),
        segment_names=dict(settings.segments),
        reading=mentions.reading,
        findings=findings(mentions, settings, zone),
    )


def findings(mentions: Mentions, settings: TrendingSettings, zone: ZoneInfo) -> tuple[Finding, ...]:
    """Findings about the exports: what is wrong with rows, and channels that have stopped coming."""
    return in_order((*mentions.findings, *stopped_channels(mentions, settings, zone)))


def pins_for_all(finder: PinFinder, now: datetime) -> tuple[Pin, ...]:
    """The pins of all customers at ``now``, best first: what a reply needs, without segments, gaps and charts."""
    return finder.pins(ALL, now.astimezone(finder.zone).date(), now, finder.mentions.end_hour)


def why_not_pinned(finder: PinFinder, id: str, now: datetime) -> str:
    """Why an article is not pinned for all customers at ``now``."""
    return not_pinned(finder, id, now.astimezone(finder.zone).date(), now)
