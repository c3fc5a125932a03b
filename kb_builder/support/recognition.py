"""Recognises which article a customer's words ask for, or that they ask for none of them.

A linear support vector machine with one class per article, taught by titles, phrasings and the sentences of answers,
and one for none of these, taught by ``background/<language>.txt``: small talk, insults and questions of other trades.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kb_builder.system.cache_keys import runs
from search_index.features import Token, features, tokens
from search_index.linear_machine import Machine, is_installed, separate

_FOLDER: Final = Path(__file__).parent / "background"
_AROUND: Final = "around:"
_BLOCK: Final = 256
"""Articles that are distinguished from each other in one training, so that its time grows in a straight line."""
_SENTENCE: Final = 0.3
"""Weight of a sentence of an answer; a phrasing has 1."""
_PAIR: Final = 0.7
_LETTERS: Final = 0.3
_UNKNOWN: Final = 0.5
"""Weights of two words, of four letters in a row, and of a word that was never seen; one word has 1."""
_PENALTY: Final = 2.0
_UNIT: Final = 1024
"""Whole-number weight of a weight of one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How customers ask for one article, and what it says."""

    id: str
    phrasings: tuple[str, ...]
    sentences: tuple[str, ...] = ()


class Background(NamedTuple):
    """Texts that no article answers, and words that ask nothing by themselves."""

    texts: tuple[str, ...]
    around: frozenset[str]


class Scores(NamedTuple):
    """How much a text is like the questions for each article, and like those for none."""

    articles: Mapping[str, float]
    none: float


@dataclass(frozen=True, slots=True)
class Block:
    """The weights learned for some articles: a row of weights for each of ``ids``, and the last for none of them."""

    ids: tuple[str, ...]
    features: tuple[str, ...]
    rarity: NDArray[np.float64]
    weights: NDArray[np.int16]
    constants: NDArray[np.float64]
    unseen: float


@cache
def background(language: str) -> Background | None:
    """The background of a language, or None if there is none."""
    path = _FOLDER / f"{language}.txt"
    if not path.is_file():
        return None
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    around = [word for line in lines if line.startswith(_AROUND) for word in line.removeprefix(_AROUND).split()]
    return Background(tuple(line for line in lines if not line.startswith(_AROUND)), frozenset(around))


def can_learn(language: str) -> bool:
    """Whether there is a background in this language, and scikit-learn to learn with."""
    return background(language) is not None and is_installed()


def blocks(ids: Sequence[str]) -> Iterator[list[str]]:
    """Neighbours distinguished in one training; where a block ends depends on ids, not on how many come before.

    A few left over would only be distinguished from each other, and so score too high.
    """
    found = [list(ids[run]) for run in runs(ids, _BLOCK)]
    if len(found) > 1 and len(found[-1]) < _BLOCK // 2:
        found[-2:] = [found[-2] + found[-1]]
    yield from found


def learn(articles: Sequence[Asked], language: str) -> Block:
    """Learns from what is asked for ``articles``, in a language of which :func:`can_learn` is true."""
    foreign = background(language)
    assert foreign is not None
    texts: list[str] = []
    labels: list[int] = []
    importance: list[float] = []
    for label, article in enumerate(articles):
        texts += (*article.phrasings, *article.sentences)
        labels += [label] * (len(article.phrasings) + len(article.sentences))
        importance += [1.0] * len(article.phrasings) + [_SENTENCE] * len(article.sentences)
    texts += foreign.texts
    labels += [len(articles)] * len(foreign.texts)
    importance += [1.0] * len(foreign.texts)
    every = [_features(text, language) for text in texts]
    counts = Counter(feature for found in every for feature in found)
    kept = sorted(feature for feature, count in counts.items() if count > 1 or feature[0] not in " #")
    rarity = np.array([_weight(feature) * np.log(1 + len(texts) / counts[feature]) for feature in kept])
    empty = Block(tuple(article.id for article in articles), tuple(kept), rarity, np.zeros((0, 0), np.int16),
                  np.zeros(0), float(np.log(1 + len(texts))))  # fmt: skip
    column = {feature: number for number, feature in enumerate(kept)}
    rows = [_vector(found, column, empty) for found in every]
    planes = separate(rows, len(kept), labels, importance, Machine(_PENALTY, balanced=False))
    weights = np.clip(np.rint(planes.weights * _UNIT), -32767, 32767).astype(np.int16)
    return replace(empty, weights=weights, constants=planes.constants)


class Recogniser:
    """Compares texts with what was learned of all articles."""

    def __init__(self, learned: Iterable[Block], language: str) -> None:
        self._blocks = tuple(learned)
        self._language = language

    @cached_property
    def _columns(self) -> list[dict[str, int]]:
        return [{feature: number for number, feature in enumerate(block.features)} for block in self._blocks]

    def knows(self, text: str) -> bool:
        """Whether every word of a text was in a question or in the background."""
        asked = [token.stem for token in _asking(text, self._language)]
        return all(any(stem in column for column in self._columns) for stem in asked)

    def scores(self, text: str) -> Scores:
        """Of blocks, the one least sure that the text is for none of its articles says how foreign it is."""
        found = _features(text, self._language)
        articles: dict[str, float] = {}
        none = []
        for block, column in zip(self._blocks, self._columns, strict=True):
            columns, values = _vector(found, column, block)
            scores = block.weights[:, columns] @ values / _UNIT + block.constants
            articles.update(zip(block.ids, map(float, scores[:-1]), strict=True))
            none.append(float(scores[-1]))
        return Scores(articles, min(none, default=0.0))


def _features(text: str, language: str) -> frozenset[str]:
    """Stems, pairs of stems (they begin with a space) and four letters in a row (with a number sign)."""
    asking = _asking(text, language)
    found = {feature if " " not in feature else f" {feature}" for feature in features(asking)}
    return frozenset(found.union(*map(_letters, asking)))


def _asking(text: str, language: str) -> list[Token]:
    """The words of a text, without those that ask nothing by themselves unless it has no others."""
    foreign = background(language)
    every = tokens(text, language)
    return [token for token in every if not foreign or token.form not in foreign.around] or every


def _letters(token: Token) -> set[str]:
    word = f"^{token.form}$"
    return {f"#{word[at : at + 4]}" for at in range(len(word) - 3)}


def _weight(feature: str) -> float:
    return {" ": _PAIR, "#": _LETTERS}.get(feature[0], 1.0)


def _vector(
    found: frozenset[str], column: Mapping[str, int], block: Block
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The known features of a text, and their values; what is unknown makes these smaller."""
    columns = np.array(sorted(column[feature] for feature in found if feature in column), np.int64)
    unknown = sum(feature[0] not in " #" for feature in found if feature not in column)
    values = block.rarity[columns]
    length = np.sqrt((values**2).sum() + unknown * (_UNKNOWN * block.unseen) ** 2)
    return columns, values / length if length else values
