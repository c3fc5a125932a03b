"""Broken links to headings take time in proportion to their number."""

import pytest

from kb_builder.config import Extensions
from kb_builder.markdown.anchors import find_anchor, nearest_anchor
from kb_builder.markdown.convert import Converter
from kb_builder.model import Outline
from tests.growth import in_proportion

CONVERTER = Converter(Extensions(("toc",)))


def look_up(outline: Outline) -> None:
    """Each of as many broken links as there are headings."""
    for number in range(len(outline.headings)):
        assert find_anchor(outline, f"broken-{number}") is None
        assert find_anchor(outline, f"Heading-{number}") == f"heading-{number}"
        assert nearest_anchor(outline, f"heding-{number}")


@pytest.mark.growth
def test_four_times_the_broken_links_take_little_more_than_four_times_as_long() -> None:
    texts = ("".join(f"## Heading {n}\n\nText.\n\n" for n in range(count)) for count in (200, 800))
    small, large = (CONVERTER.convert(text).outline for text in texts)
    assert in_proportion(look_up, small, large, lambda few, many: many <= 2.5**2 * few)
