"""The plain text of a header's inline Markdown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.content.inline_markdown import plain_text


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("Plain, 2 * 3 * 4 and snake_case_name.", "Plain, 2 * 3 * 4 and snake_case_name."),
        ("Open **Your orders** and *wait*.", "Open Your orders and wait."),
        ('See [your order](track-order.md) or [here](https://a.example/x_(y) "title").', "See your order or here."),
        ("![A map](map.png) <https://a.example/> <help@example.com>", "A map https://a.example/ help@example.com"),
        ("Type `**code**` or \\*star\\*", "Type **code** or *star*"),
        ("__Strong__ ~~old~~ _thin_", "Strong old thin"),
        ("[a][b] and [c]", "a and [c]"),
        ("**[Bold link](x.md)**", "Bold link"),
    ],
)
def test_plain_text(markdown: str, plain: str) -> None:
    assert plain_text(markdown) == plain


@given(st.text(max_size=200))
def test_text_never_grows(text: str) -> None:
    assert len(plain_text(text)) <= len(text)


@given(st.text(alphabet="ab c.,", max_size=100))
def test_text_without_marks_is_unchanged(text: str) -> None:
    assert plain_text(text) == text
