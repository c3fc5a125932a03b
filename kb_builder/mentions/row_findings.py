"""Findings on rows that were read: what is unusual in them, and how to change the export or the settings."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from kb_builder.errors import GUIDES, Finding, Severity, counted
from kb_builder.mentions import rows
from kb_builder.mentions.counted import FileTally, Reading
from kb_builder.mentions.export import Export
from kb_builder.mentions.settings import PATH, TrendingSettings, fits
from kb_builder.mentions.times import Clock

_GREAT_SHARE: Final = 0.2
_FEWEST_ROWS: Final = 100
"""Rows from which the share of one customer is meaningful."""


def same_customer(busiest: Mapping[int, tuple[int, int]], exports: Sequence[Export]) -> Iterator[Finding]:
    """A warning per file in which a great share of the rows are of one customer.

    ``busiest`` has, by the place of each export, the rows of its busiest customer and all its rows.
    """
    for number, (most, all_rows) in busiest.items():
        export = exports[number]
        if export.has("customer_id") and all_rows >= _FEWEST_ROWS and most > all_rows * _GREAT_SHARE:
            message = f"{most:,} of {all_rows:,} rows are of one customer, who counts once per article"
            hint = "if it is a shared address or a placeholder, name another column under columns: customer_id"
            yield Finding(export.shown, 0, "one-customer", Severity.WARNING, message, hint)


def notes(
    exports: Sequence[Export], tallies: Sequence[FileTally], reading: Reading, clock: Clock, settings: TrendingSettings
) -> Iterator[Finding]:
    """Notes on each file, whose rows are in the tally of the same place, and on all ``exports`` together.

    ``clock`` has the zone that times without one were taken to be in.
    """
    for export, tally in zip(exports, tallies, strict=True):
        yield from _on_values(export, tally)
        zone_is_named = settings.time_zone is not None or export.named.time_zone
        yield from _on_times(export, tally, None if zone_is_named else clock.naive_zone)
        yield from _on_hours(export, tally, clock.zone)
    unused = [name for name in settings.exports if not any(fits(export.shown, name) for export in exports)]
    if unused and exports:
        message = f"no export is named {' or '.join(unused)}"
        hint = "exports: takes the name of a file, or a pattern such as calls-*.csv"
        yield Finding(PATH, 0, "unused-export", Severity.NOTE, message, hint)
    if reading.undeclared_segments and exports:
        message = f"{counted(reading.undeclared_segments, 'row', 'names', 'name')} a segment that is not declared"
        hint = f"declare it under segments: in {PATH} to show its trends on the site"
        yield Finding(exports[0].shown, 0, "undeclared-segments", Severity.NOTE, message, hint)


def _on_values(export: Export, tally: FileTally) -> Iterator[Finding]:
    """Notes on sheets, articles and channels of one file."""
    if not tally.rows:
        yield _note(export, "no-mentions", "the file has a header and no rows")
    if others := export.found.others:
        have = "s have" if others > 1 else " has"
        message = f"{others:,} more sheet{have} columns of an export and not those of the first, and were not read"
        yield _note(export, "unread-sheets", message, "save each as a file of its own")
    if number := tally.unknown_articles:
        message = f"{counted(number, 'row', 'names', 'name')} an article that doesn't exist or isn't public"
        hint = "they count as unanswered; aliases: in trending.yml map old ids to new ones"
        yield _note(export, "unknown-articles", message, hint)
    if number := tally.unknown_channels:
        message = f"{counted(number, 'row', 'names', 'name')} an unknown channel"
        hint = f"they count like any other; {GUIDES}/trending.md lists the channels"
        yield _note(export, "unknown-channels", message, hint)


def _on_times(export: Export, tally: FileTally, unnamed_zone: ZoneInfo | None) -> Iterator[Finding]:
    """Findings on the times of one file; ``unnamed_zone`` is that of its times without one, unless it was named."""
    if tally.future:
        message = f"{counted(tally.future, 'row', 'is', 'are')} later than now and ignored"
        if 2 * tally.future > tally.rows:
            hint = (
                "the clock of this machine is behind, or time_format: in trending.yml has to name the form of the times"
            )
            yield Finding(export.shown, 0, "future-mentions", Severity.WARNING, message, hint)
        else:
            yield _note(export, "future-mentions", message)
    if number := tally.early_replies:
        message = f"{counted(number, 'question', 'has', 'have')} a first reply dated before it, not measured"
        yield _note(export, "early-replies", message, "a clock is wrong, or the column holds something else")
    if number := tally.unreadable_replies:
        message = f"{counted(number, 'question', 'has', 'have')} a first reply of no readable time of day"
        hint = "export the time of the first reply, or the minutes until then as a number"
        yield _note(export, "unreadable-replies", message, hint)
    if tally.naive and unnamed_zone:
        message = f"{counted(tally.naive, 'time', 'names', 'name')} no zone: read as local time in {unnamed_zone.key}"
        yield _note(export, "times-without-zone", message, f"name the zone they are in under time_zone: in {PATH}")


def _on_hours(export: Export, tally: FileTally, zone: ZoneInfo) -> Iterator[Finding]:
    """Findings on the hours that the rows of one file are of; ``zone`` is that of the site."""
    if tally.unfinished:
        message = f"{counted(tally.unfinished, 'row', 'is', 'are')} of an hour that is not complete yet"
        yield _note(export, "unfinished-hour", message, "nothing is to be done: the next hour counts them")
    if tally.shifted:
        begin = f"{counted(tally.shifted, 'hour', 'begins', 'begin')} when none does in {zone.key}"
        message = f"{begin}: customers around midnight count for the wrong day"
        hint = "print the statement that counts them again: kb trends --sql ENGINE --per hour"
        yield Finding(export.shown, 0, "shifted-hours", Severity.WARNING, message, hint)
    if tally.without_hour >= rows.FEWEST_TIMES:
        message = f"{tally.without_hour:,} of the last {tally.recent:,} times have no time of day, or are in one hour"
        message += " with most others, as after a nightly import"
        hint = "they count by days only; export the time at which a customer wrote, for trends within hours"
        yield _note(export, "times-without-hour", message, hint)


def _note(export: Export, code: str, message: str, hint: str = "") -> Finding:
    return Finding(export.shown, 0, code, Severity.NOTE, message, hint)
