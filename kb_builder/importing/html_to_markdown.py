"""HTML of other tools as the Markdown an author would have written. Needs the extra ``import``.

What Markdown can say becomes Markdown. What pages allow but Markdown can't say (``<sup>``, merged cells) stays HTML.
Everything else is counted, so that an import can list what it lost.
"""

import html
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from markdownify import ATX, MarkdownConverter

from kb_builder.importing.html_cleanup import ANCHOR, KEPT_INLINE, STRUCK, admonition_of, clean
from kb_builder.importing.vendor_markup import BOX_TITLE

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]])")
_EXTENSIONS: Final = re.compile(r"~~|\^\^|==|\+\+|--8<--|:(?=[\w+-]+:)|(?<=\$)\$|\$(?=\S)")
"""Text that is markup to extensions of Python-Markdown that a team may have configured."""
_OPENING: Final = re.compile(r"^(\s*)(?:([#+-])(?=\s)|(\d+)\.(?=\s)|([!?:=~-])(?=\4\4|\s))")
_TABLE_TAGS: Final = frozenset(
    """a b strong i em img br p ul ol li code pre sup sub kbd ins u mark small abbr del table thead tbody tfoot tr td th
    caption h3 h4 h5 h6 blockquote span""".split()
)
_TABLE_ATTRIBUTES: Final = frozenset(("href", "src", "alt", "colspan", "rowspan", "scope", "start", "title", "id"))
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_NEEDS_HTML: Final = (
    ':is(td, th):is([colspan]:not([colspan="1"]), [rowspan]:not([rowspan="1"]))'
    ", :is(td, th) :is(ul, ol, table, pre, blockquote, h1, h2, h3, h4, h5, h6)"
)
"""What Markdown's tables can't have: merged cells, and blocks in cells."""


@dataclass(frozen=True, slots=True)
class Converted:
    """Markdown, and what it lacks: a description of each kind of loss → how often."""

    markdown: str
    losses: Counter[str]


def to_markdown(source: str, link: Callable[[str], str] = str) -> Converted:
    """``source`` as Markdown that Python-Markdown reads; ``link`` gives the new target of each link and image.

    What the text says stays text: nothing that was escaped in HTML can become markup. Headings and other targets of
    links keep their anchors. Raises :class:`RecursionError` for HTML that is nested too deeply.
    """
    soup = BeautifulSoup(source, "html.parser")
    losses: Counter[str] = Counter()
    for name, attribute in (("a", "href"), ("img", "src")):
        for tag in soup(name):
            if isinstance(tag, Tag) and isinstance(target := tag.get(attribute), str):
                tag[attribute] = changed = link(target.strip())
                if re.match(r"\s*(javascript|vbscript|data):", changed, re.IGNORECASE):
                    losses["unsafe link or embedded file removed, its text kept"] += 1
                    del tag[attribute]
    losses.update(clean(soup))
    converter = _Converter(
        heading_style=ATX,
        bullets="-",
        table_infer_header=True,
        autolinks=False,
        keep_inline_images_in=["a", "td", "th", "p", "li", "strong", "em", "b", "i", "u", "span", "summary"],
        code_language_callback=_language_of,
    )
    made = converter.convert_soup(soup)
    lines = re.sub(r"[ \t]+\n", "\n", made)
    # One line break is one; more of them were meant as a new paragraph, and one before a blank line says nothing.
    lines = re.sub(r"(?:<br>\n[ \t]*){2,}", "\n\n", lines)
    lines = re.sub(r"<br>\n(?=[ \t]*(?:\n|\Z))", "\n", lines)
    return Converted(re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n", losses)


def _language_of(pre: Tag) -> str | None:
    """The language of a code block, from the usual classes and attributes of highlighters."""
    for tag in filter(None, (pre.select_one("code"), pre)):
        named = str(tag.get("lang") or tag.get("data-language") or tag.get("data-lang") or "")
        classes = " ".join(tag.get_attribute_list("class")) if tag.get("class") else ""
        match = re.search(r"(?:language|lang|highlight-source)-([\w+#-]+)|brush:\s*(\w+)", classes)
        found = named or (match[1] or match[2] if match else "")
        if re.fullmatch(r"[\w+#-]{1,20}", found):
            return found.lower()
    return None


class _Converter(MarkdownConverter):
    """Escapes for Python-Markdown, which has no ``\\<`` and needs four spaces below a list item."""

    def escape(self, text: str, parent_tags: set[str]) -> str:
        if "pre" in parent_tags or "code" in parent_tags:
            return text
        escaped = _SPECIAL.sub(r"\\\1", html.escape(re.sub(r"\s+", " ", text), quote=False))
        if parent_tags & {"td", "th"}:
            escaped = escaped.replace("|", "\\|")
        escaped = _EXTENSIONS.sub(_entities, escaped)
        return _OPENING.sub(_escaped_opening, escaped)

    def convert_kb_anchor(self, element: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        return f'<a id="{html.escape(str(element["id"]))}"></a>{text}'

    def convert_kb_task(self, element: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        return "[x] " if element.has_attr("checked") else "[ ] "

    def convert_li(self, element: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        ordered = element.parent is not None and element.parent.name == "ol"
        bullet = f"{_number(element)}." if ordered else "-"
        lines = (text or "").strip().split("\n")
        rest = [f"    {line}" if line.strip() else "" for line in lines[1:]]
        return "\n".join([f"{bullet:<3} {lines[0]}", *rest]) + "\n"

    def convert_list(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        lettered = element.name == "ol" and (str(element.get("type") or "1") != "1" or element.has_attr("reversed"))
        if lettered or any(_begins_with_list(item) for item in element("li")):
            return _as_html(element, parent_tags)
        return str(super().convert_list(element, text, parent_tags))  # type: ignore[misc]

    convert_ul = convert_ol = convert_list

    def convert_hN(self, level: int, element: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: N802
        name = " ".join(re.sub(r"\*\*(.+?)\*\*", r"\1", text).split())
        if not name or parent_tags & {"td", "th", "a", "summary"}:
            return f"**{name}**" if name and "td" in parent_tags else name
        anchor = element.get("id")
        kept = f" {{#{anchor}}}" if isinstance(anchor, str) and ANCHOR.fullmatch(anchor) else ""
        return f"\n\n{'#' * min(max(level, 2), 6)} {name}{kept}\n\n"

    def convert_div(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        kind = admonition_of(element)
        if kind and text.strip() and not parent_tags & {"td", "th", "li"}:
            return _block(f"!!! {kind}{_quoted(element.get(BOX_TITLE))}", text)
        return f"\n\n{text.strip()}\n\n" if "_inline" not in parent_tags else f" {text.strip()} "

    convert_aside = convert_section = convert_article = convert_div

    def convert_blockquote(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        kind = admonition_of(element)
        if kind and text.strip() and not parent_tags & {"td", "th", "li"}:
            return _block(f"!!! {kind}", text)
        return str(super().convert_blockquote(element, text, parent_tags))  # type: ignore[misc]

    def convert_details(self, element: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        summary = element.find("summary")
        title = summary.get_text() if isinstance(summary, Tag) else ""
        opened = "+" if element.has_attr("open") else ""
        return _block(f"???{opened} note{_quoted(title or '…')}", text)

    def convert_em(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        if element.find(["strong", "b"]):
            return _inline("em")(self, element, text, parent_tags)
        return str(super().convert_em(element, text, parent_tags))  # type: ignore[misc]

    def convert_strong(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        # Marks of both beside each other are read in another order than they were written in.
        if element.find(["em", "i"]):
            return _inline("strong")(self, element, text, parent_tags)
        return str(super().convert_strong(element, text, parent_tags))  # type: ignore[misc]

    convert_i, convert_b = convert_em, convert_strong

    def convert_summary(self, element: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        return ""

    def convert_pre(self, element: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        for line_break in element("br"):
            line_break.replace_with("\n")
        code = element.get_text().strip("\n")
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`{3,}", code)), default=2))
        return f"\n\n{fence}{_language_of(element) or ''}\n{code}\n{fence}\n\n"

    def convert_table(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        if element.select_one(_NEEDS_HTML) or parent_tags & {"li", "td", "th"}:
            return _as_html(element, parent_tags)
        return str(super().convert_table(element, text, parent_tags))  # type: ignore[misc]

    def convert_td(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        lines = "<br>".join(line.strip() for line in text.strip().splitlines() if line.strip())
        return str(super().convert_td(element, lines, parent_tags))  # type: ignore[misc]

    convert_th = convert_td

    def convert_img(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        if not element.get("src"):
            return self.escape(str(element.get("alt") or ""), parent_tags)
        return str(super().convert_img(element, text, parent_tags))  # type: ignore[misc]

    def convert_br(self, element: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        if parent_tags & {"td", "th"}:
            return "<br>"
        return " " if parent_tags & _HEADINGS else "<br>\n"

    def convert_figcaption(self, element: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        return f"\n\n*{text.strip()}*\n\n" if text.strip() else ""


def _inline(name: str) -> Callable[..., str]:
    def convert(_: _Converter, element: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG001
        title = f' title="{html.escape(str(element["title"]))}"' if element.get("title") else ""
        return f"<{name}{title}>{text}</{name}>" if text.strip() else text

    return convert


for _name in KEPT_INLINE:
    setattr(_Converter, f"convert_{_name}", _inline(_name))
for _name in STRUCK:
    setattr(_Converter, f"convert_{_name}", _inline("del"))


def _entities(match: re.Match[str]) -> str:
    return "".join(f"&#{ord(character)};" for character in match[0])


def _escaped_opening(match: re.Match[str]) -> str:
    if match[4]:
        return f"{match[1]}&#{ord(match[4])};"
    return match[1] + (f"\\{match[2]}" if match[2] else f"{match[3]}\\.")


def _number(item: Tag) -> int:
    """The number a browser shows before an item."""
    before = len(item.find_previous_siblings("li"))
    start = str(item.parent.get("start") or "1") if item.parent is not None else "1"
    return before + (int(start) if re.fullmatch(r"\d{1,6}", start) else 1)


def _begins_with_list(item: Tag) -> bool:
    """Whether an item has a list where its text should be, which Markdown can't write."""
    first = next((child for child in item.children if isinstance(child, Tag) or str(child).strip()), None)
    return isinstance(first, Tag) and first.name in ("ul", "ol")


def _quoted(title: object) -> str:
    """The title of a box behind its type; nothing for none."""
    words = html.escape(" ".join(str(title or "").split()), quote=False).replace('"', "”")
    return f' "{words}"' if words else ""


def _block(opening: str, text: str) -> str:
    lines = re.sub(r"\n{3,}", "\n\n", text.strip()).split("\n")
    return f"\n\n{opening}\n\n" + "\n".join(f"    {line}" if line.strip() else "" for line in lines) + "\n\n"


def _as_html(element: Tag, parent_tags: set[str]) -> str:
    """An element as HTML on one line, with nothing in it that Python-Markdown could take for Markdown."""
    made = _html_of(element)
    return made if parent_tags & {"td", "th", "li"} else f"\n\n{made}\n\n"


def _html_of(node: Tag | NavigableString) -> str:
    if not isinstance(node, Tag):
        text = html.escape(re.sub(r"\s+", " ", str(node)), quote=False)
        return re.sub(r"[\\`*_{}\[\]!#:~^=$|+-]", lambda match: f"&#{ord(match[0])};", text)
    if node.name == "kb-anchor":
        return f'<a id="{html.escape(str(node["id"]))}"></a>'
    inner = "".join(_html_of(child) for child in node.children if isinstance(child, Tag | NavigableString))
    if node.name == "pre":
        inner = html.escape(node.get_text(), quote=False).replace("\n", "&#10;")
    name = {"s": "del", "strike": "del", "h1": "h3", "h2": "h3"}.get(node.name, node.name)
    if name not in _TABLE_TAGS and name not in ("ol", "ul"):
        return inner
    allowed = _TABLE_ATTRIBUTES | ({"type", "reversed"} if name == "ol" else set())
    attributes = "".join(
        f' {key}="{html.escape(" ".join(value) if isinstance(value, list) else str(value))}"'
        for key, value in node.attrs.items()
        if key in allowed
    )
    return f"<{name}{attributes}>" + (
        "" if name in ("br", "img") else f"{inner.strip() if name != 'span' else inner}</{name}>"
    )
