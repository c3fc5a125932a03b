"""What does not fit a schema is reported in plain words, with its line, all at once."""

from typing import Literal

import pytest

from kb_builder.errors import InputError
from kb_builder.parsing.fields import Flag, Integer, Line
from kb_builder.parsing.schemas import Schema, validate
from kb_builder.parsing.strict_yaml import load


class Child(Schema):
    boost: Integer = 1


class Parent(Schema):
    title: Line
    kind: Literal["faq", "policy"] = "faq"
    draft: Flag = False
    search: Child = Child()
    children: tuple[Child, ...] = ()


def test_a_value_that_fits_the_model() -> None:
    node = load("title:  a   b \ndraft: Yes\nsearch: {boost: 3}\n", "a.yml")
    assert validate(node, Parent, "a.yml") == (Parent(title="a b", draft=True, search=Child(boost=3)), ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tile: x\ntitle: y\n", 'a.yml:1: error: unknown key "tile"\n  did you mean "title"?'),
        ("Title: x\ntitle: y\n", 'a.yml:1: error: unknown key "Title"\n  did you mean "title"?'),
        (
            "\xa0title: x\ntitle: y\n",
            'a.yml:1: error: the key "title" has an invisible character in it: U+00A0 (no-break space)\n  delete it',
        ),
        (
            "ti\u200btle: x\ntitle: y\n",
            'a.yml:1: error: the key "ti\u200btle" has an invisible character in it: U+200B',
        ),
        ("title: y\nlayout: x\n", 'a.yml:2: error: unknown key "layout"\n  ask a colleague'),
        ("title: y\nsearch:\n  bost: 1\n", 'a.yml:3: error: unknown key "bost"\n  did you mean "boost"?'),
        ("title: y\nchildren:\n- {}\n- bost: 1\n", 'a.yml:4: error: unknown key "bost"\n  did you mean "boost"?'),
        ("draft: no\n", 'a.yml:1: error: "title" is missing'),
        ("title: ''\n", 'a.yml:1: error: "title" is missing'),
        ("title: [a]\n", 'a.yml:1: error: "title" must be text, not a list'),
        ("title: y\ndraft: maybe\n", 'a.yml:2: error: "draft" must be true or false, not "maybe"'),
        ("title: y\nsearch: 3\n", 'a.yml:2: error: "search" must consist of keys and values, not "3"'),
        ("title: y\nsearch: {boost: 1.5}\n", 'a.yml:2: error: "boost" must be a whole number, not "1.5"'),
        ("title: y\nchildren: x\n", 'a.yml:2: error: "children" must be a list, not "x"'),
        (
            "title: y\nkind: polcy\n",
            'a.yml:2: error: "kind" must be "faq" or "policy", not "polcy"\n  did you mean "policy"?',
        ),
        ("- a\n", "a.yml:1: error: this file must be made of keys and values"),
    ],
)
def test_invalid_values_are_reported_with_their_line(text: str, expected: str) -> None:
    with pytest.raises(InputError) as error:
        validate(load(text, "a.yml"), Parent, "a.yml", unknown_hint="ask a colleague")
    (finding,) = error.value.findings
    assert str(finding).startswith(expected)


def test_all_errors_are_reported_at_once() -> None:
    with pytest.raises(InputError) as error:
        validate(load("tile: x\ndraft: maybe\n", "a.yml"), Parent, "a.yml")
    assert {finding.code for finding in error.value.findings} == {"unknown-key", "bad-value", "missing-key"}
