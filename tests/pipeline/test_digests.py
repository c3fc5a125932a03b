"""Bodies and outlines, made once and kept."""

from pathlib import Path

from kb_builder.system.store import Store
from tests.centres import SMALL, article, open_site, write


def test_a_site_of_which_everything_is_kept_makes_no_converter(tmp_path: Path) -> None:
    store = Store()
    for more, made in ({}, True), ({}, False), ({"faq/new": article("new")}, True):
        site = open_site(write(tmp_path, {**SMALL, **more}), store=store)
        assert len(site.pages) > len(SMALL)
        assert ("converter" in vars(site.project.digests)) is made
