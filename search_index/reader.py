"""The reference reader: answers from the shards alone, exactly as a browser does. See FORMAT.md, “Ranking”."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import isqrt

import numpy as np
from numpy.typing import NDArray

from search_index.analysis import usual_anchor
from search_index.query import parse
from search_index.query_expansion import (
    JOINED,
    Way,
    as_typed,
    begun,
    inflected,
    long_enough,
    mistyped,
    typed,
    with_accents,
    written_together,
)  # fmt: skip
from search_index.scoring import LEVELS
from search_index.shard_reader import Entry, Fetch, Shards, Weights
from search_index.words import fingerprint, fold, words

BONUS = 80
LEARNED, LEARNED_FROM = 280_000, 2
"""What a learned weight counts grows less the more words a query has: each of them brings weights of its own."""
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
class Contribution:
    """What one word of the query added to an article's score, before the share of words found is weighed in."""

    word: str
    found_as: str
    kind: str
    score: int


def learned_unit(slots: int) -> int:
    """What a learned weight counts in a query of so many words."""
    return isqrt(LEARNED // (slots + LEARNED_FROM))


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
        self._learned_unit = learned_unit(len(self._slots))
        self._score()

    def _is_stop(self, word: str) -> bool:
        entry = self._typed(word)
        return entry is not None and entry.stop

    def _typed(self, word: str) -> Entry | None:
        return typed(self._entries[word], word)

    def _all_ways(self) -> list[Way]:
        ways: list[Way] = []
        last = self._query.all_words[-1] if self._query.open_end else None
        for at, word in enumerate(self._slots):
            ways += self._ways_of(at, word, is_last=word == last)
        if self._forgiving:
            ways += self._joined()
            ways += self._synonyms(ways)
        return [way for way in ways if not way.absent]

    def _ways_of(self, at: int, word: str, *, is_last: bool) -> list[Way]:
        entries = self._entries[word]
        ways = as_typed(at, entries, word)
        if word in self._query.quoted:
            return ways
        ways += with_accents(at, entries, word)
        if is_last and long_enough(word):
            ways += begun(self._shards, at, entries, word)
        if all(way.absent for way in ways):
            ways += inflected(self._shards, at, word)
        if not ways and self._forgiving:
            ways = mistyped(self._shards, at, word) + written_together(self._shards, at, word)
            if ways:
                self._replaced[word] = ways[0].form
        if not ways and len(word) > 3:
            ways = begun(self._shards, at, entries, word)
        return ways

    def _joined(self) -> list[Way]:
        ways = []
        every = self._query.all_words
        for left, right in pairwise(every):
            if left in self._query.quoted or right in self._query.quoted:
                continue
            covered = [at for at, word in enumerate(self._slots) if word in (left, right)]
            if covered and covered[-1] - covered[0] < 2:
                span = (covered[0], covered[-1] + 1)
                entries = self._shards.entries(fold(left + right))
                present = [entry for entry in entries if not entry.absent]
                ways += [Way(*span, (entry.group,), JOINED, "joined", entry.form) for entry in present]
        return ways

    def _synonyms(self, ways: list[Way]) -> list[Way]:
        meant = [
            {way.groups[0] for way in ways if way.start == at and way.kind in ("exact", "accent", "inflected")}
            if word not in self._query.quoted
            else set()
            for at, word in enumerate(self._slots)
        ]
        return [
            Way(at, at + len(phrase), others, weight, "synonym", "")
            for phrase, others, weight in self._shards.synonyms
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
        total = self._with_lessons(total)
        for phrase in self._query.phrases:
            having = self._having(phrase)
            mask = np.zeros(count, np.int64)
            mask[having] = 1
            total = np.maximum(total, 1) * mask
        for document in self._titled():
            total[document] += EXACT_TITLE
        self._total = total

    def _with_lessons(self, total: NDArray[np.int64]) -> NDArray[np.int64]:
        found = total > 0
        total = total.copy()
        for weights, telling in self._lessons():
            total[weights.documents] += weights.weights * self._learned_unit
            if telling:
                found[weights.documents[weights.weights > 0]] = True
        return np.where(found, np.maximum(total, 0), 0)

    def _lessons(self) -> Iterator[tuple[Weights, bool]]:
        """What was learned of the query; nothing if none of its words is found."""
        if self._ways:
            meant = [(self._meant(word), self._is_stop(word)) for word in self._query.all_words]
            yield from self._shards.lessons(meant)

    def _meant(self, word: str) -> int:
        """The group of a word of the query, or the likeliest one it was meant for; -1 if there is none."""
        typed = self._typed(word)
        if typed and not typed.absent:
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
        candidates: set[int] = set()
        for word in self._slots:
            typed = self._typed(word)
            postings = self._shards.postings(typed.group) if typed and not typed.absent else None
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
        score = int(self._total[document])
        return Hit(id, title, url, anchor or usual_anchor(heading), heading, text or excerpt, score)

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
        """Word by word, why the article ``id`` has its score; the last rows are what was learned, and the title."""
        document = next((n for n in np.argsort(-self._total) if self._total[n] > 0 and self._has_id(int(n), id)), None)
        if document is None:
            return ()
        rows = []
        for at, word in enumerate(self._slots):
            best = max(
                ((self._score_of(way, document), way) for way in self._ways if way.start == at),
                key=lambda pair: pair[0],
                default=(0, None),
            )
            if best[0] and best[1]:
                covered = " ".join(self._slots[best[1].start : best[1].end])
                rows.append(Contribution(covered, best[1].form or word, best[1].kind, best[0]))
        lessons = [weights.weights[weights.documents == document] for weights, _ in self._lessons()]
        learned = sum(int(weights.sum()) for weights in lessons) * self._learned_unit
        if learned:
            rows.append(Contribution(self._text, "", "learned", learned))
        if document in self._titled():
            rows.append(Contribution(self._text, "", "title", EXACT_TITLE))
        return tuple(rows)

    def _has_id(self, document: int, id: str) -> bool:
        shown = self._shards.shown(document)
        return shown is not None and shown[0] == id

    def _score_of(self, way: Way, document: int) -> int:
        documents, scores = self._way_scores(way)
        return int(scores[documents == document].sum())
