"""The linear machine is scikit-learn's, without what scikit-learn does when it is imported."""

import subprocess
import sys

import pytest

_COMPARED = """
import sys
import numpy as np
from search_index import linear_machine
draw = np.random.default_rng(7)
kinds = [(5, True, True), (5, False, True), (2, True, True), (5, True, False), (2, True, False)]
for classes, balanced, constant in kinds:
    columns = [np.sort(draw.choice(30, 6, replace=False)) for _ in range(60)]
    rows = [(found, draw.random(len(found))) for found in columns]
    labels = [number % classes for number in range(60)]
    machine = linear_machine.Machine(0.5, balanced, constant)
    learned = rows, 30, labels, list(draw.random(60)), machine
    bare = linear_machine.separate(*learned)
    if machine == (0.5, True, True) and classes == 5:
        loaded = [name for name in sys.modules if name.startswith(("sklearn", "scipy.linalg", "scipy.stats"))]
        assert linear_machine._bare_fit() and not {"sklearn", "scipy.linalg", "scipy.stats"} & {*loaded}, loaded
        assert len(loaded) < 6, loaded
    import scipy.linalg
    assert scipy.linalg.det(np.eye(3)) == 1
    used, linear_machine._bare_fit = linear_machine._bare_fit, lambda: None
    whole = linear_machine.separate(*learned)
    linear_machine._bare_fit = used
    assert whole.weights.shape == (classes, 30) and whole.constants.any() == constant
    assert np.array_equal(bare.weights, whole.weights) and np.array_equal(bare.constants, whole.constants)
"""


def test_learning_loads_liblinear_alone_and_learns_what_the_whole_library_does() -> None:
    """And the library can be imported as a whole afterwards. In a process of its own: others import all of it."""
    ran = subprocess.run([sys.executable, "-c", _COMPARED], capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.stderr) == ("", "")


@pytest.mark.parametrize(
    "train",
    [
        "lambda rows, labels: None",
        "lambda *given: ()",
        "lambda *given: (np.zeros((1, 3)), 1)",
        "lambda *given: ([], 1)",
    ],
)
def test_a_wrapper_that_has_changed_is_not_used(train: str) -> None:
    """As that of a version of scikit-learn to come may have: the library learns as a whole."""
    changed = f"""
import numpy as np
from types import SimpleNamespace
from search_index import linear_machine
wrapper = SimpleNamespace(set_verbosity_wrap=lambda _: None, train_wrap={train})
linear_machine.import_module = lambda _: wrapper
assert linear_machine._bare_fit() is None
rows = [(np.array([0]), np.ones(1)), (np.array([1]), np.ones(1))]
found = linear_machine.separate(rows, 2, [0, 1], [1.0, 1.0], linear_machine.Machine(1.0, balanced=True))
assert found.weights[0, 0] > 0 > found.weights[0, 1]
"""
    ran = subprocess.run([sys.executable, "-c", changed], capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.stderr) == ("", "")
