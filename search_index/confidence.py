"""How often a match like this one is right, as a number from 0 to 1 (docs/decisions/0023)."""

from math import exp, log

UNIT = 256
"""Score of a BM25 sum of one."""


def confidence(score: int, others: tuple[int, int], found: int, words: int) -> float:
    """The confidence of a document with ``score``, rounded to two decimals.

    ``others`` are the best two scores of other documents; ``found`` of the query's ``words`` are in the document. A
    logistic curve fitted once, on questions with a known answer and on questions that no document answers.
    """
    if score <= 0 or words <= 0:
        return 0.0
    odds = -3.82 + 0.55 * log(score / UNIT) + 4.11 * found / words + 0.96 * log(words)
    odds -= 2.79 * others[0] / score + 1.11 * others[1] / score
    return round(1 / (1 + exp(-max(-50.0, odds))), 2)
