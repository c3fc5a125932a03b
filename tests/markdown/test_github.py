"""What GitHub shows is what customers see. The oracle is GitHub's own parser, ``cmark-gfm``."""

import re
from itertools import product
from pathlib import Path

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import assume, given
from hypothesis import strategies as st

from kb_builder.commands import mkdocs_config
from kb_builder.markdown.convert import Converter
from kb_builder.markdown.github import rewrite
from kb_builder.markdown.structure import of_html

CONVERTER = Converter(mkdocs_config.load(str(Path(__file__).parents[2] / "mkdocs.yml")).extensions)
HEADLINE = "Lead.\n\n"


def github(text: str) -> list[str]:
    return of_html(cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE))


def ours(text: str) -> list[str]:
    return of_html(CONVERTER.convert(text).html)


LISTS = [
    f"Text.\n{blank}{one} one\n{' ' * indent}{two} two\n{' ' * (2 * indent)}- three\n{one} four\n"
    for blank, one, two, indent in product(("", "\n"), ("-", "*", "1."), ("-", "+", "1."), (2, 3, 4))
]
STEPS = [
    f"{marker} Do this:\n{between}{' ' * indent}{part}\n{' ' * indent}{after}\n\n{marker} Then that.\n"
    for marker, between, indent, part, after in product(
        ("1.", "-"),
        ("", "\n"),
        (3, 4),
        ("```bash\n   kb build\n   ```", "| a | b |\n   |---|---|\n   | 1 | 2 |", "- inner", "> quoted"),
        ("", "More."),
    )
]
OTHERS = [
    "- a\n+ b\n* c\n",
    "1. a\n\n* b\n",
    "1) one\n2) two\n",
    "5. five\n6. six\n",
    "#4711 kettles\n",
    "- see\n  #4711\n  2024. It was.\n",
    "Two lines\nof heading\n---\n",
    "Type this:\n```\n- no list\n```\nand go on.\n",
    "1. see\n   ```\n   never closed\n",
    "> - a\n>   - b\n> - c\n",
    "> Text\n> 1. one\n>    - two\n",
    "Text\n| a | b |\n|---|---|\n| 1 | 2 |\n",
    "- [ ] open\n- [x] done\n  - [ ] inner\n",
    "<details>\n<summary>More</summary>\n\n- a\n  - b\n\n</details>\n",
    "- a\n\n      code\n\n- b\n",
    "* A\n  * B\n\n    ```\n    c\n    ```\n\n  * D\n* E\n  * F\n",
    "- a\n\n  - b\n\n  text\n\n  - c\n",
]


@pytest.mark.parametrize("text", LISTS + STEPS + OTHERS)
def test_lists_tables_and_code_are_as_github_shows_them(text: str) -> None:
    if text in LISTS + STEPS + OTHERS[:-3]:
        text = HEADLINE + text
    assert [part for part in ours(text) if part[0] != "h"] == [part for part in github(text) if part[0] != "h"]
    assert not [one for one in CONVERTER.convert(text).outline.findings if one.code == "shown-differently"]


ADDRESS = st.sampled_from(
    (
        *("https://a.example/b_c_d", "http://a.example", "www.a.example/(b)", "https://a.example/__init__.py", "www.a"),
        *(
            "help@a.example",
            "a.b_c+d@e-f.example.com",
            "a@b",
            "https://a_b.c_d/x",
            "HTTPS://A.example/?b=c&d=e#f",
            "w@a.b1",
        ),
        *("https://a.example/*b*c", "localhost", "http://localhost:80/b", "://a.example", "ahttps://a.example", "@a.b"),
    )
)
AROUND = st.sampled_from(("{}", "({})", "{}.", "**{}**", "*{}*", "_{}_", "~~{}~~", '"{}"', "`{}`", "[{}](x.md)",
                          "<b>{}</b>", "see {}, or", "{}!?", "{})", "1{}", "- {}", "> {}", "## {}", "{}:", "'{}'",
                          "{}<br>"))  # fmt: skip
LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>')


@given(st.lists(st.tuples(AROUND, ADDRESS), min_size=1, max_size=4), st.sampled_from((" ", "\n\n", " and ")))
def test_addresses_without_brackets_are_links_as_on_github(parts: list[tuple[str, str]], between: str) -> None:
    # Inside the words of a link GitHub reads emphasis, and here an address stays whole.
    assume(not any(around[0] == "[" and re.search("__|[*]", address) for around, address in parts))
    text = between.join(around.format(address) for around, address in parts)
    expected = cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)
    found = CONVERTER.convert(text)
    assert LINK.findall(found.html) == LINK.findall(expected), found.html
    assert all(link.line for link in found.outline.links), found.outline.links


def test_a_sign_behind_an_address_is_no_part_of_it_in_any_script() -> None:
    found = CONVERTER.convert("“https://a.example/b” or https://a.example/c… in `https://a.example/d`\n")
    assert [link.target for link in found.outline.links] == ["https://a.example/b", "https://a.example/c"]


WORDS = st.sampled_from(["Some text", "Go on: this", "With `code`", "A [link](https://example.com)"])


def _indented(lines: list[str], marker: str, extra: int) -> list[str]:
    width = len(marker) + 1 + extra
    return [f"{marker} {lines[0]}", *(f"{' ' * width}{line}" if line else "" for line in lines[1:])]


@st.composite
def blocks(draw: st.DrawFn, depth: int = 0) -> list[str]:
    """Lines of a document as authors write it: with and without blank lines, indented by two to four spaces."""
    lines: list[str] = []
    kinds = ["text", "code", *(["table", "list", "steps", "quote"] if depth < 3 else [])]
    for kind in draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=3)):
        if kind == "text":
            lines += draw(st.lists(WORDS, min_size=1, max_size=2))
        elif kind == "code":
            lines += ["```bash", "kb build", "  - no list", "```"]
        elif kind == "table":
            lines += ["| a | b |", "|---|---|", "| 1 | `x \\| y` |"]
        elif kind == "quote":
            lines += [f"> {line}".rstrip() for line in draw(blocks(depth=depth + 1))]
        else:
            bullet = draw(st.sampled_from("-*+"))
            for number in range(draw(st.integers(1, 3))):
                marker = f"{number + 1}." if kind == "steps" else bullet
                item = ["Step", *draw(blocks(depth=depth + 1))]
                lines += _indented(item, marker, draw(st.integers(0, 1)))
        if draw(st.booleans()):
            lines.append("")
    return lines


@given(blocks())
def test_every_difference_from_github_is_a_finding(lines: list[str]) -> None:
    text = "\n".join(lines) + "\n"
    codes = {finding.code for finding in CONVERTER.convert(text).outline.findings}
    assert ours(text) == github(text) or "shown-differently" in codes


@pytest.mark.parametrize("opening", ['!!! note "Title"', '??? question "Title"', "???+ tip", '=== "Tab"'])
def test_blocks_of_material_keep_their_meaning(opening: str) -> None:
    text = f"- item\n\n    {opening}\n\n        - a\n            - b\n\n{opening}\n    - c\n        - d\n"
    assert ours(text) == ["ul 1", "ul 2", "ul 3", "ul 1", "ul 2"]


def test_alerts_become_admonitions_wherever_they_are() -> None:
    for text in ("> [!NOTE]\n> Mind.", "Text\n> [!WARNING]\n> Mind.", "1. a\n   > [!TIP]\n   > Mind.\n\n2. b"):
        assert '<div class="admonition ' in CONVERTER.convert(text).html


def test_an_alert_on_one_line_is_an_alert_with_that_text() -> None:
    body = CONVERTER.convert("> [!NOTE] You can't change it here.\n")
    assert "<p>You can't change it here.</p>" in body.html
    assert body.outline.findings == ()


def test_code_spans_in_tables_lose_their_escapes() -> None:
    shown = CONVERTER.convert("| a | b |\n|---|---|\n| `x \\| y` | 2 |").html
    assert "<code>x | y</code>" in shown
    assert shown.count("<td") == 2


def test_a_backslash_breaks_a_line() -> None:
    assert "one<br>" in CONVERTER.convert("one\\\ntwo").html.replace("<br />", "<br>")


@given(st.text("-*+>#`~|\\ \n\t1.)[]!<a", max_size=60))
def test_any_text_is_rewritten_once_and_for_all(text: str) -> None:
    assert rewrite(text).text.count("a") == text.count("a")


PARTS = (
    "a|a\nb|a\\\nb|# a|## a\nb|- a|- a\n- b|* a|* a\n- b|1. a|7. a\n8. b|1. a\n- b|1) a|- a\n  b|  b|    b|- [x] a|"
    "- - a|- # a|> a|[a](b) c|[^1]: c|**a** b|** b|a\n===|a\n---|***|!!! note\n    a|<div>\na|</div>|a <b>c</b>||\ta"
).split("|")


@given(
    st.lists(
        st.tuples(st.sampled_from(PARTS), st.sampled_from(("\n", "\n\n", "\n\n\n", "\n \n"))), min_size=1, max_size=8
    )
)
def test_what_is_not_parsed_is_rewritten_as_if_it_were(parts: list[tuple[str, str]]) -> None:
    text = "# A\n\n" + "".join(map("".join, parts)).rstrip() + "\n\n"
    parsed = rewrite(f"{text}<!-- all of a text with a comment is parsed -->")
    quick = rewrite(text)
    assert quick.text == parsed.text.rpartition("<!--")[0]
    assert (quick.structure, quick.lines) == (parsed.structure, parsed.lines)


def test_deep_nesting_ends() -> None:
    assert CONVERTER.convert("> " * 2000 + "a").html
