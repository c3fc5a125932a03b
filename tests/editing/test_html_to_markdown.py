"""HTML becomes the Markdown that says the same, read by the renderer of the pages."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown

from kb_builder.editing.html_to_markdown import to_markdown


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<h1>One</h1><h3 id='h_01'>Three</h3><p>Text</p>", "## One\n\n### Three {#h_01}\n\nText\n"),
        ("<p>a <b>b</b> <i>c</i></p>", "a **b** *c*\n"),
        ("<ol><li>One<ul><li>in</li></ul></li><li>Two</li></ol>", "1.  One\n    -   in\n2.  Two\n"),
        ("<p><a href='old'>x</a> <img src='old' alt='y'></p>", "[x](new) ![y](new)\n"),
        ("<table><tr><td>a|b</td></tr><tr><td>c</td></tr></table>", "| a\\|b |\n| --- |\n| c |\n"),
        ("<p>1. no list</p><p># no heading</p><p>- no item</p>", "1\\. no list\n\n\\# no heading\n\n\\- no item\n"),
        ("<p>&lt;script&gt;*x* [y](z) {: .a}</p>", "&lt;script&gt;\\*x\\* \\[y\\](z) \\{: .a\\}\n"),
        ("<pre>a &lt; *b*</pre>", "```\na < *b*\n```\n"),
        ("<script>alert(1)</script><style>p{}</style><p>kept</p>", "kept\n"),
        ('<iframe src="//v.example/1" title="How to pack"></iframe>', "[How to pack](https://v.example/1)\n"),
        ('<iframe src="javascript:x()"></iframe><p>kept</p>', "kept\n"),
        ("", "\n"),
    ],
)
def test_markdown(source: str, expected: str) -> None:
    assert to_markdown(source, lambda target: {"old": "new"}.get(target, target)) == expected


@given(st.text(alphabet="ab <>&*_`[](){}#-+1.!\\|\n", max_size=60))
def test_text_stays_text(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    page = Markdown(extensions=["tables", "attr_list"]).convert(to_markdown(f"<p>x {escaped} x</p>"))
    assert re.fullmatch(r"<p>[^<]*</p>", page), page
