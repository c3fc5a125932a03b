"""What all tests share: a Hypothesis profile without deadline, and a temporary directory that must end empty."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# No deadline: a loaded machine is no failure. The same examples on every run: a failure here is a failure everywhere.
# `make exhaustive` takes the profile with new examples each time, `make newest-versions` the one with few.
settings.register_profile(
    "same", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.register_profile("search", settings.get_profile("same"), derandomize=False, max_examples=1_000)
settings.register_profile("few", settings.get_profile("same"), max_examples=10)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture(scope="session", autouse=True)
def _nothing_left_behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Everything that asks the system for a temporary directory gets this one, child processes included."""
    folder = tmp_path_factory.mktemp("left")
    before = os.environ.get("TMPDIR"), tempfile.tempdir
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    yield
    tempfile.tempdir = before[1]
    if before[0] is None:
        del os.environ["TMPDIR"]
    else:
        os.environ["TMPDIR"] = before[0]
    left = sorted(path.name for path in Path(folder).iterdir())
    assert not left, f"left in the temporary directory: {left}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    faults = Path(__file__).parent / "faults"
    for item in items:
        if faults in item.path.parents:
            item.add_marker(pytest.mark.slow)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes give a test no name: compressed ones hold the second in which they were made, and so two workers that begin
    in different seconds would collect different tests, which ends a run."""
    return argname if isinstance(val, bytes) else None
