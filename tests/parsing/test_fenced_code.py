"""Lines of fenced code are those that Markdown shows as code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from kb_builder.parsing.fenced_code import lines_of

LINES = st.lists(st.sampled_from(["```", "````", "~~~", "```js", "~~~ js", "``a``", "text", "# heading", ""]))


@given(LINES)
def test_code_is_what_commonmark_takes_for_it(lines: list[str]) -> None:
    text = "\n".join([*lines, "end"])
    fences = [token.map for token in MarkdownIt().parse(text) if token.type == "fence"]
    code = {number for start, end in filter(None, fences) for number in range(start, end)}
    assert [(line, number in code) for number, line in enumerate(text.split("\n"))] == list(lines_of(text))


@pytest.mark.parametrize(
    "text", ["- ```\n  a\n  ```", "> ~~~\n> a\n> ~~~", "1. * ```js\n     a\n     ```", "    ```\n    a\n    ```"]
)
def test_code_in_lists_and_quotations_is_code(text: str) -> None:
    assert [code for _, code in lines_of(text + "\nb")] == [True, True, True, False]
