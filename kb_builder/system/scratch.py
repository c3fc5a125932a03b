"""Folders for files that a process needs only while it works, removed even when the process was killed."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from kb_builder.system import filesystem

_LOCK = "lock"


@contextmanager
def scratch_folder(parent: Path) -> Iterator[Path]:
    """A new folder below ``parent``, removed at the end.

    A killed process can't remove its own. Each folder is locked by its process, and the system drops that lock when the
    process ends: the next call removes the folders without a holder. Where ``parent`` can't be made, or it or its lock
    is a link, a folder of the system's is used.
    """
    with ExitStack() as ours:
        try:
            parent.mkdir(parents=True, exist_ok=True)
            if parent.is_symlink():
                raise NotADirectoryError  # The target of a link is not ours to remove.
            taken = ExitStack()
            taken.enter_context(filesystem.locked(parent / _LOCK, wait=True))
        except OSError:
            yield Path(ours.enter_context(tempfile.TemporaryDirectory(prefix="kb-")))
            return
        with taken:
            for left in parent.iterdir():
                if not left.is_symlink() and (left / _LOCK).is_file():
                    with suppress(OSError), filesystem.locked(left / _LOCK):
                        shutil.rmtree(left, ignore_errors=True)
            folder = Path(tempfile.mkdtemp(dir=parent))
            ours.enter_context(filesystem.locked(folder / _LOCK))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
