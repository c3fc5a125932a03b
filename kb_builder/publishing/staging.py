"""Makes a folder contain exactly the files of a build, with as few changes as possible.

It starts from any content: none, the remains of a killed build, or an old build about to be dropped. A file is left in
place, or linked from the published build, only if it is verified to have the recorded bytes; any other is removed.
"""

import hashlib
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from kb_builder.errors import Finding, PublishError, Severity
from kb_builder.publishing.history import Record, Recorded
from kb_builder.system import filesystem

NOTHING = Record(0, {})
"""The record where nothing is published."""
_SHARES: Final = 8
"""Days in which every file is read again. Not seven, so that a weekly build gets to every file too."""


class FolderState(NamedTuple):
    """How a folder differs from a published build. Paths are relative."""

    folders: Sequence[str]
    """Existing folders, outer ones first."""
    strange: Sequence[str]
    """Anything in the folder that is not a verified file of the build."""
    absent: Set[str]
    """Verified files that are missing from the folder."""
    unproven: Set[str]
    """Recorded files that were removed from the published build, or changed."""
    restamped: Mapping[str, Recorded]
    """Files of a copied or restored site, verified by their content."""


def compare(folder: Path, base: Path, record: Record, damaged: Collection[str] = ()) -> FolderState:
    """Compares each file in ``folder``, and in the published build at ``base``, with that build's ``record``.

    Files in ``damaged`` are known to differ, whatever their stamp says.
    """
    there, folders, strange = filesystem.stamps(folder) if filesystem.kind(folder) != "none" else ({}, [], [])
    absent: set[str] = set()
    unproven: set[str] = set()
    restamped: dict[str, Recorded] = {}
    for path, recorded in record.files.items():
        if path in damaged:
            unproven.add(path)
            continue
        if there.get(path) == recorded.stamp:
            del there[path]
            continue
        proven = proof(f"{base}/{path}", recorded)
        if proven is None:
            unproven.add(path)
            continue
        if proven is not recorded:
            restamped[path] = proven
        if there.get(path) == proven.stamp:
            del there[path]
        else:
            absent.add(path)
    return FolderState(folders, [*strange, *there], absent, unproven, restamped)


class Staging:
    """The folder of a build in progress. Paths are POSIX, relative to it; stage each once, then :meth:`finish`.

    Either at once (:meth:`add`), or in three steps, of which processes forked after the first one may do the second:
    :meth:`plan`, :meth:`put`, :meth:`record`.
    """

    def __init__(
        self, folder: Path, base: Path, record: Record = NOTHING, read_again: Callable[[str], bool] | None = None
    ) -> None:
        """``base`` is the published build that ``record`` describes, on the same file system as ``folder``. Published
        files that ``read_again`` names are compared byte by byte, the others by their stamps."""
        self._folder = str(folder)
        self._base = str(base)
        self.damaged = damaged(base, record, read_again) if read_again else []
        seen = compare(folder, base, record, frozenset(self.damaged))
        if filesystem.kind(folder) == "none":
            filesystem.make_folder(folder)
        self._folders = set(seen.folders)
        """Existing ones that this process knows of."""
        self._planned: set[str] = set()
        self._needed: set[str] = set()
        """The folders of what is planned."""
        self._staged: dict[str, Recorded] = {}
        self._written: set[str] = set()
        self._proven: Mapping[str, Recorded] = record.files
        if seen.unproven or seen.restamped:
            files = record.files.items()
            self._proven = {path: seen.restamped.get(path, file) for path, file in files if path not in seen.unproven}
        self._in_place = self._proven.keys() - seen.absent
        # First, since the remains of a build that failed on a full disk are what fills it.
        for path in seen.strange:
            filesystem.remove(self._at(path))

    @property
    def published(self) -> Mapping[str, Recorded]:
        """The files of the published build that hold what was recorded, so that :meth:`keep` can take them over."""
        return self._proven

    @property
    def staged(self) -> Mapping[str, Recorded]:
        """The files of the new build, by path."""
        return self._staged

    @property
    def written(self) -> Set[str]:
        """Those of ``staged`` that are not published already."""
        return self._written

    def keep(self, paths: Iterable[str]) -> None:
        """Take files over from the published build, unread. Raises :class:`KeyError` if one isn't in ``published``."""
        kept = {path: self._proven[path] for path in paths}
        self._claim(kept.keys())
        self._staged.update(kept)
        for path in kept.keys() - self._in_place:
            self._link(path)

    def plan(self, paths: Collection[str]) -> None:
        """Claim new paths, and make way for their files."""
        for path in paths:
            if path.startswith("/") or not all(part.strip(".") for part in path.split("/")):
                raise ValueError(f"{path!r} is no path inside a site")
        self._claim(set(paths))

    def put(self, path: str, data: bytes, key: str = "") -> Recorded:
        """Put the bytes of a planned file in place; bytes that are published already are taken over.

        It changes nothing that other processes would have to know before :meth:`record`.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        published = self._proven.get(path)
        if published is not None and published.sha256 == sha256:
            if path not in self._in_place:
                self._link(path)
            return published._replace(key=key)
        self._make_folder(path.rpartition("/")[0])
        if path in self._in_place:
            filesystem.remove(self._at(path))
        return Recorded(sha256, filesystem.write_bytes(self._at(path), data), key)

    def record(self, path: str, file: Recorded) -> None:
        """Note what :meth:`put` returned."""
        self._staged[path] = file
        if path not in self._proven or self._proven[path].stamp != file.stamp:
            self._written.add(path)

    def add(self, path: str, data: bytes) -> None:
        """Put the bytes of one more file in place."""
        self.plan((path,))
        self.record(path, self.put(path, data))

    def finish(self) -> Record:
        """Remove everything that isn't of this build, sync the rest to disk, and return its record."""
        self.tidy()
        filesystem.sync_disk(self._folder)
        return Record(filesystem.stamp(self._folder).inode, self._staged)

    def discard(self) -> None:
        """Remove the files that were written, also those that were not recorded. Links to published files take no
        space and stay for the next build."""
        for path in self._written | (self._planned - self._staged.keys()):
            filesystem.remove(self._at(path))

    def tidy(self) -> None:
        """Remove everything that isn't of this build."""
        for path in self._in_place - self._staged.keys():
            self._in_place.discard(path)
            filesystem.remove(self._at(path))
        for path in sorted(self._folders - self._needed, key=len, reverse=True):
            self._folders.discard(path)
            filesystem.remove_folder(self._at(path))

    def _at(self, path: str) -> str:
        return f"{self._folder}/{path}"

    def _claim(self, paths: Set[str]) -> None:
        """Plan files, and remove what is in their way: files where folders must be, and folders where files must be."""
        folders = _folders_of(paths)
        if twice := self._planned & paths:
            raise ValueError(f"{min(twice)} is planned twice")
        if clash := (folders & self._planned) | (folders & paths) | (self._needed & paths):
            raise _two_kinds(min(clash))
        self._planned.update(paths)
        self._needed |= folders
        for path in folders & self._in_place:
            self._in_place.discard(path)
            filesystem.remove(self._at(path))
        for path in self._folders & paths:
            filesystem.remove_tree(self._at(path))
            inside = f"{path}/"
            self._folders = {each for each in self._folders if each != path and not each.startswith(inside)}
            self._in_place = {file for file in self._in_place if not file.startswith(inside)}

    def _link(self, path: str) -> None:
        self._make_folder(path.rpartition("/")[0])
        filesystem.link(f"{self._base}/{path}", self._at(path))

    def _make_folder(self, path: str) -> None:
        if path and path not in self._folders:
            self._make_folder(path.rpartition("/")[0])
            filesystem.make_folder(self._at(path))
            self._folders.add(path)


def _folders_of(files: Iterable[str]) -> set[str]:
    found: set[str] = set()
    new = {path.rpartition("/")[0] for path in files}
    while new := new - found - {""}:
        found |= new
        new = {path.rpartition("/")[0] for path in new}
    return found


def proof(path: str, recorded: Recorded) -> Recorded | None:
    """The record of a file with its stamp of today if it holds the recorded bytes, else None.

    An equal inode, size, time of change and mode is proof enough; a copied or restored site is read and hashed.
    """
    try:
        stamp = filesystem.stamp(path)
        if stamp == recorded.stamp:
            return recorded
        if (stamp.size, stamp.mode) != (recorded.stamp.size, recorded.stamp.mode) or filesystem.kind(path) != "file":
            return None
        if hashlib.sha256(filesystem.load(path)).hexdigest() != recorded.sha256:
            return None
    except (FileNotFoundError, NotADirectoryError):
        return None
    return recorded._replace(stamp=stamp)


def damaged(base: Path, record: Record, chosen: Callable[[str], bool]) -> list[str]:
    """The ``chosen`` files of the build at ``base`` that have other bytes than were written, under the same stamp."""
    found = []
    for path, recorded in record.files.items():
        if chosen(path):
            try:
                same_stamp = filesystem.stamp(f"{base}/{path}") == recorded.stamp
                if same_stamp and hashlib.sha256(filesystem.load(f"{base}/{path}")).hexdigest() != recorded.sha256:
                    found.append(path)
            except OSError:
                # A file that can't be read is not taken over.
                found.append(path)
    return found


def damaged_file(target: Path, path: str, hint: str) -> Finding:
    """A published file whose bytes changed under the same date and size."""
    message = "the file has other bytes than were published"
    return Finding(f"{target.name}/{path}", 0, "damaged-file", Severity.WARNING, message, hint)


def share_of(day: date) -> Callable[[str], bool]:
    """Which files are read again on ``day``: others every day, until it was each one's turn."""
    turn = day.toordinal() % _SHARES
    return lambda path: zlib.crc32(path.encode("utf-8", "surrogateescape")) % _SHARES == turn


def _two_kinds(path: str) -> PublishError:
    hint = "a redirect or an article has the address of a file of the site, or one below it: give it another"
    return PublishError("planned as a file and as a folder", where=path, hint=hint)
