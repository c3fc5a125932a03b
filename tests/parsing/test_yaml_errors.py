"""Mistakes in YAML are reported in plain words, whichever parser finds them."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.errors import InputError
from kb_builder.parsing import strict_yaml
from kb_builder.parsing.strict_yaml import load


@pytest.mark.parametrize("loader", [yaml.SafeLoader, strict_yaml._LOADER])
@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ("title: Orders: how to\n", 1, "a value with a colon in it needs quotes", "write: title: 'Orders: how to'"),
        ("title: It's: so\n", 1, "a value with a colon in it needs quotes", "write: title: 'It''s: so'"),
        ("a: b\n\tc: d\n", 2, "this line is indented with a tab", "indent with spaces"),
        ("a: 1\nb: @home\n", 2, 'a value can\'t start with "@" without quotes', "write: b: '@home'"),
        ("a: **bold**\n", 1, 'a value can\'t start with "*" without quotes', "write: a: '**bold**'"),
        ("a: 50%\nb: %x\n", 2, 'a value can\'t start with "%" without quotes', "write: b: '%x'"),
        ("a: [Beta] Orders\n", 1, 'a value that starts with "["', "write: a: '[Beta] Orders'"),
        ("a: [b, c\nd: e\n", 1, 'a value that starts with "["', 'close it with "]"'),
        ('title: "abc\nx: y\n', 1, "a quotation mark opens here and is not closed", 'write " at the end'),
        ("a: 'it's'\n", 1, "there is text after the closing quotation mark", "write: a: 'it''s'"),
        ('a: "C:\\q"\n', 1, "a backslash in double quotes", "use single quotes"),
        ("a: 1\njust text\n", 2, "this line is not a key and a value", "each line is a key"),
        ("title x\nid: y\n", 1, "this line is not a key and a value", "each line is a key"),
        (
            "answer: it is\n  so: what\n",
            2,
            "this line goes on with the value above it",
            "put the whole value in quotes",
        ),
        ('a: "x\nb: "y"\n', 1, "a quotation mark opens here and is not closed", 'write " at the end'),
        ("- a\nb: c\n", 2, "the YAML can't be read here", "compare this line's indentation"),
    ],
)
def test_syntax_errors_are_explained(
    loader: type, text: str, line: int, message: str, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strict_yaml, "_LOADER", loader)
    with pytest.raises(InputError) as caught:
        load(text, "a.yml", first_line=10)
    shown = str(caught.value)
    assert shown.startswith(f"a.yml:{line + 9}: error: {message}")
    assert f"\n  {hint}" in shown


@given(st.text(alphabet="ab'\"[]{}:-@ ", max_size=30))
def test_the_proposed_line_is_valid(value: str) -> None:
    try:
        load(f"title: {value}", "a.yml")
    except InputError as error:
        hint = error.findings[0].hint
        if hint.startswith("write: "):
            assert load(hint.removeprefix("write: "), "a.yml")
