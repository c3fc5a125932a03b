"""Channels that have brought nothing for days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kb_builder.mentions.channels import CHANNEL_NAMES
from kb_builder.mentions.counted import Silence
from kb_builder.mentions.export import Export
from kb_builder.mentions.rows import USABLE
from kb_builder.mentions.sql import Connection
from kb_builder.mentions.times import KEPT_DAYS

USUAL_DAYS: Final = 28
"""Days that say what a channel usually brings, and for which a channel that was closed is told of."""
_SHORTEST: Final = 2
_TABLES: Final = -1


def silences(connection: Connection, exports: Sequence[Export]) -> tuple[Silence, ...]:
    """What has brought nothing on the last two complete days or more, and something in the four weeks before: first
    all exports together, if they have, then each channel."""
    usable = f"state = {USABLE} AND day > {KEPT_DAYS - 1 - 2 * USUAL_DAYS}"
    rows = connection.execute(
        f"SELECT channel, day, max(file), count(*) FROM mentions WHERE {usable} GROUP BY channel, day"
        f" UNION ALL SELECT {_TABLES} AS channel, day, max(file), sum(customers) FROM ready_counts WHERE {usable}"
        " GROUP BY day"
    ).fetchall()
    files = {(channel, day): file for channel, day, file, _ in rows}
    by_channel: dict[int, dict[int, int]] = {}
    of_all: dict[int, int] = {}
    for channel, day, _, count in rows:
        by_channel.setdefault(channel, {})[day] = int(count)
        of_all[day] = of_all.get(day, 0) + int(count)

    def found(source: str, counts: dict[int, int], file: int) -> Iterator[Silence]:
        newest = max(counts)
        if newest + _SHORTEST < KEPT_DAYS <= newest + 1 + USUAL_DAYS:
            usual = tuple(counts.get(day, 0) for day in range(newest - USUAL_DAYS + 1, newest + 1))
            yield Silence(source, exports[file].shown, newest, usual)

    result: list[Silence] = []
    if of_all:
        newest = max(of_all)
        result += found("", of_all, max(file for (_, day), file in files.items() if day == newest))
    for channel, counts in sorted(by_channel.items()):
        name = "tables" if channel == _TABLES else CHANNEL_NAMES.get(channel, "unknown channels")
        result += found(name, counts, files[channel, max(counts)])
    return tuple(result)
