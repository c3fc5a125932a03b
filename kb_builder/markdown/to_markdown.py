"""The HTML of a converted body as plain Markdown (CommonMark with GFM tables and task lists).

It takes what the page shows and nothing else: no comment, attribute or element that the sanitiser removed can be in it.
Its text is escaped, so that no text becomes markup where the Markdown is rendered.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kb_builder.markdown.hidden import is_hidden

_DEEPEST: Final = 60
"""Levels of nesting beyond which only the text is kept."""
# It begins with a set of characters, which is searched for many times as fast as alternatives are tried at each place.
_SPECIAL: Final = re.compile(
    r"[\\`*\[\]|~<(_&](?:(?<=[\\`*\[\]|~])|(?<=<)(?=[a-zA-Z/!?])|(?<=\]\()|(?<=_)(?:(?<![^\W_]_)|(?![^\W_]))"
    r"|(?<=&)(?=#?\w+;))"
)
_LINE_START: Final = re.compile(r"^(\s*)([#>+=-]|\d+(?=[.)]))", re.MULTILINE)
_MANY_LINES: Final = re.compile(r"\n{3,}")
_SKIPPED: Final = frozenset("script style template noscript svg video audio source head title button select".split())
_HTML_KEPT: Final = frozenset(("sup", "sub", "kbd", "del", "ins", "mark"))
_MARKS: Final = {"strong": "**", "b": "**", "em": "*", "i": "*"}


def to_markdown(html: str) -> str:
    """``html`` is the body of a page, sanitised, with its links as readers get them. Ends in one line feed."""
    body = LexborHTMLParser(f"<body>{html}").body
    text = "" if body is None else _blocks(body, 0)
    return (_MANY_LINES.sub("\n\n", text) if "\n\n\n" in text else text).strip("\n") + "\n"


def escape(text: str) -> str:
    """``text`` as Markdown that shows the same text, on one line."""
    escaped = _SPECIAL.sub(_escape_special, " ".join(text.split()))
    return _escape_starts(escaped)


_ESCAPES: Final = {"<": "&lt;", "&": "&amp;"}


def _escape_special(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[0]) or f"\\{match[0]}"


def _escape_starts(text: str) -> str:
    """``text`` without lines that begin like a block."""
    if "\n" not in text and not _LINE_START.match(text):
        return text  # Most are; looking for starts of lines takes as long as all else.
    return _LINE_START.sub(_escape_start, text)


def _escape_start(match: re.Match[str]) -> str:
    return f"{match[1]}{match[2]}\\" if match[2].isdigit() else f"{match[1]}\\{match[2]}"


def _blocks(node: LexborNode, depth: int) -> str:
    """The children of a block element, inline ones joined to paragraphs."""
    if depth > _DEEPEST:
        return escape(node.text())
    out: list[str] = []
    inline: list[str] = []

    def end_paragraph() -> None:
        if text := _tidy("".join(inline)):
            out.append(_escape_starts(text))
        inline.clear()

    for child in node.iter(include_text=True):
        write = _BLOCKS.get(str(child.tag))
        if write is None:
            text = _inline(child, depth + 1)
            if inline or not text.isspace():
                inline.append(text)
        elif not is_hidden(child):
            if inline:
                end_paragraph()
            if text := write(child, depth + 1).strip("\n"):
                out.append(text)
    end_paragraph()
    return "\n\n".join(out)


def _tidy(text: str) -> str:
    """Inline text with single spaces; a line break of the author's stays (two spaces and a line feed)."""
    if "\v" not in text:
        return " ".join(text.split())
    lines = (" ".join(line.split()) for line in text.split("\v"))
    return "  \n".join(lines).strip()


def _inline(node: LexborNode, depth: int) -> str:
    tag = str(node.tag)
    if tag == "-text":
        text = node.text_content or ""
        return text if text.isspace() else _SPECIAL.sub(_escape_special, text)
    if (
        tag.startswith("-")
        or tag in _SKIPPED
        or is_hidden(node)
        or "headerlink" in (node.attributes.get("class") or "")
    ):
        return ""
    if depth > _DEEPEST:
        return escape(node.text())
    if tag == "br":
        return "\v"
    if tag == "code":
        return _code(node.text())
    if tag == "img":
        alt, source = escape(node.attributes.get("alt") or ""), node.attributes.get("src") or ""
        return f"![{alt}]({_url(source)})" if source else alt
    if tag == "input":
        checkbox = node.attributes.get("type") == "checkbox"
        return ("[x] " if "checked" in node.attributes else "[ ] ") if checkbox else ""
    text = _children(node, depth + 1)
    if tag == "a" and (href := node.attributes.get("href")):
        return f"[{' '.join(text.split())}]({_url(href)})"
    if text.strip() and tag in _MARKS:
        return _marked(text, _MARKS[tag])
    return f"<{tag}>{text}</{tag}>" if tag in _HTML_KEPT else text


def _marked(text: str, mark: str) -> str:
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{mark}{text.strip()}{mark}{after}"


def _code(text: str) -> str:
    """A code span (CommonMark 6.1): as many backticks around it as none inside it has."""
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def _url(url: str) -> str:
    return url.replace(" ", "%20").replace("(", "%28").replace(")", "%29").replace("<", "%3C").replace(">", "%3E")


def _heading(node: LexborNode, depth: int) -> str:
    return f"{'#' * int(str(node.tag)[1])} {_tidy(_children(node, depth)).replace(chr(10), ' ')}"


def _children(node: LexborNode, depth: int) -> str:
    return "".join([_inline(child, depth) for child in node.iter(include_text=True)])


def _list(node: LexborNode, depth: int) -> str:
    items = [child for child in node.iter() if child.tag == "li" and not is_hidden(child)]
    start = node.attributes.get("start") or "1"
    number = int(start) if start.isascii() and start.isdigit() and len(start) < 10 else 1
    out = []
    for at, item in enumerate(items, start=number):
        bullet = f"{at}. " if node.tag == "ol" else "- "
        out.append(_indented(_blocks(item, depth), bullet))
    return ("\n\n" if any("\n\n" in item for item in out) else "\n").join(out)


def _indented(text: str, first: str) -> str:
    lines = text.split("\n")
    rest = (f"{' ' * len(first)}{line}" if line else "" for line in lines[1:])
    return "\n".join((first + lines[0], *rest))


def _quote(node: LexborNode, depth: int) -> str:
    return "\n".join(f"> {line}".rstrip() for line in _blocks(node, depth).split("\n"))


def _division(node: LexborNode, depth: int) -> str:
    classes = (node.attributes.get("class") or "").split()
    return _quote(node, depth) if "admonition" in classes else _blocks(node, depth)


def _paragraph(node: LexborNode, depth: int) -> str:
    if "admonition-title" in (node.attributes.get("class") or ""):
        return _summary(node, depth)
    return _escape_starts(_tidy(_children(node, depth)))


def _summary(node: LexborNode, depth: int) -> str:
    text = _tidy(_children(node, depth))
    return _marked(text, "**") if text else ""


def _pre(node: LexborNode, depth: int) -> str:  # noqa: ARG001
    code = node.css_first("code") or node
    classes = (code.attributes.get("class") or "").split()
    language = next((name[9:] for name in classes if re.fullmatch(r"language-[\w+#.-]+", name)), "")
    text = node.text().strip("\n")
    fence = "`" * max(3, max(map(len, re.findall("`+", text)), default=0) + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def _table(node: LexborNode, depth: int) -> str:
    rows = [[_cell(cell, depth) for cell in row.iter() if cell.tag in ("td", "th")] for row in node.css("tr")]
    rows = [row for row in rows if row]
    if not rows:
        return ""
    width = max(map(len, rows))
    lines = [f"| {' | '.join((*row, *[''] * (width - len(row))))} |" for row in rows]
    return "\n".join((lines[0], f"|{' --- |' * width}", *lines[1:]))


def _cell(node: LexborNode, depth: int) -> str:
    return " ".join(_blocks(node, depth).split())


def _definitions(node: LexborNode, depth: int) -> str:
    return "\n\n".join(_definition(child, depth) for child in node.iter() if not is_hidden(child))


def _definition(node: LexborNode, depth: int) -> str:
    if node.tag == "dt":
        return _summary(node, depth)
    return _indented(_blocks(node, depth), ": ") if node.tag == "dd" else _blocks(node, depth)


_BLOCKS: Final[Mapping[str, Callable[[LexborNode, int], str]]] = {
    **dict.fromkeys("h1 h2 h3 h4 h5 h6".split(), _heading),
    **dict.fromkeys("ul ol".split(), _list),
    **dict.fromkeys(
        "div section article figure aside details header footer main nav address center".split(), _division
    ),
    **dict.fromkeys("p figcaption caption".split(), _paragraph),
    "li": _blocks,
    "summary": _summary,
    "blockquote": _quote,
    "pre": _pre,
    "table": _table,
    "dl": _definitions,
    "hr": lambda _node, _depth: "---",
    **dict.fromkeys("script style template noscript video audio svg".split(), lambda _node, _depth: ""),
}
