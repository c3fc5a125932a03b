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

# Runs of text in a binary file, long enough to hold a phrase.
_UTF8_RUN: Final = re.compile("[\t\n\r\x20-\x7e\x80-\ufffc\ufffe-\U0010ffff]{8,}")
_UTF16_RUNS: Final = (
    re.compile("[\t\n\r\x20-\xff]{8,}"),
    re.compile("[\x00-\u0eff\u2000-\u20ff]{8,}"),
    re.compile("[\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7ff]{8,}"),
)
"""Western scripts, other alphabets and East Asian ones: any two bytes are a character of some script."""


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
    """Stretches of text in UTF-8 or UTF-16 between other bytes; UTF-16 may begin at any byte."""
    yield from _UTF8_RUN.findall(data.decode("utf-8", "replace"))
    for encoding in ("utf-16-le", "utf-16-be"):
        for start in (0, 1):
            text = data[start:].decode(encoding, "replace")
            for pattern in _UTF16_RUNS:
                yield from pattern.findall(text)


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
