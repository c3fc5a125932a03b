"""The files of a folder or a ZIP archive that somebody exported, read with limits and never outside of it."""

import io
import posixpath
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from kb_builder.errors import InputError
from kb_builder.system import source_files
from kb_builder.system.zip_archives import UNREADABLE

FILE_LIMIT: Final = 50 * 1024 * 1024
"""Bytes of one file."""
ARCHIVE_LIMIT: Final = 2 * 1024 * 1024 * 1024
"""Bytes of an archive, packed or unpacked."""


@dataclass(frozen=True)
class SourceFolder:
    """``names`` are POSIX paths below the folder, sorted; ``where`` is what messages call it."""

    where: str
    names: tuple[str, ...]
    _read: Callable[[str], bytes]

    def __contains__(self, name: object) -> bool:
        return name in self._known

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.names)

    def read(self, name: str) -> bytes | None:
        """The bytes of a file; None when there is none of this name."""
        return self._read(name) if name in self else None

    def text(self, name: str) -> str:
        """The text of a UTF-8 file. Raises :class:`InputError` with its path and line."""
        return source_files.decode(self._read(name), f"{self.where}/{name}")


def open_source(path: Path) -> SourceFolder:
    """A folder, or a ZIP archive of one. Raises :class:`InputError` when it is neither."""
    if path.is_dir():
        root = path.resolve()
        walked = source_files.walk(root.parent, root.name)
        names = tuple(name.partition("/")[2] for name in walked.paths)
        return SourceFolder(str(path), names, lambda name: source_files.read_bytes(root, name, limit=FILE_LIMIT))
    hint = "name the exported folder, or the ZIP archive of it"
    if not path.exists():
        raise InputError("no such file or folder", where=str(path), hint=hint)
    try:
        archive = zipfile.ZipFile(io.BytesIO(source_files.read_named(path, limit=ARCHIVE_LIMIT)))
    except zipfile.BadZipFile:
        raise InputError("neither a folder nor a ZIP archive", where=str(path), hint=hint) from None
    entries = {entry.filename: entry for entry in archive.infolist() if not entry.is_dir()}
    if sum(entry.file_size for entry in entries.values()) > ARCHIVE_LIMIT:
        raise InputError("the archive is too large unpacked", where=str(path), hint="unpack it, and import the folder")
    safe = {name: entry for name, entry in entries.items() if posixpath.normpath(name) == name and name[0] not in "/."}

    def read(name: str) -> bytes:
        if safe[name].file_size > FILE_LIMIT:
            raise InputError(f"larger than {FILE_LIMIT // 1024 // 1024} MB", where=f"{path}/{name}")
        try:
            return archive.read(safe[name])
        except UNREADABLE:
            problem = "can't be unpacked: damaged, encrypted, or packed in a way that is not read"
            raise InputError(problem, where=f"{path}/{name}", hint="unpack it, and import the folder") from None

    return SourceFolder(str(path), tuple(sorted(safe)), read)
