"""Shards as files, each named by what is in it, or inside the root."""

import hashlib
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from search_index.encoding import varint
from search_index.format import HASH_BYTES, SHARDS, IndexFiles

_RUN = 50
"""Shards that one thread compresses at a time."""


@dataclass(frozen=True, slots=True)
class Shard:
    """A part of a table that is fetched alone."""

    key: bytes
    """Its first key, which the root lists beside name and size."""
    data: bytes


def compressed(data: bytes) -> bytes:
    """zlib level 6, which browsers read with ``DecompressionStream("deflate")``."""
    return zlib.compress(data, 6)


def _all_compressed(data: Sequence[bytes]) -> list[bytes]:
    return list(map(compressed, data))


def _compressed_from(data: bytes, at: int) -> bytes:
    """``data`` compressed differently from a byte on, for another hash than that of a file which is there already."""
    stream = zlib.compressobj(6)
    return b"".join(
        (stream.compress(data[:at]), stream.flush(zlib.Z_FULL_FLUSH), stream.compress(data[at:]), stream.flush())
    )


class Packer:
    """Compresses what becomes a file, and names it by what is in it."""

    def __init__(self, earlier: IndexFiles | None) -> None:
        self.files: dict[str, bytes] = {}
        self.made_of: dict[str, str] = {}
        self._packed = {made: earlier.files[name] for made, name in earlier.made_of.items()} if earlier else {}

    def pack(self, data: Sequence[bytes], kind: str) -> list[tuple[str, bytes]]:
        """Name and bytes of the file that each of ``data`` becomes."""
        made = [hashlib.blake2b(each, digest_size=16).hexdigest() for each in data]
        missing = {key: each for key, each in zip(made, data, strict=True) if key not in self._packed}
        fresh = list(missing.values())
        runs = [fresh[first : first + _RUN] for first in range(0, len(fresh), _RUN)]
        with ThreadPoolExecutor() as pool:  # zlib lets other threads work meanwhile
            packed = [each for run in pool.map(_all_compressed, runs) for each in run]
        self._packed |= zip(missing, packed, strict=True)
        rows = []
        for key, each in zip(made, data, strict=True):
            name, file = _named(kind, self._packed[key])
            at = 0
            while self.files.get(name, file) != file:
                at += 1
                name, file = _named(kind, _compressed_from(each, at))
            self.files[name] = file
            if not at:
                self.made_of[key] = name
            rows.append((name, file))
        return rows


def _named(kind: str, file: bytes) -> tuple[str, bytes]:
    return f"{SHARDS}{kind}-{_hash(file).hex()}.bin", file


def _hash(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()[:HASH_BYTES]


def reference(row: tuple[str, bytes]) -> bytes:
    """The beginning of a file's hash."""
    return _hash(row[1])


def table(packer: Packer, shards: Sequence[Shard], kind: str) -> bytes:
    """Where each shard starts, and its hash; the shards become files."""
    rows = packer.pack([shard.data for shard in shards], kind)
    return varint(len(shards)) + b"".join(shard.key for shard in shards) + b"".join(map(reference, rows))


def inlined(shards: Sequence[Shard]) -> bytes:
    """The number of shards, then first key, size and bytes of each, for an index of one file."""
    return varint(len(shards)) + b"".join(shard.key + varint(len(shard.data)) + shard.data for shard in shards)
