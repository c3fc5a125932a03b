"""Numbers that are read from left to right, inside text that is not.

After an Arabic or Hebrew letter the groups of a phone number change places (Unicode's rule W2: its digits count as
Arabic ones, its spaces as text). A ``bdi`` element around it keeps them in order.
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


def isolated(html: str) -> str:
    """``html`` with each such number in an element of its own, except in tags, scripts and plain-text elements."""
    parts: list[str] = []
    end = 0
    for match in _PARTS.finditer(html):
        parts += (_NUMBER.sub(_isolate, html[end : match.start()]), match[0])
        end = match.end()
    return "".join((*parts, _NUMBER.sub(_isolate, html[end:])))


def _isolate(match: re.Match[str]) -> str:
    return f'<bdi dir="ltr">{match[0]}</bdi>'
