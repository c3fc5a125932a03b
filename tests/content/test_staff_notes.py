"""Parts for staff are cut out of the body, whatever is around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.content.staff_notes import as_block, split
from kb_builder.errors import Severity

SECRET = "zqsecret7x"


@pytest.mark.parametrize(
    ("body", "public"),
    [
        (f'One.\n\n!!! staff "For us"\n    {SECRET}\n\n    - {SECRET}\n\nTwo.', "One.\n\nTwo."),
        (f"One.\n!!! staff\n    {SECRET}\n\nTwo.", "One.\n\nTwo."),
        (f'!!! staff "{SECRET}"\n!!! staff\n    {SECRET}', ""),
        (f'Public.\n\n!!! staff "{SECRET}"', "Public.\n"),
        (f"1. Item\n\n   !!! staff\n       {SECRET}\n\n   Still item.", "1. Item\n\n   Still item."),
        (f"!!! staff\n    {SECRET}\n\n- Item", "- Item"),
        (f"!!! staff\n    {SECRET}\n\n> Quote.", "> Quote."),
        (f'??? staff "Fold"\n    {SECRET}\n', ""),
        (f'???+ Staff "Open"\n\t{SECRET}\n\nTwo.', "Two."),
        (f"!!! note staff\n    {SECRET}\n\nTwo.", "Two."),
        (f"!!!staff\n    {SECRET}", ""),
        (f"- Item\n\n    !!! staff\n        {SECRET}\n\n    Still item.", "- Item\n\n    Still item."),
        (f"> !!! staff\n>     {SECRET}\n>\n> Quote.", "> Quote."),
        (f"> [!STAFF]\n> {SECRET}\n{SECRET}\n\nTwo.", "Two."),
        (f":::staff\n{SECRET}\n\n{SECRET}\n:::\nTwo.", "Two."),
        (f"::: {{.staff}}\n{SECRET}", ""),
        ("No block: staff is a word !!! here.", "No block: staff is a word !!! here."),
        ('!!! note "For all"\n    Text', '!!! note "For all"\n    Text'),
        ("Really?? Staff can help. {staff} {.button}", "Really?? Staff can help. {staff} {.button}"),
    ],
)
def test_notes_for_staff_leave_the_public_text(body: str, public: str) -> None:
    parts = split(body, "a.md", 5)
    assert parts.public == public
    assert (SECRET in parts.private) == (SECRET in body)
    assert parts.findings == ()


def test_the_public_text_is_that_of_a_file_without_the_block() -> None:
    before, after = "One.\n\n## Two\n\nThree.", "\n\n1. Four\n2. Five\n"
    block = f'\n\n!!! staff "T"\n    {SECRET}\n\n    ```\n    {SECRET}\n    ```'
    assert split(before + block + after, "a.md", 1).public == before + after


@pytest.mark.parametrize(
    ("body", "line", "code"),
    [
        (f"!!! staff\n{SECRET}", 6, "staff-not-indented"),
        (f"Text\n\n!!! stafff\n    {SECRET}", 7, "staff-misspelt"),
        (f"!!! internal\n    {SECRET}", 5, "staff-misspelt"),
        (f"!!! staff\n    half a sentence\nand {SECRET}", 7, "staff-not-indented"),
        (f"!!! staff\n    A sentence.\n{SECRET.capitalize()}", 7, "staff-not-indented"),
        (f"!!! staff\n    Do this:\n- {SECRET}", 7, "staff-not-indented"),
        (f"> !!! staff\n>     A sentence.\n> {SECRET}", 7, "staff-not-indented"),
        (f'!!! staff "Title"\n\n{SECRET.capitalize()}', 7, "staff-not-indented"),
        (f"!!! staff\n\n  {SECRET}", 7, "staff-not-indented"),
        (f"!!! staff\n    A sentence.\n\n  {SECRET}", 8, "staff-not-indented"),
        (f"> [!staff]\n> A sentence.\n\n> {SECRET}", 8, "staff-not-indented"),
        (f"## !!! staff\n\n    {SECRET}", 5, "staff-misspelt"),
        (f"**!!! staff**\n    {SECRET}", 5, "staff-misspelt"),
        (f"1. !!! staff!\n       {SECRET}\n\n!!! *staff*", 8, "staff-misspelt"),
        (f"!!!! staff\n    {SECRET}", 5, "staff-misspelt"),
        (f"?? Staff\n    {SECRET}", 5, "staff-misspelt"),
        (f'!!! "staff"\n    {SECRET}', 5, "staff-misspelt"),
        (f"!!!\u00a0staff\n    {SECRET}", 5, "staff-misspelt"),
        (f"!!! st\u200baff\n    {SECRET}", 5, "staff-misspelt"),
        (f"??? \uff53\uff54\uff41\uff46\uff46\n    {SECRET}", 5, "staff-misspelt"),
        (f"\uff01\uff01\uff01 staff\n    {SECRET}", 5, "staff-misspelt"),
        (f"\u200b!!! staff\n    {SECRET}", 5, "staff-misspelt"),
        (f"Text\u2028\u2028!!! staff\u2028    {SECRET}", 5, "staff-misspelt"),
        (f"{SECRET}\n{{: .admonition .staff }}", 6, "staff-html"),
        (f'[{SECRET}](a.md){{ class="x staff" }}', 5, "staff-html"),
        (f'<div class="admonition staff" markdown>\n{SECRET}\n</div>', 5, "staff-html"),
    ],
)
def test_what_would_be_published_by_mistake_is_an_error(body: str, line: int, code: str) -> None:
    (finding,) = split(body, "a.md", 5).findings
    assert (finding.path, finding.line, finding.code, finding.severity) == ("a.md", line, code, Severity.ERROR)
    assert SECRET not in f"{finding.message}{finding.hint}"


def test_removed_lines_keep_line_numbers() -> None:
    body = "One.\n\n!!! staff\n    x\n    y\n\nTwo.\n!!! staff\n    z\n\nThree."
    parts = split(body, "a.md", 1)
    for number, line in enumerate(parts.public.split("\n")):
        if line:
            shift = sum(count for place, count in parts.removed if place <= number)
            assert body.split("\n")[number + shift] == line


LINES = st.lists(
    st.sampled_from(["Text.", "", "## Head", "- item", "    code", "!!! note", "    more", "> quote", "```"]),
    max_size=8,
)


@given(LINES, LINES, st.sampled_from(["!!! staff", "??? staff", '!!! staff "x"']))
def test_no_staff_line_is_left_wherever_the_block_stands(before: list[str], after: list[str], start: str) -> None:
    body = "\n".join([*before, start, f"    {SECRET}", "", f"    {SECRET}", "", *after])
    assert SECRET not in split(body, "a.md", 1).public


@given(
    st.sampled_from(["!!! staff", '??? staff "x"']),
    st.lists(st.sampled_from(["    Inside.", "", "\tInside.", "      Inside."]), max_size=3),
    st.sampled_from(["", " ", "  ", "   ", "    ", "\t", ">", "> ", "- ", "  - "]),
)
def test_text_close_to_a_block_is_hidden_or_refused(start: str, inside: list[str], margin: str) -> None:
    parts = split("\n".join([start, *inside, margin + SECRET]), "a.md", 1)
    apart = any(inside) and inside[-1] == "" and not margin.startswith((" ", "\t"))
    assert (SECRET in parts.public) == (not parts.private.endswith(SECRET))
    assert (SECRET not in parts.public or bool(parts.findings)) == (not apart)


@given(LINES)
def test_a_body_without_blocks_is_unchanged(lines: list[str]) -> None:
    body = "\n".join(lines)
    assert split(body, "a.md", 1).public == body


def test_the_note_of_a_header_is_a_block() -> None:
    assert split(as_block(f"{SECRET}\n\n- {SECRET}") + "Public.", "a.md", 1).public == "Public."
