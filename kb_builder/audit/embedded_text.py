"""Text inside binary files: PDF, office documents, archives, and the metadata of pictures, sound and video.

Pictures are not recognised as text. Reading is bounded by bytes, pages, members and nesting, never by time.
"""

import io
import tarfile
import zipfile
from collections.abc import Iterator
from typing import Final

from kb_builder.audit.documents import of_captions, of_office_xml, of_rtf
from kb_builder.audit.pdf_text import files_in_pdf, text_of_pdf
from kb_builder.audit.text_runs import Budget, decoded, inflate, runs, unpacked
from kb_builder.system.zip_archives import UNREADABLE

_DEEPEST: Final = 8
_ZIP_END: Final = b"PK\x05\x06"
_ZIP_TAIL: Final = 65_557
"""Bytes at the end of a file in which an archive says that it is one (APPNOTE 4.3.16)."""
_TAR: Final = slice(257, 262)
_XML: Final = (".xml", ".xhtml", ".html", ".rels")


def embedded_texts(data: bytes, budget: Budget | None = None, *, depth: int = 0) -> Iterator[str]:
    """Every text a binary file contains, as far as its format is known; the format is read from its bytes, and a file
    that is two is read as both. ``budget`` is what may be unpacked from the file that ``data`` comes from."""
    budget = budget or Budget()
    yield from runs(data)
    if b"%PDF" in data[:1024]:
        yield from text_of_pdf(data, budget)
        inside = files_in_pdf(data, budget)
    elif data.startswith(b"\x89PNG"):
        yield from _of_png(data)
        inside = iter(())
    else:
        yield from _of_document(data)
        inside = _compressed(data, budget)
    if depth >= _DEEPEST:
        return
    for content in inside:
        yield from embedded_texts(content, budget, depth=depth + 1)
    if _ZIP_END in data[-_ZIP_TAIL:]:
        yield from _of_zip(data, budget, depth)
    elif data[_TAR] == b"ustar":
        yield from _of_tar(data, budget, depth)


def _of_document(data: bytes) -> Iterator[str]:
    """Text with marks inside of it."""
    if data.startswith(b"{\\rtf"):
        yield of_rtf(data.decode("latin-1"))
    elif data[:9].removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT"):
        yield of_captions(decoded(data))


def _compressed(data: bytes, budget: Budget) -> Iterator[bytes]:
    if content := unpacked(data, budget):
        yield content


def _of_png(data: bytes) -> Iterator[str]:
    """Compressed chunks (PNG 11.3.2, 11.3.3); the others are found as runs."""
    at = 8
    while at + 12 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if kind in (b"zTXt", b"iTXt", b"iCCP"):
            chunk = data[at + 8 : at + 8 + length]
            for start in (at for at, byte in enumerate(chunk[:2000]) if byte == 0x78):  # a zlib header
                if text := inflate(chunk[start:]):
                    yield text.decode("utf-8", "replace")
                    break
        at += 12 + length


def _of_zip(data: bytes, budget: Budget, depth: int) -> Iterator[str]:
    """Members of an archive or office document."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist()[: budget.members]:
                yield member.filename
                if member.is_dir() or member.flag_bits & 1 or not budget.take(member.file_size):
                    continue
                try:
                    content = archive.read(member)
                except UNREADABLE:
                    continue
                start = decoded(content[:100]).lstrip()
                if start.startswith("<?xml") or member.filename.lower().endswith(_XML):
                    yield of_office_xml(decoded(content))
                yield from embedded_texts(content, budget, depth=depth + 1)
    except UNREADABLE:
        return


def _of_tar(data: bytes, budget: Budget, depth: int) -> Iterator[str]:
    """Members of an archive that may be compressed themselves; what is not was found as runs."""
    try:
        with tarfile.TarFile(fileobj=io.BytesIO(data)) as archive:
            while budget.members > 0 and (member := archive.next()) is not None:
                yield member.name
                if member.isreg() and budget.take(member.size):
                    content = archive.extractfile(member)
                    yield from embedded_texts(content.read() if content else b"", budget, depth=depth + 1)
    except (tarfile.TarError, *UNREADABLE):
        return
