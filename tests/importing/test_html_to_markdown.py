"""HTML becomes the Markdown that says the same, read by the renderer of the pages."""

import re
from html import escape

import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown

from kb_builder.commands.mkdocs_config import _EXTENSIONS
from kb_builder.config import Extensions
from kb_builder.importing.html_to_markdown import to_markdown
from kb_builder.markdown.convert import Converter


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<h1>One</h1><h3 id='h_01'>Three</h3><p>Text</p>", "## One\n\n### Three {#h_01}\n\nText\n"),
        ("<p>a <b>b</b> <i>c</i></p>", "a **b** *c*\n"),
        ("<p><em><b>a</b> <sup><b>b</b></sup></em></p>", "<em>**a** <sup>**b**</sup></em>\n"),
        ("<ol><li>One<ul><li>in</li></ul></li><li>Two</li></ol>", "1.  One\n    -   in\n2.  Two\n"),
        ("<p><a href='old'>x</a> <img src='old' alt='y'></p>", "[x](new) ![y](new)\n"),
        ("<table><tr><td>a|b</td></tr><tr><td>c</td></tr></table>", "| a\\|b |\n| --- |\n| c |\n"),
        ("<p>1. no list</p><p># no heading</p><p>- no item</p>", "1\\. no list\n\n\\# no heading\n\n\\- no item\n"),
        ("<p>&lt;script&gt;*x* [y](z) {: .a}</p>", "&lt;script&gt;\\*x\\* \\[y\\](z) \\{: .a\\}\n"),
        ("<pre>a &lt; *b*</pre>", "```\na < *b*\n```\n"),
        ("<script>alert(1)</script><style>p{}</style><p>kept</p>", "kept\n"),
        ('<iframe src="//v.example/1" title="How to pack"></iframe>', "[How to pack](https://v.example/1)\n"),
        ('<iframe src="javascript:x()"></iframe><p>kept</p>', "kept\n"),
        ('<video><audio src="//v.example/1" title="Hum"></audio></video>', "[Hum](https://v.example/1)\n"),
        ("<video><audio></audio></video><p>kept</p>", "kept\n"),
        ("<video><source><source src='//v.example/1'></video>", "[Video: v.example](https://v.example/1)\n"),
        ("", "\n"),
    ],
)
def test_html_becomes_markdown(source: str, expected: str) -> None:
    assert to_markdown(source, lambda target: {"old": "new"}.get(target, target)).markdown == expected


@given(st.text(alphabet="ab <>&*_`[](){}#-+1.!\\|\n", max_size=60))
def test_text_stays_text(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    page = Markdown(extensions=["tables", "attr_list"]).convert(to_markdown(f"<p>x {escaped} x</p>").markdown)
    assert re.fullmatch(r"<p>[^<]*</p>", page), page


def page(markdown: str) -> str:
    """The HTML of a page, by the extensions that every help centre has."""
    converter = Converter(Extensions(tuple(_EXTENSIONS), dict(_EXTENSIONS)))
    return converter.convert(markdown, title="Title").html


def shape(source: str) -> list[tuple[str, tuple[str, ...]]]:
    """Each word of HTML with its lists and the marks around it; nesting of marks is lost."""
    soup = BeautifulSoup(source, "html.parser")
    return [
        (
            word,
            (
                *(tag.name for tag in node.parents if tag.name in ("ul", "ol", "li")),
                *sorted({tag.name for tag in node.parents if tag.name in SHAPED}),
            ),
        )
        for node in soup.descendants
        if not isinstance(node, Tag)
        for word in str(node).split()
    ]


SHAPED = {"ul", "ol", "li", "table", "td", "th", "pre", "sup", "sub", "strong", "em", "del", "h2", "h3", "a"}
words = st.text("abc£1*_#+~:=^${}[]()<>|!&\"'-. ", min_size=1, max_size=12).map(lambda text: escape(f"w{text}w"))
inline = st.recursive(
    words,
    lambda inner: st.builds(
        lambda tag, texts: f"<{tag}>" + " ".join(texts) + f"</{tag}>",
        st.sampled_from(["sup", "sub", "strong", "em", "del"]),
        st.lists(inner, min_size=1, max_size=2),
    ),
    max_leaves=4,
)
blocks = st.recursive(
    st.builds(lambda texts: f"<p>{' '.join(texts)}</p>", st.lists(inline, min_size=1, max_size=3)),
    lambda inner: st.builds(
        lambda tag, items: f"<{tag}>" + "".join(f"<li>{item}</li>" for item in items) + f"</{tag}>",
        st.sampled_from(["ul", "ol"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=5,
)


@given(st.lists(blocks, min_size=1, max_size=3).map("<hr>".join))
def test_lists_inline_markup_and_words_survive(source: str) -> None:
    assert shape(page(to_markdown(source).markdown)) == shape(source)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            "<p>£19<sup>99</sup>, 25 m<sup>2</sup>, H<sub>2</sub>O</p>",
            "£19<sup>99</sup>, 25 m<sup>2</sup>, H<sub>2</sub>O",
        ),
        ("<p>a<br>b</p>", "a<br>b"),
        ("<ol start='3'><li>c</li></ol>", '<ol start="3">'),
        ("<ol type='a'><li>c</li></ol>", '<ol type="a"><li>c</li></ol>'),
        ("<table><tr><td colspan='2'>a</td></tr><tr><td>b</td><td>c*d*</td></tr></table>", '<td colspan="2">a</td>'),
        ("<table><tr><td><ul><li>x</li></ul></td></tr></table>", "<td><ul><li>x</li></ul></td>"),
        ("<table><tr><td><table><tr><td>in</td></tr></table></td></tr></table>", "<td>in</td>"),
        ("<div class='callout callout-warning'><p>Hot.</p></div>", '<div class="admonition warning">'),
        ("<details><summary>More</summary><p>Text</p></details>", "<summary>More</summary>"),
        ("<ul><li>a<pre><code class='language-bash'>ls -l</code></pre></li></ul>", "ls -l"),
        ("<p>:smile: ~~x~~ ==y== ^^z^^</p>", ":smile: ~~x~~ ==y== ^^z^^"),
        ("<p><a href='#there'>go</a></p><p id='there'>here</p>", '<a id="there"></a>here'),
        ("<h2>Pay <img src='a.png' alt='card'></h2>", 'alt="card"'),
        ("<dl><dt>Term</dt><dd>What it means</dd></dl>", "<dd>What it means</dd>"),
        ("<p>=== no tab</p><p>!!! no box</p><p>: no term</p>", "=== no tab"),
    ],
)
def test_what_markdown_can_not_say_is_still_on_the_page(source: str, words: str) -> None:
    assert words in " ".join(page(to_markdown(source).markdown).split()).replace("> <", "><").replace("<br> ", "<br>")


@pytest.mark.parametrize(
    ("source", "loss"),
    [
        ("<form><input value='x'><button>Go</button></form>", "<form> kept as its text only"),
        ("<p><blink>x</blink></p>", "<blink> kept as its text only"),
        ("<script>x</script>", "<script> removed"),
        ("<p style='color: red'>x</p>", "colour or alignment dropped"),
        ("<p><a href='javascript:x()'>y</a></p>", "unsafe link or embedded file removed, its text kept"),
        ("<iframe></iframe>", "<iframe> without an address removed"),
    ],
)
def test_what_is_lost_is_counted(source: str, loss: str) -> None:
    assert to_markdown(source).losses[loss] == 1
