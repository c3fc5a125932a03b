"""Makes a folder hold exactly the files of a build, by changing as little of it as can be.

It starts from whatever lies there: nothing, what a killed build left, or an old build about to be dropped. A file is
left in place, or linked from the published build, only if it is proven to hold the recorded bytes; any other goes.
"""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from kb_builder import disk
from kb_builder.builds import Record, Recorded


class Staging:
    """A folder on its way to be a build. Paths are POSIX, relative to it; give each once, then :meth:`finish`."""

    def __init__(self, folder: Path, base: Path | None, record: Record | None) -> None:
        """``base`` is the published build that ``record`` describes, on the same file system as ``folder``."""
        self._folder = str(folder)
        self._base = str(base)
        if disk.kind(folder) == "none":
            disk.make_folder(folder)
        self._there, folders, strange = disk.stamps(folder)
        for path in strange:
            disk.remove(self._at(path))
        self._folders = set(folders)
        self._needed: set[str] = set()
        self._staged: dict[str, Recorded] = {}
        self._proven = dict(self._prove(record)) if base is not None and record is not None else {}
        # First of all make room: after a full disk, what the failed build left is what fills it.
        for path, stamp in list(self._there.items()):
            if path not in self._proven or self._proven[path].stamp != stamp:
                del self._there[path]
                disk.remove(self._at(path))

    @property
    def published(self) -> Mapping[str, Recorded]:
        """The files of the published build that hold what was recorded, so that :meth:`keep` can take them over."""
        return self._proven

    @property
    def staged(self) -> Mapping[str, Recorded]:
        return self._staged

    def keep(self, path: str) -> None:
        """Take a file over from the published build, unread. Raises :class:`KeyError` if it isn't in ``published``."""
        recorded = self._proven[path]
        self._claim(path)
        if self._there.get(path) == recorded.stamp:
            self._need_folder(path.rpartition("/")[0])
        else:
            self._make_way(path)
            disk.link(f"{self._base}/{path}", self._at(path))
        self._staged[path] = recorded

    def add(self, path: str, data: bytes) -> str:
        """Put new bytes in place and return their SHA-256; bytes that are published already are taken over."""
        sha256 = hashlib.sha256(data).hexdigest()
        published = self._proven.get(path)
        if published is not None and published.sha256 == sha256:
            self.keep(path)
        else:
            self._claim(path)
            self._make_way(path)
            self._staged[path] = Recorded(sha256, disk.write_bytes(self._at(path), data))
        return sha256

    def finish(self) -> Record:
        """Take away what isn't of this build, wait until the rest is on the disk, and return its record."""
        self.tidy()
        disk.sync_disk(self._folder)
        return Record(disk.stamp(self._folder).inode, self._staged)

    def discard(self) -> None:
        """Take away what was written, after all; what is also published costs no room and stays for the next build."""
        for path, recorded in self._staged.items():
            if self._proven.get(path) != recorded:
                disk.remove(self._at(path))

    def tidy(self) -> None:
        """Take away what isn't of this build."""
        for path in self._there.keys() - self._staged.keys():
            disk.remove(self._at(path))
        for path in sorted(self._folders - self._needed, key=len, reverse=True):
            disk.remove_folder(self._at(path))

    def _at(self, path: str) -> str:
        return f"{self._folder}/{path}"

    def _claim(self, path: str) -> None:
        if path in self._staged:
            raise ValueError(f"{path} is planned twice")
        if path.startswith("/") or not all(part.strip(".") for part in path.split("/")):
            raise ValueError(f"{path!r} is no path inside a site")

    def _make_way(self, path: str) -> None:
        """Make the folders of a path, and take away what lies where it goes."""
        self._need_folder(path.rpartition("/")[0])
        if path in self._folders:
            self._remove_folder(path)
        if self._there.pop(path, None) is not None:
            disk.remove(self._at(path))

    def _need_folder(self, path: str) -> None:
        if not path or path in self._needed:
            return
        self._need_folder(path.rpartition("/")[0])
        if path in self._staged:
            raise ValueError(f"{path} is planned as a file and as a folder")
        if path not in self._folders:
            if self._there.pop(path, None) is not None:
                disk.remove(self._at(path))
            disk.make_folder(self._at(path))
            self._folders.add(path)
        self._needed.add(path)

    def _remove_folder(self, path: str) -> None:
        if path in self._needed:
            raise ValueError(f"{path} is planned as a file and as a folder")
        disk.remove_tree(self._at(path))
        inside = f"{path}/"
        self._folders = {folder for folder in self._folders if folder != path and not folder.startswith(inside)}
        self._there = {file: stamp for file, stamp in self._there.items() if not file.startswith(inside)}

    def _prove(self, record: Record) -> Iterator[tuple[str, Recorded]]:
        for path, recorded in record.files.items():
            if self._there.get(path) == recorded.stamp:
                yield path, recorded
                continue
            proven = proof(f"{self._base}/{path}", recorded)
            if proven is not None:
                yield path, proven


def proof(path: str, recorded: Recorded) -> Recorded | None:
    """The record of a file with its stamp of today if it holds the recorded bytes, else None.

    An equal inode, size, time of change and mode is proof enough; a copied or restored site is read and hashed.
    """
    try:
        stamp = disk.stamp(path)
        if stamp == recorded.stamp:
            return recorded
        if (stamp.size, stamp.mode) != (recorded.stamp.size, recorded.stamp.mode) or disk.kind(path) != "file":
            return None
        if hashlib.sha256(disk.load(path)).hexdigest() != recorded.sha256:
            return None
    except (FileNotFoundError, NotADirectoryError):
        return None
    return Recorded(recorded.sha256, stamp)
