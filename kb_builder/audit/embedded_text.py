"""Text inside binary files: PDF pages, office documents, archives, and the metadata of pictures, sound and video.

Pictures are not recognised as text. Reading is bounded by bytes, pages and members, never by time.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from kb_builder.system.zip_archives import UNREADABLE

_INFLATED_LIMIT = 64 * 1024 * 1024
_PAGES = 5_000
_MEMBERS = 5_000
_NESTED_ARCHIVES = 2
_ZIP = b"PK\x03\x04"

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
_PARAGRAPH_END = re.compile(r"</(?:\w+:)?(?:p|si|h|title)>")
_XML_TAG = re.compile(r"<[^<>]*>")
_PDF_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_LINE_HYPHEN = re.compile("[-\u00ad\ufffe\x02]\r?\n")


def embedded_texts(data: bytes, *, depth: int = 0) -> Iterator[str]:
    """Every text a binary file contains, as far as its format is known; the format is read from its first bytes."""
    yield from _runs(data)
    if data.startswith(b"%PDF"):
        yield from _of_pdf(data)
    elif data.startswith(b"\x89PNG"):
        yield from _of_png(data)
    elif data.startswith(_ZIP) and depth < _NESTED_ARCHIVES:
        yield from _of_zip(data, depth)
    else:
        unpacked = inflate(data)
        if unpacked:
            yield from _runs(unpacked)


def inflate(data: bytes) -> bytes:
    """What a gzip, zlib or raw deflate stream holds; empty for other bytes."""
    for window in (47, -15):
        try:
            return zlib.decompressobj(window).decompress(data, _INFLATED_LIMIT)
        except zlib.error:
            continue
    return b""


def _runs(data: bytes) -> Iterator[str]:
    for run in _UTF8_RUN.finditer(data):
        yield run[0].decode("utf-8", "replace")
    for encoding, pattern in _UTF16_RUNS:
        for run in pattern.finditer(data):
            yield run[0].decode(encoding, "replace")


def _of_pdf(data: bytes) -> Iterator[str]:
    import pypdfium2  # PDFium, the parser of Chromium; few sites have PDFs

    left = _INFLATED_LIMIT
    for stream in _PDF_STREAM.finditer(data):
        inflated = inflate(stream[1])[:left]
        left -= len(inflated)
        yield from _runs(inflated)
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        return  # encrypted or damaged: no reader shows its pages either without a password
    try:
        yield from document.get_metadata_dict(skip_empty=True).values()
        for number in range(min(len(document), _PAGES)):
            try:
                text = document[number].get_textpage().get_text_range()
            except pypdfium2.PdfiumError:
                continue
            yield text
            if _LINE_HYPHEN.search(text):
                yield _LINE_HYPHEN.sub("", text)
    finally:
        document.close()


def _of_png(data: bytes) -> Iterator[str]:
    """Compressed text chunks (PNG 11.3.3); the others are found as runs."""
    at = 8
    while at + 12 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if kind in (b"zTXt", b"iTXt"):
            chunk = data[at + 8 : at + 8 + length]
            for start in (at for at, byte in enumerate(chunk[:2000]) if byte == 0x78):  # a zlib header
                if text := inflate(chunk[start:]):
                    yield text.decode("utf-8", "replace")
                    break
        at += 12 + length


def _of_zip(data: bytes, depth: int) -> Iterator[str]:
    """Members of an archive or office document; XML without its tags, since a word may be spread over several."""
    left = _INFLATED_LIMIT
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist()[:_MEMBERS]:
                yield member.filename
                if member.is_dir() or member.file_size > left or member.flag_bits & 1:
                    continue
                content = archive.read(member)
                left -= len(content)
                if content[:5] == b"<?xml" or member.filename.endswith((".xml", ".xhtml", ".html")):
                    text = _PARAGRAPH_END.sub("\n\n", content.decode("utf-8", "replace"))
                    yield _XML_TAG.sub("", text)
                yield from embedded_texts(content, depth=depth + 1)
    except UNREADABLE:
        return
