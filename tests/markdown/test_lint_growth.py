"""Rewriting and checking a body take time in proportion to its length."""

from collections.abc import Callable

import pytest

from kb_builder.markdown.github import rewrite
from kb_builder.markdown.lint import Linter
from kb_builder.markdown.sanitiser import Sanitiser
from tests.growth import in_proportion

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


@pytest.mark.growth
@pytest.mark.parametrize("work", [rewrite, lint], ids=["rewrite", "lint"])
@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS.keys())
def test_four_times_the_text_takes_little_more_than_four_times_as_long(
    work: Callable[[str], object], part: str
) -> None:
    # A ratio of two runs; what takes no time at all is fine.
    assert in_proportion(work, part * 1000, part * 4000, lambda short, long: long <= 2.5**2 * short + 0.01)
