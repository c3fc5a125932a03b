"""Rewriting and checking a body take time in proportion to its length."""

import gc
import time
from collections.abc import Callable

import pytest

from kb_builder.markdown.github import rewrite
from kb_builder.markdown.lint import Linter
from kb_builder.markdown.sanitiser import Sanitiser

PARTS = {
    "lists": "- a\n  - b\n",
    "quotes": "> a\n> > b\n",
    "steps with code": "1. a\n   ```\n   x\n   ```\n",
    "tables": "| a | `b` |\n|---|---|\n| 1 | `x \\| y` |\n\n",
    "text": "Some <name> and [x][y] {{ z }} :icon-a:\n\n",
    "HTML": "<details>\n\na\n\n</details>\n\n",
    "open tags": "<a ",
    "open references": "[a][",
    "open shortcodes": "{%",
    "open variables": "{{<",
    "blank lines": "\n",
    "colons": ":a-",
    "backticks": "| ` ``",
    "boxes": "!!! note\n    a\n\n",
    "one name": "<name> ",
}


def lint(text: str) -> None:
    linter = Linter(text, 1)
    linter.texts([f"{text}\n:::"])
    linter.html(text, Sanitiser((), (), trust_html=False))


def seconds(work: Callable[[str], object], text: str) -> float:
    """CPU time of this thread, the least of five runs, without the garbage collector's."""
    times = []
    gc.disable()
    try:
        for _ in range(5):
            start = time.thread_time()
            work(text)
            times.append(time.thread_time() - start)
    finally:
        gc.enable()
    return min(times)


@pytest.mark.parametrize("work", [rewrite, lint], ids=["rewrite", "lint"])
@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS.keys())
def test_four_times_the_text_takes_little_more_than_four_times_as_long(
    work: Callable[[str], object], part: str
) -> None:
    few, many = part * 1000, part * 4000
    # A ratio of two runs; what takes no time at all is fine.
    assert seconds(work, many) <= 2.5**2 * seconds(work, few) + 0.01
