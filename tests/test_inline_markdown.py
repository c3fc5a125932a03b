"""Trying fewer inline patterns changes no character."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown
from markdown.inlinepatterns import SimpleTagInlineProcessor

from kb_builder import site
from kb_builder.inline_markdown import quicken

ROOT = Path(__file__).parents[1]
EXTENSIONS = site.load(str(ROOT / "mkdocs.yml")).extensions
PIECES = st.sampled_from(
    ["word ", "`", "``", "\\", "[", "]", "(url)", "![", "[^1]", "[^1]: note", "*", "**", "_", "<", ">", "&amp;", "&",
     ":", ":smile:", "  \n", "\n", "\n\n", "<https://example.com>", "<me@example.com>", "<b>", "</b>", "- ", "# ", "é"]
)  # fmt: skip


def made(*, quick: bool) -> Markdown:
    markdown = Markdown(extensions=list(EXTENSIONS.names), extension_configs=dict(EXTENSIONS.configs))  # type: ignore[arg-type]
    if quick:
        quicken(markdown)
    return markdown


PLAIN, QUICK = made(quick=False), made(quick=True)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_text_becomes_the_same_html(text: str) -> None:
    assert QUICK.reset().convert(text) == PLAIN.reset().convert(text)


def test_the_demo_becomes_the_same_html() -> None:
    paths = sorted((ROOT / "content").rglob("*.md"))
    assert len(paths) > 50
    for path in paths:
        text = path.read_text("utf-8")
        assert QUICK.reset().convert(text) == PLAIN.reset().convert(text), path


def test_a_pattern_that_nobody_knows_is_always_tried() -> None:
    markdown = made(quick=False)
    markdown.inlinePatterns.register(SimpleTagInlineProcessor("(§)(.+?)§", "ins"), "ours", 65)
    quicken(markdown)
    assert markdown.convert("a §b§ c") == "<p>a <ins>b</ins> c</p>"
