"""Results of earlier builds, by a hash of their inputs. Safe to delete, and never trusted.

An entry is bytes under a namespace and a key; the key names everything the bytes depend on, as a hash. Each entry has
a checksum over namespace, key and bytes, so that a damaged one is a missing one. A cache that is damaged, foreign or
can't be written costs time and nothing else: no method raises for it. One object serves one thread; processes may share
the file, and a forked process may go on using its parent's object.
"""

import atexit
import contextlib
import hashlib
import os
import sqlite3
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar
from weakref import WeakSet

from kb_builder.system import filesystem

RUNS_KEPT = 4
"""Runs of a command that an entry outlasts without being used: enough for a public and a staff site in turn.

Runs that added little are not counted.
"""
GROWTH = 1.05
"""Growth of the cache since the last sweep that makes the next one worth its time."""
BUILD = "build"
"""The command that needs everything: what none of its last runs used is dropped, whatever other commands did since."""

_APPLICATION = 0x6B622D63
_FORMAT = 5
_WAIT_SECONDS = 10.0
_PAGE = 16_384
"""Bytes. Most entries have several thousand, and would take several pages of the usual size, each written twice."""
_BATCH = 500
_ENDINGS = ("", "-journal", "-wal", "-shm")
"""Of the files of SQLite; the last two are those of earlier versions."""
_LOCK = "-lock"
_ID_BYTES = 16
# Our own SQL is never wrong: an "error" is a table that isn't there, or isn't as we made it.
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}

_TABLES = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS entries (id BLOB PRIMARY KEY, checksum INTEGER NOT NULL, value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS uses (
    command TEXT, id BLOB, run INTEGER NOT NULL, build INTEGER NOT NULL, PRIMARY KEY (command, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS runs (command TEXT PRIMARY KEY, number INTEGER NOT NULL, pages INTEGER NOT NULL);
PRAGMA application_id = {_APPLICATION};
PRAGMA user_version = {_FORMAT};
COMMIT;
"""

_Result = TypeVar("_Result")


class Cache:
    """The cache in a folder (``.kb``), made if missing, as one run of a ``command`` uses it. A context manager that
    closes it."""

    def __init__(self, folder: Path, command: str = BUILD) -> None:
        self._command = command
        self._path = folder / "cache.sqlite"
        self._used: set[bytes] = set()
        self._wanted: list[tuple[str, Collection[str]]] = []
        self._database: sqlite3.Connection | None = None
        self.usable = True
        """Whether anything can be found and kept."""
        try:
            filesystem.make_private_folder(folder)
            self._open()
        except (sqlite3.Error, OSError) as problem:
            self._recover_from(problem)
        _all.add(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; from here on nothing is found and nothing stored."""
        self.disconnect()
        self.usable = False

    def disconnect(self) -> None:
        """Close the file until it is asked for again."""
        if self._database is not None:
            with contextlib.suppress(sqlite3.Error):
                self._database.close()
            self._database = None

    def __del__(self) -> None:
        # A connection is in a reference cycle with its statements: without this it would stay open until the garbage
        # collector runs, and leave its two files beside the cache.
        self.disconnect()

    def get_many(self, namespace: str, keys: Iterable[str]) -> dict[str, bytes]:
        """The entries that are there and whole."""
        wanted = {_id(namespace, key): key for key in keys}

        def read(database: sqlite3.Connection) -> dict[bytes, bytes]:
            found: dict[bytes, bytes] = {}
            for batch in _batches(list(wanted)):
                marks = ",".join("?" * len(batch))
                rows = database.execute(f"SELECT id, checksum, value FROM entries WHERE id IN ({marks})", batch)
                found.update((entry, value) for entry, checksum, value in rows if _is_whole(entry, checksum, value))
            return found

        nothing: dict[bytes, bytes] = {}
        found = {entry: value for entry, value in self._attempt(read, nothing).items() if entry in wanted}
        self._used.update(found)
        return {wanted[entry]: value for entry, value in found.items()}

    def put_many(self, namespace: str, entries: Mapping[str, bytes]) -> None:
        """Keep entries; those under the same key are replaced."""
        if not entries:
            return
        named = [(_id(namespace, key), value) for key, value in entries.items()]

        def write(database: sqlite3.Connection) -> None:
            rows = ((entry, _checksum(entry, value), value) for entry, value in named)
            database.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?, ?)", rows)
            self._mark(database, (entry for entry, _ in named))

        self._change(write)

    def touch(self, namespace: str, keys: Collection[str]) -> None:
        """Mark entries as used by this run without reading them."""
        self._wanted.append((namespace, keys))

    def end_run(self) -> None:
        """End a run: entries that it read or stored stay, and those are removed that no command used in its last runs.

        What a build used stays until the last builds did not use it. After a run that added little, nothing is removed.
        """

        def end(database: sqlite3.Connection) -> None:
            self._used.update(_id(namespace, key) for namespace, keys in self._wanted for key in keys)
            number, pages = self._last_run(database)
            if pages is not None and _pages(database) < pages * GROWTH:
                rows = database.execute("SELECT id FROM uses WHERE command = ?", (self._command,))
                self._mark(database, self._used.difference(entry for (entry,) in rows))
                return
            self._mark(database, self._used)
            oldest = number + 1 - RUNS_KEPT + 1
            database.execute("DELETE FROM uses WHERE command = ? AND run < ?", (self._command, oldest))
            if self._command == BUILD:
                database.execute("DELETE FROM uses WHERE build < ?", (oldest,))
            database.execute("DELETE FROM entries WHERE id NOT IN (SELECT id FROM uses)")
            run = self._command, number + 1, _pages(database)
            database.execute("INSERT OR REPLACE INTO runs VALUES (?, ?, ?)", run)

        self._change(end)
        self._used.clear()
        self._wanted.clear()

    def _last_run(self, database: sqlite3.Connection, command: str = "") -> tuple[int, int | None]:
        """Number of the last run of a command that was counted, and the pages after it."""
        found = database.execute("SELECT number, pages FROM runs WHERE command = ?", (command or self._command,))
        return found.fetchone() or (0, None)

    def _mark(self, database: sqlite3.Connection, entries: Iterable[bytes]) -> None:
        """Mark entries as used by this run. Runs are counted, so that no clock is needed."""
        run, build = (self._last_run(database, command)[0] + 1 for command in (self._command, BUILD))
        rows = ((self._command, entry, run, build) for entry in entries)
        database.executemany("INSERT OR REPLACE INTO uses VALUES (?, ?, ?, ?)", rows)

    def _change(self, work: Callable[[sqlite3.Connection], None]) -> None:
        def whole(database: sqlite3.Connection) -> None:
            with database:
                database.execute("BEGIN IMMEDIATE")
                work(database)

        self._attempt(whole, None)

    def _attempt(self, work: Callable[[sqlite3.Connection], _Result], otherwise: _Result) -> _Result:
        if not self.usable:
            return otherwise
        try:
            return work(self._database or self._open())
        except (sqlite3.Error, OSError) as problem:
            self._recover_from(problem)
            return otherwise

    def _recover_from(self, problem: Exception) -> None:
        """Start with an empty file if it is no database of ours; do without in this run if it can't be used."""
        self.close()
        if getattr(problem, "sqlite_errorcode", 0) & 0xFF in _DAMAGED:
            try:
                self._open(anew=True)
                self.usable = True
            except (sqlite3.Error, OSError):
                self.close()

    def _open(self, *, anew: bool = False) -> sqlite3.Connection:
        # What one process reads of a new file while another one makes the tables would look like a foreign database.
        with filesystem.locked(f"{self._path}{_LOCK}", wait=True):
            return self._start_over() if anew else self._open_alone()

    def _open_alone(self) -> sqlite3.Connection:
        for ending in _ENDINGS:
            if filesystem.kind(f"{self._path}{ending}") == "link":
                filesystem.remove(f"{self._path}{ending}")  # SQLite would write into what it leads to.
        # Every entry can be computed again, so writes are not synced to disk. They go into the file at once: a
        # write-ahead log would double them, and takes a checksum of each page.
        self._database = database = sqlite3.connect(self._path, timeout=_WAIT_SECONDS, isolation_level=None)
        database.execute(f"PRAGMA page_size = {_PAGE}")  # Of a new file: one that is there keeps its own.
        database.execute("PRAGMA synchronous = OFF")
        (application,) = database.execute("PRAGMA application_id").fetchone()
        (version,) = database.execute("PRAGMA user_version").fetchone()
        (tables,) = database.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if not tables:
            database.executescript(_TABLES)
        elif (application, version) != (_APPLICATION, _FORMAT):
            return self._start_over()
        return database

    def _start_over(self) -> sqlite3.Connection:
        self.disconnect()
        for ending in _ENDINGS:
            filesystem.remove(f"{self._path}{ending}")
        return self._open_alone()


_all: "WeakSet[Cache]" = WeakSet()


def _disconnect_all() -> None:
    """A connection that crosses a fork has its locks in one process only, and corrupts the file when that one ends."""
    for cache in _all:
        cache.disconnect()


os.register_at_fork(before=_disconnect_all)
atexit.register(_disconnect_all)


def _pages(database: sqlite3.Connection) -> int:
    """Pages of the file that hold something."""
    (there,) = database.execute("PRAGMA page_count").fetchone()
    (free,) = database.execute("PRAGMA freelist_count").fetchone()
    return int(there - free)


def _id(namespace: str, key: str) -> bytes:
    return hashlib.blake2b(f"{namespace}\0{key}".encode(), digest_size=_ID_BYTES).digest()


def _checksum(entry: bytes, value: bytes) -> int:
    """Detects accidents, not forgery: an attacker who can write the file can write any checksum."""
    return zlib.crc32(value, zlib.crc32(entry))


def _is_whole(entry: object, checksum: object, value: object) -> bool:
    if not isinstance(entry, bytes) or len(entry) != _ID_BYTES or not isinstance(value, bytes):
        return False
    return checksum == _checksum(entry, value)


def _batches(entries: list[bytes]) -> list[list[bytes]]:
    return [entries[start : start + _BATCH] for start in range(0, len(entries), _BATCH)]
