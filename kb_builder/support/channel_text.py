"""Text lengths as channels count them, and shortening a text to fit.

Text messages: 3GPP TS 23.038 (the alphabet) and TS 23.040 (long messages in parts). Twitter: the weights of
twitter-text 3 (https://github.com/twitter/twitter-text, config v3). Everything else: characters.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Final, NamedTuple

TWEET: Final = 280
SMS_PARTS: Final = 3
"""The most parts of a text message: longer ones are costly, and phones show them as an attachment."""

_LINK_WEIGHT: Final = 23
_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("^{}\\[~]|€\f")
_PLAIN: Final = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-", "−": "-", "‑": "-",
     "…": "...", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "•": "-", "→": "->", "×": "x"}
)  # fmt: skip
_LINK: Final = re.compile(r"https?://\S+|\b(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/\S*)?", re.IGNORECASE)
_PICTOGRAPH: Final = "[\U0001f000-\U0001faff\u2600-\u27bf][\ufe0f\U0001f3fb-\U0001f3ff]*"
_EMOJI: Final = re.compile(rf"{_PICTOGRAPH}(?:\u200d{_PICTOGRAPH})*")
_SENTENCE: Final = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)|[。！？]+")


class TextMessage(NamedTuple):
    """``units`` are septets of the GSM alphabet, or UTF-16 units where a character is not in it."""

    units: int
    parts: int


def text_message(text: str) -> TextMessage:
    """Length and number of parts of ``text`` as a phone network sends it.

    A single part holds 160 septets or 70 UTF-16 units; each of several holds 153 or 67.
    """
    if all(character in _BASIC or character in _EXTENDED for character in text):
        sizes, single, part = [2 if character in _EXTENDED else 1 for character in text], 160, 153
    else:
        sizes, single, part = [2 if ord(character) > 0xFFFF else 1 for character in text], 70, 67
    units = sum(sizes)
    if units <= single:
        return TextMessage(units, 1)
    parts, room = 1, part
    for size in sizes:
        # A character of two units is never split across parts.
        if size > room:
            parts, room = parts + 1, part
        room -= size
    return TextMessage(units, parts)


def plain_punctuation(text: str) -> str:
    """``text`` with typographic quotes, dashes and spaces replaced by ASCII: one curly quote makes a message UCS-2."""
    return text.translate(_PLAIN)


def tweet_length(text: str) -> int:
    """The weighted length of a tweet: a link is 23 whatever its length, an emoji 2, letters far from Latin 2 each."""
    links = len(_LINK.findall(text))
    rest = unicodedata.normalize("NFC", _LINK.sub("", text))
    emoji = len(_EMOJI.findall(rest))
    return links * _LINK_WEIGHT + emoji * 2 + sum(_weight(character) for character in _EMOJI.sub("", rest))


def fit(text: str, fits: Callable[[str], bool]) -> str:
    """``text``, or its first sentences that fit, or words with an ellipsis where sentences fill less than half.

    ``fits`` must be monotonic: every prefix of a text that fits also fits.
    """
    if fits(text):
        return text
    words = [match.start() for match in re.finditer(r"\s+", text)]
    words = words or [end for end in range(1, len(text)) if not unicodedata.combining(text[end])]
    by_words = _longest([f"{text[:end].rstrip(' ,;:–-')}…" for end in words], fits)
    by_sentences = _longest([text[: match.end()] for match in _SENTENCE.finditer(text)], fits)
    return by_sentences if len(by_sentences) * 2 >= len(by_words) else by_words


def _longest(prefixes: list[str], fits: Callable[[str], bool]) -> str:
    """The longest of ``prefixes``, sorted by length, that fits; empty if none does."""
    low, high = 0, len(prefixes)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if fits(prefixes[middle]) else (low, middle)
    return prefixes[low - 1] if low else ""


def _weight(character: str) -> int:
    code = ord(character)
    light = code <= 0x10FF or 0x2000 <= code <= 0x200D or 0x2010 <= code <= 0x201F or 0x2032 <= code <= 0x2037
    return 1 if light else 2
