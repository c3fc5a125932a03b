"""XLIFF 1.2: any text survives it, tools' own marks are accepted, and what is broken is named with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.errors import InputError
from kb_builder.translating import xliff
from kb_builder.translating.inline_codes import Code, joined, tokens
from kb_builder.translating.units import Unit, Work

TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)


def work(*units: Unit) -> Work:
    return Work("one", "content/articles/a.md", "en", "de", "0123456789", "", units)


@given(TEXTS, TEXTS)
def test_any_text_comes_back(source: str, target: str) -> None:
    made = work(Unit("body.1", "paragraph", tuple(tokens(source)), tuple(tokens(target))))
    (back,) = xliff.read(xliff.write([made]), "w.xlf")
    (unit,) = back.units
    assert joined(unit.source) == source
    assert unit.target is not None
    assert joined(unit.target) == target
    assert [token for token in unit.source if isinstance(token, Code)] == [
        Code(token.number, token.role, token.native) for token in tokens(source) if isinstance(token, Code)
    ]
    assert (back.id, back.path, back.source_language, back.target_language) == ("one", made.path, "en", "de")


def test_the_same_work_gives_the_same_bytes() -> None:
    made = work(Unit("title", "title", ("Hello",), None))
    assert xliff.write([made]) == xliff.write([made])
    assert b'<trans-unit id="title" xml:space="preserve"><source>Hello</source><note>title</note>' in xliff.write(
        [made]
    )


HEAD = (
    '<?xml version="1.0"?>\n<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"'
    ' xmlns:kb="urn:kb-builder:translation">\n'
)
FILE = (
    '<file original="a.md" datatype="plaintext" source-language="en" target-language="de" kb:id="a"'
    ' kb:revision="0" kb:translation=""><body>\n'
)
END = "</body></file></xliff>"


def unit(target: str) -> str:
    return f'<trans-unit id="title"><source>A</source><target>{target}</target></trans-unit>'


def test_marks_of_tools_and_comments_are_passed_over() -> None:
    text = HEAD + FILE + unit('<mrk mtype="seg" mid="0">B <!-- x -->c</mrk> <ph id="1">`d`</ph>') + END
    (made,) = xliff.read(text.encode(), "w.xlf")
    assert made.units[0].target is not None
    assert joined(made.units[0].target) == "B c `d`"


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("", 1, "is not XML"),
        (HEAD + FILE + "<trans-unit", 4, "is not XML"),
        ("<xliff version='2.0' xmlns='urn:oasis:names:tc:xliff:document:2.0'/>", 1, "is not XLIFF 1.2"),
        ("<html/>", 1, "is not XLIFF 1.2"),
        (HEAD + "</xliff>", 1, "has no file element"),
        (HEAD + FILE.replace(' target-language="de"', "") + END, 3, "lacks target-language"),
        (HEAD + FILE.replace(' kb:revision="0"', "") + END, 3, "lacks revision"),
        (HEAD + FILE + '<trans-unit id="x"><target>B</target></trans-unit>' + END, 4, "has no source or no id"),
        (HEAD + FILE + unit('<g id="1">B</g>') + END, 4, "has the element g in a segment"),
        (HEAD + FILE + unit(f'<ph id="{"9" * 5000}"/>') + END, 4, "has the element ph in a segment"),
        ('<!DOCTYPE x [<!ENTITY a "b">]>\n' + HEAD.split("\n", 1)[1] + FILE + unit("&a;") + END, 1, "has a DOCTYPE"),
    ],
)
def test_what_is_broken_is_named_with_its_line(text: str, line: int, problem: str) -> None:
    with pytest.raises(InputError) as refused:
        xliff.read(text.encode(), "w.xlf")
    assert problem in refused.value.problem
    assert refused.value.where == f"w.xlf:{line}"


def test_a_character_that_there_is_not_is_left_out() -> None:
    text = HEAD + FILE + unit('<ph id="1" ctype="x-control">110000 7 10FFFF FFFFFF</ph>') + END
    (work,) = xliff.read(text.encode(), "w.xlf")
    assert work.units[0].target == (Code(1, "alone", "\x07\U0010ffff"),)
