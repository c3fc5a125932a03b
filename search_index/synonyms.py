"""Synonym files in Solr's format: ``invoice, bill, receipt`` and ``giftcard => gift card``, with ``#`` comments."""

import re
from dataclasses import dataclass

from search_index.words import words

LONGEST_PHRASE = 4
"""Words on one side of a synonym."""


MOST_TERMS = 100
"""Terms of one line, each a synonym of every other."""


@dataclass(frozen=True, slots=True)
class Synonyms:
    """(phrase, what it also finds) pairs, each phrase as its author wrote it, in the order of the file."""

    pairs: tuple[tuple[str, str], ...] = ()


_COMMENT = re.compile(r"(?:^|\s)#(?:\s.*)?$|^\s*#.*$")
"""A whole line, or what follows ``#`` between spaces: ``c#`` and ``#4711`` are words."""

Problem = tuple[int, str, str]
"""Line, what is wrong, how to fix it."""


def parse_synonyms(text: str, path: str) -> tuple[Synonyms, list[Problem]]:
    """Read a synonym file. Lines with a problem are skipped and reported; hints name ``path`` where that helps."""
    pairs: dict[tuple[str, str], None] = {}
    problems: list[Problem] = []
    for number, line in enumerate(text.splitlines(), start=1):
        rule = _COMMENT.sub("", line.removeprefix("\ufeff")).strip()
        if not rule:
            continue
        problem = _problem(rule)
        if problem:
            problems.append((number, problem[0], f"{problem[1]} (each line of {path} is one rule)"))
            continue
        left, arrow, right = rule.partition("=>")
        before = [term.strip() for term in left.split(",")]
        after = [term.strip() for term in right.split(",")] if arrow else before
        for phrase in before:
            for other in after:
                if _key(phrase) != _key(other):
                    pairs[phrase, other] = None
    return Synonyms(tuple(pairs)), problems


def _problem(rule: str) -> tuple[str, str] | None:
    sides = rule.split("=>")
    if len(sides) > 2:
        return "more than one “=>” on a line", "write one rule a line: giftcard => gift card"
    if len(sides) == 1 and "," not in rule:
        return "a synonym needs at least two terms", "write “invoice, bill” or “giftcard => gift card”"
    if rule.count(",") >= MOST_TERMS:
        return f"more than {MOST_TERMS} terms", "write them as several lines"
    for term in ",".join(sides).split(","):
        if not term.strip():
            return "an empty term", "remove the extra comma, or write what belongs there"
        size = len(_key(term))
        if size == 0:
            return f"“{term.strip()}” has no letter or digit", "write a word that customers type"
        if size > LONGEST_PHRASE:
            return f"“{term.strip()}” has more than {LONGEST_PHRASE} words", "shorten it to the words that matter"
    return None


def _key(phrase: str) -> list[str]:
    return words(phrase, eliding=False)
