"""HTML pages, and the exports of Confluence, become articles without their frame."""

import struct
import zipfile
from pathlib import Path

import pytest

from kb_builder.content.articles import read_articles
from kb_builder.errors import InputError
from kb_builder.importing.importer import Source, import_export
from kb_builder.parsing.dates import UTC_ZONE
from tests.centres import put


def test_a_site_of_html_pages(tmp_path: Path) -> None:
    put(tmp_path, "site/help/index.html", "<title>Help | Shop</title><nav>menu</nav><main><h1>Help</h1><p>Start "
        "<a href='pay.html#how'>pay</a> <img src='../card.png' alt='c'></p></main><footer>foot</footer>")  # fmt: skip
    put(tmp_path, "site/help/pay.html", "<body><h1>Pay</h1><h2 id='how'>How</h2><p>Text</p></body>")
    put(tmp_path, "site/card.png", b"card")
    done = import_export(tmp_path, Source("html", tmp_path / "site"))
    assert done.written == ("content/articles/help/help.md", "content/articles/help/pay.md")
    text = (tmp_path / done.written[0]).read_text()
    assert "menu" not in text
    assert "foot" not in text
    assert "[pay](pay.md#how)" in text
    assert "![c](media/card-" in text
    assert 'redirect_from: ["/help/index.html"]' in text
    assert "## How {#how}" in (tmp_path / done.written[1]).read_text()


def test_confluence(tmp_path: Path) -> None:
    put(tmp_path, "space/index.html", "<title>Space</title>")
    put(tmp_path, "space/Refunds_98765.html", "<div id='breadcrumb-section'><ol id='breadcrumbs'>"
        "<li><a href='index.html'>Space</a></li><li><a href='Money_1.html'>Money</a></li></ol></div>"
        "<h1 id='title-heading'><span id='title-text'> Space : Refunds </span></h1><div id='main-content'>"
        "<p>See <a href='Money_12345.html'>money</a> <img src='attachments/98765/1.png'></p>"
        "<div class='confluence-information-macro-warning macro'><p>Hot</p></div></div>")  # fmt: skip
    put(tmp_path, "space/Money_12345.html", "<span id='title-text'>Space : Money</span><div id='main-content'>x</div>")
    put(tmp_path, "space/attachments/98765/1.png", b"picture")
    done = import_export(tmp_path, Source("confluence", tmp_path / "space"))
    assert done.written == ("content/articles/money/money.md", "content/articles/money/refunds.md")
    assert read_articles(tmp_path, zone=UTC_ZONE).findings == ()
    text = (tmp_path / done.written[1]).read_text()
    assert 'id: "98765"' in text
    assert "[money](money.md)" in text
    assert "!!! warning\n\n    Hot" in text
    assert (done.staff, len(done.media)) == (2, 1)


@pytest.mark.parametrize(
    ("local", "central", "value"),
    [(14, 16, b"\x01\x01\x01\x01"), (6, 8, b"\x01"), (8, 10, b"\x61"), (22, 24, struct.pack("<I", 3))],
    ids=["checksum", "encrypted", "method", "size"],
)
def test_an_archive_that_cannot_be_unpacked_is_refused_in_a_line(
    tmp_path: Path, local: int, central: int, value: bytes
) -> None:
    archive = tmp_path / "pages.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("pay.html", "<h1>Pay</h1><p>Text</p>")
    data = bytearray(archive.read_bytes())
    for start in (local, data.find(b"PK\x01\x02") + central):
        data[start : start + len(value)] = value
    archive.write_bytes(data)
    with pytest.raises(InputError, match="can't be unpacked") as caught:
        import_export(tmp_path, Source("html", archive))
    assert caught.value.where == f"{archive}/pay.html"


def test_an_archive_writes_nowhere_else(tmp_path: Path) -> None:
    archive = tmp_path / "pages.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for name in ("../../up.html", "/root.html", "a/../../b.html", "pay.html"):
            packed.writestr(name, f"<h1>{name}</h1><p>Text</p>")
    assert import_export(tmp_path, Source("html", archive)).written == ("content/articles/pay-html.md",)


def test_dates_authors_and_keywords_of_pages(tmp_path: Path) -> None:
    put(tmp_path, "site/pay.html", '<head><title>Pay</title><meta name="keywords" content="card, cash">'
        '<meta name="author" content="Ann"><meta property="article:modified_time" content="2026-01-02T03:04:05Z">'
        "</head><p>Text</p>")  # fmt: skip
    (path,) = import_export(tmp_path, Source("html", tmp_path / "site")).written
    text = (tmp_path / path).read_text()
    assert 'asked_as: ["card", "cash"]' in text
    assert 'owner: "Ann"\nlast_reviewed_on: "2026-01-02"' in text


def test_what_confluence_writes_around_a_text_is_kept_or_counted(tmp_path: Path) -> None:
    put(tmp_path, "space/Pay_98765.html", '<span id="title-text">S : Pay</span><div class="page-metadata">Created by '
        "<span class='author'> Ann</span>, last modified by <span class='editor'> Ben</span> on Feb 3, 2026</div>"
        '<div id="main-content" class="wiki-content group"><p>Text</p></div>'
        '<div id="labels-section" class="pageSection group"><ul class="label-list"><li><a>money</a></li></ul></div>'
        '<div class="pageSection group"><h2>Attachments:</h2><a href="a.png">a.png</a></div>'
        '<div class="pageSection group"><h2>Comments:</h2><p>Wrong!</p></div>')  # fmt: skip
    done = import_export(tmp_path, Source("confluence", tmp_path / "space", public=True))
    (path,) = done.written
    text = (tmp_path / path).read_text()
    assert 'tags: ["money"]' in text
    assert 'owner: "Ben"\nlast_reviewed_on: "2026-02-03"' in text
    assert done.losses[path] == {"comments": 1, "list of attachments": 1}


def test_properties_of_notion_are_counted(tmp_path: Path) -> None:
    put(tmp_path, "notion/Pay.html", '<header><h1 class="page-title">Pay</h1><table class="properties"><tr>'
        '<th>Owner</th><td>Ann</td></tr></table></header><div class="page-body"><p>Text</p></div>')  # fmt: skip
    done = import_export(tmp_path, Source("notion", tmp_path / "notion", public=True))
    assert done.losses[done.written[0]] == {"property Owner": 1}
