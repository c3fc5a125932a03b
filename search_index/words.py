"""Text to words, the same in Python and in ``browser/words.mjs``; FORMAT.md, “Words”, is the specification of both."""

import re
import unicodedata
from collections.abc import Iterator

LONGEST_WORD = 40
"""Code points; what is longer (keys, encoded data) is cut there."""

_APOSTROPHES = "'’ʼ＇"
_ELIDING = frozenset({"fr", "it", "ca", "pt", "es"})
_NO_SPACES = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Myanmar, Khmer
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # Japanese and Chinese
    "\U00020000-\U0003ffff"
)
_WORD = r"[^ '._+#\-]"
_JOINED = re.compile(rf"{_WORD}+(?:[-_]{_WORD}+|\.(?=[0-9])(?<=[0-9]\.){_WORD}+)*(?:[+#]{{1,3}}(?!{_WORD}))?")
_PARTS = re.compile(rf"[^ '_\-{_NO_SPACES}]+|[{_NO_SPACES}]+")
_NO_SPACE_RUN = re.compile(rf"[{_NO_SPACES}]")
_HYPHENS = "‐‑"
_KEPT = dict(zip(map(ord, "._-+#"), "._-+#", strict=True))
_KEPT |= dict.fromkeys(map(ord, _APOSTROPHES), "'") | dict.fromkeys(map(ord, _HYPHENS), "-")
_FOLDED = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ı": "i"}
    | {"\u0649": "\u064a", "\u06cc": "\u064a", "\u06a9": "\u0643", "\u0629": "\u0647", "\u0640": ""}  # Arabic letters
)
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]+")
_ARABIC_ARTICLE = re.compile("^(?:[\u0648\u0641\u0628\u0643]?\u0627\u0644|\u0644\u0644)(?=.{3})")
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
_ARABIC_SEPARATORS = str.maketrans("\u066b\u066c", ".,")
_COMMA_IN_NUMBER = re.compile(",[0-9]")
_THOUSANDS = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9,])")
_DECIMAL_COMMA = re.compile(r"(?<![0-9.,])([0-9]+),([0-9]{1,2})(?![0-9,])")
# `C ++` and `C + +` are typed for C++; any other sign after a space belongs to nothing.
_SIGN_APART = re.compile(
    r" (?:(?<![^ ][a-z] )(?<=[a-z] )(?=(?:\+ ?\+|#)(?![^ ]))|(?<![^ ][a-z] \+ )(?<=[a-z] \+ )(?=\+(?![^ ])))"
)
_APOSTROPHE_INSIDE = re.compile(rf"'(?<={_WORD}')(?={_WORD})")
"""Begins with what is rare, which is what a search looks for first."""


class _Classes(dict[int, str]):
    """Letters, marks, digits and joiners stay, invisible characters vanish, every other becomes a space."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        category = unicodedata.category(char)
        invisible = category == "Cf" or 0xFE00 <= code <= 0xFE0F
        kind = "" if invisible else char if category[0] in "LMN" else " "
        self[code] = kind
        return kind


_CLASSES = _Classes(_KEPT)
_ASCII = bytes(range(128)).decode().lower().translate(_CLASSES).encode().ljust(256)
"""The result of :func:`normal` for each ASCII character, which is one character: NFKC leaves them alone."""


def elides(language: str) -> bool:
    """Whether an apostrophe separates words (``l'article``) rather than belonging to one (``don't``)."""
    return language.split("-")[0] in _ELIDING


def normal(text: str, *, eliding: bool) -> str:
    """``text`` in NFKC and lower case, with only letters, marks, digits, joiners and spaces left."""
    if not text.isascii():
        text = plain_digits(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower()))
    text = plain_numbers(text)
    plain = text.encode().translate(_ASCII).decode() if text.isascii() else text.translate(_CLASSES)
    if "+" in plain or "#" in plain:
        plain = _SIGN_APART.sub("", plain)
    if "'" in plain:
        plain = _APOSTROPHE_INSIDE.sub(" " if eliding else "", plain)
    return plain


def has_sign_apart(text: str) -> bool:
    """Whether there is a sign by itself in ``text``, so that it may belong to a word before that."""
    return not {"+", "++", "#"}.isdisjoint(normal(text, eliding=True).split())


def plain_digits(text: str) -> str:
    """``text`` with every decimal digit and separator as ASCII has it: ``٣٠`` is ``30``."""
    if text.isascii():
        return text
    return _OTHER_DIGIT.sub(lambda match: str(unicodedata.digit(match.group())), text.translate(_ARABIC_SEPARATORS))


def plain_numbers(text: str) -> str:
    """``text`` with ``1,000`` as ``1000`` and ``12,50`` as ``12.50``."""
    if not _COMMA_IN_NUMBER.search(text):
        return text
    return _DECIMAL_COMMA.sub(r"\1.\2", _THOUSANDS.sub(lambda match: match.group().replace(",", ""), text))


def _pieces(joined: str) -> Iterator[str]:
    for part in _PARTS.findall(joined):
        if _NO_SPACE_RUN.match(part):
            if len(part) == 1:
                yield part
            for at in range(len(part) - 1):
                yield part[at : at + 2]
        else:
            yield part[:LONGEST_WORD]


def _runs(plain: str) -> tuple[list[str], bool]:
    """The pieces of a :func:`normal` text between separators, and whether each is a word as it is."""
    # A full stop at the end of a word belongs to none, and nothing joins separate pieces.
    runs = f"{plain} ".replace(". ", " ").split()
    letters = "".join(runs)
    return runs, letters.isascii() and (not runs or (letters.isalnum() and max(map(len, runs)) <= LONGEST_WORD))


def words(text: str, *, eliding: bool) -> list[str]:
    """The words of a text in order. Scripts without spaces yield overlapping pairs of characters."""
    plain = normal(text, eliding=eliding)
    runs, evident = _runs(plain)
    if evident:
        return runs
    found: list[str] = []
    for joined in _JOINED.findall(plain):
        if joined.isascii() and "-" not in joined and "_" not in joined:
            found.append(joined[:LONGEST_WORD])
        else:
            found.extend(_pieces(joined))
    return found


def words_and_places(text: str, *, eliding: bool, first: int = 0) -> tuple[list[str], list[int]]:
    """The words of a text and, parallel to them, their positions, counted from ``first``.

    ``Wi-Fi`` also yields ``wifi``, at the position of ``wi``.
    """
    runs, evident = _runs(normal(text, eliding=eliding))
    if evident:
        return runs, list(range(first, first + len(runs)))
    odd = [at for at, run in enumerate(runs) if not (run.isalnum() and run.isascii()) or len(run) > LONGEST_WORD]
    found: list[str] = []
    places: list[int] = []
    position, start = first, 0
    for at in odd:
        found += runs[start:at]
        places += range(position, position + at - start)
        position += at - start
        start = at + 1
        for joined in _JOINED.findall(runs[at]):
            pieces = list(_pieces(joined))
            if "-" in joined or "_" in joined:
                found.append(joined.replace("-", "").replace("_", "")[:LONGEST_WORD])
                places.append(position)
            found += pieces
            places += range(position, position + len(pieces))
            position += len(pieces)
    found += runs[start:]
    places += range(position, position + len(runs) - start)
    return found, places


def words_and_compounds(text: str, *, eliding: bool) -> list[tuple[str, int]]:
    """:func:`words_and_places` as pairs."""
    return list(zip(*words_and_places(text, eliding=eliding), strict=True))


def fold(word: str) -> str:
    """A word without accents, ligatures and the Arabic article: the key under which the dictionary keeps it."""
    if word.isascii():
        return word
    bare = _MARKS.sub("", unicodedata.normalize("NFD", word.translate(_FOLDED)))
    return _ARABIC_ARTICLE.sub("", unicodedata.normalize("NFC", bare))


def fingerprint(title_words: list[str]) -> int:
    """FNV-1a, 24 bits folded from 32, of the words joined by spaces: finds exact titles."""
    value = 0x811C9DC5
    for byte in " ".join(title_words).encode("utf-8", "replace"):
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return (value >> 8) ^ (value & 0xFF)
