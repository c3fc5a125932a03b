"""The reference reader: answers from the shards alone, exactly as a browser does. See FORMAT.md, “Ranking”."""

from collections.abc import Collection, Iterator
from itertools import pairwise
from math import isqrt

import numpy as np
from numpy.typing import NDArray

from search_index.analysis import usual_anchor
from search_index.codes import codes_of_query
from search_index.confidence import confidence, is_sure
from search_index.names import keys_of_query
from search_index.query import parse
from search_index.query_expansion import (
    EXACT,
    JOINED,
    Expansion,
    as_typed,
    long_enough,
    may_be_a_typo,
    more_frequent,
    near_words,
    one_typo,
    split_in_two,
    typed,
    with_accents,
    with_inflection,
    with_parts,
    with_prefix,
    with_typos,
    written_together,
)  # fmt: skip
from search_index.results import Contribution, Hit, Results
from search_index.scoring import LEVELS
from search_index.shard_reader import Entry, Fetch, Shards, Weights
from search_index.words import fingerprint, fold, words

BONUS = 80
PINNED = 64
"""Articles that trend today weigh a quarter more, beside their prior."""
LEARNED, LEARNED_FROM = 280_000, 2
"""A learned weight counts less the more words a query has: each of them brings weights of its own."""
EXACT_TITLE = 10_000_000
EXACT_CODE = 1_000_000
"""More than any score of words; a document whose title or code is the query comes first."""
CODE_CONFIDENCE = 0.9
"""The least confidence of the only article with a code; with several, the other words decide."""
FLOOR = 4
"""An article with less than this fraction (1/4) of the best score is no result, unless it has each of several words."""


def learned_unit(slots: int) -> int:
    """The factor of learned weights in a query of so many words."""
    return isqrt(LEARNED // (slots + LEARNED_FROM))


class Reader:
    """Searches one index. ``fetch`` gets a file by its name, as bytes, or raises ``OSError`` or ``KeyError``."""

    def __init__(self, fetch: Fetch) -> None:
        self._shards = Shards(fetch)

    def search(self, query: str, limit: int = 10, *, literal: bool = False, pinned: Collection[int] = ()) -> Results:
        """The best ``limit`` articles. ``literal`` takes every word as typed: no typo is forgiven.

        ``pinned`` are numbers of documents that trend today.
        """
        return _Search(self._shards, query, literal, pinned).results(limit)

    def explain(self, query: str, id: str, *, pinned: Collection[int] = ()) -> tuple[Contribution, ...]:
        """The contribution of each word of the query to the score of the article ``id``; empty if it isn't found."""
        return _Search(self._shards, query, literal=False, pinned=pinned).contributions(id)


class _Search:
    """One query: its words, their expansions, and a score per document."""

    def __init__(self, shards: Shards, text: str, literal: bool, pinned: Collection[int] = ()) -> None:
        self._shards = shards
        self._text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        self._query = parse(text, eliding=shards.eliding)
        self._forgiving = not literal
        self._lift = shards.priors.copy()
        self._lift[[number for number in pinned if number < shards.count]] += PINNED
        shards.incomplete = False
        self._entries = {word: shards.entries(fold(word)) for word in self._query.words}
        self._replaced: dict[str, str] = {}
        known_stops = {word for word in self._query.words if self._is_stop(word)}
        content = [word for word in self._query.words if word not in known_stops]
        self._slots = content or list(self._query.words)
        self._known = self._all_expansions()
        self._expansions = [expansion for expansion in self._known if not expansion.absent]
        self._learned_unit = learned_unit(len(self._slots))
        self._score()

    def _is_stop(self, word: str) -> bool:
        entry = self._typed(word)
        return entry is not None and entry.stop

    def _typed(self, word: str) -> Entry | None:
        return typed(self._entries[word], word)

    def _all_expansions(self) -> list[Expansion]:
        expansions: list[Expansion] = []
        last = self._query.all_words[-1] if self._query.open_end else None
        for at, word in enumerate(self._slots):
            expansions += self._expansions_of(at, word, is_last=word == last)
        if self._forgiving:
            expansions += self._joined()
            expansions += self._synonyms(expansions)
        return expansions

    def _expansions_of(self, at: int, word: str, *, is_last: bool) -> list[Expansion]:
        entries = self._entries[word]
        expansions = as_typed(at, entries, word)
        if word in self._query.quoted:
            return expansions
        expansions += with_accents(at, entries, word)
        expansions += with_parts(at, entries)
        if is_last and long_enough(word):
            expansions += with_prefix(self._shards, at, entries, word)
        if all(expansion.absent for expansion in expansions):
            expansions += with_inflection(self._shards, at, word)
            if expansions and self._forgiving and not self._typed(word):
                expansions += one_typo(self._shards, at, word)
        own = self._typed(word)
        if own and self._forgiving and may_be_a_typo(self._shards, own):
            expansions += more_frequent(self._shards, at, word, own)
        if not expansions:
            expansions = written_together(self._shards, at, word, whole=True)
        if not expansions and self._forgiving:
            edits, meant = near_words(self._shards, word)
            expansions = with_typos(at, edits, meant)
            if edits != 1:
                expansions += split_in_two(self._shards, at, word)
            if expansions:
                self._replaced[word] = expansions[0].form
        if not expansions:
            expansions = written_together(self._shards, at, word, whole=False)
        if not expansions and len(word) > 3:
            expansions = with_prefix(self._shards, at, entries, word)
        return expansions

    def _joined(self) -> list[Expansion]:
        expansions = []
        every = self._query.all_words
        for left, right in pairwise(every):
            if left in self._query.quoted or right in self._query.quoted:
                continue
            covered = [at for at, word in enumerate(self._slots) if word in (left, right)]
            if covered and covered[-1] - covered[0] < 2:
                span = (covered[0], covered[-1] + 1)
                entries = self._shards.entries(fold(left + right))
                present = [entry for entry in entries if not entry.absent]
                expansions += [
                    Expansion(*span, (entry.group,), JOINED, "joined", entry.form, entry.place, entry.form_rarity)
                    for entry in present
                ]
        return expansions

    def _synonyms(self, expansions: list[Expansion]) -> list[Expansion]:
        meant = [
            {
                expansion.groups[0]
                for expansion in expansions
                if expansion.start == at and expansion.kind in ("exact", "accent", "inflected", "typo")
            }
            if word not in self._query.quoted
            else set()
            for at, word in enumerate(self._slots)
        ]
        return [
            Expansion(at, at + len(phrase), others, weight, "synonym", "")
            for phrase, others, weight in self._shards.synonyms
            for at in range(len(meant) - len(phrase) + 1)
            if all(group in meant[at + step] for step, group in enumerate(phrase))
        ]

    def _expansion_scores(self, expansion: Expansion) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(documents, scores) of one expansion."""
        documents: NDArray[np.int64] | None = None
        scores = np.zeros(0, np.int64)
        for group in expansion.groups:
            postings = self._shards.postings(group)
            if postings is None:
                return np.zeros(0, np.int64), np.zeros(0, np.int64)
            weight: NDArray[np.int64] | int = expansion.weight
            here = LEVELS[postings.codes] * weight >> 8
            if expansion.place >= 0:
                here = here + (postings.forms >> expansion.place & 1) * (
                    expansion.form_rarity * expansion.weight * BONUS >> 8
                )
            if documents is None:
                documents, scores = postings.documents, here
            else:
                documents, left, right = np.intersect1d(documents, postings.documents, return_indices=True)
                scores = scores[left] + here[right]
        return (np.zeros(0, np.int64) if documents is None else documents), scores

    def _score(self) -> None:
        count, slots = self._shards.count, len(self._slots)
        self._slot_scores = np.zeros((slots, count), np.int64)
        for expansion in self._expansions:
            if expansion.end - expansion.start == 1:
                documents, scores = self._expansion_scores(expansion)
                row = self._slot_scores[expansion.start]
                row[documents] = np.maximum(row[documents], scores)
        found = (self._slot_scores > 0).sum(axis=0)
        total = self._slot_scores.sum(axis=0)
        for expansion in self._expansions:
            if expansion.end - expansion.start > 1:
                documents, scores = self._expansion_scores(expansion)
                before = self._slot_scores[expansion.start : expansion.end][:, documents].sum(axis=0)
                gain = np.maximum(scores - before, 0)
                had = (self._slot_scores[expansion.start : expansion.end][:, documents] > 0).sum(axis=0)
                total[documents] += gain
                found[documents] += np.where(gain > 0, expansion.end - expansion.start - had, 0)
        share = np.array([isqrt((number << 16) // max(slots, 1)) for number in range(slots + 1)], np.int64)
        total = total * share[np.minimum(found, slots)] >> 8
        total = self._with_learned(total)
        self._lifted_by = total * self._lift >> 8
        total = total * (256 + self._lift) >> 8
        for phrase in self._query.phrases:
            having = self._having(phrase)
            mask = np.zeros(count, np.int64)
            mask[having] = 1
            total = np.maximum(total, 1) * mask
        self._code_groups: list[int] = []
        self._codes = self._with_codes()
        total[self._codes] = np.maximum(total[self._codes], 1) + EXACT_CODE
        self._titles = self._titled()
        total[self._titles] += EXACT_TITLE
        self._total = total
        self._found = np.minimum(found, slots)

    def _with_learned(self, total: NDArray[np.int64]) -> NDArray[np.int64]:
        found = total > 0
        total = total.copy()
        for weights, content, _ in self._learned_weights():
            total[weights.documents] += weights.weights * self._learned_unit
            if content:
                found[weights.documents[weights.weights > 0]] = True
        return np.where(found, np.maximum(total, 0), 0)

    def _learned_weights(self) -> Iterator[tuple[Weights, bool, tuple[int, ...]]]:
        """The weights learned for the query; none if none of its words is found."""
        if self._expansions or any(expansion.learned for expansion in self._known):
            meant = [(self._matched_group(word), self._is_stop(word)) for word in self._query.all_words]
            yield from self._shards.learned_weights(meant)

    def _matched_group(self, word: str) -> int:
        """The group of a word of the query, or the likeliest one it stands for; -1 if there is none."""
        typed = self._typed(word)
        if typed and (typed.learned or not typed.absent):
            return typed.group
        at = self._slots.index(word) if word in self._slots else -1
        found = (
            expansion.groups[0]
            for expansion in self._known
            if expansion.start == at
            and expansion.kind in ("accent", "inflected", "typo")
            and (expansion.learned or not expansion.absent)
        )
        return next(found, -1)

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

    def _with_codes(self) -> list[int]:
        """Documents that have a code or number of the query, in whatever spelling."""
        found: set[int] = set()
        for code in (*codes_of_query(self._text), *keys_of_query(self._text, self._query.all_words)):
            entry = typed(self._shards.entries(fold(code)), code)
            postings = self._shards.postings(entry.group) if entry and not entry.absent else None
            if entry and postings:
                self._code_groups.append(entry.group)
                found.update(postings.documents.tolist())
        return sorted(found)

    def _titled(self) -> list[int]:
        """Documents of which the query is the whole title."""
        title_fingerprint = fingerprint(list(self._query.all_words))
        candidates: set[int] = set()
        for word in self._slots:
            typed = self._typed(word)
            postings = self._shards.postings(typed.group) if typed and not typed.absent else None
            if postings:
                candidates.update(document for document, found in postings.titles if found == title_fingerprint)
        titled = []
        for document in sorted(candidates):
            shown = self._shards.shown(document)
            if shown and tuple(words(shown[2], eliding=self._shards.eliding)) == self._query.all_words:
                titled.append(document)
        return titled

    def results(self, limit: int) -> Results:
        total = self._total % EXACT_CODE
        least = max(1, -(-int(total.max(initial=0)) // FLOOR))
        order = np.lexsort((np.arange(len(total)), -self._total))[:limit]
        enough = np.where(self._found >= max(2, len(self._slots)), 1, least)
        first = {*self._titles, *self._codes}
        hits = [self._hit(int(each)) for each in order if total[each] >= enough[each] or each in first]
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
        anchor = anchor or usual_anchor(heading)
        return Hit(id, title, url, anchor, heading, text or excerpt, score, *self._confidence(document))

    def _confidence(self, document: int) -> tuple[float, bool]:
        """How likely a document answers the query, and whether it is sure enough to be shown as the answer."""
        if document in self._titles:
            return 1.0, True
        total = self._total % EXACT_CODE
        second, third = (*np.sort(np.delete(total, document))[::-1][:2].tolist(), 0, 0)[:2]
        score, found = int(total[document]), int(self._found[document])
        likely = confidence(score, (second, third), found, len(self._slots))
        sure = is_sure(likely, score, second, found, self._shards.count, self._shards.has_learned)
        return (max(likely, CODE_CONFIDENCE), True) if self._codes == [document] else (likely, sure)

    def _best_section(self, document: int) -> int:
        votes: dict[int, int] = {}
        meant = [(group, expansion.weight) for expansion in self._expansions for group in expansion.groups]
        for group, weight in [*meant, *((group, EXACT) for group in self._code_groups)]:
            postings = self._shards.postings(group)
            at = int(np.searchsorted(postings.documents, document)) if postings else 0
            if postings and at < len(postings.documents) and postings.documents[at] == document:
                section = int(postings.sections[at])
                votes[section] = votes.get(section, 0) + (int(LEVELS[postings.codes[at]]) * weight >> 8)
        return min(votes, key=lambda section: (-votes[section], section)) if votes else 0

    def contributions(self, id: str) -> tuple[Contribution, ...]:
        """Word by word, why the article ``id`` has its score; the last rows are what was learned, and the title."""
        document = next((n for n in np.argsort(-self._total) if self._total[n] > 0 and self._has_id(int(n), id)), None)
        if document is None:
            return ()
        rows = []
        for at, word in enumerate(self._slots):
            best = max(
                (
                    (self._score_of(expansion, document), expansion)
                    for expansion in self._expansions
                    if expansion.start == at
                ),
                key=lambda pair: pair[0],
                default=(0, None),
            )
            if best[0] and best[1]:
                covered = " ".join(self._slots[best[1].start : best[1].end])
                rows.append(Contribution(covered, best[1].form or word, best[1].kind, best[0]))
        rows += self._learned_contributions(document)
        if self._lift[document]:
            rows.append(Contribution(self._text, "asked now", "demand", int(self._lifted_by[document])))
        if document in self._codes:
            rows.append(Contribution(self._text, "", "code", EXACT_CODE))
        if document in self._titles:
            rows.append(Contribution(self._text, "", "title", EXACT_TITLE))
        return tuple(rows)

    def _learned_contributions(self, document: int) -> Iterator[Contribution]:
        """The contribution of each learned word, and of each learned pair of words."""
        word_of = {self._matched_group(word): word for word in reversed(self._query.words)}
        for weights, _, groups in self._learned_weights():
            weight = int(weights.weights[weights.documents == document].sum())
            if weight:
                found = " ".join(self._replaced.get(word_of[group], word_of[group]) for group in groups)
                yield Contribution(
                    " ".join(word_of[group] for group in groups), found, "learned", weight * self._learned_unit
                )

    def _has_id(self, document: int, id: str) -> bool:
        shown = self._shards.shown(document)
        return shown is not None and shown[0] == id

    def _score_of(self, expansion: Expansion, document: int) -> int:
        documents, scores = self._expansion_scores(expansion)
        return int(scores[documents == document].sum())
