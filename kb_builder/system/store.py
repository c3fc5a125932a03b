"""The store of results: what earlier commands computed, as bytes or as values with a codec.

With a folder, results last in its :class:`~kb_builder.system.cache.Cache`; without one, as long as the store itself.
Either way an entry may be missing or damaged when it is asked for, and is then computed again.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from kb_builder.system.cache import BUILD, Cache
from kb_builder.system.cache_keys import hash_of, runs
from kb_builder.system.codec import Codec, Value
from kb_builder.system.processes import spread
from kb_builder.system.progress import Progress, no_progress

_GROUP_WORTH: Final = 3
"""Small pieces of work that the names of a group are worth together."""


class Store:
    """A key is a hash of everything that a result depends on, :func:`code_fingerprint` included."""

    def __init__(self, folder: Path | None = None, command: str = BUILD) -> None:
        """``folder`` is ``.kb``; without one nothing is kept beyond this object. ``command`` is what runs."""
        self._cache = Cache(folder, command) if folder is not None else None
        self._memory: dict[tuple[str, str], bytes] = {}

    @property
    def persistent(self) -> bool:
        """Whether later commands find what is stored here."""
        return self._cache is not None and self._cache.usable

    def get(self, kind: str, key: str) -> bytes | None:
        """The bytes stored under ``key`` among results of ``kind``; None if there are none."""
        return self.get_many(kind, (key,)).get(key)

    def get_many(self, kind: str, keys: Iterable[str]) -> dict[str, bytes]:
        """The bytes stored under each of ``keys`` that there are, by key."""
        if self._cache is not None and self._cache.usable:
            return self._cache.get_many(kind, keys)
        return {key: self._memory[kind, key] for key in keys if (kind, key) in self._memory}

    def put(self, kind: str, key: str, value: bytes) -> None:
        """Stores bytes under ``key`` among results of ``kind``."""
        self.put_many(kind, {key: value})

    def put_many(self, kind: str, entries: Mapping[str, bytes]) -> None:
        """Stores ``entries``, by key, among results of ``kind``: in ``.kb``, or in memory where that is not usable."""
        if self._cache is not None and self._cache.usable:
            self._cache.put_many(kind, entries)
        else:
            self._memory.update({(kind, key): value for key, value in entries.items()})

    def load(self, kind: str, key: str, codec: Codec[Value]) -> Value | None:
        """The value stored under ``key``; None if it is missing or can't be decoded."""
        return self.load_many(kind, (key,), codec).get(key)

    def load_many(self, kind: str, keys: Iterable[str], codec: Codec[Value]) -> dict[str, Value]:
        """The entries that can be decoded."""
        found: dict[str, Value] = {}
        for key, data in self.get_many(kind, keys).items():
            with suppress(ValueError):
                found[key] = codec.decode(data)
        return found

    def save(self, kind: str, key: str, value: Value, codec: Codec[Value]) -> None:
        """Stores a value under ``key``, for :meth:`load`."""
        self.put(kind, key, codec.encode(value))

    def of_each(
        self,
        kind: str,
        keys: Mapping[str, str],
        make: Callable[[Sequence[str]], Sequence[Value]],
        codec: Codec[list[Value]],
        jobs: int = 1,
    ) -> dict[str, Value]:
        """The result of ``make`` for each name in ``keys``, kept under the keys of neighbours together.

        ``make`` gets several names and gives a result for each. A key names everything that a result depends on, as it
        does for :meth:`get`. Many are made by ``jobs`` workers.
        """
        names = list(keys)
        groups = {hash_of(*(keys[name] for name in names[run])): names[run] for run in runs(names)}
        stored = self.load_many(kind, groups, codec)
        missing = [group for group, members in groups.items() if len(stored.get(group, ())) != len(members)]

        def make_groups(some: Sequence[str]) -> list[list[Value]]:
            results = iter(make([name for group in some for name in groups[group]]))
            return [list(islice(results, len(groups[group]))) for group in some]

        with closing(spread(make_groups, missing, jobs=jobs, worth=_GROUP_WORTH)) as results:
            made = dict(zip(missing, results, strict=True))
        self.put_many(kind, {group: codec.encode(values) for group, values in made.items()})
        every = stored | made
        return {name: value for group in groups for name, value in zip(groups[group], every[group], strict=True)}

    def note_use(self, kind: str, keys: Collection[str]) -> None:
        """Marks entries as used by this run without reading them."""
        if self._cache is not None:
            self._cache.touch(kind, keys)

    def end_run(self) -> None:
        """Drops what the last runs of each command did not use."""
        if self._cache is not None:
            self._cache.end_run()


@dataclass(frozen=True, slots=True)
class Resources:
    """The means of one command: results of earlier ones, worker processes, and a function that shows progress."""

    store: Store = field(default_factory=Store)
    jobs: int = 1
    progress: Progress = no_progress
