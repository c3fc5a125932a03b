"""The reference reader: answers a query from the shards alone, exactly as the browser does. See FORMAT.md, “Ranking”."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import isqrt

import numpy as np
from numpy.typing import NDArray

from search_index.impacts import LEVELS
from search_index.query import parse
from search_index.shards import Entry, Fetch, Shards, Weights
from search_index.typos import allowed_edits, bases, inflections, kept_ends, near
from search_index.words import fingerprint, fold, words

EXACT, ACCENT, INFLECTED, JOINED, SYNONYM, PREFIX, TYPO, TWO_TYPOS = 256, 250, 235, 240, 215, 205, 200, 150
"""What a word counts, of 256, by the way in which it was found."""
BONUS = 64
LEARNED_UNIT = 156
PAIR_WINDOW = 3
PREFIXES = 12
TYPOS = 4
EXACT_TITLE = 10_000_000


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found. ``section`` is the anchor to jump to, empty for the top; ``score`` is a whole number."""

    id: str
    title: str
    url: str
    section: str
    section_heading: str
    excerpt: str
    score: int


@dataclass(frozen=True, slots=True)
class Results:
    """``corrected`` is the query as understood, empty if it was taken as typed."""

    query: str
    corrected: str
    hits: tuple[Hit, ...]
    incomplete: bool


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which the words ``start`` to ``end`` of a query can be meant."""

    start: int
    end: int
    groups: tuple[int, ...]
    weight: int
    kind: str
    form: str = ""
    place: int = -1
    """The exact form's bit; -1 if any form of the group will do."""
    form_rarity: int = 0


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one word of the query added to an article's score, before the share of words found is weighed in."""

    word: str
    found_as: str
    kind: str
    score: int


class Reader:
    """Searches one index. ``fetch`` gets a file by its name, as bytes, or raises ``OSError`` or ``KeyError``."""

    def __init__(self, fetch: Fetch) -> None:
        self._shards = Shards(fetch)

    def search(self, query: str, limit: int = 10, *, literal: bool = False) -> Results:
        """The best ``limit`` articles. ``literal`` takes every word as typed: no typo is forgiven."""
        return _Search(self._shards, query, literal).results(limit)

    def explain(self, query: str, id: str) -> tuple[Contribution, ...]:
        """What each word of the query contributed to the score of the article ``id``; empty if it isn't found."""
        return _Search(self._shards, query, literal=False).contributions(id)


class _Search:
    """One query on its way: words, then the ways they can be meant, then scores per document."""

    def __init__(self, shards: Shards, text: str, literal: bool) -> None:
        self._shards = shards
        self._text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        self._query = parse(text, eliding=shards.eliding)
        self._forgiving = not literal
        shards.incomplete = False
        self._entries = {word: shards.entries(fold(word)) for word in self._query.words}
        self._replaced: dict[str, str] = {}
        known_stops = {word for word in self._query.words if self._is_stop(word)}
        content = [word for word in self._query.words if word not in known_stops]
        self._slots = content or list(self._query.words)
        self._ways = self._all_ways()
        self._score()

    def _is_stop(self, word: str) -> bool:
        return any(entry.stop for entry in self._entries[word] if entry.form == word)

    def _typed(self, word: str) -> Entry | None:
        return next((entry for entry in self._entries[word] if entry.form == word), None)

    def _all_ways(self) -> list[Way]:
        ways: list[Way] = []
        last = self._query.all_words[-1] if self._query.open_end else None
        for at, word in enumerate(self._slots):
            ways += self._ways_of(at, word, is_last=word == last)
        if self._forgiving:
            ways += self._joined()
            ways += self._synonyms(ways)
        return ways

    def _ways_of(self, at: int, word: str, *, is_last: bool) -> list[Way]:
        ways = []
        typed = self._typed(word)
        if typed:
            ways.append(Way(at, at + 1, (typed.group,), EXACT, "exact", typed.form, typed.place, typed.form_rarity))
        if word in self._query.quoted:
            return ways
        for entry in self._entries[word]:
            if entry.form != word:
                ways.append(Way(at, at + 1, (entry.group,), _scaled(ACCENT, typed, entry), "accent", entry.form))
        if is_last and _long_enough(word):
            ways += self._prefixes(at, word, typed)
        if not ways:
            ways += self._inflected(at, word)
        if not ways and self._forgiving:
            ways += self._typos(at, word) + self._split(at, word)
        if not ways and len(word) > 3:
            ways += self._prefixes(at, word, typed)
        return ways

    def _inflected(self, at: int, word: str) -> list[Way]:
        key = fold(word)
        start = min((len(base) for base in bases(key, self._shards.endings)), default=0)
        if not start:
            return []
        candidates = {entry.key for entry in self._shards.entries_from(key[:start])}
        found = inflections(key, candidates, self._shards.endings)
        entries = [entry for candidate in found for entry in self._shards.entries(candidate) if not entry.stop]
        best = _one_a_group(entries)[:TYPOS]
        return [Way(at, at + 1, (entry.group,), INFLECTED, "inflected", entry.form) for entry in best]

    def _prefixes(self, at: int, word: str, typed: Entry | None) -> list[Way]:
        key = fold(word)
        longer = [entry for entry in self._shards.entries_from(key) if entry.key != key and not entry.stop]
        best = _one_a_group(longer)[:PREFIXES]
        return [Way(at, at + 1, (entry.group,), _scaled(PREFIX, typed, entry), "prefix", entry.form, entry.place, entry.form_rarity) for entry in best]

    def _typos(self, at: int, word: str) -> list[Way]:
        key = fold(word)
        if not allowed_edits(key):
            return []
        start, end = kept_ends(key)
        candidates = {entry.key for entry in self._shards.entries_from(key[:start])}
        candidates.update(self._shards.keys_ending(key[-end:]))
        found = near(key, candidates)
        nearest = [(edits, candidate) for edits, candidate in found if edits == found[0][0]]
        entries = [entry for _, candidate in nearest for entry in self._shards.entries(candidate)]
        best = _one_a_group(entries)[:TYPOS]
        if best:
            self._replaced[word] = best[0].form
        weight = TYPO if found and found[0][0] == 1 else TWO_TYPOS
        return [Way(at, at + 1, (entry.group,), weight, "typo", entry.form, entry.place, entry.form_rarity) for entry in best]

    def _split(self, at: int, word: str) -> list[Way]:
        key = fold(word)
        for cut in range(len(key) - 2, 1, -1):
            left = _plain(self._shards.entries(key[:cut]), cut)
            right = _plain(self._shards.entries(key[cut:]), len(key) - cut) if left else None
            if left and right:
                groups = tuple(entry.group for entry in (left, right) if not entry.stop)
                if groups:
                    self._replaced[word] = f"{left.form} {right.form}"
                    return [Way(at, at + 1, groups, JOINED, "split", f"{left.form} {right.form}")]
        return []

    def _joined(self) -> list[Way]:
        ways = []
        every = self._query.all_words
        for left, right in pairwise(every):
            if left in self._query.quoted or right in self._query.quoted:
                continue
            covered = [at for at, word in enumerate(self._slots) if word in (left, right)]
            for entry in self._shards.entries(fold(left + right)):
                if covered and covered[-1] - covered[0] < 2:
                    ways.append(Way(covered[0], covered[-1] + 1, (entry.group,), JOINED, "joined", entry.form))
        return ways

    def _synonyms(self, ways: list[Way]) -> list[Way]:
        meant = [
            {way.groups[0] for way in ways if way.start == at and way.kind in ("exact", "accent")}
            if word not in self._query.quoted
            else set()
            for at, word in enumerate(self._slots)
        ]
        return [
            Way(at, at + len(phrase), others, SYNONYM, "synonym")
            for phrase, others in self._shards.synonyms
            for at in range(len(meant) - len(phrase) + 1)
            if all(group in meant[at + step] for step, group in enumerate(phrase))
        ]

    def _way_scores(self, way: Way) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(documents, scores) of one way."""
        documents: NDArray[np.int64] | None = None
        scores = np.zeros(0, np.int64)
        for group in way.groups:
            postings = self._shards.postings(group)
            if postings is None:
                return np.zeros(0, np.int64), np.zeros(0, np.int64)
            weight: NDArray[np.int64] | int = way.weight
            here = LEVELS[postings.codes] * weight >> 8
            if way.place >= 0:
                here = here + (postings.forms >> way.place & 1) * (way.form_rarity * way.weight * BONUS >> 8)
            if documents is None:
                documents, scores = postings.documents, here
            else:
                documents, left, right = np.intersect1d(documents, postings.documents, return_indices=True)
                scores = scores[left] + here[right]
        return (np.zeros(0, np.int64) if documents is None else documents), scores

    def _score(self) -> None:
        count, slots = self._shards.count, len(self._slots)
        self._slot_scores = np.zeros((slots, count), np.int64)
        for way in self._ways:
            if way.end - way.start == 1:
                documents, scores = self._way_scores(way)
                row = self._slot_scores[way.start]
                row[documents] = np.maximum(row[documents], scores)
        found = (self._slot_scores > 0).sum(axis=0)
        total = self._slot_scores.sum(axis=0)
        for way in self._ways:
            if way.end - way.start > 1:
                documents, scores = self._way_scores(way)
                before = self._slot_scores[way.start : way.end][:, documents].sum(axis=0)
                gain = np.maximum(scores - before, 0)
                had = (self._slot_scores[way.start : way.end][:, documents] > 0).sum(axis=0)
                total[documents] += gain
                found[documents] += np.where(gain > 0, way.end - way.start - had, 0)
        share = np.array([isqrt((number << 16) // max(slots, 1)) for number in range(slots + 1)], np.int64)
        total = total * share[np.minimum(found, slots)] >> 8
        total += self._learned()
        total = np.maximum(total, 0)
        for phrase in self._query.phrases:
            having = self._having(phrase)
            mask = np.zeros(count, np.int64)
            mask[having] = 1
            total = np.maximum(total, 1) * mask
        for document in self._titled():
            total[document] += EXACT_TITLE
        self._total = total

    def _learned(self) -> NDArray[np.int64]:
        total = np.zeros(self._shards.count, np.int64)
        for weights in self._lessons():
            total[weights.documents] += weights.weights * LEARNED_UNIT
        return total

    def _lessons(self) -> Iterator[Weights]:
        """What was learned of the words of the query and of pairs of them; nothing if none of its words is found."""
        if not self._shards.has_learned or not self._ways:
            return
        meant = [(self._meant(word), self._is_stop(word)) for word in self._query.all_words]
        telling = [group for group, stop in meant if not stop]
        neighbours = [(left[0], right[0]) for left, right in pairwise(meant)]
        window = [(left, right) for at, left in enumerate(telling) for right in telling[at + 1 : at + 1 + PAIR_WINDOW]]
        pairs = {(min(pair), max(pair)) for pair in neighbours + window if pair[0] != pair[1]}
        for group in sorted({group for group, _ in meant if group >= 0}):
            postings = self._shards.postings(group)
            if postings:
                yield postings.learned
                for low, high in sorted(pairs):
                    if low == group and high in postings.pairs:
                        yield postings.pairs[high]

    def _meant(self, word: str) -> int:
        """The group of a word of the query, or the likeliest one it was meant for; -1 if there is none."""
        typed = self._typed(word)
        if typed:
            return typed.group
        at = self._slots.index(word) if word in self._slots else -1
        kinds = ("accent", "inflected", "typo")
        return next((way.groups[0] for way in self._ways if way.start == at and way.kind in kinds), -1)

    def _having(self, phrase: tuple[str, ...]) -> list[int]:
        """The documents that have the words of ``phrase`` in a row."""
        places: dict[int, set[int]] | None = None
        for step, word in enumerate(phrase):
            typed = self._typed(word)
            positions = self._shards.positions(typed.number) if typed else {}
            moved = {document: {at - step for at in ats} for document, ats in positions.items()}
            if places is None:
                places = moved
            else:
                places = {document: ats & moved[document] for document, ats in places.items() if document in moved}
        return sorted(document for document, ats in (places or {}).items() if ats)

    def _titled(self) -> list[int]:
        """Documents of which the query is the whole title."""
        title_print = fingerprint(list(self._query.all_words))
        candidates = set()
        for word in self._slots:
            typed = self._typed(word)
            postings = self._shards.postings(typed.group) if typed else None
            if postings:
                candidates.update(document for document, found in postings.titles if found == title_print)
        titled = []
        for document in sorted(candidates):
            shown = self._shards.shown(document)
            if shown and tuple(words(shown[2], eliding=self._shards.eliding)) == self._query.all_words:
                titled.append(document)
        return titled

    def results(self, limit: int) -> Results:
        order = np.lexsort((np.arange(len(self._total)), -self._total))[:limit]
        hits = [self._hit(int(document)) for document in order if self._total[document] > 0]
        corrected = " ".join(self._replaced.get(word, word) for word in self._query.all_words) if self._replaced else ""
        return Results(self._text, corrected, tuple(filter(None, hits)), self._shards.incomplete)

    def _hit(self, document: int) -> Hit | None:
        shown = self._shards.shown(document)
        if shown is None:
            return None
        id, url, title, excerpt, sections = shown
        section = self._best_section(document)
        anchor, heading, text = sections[section - 1] if 0 < section <= len(sections) else ("", "", "")
        return Hit(id, title, url, anchor, heading, text or excerpt, int(self._total[document]))

    def _best_section(self, document: int) -> int:
        votes: dict[int, int] = {}
        for way in self._ways:
            for group in way.groups:
                postings = self._shards.postings(group)
                at = int(np.searchsorted(postings.documents, document)) if postings else 0
                if postings and at < len(postings.documents) and postings.documents[at] == document:
                    section = int(postings.sections[at])
                    votes[section] = votes.get(section, 0) + (int(LEVELS[postings.codes[at]]) * way.weight >> 8)
        return min(votes, key=lambda section: (-votes[section], section)) if votes else 0

    def contributions(self, id: str) -> tuple[Contribution, ...]:
        return ()


def _scaled(weight: int, typed: Entry | None, found: Entry) -> int:
    """A rarer word found for one that was typed must not weigh more than the typed one would."""
    if typed is None or found.rarity <= typed.rarity:
        return weight
    return weight * typed.rarity // found.rarity


def _one_a_group(entries: list[Entry]) -> list[Entry]:
    """The commonest words first, one of each group."""
    found: dict[int, Entry] = {}
    for entry in sorted(entries, key=lambda entry: (entry.rarity, entry.number)):
        found.setdefault(entry.group, entry)
    return list(found.values())


def _long_enough(word: str) -> bool:
    return len(word) > 1 or ord(word[0]) > 0x0E00


def _plain(entries: list[Entry], length: int) -> Entry | None:
    """The half of a word written together: three letters, or two of a common little word."""
    return next((entry for entry in entries if length > 2 or entry.stop), None)
