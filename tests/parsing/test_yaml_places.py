"""One value of a YAML file is written, and nothing else changes."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.parsing.strict_yaml import Mapping, Scalar, load
from kb_builder.parsing.yaml_places import quoted, values, with_text

LINE = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
BLOCK = (
    "# top\na:\n  x: one  # first\n  y: >\n    long\n    text\n\n# next\nb: {c: d}\n"
    "list:\n  - search\n  - kb:\n      z: !ENV [A]\n"
)


@given(
    st.one_of(
        LINE, st.sampled_from("no Yes NULL true ~ 12 1.5 1e3 0x1f 0b1 0o7 0cd4 1.2e3 2026-01-02 12:30 a: #b y".split())
    )
)
def test_a_text_is_read_back_as_the_text_that_it_is(text: str) -> None:
    line = f"{quoted(text)}: {quoted(text)}\n"
    assert yaml.safe_load(line) == {text: text}
    node = load(line, "a.yml")
    assert isinstance(node, Mapping)
    ((key, value),) = node.entries
    assert isinstance(value, Scalar)
    assert (key.text, value.text, value.unset) == (text, text, False)


@pytest.mark.parametrize("text", ["faq/old-page/", "/a/b#c", "track-order", "2 hours", "Terms", "0cd4455009"])
def test_words_need_no_quotes(text: str) -> None:
    assert quoted(text) == text


@pytest.mark.parametrize(
    ("keys", "old", "new"),
    [
        (("a", "x"), "one ", '"ü" '),
        (("a", "y"), ">\n    long\n    text\n", '"ü"\n'),
        (("a", "k"), "    text\n", '    text\n  k: "ü"\n'),
        (("a", "x", "de"), "one ", '{en: one, de: "ü"} '),
        (("b", "c"), "d}", '"ü"}'),
        (("b", "no", "x"), "c: d", 'c: d, "no": {x: "ü"}'),
        (("list", "kb", "k"), "[A]\n", '[A]\n      k: "ü"\n'),
        (("e", "f"), "[A]\n", '[A]\ne: {f: "ü"}\n'),
    ],
)
def test_a_value_is_written_in_its_place(keys, old, new):
    assert BLOCK.count(old) == 1
    assert with_text(BLOCK, keys, "ü", "en") == BLOCK.replace(old, new)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("a: [", ("a",)),
        ("a: b", ("a", "c", "d")),
        ("- a", ("b",)),
        ("a: [x]", ("a", 3)),
        ("a: {b: c}", ("a",)),
        ("", ("a",)),
    ],
)
def test_what_cannot_be_edited_is_said(text, keys):
    assert with_text(text, keys, "ü") is None


@given(key=LINE, there=LINE, word=LINE, flow=st.booleans())
def test_any_text_is_read_back(key, there, word, flow):
    text = with_text("a: {b: c}\n" if flow else "a:\n  b: c\n", ("a", key), there)
    assert text is not None
    written = with_text(text, ("a", key), word)
    assert written is not None
    assert values(written) == {"a": {"b": "c", key: word} if key != "b" else {"b": word}}
