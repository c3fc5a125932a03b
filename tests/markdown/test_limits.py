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


def seconds(*texts: str) -> list[float]:
    """CPU time of the fastest of three conversions of each text, taken in turn so that a slow moment hits all."""
    times: list[list[float]] = [[] for _ in texts]
    for _ in range(3):
        for text, found in zip(texts, times, strict=True):
            start = time.process_time()
            CONVERTER.convert(text)
            found.append(time.process_time() - start)
    return list(map(min, times))


@pytest.mark.parametrize("unit", HOSTILE)
def test_time_grows_with_the_input(unit: str) -> None:
    """At most 2.5 times for each doubling. Two doublings are measured: quadratic time takes 16 times, linear time 4."""
    size = 6_000 // len(unit)
    once, four_times = seconds(unit * size, unit * (4 * size))
    # Below a twentieth of a second the clock decides.
    assert four_times <= 2.5**2 * max(once, 0.05)


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
