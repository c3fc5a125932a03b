"""What the linter says of a whole help centre."""

from pathlib import Path

import pytest

from kb_builder.pipeline.site import Site
from tests.centres import MKDOCS, SMALL, open_site, write


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return open_site(write(tmp_path, SMALL))


def test_colours_that_cannot_be_read_are_named(site: Site) -> None:
    assert not [finding for finding in site.theme.findings if finding.code == "low-contrast"]
    site.theme.colours = {**site.theme.colours, "light": {**site.theme.colours["light"], "ink-soft": "#aaaaaa"}}
    (found,) = {finding.message for finding in site.theme.findings if "ink-soft on paper (" in finding.message}
    assert found == "ink-soft on paper (light): contrast is 2.32, must be 4.5"


def test_a_light_brand_is_reported_and_an_unknown_one_is_an_error(tmp_path: Path) -> None:
    def codes(brand: str) -> dict[str, str]:
        settings = MKDOCS.replace("- kb", f"- kb: {{brand: {brand!r}}}")
        root = write(tmp_path, SMALL, mkdocs=settings)
        found = open_site(root).findings
        return {finding.code: str(finding.severity) for finding in found}

    assert codes("#ffec3d")["brand-darkened"] == "note"
    assert codes("mauve-ish")["bad-brand"] == "error"
