"""The forms under which the index holds a text: its words, and beside them other spellings of its codes and names.

A text is cut at its spaces, and what such a piece yields is computed once a process, since texts repeat most of them.
Only what may have a space in it, as `PAY 3` and “iPhone 15”, is looked for in each text.
"""

from collections.abc import Sequence
from functools import cache
from itertools import accumulate, chain, pairwise
from typing import NamedTuple

from search_index.codes import codes_of_text, has_digit, may_have_spaced_code
from search_index.names import numbered_names, spellings
from search_index.words import LONGEST_WORD, has_sign_apart, words_and_places

_MOST_CHARACTERS = 1_000_000
"""In memory at once, for each kind of language. Where words are not spaced, a piece is a sentence or more."""
_BEFORE, _AFTER = "(\"'", ".,:;!?)\"'"
"""What may be around a word without being a part of it or of a name."""


class _Oddity(NamedTuple):
    """What there is to know of a piece that is more than words one after the other."""

    has_code: bool
    has_digit: bool
    has_sign: bool
    """A sign by itself, which may belong to the word before it."""
    joined: bool
    """Whether words have the same position."""
    spellings: tuple[str, ...]


class _Pieces(dict[str, tuple[str, ...]]):
    """The words of each piece that was met."""

    def __init__(self, *, eliding: bool) -> None:
        super().__init__()
        self.eliding = eliding
        self.characters = 0
        self.steps: dict[str, bytes] = {}
        """Of each piece, parallel to its words: by how much the position grows with it."""
        self.odd: dict[str, _Oddity] = {}

    def __missing__(self, piece: str) -> tuple[str, ...]:
        self.characters += len(piece)
        bare = piece.lstrip(_BEFORE).rstrip(_AFTER)
        if bare.isascii() and bare.isalpha() and (bare.islower() or bare[1:].islower()):
            self.steps[piece] = b"\1"
            return self.setdefault(piece, (bare.lower()[:LONGEST_WORD],))
        words, places = words_and_places(piece, eliding=self.eliding)
        self.steps[piece] = bytes(after - before for before, after in pairwise((*places, len(set(places)))))
        oddity = _Oddity(
            has_code=bool(codes_of_text(piece)),
            has_digit=has_digit(piece),
            has_sign=has_sign_apart(piece),
            joined=0 in self.steps[piece],
            spellings=spellings(piece),
        )
        if any(oddity):
            self.odd[piece] = oddity
        return self.setdefault(piece, tuple(words))

    def clear(self) -> None:
        """Forget every piece."""
        super().clear()
        self.characters = 0
        self.steps.clear()
        self.odd.clear()


@cache
def _pieces(*, eliding: bool) -> _Pieces:
    return _Pieces(eliding=eliding)


def forms_of(
    text: str, stops: frozenset[str], *, eliding: bool, first: int = 0
) -> tuple[list[str], list[str], Sequence[int]]:
    """The spellings of a text that are none of its words, its words, and the positions of these, from ``first``.

    ``stops`` are the language's stop words.
    """
    known = _pieces(eliding=eliding)
    if known.characters > _MOST_CHARACTERS:
        known.clear()
    pieces = text.split()
    words = list(chain.from_iterable(map(known.__getitem__, pieces)))
    places: Sequence[int] = range(first, first + len(words))
    odd = list(filter(None, map(known.odd.get, pieces)))
    if not odd:
        return [], words, places
    coded, with_digit, signs, joined, spelled = zip(*odd, strict=True)
    if any(signs):
        words, places = words_and_places(text, eliding=eliding, first=first)
    elif any(joined):
        places = list(accumulate(b"".join(map(known.steps.__getitem__, pieces)), initial=first))[:-1]
    more = list(chain.from_iterable(spelled))
    if any(with_digit):
        more += numbered_names(text, pieces, stops)
    if any(coded) or (any(with_digit) and may_have_spaced_code(text)):
        more = codes_of_text(text) + more
    if more:
        written = set(words)
        more = [form for form in dict.fromkeys(more) if form not in written]
    return more, words, places
