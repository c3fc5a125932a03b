"""Addresses keep their promise from command to command: ``kb build``, ``kb links update``, ``kb mv``, ``kb rm``."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb_builder.commands.cli import commands
from tests.centres import CLOCK, SMALL, article, put, write

pytestmark = pytest.mark.slow


def kb(*words: str) -> Result:
    return CliRunner().invoke(
        commands, [*words, *(("--clock", CLOCK) if words[0] not in ("rollback", "schema") else ())]
    )


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(write(tmp_path, SMALL))
    return tmp_path


def published(root: Path, path: str) -> str:
    return (root / "site" / path).read_text()


def test_a_file_that_is_deleted_by_mistake_stops_the_build_and_kb_rm_says_it_is_meant(centre: Path) -> None:
    assert kb("build").exit_code == 0
    before = published(centre, "faq/orders/track-an-order/index.html")
    (centre / "content/articles/faq/orders/track-an-order.md").unlink()
    for command in ("build", "check"):
        refused = kb(command)
        assert refused.exit_code == 2
        assert '"/a/track-an-order/"' in refused.output
        assert '"/faq/orders/track-an-order/index.md"' in refused.output
    assert published(centre, "faq/orders/track-an-order/index.html") == before
    assert kb("rm", "track-an-order", "--replaced-by", "cancel-an-order").exit_code == 0
    assert kb("build").exit_code == 0
    notice = published(centre, "faq/orders/track-an-order/index.html")
    assert "withdrawn on 21 November 2026" in notice
    assert "How do I cancel an order?" in notice
    assert 'content="noindex"' in notice


def test_the_inventory_keeps_the_promise_where_nothing_was_built_before(centre: Path) -> None:
    printed = json.loads(kb("links", "update", "--json").stdout)
    assert "faq/orders/track-an-order/" in printed["added"]
    text = (centre / "content/links.csv").read_text()
    assert "/a/cancel-an-order/#before-it-ships,cancel-an-order#before-it-ships,2026-11-21,\n" in text
    assert kb("links", "update").output.endswith("next: commit content/links.csv\n")
    assert (centre / "content/links.csv").read_text() == text
    assert "inventory" not in kb("check").output
    shutil.move(
        centre / "content/articles/faq/orders/track-an-order.md", centre / "content/articles/faq/orders/track.md"
    )
    refused = kb("build")
    assert refused.exit_code == 2
    assert "redirect_from: [/faq/orders/track-an-order/]" in refused.output


def test_a_draft_gets_its_notice_and_a_link_to_it_a_warning(centre: Path) -> None:
    put(centre, "content/articles/faq/link.md", article("link", body="See [it](orders/track-an-order.md).\n",
                                                        related="[track-an-order]"))  # fmt: skip
    assert kb("build").exit_code == 0
    path = "content/articles/faq/orders/track-an-order.md"
    put(centre, path, str(SMALL["faq/orders/track-an-order"]).replace("title:", "draft: true\ntitle:"))
    assert kb("build").exit_code == 0
    assert 'href="../orders/track-an-order/"' in published(centre, "faq/link/index.html")
    assert "Where is my parcel?" not in published(centre, "faq/orders/track-an-order/index.html")
    assert published(centre, "faq/orders/track-an-order/index.md") == "This answer was withdrawn.\n"
    found = kb("check").output
    assert 'link.md:7: warning: links to "orders/track-an-order.md", which is withdrawn' in found
    assert 'the related article "track-an-order" is withdrawn' in found
    assert kb("links", "update").exit_code == 0
    assert (
        "/faq/orders/track-an-order/,track-an-order,2026-11-21,2026-11-21\n"
        in (centre / "content/links.csv").read_text()
    )


def test_a_folder_that_moves_keeps_its_list_its_copies_and_its_pictures(centre: Path) -> None:
    assert kb("links", "update").exit_code == 0
    moved = kb("mv", "faq/returns", "faq/send-back")
    assert "content/articles/faq/returns/label.svg → content/articles/faq/send-back/label.svg\n" in moved.output
    assert "content/redirects.yml (changed)\n" in moved.output
    assert kb("build").exit_code == 0
    assert 'href="../send-back/"' in published(centre, "faq/returns/index.html").replace(
        "../../faq/send-back/", "../send-back/"
    )
    old, new = (published(centre, f"faq/{folder}/return-an-item/index.md") for folder in ("returns", "send-back"))
    assert old == new
    media = [
        line.split(",")[0] for line in (centre / "content/links.csv").read_text().splitlines() if "/media/" in line
    ]
    assert media
    for address in media:
        assert (centre / f"site{address}").is_file()


def test_a_heading_that_moves_leads_on_and_without_a_record_stops_the_build(centre: Path) -> None:
    assert kb("links", "update").exit_code == 0
    path = centre / "content/articles/faq/orders/cancel-an-order.md"
    path.write_text(path.read_text().replace("## Before it ships", "## While we pack it"))
    refused = kb("build")
    assert refused.exit_code == 2
    assert '"/a/cancel-an-order/#before-it-ships" would die' in refused.output
    put(centre, "content/redirects.yml", "cancel-an-order#before-it-ships: cancel-an-order#while-we-pack-it\n"
                                         "cancel-an-order#prices: refunds#how-long\n")  # fmt: skip
    assert kb("build").exit_code == 0
    page = published(centre, "faq/orders/cancel-an-order/index.html")
    assert "&#34;before-it-ships&#34;: &#34;./#while-we-pack-it&#34;" in page
    assert "&#34;prices&#34;: &#34;../../../policies/refunds/#how-long&#34;" in page
    assert "data-anchors" in published(centre, "a/cancel-an-order/index.html")
    assert "data-anchors" not in published(centre, "policies/refunds/index.html")


def test_an_old_site_is_adopted_by_its_map(centre: Path) -> None:
    put(centre, "sitemap.xml", "<urlset><url><loc>https://old.example.com/hc/en-us/articles/360012345-Track-an-order</loc>"
                               "</url><url><loc>https://old.example.com/search?q=x</loc></url></urlset>")  # fmt: skip
    adopted = kb("links", "update", "--from", "sitemap.xml")
    assert "+ /hc/en-us/articles/360012345-Track-an-order/" in adopted.output
    assert "https://old.example.com/search?q=x can't be an address" in adopted.output
    refused = kb("check")
    assert refused.exit_code == 2
    assert "/hc/en-us/articles/360012345-Track-an-order/: track-an-order" in refused.output
    put(centre, "content/redirects.yml", "/hc/en-us/articles/360012345-Track-an-order/: track-an-order\n")
    assert kb("build").exit_code == 0
    assert "track-an-order" in published(centre, "a/360012345/index.html")


@pytest.mark.parametrize(("text", "said"), [
    ("", "this is not the sitemap of a site"),
    ("<sitemapindex><loc>https://x.example/a.xml</loc></sitemapindex>", "a sitemap index"),
])  # fmt: skip
def test_what_is_no_map(centre: Path, text: str, said: str) -> None:
    put(centre, "sitemap.xml", text)
    refused = kb("links", "update", "--from", "sitemap.xml")
    assert refused.exit_code == 2
    assert said in refused.output


def test_a_merge_conflict_in_the_inventory_loses_nothing(centre: Path) -> None:
    assert kb("links", "update").exit_code == 0
    path = centre / "content/links.csv"
    text = path.read_text()
    path.write_text(text + "<<<<<<< HEAD\n/old/,refunds,,\n=======\n/older/,refunds,,\n>>>>>>> other\n")
    assert "a merge conflict was left in this file" in kb("check").output
    assert kb("links", "update").exit_code == 0
    assert {"/old/,refunds,,", "/older/,refunds,,"} <= set(path.read_text().splitlines())
    assert "<<<<" not in path.read_text()


def test_the_id_of_a_withdrawn_article_tells_the_life_of_its_short_link(centre: Path) -> None:
    assert kb("links", "update").exit_code == 0
    assert kb("rm", "refunds", "--gone", "We stopped it.").exit_code == 0
    assert "a short link of refunds, public since 2026-11-21\n  shows a notice" in kb("explain", "refunds").output
    again = kb("rm", "refunds")
    assert again.exit_code == 2
    assert "content/redirects.yml:2: error: it is said already what became of" in again.output


def test_while_an_address_would_die_nothing_is_added_to_the_inventory(centre: Path) -> None:
    """What is refused is not public, and its addresses would settle the very mistake it is refused for."""
    assert kb("links", "update").exit_code == 0
    before = (centre / "content/links.csv").read_text()
    path = centre / "content/articles/faq/orders/cancel-an-order.md"
    heading = "## Before it ships\n"
    path.write_text(path.read_text().replace(heading, f"{heading}\nNew words.\n\n{heading}"))
    for _ in range(2):
        refused = kb("check")
        assert refused.exit_code == 2
        assert '"/a/cancel-an-order/#before-it-ships" was published for another heading' in refused.output
        assert "no new addresses while others would die" in kb("links", "update").output
        assert (centre / "content/links.csv").read_text() == before
    settled = path.read_text().replace(f"words.\n\n{heading}", "words.\n\n## Before it ships {#before-it-ships}\n")
    path.write_text(settled)
    assert kb("check").exit_code == 0
    assert "1 of them new" in kb("links", "update").output


def test_an_address_tells_its_life(centre: Path) -> None:
    put(centre, "content/redirects.yml", "cancel-an-order#prices: refunds#how-long\nfax: {gone: No fax.}\n")
    assert kb("links", "update").exit_code == 0

    def life(address: str) -> str:
        return " ".join(kb("explain", address).output.split())

    assert life("/faq/stop-an-order/") == (
        "https://help.example.com/faq/stop-an-order/ a page of cancel-an-order, public since 2026-11-21 "
        "leads to: https://help.example.com/faq/orders/cancel-an-order/ "
        "as content/articles/faq/orders/cancel-an-order.md:8 says"
    )
    assert "a short link of refunds" in life("https://help.example.com/a/refunds/")
    assert "is a heading of: https://help.example.com/policies/refunds/#how-long" in life("/a/refunds/#how-long")
    assert "an anchor of refunds, public since" in life("/policies/refunds/#how-long")
    assert "leads to: https://help.example.com/policies/refunds/#how-long" in life("cancel-an-order#prices")
    assert "shows a notice" in life("/a/fax/")
    assert "a Markdown copy of refunds, public since 2026-11-21" in life("/policies/refunds/index.md")
    assert "a feed" in life("/feeds/changes.xml")
    assert "How do I cancel an order? [cancel-an-order]" in life("/faq/orders/cancel-an-order/")
    missing = kb("explain", "/faq/ordres/")
    assert missing.exit_code == 2
    assert 'no address "/faq/ordres/" was ever public\n  did you mean /faq/orders/?' in missing.output


def test_a_rollback_that_brings_back_what_was_withdrawn_needs_a_yes(centre: Path) -> None:
    assert kb("build").exit_code == 0
    path = "content/articles/faq/orders/track-an-order.md"
    put(centre, path, str(SMALL["faq/orders/track-an-order"]).replace("title:", "draft: true\ntitle:"))
    assert kb("build").exit_code == 0
    put(centre, path, str(SMALL["faq/orders/track-an-order"]))  # what was built counts, and what is written
    refused = kb("rollback")
    assert refused.exit_code == 2
    assert "the previous build shows what was withdrawn since: /faq/orders/track-an-order/" in refused.output
    assert "This answer was withdrawn" in published(centre, "faq/orders/track-an-order/index.html")
    assert kb("rollback", "--yes").exit_code == 0
    assert "Where is my parcel?" in published(centre, "faq/orders/track-an-order/index.html")


def test_a_rollback_that_publishes_a_draft_of_today_needs_a_yes(centre: Path) -> None:
    assert kb("build").exit_code == 0
    put(centre, "content/articles/faq/new.md", article("new"))
    assert kb("build").exit_code == 0
    path = "content/articles/faq/orders/track-an-order.md"
    put(centre, path, str(SMALL["faq/orders/track-an-order"]).replace("title:", "draft: true\ntitle:"))
    assert "/faq/orders/track-an-order/" in kb("rollback").output
    put(centre, path, str(SMALL["faq/orders/track-an-order"]))
    assert kb("rollback").exit_code == 0
