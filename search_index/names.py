"""Names with more than letters in them, in the other spellings that customers type.

“Node.js” is typed `nodejs` and `node js`, “PayPal” `pay pal`, “.NET” `dot net`, “iPhone 15” `iphone15`, “HDMI 2.1”
`hdmi21`, ERR_CONN_RESET `err conn reset` and `conn reset`. The index holds these spellings beside the words of a text:
one written together as a word, one typed in pieces as a key, in which each piece is followed by `_`. FORMAT.md,
“Names”, is the specification.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from search_index.words import LONGEST_WORD

MOST_PIECES = 5
"""A name of more pieces is an address, a path or encoded data."""
MOST_WITHIN = 3
"""Changes between letters and digits, or to a capital, cut a name into so many pieces; encoded data has more."""
LONG_NAME, ABBREVIATED = 6, 3
"""Letters of a name that is shortened where a number follows, and those that are left of it."""
_DIGITS = frozenset("0123456789")
_SAID = {"+": "plus", "#": "sharp"}

_TOKEN = re.compile(r"(?<![\w@:/&=?#.+-])(?>\.?[^\W_](?:[\w&/.-]*[^\W_])?[+#]{0,3})(?![\w@&=])")
_SIGNED = re.compile(r"(?<![\w.#@$%&!/~:-])[.#@$%&!/~-]+([^\W\d_](?:[\w&/.-]*[^\W_])?)")
_SIGN_FIRST = re.compile("[.#@$%&!/~-]")
_NUMBERED = re.compile(
    r"(?<![\w.+-])([^\W\d_]*[A-Z][^\W\d_]*(?:[-.][^\W\d_]+)?) ([A-Z]?[0-9]{1,4})(?:\.([0-9]{1,2}))?(?!\w|[-.,/:][0-9])"
)
_PIECES = re.compile(r"[^-_./&+#]+")
_FINE = re.compile(r"[0-9]+|[^\W\d_](?:(?<![a-z])[A-Z]|[^\WA-Z\d_])*")
_INITIALED = re.compile(r"[0-9](?<![\w.,-].)-?[A-Z] [A-Z](?=[a-z])")
_ADDRESS = re.compile(r"[\w.-]+@[\w-]+(?:\.[\w-]+)+")
_ORDINAL = re.compile(r"[0-9]+(?:st|nd|rd|th)")


def spellings(piece: str) -> tuple[str, ...]:
    """Words and keys for the names in a text without spaces."""
    return tuple(form.lower()[:LONGEST_WORD] for form in _of_piece(piece))


def numbered_names(text: str, pieces: Iterable[str], stops: frozenset[str]) -> list[str]:
    """Words and keys for names with a space in them, before a number or behind a digit.

    ``pieces`` are what is between the spaces of the text, and ``stops`` the language's stop words.
    """
    found = [
        form
        for name, number in pairwise(pieces)
        if not (name.islower() or _DIGITS.isdisjoint(number[:2]))
        for form in _numbered(name, number, stops)
    ]
    initialed = ("".join(_PIECES.findall(name.replace(" ", "-"))) for name in _INITIALED.findall(text))
    return found + [form.lower()[:LONGEST_WORD] for form in initialed]


@lru_cache(maxsize=100_000)
def _numbered(name: str, number: str, stops: frozenset[str]) -> tuple[str, ...]:
    match = _NUMBERED.search(f"{name} {number}")
    if not match or match[1].lower() in stops:
        return ()
    return tuple(form.lower()[:LONGEST_WORD] for form in _with_number(match[1], match[2], match[3] or ""))


def _with_number(name: str, number: str, decimals: str) -> Iterator[str]:
    """“Wi-Fi 6”, “Node.js 20”, “HDMI 2.1” and “Portenta X8” in one word, and what customers leave out of it: “Windows
    11” is `win11`, “PlayStation 5” is `ps5`.

    Two decimals are those of “Ubuntu 24.04”, but most are a price or a time: no key.
    """
    pieces = _PIECES.findall(name)
    together = "".join(pieces)
    yield together + number
    if decimals:
        yield together + number + decimals
    if "." in name:
        yield pieces[0] + number
    within = _FINE.findall(name)
    if len(within) > 1:
        yield "".join(part[0] for part in within) + number
    if len(together) >= LONG_NAME:
        yield together[:ABBREVIATED] + number
        yield name_key((together[:ABBREVIATED], number))
    if len(decimals) < 2:
        yield from (name_key((*pieces, number)), name_key((together, number)))


def _of_piece(word: str) -> tuple[str, ...]:
    if "@" in word and (address := _ADDRESS.search(word)):
        pieces = _PIECES.findall(address.group().replace("@", "."))
        return ("".join(pieces), name_key(pieces)) if len(pieces) <= MOST_PIECES else ()
    signed = (_PIECES.findall(name) for name in _SIGNED.findall(word))
    keys = (signed_key(pieces) for pieces in signed if len(pieces) <= MOST_PIECES)
    return (*(form for token in _TOKEN.findall(word) for form in _of_token(token)), *keys)


def name_key(pieces: Iterable[str]) -> str:
    """The term in the index for a name whose pieces are typed as words; no word ends so."""
    return "".join(f"{piece}_" for piece in pieces)


def signed_key(pieces: Iterable[str]) -> str:
    """What the index holds of a name with a sign in front: `#general` is not what is general."""
    return name_key(pieces) + "_"


def keys_of_query(text: str, words: Iterable[str]) -> list[str]:
    """The keys to look up for a query, which may be a name as a whole."""
    key = name_key(words)
    return [key, key + "_"] if _SIGN_FIRST.match(text) else [key]


def is_name_key(form: str) -> bool:
    """Whether a form of the index is no word but a :func:`name_key`."""
    return form.endswith("_")


def written_together(form: str) -> str:
    """The word of which a form is the key; other forms are words already. They share a group, so that `e mail` finds
    an article with “email” as well as one with “e-mail”. The key of a name with a sign has a group of its own.
    """
    return form.replace("_", "") if is_name_key(form) and not form.endswith("__") else form


def _of_token(token: str) -> Iterator[str]:
    pieces = _PIECES.findall(token)
    if token.startswith("0x") or _ORDINAL.fullmatch(token) or len(pieces) > MOST_PIECES:
        return
    signs = token[len(token.rstrip("+#")) :]
    if signs and len(pieces[0]) > 2:
        yield pieces[0]
    if signs == "++":
        yield pieces[0] + "pp"
    pieces = ["dot"] * token.startswith(".") + pieces + [_SAID[sign] for sign in signs]
    if _is_name(token, pieces):
        if len(pieces) > 1:
            yield "".join(pieces)
        yield from _keys(pieces)


def _is_name(token: str, pieces: list[str]) -> bool:
    """Whether the pieces of a token may be typed apart or together: “sign-up” and “and/or” are words already."""
    if all(map(str.isdigit, pieces)):
        return len(pieces) == 2 and "/" in token
    if ("-" in token or "/" in token) and not token.isupper():
        return any(len(piece) == 1 or not piece.isalpha() for piece in pieces)
    return not (token.islower() and "." in token and len(pieces) > 2)  # an address


def _keys(pieces: list[str]) -> Iterator[str]:
    """The pieces as they are joined, those within them, and a code without what it begins with."""
    within = [part for piece in pieces for part in _FINE.findall(piece)]
    for each, limit in ((pieces, MOST_PIECES), (within, MOST_WITHIN)):
        if 1 < len(each) <= limit:
            yield name_key(each)
    if len(pieces) > 2 and all(len(piece) > 1 and piece.isalpha() for piece in pieces):
        yield name_key(pieces[1:])
        yield "".join(pieces[1:])
