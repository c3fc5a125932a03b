"""The analysis of a document: its words, stems and what a result shows, as bytes worth caching.

This is the step that costs time, so it depends on nothing but the document and the language: the caller keeps its
result under a hash of both and of this code. The bytes are our own format, never pickle.
"""

import json
import re
import struct
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import count
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search_index.document import Document, Section
from search_index.names import written_together
from search_index.stemming import stemmer, stop_words
from search_index.text_forms import forms_of
from search_index.words import elides, fingerprint, words

TITLE, ASKED_AS, HEADING, ANSWER, TAG, BODY = range(6)
FIELDS = 6
SPELLING = 8
"""Beside the field of a further spelling, which makes no text longer."""

EXCERPT = 200
"""Characters of a text that a result shows: whole sentences, as many as fit."""
LONGEST_EXCERPT = 300
"""Characters of a single sentence that a result shows."""
MOST_PASSAGES = 255
PHRASE_GAP = 8
"""Positions left free between texts, so that no phrase runs from one into the next."""

_MOST_FORMS = 200_000
_HEAD = struct.Struct("<4s5I")
_MAGIC = b"kba5"
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_SENTENCE_END = re.compile(
    r"[.!?…。！？](?:(?<=[.!?…])([\"”’)»]*)\s+(?=[^a-zà-öø-ÿ])|(?<=[。！？])(?=[^」』）。！？]))"
)
_Passage = tuple[int, Section, str]
_NOT_IN_ANCHORS = re.compile("[^a-z0-9]+")


class DocumentInfo(NamedTuple):
    """The properties of an analysed document besides its words."""

    id: str
    boost: float
    staff: bool
    title: list[str]
    title_fingerprint: int
    shown: str
    """JSON of what a result shows: ``[id, url, title, excerpt, [[anchor, heading, excerpt], …]]``.

    An anchor is empty where it is the :func:`usual_anchor` of its heading.
    """


@dataclass(frozen=True, slots=True)
class Analysis:
    """A decoded analysis. ``tokens`` index ``forms``; the four arrays run parallel."""

    document: DocumentInfo
    forms: list[str]
    stems: list[str]
    """Of each form; empty where it is the form itself."""
    tokens: NDArray[np.uint32]
    positions: NDArray[np.uint32]
    fields: NDArray[np.uint8]
    """With ``SPELLING``."""
    sections: NDArray[np.uint8]
    """0 for what belongs to the whole document; n for the n-th passage that a result can show."""


@lru_cache(maxsize=200_000)
def stem_of(word: str, language: str) -> str:
    """The Snowball stem of one word; a word from another script, or of an unknown language, is its own stem."""
    return stemmer(language)(word) or word


class _StemLines(dict[str, str]):
    """The line of :attr:`Analysis.stems` for each form, of which there are many in each document."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language

    def __missing__(self, form: str) -> str:
        if len(self) >= _MOST_FORMS:
            self.clear()
        stem = stem_of(written_together(form), self.language)
        line = self[form] = "" if stem == form else stem
        return line


_stem_lines = cache(_StemLines)


def analyse(document: Document, language: str) -> bytes:
    """The words of ``document`` with their stems, places and counts, and what a result shows of it.

    ``language`` is a code such as ``en`` or ``pt-BR``. The same document always gives the same bytes.
    """
    eliding = elides(language)
    stops = stop_words(language, eliding=eliding)
    found: list[str] = []
    positions = array("I")
    fields, sections = bytearray(), bytearray()
    start = 0
    cut_up = list(_passages(document))
    for field, section, text in _texts(document, cut_up):
        more, here, places = forms_of(text, stops, eliding=eliding, first=start)
        found += more
        found += here
        positions.extend([start] * len(more))
        positions.extend(places)
        fields += bytes((field | SPELLING,)) * len(more) + bytes((field,)) * len(here)
        sections += bytes((section,)) * (len(more) + len(here))
        start = (positions[-1] + 1 if more or here else start) + PHRASE_GAP
    number: defaultdict[str, int] = defaultdict(count().__next__)
    tokens = array("I", map(number.__getitem__, found))
    title = words(document.title, eliding=eliding)
    described = [
        document.id,
        min(10.0, max(0.1, document.boost)),
        document.audience == "staff",
        title,
        fingerprint(title),
    ]
    # JSON has no line feed, and is read many times faster as it is than as a string of other JSON.
    texts = (
        "\n".join(number).encode(),
        "\n".join(map(_stem_lines(language).__getitem__, number)).encode(),
        _json(described).encode(),
        _json(_shown(document, cut_up)).encode(),
    )
    head = _HEAD.pack(_MAGIC, len(tokens), *map(len, texts))
    columns = tokens, positions, fields, sections
    return b"".join((head, *map(bytes, columns), *texts))


def read_analysis(data: bytes) -> Analysis:
    """The inverse of :func:`analyse`. Raises ``ValueError`` for bytes of another version."""
    if len(data) < _HEAD.size or not data.startswith(_MAGIC):
        raise ValueError("not an analysis of this version; analyse the document again")
    _, count, *text_sizes = _HEAD.unpack_from(data)
    at = _HEAD.size
    tokens = np.frombuffer(data, np.uint32, count, at)
    positions = np.frombuffer(data, np.uint32, count, at + 4 * count)
    fields = np.frombuffer(data, np.uint8, count, at + 8 * count)
    sections = np.frombuffer(data, np.uint8, count, at + 9 * count)
    at += 10 * count
    texts = []
    for size in text_sizes:
        texts.append(data[at : at + size].decode())
        at += size
    forms, stems, described, shown = texts
    document = DocumentInfo._make([*json.loads(described), shown])
    if not forms:
        return Analysis(document, [], [], tokens, positions, fields, sections)
    return Analysis(document, forms.split("\n"), stems.split("\n"), tokens, positions, fields, sections)


def _texts(document: Document, cut_up: Iterable[_Passage]) -> Iterator[tuple[int, int, str]]:
    yield TITLE, 0, document.title
    for asked in document.asked_as:
        yield ASKED_AS, 0, asked
    for tag in document.tags:
        yield TAG, 0, tag
    yield ANSWER, 0, document.answer
    before = None
    for number, section, passage in cut_up:
        if section is not before:
            yield HEADING, number, section.heading
        yield BODY, number, passage
        before = section


def _passages(document: Document) -> Iterator[_Passage]:
    """The texts of the sections in passages, with the number by which a result shows each.

    It is 0 for those beyond the 255th, and where there is nothing to show.
    """
    number = 0
    for section in document.sections:
        for passage in passages(section.text, EXCERPT):
            shown = number < MOST_PASSAGES and bool(section.anchor or passage)
            number += shown
            yield number if shown else 0, section, passage


def _shown(document: Document, cut_up: Iterable[_Passage]) -> list[object]:
    lead = next((section.text for section in document.sections if section.text.strip()), "")
    targets = [
        [_short_anchor(section), _well_formed(section.heading), _shortened(passage)]
        for number, section, passage in cut_up
        if number
    ]
    shown = excerpt(document.answer or lead, EXCERPT)
    return [document.id, document.url, _well_formed(document.title), shown, targets]


def _shortened(passage: str) -> str:
    """A passage is on one line already, and most are short enough."""
    return _well_formed(passage) if len(passage) <= LONGEST_EXCERPT else cut(passage, LONGEST_EXCERPT)


@lru_cache(maxsize=1_000)
def usual_anchor(heading: str) -> str:
    """The anchor that most headings have: ASCII letters and digits in lower case, everything else one hyphen."""
    return _NOT_IN_ANCHORS.sub("-", heading.lower()).strip("-")


def _short_anchor(section: Section) -> str:
    """Empty where a reader can work the anchor out from the heading."""
    return "" if section.anchor == usual_anchor(section.heading) else section.anchor


def _well_formed(text: str) -> str:
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def passages(text: str, limit: int) -> list[str]:
    """``text`` on one line, in pieces of whole sentences: as many as fit into ``limit`` characters, or a longer one.

    A text without words is one empty passage.
    """
    line = " ".join(text.split())
    if len(line) <= limit:
        return [line]
    found: list[str] = []
    start = last = following = 0
    ends = [(max(match.start() + 1, match.end(1)), match.end()) for match in _SENTENCE_END.finditer(line)]
    for end, after in [*ends, (len(line), len(line))]:
        if end - start > limit and last > start:
            found.append(line[start:last])
            start = following
        last, following = end, after
    return [*found, line[start:]]


def excerpt(text: str, limit: int) -> str:
    """The first whole sentences of ``text`` within ``limit`` characters; of a longer first sentence its beginning."""
    line = _well_formed(text[: 4 * limit])
    return cut(passages(line, limit)[0], limit)


def cut(text: str, limit: int) -> str:
    """At most ``limit`` characters of ``text`` on one line, ended at a word, with an ellipsis if it goes on."""
    # So many words, of one letter and a space, are longer than the line: what follows them need not be looked at.
    enough = limit // 2 + 2
    line = " ".join(_well_formed(text).split(None, enough)[:enough])
    if len(line) <= limit:
        return line
    head = line[:limit]
    return head[: max(head.rfind(" "), limit // 2)].rstrip(" ,;:.-–—") + "…"
