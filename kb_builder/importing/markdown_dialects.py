"""Markdown of other site builders as ours: their admonitions, shortcodes, tags and components.

Nothing inside a code block is touched. What has no equivalent is counted, and its text stays.
"""

import re
from collections import Counter
from collections.abc import Callable
from typing import Final

from kb_builder.parsing.fenced_code import lines_of

_KINDS: Final = {
    "caution": "warning", "important": "warning", "warn": "warning", "attention": "warning", "alert": "warning",
    "error": "danger", "danger": "danger", "success": "tip", "hint": "tip", "tip": "tip", "secondary": "note",
    "info": "info", "warning": "warning", "note": "note", "notice": "note", "callout": "note", "admonition": "note",
}  # fmt: skip
"""Words other tools use for a box → the admonition it becomes."""
_DIRECTIVE: Final = re.compile(r"(\s*)(:{3,})\s*(\w+)?(?:\[(.*?)\]|\s+(.*?))?\s*$")
_SHORTCODE: Final = re.compile(r"\{\{([<%])\s*(/?)\s*([\w.-]+)\s*(.*?)\s*/?[>%]\}\}")
_ARGUMENT: Final = re.compile(r'([\w-]+)=(?:"([^"]*)"|`([^`]*)`|(\S+))|"([^"]*)"|`([^`]*)`|(\S+)')
_COMPONENT: Final = re.compile(r"</?([A-Z][\w.]*)((?:\s[^<>]*?)?)/?>")
_MODULE: Final = re.compile(
    r"import\s[^\n]*\sfrom\s*['\"]|import\s+['\"{]|import\s+[\w$]+\s*,\s*\{|export\s+(?:const|default|function)\s"
)
"""The first line of a block of code of MDX. Such a block begins behind an empty line, and ends with the next one."""
_EXPRESSION: Final = re.compile(r"(?<![\w$}])\{[A-Za-z_$][\w.$]*(?:\([^{}\n]*\))?\}")
_VALUE: Final = re.compile(r"""=\{\s*(?:require\(|useBaseUrl\()?\s*['"]([^'"{}]+)['"]\s*\)?(?:\.default)?\s*\}""")
_STYLE: Final = re.compile(r"""\s(?:style=\{\{[^{}]*\}\}|className=(?:"[^"]*"|'[^']*'|\{[^{}]*\}))""")
_FOLDED: Final = frozenset(("details", "expand", "expandable", "collapse"))
_TAB: Final = frozenset(("tab", "tabs", "tabpane", "tabitem"))
_ALONE: Final = re.compile(
    rf"[ \t]*(\{{\{{[<%]\s*/?\s*(?:{'|'.join(sorted({*_KINDS, *_FOLDED, *_TAB, 'highlight'}))})\b[^{{}}]*\}}\}})[ \t]*"
)
_INFO: Final = re.compile(r"(\s*(?:```+|~~~+))[ \t]*([\w+#.-]*)[ \t]*([^`\n]*)")
"""The opening line of code: its mark, its language, and the rest of the line."""
_MARKED: Final = re.compile(
    r"(?P<code>(?P<ticks>`+).*?(?P=ticks))|(?<![=\w])==(?P<mark>[^\s=](?:[^=]*[^\s=])?)==(?![=\w])"
    r"|(?<![\^\\])\^(?P<sup>[^\s^\[\]]+)\^(?!\^)|(?<![~\\])~(?P<sub>[^\s~]+)~(?!~)"
)
"""Marks that PyMdown's extensions turn into elements of HTML; code is passed over."""
_ATTRIBUTES: Final = re.compile(r"\s*\{:(.*)\}\s*")


def convert(kind: str, text: str) -> tuple[str, Counter[str]]:
    """The body ``text`` of a file of ``kind`` as ours, and what it had that ours lacks → how often."""
    losses: Counter[str] = Counter()
    made = _DIALECTS[kind](text, losses)
    return made, +losses


def _docusaurus(text: str, losses: Counter[str]) -> str:
    text = _outside_code(text, lambda part: _without_mdx(part, losses))
    text = _tabs(text)
    text = _outside_code(text, lambda part: _COMPONENT.sub(lambda match: _component(match, losses), part))
    return _directives(_plain_code(text, losses), losses)


def _without_mdx(part: str, losses: Counter[str]) -> str:
    lines: list[str] = []
    module, blank = False, True
    for line in part.split("\n"):
        starts = (blank or module) and _MODULE.match(line) is not None
        blank = not line.strip()
        module = starts or (module and not blank)
        losses["MDX import or export removed"] += starts
        if not module:
            lines.append(line)
    part = re.sub(r"^(#{1,6} .*?)\s*\{/\*\s*(#[\w-]+)\s*\*/\}[ \t]*$", r"\1 {\2}", "\n".join(lines), flags=re.M)
    part = re.sub(r"\{/\*.*?\*/\}", "", part, flags=re.S)
    part = re.sub(r"(?<=[(\"'])@site/", "/", _VALUE.sub(r'="\1"', part))
    part, styles = _STYLE.subn("", part)
    losses["style of an element removed"] += styles
    losses["MDX expression left as text"] += len(_EXPRESSION.findall(part))
    return part


def _component(match: re.Match[str], losses: Counter[str]) -> str:
    if not match[0].startswith("</"):
        losses[f"component <{match[1]}> removed, its text kept"] += 1
    return ""


def _tabs(text: str) -> str:
    """``<TabItem label="x">`` as a tab of Material's."""
    lines, inside = [], False
    for line, code in lines_of(text):
        if not code and re.match(r"\s*</?Tabs\b", line):
            continue
        opening = None if code else re.match(r"\s*<TabItem\b([^>]*)>\s*$", line)
        if opening:
            named = re.search(r"label=[\"'{]+([^\"'}]+)", opening[1]) or re.search(
                r"value=[\"'{]+([^\"'}]+)", opening[1]
            )
            lines += [f'=== "{(named[1] if named else "…").replace(chr(34), "”")}"', ""]
            inside = True
        elif not code and re.match(r"\s*</TabItem>", line):
            lines.append("")
            inside = False
        else:
            lines.append(f"    {line}" if inside and line.strip() else line)
    return "\n".join(lines)


def _directives(text: str, losses: Counter[str]) -> str:
    """``:::tip Title`` … ``:::`` as an admonition, one in another too."""
    lines: list[str] = []
    depth: list[int] = []
    for line, code in lines_of(text):
        match = None if code else _DIRECTIVE.fullmatch(line)
        indent = "    " * len(depth)
        if match and match[3]:
            kind = _KINDS.get(match[3].lower(), "")
            if not kind:
                losses[f"box of the unknown kind {match[3]} became a note"] += 1
            lines += [f"{indent}{_opening(kind or 'note', match[4] or match[5] or '')}", ""]
            depth.append(len(match[2]))
        elif match and depth:
            depth.pop()
            lines.append("")
        else:
            lines.append(indent + line if line.strip() or not depth else "")
    return "\n".join(lines)


def _hugo(text: str, losses: Counter[str]) -> str:
    text = re.sub(r"\{\{[<%]\s*/\*.*?\*/\s*[>%]\}\}", "", text, flags=re.S)
    text = _paired_shortcodes(_outside_code(text, _on_own_lines))
    text = _per_line(text, lambda line: _SHORTCODE.sub(lambda match: _shortcode(match, losses), line))
    return _plain_code(text, losses)


def _on_own_lines(part: str) -> str:
    """Shortcodes on one line each, and those that begin or end a block alone on theirs."""
    part = re.sub(r"\{\{[<%][^{}]*[>%]\}\}", lambda match: " ".join(match[0].split()), part)
    return _ALONE.sub(_on_its_own_line, part)


def _on_its_own_line(match: re.Match[str]) -> str:
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    return ("\n" if before not in ("", "\n") else "") + match[1] + ("\n" if after not in ("", "\n") else "")


def _paired_shortcodes(text: str) -> str:
    """Boxes, folded text, tabs and highlighted code, which have a beginning and an end."""
    lines: list[str] = []
    inside: list[str] = []
    for line, code in lines_of(text):
        match = None if code else _SHORTCODE.fullmatch(line.strip())
        name = match[3].lower() if match else ""
        indent = "    " * sum(each not in ("highlight", "tabs", "tabpane") for each in inside)
        if match and not match[2] and (name in _KINDS or name in _FOLDED or name in _TAB or name == "highlight"):
            lines += _block_opening(name, match[4], indent)
            inside.append(name)
        elif match and match[2] and inside and name == inside[-1]:
            inside.pop()
            lines.append("```" if name == "highlight" else "")
        else:
            lines.append(indent + line if line.strip() or not indent else "")
    return "\n".join(lines)


def _block_opening(name: str, arguments: str, indent: str) -> list[str]:
    """The lines that open the block of a shortcode."""
    named, plain = _arguments(arguments)
    if name == "highlight":
        return [f"```{plain[0] if plain else ''}"]
    if name in ("tabs", "tabpane"):
        return [""]
    words = [named.get(key, "") for key in ("type", "icon", "color", *((name,) if name in named else ()))]
    kind = next((word for word in (*words, *plain) if word in _KINDS), name)
    titles = [named.get(key, "") for key in ("title", "summary", "header", "name", "label")]
    title = next((word for word in (*titles, *(word for word in plain if word not in _KINDS)) if word), "")
    if name in _TAB:
        return ["", indent + f'=== "{_shown(title) or "…"}"', ""]
    if name in _FOLDED:
        return ["", indent + f'??? note "{_shown(title) or "…"}"', ""]
    return ["", indent + _opening(_KINDS[kind], title), ""]


def _shortcode(match: re.Match[str], losses: Counter[str]) -> str:
    name, (named, plain) = match[3].lower(), _arguments(match[4])
    first = plain[0] if plain else ""
    if name in ("ref", "relref") and (first or named.get("path")):
        return first or named["path"]
    if name in ("figure", "img", "image") and (source := named.get("src") or first):
        caption = named.get("caption") or named.get("title") or ""
        return f"![{named.get('alt') or caption}]({source})" + (f"\n\n*{caption}*" if caption else "")
    if name in ("youtube", "vimeo") and (film := named.get("id") or first):
        page = "https://www.youtube.com/watch?v=" if name == "youtube" else "https://vimeo.com/"
        return f"[{named.get('title') or f'Video: {name}.com'}]({page}{film})"
    if not match[2]:
        losses[f"shortcode {name} removed, its text kept"] += 1
    return ""


def _arguments(text: str) -> tuple[dict[str, str], list[str]]:
    """Named and plain arguments of a shortcode."""
    named: dict[str, str] = {}
    plain: list[str] = []
    for match in _ARGUMENT.finditer(text):
        if match[1]:
            named[match[1].lower()] = match[2] or match[3] or match[4] or ""
        else:
            plain.append(match[5] or match[6] or match[7] or "")
    return named, plain


def _jekyll(text: str, losses: Counter[str]) -> str:
    text = re.sub(r"\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}", "", text, flags=re.S)
    text = re.sub(r"\{%-?\s*highlight\s+(\w+).*?-?%\}", r"```\1", text)
    text = re.sub(r"\{%-?\s*endhighlight\s*-?%\}", "```", text)

    def line_of(line: str) -> str:
        line = re.sub(r"\{%-?\s*(?:end)?raw\s*-?%\}", "", line)
        line = re.sub(r"\{%-?\s*link\s+(\S+)\s*-?%\}", r"/\1", line)
        line = re.sub(r"\{%-?\s*post_url\s+/?(\S+?)\s*-?%\}", r"/_posts/\1.md", line)
        line = re.sub(
            r"\{\{\s*['\"]([^'\"]+)['\"]\s*\|\s*(?:relative_url|absolute_url|prepend:[^}]*?)\s*\}\}", r"\1", line
        )
        line = re.sub(r"\{\{\s*(?:site\.(?:base)?url)\s*\}\}", "", line)
        for tag in re.findall(r"\{%-?\s*(\w+)", line):
            losses[f"Liquid tag {tag} removed"] += 1
        for _ in re.findall(r"\{\{", line):
            losses["Liquid expression left as text"] += 1
        return re.sub(r"\{%.*?%\}", "", line)

    return _outside_code(_per_line(text, line_of), lambda part: _kramdown(part, losses))


def _kramdown(part: str, losses: Counter[str]) -> str:
    """Attributes as boxes and anchors: ``{: .note }`` below or above a paragraph, ``{: #fee }`` below a heading."""
    lines: list[str] = []
    box: list[str] | None = None
    for line in [*part.split("\n"), ""]:
        if box is not None and line.strip():
            box.append(line)
            continue
        if box is not None:
            lines += box if len(box) == 2 else [*_boxed(box[2:], box[0], titled=box[1] == "title"), ""]
            box = None
        found = _ATTRIBUTES.fullmatch(line)
        if found is None:
            bare, removed = re.subn(r"(?<=[\w)`*_\]])\{:[^{}]*\}", "", line)
            losses["kramdown attributes removed"] += removed
            lines.append(bare)
            continue
        classes = re.findall(r"\.([\w-]+)", found[1])
        words = [word for name in classes for word in name.lower().split("-") if word]
        kinds = [word for word in words if word in _KINDS]
        anchor = re.search(r"#([\w-]+)", found[1])
        before = lines[-1] if lines else ""
        if kinds and before.strip():
            start = next((at + 1 for at in range(len(lines) - 1, -1, -1) if not lines[at].strip()), 0)
            lines[start:] = [*_boxed(lines[start:], _KINDS[kinds[-1]], titled="title" in words), ""]
        elif kinds:
            box = [_KINDS[kinds[-1]], "title" if "title" in words else ""]
        elif anchor and re.match(r"#{1,6} ", before):
            lines[-1] = f"{before.rstrip()} {{#{anchor[1]}}}"
        elif "toc" in found[1]:
            if re.match(r"\s*(?:[-*+]|\d+\.) ", before):
                lines.pop()
        else:
            losses["kramdown attributes removed"] += 1
    return "\n".join(lines[:-1])


def _boxed(lines: list[str], kind: str, *, titled: bool) -> list[str]:
    """A paragraph or quotation as a box; its first line is the title where it is ``titled``."""
    if all(line.startswith(">") for line in lines):
        lines = [re.sub("^> ?", "", line) for line in lines]
    title = lines.pop(0) if titled and lines else ""
    return [_opening(kind, title), "", *(f"    {line}" if line.strip() else "" for line in lines)]


def _mkdocs(text: str, losses: Counter[str]) -> str:
    def line_of(line: str) -> str | None:
        if re.match(r"\s*(--8<--|;--8<--)", line):
            losses["included file not imported"] += 1
            return None
        if line.strip() == "[TOC]":
            return None
        losses["macro left as text"] += len(re.findall(r"\{\{.*?\}\}|\{%.*?%\}", line))
        line = _MARKED.sub(_element, line)
        return re.sub(r"\[\]\(\)\{:?\s*#([\w.:-]+)\s*\}", r'<a id="\1"></a>', line)

    return _plain_code(_per_line(text, line_of), losses)


def _element(match: re.Match[str]) -> str:
    name = match.lastgroup or ""
    return f"<{name}>{match[name]}</{name}>" if name in ("mark", "sup", "sub") else match[0]


def _notion(text: str, losses: Counter[str]) -> str:
    """Callouts are ``<aside>``; a database is a table of its own, which stays behind."""
    lines: list[str] = []
    inside = False
    for line, code in lines_of(text):
        if not code and line.strip() == "<aside>":
            lines += ["", "!!! note", ""]
            inside = True
        elif not code and line.strip() == "</aside>":
            lines.append("")
            inside = False
        else:
            if not code:
                losses["database not imported"] += len(re.findall(r"\]\([^)]*\.csv\)", line))
            lines.append(f"    {line}" if inside and line.strip() else line)
    return "\n".join(lines)


_DIALECTS: Final[dict[str, Callable[[str, Counter[str]], str]]] = {
    "docusaurus": _docusaurus,
    "hugo": _hugo,
    "jekyll": _jekyll,
    "mkdocs": _mkdocs,
    "notion": _notion,
    "markdown": lambda text, _: text,
}


def _opening(kind: str, title: str) -> str:
    shown = _shown(title)
    return f'!!! {kind} "{shown}"' if shown else f"!!! {kind}"


def _shown(title: str) -> str:
    return title.strip().strip('"').replace('"', "”")


def _plain_code(text: str, losses: Counter[str]) -> str:
    """Code with its language and title, without marked lines and line numbers."""
    lines: list[str] = []
    before = False
    for line, code in lines_of(text):
        found = _INFO.fullmatch(line) if code and not before else None
        if found and found[3]:
            title = re.search(r'title="[^"]*"', found[3])
            kept = " ".join(filter(None, (found[2], title[0] if title else "")))
            losses["marked lines or line numbers of code removed"] += kept != f"{found[2]} {found[3]}".strip()
            line = f"{found[1]}{kept}"
        lines.append(line)
        before = code
    return "\n".join(lines)


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    """Each stretch of lines between code blocks as ``change`` makes it."""
    made: list[str] = []
    stretch: list[str] = []
    for line, code in [*lines_of(text), ("", True)]:
        if code and stretch:
            made.append(change("\n".join(stretch)))
            stretch = []
        if code:
            made.append(line)
        else:
            stretch.append(line)
    return "\n".join(made[:-1])


def _per_line(text: str, change: Callable[[str], str | None]) -> str:
    """Lines outside code blocks as ``change`` makes them; None takes one out."""
    changed = (line if code else change(line) for line, code in lines_of(text))
    return "\n".join(line for line in changed if line is not None)
