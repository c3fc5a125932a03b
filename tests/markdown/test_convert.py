"""Markdown to sanitised bodies: what an author writes is shown, what would hurt a reader is not."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.config import Extensions
from kb_builder.markdown.body_html import rewrite_targets
from kb_builder.markdown.convert import Converter, Source

EXTENSIONS = Extensions(
    ("toc", "tables", "attr_list", "admonition", "md_in_html", "pymdownx.superfences", "pymdownx.quotes",
     "pymdownx.tabbed", "pymdownx.details"),
    {"tables": {"use_align_attribute": True}, "pymdownx.quotes": {"callouts": True},
     "pymdownx.tabbed": {"alternate_style": True}},
)  # fmt: skip
CONVERTER = Converter(EXTENSIONS)


def html(text: str, **options: object) -> str:
    return CONVERTER.convert(text, **options).html  # type: ignore[arg-type]


def test_texts_that_are_converted_together_are_what_each_is_by_itself() -> None:
    texts = (
        "Lead.\n\n## Fees\n\nOne.\n\n## Fees\n\nTwo.\n",
        "# Refunds\n\n[words][target]\n\n[target]: /a/\n",
        "[words][target] and a footnote[^1].\n",
        "Text.\n\n[^1]: A footnote.\n",
        "[" * 300,
        '!!! note "Empty"\n',
        "#### Skips\n\n<b onclick=x>**bold **</b> &#8; [](#)\n",
        "",
    )
    sources = [Source(text, "Refunds", line) for line, text in enumerate(texts, start=1)]
    alone = [CONVERTER.convert(source.text, title=source.title, first_line=source.first_line) for source in sources]
    assert CONVERTER.convert_all(sources) == alone
    assert CONVERTER.convert_all(reversed(sources)) == alone[::-1]


def test_headings_have_permanent_anchors_and_a_labelled_link() -> None:
    body = CONVERTER.convert("Intro.\n\n## Track *your* parcel\n\nText.\n")
    assert [(h.level, h.anchor, h.text) for h in body.outline.headings] == [
        (2, "track-your-parcel", "Track your parcel")
    ]
    assert 'href="#track-your-parcel" aria-label="Link to this section"' in body.html


def test_an_anchor_may_follow_its_heading_without_a_space() -> None:
    body = CONVERTER.convert("## Send it back{#return}\n\n```\n## Not me{#code}\n```\n")
    assert [(heading.anchor, heading.text) for heading in body.outline.headings] == [("return", "Send it back")]
    assert "Not me{#code}" in body.html


def test_a_first_heading_that_repeats_the_title_is_dropped() -> None:
    assert html("# Refunds\n\nYes.", title="Refunds") == "<p>Yes.</p>"


def test_other_first_level_headings_become_second_level_and_levels_never_skip() -> None:
    body = CONVERTER.convert("# One\n\n#### Two\n\n## Three\n")
    assert [heading.level for heading in body.outline.headings] == [2, 3, 2]


def test_sections_hold_the_plain_text_under_each_heading() -> None:
    body = CONVERTER.convert("Lead &amp; more.\n\n## A\n\n- one\n- two\n\n## B\n\n`code` <b>bold</b>\n")
    assert [(s.anchor, s.heading, s.text) for s in body.sections] == [
        ("", "", "Lead & more."),
        ("a", "A", "one two"),
        ("b", "B", "code bold"),
    ]


def test_each_row_of_a_table_is_a_sentence() -> None:
    table = "| To | Takes | By |\n|---|---|---|\n| Islands | 5 days | **post** |\n| Here | 1 day! | |\n"
    for before, after in (("", ""), ("How long:\n\n", "More text.\n")):
        body = CONVERTER.convert(f"{before}{table}\n{after}")
        expected = f"{before}To: Takes, By. Islands: 5 days, post. Here: 1 day! {after}"
        assert body.sections[0].text == " ".join(expected.split())
    assert CONVERTER.convert("How:\n\n| | |\n|---|---|\n| a | b |\n").sections[0].text == "How: a: b."


def test_the_lead_is_the_first_paragraph_even_after_a_note() -> None:
    assert CONVERTER.convert("!!! note\n    Mind the gap.\n\nFirst.").outline.lead == "Mind the gap."
    assert CONVERTER.convert("![](x.png)\n\nSecond.").outline.lead == "Second."


def test_links_and_images_have_their_line() -> None:
    text = "See [a](one.md).\n\n![Box](img/box.png)\n\nAnd [a](one.md) again."
    links = CONVERTER.convert(text, first_line=10).outline.links
    assert [(link.target, link.line, link.alt) for link in links] == [
        ("one.md", 10, None),
        ("img/box.png", 12, "Box"),
        ("one.md", 14, None),
    ]


def test_script_links_are_reported_with_their_line() -> None:
    text = "See [a](one.md).\n\n[x](JavaScript:alert(1)) and <a href='data:text/html,y'>y</a>"
    found = CONVERTER.convert(text, first_line=10).outline.findings
    assert [(finding.code, finding.line) for finding in found] == [("refused-link", 12)] * 2
    assert found[1].message == '"javascript:" links are removed'
    assert CONVERTER.convert("The word javascript: by itself.").outline.findings == ()


def test_github_callouts_become_admonitions() -> None:
    assert '<div class="admonition note">' in html("> [!NOTE]\n> Mind the gap.")


def test_a_wide_table_scrolls_by_keyboard_and_has_no_style_attribute() -> None:
    table = html("| a | b |\n|:--|--:|\n| 1 | 2 |")
    assert re.search(r'<div [^>]*tabindex="0"[^>]*><table>', table)
    assert '<th data-align="right">b<' in table
    assert " align=" not in table
    assert "style=" not in table


def test_long_cells_of_a_table_are_marked() -> None:
    table = html(
        "| Price | Arrives |\n|---|--:|\n| &pound;3.95, **free** | 2 to 4 working days |\n| from 10&nbsp;to 20 | |"
    )
    assert re.findall(r"<t[dh]((?: [^>]*)?)>([^<]*)", table) == [
        ("", "Price"),
        (' data-align="right"', "Arrives"),
        ("", "£3.95, "),
        (' data-align="right" data-long', "2 to 4 working days"),
        ("", "from 10&nbsp;to 20"),
        (' data-align="right"', ""),
    ]


def test_a_task_has_a_label() -> None:
    tasks = Converter(Extensions(("pymdownx.tasklist",))).convert("- [x] one\n- [ ] two\n").html
    assert re.findall(r'<input[^>]*aria-label="([^"]*)"', tasks) == ["Done", "To do"]


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[click](javascript:alert(1))",
        '<a href="jAvAsCrIpT:alert(1)">x</a>',
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        '<iframe src="https://evil.example"></iframe>',
        '<p style="position:fixed">x</p>',
        "<svg><script>alert(1)</script></svg>",
        '<form action="https://evil.example"><input type="password"></form>',
        '<math><mtext><table><mglyph><style><img src=x onerror="alert(1)">',
    ],
)
def test_scripts_and_fake_controls_are_removed(hostile: str) -> None:
    clean = html(hostile).lower()
    for sign in ("<script", "onerror", "javascript:", "data:text", "<iframe", "style=", "<form", 'type="password"'):
        assert not re.search(rf"<[^>]*{re.escape(sign.lstrip('<'))}", clean), clean


def test_trusted_html_keeps_an_iframe_but_no_javascript_link() -> None:
    trusting = Converter(EXTENSIONS, trust_html=True)
    clean = trusting.convert('<iframe src="https://v.example/1"></iframe>\n\n[x](javascript:alert(1))').html
    assert '<iframe src="https://v.example/1">' in clean
    assert "javascript:" not in clean


@given(st.text(max_size=300))
def test_any_text_becomes_a_body_without_a_script(text: str) -> None:
    body = CONVERTER.convert(text)
    assert not re.search(r"<\s*script|<[^>]*\son\w+=", body.html, re.I)
    assert all(2 <= heading.level <= 6 for heading in body.outline.headings)


def test_ids_are_unique_and_the_heading_keeps_its_id() -> None:
    body = CONVERTER.convert('<a id="fees"></a>\n\n## Fees\n\n<p id="keep">a</p>\n\n<p id="keep">b</p>\n')
    assert re.findall(r'(\w+) id="([^"]+)"', body.html) == [("h2", "fees"), ("p", "keep")]
    assert body.outline.anchors == ("fees", "keep")


def test_a_video_beside_the_article_is_a_link() -> None:
    body = CONVERTER.convert('<video controls src="pack.mp4"></video>\n\n<audio><source src="hold.ogg"></audio>\n')
    assert [link.target for link in body.outline.links] == ["pack.mp4", "hold.ogg"]
    assert 'src="../media/1/pack.mp4"' in rewrite_targets(body.html, {"pack.mp4": "../media/1/pack.mp4"})


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        (
            "You need one of these:\n\n- a card.\n- cash;\n- a *cheque*\n\nMore.",
            "You need one of these: a card; cash; a cheque.",
        ),
        ("Do this:\n\n1. Sign in.\n\n    Then wait.\n\n2. Pay.\n", "Do this: Sign in. Then wait; Pay."),
        ("You may see this error:\n\n```\nno port\n```\n\nMend it.", "You may see this error: no port."),
        ("Note:\n\nBring a card.\n\nMore.", "Note: Bring a card."),
        ("In this article:\n\n- [A](#a)\n- [B](#b)\n\nPay at once.\n\n## A\n\n## B\n", "Pay at once."),
        ("Learn to pay. In this article:\n\n- [A](#a)\n\nMore.\n\n## A\n", "Learn to pay."),
        ("Only this:\n\n## A\n\n- b\n", "Only this:"),
        ("- a\n- b\n\nText.\n", "Text."),
        ("| a | b |\n|---|---|\n| c | d |\n\nText.\n", "Text."),
        ("", ""),
    ],
)
def test_a_lead_ending_in_a_colon_is_continued(text: str, lead: str) -> None:
    assert CONVERTER.convert(text).outline.lead == lead


def test_tabs_are_a_group_with_a_name() -> None:
    tabs = html('=== "By card"\n\n    Today.\n\n=== "By bank"\n\n    Tomorrow.\n')
    assert re.search(r'<div class="tabbed-set[^>]* role="group" aria-label="Part of the answer"><input', tabs)


def test_a_headings_link_keeps_its_letters_and_escapes_the_rest() -> None:
    assert 'href="#متى-نعدّه"' in html("## متى نعدّه {#متى-نعدّه}\n\nText.")
    assert 'href="#50%25-off"' in html("## Half {#50%-off}\n\nText.")
