"""Shards opened: the root, and the five kinds of shard as values. See FORMAT.md."""

import hashlib
import json
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from search_index.encoding import Bytes
from search_index.features import PAIR_WINDOW
from search_index.format import ABSENT, BUILD_BYTES, COMPOUND, FORMAT, HASH_BYTES, LEARNED, ROOT, SHARDS, STOP
from search_index.words import fold

Fetch = Callable[[str], bytes]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry:
    """One form of the dictionary."""

    form: str
    key: str
    number: int
    group: int
    place: int
    """Which bit of a posting's forms is this form's."""
    rarity: int
    form_rarity: int
    stop: bool
    absent: bool
    """The word is known, and no document has it."""
    learned: bool
    """There are learned weights for such a word."""
    parts: tuple[int, ...] = ()
    """The groups of the known parts of a compound."""


@dataclass(frozen=True, slots=True)
class Postings:
    """One group: the documents that have it, and what it says for each."""

    documents: NDArray[np.int64]
    codes: NDArray[np.int64]
    sections: NDArray[np.int64]
    forms: NDArray[np.int64]
    learned: "Weights"
    pairs: "dict[int, Weights]"
    """Learned weights of this group together with another."""
    titles: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """Learned weights, signed, and their documents."""

    documents: NDArray[np.int64]
    weights: NDArray[np.int64]


class ShardError(Exception):
    """A file of the index is missing or is not what the index says it is."""


class Table:
    """One kind of shard: where each starts, and how to get it."""

    def __init__(self, keys: list[Any], names: list[str], inlined: list[bytes]) -> None:
        self.keys, self.names, self.inlined = keys, names, inlined

    def holding(self, key: Any) -> int:
        """The shard in which ``key`` is, if it is anywhere."""
        return max(0, bisect_right(self.keys, key) - 1)

    def from_prefix(self, prefix: str) -> range:
        """The shards in which something may start with ``prefix``."""
        return range(self.holding(prefix), bisect_right(self.keys, prefix + "\U0010ffff"))


class Shards:
    """All shards of one index, fetched once each. A faulty one is remembered in ``incomplete``."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._opened: dict[tuple[str, int], Any] = {}
        self.incomplete = False
        try:
            source = Bytes(zlib.decompress(fetch(ROOT)))
        except zlib.error as error:
            raise ShardError("the root of the index is damaged") from error
        if source.varint() != FORMAT:
            raise ShardError("the index is of another version")
        source.take(BUILD_BYTES)
        self.count = source.varint()
        self.per_shard = source.varint()
        self.eliding = bool(source.varint())
        self.has_learned = bool(source.varint())
        self.endings = ("", *source.take(source.varint()).decode().split())
        self.beginnings = ("", *source.take(source.varint()).decode().split())
        listed = source.take(source.varint()).decode()
        self.links = tuple(listed.split(",")) if listed else ()
        self.synonyms = [(_groups(source), _groups(source), source.varint()) for _ in range(source.varint())]
        numbers = np.cumsum(source.varints(source.varint()))
        self.priors = np.zeros(self.count, np.int64)
        self.priors[numbers] = np.frombuffer(source.take(len(numbers)), np.uint8)
        inlined = source.take(1) == b"\x01"
        self.dictionary = _table(source, "d", inlined, _word_key)
        self.reversed = _table(source, "r", inlined, _word_key)
        self.postings_table = _table(source, "w", inlined, _group_key)
        self.documents = _table(source, "i", inlined, None)
        self._inlined_phrases = _table(source, "x", True, Bytes.varint) if inlined else None
        self._phrase_list = "" if inlined else _name("p", source)

    @cached_property
    def phrases(self) -> Table:
        """The table of neighbouring words; its list is fetched when it is first used."""
        if self._inlined_phrases is not None:
            return self._inlined_phrases
        return _table(Bytes(self._open(self._phrase_list)), "x", False, Bytes.varint)

    def _open(self, name: str) -> bytes:
        packed = self._fetch(name)
        if hashlib.sha256(packed).digest()[:HASH_BYTES].hex() != name[-2 * HASH_BYTES - 4 : -4]:
            raise ShardError(name)
        return zlib.decompress(packed)

    def _shard(self, table: Table, kind: str, number: int, read: Callable[[bytes], T]) -> T | None:
        if (kind, number) not in self._opened:
            try:
                data = table.inlined[number] if table.inlined else self._open(table.names[number])
                if data[:1] != kind.encode():
                    raise ShardError(kind)
                self._opened[kind, number] = read(data)
            except (ShardError, OSError, KeyError, ValueError, zlib.error):
                self._opened[kind, number] = None
        if self._opened[kind, number] is None:
            self.incomplete = True
        opened: T | None = self._opened[kind, number]
        return opened

    def entries(self, key: str) -> list[Entry]:
        """The forms whose folded form is ``key``."""
        found = self._shard(self.dictionary, "D", self.dictionary.holding(key), _dictionary_entries)
        return found.get(key, []) if found else []

    def entries_from(self, prefix: str) -> list[Entry]:
        """The forms whose folded form starts with ``prefix``."""
        found: list[Entry] = []
        for number in self.dictionary.from_prefix(prefix):
            shard = self._shard(self.dictionary, "D", number, _dictionary_entries) or {}
            found += [entry for key, entries in shard.items() if key.startswith(prefix) for entry in entries]
        return found

    def entries_ending(self, ending: str) -> list[Entry]:
        """The forms whose folded form ends with ``ending``; of three letters or more."""
        backwards = ending[::-1]
        found: list[Entry] = []
        for number in self.reversed.from_prefix(backwards):
            shard = self._shard(self.reversed, "R", number, _reversed_entries) or {}
            found += [entry for key, entries in shard.items() if key.endswith(ending) for entry in entries]
        return found

    def postings(self, group: int) -> Postings | None:
        """Where the forms of a group occur; None if their shard is missing or damaged."""
        postings: Postings | None = self._opened.get(("group", group))
        if postings is None:
            table = self.postings_table
            records = self._shard(table, "W", table.holding(group), _records)
            if records is not None:
                postings = self._opened["group", group] = _postings(records[1][group - records[0]])
        return postings

    def learned_weights(self, meant: Sequence[tuple[int, bool]]) -> Iterator[tuple[Weights, bool, tuple[int, ...]]]:
        """The weights learned for words and pairs of them, for (group or -1, is a stop word) in the order of a text.

        With each whether it is of one content word, which is reason enough to find a document that has no word of the
        query; and its groups.
        """
        if not self.has_learned:
            return
        content = [group for group, stop in meant if not stop]
        neighbours = [(left[0], right[0]) for left, right in pairwise(meant)]
        window = [(left, right) for at, left in enumerate(content) for right in content[at + 1 : at + 1 + PAIR_WINDOW]]
        near = [(left, right) for left, right in neighbours + window if left != right]
        pairs = {(left, right) if left < right else (right, left) for left, right in near}
        opened = {group: self.postings(group) for group, _ in meant if group >= 0}
        for group, postings in opened.items():
            if postings:
                yield postings.learned, group in content, (group,)
        for group, other in pairs:
            postings = opened.get(group)
            if postings and other in postings.pairs:
                yield postings.pairs[other], False, (group, other)

    def id_of(self, document: int) -> str:
        """The id of a document; empty if its shard can't be read."""
        shown = self.shown(document)
        return str(shown[0]) if shown else ""

    def positions(self, form: int) -> dict[int, list[int]]:
        """Per document that has the form, where."""
        try:
            table = self.phrases
        except (ShardError, OSError, KeyError, ValueError, zlib.error):
            self.incomplete = True
            return {}
        records = self._shard(table, "X", table.holding(form), _records)
        if records is None:
            return {}
        source = Bytes(records[1][form - records[0]])
        count = source.varint()
        documents = np.cumsum(source.varints(count)).tolist()
        times = source.varints(count).tolist()
        return {
            document: np.cumsum(source.varints(often)).tolist()
            for document, often in zip(documents, times, strict=True)
        }

    def shown(self, document: int) -> list[Any] | None:
        """The fields of a document that a result shows."""
        number = document // self.per_shard
        shard = self._shard(self.documents, "I", number, _shown)
        return shard[document - number * self.per_shard] if shard else None


def _groups(source: Bytes) -> tuple[int, ...]:
    return tuple(source.varint() for _ in range(source.varint()))


def _word_key(source: Bytes) -> str:
    return source.take(source.varint()).decode()


def _group_key(source: Bytes) -> int:
    """Without the text before it: here files are read one after the other, so that guessing saves nothing."""
    _word_key(source)
    return source.varint()


def _table(source: Bytes, kind: str, inlined: bool, read_key: Callable[[Bytes], Any] | None) -> Table:
    count = source.varint()
    if inlined:
        keys, data = [], []
        for _ in range(count):
            keys.append(read_key(source) if read_key else None)
            data.append(source.take(source.varint()))
        return Table(keys, [], data)
    keys = [read_key(source) if read_key else None for _ in range(count)]
    return Table(keys, [_name(kind, source) for _ in range(count)], [])


def _name(kind: str, source: Bytes) -> str:
    return f"{SHARDS}{kind}-{source.take(HASH_BYTES).hex()}.bin"


def _dictionary_entries(data: bytes) -> dict[str, list[Entry]]:
    source = Bytes(data, 1)
    return _entries(source, source.varint())


def _reversed_entries(data: bytes) -> dict[str, list[Entry]]:
    return _entries(Bytes(data, 1), None)


def _entries(source: Bytes, first: int | None) -> dict[str, list[Entry]]:
    """By folded form. Without ``first``, the number of the first form, numbers are unknown."""
    count = source.varint()
    groups = list(accumulate((step >> 1) ^ -(step & 1) for step in source.varints(count).tolist()))
    places, rarity, form_rarity = source.take(count), source.take(count), source.take(count)
    parts = {at: _parts(source, groups[at]) for at in range(count) if places[at] & COMPOUND}
    forms = source.data[source.at :].decode().split("\n") if count else []
    if len(forms) != count:
        raise ValueError("the dictionary has another number of words")
    found: dict[str, list[Entry]] = {}
    for at, form in enumerate(forms):
        key = fold(form)
        stop, absent, learned = (bool(places[at] & flag) for flag in (STOP, ABSENT, LEARNED))
        entry = Entry(
            form, key, -1 if first is None else first + at, groups[at], places[at] & 7, rarity[at], form_rarity[at],
            stop, absent, learned, parts.get(at, ()),
        )  # fmt: skip
        found.setdefault(key, []).append(entry)
    return found


def _parts(source: Bytes, group: int) -> tuple[int, ...]:
    steps = source.varints(source.varint()).tolist()
    return tuple(group + ((step >> 1) ^ -(step & 1)) for step in steps)


def _records(data: bytes) -> tuple[int, list[bytes]]:
    source = Bytes(data, 1)
    first, count = source.varint(), source.varint()
    return first, [source.take(length) for length in source.varints(count).tolist()]


def _postings(record: bytes) -> Postings:
    source = Bytes(record)
    count = source.varint()
    documents = np.cumsum(source.varints(count))
    codes = np.frombuffer(source.take(count), np.uint8).astype(np.int64)
    sections = np.frombuffer(source.take(count), np.uint8).astype(np.int64)
    forms = np.frombuffer(source.take(count), np.uint8).astype(np.int64)
    learned = _weights(source)
    pairs = {source.varint(): _weights(source) for _ in range(source.varint())}
    titles = []
    document = 0
    for _ in range(source.varint()):
        document += source.varint()
        titles.append((document, int.from_bytes(source.take(3), "little")))
    return Postings(documents, codes, sections, forms, learned, pairs, tuple(titles))


def _weights(source: Bytes) -> Weights:
    count = source.varint()
    documents = np.cumsum(source.varints(count))
    return Weights(documents, np.frombuffer(source.take(count), np.int8).astype(np.int64))


def _shown(data: bytes) -> list[Any]:
    source = Bytes(data, 1)
    source.varint()
    found: list[Any] = json.loads(data[source.at :].decode())
    return found
