"""A query taken apart: its words in order, its quoted phrases, and whether its last word may go on."""

import re
from dataclasses import dataclass

from search_index.words import words

LONGEST_QUERY = 500
"""Characters that are read of a query; enough for a pasted paragraph."""
MOST_WORDS = 64

_QUOTED = re.compile('["“”„«»]([^"“”„«»]*)["“”„«»]')


@dataclass(frozen=True, slots=True)
class Query:
    """``words`` has every word once, in the order of the text, quoted ones included."""

    all_words: tuple[str, ...]
    """With repeats: what an exact title is compared with."""
    words: tuple[str, ...]
    quoted: frozenset[str]
    phrases: tuple[tuple[str, ...], ...]
    open_end: bool
    """The last word may be the beginning of a longer one."""


def parse(text: str, *, eliding: bool) -> Query:
    """Take a query apart. Never fails, whatever the text."""
    text = "".join(list(text[:LONGEST_QUERY]))
    phrases = [tuple(words(phrase, eliding=eliding)) for phrase in _QUOTED.findall(text)]
    every = words(text, eliding=eliding)[:MOST_WORDS]
    quoted = frozenset(word for phrase in phrases for word in phrase)
    unique = tuple(dict.fromkeys(every))
    open_end = bool(every) and every[-1] not in quoted
    return Query(tuple(every), unique, quoted, tuple(filter(None, phrases)), open_end)
