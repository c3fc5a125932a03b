"""``kb rm`` withdraws an article in one step: file, related lists, links and redirects."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kb_builder.content.articles import read_articles
from kb_builder.content.redirect_chains import Gone
from kb_builder.content.redirects import read_redirects
from kb_builder.content.revisions import is_stale, revision
from kb_builder.editing.content_root import ContentRoot
from kb_builder.editing.removal import Removed, remove
from kb_builder.errors import InputError
from tests.centres import article, put, write

LONDON = ZoneInfo("Europe/London")
TODAY = date(2026, 11, 21)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(
        tmp_path,
        {
            "faq/orders/fax": article("fax", body="By fax.\n", redirect_from=["/order-by-fax/"]),
            "faq/orders/web": article("web", body="See [fax](fax.md#by-fax) and [it](/a/fax/).\n", related="[fax]"),
            "faq/orders/shop": article("shop", related="[fax, web]"),
            "content/redirects.yml": "old-fax: fax\n",
        },
    )


def rm(root: Path, name: str, **why: str) -> Removed:
    return remove(
        ContentRoot(root, LONDON, site_url="https://example.com/support/help/"), name,
        Gone(why.get("gone", ""), why.get("replaced_by", ""), TODAY), once_public=["lost"], never_public=["plan"],
    )  # fmt: skip


def text(root: Path, name: str) -> str:
    return (root / f"content/articles/faq/orders/{name}.md").read_text()


def test_an_article_that_is_replaced(root: Path) -> None:
    done = rm(root, "fax", replaced_by="shop")
    assert done.removed == "content/articles/faq/orders/fax.md"
    assert not (root / done.removed).exists()
    assert done.changed == (
        "content/articles/faq/orders/shop.md", "content/articles/faq/orders/web.md", "content/redirects.yml",
    )  # fmt: skip
    assert "[fax](shop.md#by-fax) and [it](/faq/orders/shop/)" in text(root, "web")
    assert "related: [shop]" in text(root, "web")
    assert "related: [web]" in text(root, "shop")
    redirects = read_redirects(root, read_articles(root, zone=LONDON).articles)
    assert redirects.findings == ()
    for place in ("a/fax/", "faq/orders/fax/", "order-by-fax/", "a/old-fax/"):
        assert redirects.gone[place] == Gone("", "shop", TODAY)


def test_an_article_that_is_gone(root: Path) -> None:
    done = rm(root, "faq/orders/fax.md", gone='We no longer "fax": it is 2026')
    assert done.linking == ("content/articles/faq/orders/web.md",)
    assert "[fax](fax.md#by-fax)" in text(root, "web")
    assert "related" not in text(root, "web")
    redirects = read_redirects(root, read_articles(root, zone=LONDON).articles)
    assert redirects.findings == ()
    assert redirects.gone["a/fax/"] == Gone('We no longer "fax": it is 2026', "", TODAY)


@pytest.mark.parametrize("name", [
    "/faq/orders/fax/", "/support/help/faq/orders/fax/", "https://example.com/support/help/faq/orders/fax/",
    "/a/fax/", "https://example.com/support/help/a/fax", "content/articles/faq/orders/fax.md",
])  # fmt: skip
def test_an_article_by_its_addresses(root: Path, name: str) -> None:
    assert rm(root, name).removed == "content/articles/faq/orders/fax.md"


def test_links_with_the_path_of_the_site_lead_to_the_replacement(root: Path) -> None:
    body = "[a](/support/help/faq/orders/fax/) [b](/support/help/a/fax/#by-fax) [c](/shop/a/fax/)\n"
    put(root, "content/articles/faq/orders/web.md", article("web", body=body))
    assert "content/articles/faq/orders/web.md" in rm(root, "fax", replaced_by="shop").changed
    assert "[a](/faq/orders/shop/) [b](/faq/orders/shop/#by-fax) [c](/shop/a/fax/)" in text(root, "web")


def test_what_was_never_public_leaves_no_trace(root: Path) -> None:
    """Its existence is private: a notice, or its line in a file that a notice is made of, would reveal it."""
    before = (root / "content/redirects.yml").read_text()
    put(root, "content/articles/faq/plan.md", article("plan", draft="true"))
    done = rm(root, "plan", gone="Not now.")
    assert (done.removed, done.changed, done.addresses, done.noticed) == ("content/articles/faq/plan.md", (), (), False)
    assert (root / "content/redirects.yml").read_text() == before
    assert rm(root, "fax").noticed


@pytest.mark.parametrize("why", [{"replaced_by": "shop"}, {"gone": "It is over."}])
def test_what_was_never_public_hands_on_old_addresses_of_others(root: Path, why: dict[str, str]) -> None:
    put(root, "content/articles/faq/plan.md", article("plan", draft="true", redirect_from=["/pager/"]))
    assert rm(root, "plan", **why).addresses == ("/pager/",)
    redirects = read_redirects(root, read_articles(root, zone=LONDON).articles)
    assert "plan" not in (root / "content/redirects.yml").read_text()
    assert redirects.findings == ()
    assert redirects.paths.get("pager/", "") == why.get("replaced_by", "")
    assert ("pager/" in redirects.gone) == ("gone" in why)


def test_what_redirects_lead_to_is_named_before_it_is_removed(root: Path) -> None:
    put(root, "content/articles/faq/plan.md", article("plan", draft="true"))
    put(root, "content/redirects.yml", "old-plan: plan\n")
    with pytest.raises(InputError, match=r'redirects\.yml:1: error: "old-plan" leads to it'):
        rm(root, "plan")
    assert (root / "content/articles/faq/plan.md").exists()


def test_a_file_that_is_gone_already_gets_its_record(root: Path) -> None:
    assert rm(root, "lost", replaced_by="web") == Removed("lost", "", ("content/redirects.yml",), (), ("a/lost/",))


@pytest.mark.parametrize(
    ("name", "why", "said"),
    [
        ("fxa", {}, 'there is no article "fxa"\n  did you mean "fax"?'),
        ("fax", {"replaced_by": "fax"}, "an article can't replace itself"),
        ("fax", {"replaced_by": "shpo"}, 'there is no article "shpo"\n  did you mean "shop"?'),
        ("old-fax", {}, 'there is no article "old-fax"'),
        ("faq/orders", {}, '"faq/orders" is a folder\n  withdraw its articles one by one'),
        ("https://example.com/shop/fax/", {}, 'there is no article "https://example.com/shop/fax/"'),
        ("https://other.example/support/help/faq/orders/fax/", {}, "there is no article"),
    ],
)
def test_refused_before_anything_is_written(root: Path, name: str, why: dict[str, str], said: str) -> None:
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    with pytest.raises(InputError) as refused:
        rm(root, name, **why)
    assert said in str(refused.value)
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_twice_is_refused(root: Path) -> None:
    rm(root, "fax")
    put(root, "content/articles/faq/orders/fax.md", article("fax"))
    with pytest.raises(InputError, match="redirect already says what became of"):
        rm(root, "fax")


def test_translations_go_with_their_source(root: Path) -> None:
    put(root, "content/articles/faq/orders/fax.de.md", "# Per Fax\n\nSo.\n")
    put(root, "content/articles/faq/orders/web.de.md", "# Im Web\n\nAuch per [Fax](fax.md).\n")
    done = remove(
        ContentRoot(root, LONDON, declared=("en", "de")), "fax", Gone("", "shop", TODAY), once_public=["lost"]
    )
    assert done.translations == ("content/articles/faq/orders/fax.de.md",)
    assert not (root / "content/articles/faq/orders/fax.de.md").exists()
    assert "[Fax](shop.md)" in text(root, "web.de")
    assert "related" not in text(root, "web.de")


def test_translations_of_what_linked_to_it_stay_current(root: Path) -> None:
    declared = ("en", "de")
    web = next(one for one in read_articles(root, zone=LONDON, declared=declared).articles if one.id == "web")
    put(root, "content/articles/faq/orders/web.de.md",
        f"---\ntitle: Im Web\ntranslated_from: {revision(web)}\n---\nSo.\n")  # fmt: skip
    remove(ContentRoot(root, LONDON, declared=declared), "fax", Gone("", "shop", TODAY))
    after = read_articles(root, zone=LONDON, declared=declared)
    (german,) = after.translations
    assert not is_stale(german, next(one for one in after.articles if one.id == "web"))


def test_a_replacement_that_linked_to_it_is_named(root: Path) -> None:
    """Its sentence would send readers from the page to the same page."""
    assert rm(root, "fax", replaced_by="web").itself == ("content/articles/faq/orders/web.md",)
    assert "[fax](web.md#by-fax)" in text(root, "web")
