"""The text of a file in one normal form, so that what was written and what was published can be compared.

Lower case, white space collapsed, invisible characters removed, escapes undone. Punctuation stays, and a bar stands
between the blocks of a page: text never runs from one sentence, cell or paragraph into the next.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import unquote

from kb_builder.audit.embedded_text import embedded_texts
from kb_builder.audit.file_facts import suffix_of
from kb_builder.audit.text_runs import decoded, runs

_TEXT: Final = frozenset({".html", ".css", ".mjs", ".js", ".json", ".xml", ".txt", ".md", ".svg", ".csv", ""})
_INLINE: Final = (
    "a abbr b bdi bdo cite code data del dfn em i ins kbd label mark q s samp small span strong sub sup textpath time "
    "tspan u var wbr"
)
_INLINE_TAG: Final = re.compile(rf"</?(?:{'|'.join(_INLINE.split())})(?:\s[^<>]*)?/?>")
_MARKED: Final = re.compile(r"[<&%\\]")
"""Characters of tags and escapes."""
_MOST_TOGETHER: Final = 1_000_000
"""Characters."""
_BREAK: Final = re.compile(r"<br\s*/?>")
_IMAGE: Final = re.compile(r'<img\b[^<>]*?\salt="([^"<>]*)"[^<>]*>')
_TAG: Final = re.compile(r"<[a-z!?/][^<>]*>")
_ESCAPED: Final = re.compile(r"\\(?:u\{?([0-9a-f]{1,6})\}?|x([0-9a-f]{2}))")
_INVISIBLE: Final = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_PARAGRAPHS: Final = re.compile(r"\n[ \t]*\n\s*")


def text_forms(path: str, data: bytes) -> Iterator[str]:
    """Every text a file shows or hides: as it is, unescaped, without tags, and what a binary file holds."""
    yield f"/{path.lower()}"
    if suffix_of(path) not in _TEXT:
        yield from forms_of_many(embedded_texts(data))
        return
    yield from written_forms(decoded(data))
    if b"\0" in data:  # UTF-16 without its mark, or no text file at all
        yield from forms_of_many(runs(data))


def forms_of_many(texts: Iterable[str]) -> Iterator[str]:
    """The forms of texts that don't belong together. Most are a few characters that look like text by chance, and have
    nothing to undo: as paragraphs of one text they take a fraction of the time."""
    together: list[str] = []
    size = 0
    for text in texts:
        if _MARKED.search(text):
            yield from written_forms(text)
            continue
        together.append(text)
        size += len(text)
        if size > _MOST_TOGETHER:
            yield from written_forms("\n\n".join(together))
            together, size = [], 0
    yield from written_forms("\n\n".join(together))


def written_forms(text: str) -> Iterator[str]:
    """The normal forms of a text that may contain HTML, as it is and without its tags."""
    text = normalised(text)
    yield collapsed(text)
    if "<" in text:
        shown = _without_comments(text)
        yield _without_tags(shown)
        if "<tspan" in shown:  # in pictures also the next line of a sentence
            yield _without_tags(shown.replace("<tspan", " <tspan"))


def normalised(text: str) -> str:
    """Text in lower case, without invisible characters and without escapes of HTML, URLs and JavaScript."""
    if "&" in text:
        text = html.unescape(text)
    if "%" in text:
        text = unquote(text)
    text = text.lower()
    if "\\" in text:
        text = text.replace("\\n", "\n").replace("\\t", " ").replace("\\r", " ").replace("\\/", "/")
        text = _ESCAPED.sub(_unescaped, text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).lower()
    return text


def collapsed(text: str) -> str:
    """Text with single spaces, and a bar where a paragraph ends."""
    return " ".join(_PARAGRAPHS.sub(" | ", text).split())


def _without_tags(text: str) -> str:
    return collapsed(_TAG.sub("|", _INLINE_TAG.sub("", _BREAK.sub(" ", _IMAGE.sub(r"\1", text)))))


def _without_comments(text: str) -> str:
    first, *parts = text.split("<!--")
    return "".join((first, *(part.partition("-->")[2] if "-->" in part else f"|{part}" for part in parts)))


def _unescaped(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else match[0]
