"""Expected counts in windows of hours: the level of each channel over all other topics, and the noise of now.

Arrays have the shape (windows, channels, topics) or (windows, topics): sums over topics run along memory.
"""

from typing import Final

import numpy as np

from kb_builder.trends.estimates import TINY, Floats

_LEVEL_ROUNDS: Final = 3
_LEVEL_PRIOR: Final = 10.0
_BURSTING: Final = 2
_SURE: Final = 3.0
_OUTLIER: Final = 2.5
_FIRST_NOISE: Final = 0.05
_NOISE_SURE: Final = 1.5
_NOISE_EXPECTED: Final = 5.0
_NOISE_BELOW: Final = 4


def expected_counts(seen: Floats, usual: Floats) -> tuple[Floats, Floats]:
    """Expected counts of shape (windows, topics), from channels' levels over all other topics, and their variance.

    ``seen`` and ``usual`` have the shape (windows, channels, topics).
    """
    # The level of a channel with few counts is shrunk to that of all channels when it is above normal, else to normal:
    # channels that arrive at once must not be expected to be as late as others.
    prior = _LEVEL_PRIOR * np.maximum(_overall(seen.sum(axis=1), usual.sum(axis=1)), 1)[:, None]
    level = np.ones(seen.shape[:2])
    for _ in range(_LEVEL_ROUNDS):
        weight = _weights(seen, usual * level[:, :, None])
        weighted, weights = (np.einsum("nct,nct->nc", weight, each) for each in (seen, usual))
        level = (weighted + prior) / (weights + _LEVEL_PRIOR)
    rest = (weighted + prior)[:, :, None] - weight * seen
    weight *= usual
    by_channel = usual * rest
    by_channel /= (weights + _LEVEL_PRIOR)[:, :, None] - weight
    expected = np.maximum(by_channel.sum(axis=1), TINY)
    by_channel *= by_channel
    by_channel /= np.maximum(rest, 1, out=rest)
    return expected, by_channel.sum(axis=1) / expected**2


def _weights(seen: Floats, normal: Floats) -> Floats:
    """How much each count says of the level: less when it is far off, and not much more for a large topic."""
    spread = _FIRST_NOISE * normal
    spread += 1
    off = np.abs(seen - normal)
    np.maximum(off, TINY, out=off)
    weight = normal
    weight *= spread
    weight += TINY
    np.sqrt(weight, out=weight)
    weight *= _OUTLIER
    weight /= off
    np.minimum(weight, 1, out=weight)
    weight /= spread
    return weight


def _overall(seen: Floats, usual: Floats) -> Floats:
    """The level of all channels and topics of shape (windows,), in which no topic counts for much more than is usual.

    A burst of a large topic would otherwise seem to be the level of a quiet hour, and hide itself. ``seen`` and
    ``usual`` have the shape (windows, topics).
    """
    least = max(1, seen.shape[1] - _BURSTING)
    calm = np.argpartition(seen - usual, least - 1, axis=1)[:, :least]
    level = _ratio(np.take_along_axis(seen, calm, axis=1), np.take_along_axis(usual, calm, axis=1))
    normal = level[:, None] * usual
    return _ratio(np.minimum(seen, normal + _SURE * np.sqrt(normal + 1)), usual)


def _ratio(seen: Floats, usual: Floats) -> Floats:
    return np.asarray((seen.sum(axis=1) + _LEVEL_PRIOR) / (usual.sum(axis=1) + _LEVEL_PRIOR))


def noise_now(o: Floats, e: Floats) -> Floats:
    """The relative variance beyond Poisson's that topics show in each window, of shape (windows,).

    ``o`` and ``e`` are observed and expected counts of shape (windows, topics). Only topics below what is expected say
    how noisy it is: among those above are the bursts that are looked for.
    """
    below = (e >= _NOISE_EXPECTED) & (o < e)
    counted = below.sum(axis=1)
    limit = 1 + _NOISE_SURE / np.sqrt(np.maximum(counted, 1))
    # Mean of off² / (e + noise · e²) over the topics below, which falls as the noise rises.
    off = np.where(below, (o - e) ** 2 / e, 0) / np.maximum(counted, 1)[:, None]
    low, high = np.zeros(len(o)), np.full(len(o), 0.5)
    for _ in range(8):
        middle = (low + high) / 2
        above = (off / (1 + middle[:, None] * e)).sum(axis=1) > limit
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.where(counted >= _NOISE_BELOW, low, 0.0)
