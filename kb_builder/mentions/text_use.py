"""The uses that the reader of mentions makes of a text before it drops it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

Match: TypeAlias = Callable[[Sequence[str]], Sequence[tuple[str, float] | None]]
"""For each text the article that answers it and a confidence from 0 to 1, or None."""
Resolved: TypeAlias = tuple[str, str, str]
"""A mention that support answered with an article: its id, the customer (empty if unknown) and the text."""
Learn: TypeAlias = Callable[[Iterable[Resolved]], bytes]
"""Reduces resolved mentions to what may leave the reader."""


@dataclass(frozen=True, slots=True)
class TextUse:
    """``match`` finds articles for texts; matches below the configured confidence are dropped. ``learn`` gets the
    resolved mentions, or those after ``learn_since``. With ``phrases`` those that many use in unanswered texts are
    counted, which takes a third of the time of reading."""

    match: Match | None = None
    learn: Learn | None = None
    learn_since: datetime | None = None
    phrases: bool = False
