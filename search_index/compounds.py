"""Words written together: “Kundenkonto” is cut into “Kunden” and “Konto”, so that each finds the other.

The words of the articles themselves are the dictionary, with a few that every help centre's compounds end in. All words
here are folded. FORMAT.md, “Compounds”, is the specification for readers.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from search_index.corpus import Corpus
from search_index.language import language_of
from search_index.words import fold

SHORTEST_PART = 4
"""Letters of a part, and of what is left where only one part is known."""
MOST_PARTS = 6


class Parts(NamedTuple):
    """The known parts of a compound, the last one being what it is; ``whole`` if there is nothing but them."""

    found: tuple[str, ...]
    whole: bool


def beginnings(words: Iterable[str], joints: Collection[str]) -> dict[str, str]:
    """Beginning of a compound → its word: also without an ending that is a link too.

    “Adresse” starts “Adressbuch”, “Lieferung” starts no “Lieferzeit”.
    """
    found: dict[str, str] = {}
    every = sorted({word for word in words if len(word) >= SHORTEST_PART})
    for word in every:
        for link in joints:
            if link and word.endswith(link) and len(word) - len(link) >= SHORTEST_PART:
                found.setdefault(word[: -len(link)], word)
    return found | {word: word for word in every}


def parts(word: str, starts: Mapping[str, str], ends: Collection[str], joints: Collection[str]) -> Parts:
    """The longest known end of a compound and the longest known beginning before it.

    ``starts`` are :func:`beginnings`; ``ends`` are words of at least ``SHORTEST_PART`` letters.
    """
    size = len(word)
    tails = [at for at in range(SHORTEST_PART, size - SHORTEST_PART + 1) if word[at:] in ends]
    for at in tails:
        for joint in range(at, SHORTEST_PART - 1, -1):
            if word[joint:at] in joints and word[:joint] in starts:
                return Parts((starts[word[:joint]], word[at:]), whole=True)
    tail = tails[0] if tails else size
    heads = range(min(tail, size - SHORTEST_PART), SHORTEST_PART - 1, -1)
    head = next((starts[word[:at]] for at in heads if word[:at] in starts), "")
    return Parts(tuple(filter(None, (head, word[tail:]))), whole=False)


@dataclass(frozen=True, slots=True)
class Compound:
    """A group that is a compound, by the groups of its known parts, the last one being what it is."""

    groups: tuple[int, ...]
    whole: bool


def compounds(corpus: Corpus, stop_forms: Collection[str], language: str) -> dict[int, Compound]:
    """The compounds among the words of a collection, by group; parts of parts are parts."""
    joints = language_of(language).links
    if not joints:
        return {}
    forms = {
        fold(form): group
        for form, group in zip(corpus.forms, corpus.group_of.tolist(), strict=True)
        if form not in stop_forms and not any(map(str.isdecimal, form))
    }
    stems = {fold(stem): group for group, stem in enumerate(corpus.stems) if stem not in stop_forms}
    ends = {word: group for word, group in {**stems, **forms}.items() if len(word) >= SHORTEST_PART}
    starts = beginnings(forms, joints)
    found: dict[int, Compound] = {}
    for word, group in [*forms.items(), *stems.items()]:
        own = parts(word, starts, ends, joints)
        groups = tuple(part for part in (ends[part] for part in own.found) if part != group)
        before = found.get(group)
        if groups and (not before or (own.whole, len(groups)) > (before.whole, len(before.groups))):
            found[group] = Compound(groups, own.whole and len(groups) == len(own.found))
    return {group: _flat(group, found) for group in sorted(found)}


def _flat(group: int, compounds: Mapping[int, Compound]) -> Compound:
    """A compound with the parts of its parts before them: what it is stays last."""
    groups: list[int] = []
    left = list(compounds[group].groups)
    while left and len(groups) < MOST_PARTS:
        part = left.pop()
        if part != group and part not in groups:
            groups.append(part)
            left = [*(compounds[part].groups if part in compounds else ()), *left]
    return Compound(tuple(reversed(groups)), compounds[group].whole)
