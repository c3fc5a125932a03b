"""HTML pages, and the exports of Confluence, become articles without their frame."""

from pathlib import Path

from kb_builder.importing.importer import import_export
from tests.centres import put


def test_a_site_of_html_pages(tmp_path: Path) -> None:
    put(tmp_path, "site/help/index.html", "<title>Help | Shop</title><nav>menu</nav><main><h1>Help</h1><p>Start "
        "<a href='pay.html#how'>pay</a> <img src='../card.png' alt='c'></p></main><footer>foot</footer>")  # fmt: skip
    put(tmp_path, "site/help/pay.html", "<body><h1>Pay</h1><h2 id='how'>How</h2><p>Text</p></body>")
    put(tmp_path, "site/card.png", b"card")
    done = import_export(tmp_path, "html", tmp_path / "site")
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
    done = import_export(tmp_path, "confluence", tmp_path / "space")
    assert done.written == ("content/articles/money.md", "content/articles/money/refunds.md")
    text = (tmp_path / done.written[1]).read_text()
    assert 'id: "98765"' in text
    assert "[money](../money.md)" in text
    assert "!!! warning\n\n    Hot" in text
    assert (done.staff, len(done.media)) == (2, 1)
