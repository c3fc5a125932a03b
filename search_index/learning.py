"""Learned weights of words and pairs of words, trained on customers' questions and stored in the shards.

A linear support vector machine (Fan et al., “LIBLINEAR”, JMLR 2008) tells documents apart by their examples. It is
trained in blocks of neighbouring documents, so that its time grows with the number of examples and no faster, and so
that one new example trains one block anew. Words from mentions never come as texts: only as counts of the customers who
used them.
"""

import hashlib
import json
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from math import log2

from search_index.analysis import stem_of
from search_index.document import Example
from search_index.stemming import stop_words
from search_index.words import elides, words

LEARNING_VERSION = "3"
FEWEST_EXAMPLES = 5
"""Search learns as soon as one document has so many. Then all take part, if only with their titles: weights that tell
some documents apart would lift these above the others."""
FEWEST_CUSTOMERS = 5
"""A word of mentions counts if at least this many customers used it for one article."""
PAIR_WINDOW = 3
PAIR_REPEATS = 2
STRENGTH = 0.1
"""The penalty C of the machine: small, because most documents have few examples."""
UNIT = 64
"""Whole-number weight of a learned weight of one."""
SMALLEST = 2
SMALLEST_BLOCK, ENDS_IN, LARGEST_BLOCK = 100, 32, 200
"""Documents in a block; from the smallest on, one id in so many ends it. A whole small centre learns best."""
MentionWords = Mapping[str, Mapping[str, int]]
"""Per article id, per word: how many different customers used it."""


@dataclass(frozen=True, slots=True)
class LearnedWeights:
    """Weights by feature (a stem, or two with a space between, in order) and document id; -127 to 127."""

    weights: Mapping[str, Mapping[str, int]]
    unused_questions: int = 0
    """Questions that were not learned from because scikit-learn is not installed."""


def train(
    examples: Sequence[Example],
    *,
    language: str,
    mention_words: MentionWords | None = None,
    previous: bytes | None = None,
) -> bytes:
    """Learn from examples; worth caching. ``previous`` is an older result, whose unchanged blocks are kept.

    Without scikit-learn only mentions teach, and the questions are counted as unused.
    """
    known: dict[str, object] = json.loads(previous)["blocks"] if previous else {}
    unused = 0
    blocks: dict[str, object] = {}
    grouped = _grouped(examples)
    enough = [texts for texts in grouped.values() if sum(not title for title in texts.values()) >= FEWEST_EXAMPLES]
    if enough and find_spec("sklearn") is None:
        unused = sum(not title for texts in enough for title in texts.values())
        enough = []
    for block in _blocks(grouped) if enough else ():
        key = hashlib.sha256(json.dumps([LEARNING_VERSION, language, block], ensure_ascii=True).encode()).hexdigest()
        blocks[key] = known[key] if key in known else _weights(block, language)
    heard = _heard(mention_words or {}, language)
    return json.dumps({"blocks": blocks, "heard": heard, "unused_questions": unused}, sort_keys=True).encode()


def read_weights(data: bytes) -> LearnedWeights:
    """The weights of a trained result, blocks and mentions added up."""
    read = json.loads(data)
    total: dict[str, Counter[str]] = {}
    for part in (*read["blocks"].values(), read["heard"]):
        for feature, weights in part.items():
            total.setdefault(feature, Counter()).update(weights)
    clipped = {
        feature: {id: max(-127, min(127, weight)) for id, weight in weights.items() if abs(weight) >= SMALLEST}
        for feature, weights in total.items()
    }
    return LearnedWeights(clipped, read["unused_questions"])


def features(sequence: Sequence[tuple[str, bool]]) -> set[str]:
    """Stems of a text and pairs of them: of neighbours, and of content words at most three content words apart.

    ``sequence`` has (stem, is a stop word) in the order of the text. Pairs have no order.
    """
    found = {stem for stem, _ in sequence}
    pairs = {(left[0], right[0]) for left, right in pairwise(sequence)}
    content = [stem for stem, stop in sequence if not stop]
    for at, left in enumerate(content):
        pairs.update((left, right) for right in content[at + 1 : at + 1 + PAIR_WINDOW])
    return found | {" ".join(sorted(pair)) for pair in pairs if pair[0] != pair[1]}


def _grouped(examples: Iterable[Example]) -> dict[str, dict[str, bool]]:
    """Per document its different texts, and whether each is the title, which comes last."""
    grouped: dict[str, dict[str, bool]] = {}
    for example in sorted(examples, key=lambda example: example.title):
        grouped.setdefault(example.document_id, {}).setdefault(example.text, example.title)
    return dict(sorted(grouped.items()))


def _blocks(grouped: Mapping[str, Mapping[str, bool]]) -> Iterable[list[tuple[str, list[str]]]]:
    """Runs of documents in the order of their ids. Where a run ends depends on an id, not on how many came before."""
    blocks: list[list[tuple[str, list[str]]]] = [[]]
    for id, texts in grouped.items():
        ends = hashlib.sha256(id.encode()).digest()[0] % ENDS_IN == 0
        size = len(blocks[-1])
        if size >= LARGEST_BLOCK or (size >= SMALLEST_BLOCK and ends):
            blocks.append([])
        blocks[-1].append((id, list(texts)))
    # A few left over would be told apart from each other only, and so score too high everywhere.
    if len(blocks) > 1 and len(blocks[-1]) < SMALLEST_BLOCK:
        blocks[-2:] = [blocks[-2] + blocks[-1]]
    return blocks


def _weights(block: list[tuple[str, list[str]]], language: str) -> dict[str, dict[str, int]]:
    """Per feature and document of one block: the weight, less what is usual for the feature, in whole units."""
    if len(block) < 2:
        return {}
    import numpy as np
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped, unused-ignore]
    from sklearn.svm import LinearSVC

    eliding = elides(language)
    stops = stop_words(language, eliding=eliding)
    rows = [
        features([(stem_of(word, language), word in stops) for word in words(text, eliding=eliding)])
        for _, texts in block
        for text in texts
    ]
    repeats = Counter(feature for row in rows for feature in row)
    kept = sorted(feature for feature, count in repeats.items() if count >= PAIR_REPEATS or " " not in feature)
    column = {feature: number for number, feature in enumerate(kept)}
    columns = [sorted(column[feature] for feature in row if feature in column) for row in rows]
    ends = np.cumsum([0, *map(len, columns)])
    indices = np.array([number for row in columns for number in row], np.int32)
    matrix = csr_matrix((np.ones(len(indices)), indices, ends), shape=(len(rows), len(kept)))
    sizes = [len(texts) for _, texts in block]
    labels = np.repeat(np.arange(len(block)), sizes)
    # Balanced: an article of which little is known is asked for as well.
    machine = LinearSVC(C=STRENGTH, dual=True, random_state=0, max_iter=2000, class_weight="balanced")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that most articles have one example, their title
        machine.fit(matrix, labels)
    weights = machine.coef_ if len(block) > 2 else np.vstack((-machine.coef_, machine.coef_))
    units = np.rint((weights - np.median(weights, axis=0)) * UNIT).astype(int)
    found: dict[str, dict[str, int]] = {}
    for document, number in zip(*np.nonzero(np.abs(units) >= SMALLEST), strict=True):
        found.setdefault(kept[number], {})[block[document][0]] = int(units[document, number])
    return found


def _heard(mention_words: MentionWords, language: str) -> dict[str, dict[str, int]]:
    """Weights of words that many customers used for one article and few for the others: the logarithm of the lift."""
    eliding = elides(language)
    counts: dict[str, Counter[str]] = {}
    for id, used in mention_words.items():
        for word, customers in used.items():
            if customers >= FEWEST_CUSTOMERS:
                for split in words(word, eliding=eliding):
                    if split not in stop_words(language, eliding=eliding):
                        counts.setdefault(stem_of(split, language), Counter())[id] += customers
    sums: Counter[str] = Counter()
    for by_id in counts.values():
        sums.update(by_id)
    everything = sums.total()
    found: dict[str, dict[str, int]] = {}
    for stem, by_id in counts.items():
        for id, customers in by_id.items():
            lift = customers * everything / (by_id.total() * sums[id])
            weight = round(UNIT * min(0.4, 0.1 * log2(lift))) if lift > 1 else 0
            if weight >= SMALLEST:
                found.setdefault(stem, {})[id] = weight
    return found
