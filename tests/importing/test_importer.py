"""An export becomes a help centre that our own reader accepts; a second import changes nothing."""

import contextlib
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest

from kb_builder.content.articles import read_articles
from kb_builder.content.redirects import read_redirects
from kb_builder.errors import InputError
from kb_builder.importing import media
from kb_builder.importing.importer import RECORD, Imported, Source, import_export
from kb_builder.importing.media import LIMIT
from kb_builder.importing.report import report, summary
from kb_builder.system import web

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
            "user_segment_id": None,
        },
        {
            "id": 2,
            "title": "Cancel",
            "section_id": 11,
            "html_url": f"{BASE}/2-Cancel",
            "body": "<h2>How</h2>",
            "draft": True,
            "user_segment_id": None,
        },
        {
            "id": 4,
            "title": "Cancel",
            "section_id": 11,
            "html_url": f"{BASE}/4-Cancel",
            "body": "<p>Again</p>",
            "user_segment_id": None,
        },
        {"id": 5, "title": "返品", "section_id": 12, "body": "<p>x</p>", "user_segment_id": 9},
    ],
    "sections": [{"id": 11, "name": "Orders & more", "category_id": 1}, {"id": 12, "name": "返品", "category_id": 1}],
    "categories": [{"id": 1, "name": "Shop"}],
}


def run(root: Path, data: object = EXPORT, tool: str = "zendesk", **options: Any) -> Imported:
    export = root / "export.json"
    export.write_text(json.dumps(data))
    return import_export(root, Source(tool, export, **options))


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
        updated=(),
        kept=(),
        conflicts=(),
        media=(),
        drafts=1,
        staff=1,
        lost_links=1,
        remote_images=1,
        missing_files=("https://help.example.com/hc/article_attachments/5/a.png",),
        other_hosts=(),
        losses={
            done.written[3]: {
                "link to a draft or a staff article, which a build refuses": 1,
                "link to an article that is not in the export": 1,
            }
        },
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
    [
        (b"{]", "not JSON: ", ":1"),
        (b'{"articles": [{"id": 1, "body": "<p>x', "ends in the middle", ":1"),
        (b"\n\xff", "not valid UTF-8", ":2"),
        (b"[" * 100_000, "nested too deeply", ""),
        (b'{"id": ' + b"1" * 5_000 + b"}", "a number of thousands of digits", ""),
        (b"<!doctype html><title>Sign in</title>", "perhaps a login page", ""),
    ],
)
def test_a_file_that_is_no_export(tmp_path: Path, data: bytes, problem: str, line: str) -> None:
    export = tmp_path / "export.json"
    export.write_bytes(data)
    with pytest.raises(InputError, match=problem) as caught:
        import_export(tmp_path, Source("zendesk", export))
    assert caught.value.where == f"{export}{line}"


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        import_export(tmp_path, Source("zendesk", tmp_path / "none.json"))


@pytest.mark.parametrize("tool", ["zendesk", "markdown"])
def test_a_link_to_itself_is_no_file(tmp_path: Path, tool: Any) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(InputError, match=r"no such file|symbolic links"):
        import_export(tmp_path, Source(tool, loop))


def test_articles_that_cannot_be_trusted_stop_it(tmp_path: Path) -> None:
    (tmp_path / "content/articles").mkdir(parents=True)
    (tmp_path / "content/articles/bad.md").write_text("No header.")
    with pytest.raises(InputError, match="the file has no header"):
        run(tmp_path)
    assert list((tmp_path / "content/articles").iterdir()) == [tmp_path / "content/articles/bad.md"]


def test_a_changed_source_replaces_unedited_articles_and_lists_edited_ones(tmp_path: Path) -> None:
    first = run(tmp_path)
    edited, plain = (tmp_path / path for path in first.written[1:3])
    edited.write_text(edited.read_text() + "Ours.\n")
    changed = json.loads(json.dumps(EXPORT))
    for article in changed["articles"]:
        article["body"] = str(article["body"]) + "<p>New.</p>"
    done = run(tmp_path, changed)
    assert done.conflicts == (first.written[1],)
    assert set(done.updated) == {*first.written} - {first.written[1]}
    assert edited.read_text().endswith("Ours.\n")
    assert plain.read_text().endswith("New.\n")
    before = contents(tmp_path)
    assert run(tmp_path, changed).updated == ()
    assert contents(tmp_path) == before
    assert (tmp_path / RECORD).read_text().startswith("id,source,sha256\n")


def test_unknown_permission_is_closed_until_said_otherwise(tmp_path: Path) -> None:
    data = {"articles": [{"id": 1, "title": "T", "section_id": 2, "body": "<p>x</p>"}]}
    assert run(tmp_path, data).staff == 1
    assert "audience: " in (tmp_path / "content/articles/t.md").read_text()
    other = tmp_path / "other"
    other.mkdir()
    assert run(other, data, public=True).staff == 0


def test_links_to_old_sections_and_forms_lead_to_pages_here(tmp_path: Path) -> None:
    links = "".join(
        f'<a href="https://help.example.com/hc/en-us/{path}">x</a> '
        for path in ("sections/11-Orders", "categories/1", "requests/new", "sections/99")
    )
    article = {**EXPORT["articles"][0], "body": f"<p>{links}</p>"}
    run(tmp_path, {**EXPORT, "articles": [article]})
    text = (tmp_path / "content/articles/shop/orders-more/track-your-order.md").read_text()
    assert (
        "[x](/shop/orders-more/) [x](/shop/) [x](/contact/) [x](https://help.example.com/hc/en-us/sections/99)" in text
    )


def test_pictures_come_from_a_folder(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "A.png").write_bytes(b"picture")
    done = run(tmp_path, media=tmp_path / "pictures")
    (path,) = done.media
    assert (tmp_path / path).read_bytes() == b"picture"
    assert path.startswith("content/articles/shop/orders-more/media/a-")
    text = (tmp_path / "content/articles/shop/orders-more/track-your-order.md").read_text()
    assert f"![]({path.removeprefix('content/articles/shop/orders-more/')})" in text
    assert done.missing_files == ()
    assert run(tmp_path, media=tmp_path / "pictures").media == ()


class Host(BaseHTTPRequestHandler):
    """The old host: a picture, a page that says it is one, one too large, one cut off, and redirects."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        kinds = {
            "a.png": ("image/png", b"p"),
            "b.png": ("text/html", b"<p>"),
            "c.png": ("image/png", b"x" * (LIMIT + 1)),
            "cut.png": ("image/png", b"p"),
            "inside.png": ("image/png", b""),
            "file.png": ("image/png", b""),
            "secret.png": ("image/png", b"secret"),
        }
        name = self.path.rpartition("/")[2].partition("?")[0]
        kind, data = kinds[name]
        inside = f"http://localhost:{self.headers['host'].rpartition(':')[2]}/secret.png"
        place = {"inside.png": inside, "file.png": "file:///etc/hosts"}.get(name)
        self.send_response(302 if place else 200)
        if place:
            self.send_header("location", place)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data) + (name == "cut.png")))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


def test_a_download_asks_the_old_host_only_and_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "is_public", lambda _: True)
    Host.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Host) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}/hc"
        names = ("a", "b", "c", "cut", "inside", "file")
        pictures = [f"{base}/attachments/{name}.png?signature=1" for name in names]
        pictures += ["http://other.example/d.png", f"{base}/attachments/a b.png"]
        body = "".join(f'<img src="{url}">' for url in pictures)
        article = {"id": 1, "title": "T", "html_url": f"{base}/articles/1", "user_segment_id": None, "body": body}
        done = run(tmp_path, {"articles": [article]}, download=True)
        again = run(tmp_path, {"articles": [article]}, download=True)
        server.shutdown()
    assert [Path(path).suffix for path in done.media] == [".png"]
    assert set(done.missing_files) == set(pictures[1:])
    assert again.media == ()
    assert [path for path in Host.asked if "a.png" in path] == ["/hc/attachments/a.png?signature=1"]
    assert not [path for path in Host.asked if "secret" in path]


def test_downloads_end_at_a_sum_and_go_on_in_the_next_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "DOWNLOADS", 10)
    monkeypatch.setattr(web, "fetch", lambda *_, **__: (b"12345678", "image/png"))
    pictures = "".join(f'<img src="https://x.zendesk.com/article_attachments/{name}.png">' for name in "abcd")
    article = {"id": 1, "title": "T", "user_segment_id": None, "body": pictures}
    first = run(tmp_path, {"articles": [article]}, download=True)
    assert (len(first.media), len(first.missing_files)) == (2, 2)
    assert first.losses[""] == {"file beyond 1 GB of downloads: import again to go on": 2}
    second = run(tmp_path, {"articles": [article]}, download=True)
    assert (len(second.media), second.missing_files, second.losses) == (2, (), {})
    text = (tmp_path / "content/articles/t.md").read_text()
    assert text.count("](media/") == 4


def test_a_download_asks_no_private_host_whatever_the_export_calls_the_old_one(tmp_path: Path) -> None:
    Host.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Host) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        hosts = ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "user@127.0.0.1", "0", "2130706433")
        pictures = [f"http://{host}:{server.server_port}/attachments/secret.png" for host in hosts]
        articles = [
            {"id": number, "title": "T", "html_url": url, "user_segment_id": None, "body": f'<img src="{url}">'}
            for number, url in enumerate(pictures, start=1)
        ]
        done = run(tmp_path, {"articles": articles}, download=True)
        server.shutdown()
    assert Host.asked == []
    assert done.media == ()
    assert set(done.missing_files) == set(pictures)


def test_the_report_names_each_loss(tmp_path: Path) -> None:
    article = {
        "id": 1,
        "title": "T",
        "body": "<form>x</form><p><blink>y</blink>",
        "vote_sum": 3,
        "user_segment_id": None,
    }
    done = run(tmp_path, {"articles": [article], "count": 2})
    text = report(done)
    assert "| content/articles/t.md | <blink> kept as its text only; <form> kept as its text only; votes |" in text
    assert "| the export | article announced by the export and not in it (1 of 2) |" in text
    assert "votes: 1" in summary(done)


def test_an_article_without_text_is_a_draft(tmp_path: Path) -> None:
    done = run(tmp_path, {"articles": [{"id": 1, "title": "T", "body": None, "user_segment_id": None}]})
    assert done.losses == {"content/articles/t.md": {"no text: a draft": 1}}
    assert "draft: true" in (tmp_path / "content/articles/t.md").read_text()


def test_addresses_that_cannot_be_read_stay_as_they_are_written(tmp_path: Path) -> None:
    body = (
        '<p><a href="http://[x">a</a> <a href="https://help.example.com:99999/2">b</a> <img src="http://[x/a.png"></p>'
    )
    article = {"id": 1, "title": "T", "html_url": "http://[x", "body": body, "user_segment_id": None}
    run(tmp_path, {"articles": [article]})
    (written,) = (path.read_text() for path in tmp_path.rglob("content/articles/*.md"))
    assert "http://[x" in written
    assert "https://help.example.com:99999/2" in written


@pytest.mark.parametrize("strange", ["\ud800", "\0", "\x1b"])
def test_characters_that_no_text_file_may_have_are_left_out(tmp_path: Path, strange: str) -> None:
    article = {"id": 1, "title": f"Ti{strange}tle", "body": f"<p>wo{strange}rd</p>", "user_segment_id": None}
    run(tmp_path, {"articles": [article]})
    (written,) = (path.read_text(encoding="utf-8") for path in tmp_path.rglob("content/articles/**/*.md"))
    assert "Title" in written
    assert "word" in written
    assert strange not in written


def test_a_number_of_thousands_of_digits_is_refused_in_a_line(tmp_path: Path) -> None:
    export = tmp_path / "export.json"
    export.write_text('{"articles": [{"id": %s, "title": "T", "body": ""}]}' % ("1" * 5000))
    with pytest.raises(InputError, match="a number of thousands of digits"):
        import_export(tmp_path, Source("zendesk", export))
