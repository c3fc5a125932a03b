"""What is kept between commands, in the words of those who keep it: parsed headers, digests, bodies, whole results.

With a :class:`~kb_builder.system.cache.Cache` behind it things last; without one they last as long as this value.
Either way something that was kept may be missing when it is asked for, and is worked out again.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from itertools import accumulate
from pathlib import Path

from kb_builder.markdown.digest import Digest, Outlines, read_body, read_outlines, write_outlines
from kb_builder.mentions.reader import Mentions
from kb_builder.model import Body
from kb_builder.system.cache import Cache
from search_index import IndexFiles


class Store:
    """Keys are hashes of everything that a value depends on, the code that makes it included."""

    def __init__(self, folder: Path | None) -> None:
        """``folder`` is ``.kb``; None keeps nothing beyond this value."""
        self._cache = Cache(folder) if folder is not None else None
        self._memory: dict[tuple[str, str], bytes] = {}

    def get(self, kind: str, key: str) -> bytes | None:
        return self.get_many(kind, (key,)).get(key)

    def get_many(self, kind: str, keys: Iterable[str]) -> dict[str, bytes]:
        if self._cache is not None and self._cache.usable:
            return self._cache.get_many(kind, keys)
        return {key: self._memory[kind, key] for key in keys if (kind, key) in self._memory}

    def put(self, kind: str, key: str, value: bytes) -> None:
        self.put_many(kind, {key: value})

    def put_many(self, kind: str, entries: Mapping[str, bytes]) -> None:
        if self._cache is not None and self._cache.usable:
            self._cache.put_many(kind, entries)
        else:
            self._memory.update({(kind, key): value for key, value in entries.items()})

    @property
    def lasts(self) -> bool:
        """Whether other processes find what is kept here."""
        return self._cache is not None and self._cache.usable

    def note_uses(self) -> None:
        """To be called at the end of a forked process that kept or asked for something."""
        if self._cache is not None:
            self._cache.note_uses()

    def end_build(self) -> None:
        """Lets go of what the last builds did not use."""
        if self._cache is not None:
            self._cache.end_build()

    def outlines(self, keys: Iterable[str]) -> dict[str, Outlines]:
        """Those of neighbours, kept together."""
        found: dict[str, Outlines] = {}
        for key, kept in self.get_many("outlines", keys).items():
            with suppress(ValueError):
                found[key] = read_outlines(kept)
        return found

    def holds_outlines(self, keys: Iterable[str]) -> set[str]:
        """Keys under which something is kept, whole or not."""
        if self._cache is not None and self._cache.usable:
            return self._cache.holds("outlines", keys)
        return {key for key in keys if ("outlines", key) in self._memory}

    def keep_outlines(self, outlines: Mapping[str, Outlines]) -> None:
        self.put_many("outlines", {key: write_outlines(each) for key, each in outlines.items()})

    def note_digests(self, keys: Collection[str]) -> None:
        """Say that these are wanted, sooner or later, though nobody has asked for them here."""
        if self._cache is not None:
            self._cache.touch("analysis", keys)
            self._cache.touch("body", keys)

    def analyses(self, keys: Collection[str]) -> dict[str, bytes]:
        return self.get_many("analysis", keys)

    def keep_digests(self, digests: Mapping[str, Digest]) -> None:
        self.put_many("analysis", {key: digest.analysis for key, digest in digests.items()})
        self.put_many("body", {key: digest.body for key, digest in digests.items()})

    def index(self, place: str) -> tuple[str, IndexFiles] | None:
        """What was kept there last, and from what it was made: most of the next one is the same."""
        kept = self.get("index", place)
        if kept is None:
            return None
        head, _, data = kept.partition(b"\n")
        try:
            key, manifest, notes, sizes, made_of = json.loads(head)
        except ValueError:
            return None
        ends = list(accumulate(sizes.values(), initial=0))
        files = {name: data[start:end] for name, start, end in zip(sizes, ends, ends[1:], strict=False)}
        return key, IndexFiles(files, manifest, tuple(notes), made_of)

    def keep_index(self, place: str, key: str, index: IndexFiles) -> None:
        sizes = {name: len(data) for name, data in index.files.items()}
        head = [key, index.manifest, index.notes, sizes, index.made_of]
        self.put("index", place, json.dumps(head).encode() + b"\n" + b"".join(index.files.values()))

    def mentions(self, key: str) -> Mentions | None:
        kept = self.get("mentions", key)
        try:
            return Mentions.from_bytes(kept) if kept is not None else None
        except ValueError:
            return None

    def bodies(self, keys: Iterable[str]) -> dict[str, Body]:
        """Those that are kept whole."""
        found: dict[str, Body] = {}
        for key, kept in self.get_many("body", keys).items():
            with suppress(ValueError):
                found[key] = read_body(kept)
        return found


class Parses:
    """Articles parsed before, in the form their reader asks for."""

    def __init__(self, store: Store, code: str) -> None:
        self._store = store
        self._code = code

    def recall(self, keys: Collection[str]) -> dict[str, bytes]:
        kept = self._store.get_many("articles", (self._code + key for key in keys))
        return {name.removeprefix(self._code): value for name, value in kept.items()}

    def remember(self, entries: Mapping[str, bytes]) -> None:
        self._store.put_many("articles", {self._code + key: value for key, value in entries.items()})
