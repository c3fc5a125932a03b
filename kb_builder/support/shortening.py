"""Leaving sentences out of a text, so that it fits its channel."""

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from typing import Final, NamedTuple

from kb_builder.parsing.sentences import sentences

_TELLING: Final = 15
"""Characters of a cut sentence that say something."""


class Shortened(NamedTuple):
    """A text that fits, and the sentences that are missing from it."""

    text: str
    left_out: tuple[str, ...]


def shorten(text: str, fits: Callable[[str], bool], must_say: Collection[str] = ()) -> Shortened:
    """``text`` without the last sentences that don't fit; those in ``must_say`` stay as long as they fit.

    Where not even one sentence fits, the text ends at a word with an ellipsis. ``fits`` must be monotonic: whatever is
    shorter than a text that fits also fits.
    """
    if fits(text):
        return Shortened(text, ())
    parts = sentences(text)
    required = {place for place, part in enumerate(parts) if any(_contains(part, said) for said in must_say)}
    for count in range(len(parts) - 1, -1, -1):
        kept = sorted({*range(count), *required})
        joined = _joined(parts, kept, text)
        if kept and fits(joined):
            return Shortened(joined, tuple(part for place, part in enumerate(parts) if place not in kept))
    first = next((parts[place] for place in sorted(required)), text)
    return Shortened(_words(first, fits), tuple(parts))


def _contains(sentence: str, said: str) -> bool:
    return " ".join(said.split()).rstrip(".!?").casefold() in sentence.casefold()


def _joined(parts: Sequence[str], kept: Sequence[int], text: str) -> str:
    """Scripts without spaces between sentences keep it so."""
    return (" " if " " in text else "").join(parts[place] for place in kept)


def _words(text: str, fits: Callable[[str], bool]) -> str:
    """The longest start of ``text`` that fits and ends at a word (a letter in scripts without spaces).

    Nothing where that is a word or two: “In…” says less than the link alone.
    """
    ends = [match.start() for match in re.finditer(r"\s+", text)]
    ends = ends or [end for end in range(1, len(text)) if not unicodedata.combining(text[end])]
    starts = [f"{text[:end].rstrip(' ,;:–-')}…" for end in ends]
    low, high = 0, len(starts)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if fits(starts[middle]) else (low, middle)
    start = starts[low - 1] if low else ""
    return start if len(start) >= _TELLING or " " not in text else ""
