"""The forms under which the index holds a text: its words, and beside them other spellings of its codes and names.

A text is cut at its spaces, and what such a piece yields is computed once a process, since texts repeat most of them.
Only what may have a space in it, as `PAY 3` and “iPhone 15”, is looked for in each text.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import accumulate, chain, pairwise
from typing import NamedTuple

from search_index.codes import codes_of_text, has_digit, may_have_spaces
from search_index.names import numbered_names, spellings
from search_index.words import LONGEST_WORD, is_sign_apart, words_and_places

_MOST_PIECES = 100_000
"""In memory at once, for each kind of language."""
_BEFORE, _AFTER = "(\"'", ".,:;!?)\"'"
"""What may be around a word without being a part of it or of a name."""


class _Oddity(NamedTuple):
    """What there is to know of a piece that is more than words one after the other."""

    has_code: bool
    has_digit: bool
    is_sign: bool
    """Whether it may belong to the word before it."""
    steps: bytes
    """By how much the position grows with each of its words; empty where it always is one."""
    spellings: tuple[str, ...]


_PLAIN = _Oddity(has_code=False, has_digit=False, is_sign=False, steps=b"", spellings=())


class _Pieces(dict[str, tuple[str, ...]]):
    """The words of each piece that was met, and the oddities of some."""

    def __init__(self, *, eliding: bool) -> None:
        super().__init__()
        self.eliding = eliding
        self.odd: dict[str, _Oddity] = {}

    def __missing__(self, piece: str) -> tuple[str, ...]:
        found, oddity = self._taken_apart(piece)
        if any(oddity):
            self.odd[piece] = oddity
        self[piece] = found
        return found

    def _taken_apart(self, piece: str) -> tuple[tuple[str, ...], _Oddity]:
        bare = piece.lstrip(_BEFORE).rstrip(_AFTER)
        if bare.isascii() and bare.isalpha() and (bare.islower() or bare[1:].islower()):
            return (bare.lower()[:LONGEST_WORD],), _PLAIN
        words, places = words_and_places(piece, eliding=self.eliding)
        steps = bytes(after - before for before, after in pairwise((*places, len(set(places)))))
        return tuple(words), _Oddity(
            has_code=bool(codes_of_text(piece)),
            has_digit=has_digit(piece),
            is_sign=is_sign_apart(piece),
            steps=steps if 0 in steps else b"",
            spellings=spellings(piece),
        )

    def places(self, pieces: Iterable[str], first: int) -> list[int]:
        """The positions of the words of ``pieces``, from ``first``."""
        steps = (self.odd.get(piece, _PLAIN).steps or b"\1" * len(self[piece]) for piece in pieces)
        return list(accumulate(b"".join(steps), initial=first))[:-1]


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
    if len(known) > _MOST_PIECES:
        known.clear()
        known.odd.clear()
    pieces = text.split()
    words = list(chain.from_iterable(map(known.__getitem__, pieces)))
    places: Sequence[int] = range(first, first + len(words))
    if known.odd.keys().isdisjoint(pieces):
        return [], words, places
    odd = [known.odd[piece] for piece in pieces if piece in known.odd]
    coded, with_digit, signs, steps, spelled = zip(*odd, strict=True)
    if any(signs):
        words, places = words_and_places(text, eliding=eliding, first=first)
    elif any(steps):
        places = known.places(pieces, first)
    more = list(chain.from_iterable(spelled))
    if any(with_digit):
        more += numbered_names(text, pieces, stops)
    if any(coded) or (any(with_digit) and may_have_spaces(text)):
        more = codes_of_text(text) + more
    if more:
        written = set(words)
        more = [form for form in dict.fromkeys(more) if form not in written]
    return more, words, places
