"""From a folder of Markdown to a published site, and again after an edit."""

import errno
import json
import multiprocessing
import os
import re
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kb_builder.commands import build as build_module
from kb_builder.commands.build import build
from kb_builder.errors import FindingsError, InputError, LockedError, PublishError
from kb_builder.pages.markdown_copies import llms_full
from kb_builder.pipeline.centre import Centre
from kb_builder.publishing.publication import Publication
from kb_builder.system import filesystem
from tests.centres import MKDOCS, NOW, article, open_site, put, write
from tests.commands.builds import built, contents

pytestmark = pytest.mark.slow


def test_a_small_centre_becomes_a_site(centre: Path) -> None:
    done = built(centre)
    page = (centre / "site/faq/orders/cancel-an-order/index.html").read_text()
    assert done.articles == 4
    assert done.rendered == done.pages
    assert "You can cancel free of charge until the parcel leaves us." in page
    assert 'href="../../../policies/refunds/#how-long"' in page
    assert "+44 20 7946 0000" in page
    assert "stop my order" not in page
    assert not done.findings or {finding.severity for finding in done.findings} == {"note"}


def test_every_article_of_a_big_centre_has_its_page_and_its_place(tmp_path: Path) -> None:
    files = {f"faq/topic-{n % 3}/number-{n:03d}": article(f"number-{n:03d}", f"Question {n}?") for n in range(150)}
    write(tmp_path, files)
    done = built(tmp_path, jobs=2)
    assert done.articles == 150
    listed = (tmp_path / "site/all/index.html").read_text()
    for n in range(150):
        assert (tmp_path / f"site/faq/topic-{n % 3}/number-{n:03d}/index.html").exists()
        assert f"../faq/topic-{n % 3}/number-{n:03d}/" in listed


def test_text_that_may_be_for_staff_is_not_published_and_leaves_the_old_site(tmp_path: Path) -> None:
    write(tmp_path, {"faq/returns": article("returns", "Returns", "Send it.\n\n!!! staff\n    Ask twice.\n")})
    built(tmp_path)
    before = contents(tmp_path / "site")
    for unclear in ("!!! staff\n    Ask twice.\nRefund up to 50.", "!!! staff\n\nRefund up to 50."):
        put(tmp_path, "content/articles/faq/returns.md", article("returns", "Returns", f"Send it.\n\n{unclear}\n"))
        with pytest.raises(InputError, match="below a block for staff and not in it"):
            built(tmp_path)
        assert contents(tmp_path / "site") == before


def test_text_for_staff_in_a_file_that_an_article_includes_is_not_published(tmp_path: Path) -> None:
    config = MKDOCS + "markdown_extensions: [pymdownx.snippets]\n"
    write(tmp_path, {"faq/fees": article("fees", "Fees", 'Ten pounds.\n\n--8<-- "fee.md"\n')})
    put(tmp_path, "mkdocs.yml", config)
    put(tmp_path, "fee.md", "Five for members.\n")
    built(tmp_path)
    before = contents(tmp_path / "site")
    put(tmp_path, "fee.md", "Five for members.\n\n!!! staff\n    Waive it for friends.\n")
    with pytest.raises(InputError, match="it is a draft, or has text for staff"):
        built(tmp_path)
    assert contents(tmp_path / "site") == before


def test_no_worker_outlives_a_build_that_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {f"faq/number-{n:03d}": article(f"number-{n:03d}", f"Question {n}?") for n in range(150)})
    left: list[object] = []

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def unlock(descriptor: int) -> None:
        left.extend(multiprocessing.active_children())
        os.close(descriptor)

    (tmp_path / ".site.builds").mkdir()
    put(tmp_path, ".site.builds/.gitignore", "*")
    monkeypatch.setattr(filesystem, "unlock", unlock)
    monkeypatch.setattr(filesystem, "write_bytes", full)
    with pytest.raises(PublishError, match="no space left"):
        built(tmp_path, jobs=2, cache=False)
    assert left == []


def test_what_a_build_made_of_what_stands_in_its_record_alone(centre: Path) -> None:
    built(centre)
    shutil.rmtree(centre / ".kb")
    again = built(centre)
    assert again.rendered == 0
    built(centre, cache=False)
    (record,) = sorted((centre / ".site.builds").glob("*.json"))[-1:]
    record.write_bytes(record.read_bytes().replace(b"index.html", b"index.htmx"))
    again = built(centre)
    assert again.rendered == again.pages


def test_a_file_that_was_not_planned_stops_the_build(centre: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built(centre)
    before = contents(centre / "site")
    stage = build_module._stage

    def stage_and_plant(of: Centre, publication: Publication) -> int:
        made = stage(of, publication)
        (publication.root / "planted.html").write_text("not ours")
        return made

    monkeypatch.setattr(build_module, "_stage", stage_and_plant)
    with pytest.raises(PublishError, match=r"planted\.html was not planned"):
        built(centre)
    assert contents(centre / "site") == before


def test_a_site_for_staff_is_made_of_what_staff_see_and_of_nothing_else(centre: Path) -> None:
    site = open_site(centre, staff=True)
    with (
        Publication.of(site.project.settings, centre / "site") as publication,
        pytest.raises(ValueError, match="for the public can't be made"),
    ):
        build(site, publication)
    assert not (centre / "site").exists()


def test_an_error_in_the_content_publishes_nothing(centre: Path) -> None:
    built(centre)
    before = contents(centre / "site")
    put(centre, "content/articles/faq/broken.md", "---\nid: broken\ntile: Broken\n---\nText\n")
    with pytest.raises(InputError) as caught:
        built(centre)
    assert 'content/articles/faq/broken.md:3: error: unknown key "tile"' in str(caught.value)
    assert 'did you mean "title"?' in str(caught.value)
    assert contents(centre / "site") == before


def test_strict_publishes_nothing_when_there_is_a_warning(centre: Path) -> None:
    put(centre, "content/articles/faq/gone.md", article("gone", body="[x](nowhere.md)\n", answer="Yes.", owner="Me"))
    with pytest.raises(FindingsError) as caught:
        built(centre, strict=True)
    assert "broken-link" in {finding.code for finding in caught.value.findings}
    assert not (centre / "site").exists()
    assert "broken-link" in {finding.code for finding in built(centre).findings}


def test_while_another_build_holds_the_lock_this_one_says_so(centre: Path) -> None:
    built(centre)
    before = contents(centre / "site")
    holder = Publication(centre / "site", project=centre, content=centre / "content")
    with holder, pytest.raises(LockedError):
        built(centre)
    assert contents(centre / "site") == before


def test_drafts_are_in_a_preview_only(centre: Path) -> None:
    put(centre, "content/articles/faq/soon.md", article("soon", "Soon to come", draft="true"))
    built(centre)
    assert not (centre / "site/faq/soon").exists()
    built(centre, preview=True, target="preview")
    page = (centre / "preview/faq/soon/index.html").read_text()
    assert "Soon to come" in page
    assert 'content="noindex"' in page


def test_a_link_to_a_draft_is_an_error(centre: Path) -> None:
    put(centre, "content/articles/faq/soon.md", article("soon", draft="true"))
    put(centre, "content/articles/faq/link.md", article("link", body="See [soon](soon.md).\n"))
    with pytest.raises(InputError, match=r"link\.md:6: error: links to .soon\.md., which is not published"):
        built(centre)


def test_scheduled_and_expired_articles_come_and_go_with_the_clock(centre: Path) -> None:
    day = timedelta(days=1)
    put(
        centre, "content/articles/faq/sale.md",
        article("sale", publish_date=(NOW + day).isoformat(), expiry_date=(NOW + 3 * day).isoformat()),
    )  # fmt: skip
    for after, shown in ((0, False), (2, True), (4, False)):
        built(centre, now=NOW + after * day)
        page = centre / "site/faq/sale/index.html"
        assert (page.exists() and 'data-article="sale"' in page.read_text()) is shown
    assert "This answer was withdrawn on 24 November 2026" in page.read_text()


def test_a_clock_that_runs_backwards_lifts_no_embargo_unless_asked_to(centre: Path) -> None:
    put(centre, "content/articles/faq/sale.md", article("sale", expiry_date=NOW.isoformat()))
    hour = timedelta(hours=1)
    built(centre)
    before = contents(centre / "site")
    with pytest.raises(InputError, match="set the clock right"):
        built(centre, now=NOW - hour)
    assert contents(centre / "site") == before
    built(centre, now=NOW - hour, clock_given=True)
    assert (centre / "site/faq/sale/index.html").exists()
    built(centre, now=NOW - hour / 2)


def test_redirects_and_short_links_lead_to_the_article(centre: Path) -> None:
    built(centre)
    for old in ("faq/stop-an-order", "a/cancel-an-order"):
        redirect = (centre / f"site/{old}/index.html").read_text()
        assert "faq/orders/cancel-an-order/" in redirect
        assert 'content="noindex"' in redirect


def test_pictures_are_published_under_their_content_with_their_size(centre: Path) -> None:
    built(centre)
    page = (centre / "site/faq/returns/return-an-item/index.html").read_text()
    (picture,) = (centre / "site/media").resolve().glob("*/label.svg")
    assert f"media/{picture.parent.name}/label.svg" in page
    assert 'width="30" height="20"' in page


def test_the_api_lists_what_is_public(centre: Path) -> None:
    put(centre, "content/articles/faq/inside.md", article("inside", audience="staff"))
    built(centre)
    articles = json.loads((centre / "site/api/articles.json").read_text())["articles"]
    assert {entry["id"] for entry in articles} == {"cancel-an-order", "track-an-order", "return-an-item", "refunds"}


def test_staff_see_staff_articles_in_their_own_site(centre: Path) -> None:
    put(centre, "content/articles/faq/inside.md", article("inside", "Goodwill credit", audience="staff"))
    built(centre, staff=True, target="staff")
    page = (centre / "staff/faq/inside/index.html").read_text()
    assert "Goodwill credit" in page
    assert 'content="noindex"' in page
    assert "Disallow: /" in (centre / "staff/robots.txt").read_text()


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati"])
def test_the_same_input_gives_the_same_bytes(centre: Path, zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    built(centre, cache=False)
    before = contents(centre / "site")
    monkeypatch.setenv("TZ", zone)
    built(centre, now=datetime.fromtimestamp(NOW.timestamp(), UTC), cache=False, jobs=2, target="other")
    assert contents(centre / "other") == before


def test_an_empty_content_folder_and_a_missing_contact_file_are_one_clear_line_each(tmp_path: Path) -> None:
    put(tmp_path, "mkdocs.yml", MKDOCS)
    (tmp_path / "content").mkdir()
    with pytest.raises(InputError, match=r"content/contact\.yml: error:"):
        built(tmp_path)
    write(tmp_path, {})
    with pytest.raises(InputError, match="there are no articles"):
        built(tmp_path)
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("wrong", ["content/contact.yml", "mkdocs.yml"])
def test_an_unusable_file_hides_no_other_error_from_a_build(centre: Path, wrong: str) -> None:
    put(centre, "content/articles/faq/broken.md", "---\ntile: Broken\n---\nText\n")
    texts = {"content/contact.yml": "channels: []\n", "mkdocs.yml": MKDOCS.replace("- kb", "- kb: {brand: mauve-ish}")}
    put(centre, wrong, texts[wrong])
    with pytest.raises(InputError) as caught:
        built(centre, jobs=2)
    assert "content/articles/faq/broken.md:2: error:" in str(caught.value)
    assert f"{wrong}:" in str(caught.value)


def test_the_copies_of_all_listed_articles_are_in_one_file_too(centre: Path) -> None:
    put(centre, "content/articles/faq/quiet.md", article("quiet", body="Not listed.\n", unlisted=True))
    built(centre)
    whole = (centre / "site/llms-full.txt").read_bytes()
    copies = {path: path.read_bytes() for path in (centre / "site").resolve().rglob("index.md")}
    assert {path.parent.name for path, text in copies.items() if text not in whole} == {"quiet"}
    assert len(copies) == 5
    assert (centre / "site/favicon.ico").read_bytes().startswith(b"\0\0\1\0")


def test_the_copies_are_joined_again_only_when_one_or_the_name_changes(
    centre: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    joined: list[str] = []

    def join(name: str, copies: Iterable[bytes]) -> bytes:
        joined.append(name)
        return llms_full(name, copies)

    monkeypatch.setattr(build_module, "llms_full", join)
    built(centre)
    assert joined == ["Corner Shop"]
    built(centre)
    assert joined == ["Corner Shop"]
    for path, text in (
        ("content/articles/faq/gifts.md", article("gifts", body="In paper.\n")),
        ("content/articles/faq/gifts.md", article("gifts", body="In cloth.\n")),
        ("content/articles/faq/gifts.md", article("gifts", body="In cloth.\n", unlisted=True)),
        ("mkdocs.yml", MKDOCS.replace("Corner Shop", "Shop at the Corner")),
    ):
        put(centre, path, text)
        built(centre)
        kept = (centre / "site/llms-full.txt").read_bytes()
        built(centre, cache=False)
        assert (centre / "site/llms-full.txt").read_bytes() == kept
    assert joined[1:] == ["Corner Shop"] * 6 + ["Shop at the Corner"] * 2


def shared_image(root: Path, page: str) -> str:
    """Site path of the preview image that a page names."""
    found = re.search(
        r'<meta property="og:image" content="https://help\.example\.com/([^"]+)">', (root / page).read_text()
    )
    assert found is not None
    return found[1]


def test_every_article_has_a_preview_image_on_request(centre: Path) -> None:
    put(centre, "content/articles/faq/far.md", article("far", "設定"))
    put(centre, "mkdocs.yml", MKDOCS.replace("- kb", "- kb: {social: {articles: true}}", 1))
    built(centre)
    site = centre / "site"
    own = shared_image(site, "faq/orders/cancel-an-order/index.html")
    of_site = shared_image(site, "index.html")
    assert (site / own).read_bytes().startswith(b"\x89PNG")
    assert shared_image(site, "a/cancel-an-order/index.html") == own
    assert shared_image(site, "faq/orders/track-an-order/index.html") not in (own, of_site)
    assert shared_image(site, "faq/far/index.html") == shared_image(site, "contact/index.html") == of_site
    before = contents(site)
    built(centre, cache=False)
    assert contents(site) == before
    built(centre, staff=True, target="staff-site")
    assert len(list((centre / "staff-site/media/preview").iterdir())) == 1


def test_articles_share_the_preview_image_of_the_site(centre: Path) -> None:
    built(centre)
    site = centre / "site"
    image = shared_image(site, "index.html")
    assert shared_image(site, "faq/orders/cancel-an-order/index.html") == image
    assert shared_image(site, "a/cancel-an-order/index.html") == image
    assert [path.name for path in (site / "media/preview").iterdir()] == [image.rpartition("/")[2]]
