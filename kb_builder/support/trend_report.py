"""Trends and gaps for staff: as text with small charts for the terminal, and as JSON for scripts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final, TypeAlias

from kb_builder.errors import Severity, counted
from kb_builder.mentions.counted import Reading
from kb_builder.model import Article, Gap, Pin
from kb_builder.support.posts import POST_CHANNELS
from kb_builder.trends.pin_finder import ALL, Series
from kb_builder.trends.trends import FoundTrends
from kb_builder.trends.wording import day_words, moment_words, quantity

_BARS: Final = "▁▂▃▄▅▆▇█"
Write: TypeAlias = Callable[[Pin, str, str], str]
"""The text to publish for a pin on a channel, for the segment with this name; empty for everybody."""


def to_json(trends: FoundTrends, articles: Mapping[str, Article], site_url: str, write: Write) -> dict[str, Any]:
    """The shape of ``kb trends --json``, as docs/trending.md has it. ``articles`` by id; ``site_url`` ends in a slash.

    ``post`` holds a text for each channel. ``days`` and ``hours`` are there only when they were asked for.
    """
    result: dict[str, Any] = {
        "now": trends.now.isoformat(),
        "pins": [
            _pin_json(pin, articles[pin.id], site_url, trends, write) for pin in (*trends.pins, *trends.undeclared)
        ],
        "gaps": [asdict(gap) for gap in trends.gaps],
        "reasons_nothing_pinned": list(trends.reasons_nothing_pinned),
        "reading": asdict(trends.reading),
        "findings": [asdict(finding) for finding in trends.findings],
    }
    for name, past in (("days", trends.days), ("hours", trends.hours)):
        if past:
            result[name] = {when: {scope: list(ids) for scope, ids in scopes.items()} for when, scopes in past.items()}
    return result


def text(trends: FoundTrends, articles: Mapping[str, Article]) -> str:
    """The output of ``kb trends``: the pins of everybody, then of each segment, with why; or why there are none."""
    charts = {(series.id, series.segment): series for series in trends.series}
    lines: list[str] = []
    site = [pin for pin in trends.pins if pin.segment is None]
    if site:
        lines += ["Pinned for everybody", ""]
        lines += _pins(site, articles, charts, trends)
    else:
        lines += ["Nothing is pinned for everybody."]
        lines += [f"  {reason}" for reason in trends.reasons_nothing_pinned]
    others = [pin for pin in (*trends.pins, *trends.undeclared) if pin.segment is not None]
    for segment in dict.fromkeys(pin.segment for pin in others):
        name = trends.segment_names.get(str(segment), f"{segment}, a segment that is not declared")
        lines += ["", f"Pinned for {name}", ""]
        lines += _pins([pin for pin in others if pin.segment == segment], articles, charts, trends)
    if trends.gaps:
        lines += ["", gaps_text(trends.gaps)]
    for title, past in (("Pins at the end of each day", trends.days), ("Pins of each hour", trends.hours)):
        if past:
            lines += ["", title]
            lines += [f"  {when}  {', '.join(scopes['all']) or '–'}" for when, scopes in past.items()]
    lines += ["", reading_text(trends.reading)]
    lines += [str(finding) for finding in trends.findings if finding.severity is Severity.WARNING]
    return "\n".join(lines)


def gaps_text(gaps: Sequence[Gap]) -> str:
    """The output of ``kb gaps``."""
    if not gaps:
        return "No burst of questions without an answer."
    lines = ["Asked by many, answered by no article", ""]
    for gap in gaps:
        nearest = f"; nearest: {', '.join(gap.nearest)}" if gap.nearest else ""
        since = f"since {day_words(gap.since, gap.since)} {gap.since.year}"
        lines.append(f"  “{gap.phrase}”")
        lines.append(f"    {gap.customers:,} customers, {quantity(gap.expected)} expected, {since}{nearest}")
    return "\n".join(lines)


def posts(trends: FoundTrends, channel: str, write: Write, segment: str = "") -> str:
    """Texts ready to publish on ``channel``, one for each pin, each after a line with its id and segment.

    With ``segment``, a declared one or ``all``, its pins alone. Empty when nothing is pinned.
    """
    chosen = [pin for pin in trends.pins if segment in ("", pin.segment or ALL)]
    names = [_segment_name(pin, trends) for pin in chosen]
    return "\n\n".join(
        f"--- {pin.id}, for {name or 'everybody'}\n{write(pin, channel, name)}"
        for pin, name in zip(chosen, names, strict=True)
    )


def reading_text(reading: Reading) -> str:
    """Where every row went: a table whose parts add up to the rows, and a line that names what needs attention."""
    if not reading.files:
        return "No mention exports were found. Put them into content/mentions, or name them with --mentions."
    parts = [
        (reading.by_article, "with an article"),
        (reading.by_tag, "answered by tag"),
        (reading.by_text, "matched by text"),
        (reading.unanswered, "unanswered"),
        (reading.aggregated, "counted elsewhere"),
        (reading.duplicates, "exported twice"),
        (reading.copied, "copied posts"),
        (reading.not_from_customers, "not from customers"),
        (reading.future, "later than now"),
        (reading.unfinished, "of an hour that is not complete yet"),
        (reading.old, "too old"),
        (reading.bad, "unusable"),
        (reading.shared_ids, "with the id of another customer's row"),
        (reading.missing, "announced by the export and not there"),
    ]
    among = [
        (reading.unknown_articles, "of articles that are not public"),
        (reading.undeclared_segments, "of segments not declared"),
        (reading.unknown_channels, "of unknown channels"),
    ]
    width = len(f"{reading.rows:,}")
    table = [f"  {count:>{width},} {what}" for count, what in parts if count]
    lines = [*table, f"  {counted(reading.rows, 'row')} in {counted(reading.files, 'file')}"]
    if noted := "; ".join(f"{count:,} {what}" for count, what in among if count):
        lines.append(f"Among them {noted}.")
    return "\n".join(["Where the rows went", *lines])


def sparkline(series: Series) -> str:
    """Customers a day as a line of blocks, the highest day full; days with fewer than five are the lowest block."""
    most = max(series.customers, default=0) or 1
    return "".join(_BARS[round(count / most * (len(_BARS) - 1))] for count in series.customers)


def _pins(
    pins: Sequence[Pin],
    articles: Mapping[str, Article],
    charts: Mapping[tuple[str, str | None], Series],
    trends: FoundTrends,
) -> list[str]:
    lines = []
    for pin in pins:
        lines.append(f"  {articles[pin.id].title}  [{pin.id}]")
        lines.append(f"    {pin.why}")
        if chart := charts.get((pin.id, pin.segment)):
            lines.append(f"    {sparkline(chart)}  {len(chart.customers)} days")
        if pin.state != "manual":
            lines.append(f"    until {moment_words(pin.until, trends.now)}, score {pin.score:.1f}")
    return lines


def _segment_name(pin: Pin, trends: FoundTrends) -> str:
    return trends.segment_names.get(pin.segment or "", "")


def _pin_json(pin: Pin, article: Article, site_url: str, trends: FoundTrends, write: Write) -> dict[str, Any]:
    return {
        "id": pin.id,
        "title": article.title,
        "url": site_url + article.url,
        "segment": pin.segment,
        "state": pin.state,
        "since": (pin.began or pin.since).isoformat(),
        "score": pin.score,
        "why": pin.why,
        "mentions": pin.mentions,
        "expected": pin.expected,
        "until": pin.until.isoformat(),
        "post": {channel: write(pin, channel, _segment_name(pin, trends)) for channel in POST_CHANNELS},
    }
