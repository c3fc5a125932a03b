"""An export becomes a help centre that our own reader trusts; a second import changes nothing."""

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kb_builder.content.articles import read_articles
from kb_builder.content.redirects import read_redirects
from kb_builder.editing.importers import Imported, import_export
from kb_builder.errors import InputError

LONDON = ZoneInfo("Europe/London")
BASE = "https://help.example.com/hc/en-us/articles"
EXPORT = {
    "articles": [
        {
            "id": 1,
            "title": 'Track: "your" order',
            "section_id": 11,
            "html_url": f"{BASE}/1-Track",
            "body": f'<p>See <a href="{BASE}/2-Cancel#how">cancel</a>, <a href="/hc/en-us/articles/3">gone</a>, '
            '<a href="https://example.com/">us</a> <img src="https://help.example.com/hc/article_attachments/5/a.png"></p>',
            "label_names": ["where is it"],
        },
        {
            "id": 2,
            "title": "Cancel",
            "section_id": 11,
            "html_url": f"{BASE}/2-Cancel",
            "body": "<h2>How</h2>",
            "draft": True,
        },
        {"id": 4, "title": "Cancel", "section_id": 11, "html_url": f"{BASE}/4-Cancel", "body": "<p>Again</p>"},
        {"id": 5, "title": "返品", "section_id": 12, "body": "<p>x</p>", "user_segment_id": 9},
    ],
    "sections": [{"id": 11, "name": "Orders & more", "category_id": 1}, {"id": 12, "name": "返品", "category_id": 1}],
    "categories": [{"id": 1, "name": "Shop"}],
}


def run(root: Path, data: object = EXPORT) -> Imported:
    export = root / "export.json"
    export.write_text(json.dumps(data))
    return import_export(root, "zendesk", export)


def contents(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*.*") if path.is_file()}


def test_an_export_becomes_articles(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done == Imported(
        written=(
            "content/articles/shop/fanpin/fanpin.md",
            "content/articles/shop/orders-more/cancel-4.md",
            "content/articles/shop/orders-more/cancel.md",
            "content/articles/shop/orders-more/track-your-order.md",
        ),
        kept=(),
        drafts=1,
        staff=1,
        lost_links=1,
        remote_images=1,
    )
    assert (tmp_path / done.written[3]).read_text() == (
        "---\n"
        'id: "1"\n'
        'title: "Track: \\"your\\" order"\n'
        'asked_as: ["where is it"]\n'
        'redirect_from: ["/hc/en-us/articles/1", "/hc/en-us/articles/1-Track"]\n'
        "---\n\n"
        "See [cancel](cancel.md#how), [gone](/hc/en-us/articles/3), [us](https://example.com/) "
        "![](https://help.example.com/hc/article_attachments/5/a.png)\n"
    )
    found = read_articles(tmp_path, zone=LONDON)
    assert found.findings == ()
    assert [(item.id, item.title, item.draft, item.audience) for item in found.articles] == [
        ("5", "返品", False, "staff"),
        ("4", "Cancel", False, "public"),
        ("2", "Cancel", True, "public"),
        ("1", 'Track: "your" order', False, "public"),
    ]
    assert [(item.path, item.title) for item in found.categories] == [
        ("shop", "Shop"),
        ("shop/fanpin", "返品"),
        ("shop/orders-more", "Orders & more"),
    ]
    redirects = read_redirects(tmp_path, found.articles)
    assert redirects.findings == ()
    assert redirects.paths["hc/en-us/articles/1-Track/"] == "1"


def test_a_second_import_changes_nothing(tmp_path: Path) -> None:
    first = run(tmp_path)
    before = contents(tmp_path)
    again = run(tmp_path)
    assert contents(tmp_path) == before
    assert (again.written, again.kept) == ((), first.written)


def test_articles_that_were_moved_or_edited_are_left_alone(tmp_path: Path) -> None:
    run(tmp_path, {"articles": EXPORT["articles"][1:2]})
    old, new = tmp_path / "content/articles/cancel.md", tmp_path / "content/articles/elsewhere/stop.md"
    new.parent.mkdir()
    new.write_text(old.read_text() + "Edited.\n")
    old.unlink()
    done = run(tmp_path)
    assert done.kept == ("content/articles/elsewhere/stop.md",)
    assert new.read_text().endswith("Edited.\n")
    assert (
        "](../../elsewhere/stop.md#how)"
        in (tmp_path / "content/articles/shop/orders-more/track-your-order.md").read_text()
    )


@pytest.mark.parametrize(
    ("data", "problem", "line"),
    [(b"{", "not JSON: ", ":1"), (b"\n\xff", "not valid UTF-8", ":2"), (b"[" * 100_000, "nested too deeply", "")],
)
def test_a_file_that_is_no_export(tmp_path: Path, data: bytes, problem: str, line: str) -> None:
    export = tmp_path / "export.json"
    export.write_bytes(data)
    with pytest.raises(InputError, match=problem) as caught:
        import_export(tmp_path, "zendesk", export)
    assert caught.value.where == f"{export}{line}"


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        import_export(tmp_path, "zendesk", tmp_path / "none.json")


def test_articles_that_cannot_be_trusted_stop_it(tmp_path: Path) -> None:
    (tmp_path / "content/articles").mkdir(parents=True)
    (tmp_path / "content/articles/bad.md").write_text("No header.")
    with pytest.raises(InputError, match="the file has no header"):
        run(tmp_path)
    assert list((tmp_path / "content/articles").iterdir()) == [tmp_path / "content/articles/bad.md"]
