"""Text inside PDFs, office documents, archives and the metadata of pictures is read."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from typing import Literal

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.audit.embedded_text import embedded_texts
from kb_builder.audit.text_forms import forms_of_many, text_forms, written_forms
from kb_builder.audit.text_runs import Budget
from tests.growth import in_proportion

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


def tarred(content: bytes, mode: Literal["w", "w:gz", "w:bz2"]) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode=mode) as archive:
        member = tarfile.TarInfo("inside")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return target.getvalue()


def zipped(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


def carrying(content: bytes) -> bytes:
    """A PDF with a file inside it."""
    document = pypdfium2.PdfDocument.new()
    document.new_page(99, 99)
    document.new_attachment("a").set_data(content)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


END = b"kettle arrives in March"
PNG = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13))
# Each word by itself, as typesetting programs write it: only a PDF reader puts the sentence together.
KERNED = b"BT /F1 12 Tf 50 700 Td [" + b" ".join(b"(%s ) -20" % word for word in SECRET.encode().split()) + b"] TJ ET"
HEX = b"<FEFF%s>" % SECRET.encode("utf-16-be").hex().encode()
RTF = rb"{\rtf1\ansi {\rtlch\fcs1 \af0 The whistl}{\b ing} k\'65ttle\~arriv\u101?s in " + b"\r\nMarch}"
TSPAN = "<svg><text>The <tspan>whistl</tspan>ing kettle<tspan>arrives in</tspan><tspan>March</tspan></text></svg>"
DOCX = "<w:p><w:r><w:t>The whist</w:t></w:r><w:r><w:t>ling kettle arrives in March</w:t></w:r></w:p>"
UTF16 = f"<?xml?>{DOCX.replace('ling k', 'ling</w:t><w:tab/><w:t>k')}".encode("utf-16")


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
        ("a.docx", zipped(document=UTF16)),
        ("a.odt", zipped(**{"content.xml": b"<text:p>The<text:s/><text:span>whistling</text:span> %s</text:p>" % END})),
        ("a.zip", zipped(a=zipped(b=zipped(c=zipped(document=b"<?xml?>" + DOCX.encode()))))),
        ("a.zip", b"#!/bin/sh" + zipped(a=SECRET.encode())),
        ("a.pdf", pdf(b"") + zipped(a=SECRET.encode())),
        ("a.tar", tarred(gzip.compress(SECRET.encode()), "w")),
        ("a.tgz", tarred(zipped(document=b"<?xml?>" + DOCX.encode()), "w:gz")),
        ("a.bz2", tarred(SECRET.encode(), "w:bz2")),
        ("a.gz", gzip.compress(b"first of two") + gzip.compress(SECRET.encode())),
        ("a.bz2", bz2.compress(b"first of two") + bz2.compress(SECRET.encode())),
        ("a.xz", lzma.compress(bytes(5_000) + SECRET.encode())),
        ("a.csv", SECRET.encode("utf-16")),
        ("a.csv", SECRET.encode("utf-16-be")),
        ("a.svg", SECRET.encode("utf-16")),
        ("a.svg", TSPAN.replace("kettle<", "kettle <").replace("in<", "in <").encode()),
        ("a.svg", TSPAN.replace("<tspan>whistl</tspan>", "whistl").encode()),
        ("a.rtf", RTF),
        (
            "a.vtt",
            b"WEBVTT\n\n00:01 --> 00:02\nThe <00:01>whistling <c.red>kettle</c>\n" + END.removeprefix(b"kettle "),
        ),
        ("a.pdf", pdf(b"", title="\\376\\377" + "".join(f"\\000{letter}" for letter in SECRET))),
        ("a.pdf", pdf(b"") + b"7 0 obj << /Alt " + HEX + b" >> endobj"),
        ("a.pdf", carrying(zipped(document=b"<?xml?>" + DOCX.encode()))),
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
    archives = [zipped(a=SECRET.encode()), tarred(gzip.compress(END), "w"), tarred(END, "w:gz"), lzma.compress(END)]
    whole = data.draw(st.sampled_from([pdf(KERNED), PNG, RTF, *archives]))
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = whole[:at] + data.draw(st.binary(max_size=8)) + whole[at + data.draw(st.integers(0, 20)) :]
    for text in embedded_texts(damaged):
        assert isinstance(text, str)


LETTERS = {"Latin": "abcde éß", "Greek": "αβγδ ως", "Japanese": "あいう漢字", "Korean": "가나다라"}


@given(
    st.binary(max_size=60), st.binary(max_size=60), st.sampled_from(["utf-8", "utf-16-le", "utf-16-be"]),
    st.sampled_from(sorted(LETTERS)).flatmap(lambda script: st.text(LETTERS[script], min_size=24, max_size=40)),
)  # fmt: skip
def test_text_is_found_wherever_it_begins_in_a_file(before: bytes, after: bytes, encoding: str, text: str) -> None:
    found = "".join(text_forms("a.bin", b"\xff" + before + b"\0\xff" + text.encode(encoding) + b"\xff\xff" + after))
    assert " ".join(text.lower().split()).strip() in found


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), max_size=6))
def test_texts_that_are_searched_together_keep_their_forms(texts: list[str]) -> None:
    together = "".join(forms_of_many(texts))
    assert all(form in together for text in texts for form in written_forms(text))


def test_what_archives_hold_together_is_limited() -> None:
    """An archive of archives could hold more than any machine unpacks."""
    zeros = b"\xff" * 1_000_000
    budget = Budget(left=3_500_000)
    bomb = zipped(**{f"a{number}": zipped(b=zeros) for number in range(20)})
    read = sum(map(len, embedded_texts(bomb, budget)))
    assert budget.left < len(zeros)
    assert read < 100_000


@pytest.mark.growth
def test_streams_without_an_end_take_time_in_proportion_to_their_number() -> None:
    def read(data: bytes) -> None:
        assert list(embedded_texts(data))

    once, twice = (b"%PDF-1.4" + b"\nstream" * count for count in (10_000, 20_000))
    assert in_proportion(read, once, twice, lambda small, large: large <= 2.5 * small)
