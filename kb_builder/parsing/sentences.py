"""Splits a text into sentences."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

_END: Final = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s+[^\sa-zß-öø-ÿ])|[。！？]+")
_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:e\.g|i\.e|approx|no|nos|mr|mrs|ms|dr|st|vs|etc|z\.b|nr)|\b[A-Z])\.$", re.IGNORECASE
)


def sentence_ends(text: str) -> Iterator[int]:
    """The place behind each sentence after which another begins."""
    start = 0
    for match in _END.finditer(text):
        if not _ABBREVIATION.search(text, start, match.end()):
            start = match.end()
            yield start


def sentences(text: str) -> list[str]:
    """The sentences of ``text``, without the space between them."""
    places = pairwise((0, *sentence_ends(text), len(text)))
    return [sentence for first, last in places if (sentence := text[first:last].strip())]
