"""The linear support vector machine that learns from questions.

scikit-learn's ``LinearSVC``, on LIBLINEAR (Fan et al., “LIBLINEAR: A library for large linear classification”, JMLR
2008).
"""

import sys
import warnings
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LEAST_ROOM = 256 << 20
"""Bytes of address space that loading scikit-learn must find."""


class Planes(NamedTuple):
    """A row of ``weights`` (classes × features) and a constant for each class: what separates it from all others."""

    weights: NDArray[np.float64]
    constants: NDArray[np.float64]


def is_installed() -> bool:
    """Whether there is scikit-learn to learn with."""
    return find_spec("sklearn") is not None


def separate(
    rows: Sequence[tuple[NDArray[np.int64], NDArray[np.float64]]],
    width: int,
    labels: Sequence[int],
    importance: Sequence[float],
    *,
    penalty: float,
    balanced: bool,
) -> Planes:
    """Separates the classes that ``labels`` number from 0, two at least.

    ``rows`` are the columns and values of the examples, among ``width`` features; ``penalty`` is the machine's C.
    ``balanced`` classes count alike however many examples they have. Raises :class:`MemoryError` where memory is
    nearly full.
    """
    _require_room()
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped, unused-ignore]
    from sklearn.svm import LinearSVC

    ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns, values = (np.concatenate(part) for part in zip(*rows, strict=True))
    matrix = csr_matrix((values, columns, ends), shape=(len(rows), width))
    weight = "balanced" if balanced else None
    machine = LinearSVC(C=penalty, dual=True, random_state=0, max_iter=2000, class_weight=weight)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that most classes have one example
        machine.fit(matrix, labels, sample_weight=importance)
    weights, constants = machine.coef_, machine.intercept_
    if len(weights) == 1:  # of two classes, for the second
        weights, constants = np.vstack((-weights, weights)), np.concatenate((-constants, constants))
    return Planes(weights, constants)


def _require_room() -> None:
    """Raises :class:`MemoryError` if the address space is limited and nearly full.

    There OpenBLAS, which scikit-learn loads, asks for memory again and again without end.
    """
    if sys.platform != "linux":
        return
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        if limit - pages * resource.getpagesize() < LEAST_ROOM:
            raise MemoryError
