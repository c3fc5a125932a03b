"""Phrasings offered to an editor: unresolved mentions that search puts near an article, in a review file for staff.

A review file holds single customers' sentences, redacted. No build reads it; only what an editor types into it becomes
content.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final

from kb_builder.errors import InputError
from kb_builder.support.redaction import STRUCK_OUT, redact
from search_index.words import words

FOLDER: Final = "suggestions"
LONGEST: Final = 160
"""Characters of an offered sentence; longer mentions are stories rather than questions."""
FEWEST_WORDS: Final = 3
KEPT: Final = 2 / 3
"""Of the mentions near an article, the surer part that is offered."""

_TICKED: Final = re.compile(r"\s*[-*+]\s+\[\s*(?P<tick>[xX✓✔]?)\s*\]\s+(?P<customer>.*)")
_TYPED: Final = re.compile(r"\s*asked_as:(?P<typed>.*)")
_TITLE: Final = re.compile(r"# .* \[(?P<id>[^\[\]]+)\]\s*")


@dataclass(frozen=True, slots=True)
class Accepted:
    """The suggestions that an editor accepted for one article."""

    article_id: str
    phrasings: tuple[str, ...]


def offers(
    near: Sequence[tuple[float, str]], known: Sequence[str], stems: Callable[[str], frozenset[str]], limit: int
) -> list[str]:
    """At most ``limit`` mentions that differ from each other and from what is ``known``, redacted.

    ``near`` has confidence (0 to 1) and text. Of the surer two thirds, the one farthest from all chosen ones comes next
    (Gonzalez, “Clustering to Minimize the Maximum Intercluster Distance”, 1985), by the Jaccard distance of stems.
    """
    ranked = sorted({(confidence, redact(text, limit=10 * LONGEST)) for confidence, text in near}, key=_surest_first)
    ranked = [(confidence, text) for confidence, text in ranked if len(text) <= LONGEST]
    candidates = [(text, _without_numbers(stems(text))) for _, text in ranked[: round(len(ranked) * KEPT)]]
    candidates = [(text, own) for text, own in candidates if len(own) >= FEWEST_WORDS]
    chosen: list[str] = []
    told = [_without_numbers(stems(phrase)) for phrase in known]
    nearest = [min((_distance(own, phrase) for phrase in told), default=1.0) for _, own in candidates]
    while len(chosen) < limit and candidates:
        best = max(range(len(candidates)), key=lambda at: (nearest[at], -at))
        text, own = candidates[best]
        if nearest[best] <= 0:
            break
        chosen.append(text)
        nearest = [min(before, _distance(own, other)) for before, (_, other) in zip(nearest, candidates, strict=True)]
    return chosen


def _surest_first(offer: tuple[float, str]) -> tuple[float, str]:
    confidence, text = offer
    return -confidence, text


def _without_numbers(stems: frozenset[str]) -> frozenset[str]:
    """Customers who differ in a number only ask the same."""
    return frozenset(stem for stem in stems if not stem.isdecimal())


def _distance(left: frozenset[str], right: frozenset[str]) -> float:
    union = len(left | right)
    return 1 - len(left & right) / union if union else 0.0


def review_file(article_id: str, title: str, offered: Sequence[str]) -> str:
    """The file in which an editor ticks offers and types a phrasing for each."""
    lines = [
        f"# {title} [{article_id}]",
        "",
        "For staff only: each line is a customer's sentence. Tick what this article answers, and type after asked_as:",
        f"how customers ask it, in words of your own. Then: kb suggest --accept {FOLDER}/{article_id}.md",
        "",
    ]
    for text in offered:
        lines += [f"- [ ] {text}", "      asked_as:"]
    return "\n".join(lines) + "\n"


def read_review(text: str, path: str) -> Accepted:
    """The suggestions that an editor ticked. Raises :class:`InputError` with ``path:line`` for anything else."""
    lines = text.splitlines()
    title = _TITLE.fullmatch(lines[0]) if lines else None
    if title is None:
        raise InputError("this is not a review file", where=f"{path}:1", hint="kb suggest ID writes one")
    sentences = {_said(match["customer"]) for match in map(_TICKED.fullmatch, lines) if match}
    phrasings: dict[str, str] = {}
    ticked = False
    at = 0
    for number, line in _below_introduction(lines):
        if match := _TICKED.fullmatch(line):
            _refuse_unworded(ticked, path, at)
            ticked, at = bool(match["tick"]), number
        elif match := _TYPED.fullmatch(line):
            typed = " ".join(match["typed"].split())
            if typed:
                _refuse_typed(typed, ticked, sentences, f"{path}:{number}")
                phrasings.setdefault(typed.casefold(), typed)
                ticked = False
        elif line.strip():
            hint = "a sentence begins with - [ ] or - [x], its phrasing with asked_as:, each on one line"
            raise InputError("this line is neither a sentence nor a phrasing", where=f"{path}:{number}", hint=hint)
    _refuse_unworded(ticked, path, at)
    return Accepted(title["id"], tuple(phrasings.values()))


def _below_introduction(lines: Sequence[str]) -> list[tuple[int, str]]:
    """Number and text of the lines below the title and the paragraph that says what to do."""
    numbered = list(enumerate(lines, start=1))[1:]
    for part in (str.strip, lambda line: not (line.strip() and not _TICKED.fullmatch(line))):
        first = next((at for at, (_, line) in enumerate(numbered) if part(line)), len(numbered))
        numbered = numbered[first:]
    return numbered


def _said(text: str) -> tuple[str, ...]:
    """The words of a sentence: another comma doesn't make it an editor's."""
    return tuple(words(text, eliding=False))


def _refuse_typed(typed: str, ticked: bool, sentences: Collection[tuple[str, ...]], where: str) -> None:
    if not ticked:
        raise InputError("a phrasing without a tick", where=where, hint="write [x], or remove it")
    if _said(typed) in sentences:
        hint = "a customer's sentence is not published as it is"
        raise InputError("this phrasing is not reworded", where=where, hint=hint)
    _refuse_private(typed, where)


def _refuse_private(typed: str, where: str) -> None:
    struck = redact(typed, limit=len(typed) + LONGEST)
    if struck != typed or any(mark in typed for mark in STRUCK_OUT):
        hint = f"without it: {struck}. If it belongs there, add it to the article yourself"
        raise InputError("this phrasing may name a customer", where=where, hint=hint)


def _refuse_unworded(ticked: bool, path: str, line: int) -> None:
    if ticked:
        hint = "type how customers ask it after asked_as:, in words of your own"
        raise InputError("a tick without a phrasing", where=f"{path}:{line}", hint=hint)
