"""HTML of other help-centre tools as the Markdown an author would have written. Needs the extra ``import``."""

import html
import re
from collections.abc import Callable
from typing import Final

from bs4 import BeautifulSoup, Tag
from markdownify import ATX, MarkdownConverter

_SILENT: Final = ("script", "style", "template", "noscript")
_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]])")
_OPENING: Final = re.compile(r"^(\s*)(?:([#+-])(?=\s)|(\d+)\.(?=\s))")
_ANCHOR: Final = re.compile(r"[A-Za-z][\w-]*", re.ASCII)


def to_markdown(source: str, link: Callable[[str], str] = str) -> str:
    """``source`` as Markdown that Python-Markdown reads; ``link`` gives the new target of each link and image.

    What the text says stays text: nothing that was escaped in HTML can become markup. Headings keep their anchors.
    """
    soup = BeautifulSoup(source, "html.parser")
    for tag in soup(list(_SILENT)):
        tag.decompose()
    for frame in soup("iframe"):
        # Pages load nothing from elsewhere: of a film that was shown in place the link is left.
        if isinstance(frame, Tag) and str(frame.get("src") or "").startswith(("https:", "http:", "//")):
            address = re.sub(r"^//", "https://", str(frame["src"]))
            frame.replace_with(soup.new_tag("a", href=address, string=str(frame.get("title") or address)))
    for name, attribute in (("a", "href"), ("img", "src")):
        for tag in soup(name):
            if isinstance(tag, Tag) and isinstance(target := tag.get(attribute), str):
                tag[attribute] = link(target)
    made = _Converter(heading_style=ATX, bullets="-", table_infer_header=True, autolinks=False).convert_soup(soup)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", made)).strip() + "\n"


class _Converter(MarkdownConverter):
    """Escapes for Python-Markdown, which knows no ``\\<`` and wants four spaces below a list item."""

    def escape(self, text: str, parent_tags: set[str]) -> str:
        if "pre" in parent_tags or "code" in parent_tags:
            return text
        escaped = _SPECIAL.sub(r"\\\1", html.escape(re.sub(r"\s+", " ", text), quote=False))
        if parent_tags & {"td", "th"}:
            escaped = escaped.replace("|", "\\|")
        return _OPENING.sub(lambda match: match[1] + (f"\\{match[2]}" if match[2] else f"{match[3]}\\."), escaped)

    def convert_li(self, element: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        ordered = element.parent is not None and element.parent.name == "ol"
        bullet = f"{len(element.find_previous_siblings('li')) + 1}." if ordered else "-"
        lines = (text or "").strip().split("\n")
        rest = [f"    {line}" if line.strip() else "" for line in lines[1:]]
        return "\n".join([f"{bullet:<3} {lines[0]}", *rest]) + "\n"

    def convert_hN(self, level: int, element: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: N802
        name = " ".join(text.split())
        if not name or "_inline" in parent_tags:
            return name
        anchor = element.get("id")
        kept = f" {{#{anchor}}}" if isinstance(anchor, str) and _ANCHOR.fullmatch(anchor) else ""
        return f"\n\n{'#' * min(max(level, 2), 6)} {name}{kept}\n\n"
