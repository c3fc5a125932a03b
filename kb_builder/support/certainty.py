"""The certainty with which a reply may be written from what search and recognition found, without a choice by staff."""

from collections.abc import Sequence
from math import exp, log
from typing import Final

from kb_builder.support.recognition import Scores
from search_index.features import Token, tokens
from search_index.results import Hit

_EXACT: Final = 1_000_000
"""Scores of search from here on are of an exact title or code."""
_FITTED_ON: Final = 89
"""Articles of the help centre on whose questions the curve of :func:`certainty` was fitted."""


def recognised(hits: Sequence[Hit], found: Scores, sure: float) -> list[tuple[str, float]]:
    """Articles with the probability, 0 to 1, that each answers a text, the likeliest first.

    Without those that search didn't find and that are all but impossible.

    ``found`` is what recognition says of all articles, and ``sure`` the :func:`certainty` of the first of ``hits``. The
    constants of the logistic curve were fitted on questions that were written to test the demo, on texts that none of
    its articles answers, and on a bank's questions (docs/decisions/0023).
    """
    if sure >= 1:
        return [(hits[0].id, 1.0)]
    best = max(1, min(hits[0].score, _EXACT)) if hits else 1
    share = {hit.id: min(hit.score, _EXACT) / best for hit in hits}
    ranked = sorted(found.articles, key=lambda id: (-found.articles[id] - share.get(id, 0.0), id))
    first = min(max(sure, 0.005), 0.995)
    agreed = 0.6 + 0.73 * log(first / (1 - first))
    odds = [
        -2.2 + 2.35 * found.articles[id] - 1.22 * found.none + 0.69 * share.get(id, 0.0)
        + (agreed if hits and id == hits[0].id else 0.0)
        for id in ranked
    ]  # fmt: skip
    likely = [(id, min(_probability(one), _probability(odds[0]))) for id, one in zip(ranked, odds, strict=True)]
    return [(id, probability) for id, probability in likely if probability > 0 or id in share]


def certainty(
    text: str, hits: Sequence[Hit], phrases: Sequence[str], language: str, *, articles: int = _FITTED_ON
) -> float:
    """The probability, 0 to 1, that the first of ``hits`` answers ``text``, in which search has corrected typos.

    Scores are lower in a help centre of fewer ``articles``, where words are less rare; there is a share of the odds for
    that, which was measured in nine languages.

    ``phrases`` are the title of that article and the ways in which customers ask for it. Search compares a question
    with whole articles; here it is compared with those phrases too: texts that no article answers share words with
    an article's body, and seldom with a question that it answers. An exact title is certain.

    It says how sure search alone is, and is all there is where nothing was learned (without scikit-learn, and in
    languages without a background). The constants of the logistic curve were fitted on a shop's questions, on a bank's
    questions and titles of another help centre (which no article answers), and on the demo's questions and unanswerable
    texts.
    """
    if not hits or hits[0].confidence >= 1:
        return 1.0 if hits else 0.0
    asked = tokens(text, language)
    content, every = _content(asked), _all(asked)
    if not content or hits[0].score <= 0:
        return 0.0
    known = [tokens(phrase, language) for phrase in phrases]
    covered = content & frozenset[str]().union(*map(_all, known))
    in_one_phrase = max((len(content & _all(phrase)) for phrase in known), default=0)
    likeness = max((_dice(every, _all(phrase)) for phrase in known), default=0.0)
    score = hits[0].score
    second, third = (*(min(1.0, hit.score / score) for hit in hits[1:3]), 0.0, 0.0)[:2]
    found = min(max(hits[0].confidence, 0.01), 0.99)
    odds = -11.26 + 0.31 * log(found / (1 - found)) + 2.2 * log(max(score, 1) / 256) - 1.1 * second + 0.96 * third
    odds += (3.57 * len(covered) - 2.21 * in_one_phrase) / len(content) + 3.6 * likeness
    odds += 0.38 * log(len(content)) - 0.82 * log(len(every))
    if articles < _FITTED_ON:
        odds += 4.4 * log(log(_FITTED_ON) / log(max(articles, 3)))
    return _probability(odds)


def likeness(text: str, phrases: Sequence[str], language: str) -> float:
    """How much ``text`` and the phrase most like it share, 0 to 0.9, without stop words."""
    asked = _content(tokens(text, language))
    return round(0.9 * max((_dice(asked, _content(tokens(phrase, language))) for phrase in phrases), default=0.0), 2)


def _probability(odds: float) -> float:
    return round(1 / (1 + exp(-max(-50.0, min(50.0, odds)))), 2)


def _all(sequence: Sequence[Token]) -> frozenset[str]:
    return frozenset(token.stem for token in sequence)


def _content(sequence: Sequence[Token]) -> frozenset[str]:
    return frozenset(token.stem for token in sequence if not token.stop)


def _dice(left: frozenset[str], right: frozenset[str]) -> float:
    return 2 * len(left & right) / max(1, len(left) + len(right))
