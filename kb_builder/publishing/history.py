"""The folder beside the site that holds its builds: who may write, what each build consists of, what a crash left.

``.site.builds`` is beside ``site``::

    lock            held while somebody publishes
    000012          a whole build; in plain-folder mode the live one is at ``site`` instead
    000012.json     its record, written when the build was whole and on the disk
    staging         the build in progress, or the remains of an old one to start from
    next            the new link for a moment, on its way to ``site``
    moving          under which of these names the live site is while it is replaced in two steps

A folder without a record is not a build. A build is recognised by the inode of its folder, so a crash between two
renames leaves nothing that can be mistaken for something else.
"""

import contextlib
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import msgspec

from kb_builder.errors import LockedError
from kb_builder.system import filesystem
from kb_builder.system.filesystem import Stamp

KEPT = 3
"""Whole builds that stay: the live one and those ``kb rollback`` can go back to."""

_NUMBERED = re.compile(r"\d{6,}")
_FORMAT = 4
_LONGEST_HEAD = 200
"""Bytes."""
_locked_here: set[Path] = set()


class Recorded(NamedTuple):
    """A published file: the SHA-256 of its bytes in hex, the stamp it had when they were written, and a hash of what
    they were made from, or empty."""

    sha256: str
    stamp: Stamp
    key: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """The files of a build. ``root`` is the inode of its folder; paths are POSIX, relative to it."""

    root: int
    files: Mapping[str, Recorded]


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """A record whose checksum was verified, not parsed yet: for a large site that takes a while."""

    root: int
    count: int
    """Files."""
    columns: bytes

    def read(self) -> Record:
        """The whole record. Decoding it takes long for thousands of files."""
        paths, hashes, key, *columns = msgspec.json.decode(self.columns)
        # Faster than the constructors, for thousands of files.
        stamps = map(Stamp._make, zip(*columns, strict=True))
        files = map(Recorded._make, zip(hashes, stamps, key, strict=True))
        return Record(self.root, dict(zip(paths, files, strict=True)))


@dataclass(frozen=True, slots=True)
class Builds:
    """The builds of one target. All methods except :meth:`of` and :meth:`locked` require the lock."""

    target: Path
    folder: Path

    @classmethod
    def of(cls, target: Path) -> "Builds":
        """The builds of the site at ``target``, in ``.TARGET.builds`` beside it."""
        return cls(target, target.parent / f".{target.name}.builds")

    @staticmethod
    def is_folder_of_builds(folder: Path) -> bool:
        """Whether a folder is the ``.site.builds`` of some target."""
        return re.fullmatch(r"\..+\.builds", folder.name) is not None and (folder / "lock").is_file()

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other builds of this target out, other processes and other threads alike. Raises :class:`LockedError`.

        The lock ends with the process that took it, whatever its forked workers do; see decision 41. Since it belongs
        to the process, threads of one process are distinguished by name.
        """
        if self.folder in _locked_here:
            raise self._taken()
        filesystem.make_public_folders(self.target.parent)
        if filesystem.kind(self.folder) == "none":
            filesystem.make_folder(self.folder)
        try:
            held = filesystem.lock(self.folder / "lock")
        except BlockingIOError:
            raise self._taken() from None
        _locked_here.add(self.folder)
        try:
            yield
        finally:
            _locked_here.discard(self.folder)
            filesystem.unlock(held)

    def _taken(self) -> LockedError:
        return LockedError(
            "another build of this site is running",
            where=str(self.target),
            hint="wait until it has finished; the published site is unchanged",
        )

    @property
    def staging(self) -> Path:
        """The folder in which the next build is made."""
        return self.folder / "staging"

    def place(self, number: int) -> Path:
        """The folder of a build."""
        return self.folder / f"{number:06d}"

    def link_text(self, number: int) -> str:
        """The text of the link at the target when this build is live."""
        return f"{self.folder.name}/{number:06d}"

    def live(self) -> int | None:
        """The number of the build the target shows; None if it shows none, or one without a record."""
        shown = filesystem.kind(self.target)
        if shown == "link":
            match = re.fullmatch(
                rf"{re.escape(self.folder.name)}/({_NUMBERED.pattern})", filesystem.link_target(self.target)
            )
            return int(match[1]) if match and filesystem.kind(self.place(int(match[1]))) == "folder" else None
        return self._number_of(self.target) if shown == "folder" else None

    def is_live_link(self) -> bool:
        """Whether the target is a link into this folder, maybe to a build that was removed."""
        return filesystem.kind(self.target) == "link" and filesystem.link_target(self.target).startswith(
            f"{self.folder.name}/"
        )

    def shown_at(self, number: int) -> Path:
        """Where the files of a build are now: in its place, or at the target."""
        place = self.place(number)
        return place if filesystem.kind(place) == "folder" else self.target

    def earlier(self, live: int | None) -> list[int]:
        """Builds kept besides the live one, newest first."""
        return [
            number
            for number in sorted(self._recorded(), reverse=True)
            if (live is None or number < live) and filesystem.kind(self.place(number)) == "folder"
        ]

    def next_number(self) -> int:
        """One more than the number of any build there is or was recorded."""
        return 1 + max(
            [*self._recorded(), *map(int, filter(_NUMBERED.fullmatch, filesystem.names(self.folder)))], default=0
        )

    def kept_record(self, number: int) -> KeptRecord | None:
        """The record of a build; None if it is missing, damaged or of another version."""
        try:
            root, count, digest, columns = _head(filesystem.load(self._record_path(number)))
        except (FileNotFoundError, ValueError):
            return None
        return KeptRecord(root, count, columns) if hashlib.sha256(columns).hexdigest() == digest else None

    def record(self, number: int) -> Record | None:
        """The files of a build; None if its record is missing, damaged or of another version."""
        kept = self.kept_record(number)
        return kept.read() if kept else None

    def write_record(self, number: int, record: Record) -> None:
        """Writes the record of a build, durably."""
        filesystem.save(self._record_path(number), _render(record))

    def forget(self, number: int) -> None:
        """Take a build out of the history. Its folder becomes the next staging folder, or goes."""
        filesystem.remove(self._record_path(number))
        self.give_up(self.place(number))

    def give_up(self, folder: Path) -> None:
        """Keep the remains of a build as the next staging folder, which is faster than starting from an empty one."""
        if filesystem.kind(folder) == "none":
            return
        if filesystem.kind(folder) == "folder" and filesystem.kind(self.staging) == "none":
            filesystem.move(folder, self.staging)
        else:
            filesystem.remove_tree(folder)

    def note_move(self, name: str | None) -> None:
        """Record the name of the live site while it is moved away for a moment."""
        if name is None:
            filesystem.remove(self.folder / "moving")
        else:
            filesystem.save(self.folder / "moving", name.encode())

    def recover(self) -> None:
        """Repair what a killed build left: every folder has its own name and a record."""
        if filesystem.kind(self.folder / ".gitignore") == "none":
            filesystem.save(self.folder / ".gitignore", b"*\n")
        if filesystem.kind(self.folder / "moving") == "file":
            name = filesystem.load(self.folder / "moving").decode("ascii", "replace")
            away = self.folder / name
            if _is_ours(name) and filesystem.kind(self.target) == "none" and filesystem.kind(away) != "none":
                filesystem.move(away, self.target)
            self.note_move(None)
        for name in filesystem.names(self.folder):
            if _is_ours(name):
                self._name_rightly(self.folder / name)
            elif name.endswith(".tmp"):
                filesystem.remove(self.folder / name)
        staging = filesystem.kind(self.staging)
        if staging != "none" and (staging != "folder" or filesystem.stamp(self.staging).mode != filesystem.FOLDER_MODE):
            # A link would lead out of here, and in a build with read-only folders nothing could be removed.
            filesystem.remove_tree(self.staging)
        live = self.live()
        for number in self._recorded():
            gone = number != live and filesystem.kind(self.place(number)) != "folder"
            never_shown = live is not None and number > live
            if gone or never_shown:
                self.forget(number)

    def prune(self, live: int) -> None:
        """Remove the builds beyond the last ``KEPT``; ``live`` is the number of the published one."""
        for number in self.earlier(live)[KEPT - 1 :]:
            self.forget(number)

    def _name_rightly(self, path: Path) -> None:
        if filesystem.kind(path) != "folder":
            filesystem.remove(path)
            return
        number = self._number_of(path)
        if number is None:
            shown = self.is_live_link() and self.target.parent / filesystem.link_target(self.target) == path
            if not shown:
                self.give_up(path)
        elif path != self.place(number):
            filesystem.move(path, self.place(number))

    def _number_of(self, folder: Path) -> int | None:
        inode = filesystem.stamp(folder).inode
        likely = [int(folder.name)] if _NUMBERED.fullmatch(folder.name) else []
        for number in (*likely, *sorted(self._recorded(), reverse=True)):
            with contextlib.suppress(FileNotFoundError, ValueError):
                if _head(filesystem.load(self._record_path(number), _LONGEST_HEAD))[0] == inode:
                    return number
        return None

    def _recorded(self) -> list[int]:
        return [
            int(name.removesuffix(".json"))
            for name in filesystem.names(self.folder)
            if name.endswith(".json") and _NUMBERED.fullmatch(name.removesuffix(".json"))
        ]

    def _record_path(self, number: int) -> Path:
        return self.folder / f"{number:06d}.json"


def _is_ours(name: str) -> bool:
    """Whether this is the name of a build, or of the link to one."""
    return name == "next" or _NUMBERED.fullmatch(name) is not None


def _render(record: Record) -> bytes:
    """A column for each thing to know of a file: there are thousands, and every build reads and writes them."""
    paths = sorted(record.files)
    files = [record.files[path] for path in paths]
    hashes, key = [file.sha256 for file in files], [file.key for file in files]
    stamps = [[file.stamp[field] for file in files] for field in range(len(Stamp._fields))]
    columns = msgspec.json.encode([paths, hashes, key, *stamps])
    head = f"{_FORMAT} {record.root} {len(paths)} {hashlib.sha256(columns).hexdigest()}".encode()
    return b"\n".join((hashlib.sha256(head).hexdigest().encode(), head, columns))


def _head(data: bytes) -> tuple[int, int, str, bytes]:
    """Of a record: the inode of its folder, how many files it has, and the SHA-256 its columns should have.

    The columns are not looked at.

    Raises :class:`ValueError` for what we did not write.
    """
    proof, _, rest = data.partition(b"\n")
    head, _, columns = rest.partition(b"\n")
    form, root, count, digest = head.decode("ascii").split()
    if int(form) != _FORMAT or hashlib.sha256(head).hexdigest().encode() != proof:
        raise ValueError("not a record of this version")
    return int(root), int(count), digest, columns
