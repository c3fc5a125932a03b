"""Query expansion: the index terms one word of a query may stand for. Specified in FORMAT.md, “Query expansion”."""

from dataclasses import dataclass
from math import log1p
from typing import Literal

from search_index.compounds import SHORTEST_PART, beginnings, parts
from search_index.shard_reader import Entry, Shards
from search_index.typos import allowed_edits, bases, inflections, kept_ends, near, swapped
from search_index.words import fold

EXACT, ACCENT, JOINED, INFLECTED, PREFIX, TYPO, TWO_TYPOS = 256, 250, 300, 235, 205, 200, 150
ALL_PARTS, MAIN_PART, OTHER_PART, LONGER = 215, 160, 100, 190
"""Weight of a word, of 256, by the kind of its expansion. Synonyms bring their own weight, at most 215."""
PREFIXES = 12
"""Groups at most that are taken for the beginning of a word."""
GUESSES = 4
"""Groups at most that are tried for a typo or an unseen inflection."""
BEGINNING = 3
"""Letters that the first part of an unknown compound is looked up by, and those that a longer word has before it."""
MUCH_RARER = 12
"""Difference of rarities at which one word is about four times as frequent as another."""
UNSPACED = 0x0E00
"""From this code point on, one character can be a word."""

Kind = Literal["exact", "accent", "joined", "split", "inflected", "synonym", "prefix", "typo", "part", "compound"]


@dataclass(frozen=True, slots=True)
class Expansion:
    """Index terms that the words ``start`` to ``end`` (exclusive) of a query may stand for."""

    start: int
    end: int
    groups: tuple[int, ...]
    """A document needs all of them."""
    weight: int
    kind: Kind
    form: str
    place: int = -1
    """The bit of the exact form, for which a document gets a bonus; -1 if any form of the group will do."""
    form_rarity: int = 0
    absent: bool = False
    """The word is known and no document has it: it counts by its synonyms and learned weights only."""
    learned: bool = False
    """There are learned weights for such a word."""


def typed(entries: list[Entry], word: str) -> Entry | None:
    """The entry of a word exactly as it was typed."""
    return next((entry for entry in entries if entry.form == word), None)


def as_typed(at: int, entries: list[Entry], word: str) -> list[Expansion]:
    """The word itself."""
    entry = typed(entries, word)
    if entry is None:
        return []
    return [_expansion(at, entry, EXACT, "exact", bonus=True)]


def with_accents(at: int, entries: list[Entry], word: str) -> list[Expansion]:
    """The same word with other accents, or an umlaut that is written as two letters."""
    own = typed(entries, word)
    return [_expansion(at, entry, _scaled(ACCENT, own, entry), "accent") for entry in entries if entry.form != word]


def with_prefix(shards: Shards, at: int, entries: list[Entry], word: str) -> list[Expansion]:
    """Words that start with this one."""
    key = fold(word)
    own = typed(entries, word)
    longer = [entry for entry in shards.entries_from(key) if entry.key != key and _found(entry)]
    return [
        _expansion(at, entry, _scaled(PREFIX, own, entry), "prefix", bonus=True)
        for entry in _one_a_group(longer)[:PREFIXES]
    ]


def long_enough(word: str) -> bool:
    """Whether a last word may be the beginning of longer ones."""
    return len(word) > 1 or ord(word[0]) > UNSPACED


def with_inflection(shards: Shards, at: int, word: str) -> list[Expansion]:
    """Other inflections of a word that never occurs in this one; those of documents before those only known."""
    key = fold(word)
    own: set[str] = set()
    entries: dict[int, Entry] = {}
    for bare in (key[len(beginning) :] for beginning in shards.beginnings if key.startswith(beginning)):
        left = bases(bare, shards.endings)
        if left:
            own |= left
            start = min(map(len, left))
            entries |= {entry.number: entry for entry in shards.entries_from(bare[:start]) if not entry.stop}
    for these in ([entry for entry in entries.values() if _found(entry)], list(entries.values())):
        found = set(inflections(own, {entry.key for entry in these}, shards.endings))
        if found:
            meant = _one_a_group([entry for entry in these if entry.key in found])[:GUESSES]
            return [_expansion(at, entry, INFLECTED, "inflected") for entry in meant] + with_parts(at, meant)
    return []


def with_parts(at: int, entries: list[Entry]) -> list[Expansion]:
    """The parts of the first compound among words: all of them, and each alone."""
    groups = next((entry.parts for entry in entries if entry.parts), ())
    return _parts(at, groups, ())


def _parts(at: int, groups: tuple[int, ...], forms: tuple[str, ...]) -> list[Expansion]:
    """The last part is what a compound is, and counts for more than the others."""
    weights = [OTHER_PART] * (len(groups) - 1) + [MAIN_PART]
    written = forms or ("",) * len(groups)
    alone = [
        Expansion(at, at + 1, (group,), weight, "part", form)
        for group, weight, form in zip(groups, weights, written, strict=False)
    ]
    return [Expansion(at, at + 1, groups, ALL_PARTS, "part", " ".join(forms)), *alone] if len(groups) > 1 else alone


def written_together(shards: Shards, at: int, word: str, *, whole: bool) -> list[Expansion]:
    """The parts of an unknown compound, as a whole or only in part; or compounds that start or end with the word."""
    key = fold(word)
    if not shards.links or len(key) < SHORTEST_PART:
        return []
    if whole:
        longer = [entry for entry in shards.entries_from(key) if _found(entry)]
        ending = [entry for entry in shards.entries_ending(key) if len(entry.key) - len(key) >= BEGINNING]
        shortest = sorted({entry.key for entry in ending}, key=lambda other: (len(other), other))[:GUESSES]
        longer += [entry for entry in ending if entry.key in shortest and _found(entry)]
        if longer:
            meant = _one_a_group(longer)[:PREFIXES]
            return [_expansion(at, entry, LONGER, "compound") for entry in meant]
    near = [entry for entry in shards.entries_from(key[:BEGINNING]) if _found(entry)]
    known = beginnings((entry.key for entry in near), shards.links)
    ends = {entry.key for entry in shards.entries_ending(key[-SHORTEST_PART:])}
    own = parts(key, known, ends, shards.links)
    if own.whole != whole:
        return []
    entries = [next(filter(_found, shards.entries(part)), None) for part in own.found]
    found = [entry for entry in entries if entry]
    return _parts(at, tuple(entry.group for entry in found), tuple(entry.form for entry in found))


def near_words(shards: Shards, word: str) -> tuple[int, list[Entry]]:
    """How many edits away the nearest words of the dictionary are, and these words, the commonest first.

    A word that no document has, but synonyms, counts where it is one edit away and no other is. A word that was learned
    from customers is never suggested.
    """
    key = fold(word)
    if not allowed_edits(key):
        return 0, []
    start, end = kept_ends(key)
    entries = shards.entries_from(start) + (shards.entries(swapped(key)) if len(key) == 4 else [])
    entries = [entry for entry in entries if not entry.learned]
    edits, found = near(key, (entry.key for entry in entries))
    if edits > 1:
        entries = [entry for entry in entries if not entry.absent] + shards.entries_ending(end)
        edits, found = near(key, (entry.key for entry in entries))
    meant = [entry for entry in entries if entry.key in found and not entry.stop]
    return edits, _one_a_group([entry for entry in meant if not entry.absent] or meant)[:GUESSES]


def with_typos(at: int, edits: int, meant: list[Entry]) -> list[Expansion]:
    """The words that a mistyped one was meant for."""
    return [_expansion(at, entry, TYPO if edits == 1 else TWO_TYPOS, "typo", bonus=True) for entry in meant]


def one_typo(shards: Shards, at: int, word: str) -> list[Expansion]:
    """Words one edit from an unknown one, beside those that share its base: “intenal” is “internal”, not “intend”."""
    edits, meant = near_words(shards, word)
    return with_typos(at, edits, meant) if edits == 1 else []


def may_be_a_typo(shards: Shards, entry: Entry | None) -> bool:
    """Whether a known word may be a typo of another one: a single document has it, and no title or phrasing does."""
    rarest = round(8 * log1p((shards.count - 0.5) / 1.5))
    return entry is not None and not entry.absent and entry.form_rarity > entry.rarity >= min(255, rarest)


def more_frequent(shards: Shards, at: int, word: str, own: Entry) -> list[Expansion]:
    """Words one edit from a rare one that many more documents have."""
    edits, meant = near_words(shards, word)
    frequent = [entry for entry in meant if own.rarity - entry.rarity >= MUCH_RARER]
    return with_typos(at, edits, frequent) if edits == 1 else []


def split_in_two(shards: Shards, at: int, word: str) -> list[Expansion]:
    """Two words of the dictionary without the space between them. Of a number and a word, the word alone will do.

    So `2factor` finds “two-factor”; the number behind a name, as in `gate8`, has to be right.
    """
    key = fold(word)
    number = len(key) - len(key.lstrip("0123456789"))
    cuts = range(0) if word.isdecimal() else range(len(key) - 1, 0, -1)
    for cut in cuts:
        left = _half(shards, key[:cut]) or (_unknown_number(key[:cut]) if cut == number else None)
        right = _half(shards, key[cut:]) if left else None
        if left and right and not (left.stop and right.stop):
            groups = tuple(entry.group for entry in (left, right) if not entry.stop)
            both = Expansion(at, at + 1, groups, JOINED, "split", f"{left.form} {right.form}")
            alone = [_expansion(at, right, MAIN_PART, "part")] if cut == number and len(groups) > 1 else []
            return [both, *alone]
    return []


def _unknown_number(digits: str) -> Entry:
    """A number that no document has: it says as little as a stop word."""
    return Entry(digits, digits, -1, -1, 0, 0, 0, stop=True, absent=True, learned=False)


def _expansion(at: int, entry: Entry, weight: int, kind: Kind, *, bonus: bool = False) -> Expansion:
    exactly = (entry.place, entry.form_rarity) if bonus else (-1, 0)
    return Expansion(at, at + 1, (entry.group,), weight, kind, entry.form, *exactly, entry.absent, entry.learned)


def _found(entry: Entry) -> bool:
    """Whether a word that was not typed may stand in for one: it says something, and some document has it."""
    return not (entry.stop or entry.absent)


def _scaled(weight: int, own: Entry | None, found: Entry) -> int:
    """A rarer word found for one that was typed must not weigh more than the typed one would."""
    if own is None or found.rarity <= own.rarity:
        return weight
    return weight * own.rarity // found.rarity


def _one_a_group(entries: list[Entry]) -> list[Entry]:
    """The commonest words first, one of each group."""
    found: dict[int, Entry] = {}
    for entry in sorted(entries, key=lambda entry: (entry.rarity, entry.form)):
        found.setdefault(entry.group, entry)
    return list(found.values())


def _half(shards: Shards, text: str) -> Entry | None:
    """Half of a word written together: a common little word, three letters of another, or any with a digit."""
    number = any(map(str.isdecimal, text))
    if len(text) == 1 and not number:
        return None
    long = number or len(text) > 2
    return next((entry for entry in shards.entries(text) if entry.stop or (long and not entry.absent)), None)
