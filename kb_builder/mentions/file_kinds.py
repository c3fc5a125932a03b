"""The kind of a file by its first bytes, whatever its name says: compressed, of another kind, or text in UTF-16."""

from __future__ import annotations

import codecs
import gzip
import shutil
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from kb_builder.errors import InputError
from kb_builder.mentions.export_names import PACKED

_BLOCK: Final = 1 << 20
_UNPACKED_LIMIT: Final = 64 << 30
"""Bytes of an unpacked file. A larger one is a decompression bomb, not an export of mentions."""
_MOST_LAYERS: Final = 4
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS: Final = {
    b"%PDF": "a PDF file",
    b"{\\rtf": "a text of a word processor (RTF)",
    b"SQLite format 3": "a database (SQLite)",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"7z\xbc\xaf": "an archive (7z)",
    b"Rar!": "an archive (RAR)",
    b"BZh": "compressed in a way that is not read (bzip2)",
    b"\xfd7zXZ": "compressed in a way that is not read (xz)",
    b"MZ": "a program",
}
"""How files begin that are no exports → what they are."""


def decompressed(path: Path, target: Path, where: str) -> Path:
    """``path``, or a copy without compression, in however many layers."""
    for layer in range(_MOST_LAYERS):
        with path.open("rb") as stream:
            head = stream.read(4)
        packed = head.startswith((_GZIP, _ZSTD))
        if not packed and (layer or path.suffix.lower() not in PACKED):
            break
        suffix = ".zst" if head == _ZSTD else ".gz" if packed else path.suffix.lower()
        path = _unpacked(path, suffix, target.with_name(f"{layer}.{target.name}"), where)
    return path


def kind(path: Path, where: str) -> str:
    """``parquet``, ``sheets``, or ``text``. Raises :class:`InputError` for what is none of them."""
    with path.open("rb") as stream:
        head = stream.read(1 << 16)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(_OLE) or (head.startswith(_ZIP) and (b"xl/" in head or b"[Content_Types]" in head)):
        return "sheets"
    if head.startswith(_ZIP):
        raise InputError("an archive (ZIP)", where=where, hint="unpack it, and put the exports in its place")
    start = head.lstrip().removeprefix(codecs.BOM_UTF8)
    for beginning, what in _OTHERS.items():
        if start.startswith(beginning):
            raise InputError(f"{what}, not an export", where=where, hint="export the tickets as CSV, JSON or .xlsx")
    return "text"


def in_utf8(path: Path, target: Path) -> Path:
    """``path``, or a copy in UTF-8 when it is UTF-16 with or without a byte order mark, or UTF-32 with one."""
    with path.open("rb") as stream:
        head = stream.read(64)
    encoding = ""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        encoding = "utf-32"
    elif head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif len(head) >= 4 and head.count(0) * 3 >= len(head):
        encoding = "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
    if not encoding:
        return path
    with (
        path.open(encoding=encoding, errors="replace", newline="") as source,
        target.open("w", encoding="utf-8", newline="") as copy,
    ):
        while text := source.read(_BLOCK):
            copy.write(text)
    return target


def without_mark(path: Path, target: Path) -> Path:
    """``path``, or a copy without the byte order mark of UTF-8."""
    with path.open("rb") as source:
        if source.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
            return path
        with target.open("wb") as copy:
            shutil.copyfileobj(source, copy)
    return target


def _unpacked(path: Path, suffix: str, target: Path, where: str) -> Path:
    import zstandard

    try:
        with path.open("rb") as packed, target.open("wb") as plain:
            zst = partial(zstandard.ZstdDecompressor().stream_reader, read_across_frames=True)
            unpack: Callable[[Any], Any] = zst if suffix == ".zst" else gzip.open
            written = 0
            with unpack(packed) as source:
                while block := source.read(_BLOCK):
                    written += len(block)
                    if written > _UNPACKED_LIMIT:
                        raise InputError("too large unpacked", where=where, hint="export fewer days")
                    plain.write(block)
    except (EOFError, OSError, zlib.error, zstandard.ZstdError) as problem:
        if isinstance(problem, OSError) and problem.errno:
            raise
        hint = "unpack it, or export it again"
        raise InputError("the compressed file is damaged or cut off", where=where, hint=hint) from None
    return target
