"""Authors can neither take ids of the theme nor look like its controls."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.commands.mkdocs_config import _EXTENSIONS
from kb_builder.config import THEME, Extensions
from kb_builder.markdown.convert import Converter
from kb_builder.markdown.sanitiser import THEME_IDS

NAMES = ("toc", *_EXTENSIONS)
CONVERTER = Converter(Extensions(NAMES, _EXTENSIONS))
_ID = re.compile(r'\s(?:id|for|name)="([^"]*)"')
_CLASS = re.compile(r'\sclass="([^"]*)"')
NAME = st.sampled_from(("kb--toc", "kb--", "kb---toc", "kb--kb--toc", "KB--toc", "kb-toc", "content", "toc"))
WRITTEN = st.sampled_from(
    (
        "## {}", "## Words {{#{}}}", '<p id="{}">x</p>', "<p id='{}'>x</p>", "<p id={}>x</p>", '<a name="{}"></a>',
        '<input type="checkbox" name="{}"><label for="{}">x</label>', '<h2 id="{}">x</h2>', "Words\n{{: #{} }}",
    )
)  # fmt: skip


def codes(text: str) -> list[str]:
    return [finding.code for finding in CONVERTER.convert(text).outline.findings]


def theme_ids() -> set[str]:
    pattern = re.compile(r"""(?:\sid=|search_box\(|\.id = )["'`]([\w-]+)""")
    sources = (path.read_text() for path in Path(THEME).rglob("*") if path.suffix in (".html", ".mjs"))
    return {id for source in sources for id in pattern.findall(source)}


def test_every_id_of_the_theme_has_the_prefix() -> None:
    ids = theme_ids()
    assert len(ids) > 25
    assert {id for id in ids if not id.startswith(THEME_IDS)} == set()


@given(st.lists(st.tuples(WRITTEN, NAME), min_size=1, max_size=6))
def test_no_author_has_an_id_of_the_theme(parts: list[tuple[str, str]]) -> None:
    body = CONVERTER.convert("\n\n".join(written.format(*[name] * written.count("{}")) for written, name in parts))
    assert [id for id in _ID.findall(body.html) if id.startswith(THEME_IDS)] == []
    assert [anchor for anchor in body.outline.anchors if anchor.startswith(THEME_IDS)] == []


@given(st.text(alphabet="kb -_–—\\`*T", max_size=12))
def test_no_words_of_a_heading_make_an_id_of_the_theme(words: str) -> None:
    assert not any(anchor.startswith(THEME_IDS) for anchor in CONVERTER.convert(f"## {words}").outline.anchors)


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Content", "content"),
        ("Kb toc", "kb-toc"),
        ("KB 5001", "kb-5001"),
        ("Target", "target"),
        ("kb -- toc", "kb-toc"),
    ],
)
def test_a_heading_keeps_the_anchor_of_its_words(heading: str, anchor: str) -> None:
    body = CONVERTER.convert(f"## {heading}\n\nText.")
    assert [found.anchor for found in body.outline.headings] == [anchor]
    assert body.outline.findings == ()


def test_a_reserved_id_is_renamed_with_a_finding() -> None:
    body = CONVERTER.convert('Lead.\n\n<p id="kb--contact">x</p>\n', first_line=5)
    assert '<p id="kb-contact">' in body.html
    assert [(finding.code, finding.line) for finding in body.outline.findings] == [("reserved-id", 7)]


@given(
    st.lists(
        st.sampled_from(("kb-button", "kb-button--main", "md-header", "price", "headerlink", "tip", "k")), max_size=4
    )
)
def test_classes_that_are_not_listed_are_removed(names: list[str]) -> None:
    body = CONVERTER.convert(
        f'<p class="{" ".join(names)}">Pay now</p>\n\n<details class="{" ".join(names)}">x</details>'
    )
    left = {name for classes in _CLASS.findall(body.html) for name in classes.split()}
    assert left == {"tip", "k"}.intersection(names)


@pytest.mark.parametrize("written", ["[Pay](x.md){ .kb-button .kb-button--main }", '<b class="kb-card price">x</b>'])
def test_a_removed_class_has_a_finding(written: str) -> None:
    assert codes(written) == ["removed-class", "removed-class"]


def test_removed_looks_are_one_note_each() -> None:
    written = '<p class="pasted" style="x">a</p>\n\n' * 9 + '<p class="kb-button">a</p>\n'
    assert {(finding.severity, finding.message) for finding in CONVERTER.convert(written).outline.findings} == {
        ("warning", 'the class "kb-button" of <p> is removed'),
        ("note", 'the attribute "style" is removed, 9 times'),
        ("note", 'the class "pasted" is removed, 9 times'),
    }


def test_the_link_of_a_section_can_not_be_imitated() -> None:
    html = CONVERTER.convert('## Fees\n\n<a class="headerlink" href="https://other.example/">#</a>').html
    assert html.count("headerlink") == 1
    assert 'class="headerlink" href="#fees"' in html


@pytest.mark.parametrize(
    "written",
    [
        "!!! tip inline end\n    Text",
        '=== "A"\n    a\n\n=== "B"\n    b',
        "- [x] one\n- [ ] two",
        "Words[^1].\n\n[^1]: A note.",
        "```python\nx = 1\n```",
        "[Pay](https://a.example/){ .md-button .md-button--primary }",
        '<div class="grid cards" markdown>\n\n- one\n\n</div>',
        ":material-phone:{ .lg .middle }",
        "??? question\n    Text",
        "++ctrl+k++",
    ],
)
def test_blocks_of_material_keep_their_classes(written: str) -> None:
    extensions = (*NAMES, "pymdownx.keys")
    given_classes = Converter(Extensions(extensions, _EXTENSIONS)).convert(written)
    trusted = Converter(Extensions(extensions, _EXTENSIONS), trust_html=True).convert(written)
    assert _CLASS.findall(given_classes.html) == _CLASS.findall(trusted.html)
    assert given_classes.outline.findings == ()


def test_highlighted_code_keeps_its_classes() -> None:
    extensions = Extensions(NAMES, {**_EXTENSIONS, "pymdownx.highlight": {"use_pygments": True}})
    text = '```{.python title="a.py" hl_lines="1"}\nimport os\nprint("x\\n", 1.5, None)  # why\n```\n'
    body = Converter(extensions).convert(text)
    assert _CLASS.findall(body.html) == _CLASS.findall(Converter(extensions, trust_html=True).convert(text).html)
    assert body.outline.findings == ()


def test_a_team_allows_classes_of_its_own() -> None:
    own = Converter(Extensions(NAMES, _EXTENSIONS, classes=("price", "offer")))
    body = own.convert('<p class="price">£5</p>\n\n!!! offer\n    Text')
    assert body.outline.findings == ()
    assert _CLASS.findall(body.html) == ["price", "admonition offer", "admonition-title"]


def test_trusted_authors_keep_every_class_and_id() -> None:
    html = '<p id="kb--mine" class="kb-button">x</p>'
    trusting = Converter(Extensions(NAMES, _EXTENSIONS), trust_html=True).convert(html)
    assert (trusting.html, trusting.outline.findings) == (html, ())
