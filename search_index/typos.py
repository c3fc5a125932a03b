"""Distances between words, and the words of a vocabulary that are near enough to have been meant."""

from collections.abc import Iterable, Set

from rapidfuzz.distance import OSA


def distance(left: str, right: str, limit: int) -> int:
    """Edits from one word to the other; swapping two neighbours is one edit. ``limit + 1`` if there are more.

    Restricted Damerau-Levenshtein (optimal string alignment): Damerau 1964, Levenshtein 1966.
    """
    return OSA.distance(left, right, score_cutoff=limit)


def allowed_edits(word: str) -> int:
    """None in short words and numbers, one from four letters, two from eight; one in ``esp32``, never in its digits."""
    digits = _digits(word)
    if len(word) < 4 or (digits and len(word) < len(digits) + 3):
        return 0
    return 1 if digits or len(word) < 8 else 2


def kept_ends(word: str) -> tuple[str, str]:
    """A beginning and an end of which one edit leaves at least one untouched; but see :func:`swapped`."""
    length = len(word) - (len(word) != 4)
    start = min(3, length // 2)
    return word[:start], word[-min(length - start, 5) :]


def swapped(word: str) -> str:
    """A word of four letters with its middle ones swapped: the one edit that changes both of its halves."""
    return word[0] + word[2] + word[1] + word[3]


def near(word: str, candidates: Iterable[str]) -> tuple[int, set[str]]:
    """The candidates nearest to ``word``, if any is near enough, and how many edits away they are.

    Four letters are too few to guess a different one: only a swap, a missing and an extra letter count there.
    """
    limit = allowed_edits(word)
    nearest, found = limit + 1, set[str]()
    digits = _digits(word)
    for candidate in set(candidates):
        if len(candidate) < 3 or (len(word) == len(candidate) == 4 and sorted(word) != sorted(candidate)):
            continue
        edits = distance(word, candidate, limit)
        if 0 < edits <= min(limit, nearest) and _digits(candidate) == digits:
            found = found | {candidate} if edits == nearest else {candidate}
            nearest = edits
    return nearest, found


def _digits(word: str) -> str:
    return "".join(filter(str.isdecimal, word))


def bases(word: str, endings: Iterable[str]) -> set[str]:
    """The possible stems of a word without its ending: at least three letters; a doubled last letter also single."""
    left = {word[: len(word) - len(ending)] for ending in endings if word.endswith(ending)}
    single = {base[:-1] for base in left if len(base) > 4 and base[-1] == base[-2]}
    return {base for base in left | single if len(base) > 2}


def inflections(own: Set[str], candidates: Iterable[str], endings: Iterable[str]) -> list[str]:
    """The candidates that share the longest base with a word, of which ``own`` are the bases."""
    endings = tuple(endings)
    shared = {candidate: max(map(len, own & bases(candidate, endings)), default=0) for candidate in set(candidates)}
    longest = max(shared.values(), default=0)
    return sorted(candidate for candidate, length in shared.items() if length == longest > 0)
