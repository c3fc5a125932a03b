"""The linear support vector machine that learns from questions.

That of scikit-learn's ``LinearSVC``: LIBLINEAR (Fan et al., “LIBLINEAR: A library for large linear classification”,
JMLR 2008).
"""

import sys
import warnings
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

LEAST_ROOM = 256 << 20
"""Bytes of address space that loading scikit-learn must find."""


_TOLERANCE, _MOST_ROUNDS = 1e-4, 2000
_SQUARED_HINGE, _SEED = 1, 209652396
"""LIBLINEAR's number of the machine, and the seed that scikit-learn draws for the random state 0."""


class Planes(NamedTuple):
    """A row of ``weights`` (classes × features) and a constant for each class: what separates it from all others."""

    weights: NDArray[np.float64]
    constants: NDArray[np.float64]


class Machine(NamedTuple):
    """How classes are separated."""

    penalty: float
    """LIBLINEAR's C."""
    balanced: bool
    """Classes count alike however many examples they have."""
    constant: bool = True
    """Beside its weights a class has a constant; without, those are 0."""


class _Rows(NamedTuple):
    """Examples as a matrix of compressed rows, with the names that scikit-learn's wrapper reads of SciPy's."""

    data: NDArray[np.float64]
    indices: NDArray[np.int32]
    indptr: NDArray[np.int32]
    shape: tuple[int, int]
    dtype: np.dtype[Any] = np.dtype(np.float64)

    @property
    def nnz(self) -> int:
        return len(self.data)


def is_installed() -> bool:
    """Whether there is scikit-learn to learn with."""
    return find_spec("sklearn") is not None


def separate(
    rows: Sequence[tuple[NDArray[np.int64], NDArray[np.float64]]],
    width: int,
    labels: Sequence[int],
    importance: Sequence[float],
    machine: Machine,
) -> Planes:
    """Separates the classes that ``labels`` number from 0, two at least.

    ``rows`` are the columns and values of the examples, among ``width`` features. Raises :class:`MemoryError` where
    memory is nearly full.
    """
    _require_memory()
    ends = np.cumsum([0, *(len(columns) for columns, _ in rows)], dtype=np.int32)
    columns, values = (np.concatenate(part) for part in zip(*rows, strict=True))
    matrix = _Rows(values, columns.astype(np.int32), ends, (len(rows), width))
    counts = np.bincount(labels, importance)
    class_weights = counts.sum() / (len(counts) * counts) if machine.balanced else np.ones(len(counts))
    fit = _bare_fit() or _fit
    found = fit(matrix, np.array(labels, np.float64), machine, class_weights, np.array(importance))
    if len(found) == 1:  # of two classes, for the second
        found = np.vstack((-found, found))
    return Planes(found[:, :width], found[:, width] if machine.constant else np.zeros(len(found)))


_Numbers = NDArray[np.float64]
_Fit = Callable[[_Rows, _Numbers, Machine, _Numbers, _Numbers], _Numbers]
"""Rows, labels, machine, weights of classes and of rows → weights, with the constant, if any, as the last column."""


@cache
def _bare_fit() -> _Fit | None:
    """LIBLINEAR in the wrapper that scikit-learn has for itself; None where that isn't as expected.

    The wrapper needs three other modules. What a thousand more do when scikit-learn is imported takes longer than to
    learn from ten thousand questions, so the packages around these are not run.
    """
    specs = {name: find_spec(name) for name in ("sklearn", "scipy")}
    folders = {name: spec.submodule_search_locations for name, spec in specs.items() if spec}
    if len(folders) < len(specs) or "sklearn" in sys.modules:
        return None
    bare = {}
    for name in {"sklearn", "sklearn.svm", "sklearn.utils", "scipy.linalg"} - sys.modules.keys():
        package, *inner = name.split(".")
        bare[name] = ModuleType(name)
        bare[name].__path__ = [str(Path(folder, *inner)) for folder in folders[package] or ()]
    sys.modules.update(bare)
    try:
        wrapper = import_module("sklearn.svm._liblinear")
        wrapper.set_verbosity_wrap(0)  # it is verbose by default
        train = wrapper.train_wrap
    except (ImportError, AttributeError):
        return None
    finally:
        for name in bare:  # A later import of scikit-learn gets all of it.
            del sys.modules[name]

    def fit(rows: _Rows, labels: _Numbers, machine: Machine, class_weights: _Numbers, importance: _Numbers) -> _Numbers:
        constant = 1.0 if machine.constant else -1.0
        options = (_TOLERANCE, constant, machine.penalty, class_weights, _MOST_ROUNDS, _SEED, 0.0, importance)
        found: _Numbers = train(rows, labels, True, _SQUARED_HINGE, *options)[0]
        return found

    return fit if _learns(fit) else None


def _learns(fit: _Fit) -> bool:
    """Whether the wrapper takes what it is given here: two examples, of which each has one of two words."""
    rows = _Rows(np.ones(2), np.arange(2, dtype=np.int32), np.arange(3, dtype=np.int32), (2, 2))
    try:
        found = fit(rows, np.arange(2.0), Machine(1.0, balanced=False), np.ones(2), np.ones(2))
        return found.shape == (1, 3) and found[0, 0] < 0 < found[0, 1]
    except (AttributeError, IndexError, TypeError, ValueError):
        return False


def _fit(rows: _Rows, labels: _Numbers, machine: Machine, class_weights: _Numbers, importance: _Numbers) -> _Numbers:
    """The same through scikit-learn's public interface."""
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped, unused-ignore]
    from sklearn.svm import LinearSVC

    learner = LinearSVC(
        C=machine.penalty, fit_intercept=machine.constant, dual=True, random_state=0, tol=_TOLERANCE,
        max_iter=_MOST_ROUNDS, class_weight=dict(enumerate(class_weights)),
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that most classes have one example
        learner.fit(csr_matrix((rows.data, rows.indices, rows.indptr), shape=rows.shape), labels, importance)
    found: _Numbers = np.column_stack((learner.coef_, learner.intercept_)) if machine.constant else learner.coef_
    return found


def _require_memory() -> None:
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
