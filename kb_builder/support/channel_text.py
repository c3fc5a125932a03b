"""Channels of replies, their limits, and text lengths as they count them.

Text messages: 3GPP TS 23.038 (the alphabet) and TS 23.040 (long messages in parts). Twitter: the weights of
twitter-text 3 (https://github.com/twitter/twitter-text, config v3). Everything else: characters.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final, NamedTuple

CHANNELS: Final = ("sms", "twitter", "facebook", "chat", "email", "phone")
LIMITS: Final = {"twitter": 280, "facebook": 1000, "chat": 1000, "email": 2000, "phone": 600}
"""The longest text of each channel but SMS. 600 characters take 40 seconds to read aloud."""
SMS_PARTS: Final = 3
"""The most parts of a text message: longer ones are costly, and phones show them as an attachment."""

_ONE_PART: Final = 160
"""Septets of a text message in one part."""
_LINK_WEIGHT: Final = 23
_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("^{}\\[~]|€\f")
_GSM: Final = _BASIC | _EXTENDED
_PLAIN: Final = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-", "−": "-", "‑": "-",
     "…": "...", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "•": "-", "→": "->", "×": "x",
     "›": ">", "‹": "<", "‚": "'", "´": "'", "`": "'", "™": "", "½": "1/2"}
)  # fmt: skip
_LINK: Final = re.compile(r"https?://\S+|(?<![@.\w-])(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/\S*)?", re.IGNORECASE)
_PICTOGRAPH: Final = "[\U0001f000-\U0001faff\u2600-\u27bf][\ufe0f\U0001f3fb-\U0001f3ff]*"
_EMOJI: Final = re.compile(rf"{_PICTOGRAPH}(?:\u200d{_PICTOGRAPH})*")


class Size(NamedTuple):
    """``segments`` is the number of parts of a text message, 1 on other channels."""

    length: int
    segments: int


def text_message(text: str) -> Size:
    """Length and number of parts of ``text`` as a phone network sends it.

    The length is in septets of the GSM alphabet, or in UTF-16 units where a character is not in it. A single part holds
    160 septets or 70 UTF-16 units; each of several holds 153 or 67.
    """
    gsm = _GSM.issuperset(text)
    single, part = (_ONE_PART, 153) if gsm else (70, 67)
    units = len(text) + sum(map(text.count, _EXTENDED)) if gsm else len(text.encode("utf-16-le", "surrogatepass")) // 2
    if units <= single:
        return Size(units, 1)
    sizes = [2 if (character in _EXTENDED if gsm else ord(character) > 0xFFFF) else 1 for character in text]
    parts, room = 1, part
    for size in sizes:
        # A character of two units is never split across parts.
        if size > room:
            parts, room = parts + 1, part
        room -= size
    return Size(units, parts)


def plain_punctuation(text: str) -> str:
    """``text`` with typographic quotes, dashes and spaces replaced by ASCII: one curly quote makes a message UCS-2."""
    return text.translate(_PLAIN)


def tweet_length(text: str) -> int:
    """The weighted length of a tweet: a link is 23 whatever its length, an emoji 2, letters far from Latin 2 each."""
    rest, links = _LINK.subn("", text)
    if rest.isascii():
        return links * _LINK_WEIGHT + len(rest)
    rest, emoji = _EMOJI.subn("", unicodedata.normalize("NFC", rest))
    return links * _LINK_WEIGHT + emoji * 2 + sum(map(_weight, rest))


def size(text: str, channel: str) -> Size:
    """The length of ``text`` as ``channel`` counts it: septets or UTF-16 units, weights of X, or characters."""
    if channel == "sms":
        return text_message(text)
    return Size(tweet_length(text) if channel == "twitter" else len(text), 1)


def fits(text: str, channel: str, parts: int = 0) -> bool:
    """Whether ``text`` is within the limit of ``channel``.

    ``parts`` is the most parts of a text message. The default is one, and two where letters need UCS-2.
    """
    length, segments = size(text, channel)
    if channel == "sms":
        return segments <= (parts or 1) or (not parts and segments == 2 and _needs_ucs2(text))
    return length <= LIMITS[channel]


def surely_fits(parts: Sequence[str], channel: str) -> bool:
    """Whether all that can be made of ``parts`` fits, which their lengths alone decide for most texts."""
    length = sum(map(len, parts))
    if channel == "sms":
        return length <= _ONE_PART and _BASIC.issuperset("".join(parts))
    if channel == "twitter":
        # Each link weighs as much as the longest would: one has a full stop in it, or a scheme.
        links = sum(part.count(".") + part.count("://") for part in parts)
        return length + links * _LINK_WEIGHT <= LIMITS[channel] and all(map(str.isascii, parts))
    return 2 * length <= LIMITS[channel]


def _needs_ucs2(text: str) -> bool:
    return any(character not in _GSM and character.isalpha() for character in text)


def _weight(character: str) -> int:
    code = ord(character)
    light = code <= 0x10FF or 0x2000 <= code <= 0x200D or 0x2010 <= code <= 0x201F or 0x2032 <= code <= 0x2037
    return 1 if light else 2
