"""Phrasings offered to an editor: unresolved mentions that search puts near an article, in a review file for staff.

A review file holds single customers' sentences, redacted. No build reads it; only what an editor types into it becomes
content.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from kb_builder.errors import InputError
from kb_builder.support.redaction import redact

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
    surest_first = sorted({(-confidence, redact(text, limit=10 * LONGEST)) for confidence, text in near})
    ranked = [text for _, text in surest_first if len(text) <= LONGEST]
    candidates = [(text, stems(text)) for text in ranked[: round(len(ranked) * KEPT)]]
    candidates = [(text, own) for text, own in candidates if len(own) >= FEWEST_WORDS]
    chosen: list[str] = []
    nearest = [min((_distance(own, stems(phrase)) for phrase in known), default=1.0) for _, own in candidates]
    while len(chosen) < limit and candidates:
        best = max(range(len(candidates)), key=lambda at: (nearest[at], -at))
        text, own = candidates[best]
        if nearest[best] <= 0:
            break
        chosen.append(text)
        nearest = [min(before, _distance(own, other)) for before, (_, other) in zip(nearest, candidates, strict=True)]
    return chosen


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
    phrasings: dict[str, str] = {}
    ticked = ""
    at = 0
    for number, line in enumerate(lines[1:], start=2):
        if match := _TICKED.fullmatch(line):
            _refuse_unworded(ticked, path, at)
            ticked, at = (match["customer"].strip(), number) if match["tick"] else ("", number)
        elif match := _TYPED.fullmatch(line):
            typed = " ".join(match["typed"].split())
            if typed and not ticked:
                raise InputError("a phrasing without a tick", where=f"{path}:{number}", hint="write [x], or remove it")
            if ticked and typed and typed.casefold() == ticked.casefold():
                hint = "a customer's sentence is not published as it is"
                raise InputError("this phrasing is not reworded", where=f"{path}:{number}", hint=hint)
            if typed:
                _refuse_private(typed, f"{path}:{number}")
                phrasings.setdefault(typed.casefold(), typed)
                ticked = ""
    _refuse_unworded(ticked, path, at)
    return Accepted(title["id"], tuple(phrasings.values()))


def _refuse_private(typed: str, where: str) -> None:
    struck = redact(typed, limit=len(typed) + LONGEST)
    if struck != typed:
        hint = f"without it: {struck}. If it belongs there, add it to the article yourself"
        raise InputError("this phrasing may name a customer", where=where, hint=hint)


def _refuse_unworded(ticked: str, path: str, line: int) -> None:
    if ticked:
        hint = "type how customers ask it after asked_as:, in words of your own"
        raise InputError("a tick without a phrasing", where=f"{path}:{line}", hint=hint)
