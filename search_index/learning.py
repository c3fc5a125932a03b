"""Learned weights of words and pairs of words, trained on customers' questions and stored in the shards.

A linear machine separates documents by their examples: titles, ``asked_as`` and the features of resolved mentions. It
is trained in blocks of neighbouring documents, so that its time is linear in the number of examples and one new example
retrains one block. Words of one meaning are features that they share, so that what is learned of “reject” counts for
“decline” as well; afterwards the weight of a meaning is added to those of its words.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import sqrt
from statistics import median
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search_index.document import Example
from search_index.features import features, tokens
from search_index.linear_machine import Machine, is_installed, separate
from search_index.meanings import meanings_of
from search_index.mention_examples import MentionExamples

FEWEST_EXAMPLES = 5
"""Search learns as soon as one document has so many. Then all take part, if only with their titles: weights that
separate some documents only would lift these above the others."""
PAIR_REPEATS = 2
STRENGTH = 0.1
"""The penalty C of the machine: small, because most documents have few examples."""
ENOUGH_WITHOUT_CONSTANT = 80
"""Examples of the usual document from which on the machine has no constants: readers add up weights alone. With fewer,
common words would need the weight of the constants, and from so few examples that weight would be chance."""
MENTION = 0.35
"""Importance of one mention beside an editor's phrasing; with more, a few hundred mentions do harm."""
MANY, MOST_WITH_MANY = 25, 2.0
"""Mentions of an article from which on each has more importance, with the root of their number, up to so many times:
the more there are, the fewer of their words are too rare to be learned."""
MOST_VOLUME = 2.0
"""Times the median volume of mentions of an article: what has more is scaled down, so that it drowns no other."""
SHARED = 1.2
"""Value of a meaning in an example that has one of its words, whose own value is one."""
UNIT = 64
"""Whole-number weight of a learned weight of one."""
SMALLEST, SMALLEST_OF_PAIR = 2, 3
"""Smaller weights are left out. A third of all weights are of pairs and 2, and search is not better with them."""
SMALLEST_BLOCK, ENDS_IN, LARGEST_BLOCK = 100, 32, 200
"""Documents in a block; from the smallest on, one id in so many ends it. A whole small centre learns best."""

_Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LearnedWeights:
    """Weights by feature (a stem, or two with a space between, in order) and document id; -127 to 127."""

    weights: Mapping[str, Mapping[str, int]]
    unused_questions: int = 0
    """Questions that were not learned from because scikit-learn is not installed."""


class _Questions(NamedTuple):
    """The examples of one document: texts, and sets of features of resolved mentions with their customers."""

    id: str
    texts: list[str]
    mentions: list[tuple[list[str], int]]


def train(
    examples: Sequence[Example],
    *,
    language: str,
    mentions: MentionExamples | None = None,
    previous: bytes | None = None,
) -> bytes:
    """Learn from examples; worth caching. ``previous`` is an older result of the same code and libraries, whose
    unchanged blocks are kept.

    Without scikit-learn the questions are counted as unused.
    """
    known: dict[str, object] = json.loads(previous)["blocks"] if previous else {}
    texts = _texts(examples)
    resolved = mentions.by_document() if mentions else {}
    counts = {
        id: sum(not title for title in own.values()) + sum(times for _, times in resolved.get(id, ()))
        for id, own in texts.items()
    }
    enough = [id for id, count in counts.items() if count >= FEWEST_EXAMPLES]
    unused = 0
    blocks: dict[str, object] = {}
    if enough and not is_installed():
        unused = sum(counts[id] for id in enough)
    elif enough:
        questions = [_Questions(id, list(own), resolved.get(id, [])) for id, own in texts.items()]
        for block in _blocks(questions):
            key = hashlib.sha256(json.dumps([language, block]).encode()).hexdigest()
            blocks[key] = known[key] if key in known else _weights(block, language)
    return json.dumps({"blocks": blocks, "unused_questions": unused}, sort_keys=True).encode()


def read_weights(data: bytes) -> LearnedWeights:
    """The weights of a trained result."""
    read = json.loads(data)
    total: dict[str, dict[str, int]] = {}
    for part in read["blocks"].values():
        for feature, weights in part.items():
            total[feature] = total.get(feature, {}) | weights  # no document is in two blocks
    clipped = {
        feature: {id: max(-127, min(127, weight)) for id, weight in weights.items() if abs(weight) >= SMALLEST}
        for feature, weights in total.items()
    }
    return LearnedWeights(clipped, read["unused_questions"])


def _texts(examples: Iterable[Example]) -> dict[str, dict[str, bool]]:
    """Per document its different texts, and whether each is the title, which comes last."""
    grouped: dict[str, dict[str, bool]] = {}
    for example in sorted(examples, key=lambda example: example.title):
        grouped.setdefault(example.document_id, {}).setdefault(example.text, example.title)
    return dict(sorted(grouped.items()))


def _blocks(questions: Iterable[_Questions]) -> Iterable[list[_Questions]]:
    """Runs of documents in the order of their ids. Where a run ends depends on an id, not on how many came before."""
    blocks: list[list[_Questions]] = [[]]
    for each in questions:
        ends = hashlib.sha256(each.id.encode()).digest()[0] % ENDS_IN == 0
        size = len(blocks[-1])
        if size >= LARGEST_BLOCK or (size >= SMALLEST_BLOCK and ends):
            blocks.append([])
        blocks[-1].append(each)
    # A few documents left over would only be separated from each other, and so score too high everywhere.
    if len(blocks) > 1 and len(blocks[-1]) < SMALLEST_BLOCK:
        blocks[-2:] = [blocks[-2] + blocks[-1]]
    return blocks


def _weights(block: list[_Questions], language: str) -> dict[str, dict[str, int]]:
    """Per feature and document of one block: the weight, less what is usual for the feature, in whole units."""
    if len(block) < 2:
        return {}
    volumes = [sum(sqrt(customers) for _, customers in mentions) for _, _, mentions in block if mentions]
    usual = median(volumes) if volumes else 0.0
    most = MOST_VOLUME * usual
    mention = MENTION * min(MOST_WITH_MANY, max(1.0, sqrt(usual / MANY)))
    rows: list[Collection[str]] = []
    importance: list[float] = []
    times: list[int] = []
    for _, texts, mentions in block:
        rows += [features(tokens(text, language)) for text in texts] + [used for used, _ in mentions]
        volume = sum(sqrt(customers) for _, customers in mentions)
        share = mention * min(1.0, most / volume) if volume else 0.0
        importance += [1.0] * len(texts) + [share * sqrt(customers) for _, customers in mentions]
        times += [1] * len(texts) + [customers for _, customers in mentions]
    meanings = meanings_of(language)
    kept, examples = _examples(rows, times, meanings)
    column = {feature: number for number, feature in enumerate(kept)}
    sizes = [len(texts) + len(mentions) for _, texts, mentions in block]
    labels = np.repeat(np.arange(len(block)), sizes)
    width = len(kept) + 1 + max((number for numbers in meanings.values() for number in numbers), default=-1)
    few = bool(np.median(np.bincount(labels, times)) < ENOUGH_WITHOUT_CONSTANT)
    # Balanced: an article with few questions is asked for as well.
    machine = Machine(STRENGTH, balanced=True, constant=few)
    planes = separate(examples, width, labels.tolist(), importance, machine)
    kept += sorted(meanings.keys() - column.keys())
    weights = np.zeros((len(block), len(kept)))
    weights[:, : len(column)] = planes.weights[:, : len(column)]
    for number, feature in enumerate(kept):
        for meaning in meanings.get(feature, ()):
            weights[:, number] += SHARED * planes.weights[:, len(column) + meaning]
    units = np.rint((weights - np.median(weights, axis=0)) * UNIT).astype(int)
    found: dict[str, dict[str, int]] = {}
    least = np.array([SMALLEST_OF_PAIR if " " in feature else SMALLEST for feature in kept])
    large = np.nonzero(np.abs(units) >= least)
    for document, number, weight in zip(*(part.tolist() for part in (*large, units[large])), strict=True):
        found.setdefault(kept[number], {})[block[document].id] = weight
    return found


def _examples(
    rows: Sequence[Collection[str]], times: Sequence[int], meanings: Mapping[str, Sequence[int]]
) -> tuple[list[str], list[tuple[_Numbers, NDArray[np.float64]]]]:
    """The features that are learned from, in alphabetical order, and ``rows`` of features as examples: columns of
    these, then of meanings, and values. ``times`` says how often each row was asked.

    All at once: a dictionary and two sorts for each row take longer than to learn from it.
    """
    every = sorted(set().union(*rows))
    number = {feature: at for at, feature in enumerate(every)}
    row = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    used = np.fromiter(map(number.__getitem__, chain.from_iterable(rows)), np.int64, len(row))
    repeats = np.bincount(used, np.array(times)[row])
    stays = (repeats >= PAIR_REPEATS) | np.array([" " not in feature for feature in every], np.bool_)
    kept = [feature for feature, is_kept in zip(every, stays.tolist(), strict=True) if is_kept]
    own = stays[used]
    columns, row_of = [(np.cumsum(stays) - 1)[used[own]]], [row[own]]
    means = np.array([(at, meant) for at, name in enumerate(every) for meant in meanings.get(name, ())], np.int64)
    if len(means):
        first, end = (np.searchsorted(means[:, 0], used, side) for side in ("left", "right"))
        count = end - first
        place = np.arange(count.sum()) + np.repeat(end - np.cumsum(count), count)
        meant = np.unique(np.repeat(row, count) << 32 | means[place, 1])
        columns.append(len(kept) + (meant & 0xFFFFFFFF))
        row_of.append(meant >> 32)
    column, at = np.concatenate(columns), np.concatenate(row_of)
    order = np.lexsort((column, at))
    column, ends = column[order], np.cumsum(np.bincount(at, minlength=len(rows)))[:-1]
    values = np.where(column < len(kept), 1.0, SHARED)
    return kept, list(zip(np.split(column, ends), np.split(values, ends), strict=True))
