"""Synonyms as the index has them: what is typed, what it also finds, and how much that counts."""

import sys
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from search_index.analysis import ASKED_AS, TAG, TITLE, stem_of
from search_index.compounds import Compound
from search_index.corpus import Corpus
from search_index.encoding import varint
from search_index.language import language_of
from search_index.partitions import read_partition
from search_index.scoring import Impacts
from search_index.stemming import stop_words
from search_index.synonyms import Synonyms
from search_index.typos import bases, inflections
from search_index.words import elides, fold, words

SYNONYM, EVERYDAY = 215, 180
"""Weight of a synonym, of 256: an editor's, and one of everyday language."""
NAMING = (TITLE, ASKED_AS, TAG)
FEW = 2
"""Everyday synonyms are for words that at most so many documents have in a title, a phrasing or a tag."""
Rule = tuple[tuple[int, ...], tuple[int, ...]]
"""Groups of what is typed, groups of what it also finds."""


def synonym_table(
    corpus: Corpus, weighed: Impacts, synonyms: Synonyms, language: str, compounds: Mapping[int, Compound]
) -> bytes:
    """Per synonym: what is typed, what it also finds (as groups), and how much that counts.

    A rarer word found for a commoner one must not weigh more than the typed one would.
    """
    rules = _rules(corpus, synonyms, language, compounds)
    rarity = weighed.rarity.tolist()
    rows = bytearray(varint(len(rules)))
    for (left, right), weight in rules.items():
        own, found = sum(rarity[group] for group in left), sum(rarity[group] for group in right)
        for row in (left, right):
            rows += varint(len(row)) + b"".join(map(varint, row))
        rows += varint(weight if found <= own else weight * own // found)
    return bytes(rows)


def used_synonyms(
    synonyms: Synonyms, partitions: Sequence[bytes], withheld: Iterable[str], language: str
) -> tuple[Synonyms, tuple[str, ...]]:
    """The synonyms that lead customers to a document of ``partitions``, without those that name something else.

    A word that only ``withheld`` texts have is private; the phrases with one come second.
    """
    eliding = elides(language)

    def stems(text: str) -> set[str]:
        return {stem_of(word, language) for word in words(text, eliding=eliding)}

    # A part of a compound is found in it.
    known = "\n".join(stem for part in partitions for stem in read_partition(part).stems)
    private = {stem for text in withheld for stem in stems(text) if stem not in known}
    phrases = {phrase: stems(phrase) for pair in synonyms.pairs for phrase in pair}
    named = tuple(phrase for phrase, parts in phrases.items() if parts & private)
    leading = {phrase for phrase, parts in phrases.items() if any(stem in known for stem in parts)}.difference(named)
    kept = tuple((left, right) for left, right in synonyms.pairs if right in leading and left not in named)
    return Synonyms(kept), named


def _rules(corpus: Corpus, synonyms: Synonyms, language: str, compounds: Mapping[int, Compound]) -> dict[Rule, int]:
    """The weight of each synonym. Everyday language is for words that hardly any document is named by.

    So a large centre, whose titles have most words themselves, fetches no more for it.
    """
    eliding = elides(language)
    stops = stop_words(language, eliding=eliding)

    def groups(phrase: str) -> tuple[int, ...]:
        split = words(phrase, eliding=eliding)
        content = [word for word in split if word not in stops] or split
        return tuple(int(corpus.group_of[corpus.form_number[word]]) for word in content)

    naming = np.zeros(len(corpus.pairs.group), bool)
    for field in NAMING:
        naming[corpus.pairs.fields[field][0]] = True
    named = np.bincount(corpus.pairs.group[naming], minlength=corpus.groups).tolist()
    for group, compound in compounds.items():
        for part in compound.groups:
            named[part] += named[group]
    known = language_of(language)
    pairs = [*known.synonyms, *(pair for pair in known.numbers if set(pair) <= corpus.form_number.keys())]
    meant = {right: [groups(right)] for _, right in pairs}
    other = _Inflections(corpus, named, ("", *known.endings))
    for right, (own,) in meant.items():
        if len(own) == 1 and not named[own[0]]:
            meant[right] = [(group,) for group in other.of(words(right, eliding=eliding)[-1])]
    rules = {(groups(left), own): EVERYDAY for left, right in pairs for own in meant[right]}
    rules = {
        (left, right): weight
        for (left, right), weight in rules.items()
        if min(named[group] for group in left) <= FEW and all(named[group] for group in right)
    }
    rules |= {(groups(left), groups(right)): SYNONYM for left, right in synonyms.pairs}
    return {(left, right): weight for (left, right), weight in sorted(rules.items()) if left != right}


class _Inflections:
    """Words that name documents, by their other inflections. Stemmers keep many apart, such as an Arabic word with its
    article."""

    def __init__(self, corpus: Corpus, named: Sequence[int], endings: Sequence[str]) -> None:
        naming = [number for number, group in enumerate(corpus.group_of.tolist()) if named[group]]
        self._groups = [int(corpus.group_of[number]) for number in naming]
        # Forms are in the order of these.
        self._keys = [fold(corpus.forms[number]) for number in naming]
        self._endings = endings

    def of(self, word: str) -> list[int]:
        """Groups of the inflections of ``word`` that are most like it."""
        own = bases(fold(word), self._endings)
        if not own:
            return []
        start = min(own, key=len)
        first, last = bisect_left(self._keys, start), bisect_left(self._keys, start + chr(sys.maxunicode))
        found = set(inflections(own, self._keys[first:last], self._endings))
        return sorted({self._groups[at] for at in range(first, last) if self._keys[at] in found})
