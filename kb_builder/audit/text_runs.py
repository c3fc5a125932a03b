"""Text in bytes of any format: in the usual encodings as it is, or compressed, within a limit."""

import bz2
import codecs
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

_INFLATED_LIMIT: Final = 64 * 1024 * 1024
_SMALLEST: Final = 8
"""Bytes below which a compressed stream holds no phrase."""
_LZMA_MEMORY: Final = 128 * 1024 * 1024
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)

# Runs of text in a binary file, long enough to hold a phrase: UTF-8, then UTF-16 in both byte orders.
_UTF8_RUN = re.compile(
    rb"(?:[\t\n\r\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}){8,}"
)
# Byte pairs of Western scripts, other alphabets and East Asian ones; one pattern for all would match half a pair off.
_UTF16_BYTES = (
    (rb"[\t\n\r\x20-\xff]", rb"\x00"),
    (rb"[\x00-\xff]", rb"[\x00-\x0e\x20]"),
    (rb"[\x00-\xff]", rb"[\x30\x4e-\x9f\xac-\xd7]"),
)
_UTF16_RUNS = [
    (encoding, re.compile(rb"(?:%s%s){8,}" % (pair[::order]), re.DOTALL))
    for encoding, order in (("utf-16-le", 1), ("utf-16-be", -1))
    for pair in _UTF16_BYTES
]


@dataclass
class Budget:
    """How much may still be unpacked from one file, whatever is in it and however deep."""

    left: int = _INFLATED_LIMIT
    members: int = 100_000

    def take(self, size: int) -> bool:
        """Whether a member of ``size`` bytes is read."""
        if self.members <= 0 or size > self.left:
            return False
        self.members -= 1
        self.left -= size
        return True


def runs(data: bytes) -> Iterator[str]:
    """Stretches of text in UTF-8 or UTF-16 between other bytes."""
    for run in _UTF8_RUN.finditer(data):
        yield run[0].decode("utf-8", "replace")
    for encoding, pattern in _UTF16_RUNS:
        for run in pattern.finditer(data):
            yield run[0].decode(encoding, "replace")


def decoded(data: bytes) -> str:
    """The text of a text file, by its byte order mark, or else as UTF-8, or else as Windows writes Western text."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def inflate(data: bytes, limit: int = _INFLATED_LIMIT) -> bytes:
    """The content of a gzip, zlib or raw deflate stream, up to ``limit`` bytes; empty for other bytes."""
    for window in (47, -15):
        try:
            return zlib.decompressobj(window).decompress(data, limit)
        except zlib.error:
            continue
    return b""


def unpacked(data: bytes, budget: Budget) -> bytes:
    """The content of all streams of a compressed file; empty for any other file."""
    if data.startswith(b"BZh"):
        return _streams(data, bz2.BZ2Decompressor, budget)
    if data.startswith((b"\xfd7zXZ\0", b"]\0\0")):
        return _streams(data, lambda: lzma.LZMADecompressor(memlimit=_LZMA_MEMORY), budget)
    if data.startswith(b"\x1f\x8b"):
        return _streams(data, lambda: zlib.decompressobj(47), budget)
    found = inflate(data, budget.left)
    return found if budget.take(len(found)) else b""


def _streams(data: bytes, decompressor: Callable[[], Any], budget: Budget) -> bytes:
    """The content of each of the streams that follow one another in ``data``, as far as they can be read."""
    parts: list[bytes] = []
    while len(data) >= _SMALLEST and budget.members > 0 and budget.left > 0:
        stream = decompressor()
        try:
            part = stream.decompress(data, budget.left)
        except (OSError, EOFError, ValueError, lzma.LZMAError, zlib.error):
            break
        budget.take(len(part))
        parts.append(part)
        data = stream.unused_data
    return b"".join(parts)
