"""Every file operation that writes, or reads what the program wrote, as one thin function.

Callers say ``disk.link(…)``, so that a test can count the operations and let the n-th one fail.
POSIX only: Linux and macOS.
"""
# Below pathlib on purpose: plain strings for 30,000 paths, descriptors, and links that are never followed by accident.
# ruff: noqa: PTH101, PTH102, PTH103, PTH105, PTH106, PTH108, PTH115, PTH118, PTH120, PTH208, PTH211

import contextlib
import ctypes
import errno
import fcntl
import os
import stat as modes
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple, TypeAlias

from kb_builder.errors import PublishError

Location: TypeAlias = str | Path

_UNCHANGED = "the published site is unchanged"
_HINTS = {
    errno.ENOSPC: f"free some space and build again; {_UNCHANGED}",
    errno.EDQUOT: f"free some space and build again; {_UNCHANGED}",
    errno.EBUSY: f"if the folder is a mount point, mount its parent folder instead; {_UNCHANGED}",
    errno.EXDEV: f"if the folder is a mount point, mount its parent folder instead; {_UNCHANGED}",
    errno.EACCES: f"give kb the right to write beside the site as well; {_UNCHANGED}",
    errno.EROFS: f"choose another folder with -d; {_UNCHANGED}",
}
_FILE_MODE = 0o644
FOLDER_MODE = 0o755
_RENAME_EXCHANGE = 2
_AT_FDCWD = -100


class Stamp(NamedTuple):
    """Detects a changed file without reading it. ``changed`` is the mtime in nanoseconds,
    ``mode`` who may read it: a page that a web server may not open is no page."""

    inode: int
    size: int
    changed: int
    mode: int


def stamp(path: Location) -> Stamp:
    """The stamp of a file, of a folder or of a link itself."""
    return _stamp(os.lstat(path))


def kind(path: Location) -> str:
    """``file``, ``folder``, ``link``, ``other``, or ``none`` when nothing is there."""
    try:
        mode = os.lstat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return "none"
    if modes.S_ISLNK(mode):
        return "link"
    if modes.S_ISDIR(mode):
        return "folder"
    return "file" if modes.S_ISREG(mode) else "other"


def names(folder: Location) -> list[str]:
    """The names in a folder, sorted."""
    return sorted(os.listdir(folder))


def link_target(path: Location) -> str:
    """Where a symbolic link points, as written in it."""
    return os.readlink(path)


def stamps(folder: Location) -> tuple[dict[str, Stamp], list[str], list[str]]:
    """Files with their stamps, folders (outer first), and whatever is neither, as paths relative to ``folder``."""
    found: dict[str, Stamp] = {}
    folders: list[str] = []
    strange: list[str] = []
    for path, entry, is_folder in _entries(folder):
        if is_folder:
            folders.append(path)
        elif entry.is_file(follow_symlinks=False):
            found[path] = _stamp(entry.stat(follow_symlinks=False))
        else:
            strange.append(path)
    return found, folders, strange


def paths(folder: Location) -> tuple[set[str], set[str]]:
    """Files, and whatever is neither file nor folder, as paths relative to ``folder``."""
    found: set[str] = set()
    strange: set[str] = set()
    for path, entry, is_folder in _entries(folder):
        if entry.is_file(follow_symlinks=False):
            found.add(path)
        elif not is_folder:
            strange.add(path)
    return found, strange


def load(path: Location, most: int = -1) -> bytes:
    """The bytes of a file the program itself wrote, or its first ones."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW), "rb") as file:
        return file.read(most)


def _entries(folder: Location) -> Iterator[tuple[str, os.DirEntry[str], bool]]:
    """Relative path of everything below a folder, its entry, and whether it is a folder."""
    pending = [("", os.fspath(folder))]
    while pending:
        prefix, here = pending.pop()
        with os.scandir(here) as listing:
            for entry in listing:
                path = prefix + entry.name
                is_folder = entry.is_dir(follow_symlinks=False)
                yield path, entry, is_folder
                if is_folder:
                    pending.append((f"{path}/", entry.path))


def _stamp(status: os.stat_result) -> Stamp:
    return Stamp(status.st_ino, status.st_size, status.st_mtime_ns, modes.S_IMODE(status.st_mode))


def write_bytes(path: Location, data: bytes, *, durable: bool = False) -> Stamp:
    """Write a new file, readable by all whatever the umask; one that exists already is an error.

    A file that could not be written whole is taken away again. ``durable`` waits until it is on the disk.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, _FILE_MODE)
    try:
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(descriptor, view) :]
            os.fchmod(descriptor, _FILE_MODE)
            if durable:
                os.fsync(descriptor)
            return _stamp(os.fstat(descriptor))
        finally:
            os.close(descriptor)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(path)
        raise


def save(path: Location, data: bytes) -> None:
    """Put a whole file in place of the old one, or none: a reader sees either, a crash leaves either."""
    draft = f"{os.fspath(path)}.{os.getpid()}.tmp"
    with contextlib.suppress(FileNotFoundError):
        os.unlink(draft)
    write_bytes(draft, data, durable=True)
    try:
        os.replace(draft, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(draft)
        raise
    sync_folder(os.path.dirname(path) or ".")


def save_text(path: Path, text: str) -> None:
    """:func:`save` a text as UTF-8, in a folder that is made if it is missing."""
    make_folders(path.parent)
    save(path, text.encode())


def make_folder(path: Location) -> None:
    """Make one folder, open to all readers whatever the umask; its parent must exist, and another process may have made
    it already."""
    try:
        os.mkdir(path, FOLDER_MODE)
    except FileExistsError:
        if not modes.S_ISDIR(os.lstat(path).st_mode):
            raise
    os.chmod(path, FOLDER_MODE)


def make_folders(path: Location) -> None:
    """Make a folder and its parents, where missing."""
    os.makedirs(path, exist_ok=True)


def make_private_folder(path: Path) -> None:
    """Make a folder that git ignores: it has its own ``.gitignore``."""
    make_folders(path)
    ignored = path / ".gitignore"
    if kind(ignored) == "none":
        save(ignored, b"*\n")


def make_public_folders(path: Path) -> None:
    """Make a folder and its parents, where missing; everybody may read the new ones, whatever the umask."""
    for folder in reversed(list(takewhile(lambda each: kind(each) == "none", (path, *path.parents)))):
        make_folders(folder)
        os.chmod(folder, 0o755)


def link(source: Location, path: Location) -> None:
    """A second name for the same file; never follows a symbolic link."""
    os.link(source, path, follow_symlinks=False)


def symlink(target: str, path: Location) -> None:
    """Makes ``path`` a symbolic link with the text ``target``."""
    os.symlink(target, path)


def move(source: Location, path: Location) -> None:
    """Rename atomically; a file or link at ``path`` is replaced, a folder only if it is empty."""
    os.replace(source, path)


def exchange(one: Location, other: Location) -> None:
    """Swap two names in one step (Linux ``renameat2``). Raises :class:`OSError` where system or disk can't."""
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    if renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), os.fspath(one))


def touch(path: Location) -> None:
    """Give a file the date of now."""
    os.utime(path)


def remove(path: Location) -> None:
    """Remove a file or a link; nothing there is fine."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


def remove_folder(path: Location) -> None:
    """Remove an empty folder."""
    os.rmdir(path)


def remove_tree(path: Location) -> None:
    """Remove a folder with all it holds, following no links; nothing there is fine."""
    if kind(path) != "folder":
        remove(path)
        return
    folders: list[str] = []
    for name, entry, _ in _entries(path):
        if entry.is_dir(follow_symlinks=False):
            folders.append(name)
        else:
            remove(os.path.join(path, name))
    for name in reversed(folders):
        os.rmdir(os.path.join(path, name))
    os.rmdir(path)


def sync_folder(path: Location) -> None:
    """Wait until the names in a folder are on the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_disk(path: Location) -> None:
    """Wait until everything written to the file system of ``path`` is on the disk (``syncfs``, else ``sync``)."""
    syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if syncfs is None:
        os.sync()
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if syncfs(descriptor):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), os.fspath(path))
    finally:
        os.close(descriptor)


def lock(path: Location) -> int:
    """Take the lock on a file, made if missing, and return the argument of :func:`unlock`.

    Raises :class:`BlockingIOError` when another process holds it. A POSIX record lock belongs to the process that took
    it and ends with it even while forked workers live on; a ``flock`` would be inherited by them.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, _FILE_MODE)
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as problem:
        os.close(descriptor)
        if problem.errno in (errno.EACCES, errno.EAGAIN):
            raise BlockingIOError(problem.errno, os.strerror(problem.errno), os.fspath(path)) from None
        raise
    return descriptor


def unlock(descriptor: int) -> None:
    """Release a lock."""
    os.close(descriptor)


@contextlib.contextmanager
def locked(path: Location, *, wait: bool = False) -> Iterator[None]:
    """Hold a file, made if missing, for one short piece of work, also against other objects of the same process.

    Raises :class:`BlockingIOError` when it is held already, unless it may ``wait``.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, _FILE_MODE)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def as_publish_errors(place: Location) -> Iterator[None]:
    """Turn an :class:`OSError` into a :class:`PublishError` about ``place``."""
    try:
        yield
    except OSError as problem:
        said = os.strerror(problem.errno).lower() if problem.errno else "unknown reason"
        hint = _HINTS.get(problem.errno or 0, _UNCHANGED)
        raise PublishError(f"the site could not be published: {said}", where=str(place), hint=hint) from problem
