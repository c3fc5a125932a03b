"""Build the inverted index in partitions: one for each run of neighbouring documents, as bytes worth caching.

An inverted file in parts (Zobel and Moffat, “Inverted Files for Text Search Engines”, 2006): whatever can be sorted,
counted and encoded without the other documents is done here, so that an edit rebuilds one partition and the others are
merged as they are. Numbers of documents, forms, stems and pairs count within the partition.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from search_index.analysis import (
    ANSWER,
    ASKED_AS,
    BODY,
    FIELDS,
    HEADING,
    PHRASE_GAP,
    SPELLING,
    TITLE,
    DocumentInfo,
    read_analysis,
)
from search_index.encoding import varints
from search_index.result_texts import shortened
from search_index.words import fold

EXACT_FIELDS = (TITLE, ASKED_AS)
"""Where a word typed exactly as it is written there earns a bonus over its other inflections."""
IN_SECTION = {TITLE: 5, ANSWER: 2, HEADING: 3}
"""Weight of a word there, in words of the text, when the section that a result points to is chosen."""
DOCUMENT_BITS = 21
"""Of a packed pair of word and document."""

Number = TypeVar("Number", bound=np.generic)
_MAGIC = b"kbb1"
_DOCUMENTS = (1 << DOCUMENT_BITS) - 1
_POSITIONS = (1 << 20) - 1
_SECTION_WEIGHTS = np.array([IN_SECTION.get(field, 1) for field in range(FIELDS)])
_MOST_TIMES = 0xFFFF
_COLUMNS = {
    "lengths": np.uint32,
    "stem_of": np.uint32,
    "pairs_of": np.uint32,
    "document": np.uint32,
    "body": np.uint16,
    "section": np.uint8,
    "outside": np.uint8,
    "rows_of": np.uint32,
    "pair": np.uint32,
    "times": np.uint16,
    "exact_form": np.uint32,
    "exact_pair": np.uint32,
    "holders": np.uint32,
    "first": np.uint32,
    "last": np.uint32,
    "gap_ends": np.uint32,
    "time_ends": np.uint32,
    "step_ends": np.uint32,
}
_TEXTS = ("described", "shown", "forms", "stem_lines", "questions")
_STREAMS = ("gaps", "repeats", "steps")


@dataclass(frozen=True, slots=True)
class Partition:
    """A pair is a stem and a document that has it. Pairs are sorted by stem and document, forms like the dictionary."""

    documents: list[DocumentInfo]
    """In the order of their ids."""
    questions: list[tuple[int, str]]
    """Document and words of each of its ``asked_as``."""
    forms: list[str]
    stems: list[str]
    """Of each form."""
    lengths: NDArray[np.uint32]
    """Documents × fields: words."""
    stem_of: NDArray[np.uint32]
    """Number of the stem of each form; stems are numbered by their first form."""
    pairs_of: NDArray[np.uint32]
    """Per stem: the number of its pairs."""
    document: NDArray[np.uint32]
    body: NDArray[np.uint16]
    """Per pair: its document, and how often the stem is in the document's body."""
    section: NDArray[np.uint8]
    outside: NDArray[np.uint8]
    """Per pair: the section that has most of the stem; the same, but for what the body has."""
    rows_of: NDArray[np.uint32]
    """Per field but the body: the number of rows of the next two columns."""
    pair: NDArray[np.uint32]
    times: NDArray[np.uint16]
    """Per row: its pair, and how often the stem is in that field."""
    exact_form: NDArray[np.uint32]
    exact_pair: NDArray[np.uint32]
    """Forms in ``EXACT_FIELDS``, and the pairs they belong to."""
    holders: NDArray[np.uint32]
    first: NDArray[np.uint32]
    last: NDArray[np.uint32]
    """Per form: how many documents have it, and the first and the last of them."""
    gap_ends: NDArray[np.uint32]
    time_ends: NDArray[np.uint32]
    step_ends: NDArray[np.uint32]
    """Per form: where what is its own ends in the next three."""
    gaps: memoryview
    repeats: memoryview
    steps: memoryview
    """Varints: the distances between its documents, but for the first; how often each has it; the distances between
    its positions in each."""


def invert(analyses: Iterable[bytes], room: int = 0) -> bytes:
    """The partition of the documents with these analyses. Results show ``room`` characters of each, 0 for all of them.

    Raises ``ValueError`` like :func:`search_index.analysis.read_analysis`, and if two documents have the same id.
    """
    parts = sorted(map(read_analysis, analyses), key=lambda part: part.document.id)
    require_ascending_ids([part.document for part in parts])
    stem_of: dict[str, str] = {}
    for part in parts:
        stem_of.update(zip(part.forms, part.stems, strict=True))
    forms = in_dictionary_order(stem_of)
    stems = [stem_of[form] or form for form in forms]
    number = {form: at for at, form in enumerate(forms)}
    found = [np.fromiter(map(number.__getitem__, part.forms), np.int64, len(part.forms))[part.tokens] for part in parts]
    stem_number = {stem: at for at, stem in enumerate(dict.fromkeys(stems))}
    fields = joined([part.fields for part in parts], np.int64)
    written = fields < SPELLING
    tokens = _Tokens(
        joined(found, np.int64),
        np.repeat(np.arange(len(parts), dtype=np.int64), [len(part.tokens) for part in parts]),
        joined([part.positions for part in parts], np.int64),
        fields & ~np.int64(SPELLING),
        joined([part.sections for part in parts], np.int64),
    )
    stem_at = np.array([stem_number[stem] for stem in stems], np.int64)
    columns = {
        "lengths": np.bincount((tokens.document * FIELDS + tokens.field)[written], minlength=len(parts) * FIELDS),
        "stem_of": stem_at,
        **_pairs(tokens, stem_at, len(stem_number)),
    }
    phrases, streams = _phrases(tokens, len(forms))
    documents = [part.document for part in parts]
    texts = {
        "described": json.dumps([document[:-1] for document in documents], ensure_ascii=False),
        "shown": "\n".join(shortened(document.shown, room) for document in documents),
        "forms": "\n".join(forms),
        "stem_lines": "\n".join("" if stem == form else stem for form, stem in zip(forms, stems, strict=True)),
        "questions": json.dumps(_questions(tokens, forms), ensure_ascii=False),
    }
    return _packed(columns | phrases, texts, streams)


def read_partition(data: bytes) -> Partition:
    """The inverse of :func:`invert`. Raises ``ValueError`` for bytes of another version."""
    start = data.find(b"\n") + 1
    head = data[:start]
    if not head.startswith(_MAGIC):
        raise ValueError("not a partition of this version; invert the analyses again")
    sizes = json.loads(head[len(_MAGIC) :])
    whole = memoryview(data)
    ends = list(accumulate(sizes, initial=start))
    pieces = [whole[first:last] for first, last in pairwise(ends)]
    named = dict(zip((*_COLUMNS, *_TEXTS, *_STREAMS), pieces, strict=True))
    columns = {name: np.frombuffer(named[name], kind) for name, kind in _COLUMNS.items()}
    forms = str(named["forms"], "utf-8").split("\n") if named["forms"] else []
    lines = str(named["stem_lines"], "utf-8").split("\n") if forms else []
    shown = str(named["shown"], "utf-8").split("\n")
    rows = json.loads(str(named["described"], "utf-8"))
    documents = [DocumentInfo._make([*row, line]) for row, line in zip(rows, shown, strict=False)]
    columns["lengths"] = columns["lengths"].reshape(len(documents), FIELDS)
    return Partition(
        documents,
        [(document, text) for document, text in json.loads(str(named["questions"], "utf-8"))],
        forms,
        [stem or form for form, stem in zip(forms, lines, strict=True)],
        gaps=named["gaps"],
        repeats=named["repeats"],
        steps=named["steps"],
        **columns,
    )


def require_ascending_ids(documents: Sequence[DocumentInfo]) -> None:
    """Raises ``ValueError`` unless the ids of documents ascend."""
    for before, after in pairwise(document.id for document in documents):
        if before == after:
            raise ValueError(f"two documents have the id {after!r}")
        if before > after:
            raise ValueError(f"the documents around {after!r} were inverted out of order")


def in_dictionary_order(forms: Iterable[str]) -> list[str]:
    """Forms sorted without accents and case, then by themselves."""
    return sorted(sorted(forms), key=fold)


def run_starts(ordered: NDArray[Any]) -> NDArray[np.int64]:
    """Where each run of equal values starts."""
    if not len(ordered):
        return np.zeros(0, np.int64)
    return np.flatnonzero(np.concatenate((np.ones(1, bool), ordered[1:] != ordered[:-1])))


def distances(run: NDArray[Any], numbers: NDArray[Number], last: NDArray[Number] | None = None) -> NDArray[Number]:
    """Each of the ascending ``numbers`` of a run as the distance to the one before; the first one as it is.

    With ``last``, a number means several that end there, and the next is as far away from that.
    """
    before = np.roll(numbers if last is None else last, 1)
    before[run_starts(run)] = 0
    return numbers - before


def joined(arrays: Sequence[NDArray[Any]], kind: type[Number]) -> NDArray[Number]:
    """Arrays end to end, as numbers of one kind."""
    return np.concatenate(arrays).astype(kind, copy=False) if arrays else np.zeros(0, kind)


class _Tokens(NamedTuple):
    """Parallel arrays, in the order of the words in the documents."""

    form: NDArray[np.int64]
    document: NDArray[np.int64]
    position: NDArray[np.int64]
    field: NDArray[np.int64]
    section: NDArray[np.int64]


def _pairs(tokens: _Tokens, stem_of: NDArray[np.int64], stems: int) -> dict[str, NDArray[Any]]:
    """The columns of pairs."""
    places = (stem_of[tokens.form] << DOCUMENT_BITS | tokens.document) << 11 | tokens.field << 8 | tokens.section
    places.sort()
    starts = run_starts(places)
    places, times = places[starts], np.diff(starts, append=len(places))
    starts = run_starts(places >> 11)
    pairs = places[starts] >> 11
    pair = np.repeat(np.arange(len(pairs)), np.diff(starts, append=len(places)))
    field, section = places >> 8 & 7, places & 255
    weight = times * _SECTION_WEIGHTS[field]
    elsewhere = field != BODY
    outside = np.zeros(len(pairs), np.int64)
    outside[np.unique(pair[elsewhere])] = _best_sections(pair[elsewhere], section[elsewhere], weight[elsewhere])
    rows = [_times(pair[field == number], times[field == number]) for number in range(BODY)]
    body, body_times = _times(pair[~elsewhere], times[~elsewhere])
    times_in_body = np.zeros(len(pairs), np.int64)
    times_in_body[body] = body_times
    exact = np.isin(tokens.field, EXACT_FIELDS)
    marked = np.unique(tokens.form[exact] << DOCUMENT_BITS | tokens.document[exact])
    form, document = marked >> DOCUMENT_BITS, marked & _DOCUMENTS
    return {
        "pairs_of": np.bincount(pairs >> DOCUMENT_BITS, minlength=stems),
        "document": pairs & _DOCUMENTS,
        "body": np.minimum(times_in_body, _MOST_TIMES),
        "section": _best_sections(pair, section, weight),
        "outside": outside,
        "rows_of": np.array([len(of_field) for of_field, _ in rows]),
        "pair": joined([of_field for of_field, _ in rows], np.int64),
        "times": np.minimum(joined([repeats for _, repeats in rows], np.int64), _MOST_TIMES),
        "exact_form": form,
        "exact_pair": np.searchsorted(pairs, stem_of[form] << DOCUMENT_BITS | document),
    }


def _times(pair: NDArray[np.int64], times: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each pair once, and the sum of its times."""
    starts = run_starts(pair)
    return pair[starts], np.add.reduceat(times, starts) if len(starts) else times


def _best_sections(pair: NDArray[np.int64], section: NDArray[np.int64], weight: NDArray[np.int64]) -> NDArray[np.int64]:
    """Per pair the section with the greatest weight, the earlier one of equals."""
    if not len(pair):
        return section
    packed = pair << 20 | section << 12 | np.minimum(weight, 4095)
    packed.sort()
    starts = run_starts(packed >> 12)
    sums = np.minimum(np.add.reduceat(packed & 4095, starts), 4095)
    packed = packed[starts] >> 12
    ranked = np.maximum.reduceat(sums << 8 | 255 - (packed & 255), run_starts(packed >> 8))
    return 255 - (ranked & 255)


def _phrases(tokens: _Tokens, forms: int) -> tuple[dict[str, NDArray[Any]], tuple[bytes, bytes, bytes]]:
    """Per form: the documents that have it, and at which positions."""
    order = np.argsort(tokens.form, kind="stable")
    form = tokens.form[order]
    both = form << DOCUMENT_BITS | tokens.document[order]
    position = np.minimum(tokens.position[order], _POSITIONS)
    starts = run_starts(both)
    steps, step_at = varints(distances(both, position))
    repeats, time_at = varints(np.diff(starts, append=len(both)))
    form_of, document = both[starts] >> DOCUMENT_BITS, both[starts] & _DOCUMENTS
    holders = np.bincount(form_of, minlength=forms)
    ends = np.cumsum(holders)
    first = run_starts(form_of)
    further = np.ones(len(form_of), bool)
    further[first] = False
    gaps, gap_at = varints(distances(form_of, document)[further])
    return {
        "holders": holders,
        "first": document[first],
        "last": document[ends - 1],
        "gap_ends": gap_at[ends - 1 - np.arange(forms)],
        "time_ends": time_at[ends],
        "step_ends": step_at[np.cumsum(np.bincount(form, minlength=forms))],
    }, (gaps, repeats, steps)


def _questions(tokens: _Tokens, forms: Sequence[str]) -> list[tuple[int, str]]:
    """The phrasings (``asked_as``) of the documents, word by word."""
    asked = tokens.field == ASKED_AS
    document, position, form = tokens.document[asked], tokens.position[asked], tokens.form[asked]
    if not len(form):
        return []
    new = np.flatnonzero((np.diff(document) != 0) | (np.diff(position) > PHRASE_GAP)) + 1
    last_at_place = np.append(np.diff(position) != 0, True)  # a compound comes before its parts, which are enough
    found = []
    for first, last in pairwise([0, *new.tolist(), len(form)]):
        kept = form[first:last][last_at_place[first:last]].tolist()
        found.append((int(document[first]), " ".join(map(forms.__getitem__, kept))))
    return found


def _packed(columns: Mapping[str, NDArray[Any]], texts: Mapping[str, str], streams: Iterable[bytes]) -> bytes:
    pieces = [
        *(columns[name].astype(kind).tobytes() for name, kind in _COLUMNS.items()),
        *(texts[name].encode() for name in _TEXTS),
        *streams,
    ]
    return b"".join((_MAGIC, json.dumps([len(piece) for piece in pieces]).encode(), b"\n", *pieces))
