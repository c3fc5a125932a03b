"""Markdown of other site builders as ours: their admonitions, shortcodes, tags and components.

Nothing inside a code block is touched. What has no equivalent is counted, and its text stays.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

_FENCE: Final = re.compile(r"\s*(```+|~~~+)")
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


def convert(kind: str, text: str) -> tuple[str, Counter[str]]:
    """The body ``text`` of a file of ``kind`` as ours, and what it had that ours lacks → how often."""
    losses: Counter[str] = Counter()
    made = _DIALECTS[kind](text, losses)
    return made, +losses


def _docusaurus(text: str, losses: Counter[str]) -> str:
    text = _per_line(text, lambda line: _without_mdx(line, losses))
    text = _tabs(text)
    text = _per_line(text, lambda line: _COMPONENT.sub(lambda match: _component(match, losses), line))
    return _directives(text, losses)


def _without_mdx(line: str, losses: Counter[str]) -> str | None:
    if re.match(r"(import\s.+from\s|import\s+['\"]|export\s+(const|default|function)\s)", line):
        losses["MDX import or export removed"] += 1
        return None
    return re.sub(r"\{/\*.*?\*/\}", "", line)


def _component(match: re.Match[str], losses: Counter[str]) -> str:
    if not match[0].startswith("</"):
        losses[f"component <{match[1]}> removed, its text kept"] += 1
    return ""


def _tabs(text: str) -> str:
    """``<TabItem label="x">`` as a tab of Material's."""
    lines, inside = [], False
    for line, code in _lines(text):
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
    for line, code in _lines(text):
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
    text = _paired_shortcodes(text)
    return _per_line(text, lambda line: _SHORTCODE.sub(lambda match: _shortcode(match, losses), line))


def _paired_shortcodes(text: str) -> str:
    """Boxes and highlighted code, which have a beginning and an end."""
    lines: list[str] = []
    inside: list[str] = []
    for line, code in _lines(text):
        match = None if code else _SHORTCODE.fullmatch(line.strip())
        name = match[3].lower() if match else ""
        if match and not match[2] and (name in _KINDS or name == "highlight"):
            named, plain = _arguments(match[4])
            if name == "highlight":
                lines.append(f"```{plain[0] if plain else ''}")
            else:
                word = named.get("type") or named.get("icon") or next((word for word in plain if word in _KINDS), name)
                titles = [word for word in plain if word not in _KINDS]
                title = named.get("title") or (titles[0] if titles else "")
                lines += ["", "    " * len(inside) + _opening(_KINDS.get(word, _KINDS[name]), title), ""]
            inside.append(name)
        elif match and match[2] and inside and name == inside[-1]:
            inside.pop()
            lines.append("```" if name == "highlight" else "")
        else:
            indent = "    " * len([each for each in inside if each != "highlight"])
            lines.append(indent + line if line.strip() or not indent else "")
    return "\n".join(lines)


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

    def line_of(line: str) -> str | None:
        line = re.sub(r"\{%-?\s*(?:end)?raw\s*-?%\}", "", line)
        line = re.sub(r"\{%-?\s*(?:link|post_url)\s+(\S+)\s*-?%\}", r"/\1", line)
        line = re.sub(r"\{\{\s*['\"]([^'\"]+)['\"]\s*\|\s*(?:relative_url|absolute_url|prepend:[^}]*)\}\}", r"\1", line)
        line = re.sub(r"\{\{\s*(?:site\.(?:base)?url)\s*\}\}", "", line)
        if re.fullmatch(r"\s*\{:.*\}\s*", line):
            losses["kramdown attributes removed"] += "toc" not in line
            return None
        for tag in re.findall(r"\{%-?\s*(\w+)", line):
            losses[f"Liquid tag {tag} removed"] += 1
        for _ in re.findall(r"\{\{", line):
            losses["Liquid expression left as text"] += 1
        return re.sub(r"\{%.*?%\}", "", line)

    return _per_line(text, line_of)


def _mkdocs(text: str, losses: Counter[str]) -> str:
    def line_of(line: str) -> str | None:
        if re.match(r"\s*(--8<--|;--8<--)", line):
            losses["included file not imported"] += 1
            return None
        if line.strip() == "[TOC]":
            return None
        losses["macro left as text"] += len(re.findall(r"\{\{.*?\}\}|\{%.*?%\}", line))
        return line

    return _per_line(text, line_of)


def _notion(text: str, losses: Counter[str]) -> str:
    """Callouts are ``<aside>``; a database is a table of its own, which stays behind."""
    lines: list[str] = []
    inside = False
    for line, code in _lines(text):
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


def _plain(text: str, losses: Counter[str]) -> str:  # noqa: ARG001
    return text


_DIALECTS: Final[dict[str, Callable[[str, Counter[str]], str]]] = {
    "docusaurus": _docusaurus,
    "hugo": _hugo,
    "jekyll": _jekyll,
    "mkdocs": _mkdocs,
    "notion": _notion,
    "markdown": _plain,
}


def _opening(kind: str, title: str) -> str:
    shown = title.strip().strip('"').replace('"', "”")
    return f'!!! {kind} "{shown}"' if shown else f"!!! {kind}"


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it belongs to a fenced code block."""
    fence = ""
    for line in text.split("\n"):
        match = _FENCE.match(line)
        if match and not fence:
            fence = match[1]
            yield line, True
        elif match and fence and match[1].startswith(fence) and line.strip() == match[1]:
            fence = ""
            yield line, True
        else:
            yield line, bool(fence)


def _per_line(text: str, change: Callable[[str], str | None]) -> str:
    """Lines outside code blocks as ``change`` makes them; None takes one out."""
    changed = (line if code else change(line) for line, code in _lines(text))
    return "\n".join(line for line in changed if line is not None)
