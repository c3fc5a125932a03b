"""The HTML of a body as its page has it: targets of links replaced, pictures sized, and a section taken out.

The sanitiser has written it, so every attribute is quoted.
"""

import html
import re
from collections.abc import Mapping
from types import MappingProxyType

ATTRIBUTE = re.compile(r'\s([^\s=>]+)="([^"]*)"')
_LINKING = re.compile(r'<(a|audio|img|source|video)((?:\s[^\s=>]+="[^"]*")+)\s*/?>')


def rewrite_targets(
    source: str, targets: Mapping[str, str | None], sizes: Mapping[str, tuple[int, int]] = MappingProxyType({})
) -> str:
    """``source`` (the HTML of a body) with link and image targets replaced, and the size in pixels of images added.

    ``targets`` maps a target as written to its published form; others stay. None removes a link but keeps its text, and
    replaces an image by its alternative text. ``sizes`` is keyed by the target as written.
    """
    if not targets and not sizes:
        return source

    def replace(match: re.Match[str]) -> str:
        tag, raw = match[1], match[0]
        attributes = dict(ATTRIBUTE.findall(match[2]))
        key = "href" if tag == "a" else "src"
        written = html.unescape(attributes.get(key, ""))
        if tag == "img" and written in sizes and "width" not in attributes:
            width, height = sizes[written]
            raw = raw.replace("<img", f'<img width="{width}" height="{height}"', 1)
        if written not in targets:
            return raw
        target = targets[written]
        if target is not None:
            return raw.replace(f'{key}="{attributes[key]}"', f'{key}="{html.escape(target)}"', 1)
        if tag == "img":
            return f'<span class="kb-missing-image">{attributes.get("alt", "")}</span>'
        return raw.replace(f' {key}="{attributes[key]}"', "", 1)

    return _LINKING.sub(replace, source)


def cut_section(source: str, anchor: str) -> tuple[str, str]:
    """``source`` without the section that starts at heading ``anchor``, and the content of that section.

    The anchor moves with the section, so that links to it keep working.
    """
    name = re.escape(html.escape(anchor))
    start = re.search(rf'<h([2-6])(?:\s[^>]*)?\sid="{name}"[^>]*>.*?</h\1>', source, re.S)
    if not start:
        return source, ""
    end = re.compile(rf"<h[2-{start[1]}][\s>]").search(source, start.end())
    stop = end.start() if end else len(source)
    section = f'<span id="{html.escape(anchor)}"></span>{source[start.end() : stop].strip()}'
    return source[: start.start()] + source[stop:], section
