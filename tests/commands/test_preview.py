"""The preview of ``kb serve``: what each page shows its editor, without a build."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kb_builder.commands.preview import RELOAD, Preview, application
from tests.centres import MKDOCS, SMALL, article, header, open_site, put, write

TRACK = "content/articles/faq/orders/track-an-order.md"
TRACK_URL = "faq/orders/track-an-order/"
GERMAN = header(title="Wo ist mein Paket?", draft="true") + "\nFolgen Sie dem Link.\n"
BELOW = MKDOCS.replace("https://help.example.com/", "https://example.com/help/")


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    return write(tmp_path, SMALL)


def preview_of(centre: Path, **options: Any) -> Preview:
    preview = Preview(lambda: open_site(centre, preview=True, **options), centre)
    preview.update()
    return preview


def shown(preview: Preview, url: str) -> str:
    return preview.answer(url).data.decode()


def test_a_page_is_that_of_a_build_with_a_strip_and_a_script(centre: Path) -> None:
    preview = preview_of(centre)
    site = open_site(centre, preview=True)
    built = site.rendered.make([f"{TRACK_URL}index.html"])[0].decode()
    start, end = built.index('<a class="kb-skip"'), built.index("</body>")
    assert built[start:end] in shown(preview, TRACK_URL)
    cancel = "content/articles/faq/orders/cancel-an-order.md"
    assert f"<code>{cancel}</code> Nothing to fix." in shown(preview, "faq/orders/cancel-an-order/")
    assert "kb-preview" not in built


def test_every_file_of_a_build_is_answered_with_its_bytes(centre: Path) -> None:
    preview = preview_of(centre)
    site = open_site(centre, preview=True)
    files = dict(site.files)
    for output in (site.copies.output, site.previews.output):
        paths = list(output.keys)
        files |= dict(zip(paths, output.make(paths), strict=True))
    assert {path: preview.answer(path).data for path in files} == files
    assert preview.answer("llms-full.txt").data.startswith(b"#")


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ({"draft": "true"}, "A draft: take draft: true out to publish it."),
        ({"publish_date": "2026-12-05 09:00"}, "Not published before 5 December 2026, 09:00."),
        ({"expiry_date": "2026-11-02 00:00"}, "Expired on 2 November 2026, 00:00."),
    ],
)
def test_what_the_public_does_not_see_is_marked(centre: Path, state: dict[str, str], told: str) -> None:
    put(centre, "content/articles/faq/x.md", article("x", **state))
    assert told in shown(preview_of(centre), "faq/x/")


def test_an_announcement_of_the_future_is_marked(centre: Path) -> None:
    text = "---\ntitle: Strike\nseverity: warning\nstart: 2026-12-24\nsummary: No parcels.\n---\n\nNo parcels.\n"
    put(centre, "content/announcements/strike.md", text)
    assert "Not published before 24 December 2026, 00:00." in shown(preview_of(centre), "announcements/strike/")


def test_an_article_for_staff_is_shown_to_staff_and_named_to_others(centre: Path) -> None:
    put(centre, "content/articles/faq/x.md", article("x", "Limits", "Up to 50 pounds.\n", audience="staff"))
    hidden = preview_of(centre).answer("faq/x/")
    assert hidden.status.startswith("404")
    assert "For staff only. To see it: kb serve --audience staff" in hidden.data.decode()
    assert "50 pounds" not in hidden.data.decode()
    seen = shown(preview_of(centre, staff=True), "faq/x/")
    assert "For staff only." in seen
    assert "50 pounds" in seen


def test_the_pages_for_staff_lead_to_replies_instead_of_to_channels(centre: Path) -> None:
    put(centre, "content/articles/faq/x.md", article("x", body="[Ask us](/contact/).\n", answer="Yes."))
    page, internal = (shown(preview_of(centre, staff=staff), "faq/x/") for staff in (False, True))
    for channels in ('id="kb--contact"', 'href="#kb--contact"', 'class="kb-card"', "Call us:"):
        assert channels in page, channels
        assert channels not in internal, channels
    assert "Did this help?" not in internal
    assert "?reply=x" in internal
    assert 'href="../../contact/">Ask us</a>' in internal
    for_staff = preview_of(centre, staff=True)
    assert 'id="kb--contact"' in shown(for_staff, "contact/")
    assert 'href="#kb--contact"' not in shown(for_staff, "search/")


def test_the_findings_of_an_article_are_on_its_page_only(centre: Path) -> None:
    put(centre, "content/articles/faq/x.md", article("x", body="Fill in <form> now.\n\n[Nowhere][nope]\n"))
    preview = preview_of(centre)
    page = shown(preview, "faq/x/")
    assert "<code>content/articles/faq/x.md</code>" in page
    assert "line 6: &lt;form&gt; is removed" in page
    assert "line 8: [Nowhere][nope] is shown as text" in page
    assert "[nope]" not in shown(preview, TRACK_URL)


def test_what_a_file_says_never_becomes_markup_of_the_strip(centre: Path) -> None:
    put(centre, "content/articles/faq/x.md", '---\nid: x\ntitle: X\n"<script>alert(1)</script>": y\n---\n\nText.\n')
    preview = preview_of(centre)
    page = shown(preview, "faq/x/")
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_a_broken_header_is_a_page_that_shows_its_lines(centre: Path) -> None:
    preview = preview_of(centre)
    put(centre, TRACK, "---\nid: track-an-order\ntitel: Oops <b>\n---\n\nText.\n")
    preview.update()
    broken = preview.answer(TRACK_URL)
    assert broken.status.startswith("500")
    page = broken.data.decode()
    assert "This page can’t be shown yet" in page
    assert f"<code>{TRACK}:3</code>" in page
    assert "<mark>   3  titel: Oops &lt;b&gt;</mark>" in page
    other = preview.answer("faq/orders/")
    assert other.status.startswith("200")
    assert "This is the last version without errors." in other.data.decode()
    assert f"<code>{TRACK}:3</code>" in other.data.decode()
    put(centre, TRACK, article("track-an-order", "Track it"))
    preview.update()
    assert "Track it" in shown(preview, TRACK_URL)
    assert "last version without errors" not in shown(preview, "faq/orders/")


def test_a_new_file_that_is_broken_has_a_page_too(centre: Path) -> None:
    preview = preview_of(centre)
    put(centre, "content/articles/faq/new one.md", "---\ntitle: [\n---\n\nText.\n")
    preview.update()
    assert "can’t be shown yet" in shown(preview, "faq/new-one/")


def test_a_preview_that_begins_with_an_error_says_so_everywhere(centre: Path) -> None:
    put(centre, "content/contact.yml", "channels: 5\n")
    preview = preview_of(centre)
    assert not preview.works
    for url in ("", TRACK_URL, "kb.css"):
        assert "<code>content/contact.yml" in shown(preview, url)
    write(centre, SMALL)
    preview.update()
    assert preview.answer("").status.startswith("200")


def test_settings_that_break_while_it_runs_are_said_too(centre: Path) -> None:
    preview = preview_of(centre)
    put(centre, "mkdocs.yml", "site_name: [\n")
    preview.update()
    assert "This is the last version without errors." in shown(preview, TRACK_URL)


def test_a_renamed_article_is_found_at_its_new_address(centre: Path) -> None:
    preview = preview_of(centre)
    for name in ("where-is-it", "find-my-parcel"):
        file = next(file for file in (centre / "content").rglob("*.md") if "id: track-an-order\n" in file.read_text())
        file.rename(file.with_name(f"{name}.md"))
        preview.update()
    there = preview.answer(TRACK_URL)
    assert (there.status, there.location) == ("302 Found", "faq/orders/find-my-parcel/")
    assert preview.answer("faq/orders/where-is-it/").location == "faq/orders/find-my-parcel/"


def test_a_page_that_was_missing_comes_back(centre: Path) -> None:
    preview = preview_of(centre)
    missing = preview.answer("faq/soon/")
    assert missing.status.startswith("404")
    assert preview.version in missing.data.decode()
    put(centre, "content/articles/faq/soon.md", article("soon"))
    before = preview.version
    preview.update()
    assert preview.wait(before) == preview.version != before
    assert preview.answer("faq/soon/").status.startswith("200")
    assert preview.answer("faq/soon").location == "faq/soon/"


def test_each_language_is_shown_with_its_own_files(tmp_path: Path) -> None:
    languages = MKDOCS.replace("- kb", "- kb: {languages: [en, de]}")
    preview = preview_of(write(tmp_path, {**SMALL, "faq/orders/track-an-order.de": GERMAN}, mkdocs=languages))
    assert "content/articles/faq/orders/track-an-order.de.md" in shown(preview, f"de/{TRACK_URL}")
    assert "A draft" in shown(preview, f"de/{TRACK_URL}")
    missing = preview.answer("de/faq/nowhere/")
    assert missing.status.startswith("404")
    assert 'lang="de"' in missing.data.decode()[:200]
    assert preview.answer("de/llms-full.txt").status.startswith("200")
    put(tmp_path, "content/articles/faq/orders/track-an-order.de.md", "---\ntitel: x\n---\n\nText.\n")
    preview.update()
    assert "can’t be shown yet" in shown(preview, f"de/{TRACK_URL}")


def test_only_new_findings_are_reported(centre: Path) -> None:
    put(centre, "content/articles/faq/x.md", article("x", body="[a][nope]\n"))
    preview = Preview(lambda: open_site(centre, preview=True), centre)
    assert any("nope" in finding.message for finding in preview.update())
    put(centre, "content/articles/faq/x.md", article("x", body="One line more.\n\n[a][nope]\n"))
    assert preview.update() == ()
    put(centre, "content/articles/faq/y.md", article("y", body="[b][other]\n"))
    assert {finding.path for finding in preview.update()} == {"content/articles/faq/y.md"}


def test_two_processes_never_have_the_same_version(centre: Path) -> None:
    assert preview_of(centre).version != preview_of(centre).version


@pytest.fixture
def asked(tmp_path: Path) -> Callable[[str], tuple[str, dict[str, str], bytes]]:
    app = application(preview_of(write(tmp_path, SMALL, mkdocs=BELOW)), "/help/")

    def ask(path: str) -> tuple[str, dict[str, str], bytes]:
        heard: list[Any] = []
        data = b"".join(app({"PATH_INFO": path}, lambda status, headers: heard.extend((status, dict(headers)))))
        return heard[0], heard[1], data

    return ask


def test_the_preview_is_below_the_path_of_the_site(asked: Callable[[str], tuple[str, dict[str, str], bytes]]) -> None:
    status, headers, _ = asked("/")
    assert (status, headers["Location"]) == ("302 Found", "/help/")
    status, headers, page = asked(f"/help/{TRACK_URL}")
    assert (status, headers["Content-Type"]) == ("200 OK", "text/html; charset=utf-8")
    assert headers["Content-Length"] == str(len(page))
    assert asked("/help/" + TRACK_URL.rstrip("/"))[1]["Location"] == f"/help/{TRACK_URL}"
    status, _, page = asked("/help/nowhere/")
    assert status.startswith("404")
    assert b'href="/help/faq/orders/"' in page


def test_the_next_version_is_asked_for_at_the_root(asked: Callable[[str], tuple[str, dict[str, str], bytes]]) -> None:
    status, headers, version = asked(f"{RELOAD}old")
    assert (status, headers["Content-Type"]) == ("200 OK", "text/plain")
    assert version.decode() in asked("/help/")[2].decode()


def test_paths_that_are_no_text_are_not_found(asked: Callable[[str], tuple[str, dict[str, str], bytes]]) -> None:
    for path in ("/help/\xff\xfe/", "/help/../../mkdocs.yml", "/help//", "/help/%00"):
        assert asked(path)[0].startswith("404")
