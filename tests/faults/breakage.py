"""Ways to break a build on purpose, and a small build to break."""

import ctypes
import errno
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from kb_builder.publishing.publication import MARKER, Publication, Published
from kb_builder.system import filesystem

PAGES = 12
OPERATIONS = (
    "names", "kind", "stamp", "stamps", "paths", "load", "link_target", "write_bytes", "save", "save_text",
    "make_folder", "make_folders", "make_private_folder", "make_public_folders", "link", "symlink", "move", "exchange",
    "remove", "touch", "remove_folder", "remove_tree", "sync_folder", "sync_disk", "lock", "locked",
)  # fmt: skip


def site(number: int) -> dict[str, bytes]:
    """A site whose every file says which build it is of, but for one that never changes."""
    said = b"build %d\n" % number
    pages = {f"p{page}/{'deep/' * (page % 3)}index.html": said * (page + 1) for page in range(PAGES)}
    return {"index.html": said, "assets/kb.css": b"p {}\n", **pages, f"only/{number}/index.html": said}


def build(project: Path, number: int, *, plain_folder: bool = False) -> Published:
    content = project / "content"
    with Publication(project / "site", project=project, content=content, plain_folder=plain_folder) as publication:
        for path, data in site(number).items():
            publication.add(path, data)
        publication.seal()
        return publication.swap()


def shown(target: Path) -> dict[str, bytes]:
    """Every file at the target, our marker aside."""
    found = {path.relative_to(target).as_posix(): path for path in target.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in sorted(found.items()) if name != MARKER}


@contextmanager
def at_operation(count: int, happens: Callable[[], None]) -> Iterator[Callable[[], int]]:
    """Let something happen instead of the ``count``-th operation on the disk; a write gets half way first.

    Gives a function that returns how many operations there were.
    """
    seen = 0

    def broken(name: str, really: Callable[..., object]) -> Callable[..., object]:
        def operation(*arguments: object, **options: object) -> object:
            nonlocal seen
            seen += 1
            if seen == count:
                if name == "write_bytes":
                    path, data = arguments
                    assert isinstance(data, bytes)
                    Path(str(path)).write_bytes(data[: len(data) // 2])
                happens()
            return really(*arguments, **options)

        return operation

    with mock.patch.multiple(filesystem, **{name: broken(name, getattr(filesystem, name)) for name in OPERATIONS}):
        yield lambda: seen


def wait_for_no_disk() -> None:
    """Leave out the waiting, in this process for good: no test here cuts the power, and builds would take minutes."""
    mock.patch.object(os, "fsync", return_value=None).start()
    mock.patch.object(filesystem, "sync_disk", return_value=None).start()


def no_space() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def limit_room(folder: Path, limit: int) -> None:
    """Let files below ``folder`` take ``limit`` bytes together, in this process for good; for where nothing mounts."""
    really = filesystem.write_bytes

    def write_bytes(path: filesystem.Location, data: bytes, *, durable: bool = False) -> filesystem.Stamp:
        files = {stamp.inode: stamp.size for stamp in filesystem.stamps(folder)[0].values()}
        if sum(files.values()) + len(data) > limit:
            no_space()
        return really(path, data, durable=durable)

    mock.patch.object(filesystem, "write_bytes", write_bytes).start()


def killed() -> None:
    os._exit(9)


def in_child(work: Callable[[], None]) -> int:
    """Run something in a forked process and return its exit code: 0, 9 when killed, 70 for an exception."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(70)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def give_up_powers() -> None:
    """Make the superuser obey permissions like anybody else, in this process for good (capabilities(7))."""
    if os.geteuid() == 0:
        version_3, this_process = 0x20080522, 0
        header = (ctypes.c_uint32 * 2)(version_3, this_process)
        nothing = (ctypes.c_uint32 * 6)()
        if ctypes.CDLL(None, use_errno=True).capset(header, nothing):
            raise OSError(ctypes.get_errno(), "capset")
