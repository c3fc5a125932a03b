"""The probability, from 0 to 1, that a match like this one is right (docs/decisions/0023)."""

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


_LEARNED, _CLOSE, _CLEAR = 10_000, 3_700, 3_000
"""The least score of an answer for a rarity of one: where readers learned of phrasings; and where they didn't, with a
second match close behind and with none."""


def is_sure(confidence: float, score: int, second: int, found: int, documents: int, learned: bool) -> bool:
    """Whether the best match may be shown as the answer itself, before other results (docs/decisions/0023).

    Confidence compares the matches of a question that some article answers. Many questions are answered by none, and
    what matches one word of those best looks just as clear. So two words have to be found, the ``second`` best match
    has to be well behind, and the ``score`` has to be one that only words get which are rare among the ``documents``.
    """
    least = _LEARNED if learned else _CLOSE if 2 * second > score else _CLEAR
    rare = score >= least * log(1 + documents) ** 0.7
    return confidence >= 0.6 and found >= 2 and rare and 5 * second <= 4 * score
