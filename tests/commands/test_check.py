"""What the linter says of a whole help centre."""

from pathlib import Path

import pytest

from kb_builder.commands import mkdocs_plugin
from kb_builder.commands.check import of_content
from kb_builder.pipeline.site import Centre
from tests.centres import MKDOCS, NOW, SMALL, write


@pytest.fixture
def centre(tmp_path: Path) -> Centre:
    return Centre(mkdocs_plugin.load(str(write(tmp_path, SMALL) / "mkdocs.yml")), NOW)


def test_colours_that_cannot_be_read_are_named(centre: Centre) -> None:
    assert not [finding for finding in of_content(centre) if finding.code == "low-contrast"]
    centre.colours = {**centre.colours, "light": {**centre.colours["light"], "ink-soft": "#aaaaaa"}}
    (found,) = {finding.message for finding in of_content(centre) if "ink-soft on paper (" in finding.message}
    assert found == "ink-soft on paper (light): contrast is 2.32, must be 4.5"


def test_a_light_brand_is_reported_and_an_unknown_one_is_an_error(tmp_path: Path) -> None:
    def codes(brand: str) -> dict[str, str]:
        settings = MKDOCS.replace("- kb", f"- kb: {{brand: {brand!r}}}")
        root = write(tmp_path, SMALL, mkdocs=settings)
        found = of_content(Centre(mkdocs_plugin.load(str(root / "mkdocs.yml")), NOW))
        return {finding.code: str(finding.severity) for finding in found}

    assert codes("#ffec3d")["brand-darkened"] == "note"
    assert codes("mauve-ish")["bad-brand"] == "error"
