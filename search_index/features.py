"""The features of a question, from which search learns: its stems, and pairs of them."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from search_index.analysis import stem_of
from search_index.stemming import stop_words
from search_index.words import elides, words

PAIR_WINDOW = 3
"""Content words at most this far apart make a pair."""


class Token(NamedTuple):
    """One word of a question, as its stem and as it was written."""

    stem: str
    form: str
    stop: bool


def tokens(text: str, language: str) -> list[Token]:
    """The words of a text in order."""
    return [_token(form, language) for form in words(text, eliding=elides(language))]


@lru_cache(1 << 16)
def _token(form: str, language: str) -> Token:
    return Token(stem_of(form, language), form, form in stop_words(language, eliding=elides(language)))


def stems(text: str, language: str) -> frozenset[str]:
    """The stems of a text, without stop words."""
    return frozenset(token.stem for token in tokens(text, language) if not token.stop)


def features(sequence: Sequence[Token]) -> set[str]:
    """Stems, and pairs of them in alphabetical order: of neighbours, and of content words within the window."""
    found = {token.stem for token in sequence}
    content = [token.stem for token in sequence if not token.stop]
    near = [(left.stem, right.stem) for left, right in pairwise(sequence)]
    for distance in range(1, PAIR_WINDOW + 1):
        near += zip(content, content[distance:], strict=False)
    found.update([f"{left} {right}" if left < right else f"{right} {left}" for left, right in near if left != right])
    return found
