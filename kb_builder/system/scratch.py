"""Folders for files that a process needs only while it works, removed even when the process was killed."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

_LOCK = "lock"


@contextmanager
def scratch_folder(parent: Path) -> Iterator[Path]:
    """A new folder below ``parent``, removed at the end.

    A killed process can't remove its own. Each folder is locked by its process, and the system drops that lock when the
    process ends: the next call removes the folders without a holder. Where ``parent`` can't be made, a folder of the
    system's is used.
    """
    try:
        parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        with tempfile.TemporaryDirectory(prefix="kb-") as temporary:
            yield Path(temporary)
        return
    with _locked(parent / _LOCK, wait=True):
        for left in parent.iterdir():
            if left.is_dir():
                with suppress(OSError), _locked(left / _LOCK):
                    shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(dir=parent))
        ours = ExitStack()
        ours.enter_context(_locked(folder / _LOCK))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        ours.close()


@contextmanager
def _locked(path: Path, *, wait: bool = False) -> Iterator[None]:
    """Holds the file's lock. Raises :class:`BlockingIOError` when another process does, unless told to ``wait``."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)
