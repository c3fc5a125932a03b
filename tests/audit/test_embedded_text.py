"""Text inside PDFs, office documents, archives and the metadata of pictures is read."""

import io
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.audit.embedded_text import embedded_texts
from kb_builder.audit.text_forms import text_forms

SECRET = "the whistling kettle arrives in march"


def pdf(content: bytes, *, compressed: bool = True, title: str = "") -> bytes:
    """A PDF of one page (ISO 32000-1) with a standard font."""
    stream = zlib.compress(content) if compressed else content
    filtered = b"/Filter /FlateDecode " if compressed else b""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< %s/Length %d >>\nstream\n%s\nendstream" % (filtered, len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Title (%s) >>" % title.encode(),
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    xref = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"trailer << /Size %d /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, xref)


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def zipped(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


PNG = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13))
# Each word by itself, as typesetting programs write it: only a PDF reader puts the sentence together.
KERNED = b"BT /F1 12 Tf 50 700 Td [" + b" ".join(b"(%s ) -20" % word for word in SECRET.encode().split()) + b"] TJ ET"
DOCX = "<w:p><w:r><w:t>The whist</w:t></w:r><w:r><w:t>ling kettle arrives in March</w:t></w:r></w:p>"


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("a.pdf", pdf(KERNED)),
        ("a.pdf", pdf(KERNED, compressed=False)),
        ("a.pdf", pdf(b"", title=SECRET)),
        ("a.pdf", b"%PDF-1.4\n" + SECRET.encode()),
        ("a.png", PNG + chunk(b"tEXt", b"Comment\0" + SECRET.encode())),
        ("a.png", PNG + chunk(b"zTXt", b"Comment\0\0" + zlib.compress(SECRET.encode()))),
        ("a.png", PNG + chunk(b"iTXt", b"Comment\0\1\0\0\0" + zlib.compress(SECRET.encode()))),
        ("a.jpg", b"\xff\xd8\xff\xfe\x00\x30" + SECRET.encode()),
        ("a.jpg", b"\xff\xd8\xff\xe1" + SECRET.encode("utf-16-le")),
        ("a.jpg", b"\xff\xd8\xff\xe1\0" + SECRET.encode("utf-16-be")),
        ("a.docx", zipped(document=b"<?xml version='1.0'?>" + DOCX.encode())),
        ("a.zip", zipped(outer=zipped(inner=SECRET.encode()))),
        ("a.zip", zipped(leaflet=pdf(KERNED))),
        ("a.mp4", bytes(range(256)) + SECRET.encode()),
    ],
)
def test_text_is_found(path: str, data: bytes) -> None:
    assert any(SECRET in form for form in text_forms(path, data))


@given(st.binary(max_size=400), st.sampled_from([b"", b"%PDF-1.4\n", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"\x1f\x8b"]))
def test_damaged_files_are_read_without_an_error(data: bytes, start: bytes) -> None:
    for text in embedded_texts(start + data):
        assert isinstance(text, str)


@given(st.data())
def test_files_that_were_cut_or_changed_are_read_without_an_error(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([pdf(KERNED), zipped(a=SECRET.encode()), PNG]))
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = whole[:at] + data.draw(st.binary(max_size=8)) + whole[at + data.draw(st.integers(0, 20)) :]
    for text in embedded_texts(damaged):
        assert isinstance(text, str)
