"""YAML is read as typed, or refused with its line."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.errors import Finding, InputError, Severity
from kb_builder.parsing.strict_yaml import Mapping, cut_values, load, plain


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
        (
            "a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> x\n",
            "a.yml:2: error: a merge conflict was left in this file",
        ),
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


def cut(text: str) -> list[tuple[int, str]]:
    node = load(text, "a.yml")
    assert isinstance(node, Mapping)
    assert {finding.code for finding in node.findings} <= {"cut-value"}
    return [(finding.line, finding.hint) for finding in node.findings]


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("title: Recall of batch #4711 kettles", "write: title: 'Recall of batch #4711 kettles'"),
        ("title: Price # 1 comment", "write: title: 'Price # 1 comment'"),
        ("title: refunds # 30 days", "write: title: 'refunds # 30 days'"),
        ("answer: Where's my order #?", "write: answer: 'Where''s my order #?'"),
        ("title: Recall #4711", "write: title: 'Recall #4711'"),
        ("- order #12345", "write: - 'order #12345'"),
    ],
)
def test_a_value_that_a_number_sign_cuts_is_reported_with_the_quoted_line(line: str, hint: str) -> None:
    assert cut(f"a:\n  {line}\nb: c\n") == [(2, hint)]
    assert plain(load(hint.removeprefix("write: "), "a.yml"))
    assert [finding.hint for finding in cut_values(line, "mkdocs.yml")] == [hint]


@pytest.mark.parametrize(
    "line",
    [
        "order: 2 # comes first",
        "response_time: 5 minutes   # the longest",
        'title: "Recall #4711" # quoted',
        "title: 'Recall #4711'",
        "# order #4711 is a comment",
        "channel: c#",
        "url: https://example.com/#part",
        "hours: [24/7] # always open",
    ],
)
def test_comments_and_other_number_signs_are_no_findings(line: str) -> None:
    assert cut(f"{line}\nb: c\n") == []


@given(st.lists(st.sampled_from(["order", "#12345", "#", "a#b", "kettles"]), min_size=1, max_size=6))
def test_no_part_of_a_plain_value_is_lost_in_silence(words: list[str]) -> None:
    value = " ".join(["The", "old", *words])
    node = load(f"key: {value}\n", "a.yml")
    assert isinstance(node, Mapping)
    assert plain(node) == {"key": value} or [finding.code for finding in node.findings] == ["cut-value"]
