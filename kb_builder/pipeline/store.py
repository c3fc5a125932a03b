"""What is kept between commands, in the words of those who keep it: parsed headers, digests, bodies, whole results.

With a :class:`~kb_builder.system.cache.Cache` behind it things last; without one they last as long as this value.
Either way something that was kept may be missing when it is asked for, and is worked out again.
"""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from kb_builder.markdown.digest import BODY, Digest
from kb_builder.mentions.reader import CODEC, Mentions
from kb_builder.model import Body, Outline
from kb_builder.system.cache import Cache
from kb_builder.system.codec import Codec, Value
from search_index import IndexFiles

_OUTLINES: Final = Codec(list[Outline])
_INDEX: Final = Codec(tuple[str, IndexFiles])


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

    def outlines(self, keys: Iterable[str]) -> dict[str, list[Outline]]:
        """Those of neighbours, kept together."""
        return self._decoded(_OUTLINES, "outlines", keys)

    def keep_outlines(self, outlines: Mapping[str, list[Outline]]) -> None:
        self.put_many("outlines", {key: _OUTLINES.encode(each) for key, each in outlines.items()})

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
        """The key and the index that were kept there last: most of the next one is the same."""
        return self._decoded(_INDEX, "index", (place,)).get(place)

    def keep_index(self, place: str, key: str, index: IndexFiles) -> None:
        self.put("index", place, _INDEX.encode((key, index)))

    def mentions(self, key: str) -> Mentions | None:
        return self._decoded(CODEC, "mentions", (key,)).get(key)

    def keep_mentions(self, key: str, mentions: Mentions) -> None:
        self.put("mentions", key, CODEC.encode(mentions))

    def bodies(self, keys: Iterable[str]) -> dict[str, Body]:
        return self._decoded(BODY, "body", keys)

    def _decoded(self, codec: Codec[Value], kind: str, keys: Iterable[str]) -> dict[str, Value]:
        """The entries that can be decoded."""
        found: dict[str, Value] = {}
        for key, kept in self.get_many(kind, keys).items():
            with suppress(ValueError):
                found[key] = codec.decode(kept)
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
