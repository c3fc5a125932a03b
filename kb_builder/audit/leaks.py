"""Finds text of unreleased articles in finished files, whatever form a file gives it.

What identifies an article is its address, its short link, and those stretches of its text that are too long to occur by
chance. What the public text says as well identifies nothing: a draft that copies half of a released article is no leak
of that half.
"""

import html
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import blake2b
from urllib.parse import unquote

from ahocorasick_rs import AhoCorasick
from selectolax.lexbor import LexborHTMLParser

from kb_builder.audit.page import suffix_of
from kb_builder.model import Announcement, Article

_SHORTEST = 24
_FEWEST_WORDS = 4
_SHORTEST_URL = 8
_PACKED_LIMIT = 64 * 1024 * 1024
_TEXT = frozenset({".html", ".css", ".mjs", ".js", ".svg", ".json", ".xml", ".txt", ".md", ""})
_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".ico", ".mp4", ".webm", ".pdf"})

# Markdown, HTML and typography may stand between words; what is left between them is the same in every form.
_CUT = re.compile(r"""[*_`~\[\](){}<>#|!?\\"'“”‘’„«»&%=/\n\r\t.,;:…–—^$+@]+""")
_CODE = re.compile(r"(?=\w*[0-9])(?=\w*[a-z])\w{8,}")
_ESCAPED = re.compile(r"\\u([0-9a-f]{4})")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A stretch of text, as :func:`_plain` leaves it, that only the unreleased article at ``path`` has."""

    path: str
    text: str


@dataclass(frozen=True)
class Phrases:
    """Everything to look for. Two phrases of the same text are kept once, under the first path."""

    phrases: tuple[Phrase, ...]

    @classmethod
    def of(cls, withheld: Iterable[Article | Announcement]) -> "Phrases":
        """The phrases of articles and announcements that must not be seen."""
        found = {phrase.text: phrase for item in withheld for phrase in _phrases_of(item)}
        return cls(tuple(sorted(found.values(), key=lambda phrase: (phrase.path, phrase.text))))

    @cached_property
    def automaton(self) -> AhoCorasick:
        return AhoCorasick([phrase.text for phrase in self.phrases])

    @cached_property
    def digests(self) -> frozenset[str]:
        """A short hash of each text, by which a later build knows what this one looked for."""
        return frozenset(blake2b(phrase.text.encode(), digest_size=8).hexdigest() for phrase in self.phrases)

    def found_in(self, path: str, data: bytes) -> tuple[int, ...]:
        """Indexes of the phrases a file contains: as it is, decompressed, unescaped, or without its tags."""
        if not self.phrases:
            return ()
        found = {
            hit[0]
            for form in _forms(path, data)
            for hit in self.automaton.find_matches_as_indexes(form, overlapping=True)
        }
        return tuple(sorted(found))

    def leaked(self, hits: Iterable[int], public: Callable[[], Iterable[str]]) -> set[int]:
        """Those of ``hits`` whose text no public source holds. ``public`` is asked for only if there are hits."""
        left = set(hits)
        if left:
            for source in public():
                forms = (_plain(source), " ".join(source.lower().split()))
                left = {hit for hit in left if not any(self.phrases[hit].text in form for form in forms)}
        return left


def unreleased(
    items: Iterable[Article | Announcement], now: datetime, *, staff: bool = False, preview: bool = False
) -> tuple[Article | Announcement, ...]:
    """What must not be seen at ``now``, judged once more from each header alone.

    The gate is not asked, so that a mistake of the gate is caught here and not repeated. ``staff`` and ``preview`` are
    those of the build.
    """

    def hidden(item: Article | Announcement) -> bool:
        if item.audience == "staff" and not staff:
            return True
        if preview:
            return False
        if isinstance(item, Announcement):
            return item.draft or item.start - now > timedelta(days=1)
        early = item.publish_date is not None and item.publish_date > now
        late = item.expiry_date is not None and item.expiry_date <= now
        return item.draft or early or late

    return tuple(filter(hidden, items))


def texts_of(item: Article | Announcement) -> tuple[str, ...]:
    """Everything its author wrote that a reader could recognise it by."""
    if isinstance(item, Article):
        return (item.title, item.nav_title, item.description, item.answer, *item.asked_as, item.body)
    return (item.title, item.summary, item.body)


def _phrases_of(item: Article | Announcement) -> Iterator[Phrase]:
    for text in texts_of(item):
        for stretch in _CUT.split(text.lower()):
            for plain in _pieces(" ".join(stretch.split())):
                yield Phrase(item.path, plain)
        for code in _CODE.findall(text.lower()):
            yield Phrase(item.path, code)
    if item.url.count("/") > 1 and len(item.url) >= _SHORTEST_URL:
        yield Phrase(item.path, item.url.lower())
    if isinstance(item, Article):
        yield Phrase(item.path, f"/a/{item.id}/")


def _pieces(stretch: str) -> Iterator[str]:
    """What is long enough of a stretch, cut into pieces so that half a sentence is found too.

    Scripts that put no blanks between words are cut by letters alone.
    """
    while len(stretch) >= _SHORTEST:
        end = stretch.find(" ", _SHORTEST - 1)
        piece = stretch if end < 0 else stretch[:end]
        if piece.count(" ") < _FEWEST_WORDS - 1 and not piece.isascii():
            piece = stretch[:_SHORTEST]
        if piece.count(" ") >= _FEWEST_WORDS - 1 or not piece.isascii():
            yield piece
        stretch = stretch[len(piece) :].lstrip()


def _plain(text: str) -> str:
    """Text with a bar wherever a phrase would have been cut, so that a phrase never runs over a cut."""
    return "|".join(" ".join(stretch.split()) for stretch in _CUT.split(text.lower()))


def _forms(path: str, data: bytes) -> Iterator[str]:
    ending = suffix_of(path)
    if ending in _PICTURES:
        return
    yield f"/{path.lower()}"
    if ending not in _TEXT:
        data = _unpacked(data)
    # No phrase has a character of an escape, so that undoing them all can only bring phrases to light.
    written = data.decode("utf-8", "replace")
    if "&" in written:
        written = html.unescape(written)
    if "%" in written:
        written = unquote(written)
    written = written.lower()
    if "\\" in written:
        written = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), written).replace("\\n", " ").replace("\\t", " ")
    yield " ".join(written.split())
    if ending == ".html" and (root := LexborHTMLParser(data).root) is not None:
        yield " ".join(root.text(separator="").lower().split())


def _unpacked(data: bytes) -> bytes:
    """The bytes, and behind them what they hold if they are a gzip, zlib or raw deflate stream."""
    for window in (47, -15):
        try:
            return data + b" " + zlib.decompressobj(window).decompress(data, _PACKED_LIMIT)
        except zlib.error:
            continue
    return data
