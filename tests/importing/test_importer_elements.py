"""Each element of an article through each source: it is on the page, or it is named among the losses."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from kb_builder.commands.mkdocs_config import _EXTENSIONS
from kb_builder.config import Extensions
from kb_builder.content import frontmatter
from kb_builder.importing.importer import Source, import_export
from kb_builder.importing.tools import HELP_DESKS
from kb_builder.markdown.convert import Converter
from kb_builder.parsing.dates import UTC_ZONE
from tests.centres import put

CONVERTER = Converter(Extensions(tuple(_EXTENSIONS), dict(_EXTENSIONS)))
HTML_SOURCES = (*HELP_DESKS, "html", "notion", "confluence")


def through(root: Path, tool: str, body: str, *, markdown: bool = False) -> tuple[str, Mapping[str, int]]:
    """The page that ``body``, as ``tool`` holds it, becomes on one line; and what was lost."""
    files = {
        "html": {"p.html": f"<main><h1>T</h1>{body}</main>"},
        "notion": {"p.html": f'<header><h1 class="page-title">T</h1></header><div class="page-body">{body}</div>'},
        "confluence": {"p_12345.html": f'<span id="title-text">S : T</span><div id="main-content">{body}</div>'},
    }  # fmt: skip
    article = {
        "zendesk": {"title": "T", "body": body, "user_segment_id": None},
        "intercom": {"title": "T", "body": body, "state": "published"},
        "freshdesk": {"title": "T", "description": body, "status": 2, "hierarchy": []},
        "helpscout": {"name": "T", "text": body, "status": "published"},
    }.get(tool)
    source = root / "source"
    if article:
        source.write_text(json.dumps({"articles": [{"id": 1, **article}]}))
    else:
        for name, text in ({"p.md": f"# T\n\n{body}\n"} if markdown else files[tool]).items():
            put(source, name, text)
    done = import_export(root, Source(tool, source, public=True))
    (path,) = done.written
    reading = frontmatter.read((root / path).read_text(), path, zone=UTC_ZONE)
    shown = CONVERTER.convert(reading.body, title="T", first_line=reading.body_line)
    assert [finding for finding in shown.outline.findings if finding.code not in ("missing-image",)] == []
    return " ".join(shown.html.split()).replace("> <", "><"), done.losses.get(path, {})


IN_HTML = {
    "superscript": ("<p>£19<sup>99</sup>, 30<sup>1</sup> days</p>", "£19<sup>99</sup>, 30<sup>1</sup> days"),
    "subscript": ("<p>H<sub>2</sub>O</p>", "H<sub>2</sub>O"),
    "nested table": ("<table><tr><td>a<table><tr><td>in</td></tr></table></td></tr></table>", "<td>in</td>"),
    "list in a cell": ("<table><tr><th>h</th></tr><tr><td><ul><li>x</li></ul></td></tr></table>", "<li>x</li>"),
    "merged rows": ("<table><tr><td rowspan='2'>a</td><td>b</td></tr><tr><td>c</td></tr></table>", 'rowspan="2"'),
    "first number": ("<ol start='4'><li>d</li><li>e</li></ol>", '<ol start="4">'),
    "lettered list": ("<ol type='a'><li>x</li></ol>", '<ol type="a">'),
    "details": ("<details><summary>More</summary><p>In it</p></details>", "<summary>More</summary>"),
    "code and its language": ("<pre><code class='language-python'>if a:\n    b()</code></pre>", "language-python"),
    "code in an item": ("<ol><li>Run<pre>ls -l</pre></li><li>Then</li></ol>", "ls -l"),
    "anchor on a paragraph": ("<p><a href='#fee'>f</a></p><p id='fee'>Fees</p>", 'id="fee"'),
    "anchor on an item": ("<p><a href='#i'>f</a></p><ul><li id='i'>Item</li></ul>", 'id="i"'),
    "named anchor": ("<p><a name='old'></a>Text</p>", "old"),
    "anchor on a heading": ("<h2 id='h_01'>Fees</h2><p>x</p>", 'id="h_01"'),
    "picture in a heading": ("<h2>Pay <img src='a.png' alt='card'></h2><p>x</p>", 'alt="card"'),
    "struck out": ("<p><s>Old</s> <del>gone</del> <strike>away</strike></p>", "<del>Old</del>"),
    "tildes typed as text": ("<p>~~x~~</p>", "~~x~~"),
    "an emoji's name typed as text": ("<p>:smile: it</p>", ":smile: it"),
    "film": ('<iframe src="https://www.youtube.com/embed/abc" title="How to pack"></iframe>',
             '<a href="https://www.youtube.com/watch?v=abc">How to pack</a>'),
    "film without words": ('<iframe src="https://www.youtube.com/embed/abc"></iframe>', ">Video: youtube.com</a>"),
    "video": ('<video controls><source src="https://v.example/a.mp4"></video>', "https://v.example/a.mp4"),
    "embedded page": ('<iframe src="https://forms.example/1"></iframe>', ">Open: forms.example</a>"),
    "definitions": ("<dl><dt>Term</dt><dd>Meaning</dd></dl>", "<dd>Meaning</dd>"),
    "quotation": ("<blockquote><p>Said</p></blockquote>", "<blockquote><p>Said"),
    "line breaks": ("<p>a<br>b</p>", "a<br> b"),
    "table": ("<table><tr><th>h</th></tr><tr><td>c</td></tr></table>", "<th>h</th>"),
    "keys": ("<p>Press <kbd>Ctrl</kbd></p>", "<kbd>Ctrl</kbd>"),
    "underlined": ("<p><u>Now</u></p>", "<u>Now</u>"),
    "caption": ("<figure><img src='a.png' alt='A'><figcaption>Seen</figcaption></figure>", "<em>Seen</em>"),
    "box": ("<div class='callout callout-warning'><p>Hot</p></div>", '<div class="admonition warning">'),
}  # fmt: skip


@pytest.mark.parametrize("tool", HTML_SOURCES)
@pytest.mark.parametrize("name", IN_HTML)
def test_an_element_of_html_is_kept(name: str, tool: str, tmp_path: Path) -> None:
    body, expected = IN_HTML[name]
    shown, losses = through(tmp_path, tool, body)
    assert expected in shown
    assert not losses


OWN = [
    ("helpscout", '<section class="callout-red"><p>Hot</p></section>', '<div class="admonition danger">', {}),
    ("helpscout", '<section class="callout-yellow"><p>Hot</p></section>', '<div class="admonition warning">', {}),
    ("intercom", '<div class="intercom-interblocks-callout" style="background-color: #feedaf80"><p>Hot</p></div>',
     '<div class="admonition note">', {"colour or alignment dropped": 1}),
    ("freshdesk", '<pre class="fd-code" data-code-brush="Bash" rel="highlighter">ls</pre>', "language-bash", {}),
    ("zendesk", '<pre class="hljs language-bash">ls</pre>', "language-bash", {}),
    ("notion", '<figure class="block-color-gray_background callout" style="display:flex"><div style="font-size:1.5em">'
     '<span class="icon">💡</span></div><div style="width:100%">Keep it</div></figure>',
     '<div class="admonition note">', {}),
    ("notion", '<ul class="toggle"><li><details open=""><summary>More</summary><p>In it</p></details></li></ul>',
     "<summary>More</summary>", {}),
    ("notion", '<ul class="to-do-list"><li><div class="checkbox checkbox-on"></div> '
     '<span class="to-do-children-checked">Done it</span></li></ul>', 'type="checkbox"', {}),
    ("notion", '<pre class="code"><code class="language-JavaScript">x</code></pre>', "language-javascript", {}),
    ("notion", '<figure><a href="https://x.example/" class="bookmark source"><div class="bookmark-info">'
     '<div class="bookmark-title">A page</div></div></a></figure>', '<a href="https://x.example/">', {}),
    ("confluence", '<div class="confluence-information-macro confluence-information-macro-note">'
     '<p class="title">Mind</p><span class="aui-icon aui-icon-small"></span>'
     '<div class="confluence-information-macro-body"><p>Hot</p></div></div>',
     '<div class="admonition note"><p class="admonition-title">Mind</p><p>Hot</p></div>', {}),
    ("confluence", '<div class="code panel pdl" style="border-width: 1px;"><div class="codeContent panelContent pdl">'
     '<pre class="syntaxhighlighter-pre" data-syntaxhighlighter-params="brush: java; gutter: false">int a;</pre>'
     "</div></div>", "language-java", {}),
    ("confluence", '<div id="expander-1" class="expand-container"><div id="expander-control-1" class="expand-control">'
     '<span class="expand-control-icon"></span><span class="expand-control-text">More</span></div>'
     '<div id="expander-content-1" class="expand-content"><p>In it</p></div></div>', "<summary>More</summary>", {}),
    ("confluence", '<ul class="inline-task-list"><li class="checked">Done it</li><li>To do</li></ul>',
     'type="checkbox"', {}),
    ("confluence", '<div class="panel"><div class="panelHeader"><b>Mind</b></div><div class="panelContent"><p>x</p>'
     "</div></div>", '<div class="admonition note"><p class="admonition-title">Mind</p><p>x</p></div>', {}),
    ("confluence", '<p><img class="emoticon emoticon-smile" data-emoji-fallback="🙂" alt="(smile)" src="s.svg"></p>',
     "🙂", {}),
]  # fmt: skip


@pytest.mark.parametrize(("tool", "body", "expected", "losses"), OWN)
def test_markup_of_one_tool(tool: str, body: str, expected: str, losses: Mapping[str, int], tmp_path: Path) -> None:
    shown, lost = through(tmp_path, tool, body)
    assert expected in shown
    assert lost == losses


FENCE = "```"
IN_MARKDOWN = [
    ("docusaurus", ":::warning[Mind the step]\n\nHot\n\n:::", '<p class="admonition-title">Mind the step</p>', {}),
    ("docusaurus", "<details>\n  <summary>More</summary>\n\n  In it\n</details>", "<summary>More</summary>", {}),
    ("docusaurus", f'{FENCE}js title="a.js" {{1,3-4}}\nlet x\n{FENCE}', "language-js",
     {"marked lines or line numbers of code removed": 1}),
    ("docusaurus", "![A](@site/static/img/a.png)", '<img alt="A" src="/static/img/a.png"', {}),
    ("docusaurus", "<img src={require('./a.png').default} alt=\"A\" />", 'src="./a.png"', {}),
    ("docusaurus", "<img src={useBaseUrl('/img/a.png')} alt=\"A\" />", 'src="/img/a.png"', {}),
    ("docusaurus", "import {\n  A,\n  B,\n} from 'x';\n\nText", "<p>Text</p>", {"MDX import or export removed": 1}),
    ("docusaurus", "<Card\n  title='b'\n  wide\n>\n\nText\n\n</Card>", "<p>Text</p>",
     {"component <Card> removed, its text kept": 1}),
    ("docusaurus", "It is {frontMatter.title}.", "{frontMatter.title}", {"MDX expression left as text": 1}),
    ("docusaurus", "## Fees {/* #fee */}\n\nx", 'id="fee"', {}),
    ("docusaurus", "## Fees {#fee}\n\nx", 'id="fee"', {}),
    ("hugo", '{{< details summary="More" >}}\nIn it\n{{< /details >}}', "<summary>More</summary>", {}),
    ("hugo", '{{% expand "More" %}}\nIn it\n{{% /expand %}}', "<summary>More</summary>", {}),
    ("hugo", '{{< alert title="Mind" color="warning" >}}\nHot\n{{< /alert >}}',
     '<div class="admonition warning"><p class="admonition-title">Mind</p>', {}),
    ("hugo", '{{< callout type="warning" >}}\nHot\n{{< /callout >}}', '<div class="admonition warning">', {}),
    ("hugo", '{{< tabs "id" >}}\n{{< tab "Card" >}}\nPay\n{{< /tab >}}\n{{< /tabs >}}', ">Card</label>", {}),
    ("hugo", '{{< tabpane >}}\n{{% tab header="Card" %}}\nPay\n{{% /tab %}}\n{{< /tabpane >}}', ">Card</label>", {}),
    ("hugo", "> [!WARNING]\n> Hot", '<div class="admonition warning">', {}),
    ("hugo", f"{FENCE}go {{linenos=table,hl_lines=[1]}}\nx := 1\n{FENCE}", "language-go",
     {"marked lines or line numbers of code removed": 1}),
    ("hugo", '{{< figure\n  src="a.png"\n  alt="A" >}}', '<img alt="A" src="a.png"', {}),
    ("hugo", "Costs {{< param price >}}", "<p>Costs</p>", {"shortcode param removed, its text kept": 1}),
    ("jekyll", "**Mind** hot\n{: .notice--warning}", '<div class="admonition warning">', {}),
    ("jekyll", "{: .note }\nHot\n\nAfter", "<p>Hot</p></div><p>After</p>", {}),
    ("jekyll", "{: .warning-title }\n> Mind\n>\n> Hot", '<p class="admonition-title">Mind</p><p>Hot</p>', {}),
    ("jekyll", "## Fees\n{: #fee }\n\nx", 'id="fee"', {}),
    ("jekyll", "[site](https://x.example/){:target=\"_blank\"} and", '<a href="https://x.example/">site</a> and',
     {"kramdown attributes removed": 1}),
    ("jekyll", "* TOC\n{:toc}\n\nText", "<p>Text</p>", {}),
    ("jekyll", "{% highlight ruby linenos %}\nputs 1\n{% endhighlight %}", "language-ruby", {}),
    ("jekyll", f"{FENCE}ruby\nputs 1\n{FENCE}", "language-ruby", {}),
    ("jekyll", "![A]({{ site.baseurl }}/a.png)", '<img alt="A" src="/a.png"', {}),
    ("jekyll", "![A]({{ '/a.png' | relative_url }})", '<img alt="A" src="/a.png"', {}),
    ("mkdocs", '!!! warning "Mind"\n    Hot', '<p class="admonition-title">Mind</p>', {}),
    ("mkdocs", '??? question "More"\n    In it', "<summary>More</summary>", {}),
    ("mkdocs", '=== "Card"\n\n    Pay', ">Card</label>", {}),
    ("mkdocs", '```py title="a.py" hl_lines="1"\nx\n```', "language-py",
     {"marked lines or line numbers of code removed": 1}),
    ("mkdocs", "[](){ #old }Text", 'id="old"', {}),
    ("mkdocs", "++ctrl+c++ and ==marked==", "++ctrl+c++ and <mark>marked</mark>", {}),
    ("mkdocs", "H~2~O and x^2^ and `x^2^`", "H<sub>2</sub>O and x<sup>2</sup> and <code>x^2^</code>", {}),
    ("mkdocs", "~~old~~ a[^1][^2]\n\n[^1]: One.\n[^2]: Two.", "<del>old</del>", {}),
    ("notion", "<aside>\n💡 Keep it\n\n</aside>", '<div class="admonition note">', {}),
    ("notion", "- [x]  Done it\n- [ ]  To do", 'type="checkbox"', {}),
    ("notion", f"{FENCE}javascript\nx\n{FENCE}", "language-javascript", {}),
    ("notion", "[A database](A%20database%200123456789abcdef0123456789abcdef.csv)", "A database",
     {"database not imported": 1}),
    *(
        (tool, body, expected, {})
        for tool in ("markdown", "docusaurus", "hugo", "jekyll", "mkdocs", "notion")
        for body, expected in (
            ("£19<sup>99</sup>", "£19<sup>99</sup>"),
            ("4. d\n5. e", '<ol start="4">'),
            ("1. Run\n\n   ```bash\n   ls -l\n   ```\n2. Then", "language-bash"),
            ("- One\n  - In it", "<ul><li>In it</li></ul>"),
            ("| h |\n| --- |\n| c |", "<th>h</th>"),
            ("~~Old~~", "<del>Old</del>"),
            ("## Pay ![card](https://x.example/a.png)\n\nx", 'alt="card"'),
            ("<a id=\"fee\"></a>\n\nFees", 'id="fee"'),
            ("Text[^1].\n\n[^1]: Note.", "Note."),
            ("Line\\\nnext", "<br>"),
        )
    ),
]  # fmt: skip


@pytest.mark.parametrize(("tool", "body", "expected", "losses"), IN_MARKDOWN)
def test_an_element_of_markdown_is_kept_or_counted_as_lost(
    tool: str, body: str, expected: str, losses: Mapping[str, int], tmp_path: Path
) -> None:
    shown, lost = through(tmp_path, tool, body, markdown=True)
    assert expected in shown
    assert lost == losses
