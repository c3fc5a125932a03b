"""The analysis of one document: its words, stems and what a result shows, as bytes worth caching.

This is the step that costs time, so it depends on nothing but the document and the language: the caller keeps its
result under a hash of both and of ``ANALYSIS_VERSION``. The bytes are our own format, never pickle.
"""

import json
import re
import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from search_index.document import Document, Section
from search_index.whoosh_adapter import stemmer
from search_index.words import elides, fingerprint, words, words_and_compounds

ANALYSIS_VERSION = "2"

TITLE, ASKED_AS, HEADING, ANSWER, TAG, BODY = range(6)
FIELDS = 6

EXCERPT = 120
"""Characters of an answer or a first section that a result shows."""
SECTION_EXCERPT = 70
PHRASE_GAP = 8
"""Positions left free between texts, so that no phrase runs from one into the next."""

_HEAD = struct.Struct("<4s8Id")
_MAGIC = b"kba2"
_NOT_IN_ANCHORS = re.compile("[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Analysis:
    """A decoded analysis. ``tokens`` index ``forms``; the six arrays after it run parallel to it."""

    id: str
    boost: float
    forms: list[str]
    stem_lines: str
    """One line for each of ``forms``; empty where the stem is the form itself."""
    tokens: NDArray[np.uint32]
    positions: NDArray[np.uint32]
    fields: NDArray[np.uint8]
    sections: NDArray[np.uint8]
    """0 for what belongs to the whole document; n for the n-th section that a result can point to."""
    title: list[str]
    title_print: int
    staff: bool
    shown: str
    """JSON of what a result shows: ``[id, url, title, excerpt, [[anchor, heading, excerpt], …]]``.

    An anchor is empty where it is the :func:`usual_anchor` of its heading.
    """


@lru_cache(maxsize=200_000)
def stem_of(word: str, language: str) -> str:
    """The Snowball stem of one word; a word from another script, or of an unknown language, is its own stem."""
    return stemmer(language)(word) or word


def analyse(document: Document, language: str) -> bytes:
    """The words of ``document`` with their stems, places and counts, and what a result shows of it.

    ``language`` is a code such as ``en`` or ``pt-BR``. The same document always gives the same bytes.
    """
    eliding = elides(language)
    local: dict[str, int] = {}
    tokens, positions = array("I"), array("I")
    fields, sections = array("B"), array("B")
    start = 0
    for field, section, text in _texts(document):
        last = -1
        for word, position in words_and_compounds(text, eliding=eliding):
            tokens.append(local.setdefault(word, len(local)))
            positions.append(start + position)
            fields.append(field)
            sections.append(section)
            last = position
        start += last + 1 + PHRASE_GAP
    title = words(document.title, eliding=eliding)
    forms = "\n".join(local).encode()
    stemmed = [(word, stem_of(word, language)) for word in local]
    stems = "\n".join("" if stem == word else stem for word, stem in stemmed).encode()
    title_text = "\n".join(title).encode()
    shown = json.dumps(_shown(document), ensure_ascii=False, separators=(",", ":")).encode()
    boost = min(10.0, max(0.1, document.boost))
    identity = document.id.encode()
    sizes = (len(tokens), len(forms), len(stems), len(title_text), len(shown), len(identity))
    head = _HEAD.pack(_MAGIC, *sizes, fingerprint(title), document.audience == "staff", boost)
    arrays = (tokens.tobytes(), positions.tobytes(), fields.tobytes(), sections.tobytes())
    return b"".join((head, *arrays, forms, stems, title_text, shown, identity))


def read_analysis(data: bytes) -> Analysis:
    """The inverse of :func:`analyse`. Raises ``ValueError`` for bytes of another version."""
    if len(data) < _HEAD.size or not data.startswith(_MAGIC):
        raise ValueError("not an analysis of this version; analyse the document again")
    _, count, *text_sizes, title_print, staff, boost = _HEAD.unpack_from(data)
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
    forms = texts[0].split("\n") if texts[0] else []
    title = texts[2].split("\n") if texts[2] else []
    return Analysis(
        texts[4], boost, forms, texts[1], tokens, positions, fields, sections, title, title_print, bool(staff), texts[3]
    )


def _texts(document: Document) -> Iterator[tuple[int, int, str]]:
    yield TITLE, 0, document.title
    for asked in document.asked_as:
        yield ASKED_AS, 0, asked
    for tag in document.tags:
        yield TAG, 0, tag
    yield ANSWER, 0, document.answer
    for number, section in _numbered(document.sections):
        yield HEADING, number, section.heading
        yield BODY, number, section.text


def _numbered(sections: tuple[Section, ...]) -> Iterator[tuple[int, Section]]:
    """Sections with the number a result points to: 0 without an anchor, and for the few beyond the 255th."""
    number = 0
    for section in sections:
        if section.anchor and number < 255:
            number += 1
            yield number, section
        else:
            yield 0, section


def _shown(document: Document) -> list[object]:
    lead = next((section.text for section in document.sections if section.text.strip()), "")
    targets = [
        [_short_anchor(section), _well_formed(section.heading), cut(section.text, SECTION_EXCERPT)]
        for number, section in _numbered(document.sections)
        if number
    ]
    excerpt = cut(document.answer or lead, EXCERPT)
    return [document.id, document.url, _well_formed(document.title), excerpt, targets]


def usual_anchor(heading: str) -> str:
    """The anchor that most headings have: ASCII letters and digits in lower case, everything else one hyphen."""
    return _NOT_IN_ANCHORS.sub("-", heading.lower()).strip("-")


def _short_anchor(section: Section) -> str:
    """Empty where a reader can work the anchor out from the heading."""
    return "" if section.anchor == usual_anchor(section.heading) else section.anchor


def _well_formed(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def cut(text: str, limit: int) -> str:
    """At most ``limit`` characters of ``text`` on one line, ended at a word, with an ellipsis if it goes on."""
    line = " ".join(_well_formed(text).split())
    if len(line) <= limit:
        return line
    head = line[:limit]
    return head[: max(head.rfind(" "), limit // 2)].rstrip(" ,;:.-–—") + "…"
