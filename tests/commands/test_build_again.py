"""A build after another gives what a build from nothing gives: after any edit, with any cache, on a damaged site."""

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kb_builder.commands.build import Built
from kb_builder.commands.check import check
from kb_builder.system import source_files
from kb_builder.system.cache import RUNS_KEPT
from kb_builder.system.cache_keys import code_fingerprint
from kb_builder.system.store import Store
from tests.centres import MKDOCS, NOW, SMALL, article, open_site, promise_the_same, put, write
from tests.commands.builds import built, contents
from tests.flipped_bit import flip

pytestmark = pytest.mark.slow


def test_a_second_build_renders_nothing_and_changes_no_byte(centre: Path) -> None:
    built(centre)
    before = contents(centre / "site")
    again = built(centre)
    assert (again.rendered, again.reused) == (0, again.pages)
    assert contents(centre / "site") == before


def test_one_edit_gives_what_a_build_from_nothing_gives(centre: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    built(centre)
    put(centre, "content/articles/faq/orders/track-an-order.md", article("track-an-order", "Where is it?", "New.\n"))
    again = built(centre)
    assert 0 < again.rendered < again.pages
    scratch = write(tmp_path_factory.mktemp("scratch"), SMALL)
    put(scratch, "content/articles/faq/orders/track-an-order.md", article("track-an-order", "Where is it?", "New.\n"))
    built(scratch, cache=False, jobs=2)
    assert contents(centre / "site") == contents(scratch / "site")


def test_what_edits_leave_alone_is_kept_however_many_they_are(centre: Path) -> None:
    built(centre)
    for number in range(RUNS_KEPT + 2):
        text = str(SMALL["faq/orders/track-an-order"])
        put(centre, "content/articles/faq/orders/track-an-order.md", f"{text}\nEdit {number}.\n")
        assert built(centre).rendered == 1


EDITS = {
    "the title of a neighbour": ("faq/orders/track-an-order", "Where is my parcel?", "Where on earth is it?"),
    "an answer": ("faq/orders/cancel-an-order", "answer: ", "answer: Really. "),
    "the id": ("faq/orders/track-an-order", "id: track-an-order", "id: find-an-order\nredirect_from: [track-an-order]"),
    "an article goes for staff only": ("faq/orders/track-an-order", "title:", "audience: staff\ntitle:"),
    "an old address": ("faq/orders/track-an-order", "title:", "redirect_from: [old/place]\ntitle:"),
    "related by hand": ("faq/orders/cancel-an-order", "title:", "related: [track-an-order]\ntitle:"),
    "a review": ("policies/refunds", "title:", "last_reviewed_on: 2026-10-02\ntitle:"),
    "unlisted": ("policies/refunds", "title:", "unlisted: true\ntitle:"),
    "another order": ("faq/orders/track-an-order", "title:", "order: 1\ntitle:"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_whatever_is_edited_gives_what_a_build_from_nothing_gives(
    edit: str, centre: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path, old, new = EDITS[edit]
    before = str(SMALL[path])
    assert old in before
    built(centre)
    scratch = write(tmp_path_factory.mktemp("scratch"), SMALL)
    for root in (centre, scratch):
        put(root, f"content/articles/{path}.md", before.replace(old, new, 1))
    promise_the_same(centre, scratch)
    built(centre)
    built(scratch, cache=False)
    assert contents(centre / "site") == contents(scratch / "site")


@pytest.mark.parametrize("how", ["another project's", "cut short", "of a copy", "with other bytes"])
def test_whatever_the_cache_is_it_gives_what_a_build_from_nothing_gives(
    how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_files, "SETTLED", -(10**9))  # so what was written a moment ago counts as unchanged
    here, there = write(tmp_path / "here", SMALL), write(tmp_path / "there", SMALL)
    for path in (there / "content/articles").rglob("*.md"):
        path.write_text(path.read_text().replace("parcel", "packet"))
    built(there)
    expected = contents(there / "site")
    built(here)
    database = there / ".kb/cache.sqlite"
    if how == "another project's":
        shutil.copy(here / ".kb/cache.sqlite", database)
    elif how == "of a copy":
        shutil.rmtree(there / ".kb")
        shutil.copytree(here / ".kb", there / ".kb")
        for path in (here / "content/articles").rglob("*.md"):
            os.utime(there / path.relative_to(here), ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    else:
        data = bytearray(database.read_bytes())
        half = len(data) // 2
        data[half:] = b"" if how == "cut short" else bytes(byte ^ 1 for byte in data[half:])
        database.write_bytes(data)
    built(there)
    assert contents(there / "site") == expected


def test_an_edit_and_its_undoing_give_the_first_site(centre: Path) -> None:
    built(centre)
    before = contents(centre / "site")
    file = centre / "content/articles/faq/orders/track-an-order.md"
    first = file.read_text()
    file.write_text(first + "\nNew.\n")
    built(centre)
    assert contents(centre / "site") != before
    file.write_text(first)
    built(centre)
    assert contents(centre / "site") == before


def test_of_a_removed_article_nothing_is_left_but_the_notice_at_its_addresses(centre: Path) -> None:
    built(centre)
    before = (centre / "site/faq/orders/track-an-order/index.html").read_text()
    (centre / "content/articles/faq/orders/track-an-order.md").unlink()
    put(centre, "content/redirects.yml", "track-an-order: {gone: We deliver by drone., withdrawn: 2026-03-03}\n")
    built(centre)
    addresses = {
        "a/track-an-order/index.html",
        "faq/orders/track-an-order/index.html",
        "faq/orders/track-an-order/index.md",
    }
    found = contents(centre / "site")
    assert {path for path in found if "track-an-order" in path} == {*addresses, "track-an-order/index.html"}
    for path in addresses:
        page = (centre / "site" / path).read_text()
        assert "withdrawn on 3 March 2026" in page
        assert "Where is my parcel?" in before
        assert "Where is my parcel?" not in page
    for path in ("sitemap.xml", "llms.txt", "api/articles.json"):
        assert "track-an-order" not in (centre / "site" / path).read_text()


def test_a_library_installed_between_two_builds_changes_the_result(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {
        name: article(name, f"About {name}", asked_as=[f"{word} {name}" for word in "where how when why who".split()])
        for name in ("parcels", "refunds", "vouchers")
    }
    root = write(tmp_path, asked)
    with monkeypatch.context() as without:
        without.setattr("search_index.linear_machine.find_spec", lambda _: None)
        untrained = {finding.code for finding in built(root).findings}
    installed = tmp_path_factory.mktemp("installed")
    (installed / "scikit_learn-99.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(str(installed))
    code_fingerprint.cache_clear()
    trained = {finding.code for finding in built(root).findings}
    scratch = write(tmp_path_factory.mktemp("scratch"), asked)
    built(scratch, cache=False)
    code_fingerprint.cache_clear()
    assert untrained - trained == {"search-not-trained"}
    assert contents(root / "site") == contents(scratch / "site")


PAGE = "faq/orders/cancel-an-order/index.html"


def damage(done: Built) -> list[str]:
    return [finding.path for finding in done.findings if finding.code == "damaged-file"]


def test_a_build_without_the_cache_finds_and_mends_a_bit_that_turned_over(centre: Path) -> None:
    built(centre)
    right = contents(centre / "site")
    flip(centre / "site" / PAGE, 300)
    assert damage(built(centre, cache=False)) == [f"site/{PAGE}"]
    assert contents(centre / "site") == right
    assert damage(built(centre, cache=False)) == []


def test_within_eight_days_a_bit_that_turned_over_is_mended(centre: Path) -> None:
    built(centre)
    flip(centre / "site" / PAGE, 300)
    found = []
    for day in range(1, 9):
        found += damage(built(centre, now=NOW + timedelta(days=day)))
        again = built(centre, now=NOW + timedelta(days=day, minutes=1))
        assert damage(again) == []
    assert found == [f"site/{PAGE}"]
    assert contents(centre / "site") == contents_of_a_new_build(centre, NOW + timedelta(days=8, minutes=1))


def contents_of_a_new_build(centre: Path, now: datetime) -> dict[str, str]:
    built(centre, now=now, cache=False, target="other")
    return contents(centre / "other")


def test_a_look_at_every_published_file_names_the_damaged_one_and_the_next_build_mends_it(centre: Path) -> None:
    built(centre)
    right = contents(centre / "site")
    flip(centre / "site" / PAGE, 300)

    def found(*, every_file: bool) -> list[tuple[str, str]]:
        site = open_site(centre, NOW, store=Store(centre / ".kb"))
        findings = check(site, every_file=every_file)
        return [(finding.path, finding.code) for finding in findings if finding.code == "damaged-file"]

    assert found(every_file=False) == []
    assert found(every_file=True) == [(f"site/{PAGE}", "damaged-file")]
    built(centre)
    assert contents(centre / "site") == right
    assert found(every_file=True) == []


def test_a_page_changes_with_a_file_that_it_includes(centre: Path) -> None:
    put(centre, "mkdocs.yml", MKDOCS + "markdown_extensions: [pymdownx.snippets]\n")
    put(centre, "content/articles/faq/fees.md", article("fees", "Fees") + '\n--8<-- "parts/fee.txt"\n')
    for fee in ("five", "six"):
        put(centre, "parts/fee.txt", f"The fee is {fee} pounds for everybody who asks.\n")
        built(centre)
        assert f"The fee is {fee} pounds" in (centre / "site/faq/fees/index.html").read_text()
        assert f"The fee is {fee} pounds" in (centre / "site/faq/fees/index.md").read_text()
