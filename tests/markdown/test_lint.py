"""What the sanitiser removes, the parser leaves as text and the page changes becomes a finding with its line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.commands import mkdocs_config
from kb_builder.config import Extensions
from kb_builder.errors import Severity
from kb_builder.markdown.convert import Converter

EXTENSIONS = mkdocs_config.load(str(Path(__file__).parents[2] / "mkdocs.yml")).extensions
CONVERTER = Converter(EXTENSIONS)

CASES = [
    ("Call <phone number> now.", "unknown-tag"),
    ("Press <Enter>.", "unknown-tag"),
    ("Write it without </Enter>.", "unknown-tag"),
    ('<iframe src="https://video.example.com/1"></iframe>', "removed-html"),
    ("See <iframe src=https://video.example.com/?a=1 width=9></iframe>.", "unknown-tag"),
    ("Do <?php echo 1 ?> this.", "removed-html"),
    ("<?xml version='1.0'?>\n\nText", "removed-html"),
    ("<![CDATA[ a < b\n\nc ]]>\n\nText", "removed-html"),
    ("<!DOCTYPE html>\n\nText", "removed-html"),
    ("a <!ELEMENT b> c", "unknown-tag"),
    ("<?php\n\nnever ends", "open-comment"),
    ("<![CDATA[ never ends", "open-comment"),
    ("---\ntitle: Second\nid: second\n---\n\nText", "second-header"),
    ("---\nid: second\ntags:\n  - a\n---", "second-header"),
    ('<form action="x">Name</form>', "removed-html"),
    ('<input type="text" name="order">', "removed-html"),
    ("<script>alert(1)</script>", "removed-html"),
    ("<style>p { color: red }</style>", "removed-html"),
    ('<font color="red">red</font>', "removed-html"),
    ('<span style="color: red">red</span>', "removed-attribute"),
    ('<b onclick="go()">b</b>', "removed-attribute"),
    ("[chat](whatsapp://send?text=hi)", "unknown-scheme"),
    ("[place](geo:51.5,-0.1)", "unknown-scheme"),
    ("[run](javascript:go())", "refused-link"),
    ("See [text][nope].", "undefined-reference"),
    ("See ![picture][nope].", "undefined-reference"),
    ("See[^nope].", "undefined-footnote"),
    ("[words]()", "empty-link"),
    ("[words](#)", "empty-link"),
    ("[](other.md)", "empty-link"),
    ('<a id="keep" href="https://example.com/"></a>', "empty-link"),
    ('<a href="other.md" name="keep"> </a>', "empty-link"),
    ("# Another title", "body-h1"),
    ("## One\n\n#### Two", "heading-jump"),
    ('!!! warnng "Careful"\n    Mind.', "unknown-admonition"),
    ('!!! warning "Careful"\n  Not indented enough', "empty-admonition"),
    ("[!NOTE] Mind.", "broken-block"),
    ("> [!NOTE]", "empty-admonition"),
    (":::tip Good to know\n\nText\n\n:::", "foreign-syntax"),
    ("{{< youtube abc >}}", "foreign-syntax"),
    ("{{% notice %}}", "foreign-syntax"),
    ("{% include warning.html %}", "foreign-syntax"),
    ("Call {{ site.phone }}.", "foreign-syntax"),
    ("[[Track order]]", "foreign-syntax"),
    ('--8<-- "snippet.md"', "foreign-syntax"),
    ("import Tabs from '@theme/Tabs';", "foreign-syntax"),
    ("{: .note }\nJust the docs.", "foreign-syntax"),
    ("See :fontawesome-brands-nothing: here.", "unknown-icon"),
    ("TODO: write this.", "placeholder-text"),
    ("Text <!-- without an end", "open-comment"),
    ("<!-- without an end\n\nText", "open-comment"),
    ("•\tFirst\n•\tSecond", "foreign-syntax"),
    ("· First", "foreign-syntax"),
    ("[b]Late[/b] parcels", "foreign-syntax"),
    ("h2. Late parcels", "foreign-syntax"),
    ("{note}Late{note}", "foreign-syntax"),
    ("||a||b||", "foreign-syntax"),
    ("== Late parcels ==", "foreign-syntax"),
    ("A '''late''' parcel", "foreign-syntax"),
    (".. warning:: Late", "foreign-syntax"),
    ("+-----+-----+\n| a   | b   |", "foreign-syntax"),
    ("|a|b|\n|1|2|", "foreign-syntax"),
    ("A ==late== parcel", "foreign-syntax"),
    ("=== Phone\n\n    Call.", "foreign-syntax"),
    ("A ~late~ parcel", "foreign-syntax"),
    ("-\xa0late\n-\xa0lost", "foreign-syntax"),
    ("If a<b and c>d then wait.", "unknown-tag"),
    ("$$E = mc^2$$", "foreign-syntax"),
    ("<p hidden>Keywords</p>", "hidden-text"),
    ('<p style="color: red; display: none">Keywords</p>', "hidden-text"),
    ("Text <span hidden>and more</span>.", "hidden-text"),
    ("[shop](http://[shop)", "bad-address"),
    ("[shop](http://)", "bad-address"),
    ("<http://[shop>", "bad-address"),
    ("![shop](https://[shop/a.png)", "bad-address"),
    ("![Order](C:\\Users\\ann\\order.png)", "unknown-scheme"),
    ("[list](file:///home/ann/list.pdf)", "unknown-scheme"),
    ("Lorem ipsum dolor.", "placeholder-text"),
    ("Press ** Cancel **.", "stray-stars"),
    ("This is **very bold **too.", "stray-stars"),
    ("x ****a**y", "stray-stars"),
    ("x **a**a**y", "stray-stars"),
    ("##", "empty-heading"),
    ("##Fees", "broken-block"),
    ("| a | b |\n|---|---|\n| 1 | 2 | 3 |", "cut-row"),
    (":::", "foreign-syntax"),
    ('!!! note "Careful"\n\n    ```bash\n    kb build\n\nText', "open-code"),
    ('=== "Card"\n\n    ~~~\n    pay\n\n=== "Cash"\n\n    pay', "open-code"),
]


@pytest.mark.parametrize(("text", "code"), CASES)
def test_what_is_lost_or_changed_is_reported_with_its_line(text: str, code: str) -> None:
    found = CONVERTER.convert(f"Lead.\n\n{text}\n", first_line=10).outline.findings
    last = 12 + text.count("\n")
    assert code in {finding.code for finding in found}
    assert all(12 <= finding.line <= last for finding in found)
    assert all(finding.hint for finding in found)


@pytest.mark.parametrize("text", [
    "<<<<<<< HEAD\nYes.\n=======\nNo.\n>>>>>>> other\n",
    "<<<<<<< HEAD\n\n- Two\n\n=======\n\n- Deux\n\n>>>>>>> other\n",
])  # fmt: skip
def test_a_merge_conflict_is_reported(text: str) -> None:
    found = CONVERTER.convert(f"Lead.\n\n{text}", first_line=10).outline.findings
    assert [finding.line for finding in found if finding.code == "merge-conflict"] == [12]
    assert not CONVERTER.convert(f"Lead.\n\n```\n{text}```\n", first_line=10).outline.findings


@pytest.mark.parametrize(("text", "_code"), CASES)
def test_code_is_never_reported(text: str, _code: str) -> None:
    fenced = f"Lead.\n\n```\n{text}\n```\n"
    span = f"Lead `{text.splitlines()[0]}` end.\n" if "`" not in text else ""
    for shown in (fenced, span):
        found = CONVERTER.convert(shown).outline.findings
        assert [finding for finding in found if finding.code != "refused-link"] == []


@pytest.mark.parametrize(
    "text",
    [
        "Press <kbd>Ctrl</kbd>, H<sub>2</sub>O, at 10:30:45, a [link](b.md) and [x].",
        '!!! note "Title"\n    Text\n\n??? question "More"\n    Text\n\n=== "A"\n    a\n\n=== "B"\n    b',
        "> [!CAUTION]\n> Text",
        "Text[^1].\n\n[^1]: A note.",
        "<details>\n<summary>More</summary>\n\nText\n\n</details>",
        "5 < 6 and 7 > 6 & AT&T, :smile:, {not: yaml}, a=b",
        "## Anchor {#own}\n\n<a id='old'></a>Text",
        "[ref]\n\n[ref]: https://example.com",
        "[call](tel:+441234) [mail](mailto:a@example.com)",
        "<!-- a note -->\n\nFrom 9:00 · to 17:00 • daily, at $5 or $$10.",
        "[here](https://[2001:db8::1]/help)",
        "The card ending **** 1234, 2 ** 3, \\*\\*kwargs, **a** and ***b***, #4711 and ##4711.",
        "---\nNote: mind.\n\n---\n\nid: and more\n\n---",
        "Type \\<a href=b> and &lt;?php ?&gt;, `<?php ?>`, 1 <? 2.",
        "Type &#58;parcel: or &#123;&#123; name }}.",
        "| a | b |\n|---|---|\n| 1 | 2 |   |\n| 1 \\| 2 |\n\n- | c |\n  |---|\n  | `x \\| y` |",
        "1. Step\n\n   ```bash\n   kb build\n   ```\n2. Next\n\n> ~~~\n> quoted\n> ~~~",
    ],
)
def test_good_markdown_has_no_findings(text: str) -> None:
    assert CONVERTER.convert(text).outline.findings == ()


def test_schemes_can_be_allowed() -> None:
    allowing = Converter(Extensions(EXTENSIONS.names, EXTENSIONS.configs, ("whatsapp",)))
    body = allowing.convert("[chat](whatsapp://send?text=hi)")
    assert body.outline.findings == ()
    assert 'href="whatsapp://send?text=hi"' in body.html


def test_an_authors_text_field_is_removed() -> None:
    assert "<input" not in CONVERTER.convert('<input name="card">').html


def test_trusted_html_is_not_reported() -> None:
    trusting = Converter(EXTENSIONS, trust_html=True)
    assert trusting.convert('<iframe src="https://a.example/"></iframe>').outline.findings == ()


def test_each_occurrence_has_its_own_line() -> None:
    found = CONVERTER.convert("<name>\n\ntext\n\n<name>\n").outline.findings
    assert [finding.line for finding in found] == [1, 5]


def test_a_diagram_is_shown_as_its_source() -> None:
    (found,) = CONVERTER.convert("Lead.\n\n```mermaid\ngraph TD\n```\n").outline.findings
    assert (found.line, found.code) == (3, "shown-differently")


def test_a_path_of_a_computer_is_not_a_scheme_to_allow() -> None:
    (found,) = CONVERTER.convert("![Order](C:\\Users\\ann\\order.png)\n").outline.findings
    assert found.message == 'the target "C:…" is on your own computer and is removed'
    assert found.hint == "put the file beside the article, and write its name"


HIDING = st.sampled_from(
    [
        "hidden",
        'hidden=""',
        "HIDDEN",
        'style="display:none"',
        "style='DISPLAY : None'",
        'class="a" style="visibility:hidden"',
    ]
)
SHOWING = st.sampled_from(["", 'class="note"', 'title="hidden"', 'id="display-none"', 'aria-hidden="true"'])


@given(
    st.sampled_from(["p", "div", "section", "h2"]),
    st.one_of(HIDING, SHOWING),
    st.from_regex("[A-Z][a-z]{3,9}", fullmatch=True),
)
def test_text_is_on_the_page_or_its_removal_is_reported(tag: str, attributes: str, word: str) -> None:
    body = CONVERTER.convert(f"Lead.\n\n<{tag} {attributes}>{word}zzz</{tag}>\n")
    told = any(finding.code == "hidden-text" for finding in body.outline.findings)
    assert told is not (f"{word}zzz" in body.html)


@given(st.text("http:/[]@#?ab.%0", max_size=20))
def test_a_link_leads_somewhere_or_is_reported(target: str) -> None:
    body = CONVERTER.convert(f"[words](<http://{target}>)\n")
    assert "<a>" not in body.html or body.outline.findings


@given(st.text("<>[](){}:!?=#%&-\\\"' ax\n", max_size=80))
def test_any_text_has_findings_inside_of_it(text: str) -> None:
    last = 1 + text.count("\n")
    for finding in CONVERTER.convert(text).outline.findings:
        assert 1 <= finding.line <= last
        assert finding.severity is not Severity.ERROR
        assert "\n" not in finding.message


@pytest.mark.parametrize(("text", "line"), [("```\na\n\n## b", 3), ("~~~", 3), ("- x\n\n  ```\n  a\n\ntext", 5)])
def test_code_without_an_end_is_reported_where_it_begins(text: str, line: int) -> None:
    (found,) = CONVERTER.convert(f"Lead.\n\n{text}\n").outline.findings
    assert (found.line, found.code) == (line, "open-code")


def test_a_block_of_another_tool_is_one_finding_that_says_what_to_write() -> None:
    found = CONVERTER.convert(
        "::: warning Be careful\nMind.\n:::\n\n"
        ":::details[Click me]\nText\n\n::::note\ninner\n::::\n:::\n\n:::aside\nx\n:::\n"
    ).outline.findings
    assert [(each.line, each.hint.partition(", with")[0]) for each in found] == [
        (1, 'write !!! warning "Be careful"'),
        (5, 'write ??? note "Click me"'),
        (8, "write !!! note"),
        (13, "write !!! note"),
    ]


def test_boxes_are_reported_on_their_own_lines() -> None:
    found = CONVERTER.convert(
        '> [!NOTE]\n> Text.\n\n> [!FOO]\n> unknown\n\n!!! note\nNot indented.\n\n!!! foo "Note"\n    Text.\n'
    ).outline.findings
    assert [(each.line, each.code) for each in found] == [
        (4, "unknown-admonition"),
        (7, "empty-admonition"),
        (10, "unknown-admonition"),
    ]


@given(st.text("ab{}=\"'.#+-/ 1,:%", max_size=20), st.sampled_from(["```", "~~~~", "`````"]), st.integers(0, 2))
def test_code_is_code_whatever_stands_behind_its_mark(info: str, mark: str, longer: int) -> None:
    body = CONVERTER.convert(f"Lead.\n\n{mark}{info}\n*text*\n{mark}{mark[0] * longer}\n\nAfter.\n")
    assert "*text*" in body.html[body.html.index("<pre") : body.html.index("</pre>")]
    assert "<p>After.</p>" in body.html
    assert {each.code for each in body.outline.findings} <= {"removed-attribute", "removed-class"}


@given(st.lists(st.sampled_from(["**", " ", "a", "b.", "\xa0", "*", "\n"]), max_size=12).map("".join))
def test_two_stars_beside_a_word_are_reported_or_not_shown(text: str) -> None:
    body = CONVERTER.convert(f"x {text}y\n")
    shown = "\n".join(section.text for section in body.sections)
    stray = "**" in shown.replace("***", "") and any(
        word.strip("*") and "**" in word and "***" not in word for word in shown.split()
    )
    assert stray <= any(each.code == "stray-stars" for each in body.outline.findings)


@pytest.mark.parametrize(
    "text",
    [
        "Text.[^1]\n\n[^1]: !!! staff\n        Hidden.",
        "Text.[^1]\n\n[^1]:\n    Words.\n\n    ??? staff\n        Hidden.",
        "Text.\n\n!!! staff\n    Hidden.",
    ],
)
def test_a_box_for_staff_is_an_error_wherever_it_stands(text: str) -> None:
    """What cuts these out of an article may have missed one."""
    (finding,) = [found for found in CONVERTER.convert(text).outline.findings if found.severity is Severity.ERROR]
    assert (finding.code, finding.line > 0) == ("staff-misspelt", True)
    assert CONVERTER.convert(text, for_staff=True).outline.findings == ()
