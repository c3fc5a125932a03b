"""Priors: a small factor for articles that many customers asked about lately."""

from collections.abc import Mapping, Sequence
from math import log2

from search_index.encoding import varint

FEWEST_CUSTOMERS = 5
MOST = 128
"""The largest prior, in 256ths of a score: half as much again for the article that most customers asked about."""
STEPS = 16
"""Priors are multiples of ``MOST / STEPS``, so that the index changes when demand does and not every day."""


def priors(asked: Mapping[str, int], ids: Sequence[str]) -> dict[int, int]:
    """Number of a document → its prior, from the customers of each id; those of fewer than five customers have none.

    Proportional to the logarithm of the customers, from five to the most of any document.
    """
    counts = {number: asked[id] for number, id in enumerate(ids) if asked.get(id, 0) >= FEWEST_CUSTOMERS}
    most = max(counts.values(), default=0)
    if most <= FEWEST_CUSTOMERS:
        return {}
    scale = log2(most / FEWEST_CUSTOMERS)
    steps = {number: round(STEPS * log2(count / FEWEST_CUSTOMERS) / scale) for number, count in counts.items()}
    return {number: step * MOST // STEPS for number, step in steps.items() if step}


def prior_table(asked: Mapping[str, int], ids: Sequence[str]) -> bytes:
    """Varint count, gaps of document numbers, one byte each."""
    found = priors(asked, ids)
    numbers = sorted(found)
    gaps = b"".join(varint(number - before) for before, number in zip([0, *numbers], numbers, strict=False))
    return varint(len(found)) + gaps + bytes(found[number] for number in numbers)
