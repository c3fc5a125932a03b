"""Broken links to headings take time in proportion to their number."""

import time

from kb_builder.config import Extensions
from kb_builder.markdown.anchors import find_anchor, nearest_anchor
from kb_builder.markdown.convert import Converter

CONVERTER = Converter(Extensions(("toc",)))


def seconds(count: int) -> float:
    """CPU time of the fastest of three times that each of many links to as many headings is looked up."""
    outline = CONVERTER.convert("".join(f"## Heading {n}\n\nText.\n\n" for n in range(count))).outline
    times = []
    for _ in range(3):
        start = time.thread_time()
        for number in range(count):
            assert find_anchor(outline, f"broken-{number}") is None
            assert find_anchor(outline, f"Heading-{number}") == f"heading-{number}"
            assert nearest_anchor(outline, f"heding-{number}")
        times.append(time.thread_time() - start)
    return min(times)


def test_four_times_the_broken_links_take_little_more_than_four_times_as_long() -> None:
    assert seconds(1_600) <= 2.5**2 * seconds(400)
