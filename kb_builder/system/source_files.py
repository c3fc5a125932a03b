"""The only module that opens authored files, and checks what it opens.

Nothing is followed out of the project, nothing but regular files is opened, and text is UTF-8 or refused with its line.
What the program writes, and reads again, goes through :mod:`kb_builder.system.filesystem`. DuckDB, SQLite and Whoosh
open their own files; nothing else does.
"""

import errno
import os
import re
import stat as modes
import time
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from kb_builder.errors import Finding, InputError, Severity, in_order, printable

TEXT_LIMIT = 5 * 1024 * 1024
"""Bytes of one text file. A help article has a few thousand."""
LINE_LIMIT = 1024 * 1024
"""Bytes of one line: room for an inlined picture, not for a minified dump."""
DEPTH_LIMIT = 24
"""Folders below the walked one; deeper URLs are of no use, and deeper trees run into path limits."""

SETTLED = 2_000_000_000
"""Nanoseconds after which a change is sure to get another time: FAT counts by two seconds."""

_PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]*\.md")
"""Names that every system and every address takes as they are."""
_BACKUP_ENDINGS = ("~", ".bak", ".orig", ".rej", ".swp", ".swo", ".tmp")
_SYSTEM_LITTER = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Walk:
    """Regular files below a folder, sorted, as POSIX paths relative to the root; and findings about the others."""

    paths: tuple[str, ...]
    findings: tuple[Finding, ...]
    stamps: Mapping[str, str] = field(default_factory=dict, compare=False)
    """Of each file that has not changed for a while, its inode, its size, when it was modified, and when that was set:
    as long as they stay the same, so does what is in it.

    A file touched a moment ago could be changed once more without another stamp, and is not among them.
    """


def walk(root: Path, folder: str) -> Walk:
    """Every regular file below ``root/folder``; a folder that isn't there holds none.

    Symlinks, devices, names that can't be typed and names that are one name on other systems are error findings.
    Hidden files and editors' backups are passed over.
    """
    paths: list[str] = []
    stamps: dict[str, str] = {}
    findings: list[Finding] = []
    settled = time.time_ns() - SETTLED
    parts = PurePosixPath(folder).parts
    for depth in range(1, len(parts) + 1):
        if (root / Path(*parts[:depth])).is_symlink():
            return Walk((), (_refused(str(PurePosixPath(*parts[:depth])), "symlink"),))
    pending = [(PurePosixPath(folder).as_posix(), 0)]
    while pending:
        here, depth = pending.pop()
        try:
            with os.scandir(root / here) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except FileNotFoundError:
            continue
        except NotADirectoryError:
            findings.append(_refused(here, "not-a-folder"))
            continue
        except OSError as problem:
            findings.append(_unreadable(here, problem))
            continue
        seen: dict[str, str] = {}
        inside = "" if here == "." else f"{here}/"
        for entry in entries:
            name = entry.name
            # Nothing is wrong with a file of such a name, unless another one differs from it in case only.
            plain = _PLAIN.fullmatch(name) is not None and entry.is_file(follow_symlinks=False)
            if not plain and _ignored(name):
                continue
            path = inside + name
            if not plain or seen.setdefault(name, name) != name:
                refusal = _refusal(entry, path, depth) or _twin(name, path, seen)
                if refusal is not None:
                    findings.append(refusal)
                    continue
                if entry.is_dir(follow_symlinks=False):
                    pending.append((path, depth + 1))
                    continue
            paths.append(path)
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:
                continue  # A file that is gone since the folder was listed is reported when it is opened.
            modified, changed = status.st_mtime_ns, status.st_ctime_ns
            if modified < settled and changed < settled:
                stamps[path] = f"{status.st_ino} {status.st_size} {modified} {changed}"
    return Walk(tuple(sorted(paths)), in_order(findings), stamps)


def read_bytes(root: Path, path: str, *, limit: int) -> bytes:
    """The bytes of a regular file below ``root``, of at most ``limit`` bytes. Raises :class:`InputError`."""
    data = _head_of(root, path, limit)
    if len(data) > limit:
        raise _too_large(path, limit)
    return data


def read_named(path: Path, *, limit: int) -> bytes:
    """The bytes of a file that somebody named, wherever it is, through links too. Raises :class:`InputError`."""
    whole = Path(os.path.realpath(path))
    try:
        return read_bytes(whole.parent, whole.name, limit=limit)
    except InputError as error:
        raise InputError(error.problem, where=str(path), hint=error.hint) from None


def read_text(root: Path, path: str, *, limit: int = TEXT_LIMIT) -> str:
    """The text of a UTF-8 file below ``root``, without BOM, lines ended by ``\\n``. Raises :class:`InputError`."""
    data = _head_of(root, path, limit)
    if (line := _overlong_line(data)) is not None:
        raise InputError(
            f"line longer than {_megabytes(LINE_LIMIT)}",
            where=f"{printable(path)}:{line}",
            hint="break the line, or keep data files out of the content folder",
        )
    if len(data) > limit:
        raise _too_large(path, limit)
    return decode(data, path)


def decode(data: bytes, path: str) -> str:
    """UTF-8 bytes as text, without BOM, lines ended by ``\\n``. Raises :class:`InputError` naming the line."""
    save_as_utf8 = "save the file as UTF-8"
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        raise InputError("the file is UTF-16 or UTF-32, not UTF-8", where=f"{printable(path)}:1", hint=save_as_utf8)
    nul = data.find(b"\0")
    if nul >= 0:
        line = _line_at(data, nul)
        raise InputError("NUL byte: not a text file", where=f"{printable(path)}:{line}", hint=save_as_utf8)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = _line_at(data, problem.start)
        raise InputError("not valid UTF-8", where=f"{printable(path)}:{line}", hint=save_as_utf8) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _head_of(root: Path, path: str, limit: int) -> bytes:
    """Up to ``limit + 1`` bytes of a file. Each folder on the way is opened by itself, so that none can be a link."""
    parts = path.split("/")
    if not path or path.startswith("/") or any(part in ("", ".", "..") or "\0" in part for part in parts):
        raise InputError("path leads out of the project", where=printable(path))
    quiet = os.O_RDONLY | os.O_CLOEXEC
    try:
        here = os.open(root, quiet | os.O_DIRECTORY)
        try:
            for folder in parts[:-1]:
                below = os.open(folder, quiet | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=here)
                os.close(here)
                here = below
            # Without O_NONBLOCK, opening a FIFO would wait for a writer.
            descriptor = os.open(parts[-1], quiet | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=here)
        finally:
            os.close(here)
        try:
            mode = os.fstat(descriptor).st_mode
            if not modes.S_ISREG(mode):
                problem = "a folder, not a file" if modes.S_ISDIR(mode) else "not a regular file"
                raise InputError(problem, where=printable(path))
            return _read_up_to(descriptor, limit + 1)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as problem:
        raise _cannot_read(root, path, problem) from None


def _read_up_to(descriptor: int, count: int) -> bytes:
    chunks: list[bytes] = []
    while count > 0 and (chunk := os.read(descriptor, min(count, 1 << 20))):
        chunks.append(chunk)
        count -= len(chunk)
    return b"".join(chunks)


def _cannot_read(root: Path, path: str, problem: Exception) -> InputError:
    if isinstance(problem, FileNotFoundError):
        return InputError("no such file", where=printable(path))
    # Opening a link with O_NOFOLLOW says ELOOP, with O_DIRECTORY as well ENOTDIR.
    number = problem.errno if isinstance(problem, OSError) else None
    if number in (errno.ELOOP, errno.ENOTDIR) and _has_link(root, path):
        return InputError("symbolic links are not followed", where=printable(path), hint=_HINTS["symlink"])
    said = os.strerror(number).lower() if number else "not a usable path"
    return InputError(f"can't be read: {said}", where=printable(path))


def _has_link(root: Path, path: str) -> bool:
    parts = path.split("/")
    return any((root / "/".join(parts[:count])).is_symlink() for count in range(1, len(parts) + 1))


def _too_large(path: str, limit: int) -> InputError:
    return InputError(f"larger than {_megabytes(limit)}", where=printable(path), hint="split it or make it smaller")


def _megabytes(count: int) -> str:
    return f"{count / 1024 / 1024:.3g} MB"


def _overlong_line(data: bytes) -> int | None:
    if len(data) <= LINE_LIMIT:
        return None
    start = line = 0
    while start < len(data):
        line += 1
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        if end - start > LINE_LIMIT:
            return line
        start = end + 1
    return None


def _line_at(data: bytes, position: int) -> int:
    head = data[:position]
    return 1 + head.count(b"\n") + head.replace(b"\r\n", b"").count(b"\r")


def _unprintable(char: str) -> bool:
    return printable(char) != char


def _ignored(name: str) -> bool:
    lowered = name.lower()
    return (
        name.startswith(".")
        or lowered.endswith(_BACKUP_ENDINGS)
        or (name.startswith("#") and name.endswith("#"))
        or lowered in _SYSTEM_LITTER
    )


_MESSAGES = {
    "symlink": "symbolic links are not followed",
    "not-a-folder": "this should be a folder",
    "special-file": "neither a file nor a folder",
    "unprintable-name": "the name has control characters, or is not valid UTF-8",
    "backslash-in-name": "the name has a backslash",
    "too-deep": f"more than {DEPTH_LIMIT} folders deep",
}
_HINTS = {
    "symlink": "put the file itself here",
    "not-a-folder": "",
    "special-file": "remove it from the content folder",
    "unprintable-name": "rename it with ordinary letters",
    "backslash-in-name": "rename it; a backslash separates folders on other systems",
    "too-deep": "move it nearer to the content folder",
}


def _refused(path: str, code: str) -> Finding:
    return Finding(printable(path), 0, code, Severity.ERROR, _MESSAGES[code], _HINTS[code])


def _unreadable(path: str, problem: OSError) -> Finding:
    said = os.strerror(problem.errno).lower() if problem.errno else "unknown reason"
    return Finding(printable(path), 0, "unreadable", Severity.ERROR, f"can't be read: {said}")


def _refusal(entry: os.DirEntry[str], path: str, depth: int) -> Finding | None:
    if not (entry.name.isascii() and entry.name.isprintable()) and any(map(_unprintable, entry.name)):
        return _refused(path, "unprintable-name")
    if "\\" in entry.name:
        return _refused(path, "backslash-in-name")
    if entry.is_symlink():
        return _refused(path, "symlink")
    if entry.is_dir(follow_symlinks=False):
        return _refused(path, "too-deep") if depth >= DEPTH_LIMIT else None
    return None if entry.is_file(follow_symlinks=False) else _refused(path, "special-file")


def _twin(name: str, path: str, seen: dict[str, str]) -> Finding | None:
    """A name that Windows, macOS or a URL can't tell from another one of the same folder."""
    plain = name if name.isascii() else unicodedata.normalize("NFC", name)
    other = seen.setdefault(plain.casefold(), name)
    if other == name:
        return None
    same_letters = unicodedata.normalize("NFC", other) == unicodedata.normalize("NFC", name)
    code, how = ("unicode-twin", "look the same") if same_letters else ("case-twin", "differ only in case")
    message = f"“{printable(other)}” and “{printable(name)}” {how}"
    return Finding(path, 0, code, Severity.ERROR, message, "rename one; many systems take both for one file")
