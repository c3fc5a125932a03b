"""Conversion takes time in proportion to the length of a body, and control characters are removed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.commands.mkdocs_config import _EXTENSIONS
from kb_builder.config import Extensions
from kb_builder.markdown.convert import Converter
from kb_builder.markdown.limits import limited, printable
from tests.growth import in_proportion

CONVERTER = Converter(Extensions(tuple(_EXTENSIONS), {name: dict(set_up) for name, set_up in _EXTENSIONS.items()}))
HOSTILE = (
    "[a](", "![", "[", "[x][", "<![CDATA[", "<a ", "\t", " ", "<!-- ", "*[a]: b\n", "&#", "](", "`", "*a ", "> ",
    "{: ", '=== "', '=== "a"\n', "!!!", "!!! note\n", "??? note\n    b\n", "[^a]", "[^a]: b\n", "<details",
    "<details>\n", "| a | b |\n", "|", "## a\n\n", "# a\n", "a\n===\n", "---\n", "## [a](b)\n", "&amp;", "\\", "</",
    "<?", "<b>", "<ul><li>", "<div markdown>\n", "<pre>", "<h2>a</h2>", "```\n", "a  \n", '<p id="a">x</p>\n', "{{",
    "--8<--", "-", "a\\\n",
)  # fmt: skip


@pytest.mark.growth
@pytest.mark.parametrize("unit", HOSTILE)
def test_twice_the_input_takes_at_most_two_and_a_half_times_the_time(unit: str) -> None:
    size = 16_000 // len(unit)
    # Below a twentieth of a second the resolution of the clock would decide.
    assert in_proportion(
        CONVERTER.convert, unit * size, unit * (2 * size), lambda once, twice: twice <= 2.5 * max(once, 0.02)
    )


@pytest.mark.growth
def test_ten_thousand_headings_take_no_more_than_their_number_says() -> None:
    few, many = ("".join(f"# Heading {n}\n\n" for n in range(count)) for count in (2_500, 10_000))
    assert in_proportion(CONVERTER.convert, few, many, lambda short, long: long <= 2.5**2 * short)


@pytest.mark.parametrize(("unit", "count"), [("[a ", 300), ("<a ", 300), ("*[a]: b\n", 400), ("\t", 300)])
def test_what_is_beyond_a_limit_is_a_finding(unit: str, count: int) -> None:
    findings = CONVERTER.convert(f"First.\n\n{unit * count}", first_line=5).outline.findings
    assert "markup-limit" in {finding.code for finding in findings}


def test_columns_that_are_lined_up_are_the_same_table_and_no_finding() -> None:
    made, lined_up = (
        CONVERTER.convert(f"| Product{blanks}| Feature |\n| --- | --- |\n| Kit{blanks}| Code{blanks}|\n")
        for blanks in (" ", " " * 300)
    )
    assert made.html == lined_up.html
    assert lined_up.outline.findings == ()


@pytest.mark.parametrize("text", [f"```\na{' ' * 300}b\n```\n", f"{' ' * 300}a\n", f"a\n{' ' * 300}\nb"])
def test_blanks_that_mean_something_are_cut_with_a_finding(text: str) -> None:
    assert [finding.code for finding in CONVERTER.convert(text).outline.findings] == ["markup-limit"]


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


def test_long_lists_and_tables_of_links_are_not_limited() -> None:
    items = "".join(f"- [Answer {n}](a{n}.md)\n" for n in range(600))
    rows = "".join(f"| [Answer {n}](a{n}.md) | *{n}* |\n" for n in range(1_200))
    body = CONVERTER.convert(f"{items}\n| a | b |\n|---|---|\n{rows}")
    assert body.outline.findings == ()
    assert len(body.outline.links) == 1_800


@pytest.mark.parametrize("mark", "[&*_`~:=^+")
def test_what_is_beyond_a_limit_is_shown_as_it_is_written(mark: str) -> None:
    body = CONVERTER.convert(f"{mark}x " * 2_100 + "END")
    assert not any(0xFDD0 <= ord(character) <= 0xFDEF for character in body.html)
    assert body.sections[0].text.endswith(f" {mark}x END")
