"""The sites of all languages as one folder."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from kb_builder.pipeline.centre import Centre
from tests.centres import SMALL, article, open_site, write

SITEMAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
URL = "https://help.example.com/"


def test_the_sitemap_holds_what_robots_may_index(tmp_path: Path) -> None:
    write(tmp_path, SMALL | {"faq/a/hidden": article("hidden", unlisted="true"), "faq/a/shown": article("shown")})
    root = ElementTree.fromstring(Centre(open_site(tmp_path)).files["sitemap.xml"])
    found = {entry.findtext(f"{SITEMAPS}loc") for entry in root}
    assert {URL, f"{URL}faq/a/shown/"} <= found
    assert not {f"{URL}{path}" for path in ("faq/a/hidden/", "a/shown/", "search/", "404.html")} & found


@pytest.mark.parametrize("audience", ["staff", "preview"])
def test_only_the_public_site_has_a_sitemap(tmp_path: Path, audience: str) -> None:
    write(tmp_path, SMALL)
    assert "sitemap.xml" not in Centre(open_site(tmp_path, **{audience: True})).files
