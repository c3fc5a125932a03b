"""Language data that search has before it reads an article: one file a language, in ``languages/``.

A file has sections: ``[endings]`` and ``[beginnings]`` of inflected words, for those that a customer types in a form
that no article has; ``[links]`` and ``[compound parts]`` where words are written together; ``[stop words]``, and
``[telling words]`` that are none although listed elsewhere; ``[families]`` of words that a stemmer keeps apart and
words of the ``[same]`` meaning, a group a line, by which customers and help centres differ whatever they sell;
``[common]`` short words, so that “shoes” is not taken for a mistyped “shops”; ``[numbers]`` that are typed in digits;
and letters that are typed ``[spelled out]`` where a keyboard lacks them, “loeschen”. Words of one trade don't belong
here: an editor's ``synonyms/en.txt`` is the place for them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

_SAME = {"nb": "no", "nn": "no"}
_SECTION = re.compile(r"^\[([a-z ]+)\]\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Language:
    """The words of one language; empty for a language without a file."""

    endings: tuple[str, ...] = ()
    """The longest first."""
    beginnings: tuple[str, ...] = ()
    """Prefixes without which a word is the same word."""
    links: tuple[str, ...] = ()
    """Linking elements of compounds, the empty one first; no element where words are not written together."""
    compound_parts: frozenset[str] = frozenset()
    """Words that compounds of a help centre end in, whether or not an article has them standing alone."""
    stop_words: frozenset[str] = frozenset()
    """Beside those of Whoosh's list: how people ask, whatever they ask for."""
    telling_words: frozenset[str] = frozenset()
    """Words of Whoosh's list that make a difference in a help centre: a card that is *not* accepted, a top *up*."""
    meanings: tuple[tuple[str, ...], ...] = ()
    """Words and phrases of one meaning in everyday language."""
    common_words: frozenset[str] = frozenset()
    """Short words that anybody uses, so that they are not taken for typos."""
    numbers: tuple[tuple[str, str], ...] = ()
    """A word and its digits, both ways: synonyms, but what is learned of “two” says nothing of a 2."""
    spelled_out: Mapping[int, str] = field(default_factory=dict)
    """Letters, as ``str.translate`` takes them, by those that are typed for them: “ue” for “ü”."""

    @property
    def synonyms(self) -> tuple[tuple[str, str], ...]:
        """(word or phrase, what it also means) pairs."""
        return tuple((left, right) for group in self.meanings for left in group for right in group if left != right)


def code_of(language: str) -> str:
    """``pt`` of ``pt-BR``."""
    code = language.split("-")[0].lower()
    return _SAME.get(code, code)


@cache
def language_of(language: str) -> Language:
    """The data of a language, by its code."""
    code = code_of(language)
    file = files("search_index") / "languages" / f"{code}.txt"
    if not (code.isalpha() and file.is_file()):
        return Language()
    _, *pieces = _SECTION.split(file.read_text("utf-8"))
    sections = dict(zip(pieces[::2], pieces[1::2], strict=True))

    def listed(name: str) -> list[str]:
        return sections.get(name, "").split()

    def pairs(name: str) -> list[tuple[str, str]]:
        rows = listed(name)
        return list(zip(rows[::2], rows[1::2], strict=True))

    endings = sorted(set(listed("endings")), key=lambda ending: (-len(ending), ending))
    return Language(
        tuple(endings),
        tuple(listed("beginnings")),
        ("", *listed("links")) if "links" in sections else (),
        frozenset(listed("compound parts")),
        frozenset(listed("stop words")),
        frozenset(listed("telling words")),
        _meanings(_groups(sections.get("families", "")), _groups(sections.get("same", ""))),
        frozenset(listed("common")),
        tuple(pair for left, right in pairs("numbers") for pair in ((left, right), (right, left))),
        str.maketrans(dict(pairs("spelled out"))),
    )


def _groups(lines: str) -> list[list[str]]:
    return [[term.strip() for term in line.split(",")] for line in lines.splitlines() if line]


def _meanings(families: list[list[str]], same: list[list[str]]) -> tuple[tuple[str, ...], ...]:
    """A word means all of its family, and all of the families of words of the same meaning."""
    family_of = {word: family for family in families for word in family}
    meant = [[word for term in group for word in family_of.get(term, [term])] for group in same]
    return tuple(map(tuple, [*families, *meant]))
