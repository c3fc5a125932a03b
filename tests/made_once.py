"""What one run of the tests makes once, whichever worker of pytest-xdist asks for it first."""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Iterator[Path]:
    """A folder that ``make`` fills in the first worker to come here; the others wait for it.

    It is for reading only: at the end of each use it is compared with its first bytes.
    """
    # Workers have folders of their own below that of the run (pytest-xdist's “how-to”, session-scoped fixtures).
    base = factory.getbasetemp().parent if "PYTEST_XDIST_WORKER" in os.environ else factory.getbasetemp()
    folder, record = base / name, base / f"{name}.sha256"
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not record.exists():
            folder.mkdir(exist_ok=True)
            make(folder)
            record.write_text(_digest(folder))
    yield folder
    assert _digest(folder) == record.read_text(), f"a test changed {folder}, which others read"


def _digest(folder: Path) -> str:
    """The names and bytes of all files below ``folder``."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found.update(f"{path.relative_to(folder)}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return found.hexdigest()
