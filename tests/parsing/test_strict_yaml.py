"""YAML is read as typed, or refused with its line."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.errors import Finding, InputError, Severity
from kb_builder.parsing.strict_yaml import Mapping, load, plain


def finding_of(text: str, first_line: int = 1) -> str:
    with pytest.raises(InputError) as caught:
        load(text, "a.yml", first_line)
    return str(caught.value)


@pytest.mark.parametrize("typed", ["no", "1.10", "0123", "1e3", "2026-01-01", "0x1F", "12:30", "true", ".inf", "1_000"])
def test_scalars_stay_as_typed(typed: str) -> None:
    assert plain(load(f"key: {typed}\n", "a.yml")) == {"key": typed}


def test_structure_and_lines() -> None:
    node = load("a: 1\nb:\n  - x\n  - y: z\n", "a.yml", first_line=5)
    assert isinstance(node, Mapping)
    assert plain(node) == {"a": "1", "b": ["x", {"y": "z"}]}
    assert [key.line for key, _ in node.entries] == [5, 6]
    assert node.line_of("b") == 6
    assert node.line_of("missing") == 5


@pytest.mark.parametrize("empty", ["", "\n", "# a comment\n", "---\n", "~", "null\n"])
def test_nothing_is_an_empty_mapping(empty: str) -> None:
    assert load(empty, "a.yml") == Mapping((), 1)


def test_empty_values_are_left_out() -> None:
    assert plain(load("a:\nb: null\nc: ~\nd: ''\ne: 'null'\nf: [x, ~, ' ']\n", "a.yml")) == {"e": "null", "f": ["x"]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", 'a.yml:3: error: "a" is given twice\n  the first one is on line 1'),
        ("a: &x 1\n", 'a.yml:1: error: "&x" names a value; anchors are not read'),
        ("b: 1\na: *x\n", 'a.yml:2: error: "*x" would repeat another value; aliases are not read'),
        ("a: !!python/object:os.system x\n", 'a.yml:1: error: "!!python/object:os.system" is a YAML tag'),
        ("a: !important\n", 'a.yml:1: error: "!important" is a YAML tag; tags are not read'),
        ("a: 1\n---\nb: 2\n", "a.yml:2: error: a second document starts here"),
        ("? [a, b]\n: 1\n", "a.yml:1: error: a key must be text"),
        ("a: 1\nb: x\u202ey\n", "a.yml:2: error: an invisible character that is not allowed here: U+202E"),
        ('a: "x\\u202ey"\n', "a.yml:1: error: an invisible character that is not allowed here: U+202E"),
        ('a: "x\\0y"\n', "a.yml:1: error: an invisible character that is not allowed here: U+0000"),
        ("a: \ud800\n", "a.yml:1: error: an invisible character that is not allowed here: U+D800"),
        ("a: " + "[" * 21 + "]" * 21, "a.yml:1: error: more than 20 levels inside each other"),
        ("a: " + "x" * 1_000_000, "a.yml:1: error: 1,000,003 characters of YAML; 1,000,000 is the most"),
    ],
)
def test_refused_with_its_place(text: str, expected: str) -> None:
    assert finding_of(text).startswith(expected)


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    assert "aliases are not read" in finding_of(bomb)


def outcome(text: str) -> tuple[Finding, ...]:
    """What is wrong with the text; anything but a known error is raised."""
    try:
        load(text, "a.yml")
    except InputError as error:
        return error.findings or (Finding("", 0, "no-findings", Severity.ERROR, ""),)
    return ()


@given(st.text(st.characters(codec=None), max_size=200))
def test_any_text_is_a_value_or_a_known_error(text: str) -> None:
    for finding in outcome(text):
        assert finding.message
        assert 1 <= finding.line <= len(re.split("\r\n|[\r\n\x85\u2028\u2029]", text))


@given(st.text(alphabet="ab:-[]{}'\"#&*!|>%@,? \n\t~", max_size=60))
def test_any_punctuation_is_a_value_or_a_known_error(text: str) -> None:
    assert all(finding.message and finding.line for finding in outcome(text))
