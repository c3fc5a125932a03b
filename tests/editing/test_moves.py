"""Renaming keeps ids, leaves redirects and updates the links between articles."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kb_builder.content.announcements import read_announcements
from kb_builder.content.articles import read_articles
from kb_builder.content.redirects import read_redirects
from kb_builder.content.revisions import is_stale, revision
from kb_builder.editing.content_root import ContentRoot
from kb_builder.editing.moves import Moved, move
from kb_builder.errors import InputError

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    articles = {
        "faq/orders/track.md": "---\nid: track-order\ntitle: Track\n---\n[c](cancel.md#how) ![m](map.png) [e](https://x.y/)\n",
        "faq/orders/cancel.md": "---\nid: cancel-order\ntitle: Cancel\n---\n"
        "[t](track.md) [r](../returns.md) [u](/faq/orders/track/)\n",
        "faq/returns.md": "---\ntitle: Returns\n---\n[t](orders/track.md)\n",
    }
    for name, text in articles.items():
        path = tmp_path / "content/articles" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "content/articles/faq/orders/map.png").write_bytes(b"\x89PNG")
    news = tmp_path / "content/announcements/2026-11-18-strike.md"
    news.parent.mkdir()
    news.write_text("---\ntitle: Strike\n---\n[t](../articles/faq/orders/track.md)\n")
    return tmp_path


def mv(root: Path, old: str, new: str) -> Moved:
    return move(ContentRoot(root, LONDON, site_url="https://example.com/support/help/"), old, new)


def text(root: Path, path: str) -> str:
    return (root / "content" / path).read_text()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("track-order", "faq/delivery/where-is-it.md"),
        ("faq/orders/track", "faq/delivery/where-is-it"),
        ("content/articles/faq/orders/track.md", "content/articles/faq/delivery/where-is-it.md"),
        ("/faq/orders/track/", "faq/delivery/where-is-it"),
        ("/support/help/faq/orders/track/", "faq/delivery/where-is-it"),
        ("https://example.com/support/help/faq/orders/track", "faq/delivery/where-is-it"),
        ("/a/track-order/", "faq/delivery/where-is-it"),
    ],
)
def test_an_article_is_named_by_path_id_or_url_and_everything_follows_it(root: Path, old: str, new: str) -> None:
    done = mv(root, old, new)
    assert done == Moved(
        {"content/articles/faq/orders/track.md": "content/articles/faq/delivery/where-is-it.md"},
        {"faq/orders/track/": "faq/delivery/where-is-it/"},
        (
            "content/announcements/2026-11-18-strike.md",
            "content/articles/faq/orders/cancel.md",
            "content/articles/faq/returns.md",
        ),
    )
    assert text(root, "articles/faq/delivery/where-is-it.md") == (
        "---\nid: track-order\ntitle: Track\nredirect_from: [/faq/orders/track/]\n---\n"
        "[c](../orders/cancel.md#how) ![m](../orders/map.png) [e](https://x.y/)\n"
    )
    assert text(root, "articles/faq/orders/cancel.md").endswith(
        "[t](../delivery/where-is-it.md) [r](../returns.md) [u](/faq/delivery/where-is-it/)\n"
    )
    assert text(root, "articles/faq/returns.md").endswith("---\n[t](delivery/where-is-it.md)\n")
    assert text(root, "announcements/2026-11-18-strike.md").endswith("(../articles/faq/delivery/where-is-it.md)\n")
    assert not (root / "content/articles/faq/orders/track.md").exists()
    articles = read_articles(root, zone=LONDON).articles
    assert read_redirects(root, articles).paths == {"faq/orders/track/": "track-order"}


def test_into_a_folder(root: Path) -> None:
    assert mv(root, "track-order", "policies/").files == {
        "content/articles/faq/orders/track.md": "content/articles/policies/track.md"
    }


def test_a_folder_moves_with_its_files(root: Path) -> None:
    done = mv(root, "faq/orders", "help/ordering")
    assert done.redirects == {
        "faq/orders/cancel/": "help/ordering/cancel/",
        "faq/orders/track/": "help/ordering/track/",
        "faq/orders/": "help/ordering/",
    }
    assert (root / "content/articles/help/ordering/map.png").exists()
    assert "[t](track.md) [r](../../faq/returns.md) [u](/help/ordering/track/)" in text(
        root, "articles/help/ordering/cancel.md"
    )
    assert "[t](../help/ordering/track.md)" in text(root, "articles/faq/returns.md")


def test_an_article_without_an_id_keeps_its_short_link(root: Path) -> None:
    mv(root, "faq/returns.md", "policies/returns.md")
    assert text(root, "articles/policies/returns.md").startswith(
        "---\nid: faq-returns\ntitle: Returns\nredirect_from: [/faq/returns/]\n---\n"
    )


def test_there_and_back(root: Path) -> None:
    before = text(root, "articles/faq/orders/cancel.md")
    mv(root, "track-order", "faq/elsewhere.md")
    mv(root, "track-order", "faq/orders/track.md")
    assert text(root, "articles/faq/orders/cancel.md") == before
    redirects = read_redirects(root, read_articles(root, zone=LONDON).articles)
    assert redirects.paths == {"faq/elsewhere/": "track-order"}
    assert redirects.findings == ()


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("redirect_from: [/faq/b/]\n", ""),
        ("aliases: [/old/, /faq/b/]\n", "aliases: [/old/, /faq/a/]\n"),
        ("redirect_from:\n  - /old/\n  - /faq/b/\n", "redirect_from:\n  - /old/\n  - /faq/a/\n"),
        ("redirect_from: /old/, /faq/b/\n", "redirect_from: /old/, /faq/a/\n"),
    ],
)
def test_an_article_that_comes_back_leaves_no_redirect_to_itself(tmp_path: Path, written: str, left: str) -> None:
    place = tmp_path / "content/articles/faq/a.md"
    place.parent.mkdir(parents=True)
    place.write_text(f"---\nid: a\ntitle: A\n{written}---\nText.\n")
    (tmp_path / "content/redirects.yml").write_text("# Older addresses\nfaq/b: a\nfaq/c/: a\nhelp/a/: a\n")
    assert mv(tmp_path, "a", "faq/b.md").rewritten == ("content/redirects.yml",)
    moved = (place.parent / "b.md").read_text()
    assert moved == f"---\nid: a\ntitle: A\n{left or 'redirect_from: [/faq/a/]' + chr(10)}---\nText.\n"
    assert text(tmp_path, "redirects.yml") == "# Older addresses\nfaq/c/: a\nhelp/a/: a\n"
    assert read_redirects(tmp_path, read_articles(tmp_path, zone=LONDON).articles).findings == ()


def test_no_article_takes_the_old_address_of_another(root: Path) -> None:
    mv(root, "track-order", "faq/elsewhere.md")
    with pytest.raises(InputError) as refused:
        mv(root, "cancel-order", "faq/orders/track.md")
    assert str(refused.value) == (
        "content/articles/faq/elsewhere.md:4: error: /faq/orders/track/ is an old URL of track-order\n"
        "  choose another name, or remove that redirect"
    )


def test_an_article_that_only_changes_the_case_of_its_name(root: Path) -> None:
    mv(root, "track-order", "faq/orders/Track-it.md")
    mv(root, "track-order", "faq/orders/track-it.md")
    assert [item.path for item in read_articles(root, zone=LONDON).articles if item.id == "track-order"] == [
        "content/articles/faq/orders/track-it.md"
    ]


@pytest.mark.parametrize(
    ("old", "new", "problem", "hint"),
    [
        ("trak-order", "x.md", 'there is no article "trak-order"', 'did you mean "track-order"?'),
        ("track-order", "faq/orders/cancel.md", "there is already a file of that name", "choose another name"),
        ("track-order", "faq/Returns!.md", "would be published at", ""),
        ("track-order", "../outside.md", "is not a path below", "write it like"),
        ("track-order", "/etc/x.md", "is not a path below", "write it like"),
        ("track-order", "https://example.com/support/help/x", "is not a path below", "write it like"),
        ("https://example.com/shop/faq/orders/track/", "x.md", "there is no article", ""),
        ("track-order", "faq/orders/track.md", "has that name already", ""),
        ("faq/orders", "faq/orders/more", "is inside", "can't be moved into itself"),
    ],
)
def test_a_refused_move_changes_no_file(root: Path, old: str, new: str, problem: str, hint: str) -> None:
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    with pytest.raises(InputError, match=problem) as caught:
        mv(root, old, new)
    assert hint in caught.value.hint
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_articles_that_cannot_be_trusted_stop_it(root: Path) -> None:
    (root / "content/articles/faq/bad.md").write_text("No header.")
    with pytest.raises(InputError, match="the file has no header"):
        mv(root, "track-order", "x.md")


def test_a_folder_that_comes_back_leaves_no_redirect_from_its_list(root: Path) -> None:
    mv(root, "faq/orders", "help/ordering")
    assert "/faq/orders/: /help/ordering/" in text(root, "redirects.yml")
    mv(root, "help/ordering", "faq/orders")
    redirects = read_redirects(root, read_articles(root, zone=LONDON).articles)
    assert redirects.findings == ()
    assert "/faq/orders/:" not in text(root, "redirects.yml")


def test_an_address_with_the_path_of_the_site_is_taken_back_too(root: Path) -> None:
    mv(root, "track-order", "faq/orders/where.md")
    header = root / "content/articles/faq/orders/where.md"
    header.write_text(header.read_text().replace("/faq/orders/track/", "/support/help/faq/orders/track/"))
    mv(root, "track-order", "faq/orders/track.md")
    assert "/support/help/faq/orders/track/" not in text(root, "articles/faq/orders/track.md")


def test_translations_move_with_their_source(root: Path) -> None:
    german = root / "content/articles/faq/orders/track.de.md"
    german.write_text("---\ntitle: Verfolgen\n---\n[c](cancel.md)\n")
    other = root / "content/articles/faq/orders/cancel.de.md"
    other.write_text("---\ntitle: Stornieren\n---\n[t](track.md)\n")
    done = move(ContentRoot(root, LONDON, declared=("en", "de")), "track-order", "faq/delivery/where-is-it.md")
    assert done.files["content/articles/faq/orders/track.de.md"] == "content/articles/faq/delivery/where-is-it.de.md"
    assert not german.exists()
    assert "redirect_from" not in text(root, "articles/faq/delivery/where-is-it.de.md")
    assert "[c](../orders/cancel.md)" in text(root, "articles/faq/delivery/where-is-it.de.md")
    assert "[t](../delivery/where-is-it.md)" in text(root, "articles/faq/orders/cancel.de.md")
    (moved,) = read_articles(root, zone=LONDON, declared=("en", "de")).translations[:1]
    assert (moved.id, moved.url) == ("track-order", "faq/delivery/where-is-it/")


def test_translations_stay_as_current_as_they_were(root: Path) -> None:
    """Only links of their sources change: no word would have to be translated again."""
    declared = ("en", "de")

    def german(name: str, title: str, made_from: str) -> None:
        header = f"title: {title}\ntranslated_from: {made_from}"
        (root / f"content/articles/faq/{name}.de.md").write_text(f"---\n{header}\n---\nText.\n")

    sources = {one.id: one for one in read_articles(root, zone=LONDON, declared=declared).articles}
    german("orders/cancel", "Stornieren", revision(sources["cancel-order"]))
    german("returns", "Rückgabe", "0123456789")
    (strike,) = read_announcements(root, zone=LONDON, declared=declared)[0]
    notice = root / "content/announcements/2026-11-18-strike.de.md"
    notice.write_text(f"---\ntitle: Streik\ntranslated_from: {revision(strike)}\n---\nGeduld.\n")
    done = move(ContentRoot(root, LONDON, declared=declared), "track-order", "faq/where.md")
    after = read_articles(root, zone=LONDON, declared=declared)
    sources = {one.id: one for one in after.articles}
    stale = {one.title: is_stale(one, sources[one.id]) for one in after.translations}
    assert stale == {"Stornieren": False, "Rückgabe": True}
    assert "content/articles/faq/orders/cancel.de.md" in done.rewritten
    assert "(../articles/faq/where.md)" in text(root, "announcements/2026-11-18-strike.md")
    codes = [finding.code for finding in read_announcements(root, zone=LONDON, declared=declared)[1]]
    assert codes == ["no-end"]
    assert "content/announcements/2026-11-18-strike.de.md" in done.rewritten
