"""Every address keeps working from command to command: ``kb build``, ``kb links update``, ``kb mv``, ``kb rm``."""

import gzip
import json
import shutil
from collections.abc import Callable
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
    assert '"/a/cancel-an-order/#before-it-ships" would be lost' in refused.output
    put(centre, "content/redirects.yml", "cancel-an-order#before-it-ships: cancel-an-order#while-we-pack-it\n"
                                         "cancel-an-order#prices: refunds#how-long\n")  # fmt: skip
    assert kb("build").exit_code == 0
    page = published(centre, "faq/orders/cancel-an-order/index.html")
    assert "&#34;before-it-ships&#34;: &#34;./#while-we-pack-it&#34;" in page
    assert "&#34;prices&#34;: &#34;../../../policies/refunds/#how-long&#34;" in page
    assert "data-anchors" in published(centre, "a/cancel-an-order/index.html")
    assert "data-anchors" not in published(centre, "policies/refunds/index.html")


def test_of_a_map_only_what_pages_can_be_is_adopted(centre: Path) -> None:
    urls = (
        "https://old.example.com/", "https://help.example.com", "https://old.example.com/search?q=x",
        "mailto:a@b.example", " <![CDATA[ https://old.example.com/help ]]> ", "",
        "https://old.example.com/terms?a=1&amp;b=2",
    )  # fmt: skip
    put(centre, "sitemap.xml", f"<urlset>{''.join(f'<url><loc>{url}</loc></url>' for url in urls)}</urlset>")
    told = json.loads(kb("links", "update", "--from", "sitemap.xml", "--json").stdout)
    assert "help/" in told["added"]
    assert not any("terms" in address or "b.example" in address for address in told["added"])
    assert told["refused"] == [
        "https://old.example.com/search?q=x", "mailto:a@b.example", "https://old.example.com/terms?a=1&b=2"
    ]  # fmt: skip
    (centre / "mkdocs.yml").write_text("site_name: Help\nsite_url: https://example.com/help/\nplugins: [kb]\n")
    put(centre, "sitemap.xml", "<urlset><url><loc>https://example.com/shop/x</loc></url></urlset>")
    told_of = kb("links", "update", "--from", "sitemap.xml").output
    assert (
        "https://example.com/shop/x is outside of this site, which is at https://example.com/help/: it was" in told_of
    )


def test_an_old_site_is_adopted_by_its_map(centre: Path) -> None:
    put(centre, "sitemap.xml", "<urlset><url><loc>https://old.example.com/hc/en-us/articles/360012345-Track-an-order</loc>"
                               "</url><url><loc>https://old.example.com/search?q=x</loc></url></urlset>")  # fmt: skip
    adopted = kb("links", "update", "--from", "sitemap.xml")
    assert "+ /hc/en-us/articles/360012345-Track-an-order/" in adopted.output
    assert "https://old.example.com/search?q=x has a query: it was left out" in adopted.output
    refused = kb("check")
    assert refused.exit_code == 2
    assert "/hc/en-us/articles/360012345-Track-an-order/: track-an-order" in refused.output
    put(centre, "content/redirects.yml", "/hc/en-us/articles/360012345-Track-an-order/: track-an-order\n")
    assert kb("build").exit_code == 0
    assert "track-an-order" in published(centre, "a/360012345/index.html")


def test_a_large_old_site_does_not_fill_the_terminal(centre: Path) -> None:
    urls = "".join(f"<url><loc>https://old.example.com/page-{number}/</loc></url>" for number in range(70))
    put(centre, "sitemap.xml", f"<urlset>{urls}</urlset>")
    told = kb("links", "update", "--from", "sitemap.xml").output.splitlines()
    listed = [line for line in told if line.startswith("+ /")]
    new = int(told[-3].split(" addresses, ")[1].split()[0])
    assert (len(listed), new > 70) == (50, True), told
    assert f"+ … and {new - 50} more, in content/links.csv" in told


@pytest.mark.parametrize(("text", "said"), [
    ("", "this is not the sitemap of a site"),
    ("<sitemapindex><loc>https://x.example/a.xml</loc></sitemapindex>", "a sitemap index"),
    (gzip.compress(b"<urlset/>"), "the file is compressed\n  unpack it first: gunzip"),
])  # fmt: skip
def test_what_is_no_map(centre: Path, text: str | bytes, said: str) -> None:
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


@pytest.mark.parametrize(("damage", "said"), [
    (lambda text: text + "/old/;refunds;;\n", "a line has 1 field instead of 4: /old/;refunds;;"),
    (lambda text: text.encode("utf-16"), "the file is UTF-16 or UTF-32, not UTF-8"),
    (lambda text: text + '/old/,"refunds,,\n', "a quotation mark is not closed"),
])  # fmt: skip
def test_an_update_never_overwrites_lines_it_cannot_read(
    centre: Path, damage: Callable[[str], str | bytes], said: str
) -> None:
    assert kb("links", "update").exit_code == 0
    path = centre / "content/links.csv"
    put(centre, "content/links.csv", damage(path.read_text()))
    before = path.read_bytes()
    checked, refused = kb("check"), kb("links", "update")
    assert said in checked.output
    assert "not in the inventory yet" not in checked.output
    assert refused.exit_code == 2
    assert said in refused.output
    assert path.read_bytes() == before


def test_a_line_with_another_id_is_named_with_its_address(centre: Path) -> None:
    assert kb("links", "update").exit_code == 0
    path = centre / "content/links.csv"
    line = "/policies/refunds/,refunds,"
    path.write_text(path.read_text().replace(line, line.replace("refunds,", "refnuds,")))
    assert '"/policies/refunds/" belongs to the id "refnuds" in content/links.csv, and to "refunds" here\n' in (
        kb("check").output
    )


def test_what_was_never_public_is_removed_without_a_notice(centre: Path) -> None:
    put(centre, "content/articles/faq/plan.md", article("plan", draft="true"))
    assert kb("build").exit_code == 0
    removed = kb("rm", "plan", "--gone", "Cancelled.")
    assert removed.output == (
        "content/articles/faq/plan.md (deleted)\ncommit the files above; it was never public, so there is no notice\n"
    )
    assert kb("build").exit_code == 0
    assert not (centre / "site/a/plan").exists()
    public = "content/articles/faq/orders/track-an-order.md"
    put(centre, public, str(SMALL["faq/orders/track-an-order"]).replace("title:", "draft: true\ntitle:"))
    assert "shows a notice" in kb("rm", "track-an-order").output


def test_the_id_of_a_withdrawn_article_shows_the_history_of_its_short_link(centre: Path) -> None:
    assert kb("links", "update").exit_code == 0
    assert kb("rm", "refunds", "--gone", "We stopped it.").exit_code == 0
    assert "a short link of refunds, public since 2026-11-21\n  shows a notice" in kb("explain", "refunds").output
    again = kb("rm", "refunds")
    assert again.exit_code == 2
    assert "content/redirects.yml:2: error: a redirect already says what became of" in again.output


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
        assert "new addresses are not added while others would be lost" in kb("links", "update").output
        assert (centre / "content/links.csv").read_text() == before
    settled = path.read_text().replace(f"words.\n\n{heading}", "words.\n\n## Before it ships {#before-it-ships}\n")
    path.write_text(settled)
    assert kb("check").exit_code == 0
    assert "1 of them new" in kb("links", "update").output


def test_an_address_shows_its_history(centre: Path) -> None:
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
    assert (
        "a Markdown copy of refunds, public since 2026-11-21 is there: https://help.example.com/policies/refunds/index.md"
    ) in life("/policies/refunds/index.md")
    assert life("https://help.example.com/?utm_source=sms") == "https://help.example.com/ the home page"
    assert life("/faq/stop-an-order/?utm_source=sms") == life("/faq/stop-an-order/")
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


def test_a_rollback_that_brings_back_an_announcement_needs_a_yes(centre: Path) -> None:
    path = "content/announcements/2026-11-18-strike.md"
    strike = "title: Strike\nstart: 2026-11-18\n---\nParcels wait.\n"
    put(centre, path, f"---\n{strike}")
    assert kb("build").exit_code == 0
    put(centre, path, f"---\ndraft: true\n{strike}")
    assert "the previous build" not in kb("rollback").output  # there is none yet
    assert kb("build").exit_code == 0
    assert (
        "the previous build shows what was withdrawn since: /announcements/2026-11-18-strike/" in kb("rollback").output
    )


def test_a_rollback_that_publishes_a_draft_of_today_needs_a_yes(centre: Path) -> None:
    assert kb("build").exit_code == 0
    put(centre, "content/articles/faq/new.md", article("new"))
    assert kb("build").exit_code == 0
    path = "content/articles/faq/orders/track-an-order.md"
    put(centre, path, str(SMALL["faq/orders/track-an-order"]).replace("title:", "draft: true\ntitle:"))
    assert "/faq/orders/track-an-order/" in kb("rollback").output
    put(centre, path, str(SMALL["faq/orders/track-an-order"]))
    assert kb("rollback").exit_code == 0


def test_a_rollback_that_brings_back_a_translation_needs_a_yes(centre: Path) -> None:
    """Its page shows the text of the sources since. One that never had a translation is none that was withdrawn."""
    languages = "plugins:\n  - kb:\n      languages: [en, de]\n"
    put(centre, "mkdocs.yml", f"site_name: Help\nsite_url: https://help.example.com/\n{languages}")
    german = "title: Wo ist mein Paket?\nanswer: Im Link.\n---\nDer Link zeigt es.\n"
    track, cancel = (f"content/articles/faq/orders/{name}-an-order.de.md" for name in ("track", "cancel"))
    put(centre, track, f"---\n{german}")
    put(centre, cancel, "---\ndraft: true\ntitle: Stornieren\n---\nSo.\n")
    put(centre, "content/articles/policies/refunds.de.md", "---\ntitle: Geld\n---\nSo.\n")
    assert kb("build").exit_code == 0
    put(centre, "content/articles/faq/new.md", article("new"))
    assert kb("build").exit_code == 0
    put(centre, track, f"---\ndraft: true\n{german}")
    for _ in range(2):  # The live build shows it still; then it doesn't any more.
        refused = kb("rollback").output
        assert "the previous build shows what was withdrawn since: /de/faq/orders/track-an-order/\n" in refused
        assert kb("build").exit_code == 0
