"""Read mention exports and return counts.

DuckDB reads, cleans and counts the exports with a memory limit, spilling to a private folder. Texts don't leave this
module, except the phrases of :mod:`kb_builder.mentions.phrases` and what a :class:`TextUse` learns; no error or finding
quotes a row.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from kb_builder.errors import Finding, in_order, refuse_errors
from kb_builder.mentions import counting, repeated, rows
from kb_builder.mentions.arrivals import HISTORY_DAYS, arrivals
from kb_builder.mentions.counted import FileTally, Mentions, Reading
from kb_builder.mentions.export import Export
from kb_builder.mentions.files import engine_errors, open_export
from kb_builder.mentions.losses import Losses, guard, losses
from kb_builder.mentions.phrases import phrases
from kb_builder.mentions.progress import Progress, Work
from kb_builder.mentions.resolved import resolved_mentions
from kb_builder.mentions.row_findings import notes, same_customer
from kb_builder.mentions.settings import FEWEST_CUSTOMERS, TrendingSettings
from kb_builder.mentions.silences import silences
from kb_builder.mentions.sql import Connection
from kb_builder.mentions.text_use import Match, TextUse
from kb_builder.mentions.times import KEPT_DAYS, Clock, day_of
from kb_builder.parsing.sources import findings_in
from kb_builder.system.scratch import scratch_folder

MEMORY: Final = "1GB"
MATCHED_AT_ONCE: Final = 8192
"""Texts in one call of ``match``: it keeps neighbours together, and those at both ends change with each new text."""

_WHOLE_FILE: Final = 64 << 20
_ENDS: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class ExportFiles:
    """The files to read, and how their rows are to be understood.

    ``zone`` is that of days, and of times without a zone unless the settings name one. Findings show paths relative to
    ``root``.
    """

    paths: Sequence[Path]
    settings: TrendingSettings
    now: datetime
    zone: ZoneInfo
    root: Path | None = None

    def clock(self, history_hours: int) -> Clock:
        """The clock for reading these files; with ``history_hours`` it keeps so many past hours."""
        naive = ZoneInfo(self.settings.time_zone) if self.settings.time_zone else self.zone
        return Clock(self.now, self.zone, naive, self.settings.time_format, history_hours)

    def open(self, folder: Path) -> tuple[list[Export], tuple[Finding, ...]]:
        """The exports in the order of their absolute paths, each once, and why others can't be opened; what has to be
        unpacked goes to ``folder``."""
        exports: list[Export] = []

        def open_one(number: int, path: Path, shown: str) -> Iterable[Finding]:
            columns, named = self.settings.columns.by_field(), self.settings.named_for(shown)
            exports.append(open_export(path, shown, number, columns, named, folder))
            return ()

        ordered = enumerate(sorted({path.absolute(): path for path in self.paths}.items()))
        refused = findings_in(partial(open_one, at, path, _shown(given, self.root)) for at, (path, given) in ordered)
        return exports, refused


@dataclass(frozen=True, slots=True)
class Subjects:
    """The ids of public articles, and the slugs of declared segments, each sorted: mentions are about these."""

    topics: tuple[str, ...]
    segments: tuple[str, ...]

    @classmethod
    def of(cls, articles: Collection[str], segments: Collection[str]) -> Subjects:
        """Sorts ids and slugs: the same ones in another order give the same cache key."""
        return cls(tuple(sorted(articles)), tuple(sorted(segments)))


def fingerprint(files: ExportFiles) -> str:
    """Cache key of :func:`read_mentions`, except for its subjects and the use of texts.

    Files of up to 64 MB are hashed; larger ones are identified by size, modification time and both ends. The key
    changes every day; :meth:`Mentions.at_hour` says whether what was read serves another hour.
    """
    digest = hashlib.sha256()
    digest.update(f"{day_of(files.now, files.zone)} {files.zone.key} {files.settings.model_dump_json()}".encode())
    for path in sorted(files.paths):
        digest.update(b"\0" + os.fsencode(path) + b"\0")
        try:
            if not path.is_file():  # opening a named pipe would wait for a writer
                digest.update(b"no file")
                continue
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
    files: ExportFiles,
    subjects: Subjects,
    *,
    texts: TextUse,
    scratch: Path,
    progress: Progress | None = None,
    history_hours: int = 0,
) -> Mentions:
    """Count the mentions in ``files``. The order of rows and files doesn't matter.

    Temporary files are written below ``scratch``. With ``history_hours`` the result has the arrivals for so many hours.

    Raises :class:`InputError` for files that can't be read and for more than 5 % of lost rows.
    """
    clock = files.clock(history_hours)
    if not files.paths and texts.learn is None and not history_hours:
        return _nothing(subjects, clock)
    with scratch_folder(scratch) as folder, _engine(folder) as connection:
        exports, refused = files.open(folder)
        work = Work(progress, sum(export.size for export in exports), learns=texts.learn is not None)
        refused += _load(connection, exports, subjects, files.settings, clock, work)
        refuse_errors(refused)
        with engine_errors("the mentions"):
            tallies, lost, findings = _judge(connection, exports, clock)
            copies = counting.drop_copies(connection)
            work.copies_removed()
            counting.assign_tags(connection)
            _match_texts(connection, subjects.topics, texts.match, files.settings.confidence, work)
            repeats = repeated.find_repeated(connection)
            counted = _counted(connection, subjects, clock)
            if texts.phrases:
                counted = replace(counted, phrases=phrases(connection, counted.newest, FEWEST_CUSTOMERS))
            reading = _reading(connection, exports, tallies, lost, copies)
            silent = silences(connection, exports)
            settled = not (reading.future or reading.unfinished) and counting.is_past(connection, clock)
            work.counted()
            examples = b""
            if texts.learn:
                examples = texts.learn(
                    resolved_mentions(connection, exports, subjects.topics, clock, work.reading, texts.learn_since)
                )
    findings += repeated.notes(repeats, exports)
    findings += notes(exports, tallies, reading, clock, files.settings)
    return replace(
        counted, examples=examples, reading=reading, settled=settled, silences=silent, findings=in_order(findings)
    )


def _load(
    connection: Connection,
    exports: Sequence[Export],
    subjects: Subjects,
    settings: TrendingSettings,
    clock: Clock,
    work: Work,
) -> tuple[Finding, ...]:
    """Read the rows of all ``exports`` into the engine's table of mentions; returns why some can't be read."""
    rows.make_tables(connection, subjects.topics, settings.aliases, settings.article_of_tag(), subjects.segments)

    def load(number: int, export: Export) -> Iterable[Finding]:
        with engine_errors(export.shown), work.reading(export.size):
            rows.load(connection, number, export, clock)
        return ()

    return findings_in(partial(load, number, export) for number, export in enumerate(exports))


def _judge(
    connection: Connection, exports: Sequence[Export], clock: Clock
) -> tuple[Sequence[FileTally], Sequence[Losses], list[Finding]]:
    """How many rows of each export can be counted and how many are lost, and what is wrong with them.

    Raises :class:`InputError` when too many are lost.
    """
    rows.judge_far_times(connection)
    rows.ignore_import_times(connection)
    rows.find_repeated_ids(connection)
    tallies = rows.tally(connection, exports)
    lost = losses(exports, tallies)
    broken = guard(
        exports,
        lost,
        lambda export: rows.bad_rows(connection, export, clock),
        partial(rows.has_rounded_ids, connection),
    )
    return tallies, lost, [*broken, *same_customer(counting.busiest_customers(connection), exports)]


def _nothing(subjects: Subjects, clock: Clock) -> Mentions:
    """The counts without an export: starting the engine for none takes as long as converting sixty articles."""
    return Mentions(
        first_day=clock.first_day,
        today=KEPT_DAYS,
        oldest=KEPT_DAYS,
        newest=KEPT_DAYS - 1,
        topics=subjects.topics,
        segments=subjects.segments,
        declared=len(subjects.segments),
        end_hour=clock.hour,
        settled=True,
    )


def _counted(connection: Connection, subjects: Subjects, clock: Clock) -> Mentions:
    """The counts of all mentions, once each has its topic."""
    others = counting.undeclared_segments(connection, FEWEST_CUSTOMERS)
    oldest, newest = counting.span(connection)
    counted, hours = counting.count(connection, others, len(subjects.segments), clock.first_hour, clock.hour)
    past = None
    if clock.history_hours:
        past = arrivals(connection, KEPT_DAYS - clock.history_hours // 24 - HISTORY_DAYS, clock.midnight)
    return replace(
        _nothing(subjects, clock),
        oldest=oldest,
        newest=newest,
        segments=(*subjects.segments, *others),
        counts=counted,
        hours=hours,
        replies=counting.reply_counts(connection, clock),
        arrivals=past,
    )


def _reading(
    connection: Connection,
    exports: Sequence[Export],
    tallies: Sequence[FileTally],
    lost: Sequence[Losses],
    copies: tuple[int, int],
) -> Reading:
    """The counts of rows by outcome. ``copies`` are the numbers of duplicate records and of copied posts."""
    read = FileTally(*map(sum, zip(*tallies, strict=True)))
    sources = counting.topic_sources(connection)
    duplicates, copied = copies
    return Reading(
        files=len(exports),
        rows=sum(each.expected for each in lost),
        bad=read.bad,
        missing=sum(each.missing for each in lost),
        shared_ids=read.shared,
        not_from_customers=read.excluded,
        future=read.future,
        unfinished=read.unfinished,
        old=read.old,
        naive=read.naive,
        duplicates=duplicates - read.shared,
        copied=copied,
        unknown_articles=read.unknown_articles,
        undeclared_segments=counting.in_undeclared_segments(connection),
        unknown_channels=read.unknown_channels,
        by_article=sources.get("article", 0),
        by_tag=sources.get("tag", 0),
        by_text=sources.get("text", 0),
        unanswered=sources.get("none", 0),
        aggregated=counting.aggregated(connection),
    )


def _shown(path: Path, root: Path | None) -> str:
    if root is not None and path.absolute().is_relative_to(root.absolute()):
        return path.absolute().relative_to(root.absolute()).as_posix()
    return path.as_posix()


@contextmanager
def _engine(folder: Path) -> Iterator[Connection]:
    import duckdb  # imported late: it takes a tenth of a second

    with duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(folder)}) as connection:
        # The dictionaries are small and the exports large; DuckDB has no statistics of CSV files to know that.
        connection.execute(
            "SET TimeZone = 'UTC'; SET enable_progress_bar = false;"
            "SET disabled_optimizers = 'join_order,build_side_probe_side'"
        )
        yield connection


def _match_texts(connection: Connection, topics: Sequence[str], match: Match | None, least: float, work: Work) -> None:
    """Match each distinct text without an article once, and assign the topics of all mentions."""
    code = {topic: index for index, topic in enumerate(topics)}
    numbers: list[int] = []
    found: list[int] = []
    count, cursor = counting.texts_to_match(connection)
    if match is not None:
        work.more_texts(count)
        while rows := cursor.fetchmany(MATCHED_AT_ONCE):
            for (number, _), answer in zip(rows, match([text for _, text in rows]), strict=True):
                if answer is not None and answer[1] >= least and answer[0] in code:
                    numbers.append(number)
                    found.append(code[answer[0]])
            work.matched(len(rows))
    cursor.close()
    counting.assign_topics(connection, np.array(numbers, dtype=np.uint64), np.array(found, dtype=np.int32))
