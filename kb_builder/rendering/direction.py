"""Text from left to right inside text from right to left: numbers, and words that begin a title.

After an Arabic or Hebrew letter the groups of a phone number change places (Unicode's rule W2: its digits count as
Arabic ones, its spaces as text). A ``bdi`` element around it keeps them in order.

A title takes the direction of its first letter (``unicode-bidi: plaintext`` in the styles), so an English title in a
list of Arabic ones keeps its order. “«PayPal» is not accepted” in Arabic would be taken for English: a mark before it
says that it is not.
"""

import re
from typing import Final

_NUMBER: Final = re.compile(
    r"(?<![\w+])(?:\+\d|\d)\d*(?:[ \u00a0\u202f().\-/]{1,3}\d+)+(?!\w)|(?<![\w+])\+\d{2,}(?!\w)"
)
"""Two groups of digits or more, as phone numbers and dates have, or one after a plus sign."""
_PARTS: Final = re.compile(
    r"<!--.*?-->|<(script|style|title|textarea|bdi|option)\b.*?</\1\s*>|<[^>]*>", re.DOTALL | re.IGNORECASE
)


_ENTITY: Final = re.compile(r"&#?\w+;")
_LETTER: Final = re.compile(r"[^\W\d_]")
_RIGHT_TO_LEFT: Final = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
MARK: Final = "\u200f"
_OPENING: Final = re.compile(r"<(?:h[1-6]|a|p|li|span|b)\b", re.IGNORECASE)
"""Elements that hold titles. A word after another element may belong to it: <strong>Apple</strong> Pay."""


def isolated(html: str) -> str:
    """``html``, which is read from right to left, with each such number in an element of its own and a mark before each
    such title, except in tags, scripts and plain-text elements."""
    parts: list[str] = []
    end = 0
    before = ""
    for match in _PARTS.finditer(html):
        start = match.start()
        # Most tags are adjacent.
        if start > end:
            parts.append(_in_order(html[end:start], before))
        parts.append(match[0])
        end, before = match.end(), match[0]
    return "".join((*parts, _in_order(html[end:], before)))


def _in_order(text: str, before: str) -> str:
    """``text`` behind the tag ``before``."""
    mark = MARK if _OPENING.match(before) and _begins_otherwise(text) else ""
    return mark + _NUMBER.sub(_isolate, text)


def _begins_otherwise(text: str) -> bool:
    """Whether the first letter of ``text`` is read from left to right, and most of its letters are not."""
    if text.startswith(MARK) or not _RIGHT_TO_LEFT.search(text):
        return False
    letters = "".join(_LETTER.findall(_ENTITY.sub("", text)))
    others = _RIGHT_TO_LEFT.sub("", letters)
    return bool(others) and letters[0] == others[0] and 2 * len(others) < len(letters)


def _isolate(match: re.Match[str]) -> str:
    return f'<bdi dir="ltr">{match[0]}</bdi>'
