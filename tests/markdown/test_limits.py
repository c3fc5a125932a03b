"""Conversion takes time in proportion to the length of a body, and control characters are removed."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.commands.mkdocs_config import _EXTENSIONS
from kb_builder.config import Extensions
from kb_builder.markdown.convert import Converter
from kb_builder.markdown.limits import limited, printable

CONVERTER = Converter(Extensions(tuple(_EXTENSIONS), {name: dict(set_up) for name, set_up in _EXTENSIONS.items()}))
HOSTILE = ("[a](", "![", "[", "[x][", "<![CDATA[", "<a ", "\t", " ", "<!-- ", "*[a]: b\n", "&#", "](", "`", "*a ", "> ")


def seconds(text: str) -> float:
    """CPU time of the fastest of three conversions."""
    times = []
    for _ in range(3):
        start = time.process_time()
        CONVERTER.convert(text)
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.parametrize("unit", HOSTILE)
def test_twice_the_input_takes_at_most_two_and_a_half_times_the_time(unit: str) -> None:
    size = 16_000 // len(unit)
    once, twice = seconds(unit * size), seconds(unit * (2 * size))
    # Below a twentieth of a second nobody waits, and the clock decides.
    assert twice <= 2.5 * max(once, 0.02)


@pytest.mark.parametrize(("unit", "count"), [("[a ", 300), ("<a ", 300), ("*[a]: b\n", 400), ("\t", 300)])
def test_what_is_beyond_a_limit_is_a_finding(unit: str, count: int) -> None:
    findings = CONVERTER.convert(f"First.\n\n{unit * count}", first_line=5).outline.findings
    assert "markup-limit" in {finding.code for finding in findings}


def test_lists_of_thousands_of_terms_are_converted() -> None:
    assert "term 2999" in CONVERTER.convert("".join(f"term {n}\n: means {n}\n\n" for n in range(3000))).html


def test_brackets_in_code_stay() -> None:
    code = "[x]" * 500
    assert code in CONVERTER.convert(f"```\n{code}\n```\n").html


@given(st.text(max_size=200))
def test_usual_text_is_left_as_it_is(text: str) -> None:
    plain = printable(text)
    assert limited(plain).text == plain
    assert limited(plain).reasons == ()


@given(st.text(alphabet=st.characters(), max_size=40), st.integers(0, 0x9F))
def test_no_control_character_reaches_a_page(text: str, code: int) -> None:
    for written in (f"a{chr(code)}b {text}", f"a&#{code};b", f"a&#x{code:x};b"):
        html = CONVERTER.convert(written).html
        assert not any(ord(one) < 32 and one not in "\t\n\r" for one in html)
        assert printable(html) == html


def test_an_entity_of_a_control_character_is_a_finding() -> None:
    body = CONVERTER.convert("First.\n\nRed &#x1b;[31m and &#27; text.", first_line=5)
    assert [(finding.code, finding.line) for finding in body.outline.findings] == [("control-character", 7)]
    assert "Red [31m and" in body.html
