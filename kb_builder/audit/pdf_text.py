"""Text that a PDF shows or carries: pages, strings of any object, notes, bookmarks, and files inside it."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from typing import Any, Final

from kb_builder.audit.text_runs import Budget, inflate, runs

_PAGES: Final = 5_000
_PARTS: Final = 10_000
"""Notes of a page and bookmarks that are read at most."""
_LINE_HYPHEN: Final = re.compile("[-\u00ad\ufffe\x02]\r?\n")
_HEX: Final = re.compile(rb"<([0-9A-Fa-f\s]{32,})>")
_ESCAPE: Final = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n|\n|\r)|(.))", re.DOTALL)
_MEANING: Final = {b"n": b"\n", b"r": b"\n", b"t": b" ", b"b": b"", b"f": b" "}
_NOTE_KEYS: Final = ("Contents", "T", "V", "TU", "RC", "Subj")


def text_of_pdf(data: bytes, budget: Budget) -> Iterator[str]:
    """Texts of the PDF ``data``, as far as ``budget`` goes."""
    yield from _strings(data)
    for stream in _streams(data):
        inflated = inflate(stream, budget.left)
        if inflated and budget.take(len(inflated)):
            yield from runs(inflated)
            yield from _strings(inflated)
    yield from _as_shown(data)


def files_in_pdf(data: bytes, budget: Budget) -> Iterator[bytes]:
    """The files that a PDF carries."""
    with _opened(data) as document:
        for number in range(min(document.count_attachments(), budget.members) if document else 0):
            content = _attached(document, number)
            if content and budget.take(len(content)):
                yield content


def _attached(document: Any, number: int) -> bytes:
    from pypdfium2 import PdfiumError

    try:
        return bytes(document.get_attachment(number).get_data())
    except PdfiumError:
        return b""


@contextmanager
def _opened(data: bytes) -> Iterator[Any]:
    """The PDF; None if it is encrypted or damaged, since then no reader shows its pages without a password either."""
    import pypdfium2  # PDFium, the parser of Chromium; few sites have PDFs

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        yield None
        return
    with closing(document):
        yield document


def _streams(data: bytes) -> Iterator[bytes]:
    at = 0
    while True:
        start = data.find(b"stream", at)
        end = data.find(b"endstream", start + 6) if start >= 0 else -1
        if end < 0:
            return
        yield data[start + 6 : end].lstrip(b"\r\n")
        at = end + 9


def _strings(data: bytes) -> Iterator[str]:
    """Strings of objects in other forms than plain text (ISO 32000-1, 7.3.4): hexadecimal, and with escapes."""
    for match in _HEX.finditer(data):
        digits = b"".join(match[1].split())
        yield from runs(bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode()))
    if b"\\" in data:
        yield from runs(_ESCAPE.sub(_unescaped, data))


def _unescaped(match: re.Match[bytes]) -> bytes:
    if match[1]:
        return bytes([int(match[1], 8) & 255])
    return b"" if match[2] else _MEANING.get(match[3], match[3])


def _as_shown(data: bytes) -> Iterator[str]:
    with _opened(data) as document:
        if document is None:
            return
        yield from document.get_metadata_dict(skip_empty=True).values()
        yield from (str(bookmark.get_title()) for bookmark in islice(document.get_toc(), _PARTS))
        for number in range(min(len(document), _PAGES)):
            yield from _of_page(document, number)


def _of_page(document: Any, number: int) -> Iterator[str]:
    from pypdfium2 import PdfiumError

    try:
        page = document[number]
        text = page.get_textpage().get_text_range()
    except PdfiumError:
        return
    yield text
    if _LINE_HYPHEN.search(text):
        yield _LINE_HYPHEN.sub("", text)
    yield from _notes(page)


def _notes(page: Any) -> Iterator[str]:
    """The texts of annotations and form fields on a page."""
    import pypdfium2.raw as pdfium

    for number in range(min(pdfium.FPDFPage_GetAnnotCount(page), _PARTS)):
        note = pdfium.FPDFPage_GetAnnot(page, number)
        if not note:
            continue
        for key in _NOTE_KEYS:
            size = pdfium.FPDFAnnot_GetStringValue(note, key.encode(), None, 0)
            if size > 2:
                buffer = (pdfium.FPDF_WCHAR * (size // 2))()
                pdfium.FPDFAnnot_GetStringValue(note, key.encode(), buffer, size)
                yield bytes(buffer).decode("utf-16-le", "replace").rstrip("\0")
        pdfium.FPDFPage_CloseAnnot(note)
