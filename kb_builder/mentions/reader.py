"""Read mention exports and return counts.

DuckDB reads, cleans and counts the exports with a memory limit, spilling to a private folder. Texts don't leave this
module, except the phrases of :mod:`kb_builder.mentions.words` and what ``learn`` returns; no error or finding quotes a
row.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias
from zoneinfo import ZoneInfo

import numpy as np

from kb_builder.errors import Finding, Severity, in_order
from kb_builder.mentions import counts, resolved, rows, words
from kb_builder.mentions.arrivals import HISTORY_DAYS, arrivals
from kb_builder.mentions.counted import Counts, FileTally, Mentions, Phrases, Reading
from kb_builder.mentions.export import Export
from kb_builder.mentions.files import engine_errors, open_export
from kb_builder.mentions.losses import Losses, guard, losses
from kb_builder.mentions.progress import Progress, Work
from kb_builder.mentions.resolved import Learn
from kb_builder.mentions.settings import FEWEST_CUSTOMERS, TrendingSettings, fits
from kb_builder.mentions.times import KEPT_DAYS, Clock
from kb_builder.system.scratch import scratch_folder

if TYPE_CHECKING:
    import duckdb

Match: TypeAlias = Callable[[Sequence[str]], Sequence[tuple[str, float] | None]]

_GREAT_SHARE: Final = 0.2
_FEWEST_ROWS: Final = 100
"""Rows from which the share of one customer says something."""
MEMORY: Final = "1GB"
MATCHED_AT_ONCE: Final = 1000
"""Texts in one call of ``match``."""

_WHOLE_FILE: Final = 64 << 20
_ENDS: Final = 1 << 20


def fingerprint(paths: Sequence[Path], *, now: datetime, zone: ZoneInfo, settings: TrendingSettings) -> str:
    """Cache key of :func:`read_mentions`, except for ``articles``, ``match`` and ``learn``.

    Files of up to 64 MB are hashed; larger ones are identified by size, modification time and both ends. The key
    changes every hour.
    """
    digest = hashlib.sha256()
    digest.update(f"{int(now.timestamp()) // 3600} {zone.key} {settings.model_dump_json()}".encode())
    for path in sorted(paths):
        digest.update(b"\0" + os.fsencode(path) + b"\0")
        try:
            with path.open("rb") as stream:
                status = os.fstat(stream.fileno())
                if status.st_size <= _WHOLE_FILE:
                    digest.update(stream.read())
                else:
                    digest.update(f"{status.st_size} {status.st_mtime_ns} ".encode() + stream.read(_ENDS))
                    stream.seek(-_ENDS, os.SEEK_END)
                    digest.update(stream.read())
        except OSError:
            digest.update(b"unreadable")
    return digest.hexdigest()


def read_mentions(
    paths: Sequence[Path],
    *,
    settings: TrendingSettings,
    now: datetime,
    zone: ZoneInfo,
    articles: Collection[str],
    segments: Collection[str],
    match: Match | None = None,
    progress: Progress | None = None,
    learn: Learn | None = None,
    learn_since: datetime | None = None,
    root: Path | None = None,
    scratch: Path,
    history_hours: int = 0,
) -> Mentions:
    """Count the mentions in ``paths``. The order of rows and files doesn't matter.

    ``articles`` are the public ids, ``segments`` the declared slugs. ``match`` returns for each text the article that
    answers it and a confidence from 0 to 1, or None; matches below the configured confidence are dropped. ``learn``
    returns what may be kept of resolved mentions, or of those after ``learn_since``. Findings show paths relative to
    ``root``. Temporary files are written below ``scratch``. With ``history_hours`` the result has the arrivals for so
    many hours.

    Raises :class:`InputError` for files that can't be read and for more than 5 % of lost rows.
    """
    topics = tuple(sorted(articles))
    declared = tuple(sorted(segments))
    clock = Clock(
        now, zone, ZoneInfo(settings.time_zone) if settings.time_zone else zone, settings.time_format, history_hours
    )
    if not paths and learn is None and not history_hours:
        return _nothing(topics, declared, clock)
    ordered = sorted({path.absolute(): path for path in paths}.items())
    with scratch_folder(scratch) as folder, _engine(folder) as connection:
        exports = [
            _open(path, _shown(given, root), number, settings, folder) for number, (path, given) in enumerate(ordered)
        ]
        work = Work(progress, sum(export.size for export in exports), learns=learn is not None)
        rows.make_tables(connection, topics, settings.aliases, settings.article_of_tag(), declared)
        for number, export in enumerate(exports):
            with engine_errors(export.shown), work.reading(export.size):
                rows.load(connection, number, export, clock)
        with engine_errors("the mentions"):
            rows.judge_far_times(connection)
            rows.ignore_import_times(connection)
            tallies = rows.tally(connection, exports)
            lost = losses(exports, tallies)
            findings = [
                *guard(
                    exports,
                    lost,
                    lambda export: rows.bad_rows(connection, export, clock),
                    partial(rows.has_rounded_ids, connection),
                ),
                *_same_customer(connection, exports),
            ]
            copies = counts.drop_copies(connection)
            work.copies_removed()
            counts.assign_tags(connection)
            _match_texts(connection, topics, match, settings.confidence, work)
            counted = _counted(connection, topics, declared, clock)
            reading = _reading(connection, exports, tallies, lost, copies)
            work.counted()
            examples = b""
            if learn:
                examples = learn(
                    resolved.resolved_mentions(connection, exports, topics, clock, work.reading, learn_since)
                )
    findings += _notes(exports, tallies, reading, clock.naive_zone, settings)
    return replace(counted, examples=examples, reading=reading, findings=in_order(findings))


def _nothing(topics: tuple[str, ...], declared: tuple[str, ...], clock: Clock) -> Mentions:
    """The counts without an export: starting the engine for none takes as long as converting sixty articles."""
    return Mentions(
        first_day=clock.first_day,
        today=KEPT_DAYS,
        oldest=KEPT_DAYS,
        newest=KEPT_DAYS - 1,
        topics=topics,
        segments=declared,
        declared=len(declared),
        counts=Counts.none(),
        phrases=Phrases.none(),
        end_hour=clock.hour,
    )


def _counted(
    connection: duckdb.DuckDBPyConnection, topics: tuple[str, ...], declared: tuple[str, ...], clock: Clock
) -> Mentions:
    """The counts of all mentions, once each has its topic."""
    others = counts.undeclared_segments(connection, FEWEST_CUSTOMERS)
    oldest, newest = counts.span(connection)
    counted, hours = counts.count(connection, others, len(declared), clock.first_hour, clock.hour)
    past = None
    if clock.history_hours:
        past = arrivals(connection, KEPT_DAYS - clock.history_hours // 24 - HISTORY_DAYS, clock.midnight)
    return Mentions(
        first_day=clock.first_day,
        today=KEPT_DAYS,
        oldest=oldest,
        newest=newest,
        topics=topics,
        segments=(*declared, *others),
        declared=len(declared),
        counts=counted,
        hours=hours,
        end_hour=clock.hour,
        replies=counts.reply_counts(connection, clock),
        arrivals=past,
        phrases=words.phrases(connection, newest, FEWEST_CUSTOMERS),
    )


def _reading(
    connection: duckdb.DuckDBPyConnection,
    exports: Sequence[Export],
    tallies: Sequence[FileTally],
    lost: Sequence[Losses],
    copies: tuple[int, int],
) -> Reading:
    """What became of the rows. ``copies`` are the numbers of duplicate records and of copied posts."""
    read = FileTally(*map(sum, zip(*tallies, strict=True)))
    sources = counts.topic_sources(connection)
    duplicates, copied = copies
    return Reading(
        files=len(exports),
        rows=sum(each.expected for each in lost),
        bad=read.bad,
        missing=sum(each.missing for each in lost),
        shared_ids=read.shared,
        not_from_customers=read.excluded,
        future=read.future,
        old=read.old,
        naive=read.naive,
        duplicates=duplicates - read.shared,
        copied=copied,
        unknown_articles=read.unknown_articles,
        undeclared_segments=counts.in_undeclared_segments(connection),
        unknown_channels=read.unknown_channels,
        by_article=sources.get("article", 0),
        by_tag=sources.get("tag", 0),
        by_text=sources.get("text", 0),
        unanswered=sources.get("none", 0),
        aggregated=counts.aggregated(connection),
    )


def _open(path: Path, shown: str, number: int, settings: TrendingSettings, folder: Path) -> Export:
    return open_export(path, shown, number, settings.columns.by_field(), settings.named_for(shown), folder)


def _shown(path: Path, root: Path | None) -> str:
    if root is not None and path.absolute().is_relative_to(root.absolute()):
        return path.absolute().relative_to(root.absolute()).as_posix()
    return path.as_posix()


@contextmanager
def _engine(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    import duckdb  # imported late: it takes a tenth of a second

    connection = duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(folder)})
    try:
        # The dictionaries are small and the exports large; DuckDB has no statistics of CSV files to know that.
        connection.execute(
            "SET TimeZone = 'UTC'; SET enable_progress_bar = false;"
            "SET disabled_optimizers = 'join_order,build_side_probe_side'"
        )
        yield connection
    finally:
        connection.close()


def _match_texts(
    connection: duckdb.DuckDBPyConnection, topics: Sequence[str], match: Match | None, least: float, work: Work
) -> None:
    """Match each distinct text without an article once, and assign the topics of all mentions."""
    code = {topic: index for index, topic in enumerate(topics)}
    numbers: list[int] = []
    found: list[int] = []
    count, cursor = counts.texts_to_match(connection)
    if match is not None:
        work.more_texts(count)
        while rows := cursor.fetchmany(MATCHED_AT_ONCE):
            for (number, _), answer in zip(rows, match([text for _, text in rows]), strict=True):
                if answer is not None and answer[1] >= least and answer[0] in code:
                    numbers.append(number)
                    found.append(code[answer[0]])
            work.matched(len(rows))
    cursor.close()
    counts.assign_topics(connection, np.array(numbers, dtype=np.uint64), np.array(found, dtype=np.int32))


def _same_customer(connection: duckdb.DuckDBPyConnection, exports: Sequence[Export]) -> Iterator[Finding]:
    """A finding per file in which one customer stands at a great share of the rows."""
    for number, (most, all_rows) in counts.busiest_customers(connection).items():
        export = exports[number]
        if export.has("customer_id") and all_rows >= _FEWEST_ROWS and most > all_rows * _GREAT_SHARE:
            message = f"one customer stands at {most:,} of {all_rows:,} rows, and counts once per article"
            hint = "if it is a shared address or a placeholder, name another column under columns: customer_id"
            yield Finding(export.shown, 0, "one-customer", Severity.WARNING, message, hint)


def _notes(
    exports: Sequence[Export],
    tallies: Sequence[FileTally],
    reading: Reading,
    naive_zone: ZoneInfo,
    settings: TrendingSettings,
) -> Iterator[Finding]:
    """Notes on rows that were read but need attention."""
    named = settings.time_zone is not None
    for export, tally in zip(exports, tallies, strict=True):
        mostly_future = 2 * tally.future > tally.rows
        for count, code, message, hint in (
            (not tally.rows, "no-mentions", "the file has a header and no rows", ""),
            (
                export.others,
                "unread-sheets",
                f"{export.others:,} more sheet{'s have' if export.others > 1 else ' has'} columns of an export and"
                " not those of the first, and were not read",
                "save each as a file of its own",
            ),
            (
                tally.future,
                "future-mentions",
                f"{tally.future:,} rows are later than now and were ignored",
                "the clock of this machine is behind, or time_format: in trending.yml has to name the form of the times"
                if mostly_future
                else "",
            ),
            (
                tally.unknown_articles,
                "unknown-articles",
                f"{tally.unknown_articles:,} rows name an article that doesn't exist or isn't public",
                "they count as unanswered; aliases: in trending.yml map old ids to new ones",
            ),
            (
                tally.unknown_channels,
                "unknown-channels",
                f"{tally.unknown_channels:,} rows name an unknown channel",
                "they count like any other; docs/trending.md lists the channels",
            ),
            (
                tally.recent >= rows.FEWEST_TIMES and tally.without_hour > tally.recent / 2,
                "times-without-hour",
                "the times have no time of day, or most are in one hour, as those of a nightly import",
                "they count by days only; export the time at which a customer wrote, for trends within hours",
            ),
            (
                tally.early_replies,
                "early-replies",
                f"{tally.early_replies:,} first replies are dated before their question and were not measured",
                "a clock is wrong, or the column holds something else",
            ),
            (
                tally.naive if not (named or export.named.time_zone) else 0,
                "times-without-zone",
                f"{tally.naive:,} times name no zone and were read as local time in {naive_zone.key}",
                "name the zone they are in under time_zone: in content/trending.yml",
            ),
        ):
            if count:
                severity = Severity.WARNING if code == "future-mentions" and mostly_future else Severity.NOTE
                yield Finding(export.shown, 0, code, severity, message, hint)
    unused = [name for name in settings.exports if not any(fits(export.shown, name) for export in exports)]
    if unused and exports:
        message = f"no export is named {' or '.join(unused)}"
        hint = "exports: takes the name of a file, or a pattern such as calls-*.csv"
        yield Finding("content/trending.yml", 0, "unused-export", Severity.NOTE, message, hint)
    if reading.undeclared_segments and exports:
        yield Finding(
            exports[0].shown,
            0,
            "undeclared-segments",
            Severity.NOTE,
            f"{reading.undeclared_segments:,} rows of all files name a segment that is not declared",
            "declare it under segments: in content/trending.yml to show its trends on the site",
        )
