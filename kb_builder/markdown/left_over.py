"""Syntax that is left as text, each kind a ``Finding``: what to look for, and what to write instead."""

import re
from collections.abc import Sequence
from typing import Final

_TAGS: Final = (
    ("{{<", r"\{\{<[^{}\n]*>\}\}", "a Hugo shortcode", "write what it stands for"),
    ("{{%", r"\{\{%[^{}\n]*%\}\}", "a Hugo shortcode", "write what it stands for"),
    ("{%", r"(?<!\{)\{%[^{}\n]*%\}", "a Liquid or Jinja tag", "write what it stands for"),
    ("{{", r"\{\{(?![<%])[^{}\n]*\}\}", "a template variable", "write its value"),
    ("{/*", r"\{/\*[^{}\n]*\*/\}", "an MDX comment", "write <!-- … -->, or {{#anchor}} for the anchor of a heading"),
    ("[[", r"\[\[[^\[\]\n]+\]\]", "a wiki link", "write [words](other-article.md)"),
    ("--8<--", r"(?<!-)-+8<-+[^\n]*", "a snippet, and none is included", "write the text here"),
    ("import ", r"^import\s[^\n]*\sfrom\s+[\"'“”‘’][^\n]*", "MDX",
     "remove the line, and write its components in Markdown"),
    ("export ", r"^export\s+(?:const|default|function)\s[^\n]*", "MDX", "remove the line"),
)  # fmt: skip
_MARKS: Final = (
    ("[/", r"\[/(?:b|i|u|s|url|img|code|quote|list|size|color)\]", "BBCode", "write it in Markdown: **bold**"),
    *(
        (f"h{level}. ", rf"^h{level}\. [^\n]+", "a heading of Jira or Textile", "write ## and the heading")
        for level in range(1, 7)
    ),
    ("{", r"\{(?:code|noformat|note|info|tip|warning|panel|quote|expand)(?::[^{}\n]*)?\}",
     "a macro of Jira or Confluence", "write it in Markdown: ``` around code, !!! note for a box"),
    ("||", r"^\|\|[^\n]*\|\|[ \t]*$", "a table of Jira", "write | a | b |, and |---|---| below it"),
    ("==", r"^={2,6} [^\n=]+ ={2,6}[ \t]*$", "a heading of a wiki", "write ## and the heading"),
    ("'''", r"'''[^'\n]+'''", "bold text of a wiki", "write **bold**"),
    (".. ", r"^\.\. [\w-]+::[^\n]*", "reStructuredText", "write !!! note for a box, ![words](file) for a picture"),
    ("+--", r"^\+(?:[-=]{2,}\+)+", "a table drawn with signs", "write | a | b |, and |---|---| below it"),
    ("|", r"\A\|[^\n|]+\|[^\n]*\|[ \t]*$", "a table without the line below its header",
     "write |---|---| below its first line"),
    ("==", r"(?<![=\w])==[^\s=][^=\n]*==(?![=\w])", "a mark for highlighted text", "write **bold**"),
    ("=== ", r"^[ \t]*===[+!]? (?!\")[^\s=][^\n=]*$", "a tab without quotation marks",
     'write === "Title", with the text below indented by four spaces'),
    ("~", r"(?<![~\w\\])~[^\s~](?:[^~\n]*[^\s~])?~(?![~\w])", "struck out on GitHub only", "write ~~…~~"),
    ("\xa0", r"^(?:[-*+]|\d{1,3}[.)]|#{1,6})\xa0[^\n]*", "a list or a heading with a space that does not break",
     "type an ordinary space behind its first sign"),
)  # fmt: skip
"""Of the tags of other tools, and of their markup: what a text needs, the pattern, what it is, and what to write."""
LEFT_OVER: Final[Sequence[tuple[str, str, re.Pattern[str], str, str]]] = tuple(
    (needed, code, re.compile(pattern, re.M), message, hint)
    for needed, code, pattern, message, hint in (
        *(
            (needed, "foreign-syntax", pattern, f"{{}} is shown as text: it is {kind}", hint)
            for needed, pattern, kind, hint in (*_TAGS, *_MARKS)
        ),
        ("{:", "foreign-syntax", r"\{:[^{}\n]*\}", "{} is shown as text: it belongs to no element",
         "put it right after the element, or write !!! note for a box"),
        ("!!!", "broken-block", r"^[ \t]*!!![ \w][^\n]*", "{} is shown as text",
         'write !!! note "Title", with the text below indented by four spaces'),
        ("???", "broken-block", r"^[ \t]*\?\?\?\+? ?\w[^\n]*", "{} is shown as text",
         'write ??? question "Title", with the text below indented by four spaces'),
        ("===", "broken-block", r"^[ \t]*===[+!]? \"[^\n]*", "{} is shown as text",
         'write === "Title", with the text below indented by four spaces'),
        ("[!", "broken-block", r"^[ \t]*\[![A-Za-z]+\][^\n]*", "{} is shown as text",
         "write > [!NOTE] on a line of its own, with the text below after >"),
        ("<", "unknown-tag", r"<(?:a|div|embed|font|form|iframe|img|input|object|p|span|td|video)\s[^<>\n]*=[^<>\n]*>",
         "{} is shown as text: it is no HTML", "put the values of its attributes in quotes"),
        ("<!", "unknown-tag", r"<![A-Z]+\s[^<>\n]*>", "{} is shown as text", "put it in backticks, or remove it"),
        ("<![CDATA[", "open-comment", r"<!\[CDATA\[(?:(?!\]\]>)[^\n])*$", "{} is shown as text: it does not end",
         "end it with ]]>"),
        ("<?", "open-comment", r"<\?(?:php|xml|=)(?:(?!\?>)[^\n])*$", "{} is shown as text: it does not end",
         "end it with ?>, or put it in backticks"),
        ("][", "undefined-reference", r"!?\[[^\[\]\n]+\]\[[^\[\]\n]*\]",
         "{} is shown as text: its target is not defined", "write [words](target), or define it: [name]: https://…"),
        ("[^", "undefined-footnote", r"\[\^[^\[\]\s]+\]", "{} is shown as text: there is no such footnote",
         "define it: [^name]: its text"),
        (":", "unknown-icon", r":(?<![\w:/]:)[a-z][a-z0-9_+]*(?:-[a-z0-9_+]+)*:(?![\w:/])",
         "{} is shown as text: there is no icon or emoji of that name", "find its name in Material's icon search"),
        ("##", "broken-block", r"^#{2,6}[^\W\d_][^\n]*", "{} is shown as text: a heading needs a space after its #",
         "write the # signs, a space, and the heading"),
        ("$$", "foreign-syntax", r"\$\$[^$\n]+\$\$", "{} is shown as text: formulas are not drawn",
         "write it in words, or put a picture of it beside the article"),
        *(
            (mark, "open-code", rf"^[ \t]*{mark}+[^\n`]*",
             "{} is shown as text: the code that begins here does not end",
             "end it with the same signs on a line of its own, indented like its beginning")
            for mark in ("```", "~~~")
        ),
        ("<<<<<<< ", "merge-conflict", r"^<{7} [^\n]*", "{} is shown as text: a merge conflict was left here",
         "keep the right lines, and delete those that begin with <<<<<<<, ======= and >>>>>>>"),
        ("<!--", "open-comment", r"<!--[^\n]*", "{} is shown as text: the comment does not end", "end it with -->"),
        *(
            (bullet, "foreign-syntax", rf"^[ \t]*{bullet}\s[^\n]*",
             "{} is shown as text: it is the bullet of a word processor", "write - and a space in its place")
            for bullet in "•·▪●◦‣"
        ),
        ("TODO", "placeholder-text", r"\bTODO\b[^\n]{0,40}", "{} looks like a placeholder",
         "write the text or remove it"),
        ("FIXME", "placeholder-text", r"\bFIXME\b[^\n]{0,40}", "{} looks like a placeholder",
         "write the text or remove it"),
        ("orem ipsum", "placeholder-text", r"[Ll]orem ipsum\b[^\n]{0,40}", "{} looks like a placeholder",
         "write the text or remove it"),
    )
)  # fmt: skip
"""Characters a text needs, code, pattern, message and hint; {} in the message is replaced by the match."""
