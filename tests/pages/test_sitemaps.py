"""``sitemap.xml`` and ``robots.txt``."""

import gzip
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.pages import sitemaps
from tests.pages.small_view import URL

SITEMAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_a_sitemap_has_the_day_of_the_last_change_and_the_other_languages() -> None:
    same = [("en", f"{URL}a/&/"), ("de", f"{URL}de/a/&/")]
    made = sitemaps.sitemaps([(f"{URL}a/&/", date(2026, 10, 1), same), (f"{URL}b/", None, ())], URL)
    assert [*made] == ["sitemap.xml", "sitemap-1.xml.gz"]
    ((named,),) = ElementTree.fromstring(made["sitemap.xml"])
    assert named.text == f"{URL}sitemap-1.xml.gz"
    first, second = ElementTree.fromstring(gzip.decompress(made["sitemap-1.xml.gz"]))
    assert first.findtext(f"{SITEMAPS}lastmod") == "2026-10-01"
    links = first.findall("{http://www.w3.org/1999/xhtml}link")
    assert [(link.get("hreflang"), link.get("href")) for link in links] == same
    assert [each.tag for each in second] == [f"{SITEMAPS}loc"]


@given(st.integers(0, 25))
def test_a_sitemap_with_too_many_addresses_is_several(count: int) -> None:
    urls = [f"{URL}{number}/" for number in range(count)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sitemaps, "MOST_SITEMAP_URLS", 5)
        made = sitemaps.sitemaps([(url, None, ()) for url in urls], URL)
    root = ElementTree.fromstring(made.pop("sitemap.xml"))
    if count > 5:
        assert root.tag == f"{SITEMAPS}sitemapindex"
        assert [entry.findtext(f"{SITEMAPS}loc") for entry in root] == [URL + path for path in made]
        parts = [ElementTree.fromstring(data) for data in made.values()]
    else:
        parts = [root]
        assert not made
    assert all(len(part) <= 5 for part in parts)
    assert [entry.findtext(f"{SITEMAPS}loc") for part in parts for entry in part] == urls


def test_robots_are_kept_out_of_previews() -> None:
    assert b"Disallow: /\n" in sitemaps.robots(URL, indexed=False)
    assert f"Sitemap: {URL}sitemap.xml".encode() in sitemaps.robots(URL, indexed=True)
