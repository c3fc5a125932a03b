"""Finds text of unreleased articles in finished files, in whatever form a file contains it.

An article is identified by its URL, its short link, its title, and phrases of its text that are too long to occur by
chance. A phrase that released text contains too identifies nothing: boilerplate is no leak. Released text is what
released articles convert to; their sources and the finished files don't count.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import blake2b

from ahocorasick_rs import AhoCorasick

from kb_builder.audit.text_forms import collapsed, normalised, text_forms, written_forms
from kb_builder.model import Announcement, Article

_SHORTEST = 24
_FEWEST_WORDS = 4
_SHORTEST_NAME = 12
"""Characters of a title or question of at least two words that is searched for as a whole."""
_SHORTEST_URL = 8

# Markdown, HTML and typography may stand between words; what is left between them is the same in every form.
_CUT = re.compile(r"""[*_`~\[\](){}<>#|!?\\"'“”‘’„«»&%=/\n\r\t.,;:…–—^$+@]+|(?:^|(?<=\s))[-•·]+(?=\s)""", re.MULTILINE)
_SEPARATORS = re.compile(r"[\W_]+")
_WORD = re.compile(r"\w{8,}")
_DIGIT, _LETTER = re.compile("[0-9]"), re.compile("[a-z]")
# Inline markup that a page shows as nothing: emphasis, code, the target of a link, a tag.
_MARKUP = re.compile(r"[*`]+|(?<!\w)_+|_+(?!\w)|!?\[|\](?:\([^()\s]*(?:\s+\"[^\"]*\")?\)|\[[^\]]*\])?|<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text in normal form that only the unreleased article at ``path`` contains."""

    path: str
    text: str


@dataclass(frozen=True)
class Phrases:
    """Every phrase to look for. A text of two articles is kept once, under the first path."""

    phrases: tuple[Phrase, ...]

    @classmethod
    def of(cls, withheld: Iterable[Article | Announcement], notes: Iterable[tuple[str, str]] = ()) -> "Phrases":
        """The phrases of articles and announcements that must not be published, and of ``notes``: (path, text)."""
        found: dict[str, Phrase] = {}
        for item in sorted(withheld, key=lambda item: item.path):
            for phrase in _phrases_of(item):
                found.setdefault(phrase.text, phrase)
        for path, text in notes:
            for phrase in _phrases_in(path, text):
                found.setdefault(phrase.text, phrase)
        return cls(tuple(sorted(found.values(), key=lambda phrase: (phrase.path, phrase.text))))

    @cached_property
    def _automaton(self) -> AhoCorasick:
        return AhoCorasick([phrase.text for phrase in self.phrases])

    @cached_property
    def digests(self) -> frozenset[str]:
        """A short hash of each text, by which a later build recognises phrases that were searched for already."""
        return frozenset(blake2b(phrase.text.encode(), digest_size=8).hexdigest() for phrase in self.phrases)

    def found_in(self, path: str, data: bytes) -> tuple[int, ...]:
        """Indexes of the phrases a file contains, in any of its :func:`text_forms`."""
        return self._search(text_forms(path, data)) if self.phrases else ()

    def leaked(self, hits: Iterable[int], released: Callable[[], Iterable[str]]) -> set[int]:
        """Those of ``hits`` that no released text contains. ``released`` gives HTML; it is called only if needed."""
        left = sorted(set(hits))
        if not left:
            return set()
        searched = Phrases(tuple(self.phrases[hit] for hit in left))
        shared = {at for text in released() for at in searched._search(_released_forms(text))}
        return {hit for at, hit in enumerate(left) if at not in shared}

    def _search(self, forms: Iterable[str]) -> tuple[int, ...]:
        find = self._automaton.find_matches_as_indexes
        return tuple(sorted({hit[0] for form in forms for hit in find(form, overlapping=True)}))


def unreleased(
    items: Iterable[Article | Announcement], now: datetime, *, staff: bool = False, preview: bool = False
) -> tuple[Article | Announcement, ...]:
    """The items that must not be published at ``now``, determined from each header alone.

    The visibility gate is not used, so that its errors are caught here. ``staff`` and ``preview`` are those of the
    build.
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


def names_of(item: Article | Announcement) -> tuple[str, ...]:
    """Texts of the header that are complete in themselves: titles and questions."""
    if isinstance(item, Article):
        return (item.title, item.nav_title, *item.asked_as)
    return (item.title,)


def texts_of(item: Article | Announcement) -> tuple[str, ...]:
    """Every text of the header that a reader may recognise the item by."""
    if isinstance(item, Article):
        return (*names_of(item), item.description, item.answer)
    return (*names_of(item), item.summary)


def further_texts_of(item: Article | Announcement) -> tuple[str, ...]:
    """The other texts of the header: replies and the label of the button."""
    replies = tuple(text for _, text in item.replies)
    if isinstance(item, Article):
        return (*replies, item.action.label) if item.action else replies
    return (*replies, *item.asked_as)


def without_markup(text: str) -> str:
    """Markdown without the inline markup that a page doesn't show."""
    return _MARKUP.sub(lambda match: " " if match[0][:3].lower() == "<br" else "", text)


def _released_forms(text: str) -> Iterator[str]:
    """The forms of a released text, and its letters and digits alone: search indexes join the parts of a code."""
    for form in written_forms(text):
        yield form
        yield _SEPARATORS.sub("", form)


def _phrases_of(item: Article | Announcement) -> Iterator[Phrase]:
    for source in (*texts_of(item), *further_texts_of(item), item.body):
        yield from _phrases_in(item.path, source)
    for name in names_of(item):
        text = collapsed(normalised(name))
        if len(text) >= _SHORTEST_NAME and (" " in text or not text.isascii()):
            yield Phrase(item.path, text)
    if item.url.count("/") > 1 and len(item.url) >= _SHORTEST_URL:
        yield Phrase(item.path, item.url.lower())
    if isinstance(item, Article):
        yield Phrase(item.path, f"/a/{item.id}/")


def _phrases_in(path: str, source: str) -> Iterator[Phrase]:
    text = normalised(source)
    for variant in dict.fromkeys((text, without_markup(text))):
        for stretch in _CUT.split(variant):
            for piece in _pieces(" ".join(stretch.split())):
                yield Phrase(path, piece)
    for word in _WORD.findall(text):
        if _DIGIT.search(word) and _LETTER.search(word):  # a code: a model, a number of an order
            yield Phrase(path, word)


def _pieces(stretch: str) -> Iterator[str]:
    """A stretch, and consecutive phrases of it, so that half a sentence is found too.

    Each of the phrases may occur in released text, and the whole be a secret all the same. Scripts without spaces
    between words are cut by characters alone.
    """
    whole = stretch
    while len(stretch) >= _SHORTEST:
        end = stretch.find(" ", _SHORTEST - 1)
        piece = stretch if end < 0 else stretch[:end]
        if piece.count(" ") < _FEWEST_WORDS - 1 and not piece.isascii():
            piece = stretch[:_SHORTEST]
        if piece.count(" ") >= _FEWEST_WORDS - 1 or not piece.isascii():
            yield piece
            if len(piece) < len(whole) == len(stretch):
                yield whole
        stretch = stretch[len(piece) :].lstrip()
