"""Response times, promised and kept, as text for staff."""

from collections.abc import Mapping, Sequence

from kb_builder.errors import counted
from kb_builder.model import Promise


def promised_and_kept(promise: Promise) -> str:
    """``2 hours promised, and 61 % of 148 questions were answered within them``."""
    return (
        f"{promise.promised} promised, and {percent(promise.share or 0)} of {promise.questions:,} questions of the last"
        " four weeks answered within that time"
    )


def lines(promises: Sequence[Promise], names: Mapping[str, str] | None = None) -> list[str]:
    """A table: a line of titles, and one for each channel and segment. ``names`` are those of segments by slug."""
    rows: list[tuple[str, ...]] = [("", "", "promised", "kept", "half within", "9 of 10 within", "questions")]
    for promise in promises:
        whom = (names or {}).get(promise.segment, promise.segment) if promise.segment else "everybody"
        kept = percent(promise.share) if promise.share is not None else "–"
        waits = [wait(minutes) if minutes is not None else "–" for minutes in (promise.median, promise.most)]
        waiting = f" ({promise.unanswered:,} unanswered)" if promise.unanswered else ""
        channel = promise.label if promise.segment is None else ""
        rows.append((channel, whom, promise.promised or "–", kept, *waits, f"{promise.questions:,}{waiting}"))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def percent(share: float) -> str:
    """Never more than was kept."""
    return f"{int(share * 100)} %"


def wait(minutes: int) -> str:
    """``25 minutes``, or full hours from two hours on, never less than it was."""
    number, unit = (minutes, "minute") if minutes < 120 else ((minutes + 59) // 60, "hour")
    return counted(number, unit)
