"""Sparing Python-Markdown work changes no character of what it makes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import SimpleTagInlineProcessor
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from kb_builder.commands import mkdocs_config
from kb_builder.markdown.convert import Converter
from kb_builder.markdown.fast.convert import QuickMarkdown
from kb_builder.markdown.limits import LimitedMarkdown

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
EXTENSIONS = mkdocs_config.load(str(ROOT / "mkdocs.yml")).extensions
NAMES, CONFIGS = list(EXTENSIONS.names), dict(EXTENSIONS.configs)

# Whole notations, which alone make most processors work, and the characters they are made of, which make them fail.
NOTATIONS = [
    "A plain paragraph.\n\n", "## Heading\n\n", "### With `code` & *more* {#own .big}\n\n", "# A #\n", "#Close\n",
    "####### seven\n", "## \\# not\n", "## <b>bold</b>\n", "## &amp; co\n", "## Same\n\n## Same\n\n", "## \n\n",
    "## One { data-toc-label='Other' }\n\n", "Title\n=====\n", "Title\n---\n", "---\n\n", "* * *\n", "___\n",
    "- one\n- two\n", "- one\n\n- two\n", "1. one\n2. two\n", "3) no\n", "٣. three\n", "* a\n    * b\n        * c\n",
    " - - -\n", "    * indented\n", "- [ ] to do\n", "- [x] done\n", "1. [X] so\n", "> quoted\n", "> > twice\n",
    "> [!NOTE]\n> Mind.\n\n", "> [!TIP]- Folded\n> text\n\n", "!!! note\n    Mind.\n\n",
    '!!! warning ""\n    - a\n\n        b\n\n', '??? "More"\n    text\n\n', "???+ note\n    text\n\n",
    '=== "Tab"\n    text\n\n', '=== "Tab"\n\n    - a\n\n', "```\ncode\n```\n\n", "``` python\nx = 1\n```\n",
    "~~~\n# no\n~~~\n", "- a\n\n    ```\n    b\n    ```\n", "    code\n\n", "|a|b|\n|-|-|\n|1|2|\n\n",
    "a | b\n--|:-:\n`|` | \\|\n\n", "Term\n:   Definition\n\n", ": lonely\n", "[^1]", "[^1]: A note.\n\n",
    "[^2]:\n    Long.\n\n    More.\n\n", "*[HTML]: Language\n\n", "HTML ", '[ref]: https://a.b "T"\n\n', "[ref]",
    "[text][ref]", "[text](url)", "[a](<b c> 't')", "![alt](i.png){ width=10 }", "![alt][ref]", "[TOC]\n\n",
    "<div>raw\n\n</div>\n\n", '<div markdown="1">\n**in**\n\n- a\n</div>\n\n', "<p markdown>*in*</p>\n",
    "<!-- c -->\n", "<br>", "<b>", "</b>", '<span markdown="span">*s*</span>', "<script>alert(1)</script>\n", "<hr>\n",
    "<details markdown>\n", "&amp;", "&", "&#35;", "<https://a.b>", "<me@a.b>", "**bold**", "*em*", "***both***",
    "_under_", "a_b_c", "**", "*", "`code`", "``a`b``", "`", "\\*", "\\`", "\\\\", ":smile:", ":material-truck:", ": ",
    "{: .class }\n", "{", "}", "line  \nbreak", "\t", "\ttab\n", "\r\n", "\r", "   \n", "\x02", "\x03", "klzzwxh:0000",
    "\x02wzxhzdk:0\x03", "é", "ß", "中文", "١", "\xa0", "\u200b", "😀",
    "C# > a: b | c [d]: e\n", "~~gone~~", "==so==", "^^in^^",
]  # fmt: skip
PIECES = st.one_of(st.sampled_from(NOTATIONS), st.sampled_from("\n \n !?=#>-+*_|:[]^()<&`~\\{}.1a\"'"), st.just("\n\n"))
TEXTS = st.lists(PIECES, max_size=40).map("".join)

SET_UPS: list[tuple[list[Any], Mapping[str, Any]]] = [
    (NAMES, CONFIGS),
    (NAMES, {**CONFIGS, "toc": {"permalink": True, "baselevel": 2, "toc_depth": "2-3"}}),
    ([], {}),
    (["extra", "toc", "sane_lists", "smarty", "nl2br"], {"toc": {"anchorlink": True}}),
]  # fmt: skip


def made(kind: type[LimitedMarkdown], names: list[Any], configs: Mapping[str, Any]) -> LimitedMarkdown:
    return kind(extensions=names, extension_configs=dict(configs), output_format="html")


PAIRS = [(made(LimitedMarkdown, *set_up), made(QuickMarkdown, *set_up)) for set_up in SET_UPS]


def same(slow: LimitedMarkdown, quick: LimitedMarkdown, text: str) -> None:
    assert quick.reset().convert(text) == slow.reset().convert(text)


@settings(max_examples=500)
@given(TEXTS)
def test_any_text_becomes_the_same_html(text: str) -> None:
    same(*PAIRS[0], text)


@pytest.mark.parametrize("pair", PAIRS[1:])
@given(text=TEXTS)
def test_any_text_becomes_the_same_html_with_other_extensions(
    pair: tuple[LimitedMarkdown, LimitedMarkdown], text: str
) -> None:
    same(*pair, text)


@given(st.text())
def test_any_characters_become_the_same_html(text: str) -> None:
    same(*PAIRS[0], text)


def test_the_demo_becomes_the_same_html() -> None:
    paths = sorted((ROOT / "content").rglob("*.md"))
    assert len(paths) > 50
    for path in paths:
        same(*PAIRS[0], path.read_text("utf-8"))


@pytest.mark.parametrize(("text", "limited"), [("## Same\n\n" * 300, 0), ("a [ b " * 400, 1), ("x *y* `z` " * 1500, 1)])
def test_texts_beyond_the_limits_become_the_same_html(text: str, limited: int) -> None:
    slow, quick = (made(kind, NAMES, CONFIGS) for kind in (LimitedMarkdown, QuickMarkdown))
    same(slow, quick, text)
    found = slow.beyond()
    assert (len(found), quick.beyond()) == (limited, found)


def test_fast_markdown_can_be_switched_off(tmp_path: Path) -> None:
    """It is among the options, so that a site that was built with it is built again without it."""
    mkdocs = (ROOT / "mkdocs.yml").read_text("utf-8")
    assert "- kb:\n" in mkdocs
    (tmp_path / "mkdocs.yml").write_text(mkdocs.replace("- kb:\n", "- kb:\n      fast_markdown: false\n"), "utf-8")
    fast, slow = (mkdocs_config.load(str(root / "mkdocs.yml")) for root in (ROOT, tmp_path))
    assert (fast.extensions.fast, slow.extensions.fast) == (True, False)
    assert fast.fingerprint != slow.fingerprint
    paths = sorted((ROOT / "content" / "articles" / "faq").rglob("*.md"))[:10]
    texts = [path.read_text("utf-8").rpartition("---\n")[2] for path in paths]
    one, other = (Converter(settings.extensions) for settings in (fast, slow))
    assert [one.convert(text) for text in texts] == [other.convert(text) for text in texts]


class Shouting(Preprocessor):
    """Brings in what the text did not have."""

    def run(self, lines: list[str]) -> list[str]:
        return [line.replace("!fence", "```") for line in lines]


class Secretive(BlockProcessor):
    """Changes a block and leaves it to others."""

    def test(self, _: Element, block: str) -> bool:
        return block.startswith("secret ")

    def run(self, _: Element, blocks: list[str]) -> bool:
        blocks[0] = blocks[0].removeprefix("secret ")
        return False


class Fresh(Treeprocessor):
    """Hands on another tree."""

    def run(self, root: Element) -> Element:
        copy = Element("div")
        copy.extend(list(root))
        return copy


class Loud(Postprocessor):
    """Changes the names of headings."""

    def run(self, text: str) -> str:
        return text.replace("quiet", "loud")


class Foreign(Extension):
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        md.preprocessors.register(Shouting(md), "shouting", 28)
        md.parser.blockprocessors.register(Secretive(md.parser), "secretive", 95)
        md.inlinePatterns.register(SimpleTagInlineProcessor("(§)(.+?)§", "ins"), "ours", 65)
        md.treeprocessors.register(Fresh(md), "fresh", 6)
        md.postprocessors.register(Loud(md), "loud", 10)
        md.block_level_elements.append("ins")


FOREIGN_PAIR = made(LimitedMarkdown, [*NAMES, Foreign()], CONFIGS), made(QuickMarkdown, [*NAMES, Foreign()], CONFIGS)


def test_unknown_processors_always_run() -> None:
    text = "## Be quiet\n\n!fence\n*x*\n!fence\n\nsecret - a §b§\n\nsecret ## C\n"
    same(*FOREIGN_PAIR, text)
    quick = FOREIGN_PAIR[1].reset().convert(text)
    assert '<h2 id="be-loud">Be loud</h2>' in quick
    assert "<code>*x*" in quick
    assert "<li>a <ins>b</ins>" in quick
    assert '<h2 id="c">C</h2>' in quick


@given(st.lists(st.one_of(PIECES, st.sampled_from(["secret ", "!fence\n", "§", "quiet"])), max_size=40).map("".join))
def test_any_text_becomes_the_same_html_with_unknown_processors(text: str) -> None:
    same(*FOREIGN_PAIR, text)
