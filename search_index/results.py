"""The results of a reader: hits, and the contribution of each word to one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found. ``section`` is the anchor to jump to, empty for the top; ``score`` is a whole number.

    ``confidence`` is the probability, 0 to 1, that this article answers the query; ``sure`` says that it may be
    shown as the answer.
    """

    id: str
    title: str
    url: str
    section: str
    section_heading: str
    excerpt: str
    score: int
    confidence: float
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Results:
    """``corrected`` is the query as understood, empty if it was taken as typed."""

    query: str
    corrected: str
    hits: tuple[Hit, ...]
    incomplete: bool


@dataclass(frozen=True, slots=True)
class Contribution:
    """The amount that one word of the query added to an article's score, before the share of words found is weighed in.

    ``customers`` is how many customers of the article used a word, or pair of words, that was learned from mentions;
    the reader doesn't know it.
    """

    word: str
    found_as: str
    kind: str
    score: int
    customers: int = 0
