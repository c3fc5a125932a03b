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
    ('<iframe src="https://video.example.com/1"></iframe>', "removed-html"),
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
]


@pytest.mark.parametrize(("text", "code"), CASES)
def test_what_is_lost_or_changed_is_reported_with_its_line(text: str, code: str) -> None:
    found = CONVERTER.convert(f"Lead.\n\n{text}\n", first_line=10).outline.findings
    last = 12 + text.count("\n")
    assert code in {finding.code for finding in found}
    assert all(12 <= finding.line <= last for finding in found)
    assert all(finding.hint for finding in found)


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
def test_text_is_on_the_page_or_its_removal_is_told(tag: str, attributes: str, word: str) -> None:
    body = CONVERTER.convert(f"Lead.\n\n<{tag} {attributes}>{word}zzz</{tag}>\n")
    told = any(finding.code == "hidden-text" for finding in body.outline.findings)
    assert told is not (f"{word}zzz" in body.html)


@given(st.text("http:/[]@#?ab.%0", max_size=20))
def test_a_link_leads_somewhere_or_is_told(target: str) -> None:
    body = CONVERTER.convert(f"[words](<http://{target}>)\n")
    assert "<a>" not in body.html or body.outline.findings


@given(st.text("<>[](){}:!?=#%&-\\\"' ax\n", max_size=80))
def test_any_text_has_findings_inside_of_it(text: str) -> None:
    last = 1 + text.count("\n")
    for finding in CONVERTER.convert(text).outline.findings:
        assert 1 <= finding.line <= last
        assert finding.severity is not Severity.ERROR
        assert "\n" not in finding.message
