"""Queries that ask for a person rather than an answer: words for a contact channel, or a number or address of one.

``channel_words/<language>.txt`` has those words, one section a kind of channel, with the forms that customers type:
``[person]`` asks for any channel, words of ``[beside]`` may accompany those of a channel without naming one, and
``[fillers]`` say nothing about which is meant. ``international.txt`` holds in every language.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Final

from kb_builder.model import Channel
from search_index.codes import NATIONAL
from search_index.language import code_of

_FOLDER: Final = Path(__file__).parent / "channel_words"
_FEWEST_DIGITS: Final = 6
_PERSON, _BESIDE, _FILLERS = "person", "beside", "fillers"
_OTHERS: Final = frozenset({_PERSON, _BESIDE, _FILLERS})
_LESS_TELLING: Final = ("phone", "post")
"""Kinds whose words are said of other channels too: a WhatsApp *number*, to *write* an email."""
_SECTION: Final = re.compile(r"^\[(\w+)\]\n", re.MULTILINE)
_WORD: Final = re.compile(r"[^\W_]+")


@cache
def words_for(language: str) -> Mapping[str, Sequence[str]]:
    """Section → its words, sorted, without accents and capitals; those that hold in every language included."""
    found: dict[str, set[str]] = {}
    for name in ("international", code_of(language)):
        file = _FOLDER / f"{name}.txt"
        if name.isalpha() and file.is_file():
            _, *pieces = _SECTION.split(file.read_text("utf-8"))
            for section, listed in zip(pieces[::2], pieces[1::2], strict=True):
                found.setdefault(section, set()).update(_words(listed))
    return {section: sorted(found[section]) for section in sorted(found)}


def channel_of(query: str, channels: Sequence[Channel], language: str) -> Channel | None:
    """The channel that ``query`` names, or None. ``channels`` are in the order in which pages show them.

    The same as ``channel-query.mjs`` does in the browser.
    """
    listed = words_for(language)
    typed = _together(_words(query), listed)
    known = frozenset(chain.from_iterable(listed.values()))
    for channel in channels:
        names = (channel.label, channel.address, channel.kind)
        if (typed and typed in map(_words, names)) or _same_number(query, channel.address, known):
            return channel
    kind = _kind(typed, listed) if known.issuperset(typed) else ""
    if kind:
        return next((channel for channel in channels if channel.kind == kind), None)
    reached = [channel for channel in channels if channel.href]
    return reached[0] if reached and _asks_for_person(typed, listed) else None


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).lower()
    return _WORD.findall("".join(character for character in plain if unicodedata.category(character)[0] != "M"))


def _together(typed: Sequence[str], listed: Mapping[str, Sequence[str]]) -> list[str]:
    """The words typed; what is a word for a channel without the spaces in it is one: “whats app”, “tel nr”."""
    names = {word for kind, words in listed.items() if kind not in (_BESIDE, _FILLERS) for word in words}
    found: list[str] = []
    at = 0
    while at < len(typed):
        size = next((size for size in (3, 2) if "".join(typed[at : at + size]) in names), 1)
        found.append("".join(typed[at : at + size]))
        at += size
    return found


def _kind(typed: Sequence[str], listed: Mapping[str, Sequence[str]]) -> str:
    """The one kind of channel of which the words are, all of them being about a channel."""
    kinds = [kind for kind, words in listed.items() if kind not in _OTHERS and not set(words).isdisjoint(typed)]
    for less in _LESS_TELLING:
        if len(kinds) > 1 and less in kinds:
            kinds.remove(less)
    return kinds[0] if len(kinds) == 1 else ""


def _asks_for_person(typed: Sequence[str], listed: Mapping[str, Sequence[str]]) -> bool:
    """Whether all words, or the last ones with two of them, ask for somebody to talk to."""
    person, beside = (set(listed.get(section, ())) for section in (_PERSON, _BESIDE))
    passed = {*person, *beside, *listed.get(_FILLERS, ())}
    at = next((at for at in range(len(typed), 0, -1) if typed[at - 1] not in passed), 0)
    asking = sum(word in person for word in typed[at:])
    return asking > (1 if at else 0)


def _same_number(typed: str, address: str, known: Collection[str]) -> bool:
    """Whether the digits are those of an address, with no words beside them but of channels: “call 020 7946 0123”."""
    if not all(word in known for word in _words(typed) if not word.isdecimal()):
        return False
    wanted, listed = ("".join(filter(str.isdecimal, text)) for text in (typed, address))
    wanted = wanted[-NATIONAL:].lstrip("0")
    return len(wanted) >= _FEWEST_DIGITS and listed.endswith(wanted)
