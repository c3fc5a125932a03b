"""What must not change inside a segment is a code; the rest is text."""

import pytest
from hypothesis import given

from kb_builder.translating.inline_codes import Code, changed_codes, has_words, joined, tokens
from tests.translating.markdown_texts import MARKDOWN


@given(MARKDOWN)
def test_the_tokens_are_the_text(text: str) -> None:
    found = tokens(text)
    assert joined(found) == text
    opened: list[int] = []
    for token in found:
        if isinstance(token, Code) and token.role == "begin":
            opened.append(token.number)
        elif isinstance(token, Code) and token.role == "end":
            assert opened.pop() == token.number
    assert opened == []


def shown(text: str) -> list[str]:
    return [
        token if isinstance(token, str) else f"<{token.role} {token.number}>{token.native}" for token in tokens(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See [your **orders**](a.md).", ["See ", "<begin 1>[", "your **orders**", "<end 1>](a.md)", "."]),
        ("[![A cat](c.png)](a.md)", ["<begin 1>[", "<begin 2>![", "A cat", "<end 2>](c.png)", "<end 1>](a.md)"]),
        ("Run `kb` or ``a`b``", ["Run ", "<alone 1>`kb`", " or ", "<alone 2>``a`b``"]),
        ("a<br>b &nbsp; c", ["a", "<alone 1><br>", "b ", "<alone 2>&nbsp;", " c"]),
        ("at https://x.example/a(b).", ["at ", "<alone 1>https://x.example/a", "(b)."]),
        ("\\[no](x) and [open", ["\\[no](x) and [open"]),
        ("[a][b] [^1] :material-phone: {.big}", [
            "<begin 1>[", "a", "<end 1>][b]", " ", "<alone 2>[^1]", " ", "<alone 3>:material-phone:", " ",
            "<alone 4>{.big}",
        ]),
        ("one\ntwo", ["one\ntwo"]),
        ("one  \ntwo\n   three", ["one", "<alone 1>  \n", "two", "<alone 2>\n   ", "three"]),
        ("at 9:30 and 10:15:20", ["at 9:30 and 10:15:20"]),
    ],
)  # fmt: skip
def test_markup_becomes_codes_around_words(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


def test_links_and_any_script_have_words_and_code_and_prices_none() -> None:
    assert has_words("[a](b)")
    assert has_words("طلب")
    assert not has_words("`code` 12 £ <br> ![](a.png)")


def test_changed_codes_ignore_order_and_line_breaks() -> None:
    source = tokens("Use `a`, then\n   [b](c).")
    assert changed_codes(source, tokens("[b](c), danach `a`.")) == ([], [])
    assert changed_codes(source, tokens("[b](d), danach `a` `a`.")) == (["](c)"], ["](d)", "`a`"])
