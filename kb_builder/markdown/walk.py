"""One pass over the sanitised HTML of a body, which collects its outline and rewrites tags.

The HTML is canonical: nh3 quotes every attribute, and escapes every ``<`` and ``>`` of text and attribute values. That
is what makes a pass over tags safe.
"""

import html
import re
from urllib.parse import quote

from kb_builder.markdown import autolinks
from kb_builder.markdown.body_html import ATTRIBUTE
from kb_builder.markdown.lead import Lead, plain_text
from kb_builder.model import Heading, Link

TAG = re.compile(r'<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s[^\s=>]+="[^"]*")*)\s*/?>')
_TAGS = re.compile(f"({TAG.pattern})")
_HEADING_ID = re.compile(r'<h[1-6](?:\s[^>]*)?\sid="([^"]*)"')
_ASCII = re.compile(r"[\x00-\x7f]+")
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_BLOCKS = frozenset(
    """address article aside blockquote br dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr img input label
    li ol p pre section summary table tbody td tfoot th thead tr ul""".split()
)
_CELLS = frozenset(("td", "th", "tr"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_WITHOUT_TEXT = frozenset(("script", "style", "svg"))
_REWRITTEN = frozenset(("img", "pre", "table"))
"""Tags that are rewritten even without attributes."""
_ROW_ENDS = ".!?…:؟。！？"
_UNLINKED = frozenset(("a", "button", "code", "pre"))
"""Elements in which an address is no link."""
_MEDIA = frozenset(("source", "video", "audio"))


class Walk:
    """One pass over canonical HTML that collects the outline and rewrites tags."""

    def __init__(self, title: str) -> None:
        self.title = plain_text([title]).casefold()
        self.out: list[str] = []
        self.block: list[str] = []
        """The text of the block so far; code is one U+FFFC."""
        self.blocks: list[str] = []
        """The texts that are shown."""
        self.headings: list[Heading] = []
        self.levels: list[tuple[int, int, str]] = []
        """The level of each heading as it was written, the level before it, and its text."""
        self.links: list[Link] = []
        """Without their lines."""
        self.anchors: list[str] = []
        self.sections: list[tuple[str, str, list[str]]] = [("", "", [])]
        self.lead = Lead()
        self.ids: set[str] = set()

    def run(self, source: str) -> None:
        """Fill the attributes from ``source``, which :meth:`Sanitiser.clean` made. An object walks one text."""
        self.ids = set(_HEADING_ID.findall(source))
        silent = level = code = cells = unlinked = 0
        has_addresses = autolinks.may_have(source)
        heading: tuple[str, str, list[str], int] | None = None
        parts = self.sections[-1][2]
        out, block, blocks, lead = self.out, self.block, self.blocks, self.lead
        # Groups of five: text before a tag, the tag, its slash, its name, its attributes.
        pieces = _TAGS.split(source)
        for text, raw, slash, name, written in zip(*(pieces[part::5] for part in range(5)), strict=False):
            if text:
                plain = html.unescape(_COMMENT.sub("", text)) if "&" in text or "<" in text else text
                out.append(self._linked(text, plain) if has_addresses and not (silent or unlinked) else text)
                if not silent:
                    parts.append(plain)
                    block.append("\ufffc" if code else plain)
                    if not lead.done:
                        lead.text(plain)
            closing, tag = bool(slash), name.lower()
            attributes = dict(ATTRIBUTE.findall(written)) if written else {}
            if tag in _UNLINKED:
                unlinked += -1 if closing else 1
            if tag in _BLOCKS:
                if not silent:
                    if tag in _CELLS:
                        cells = self._separate(parts, tag, closing, cells)
                    else:
                        parts.append(" ")
                    if block and tag != "br":
                        blocks.append("".join(block))
                        block.clear()
            elif tag == "code":
                code += -1 if closing else 1
            elif tag in _WITHOUT_TEXT:
                silent += -1 if closing else 1
            if not lead.done:
                lead.tag(tag, closing, attributes)
            if tag in _HEADINGS:
                if not closing:
                    written_level, previous_level = int(tag[1]), level
                    level = max(2, min(written_level, level + 1))
                    anchor = attributes.get("id", "")
                    heading = (html.unescape(anchor), written, parts := [], len(out))
                    self._note_anchor(attributes)
                    out.append(f"<h{level}{written}>")
                elif heading is not None:
                    known = len(self.headings)
                    level = self._close_heading(heading, level)
                    if len(self.headings) > known:
                        self.levels.append((written_level, max(1, previous_level), self.headings[-1].text))
                    heading, parts = None, self.sections[-1][2]
            elif closing:
                out.append("</table></div>" if tag == "table" else raw)
            elif written or tag in _REWRITTEN:
                self._tag(raw, tag, attributes)
            else:
                out.append(raw)
        self._end(pieces[-1], linked=has_addresses and not (silent or unlinked), silent=bool(silent))

    def _end(self, text: str, *, linked: bool, silent: bool) -> None:
        """Adds the text after the last tag."""
        plain = html.unescape(text)
        self.out.append(self._linked(text, plain) if linked else text)
        if not silent:
            self.sections[-1][2].append(plain)
            self.blocks.append("".join((*self.block, plain)))

    def _linked(self, text: str, plain: str) -> str:
        """``text``, which is HTML and reads ``plain``, with its addresses linked."""
        if not autolinks.may_have(plain):
            return text
        linked, targets = autolinks.linked(plain)
        self.links += (Link(target, 0, bare=True) for target in targets)
        return linked if targets else text

    @staticmethod
    def _separate(parts: list[str], tag: str, closing: bool, cells: int) -> int:
        """Separates what follows a tag from the text before it; a row of a table reads ``Islands: 5 days, by post.``

        Returns the number of cells of the row so far.
        """
        if closing and tag in ("td", "th"):
            parts.append(", " if cells else ": ")
            return cells + 1
        if closing and tag == "tr":
            # Markdown has a line feed between the last cell and the end of its row.
            while parts and parts[-1].strip() in ("", ",", ":"):
                parts.pop()
            if parts and parts[-1].rstrip()[-1] not in _ROW_ENDS:
                parts.append(".")
        parts.append(" ")
        return 0 if tag == "tr" else cells

    def _close_heading(self, heading: tuple[str, str, list[str], int], level: int) -> int:
        anchor, _, parts, start = heading
        name = plain_text(parts)
        if not self.headings and name.casefold() == self.title and not plain_text(self.sections[0][2]):
            del self.out[start:]
            return 1
        if anchor:
            # Inside the heading, so that screen readers don't read the section's name twice.
            href = html.escape(_ASCII.sub(lambda text: quote(text[0]), anchor))
            self.out.append(f'<a class="headerlink" href="#{href}" aria-label="Link to this section">#</a>')
        self.out.append(f"</h{level}>")
        if name:
            self.headings.append(Heading(level, anchor, name))
        self.sections.append((anchor, name, []))
        return level

    def _tag(self, raw: str, tag: str, attributes: dict[str, str]) -> None:
        if "id" in attributes:
            # `<a id="fees"></a>` above a heading with the same id: ids are unique in a page.
            if attributes["id"] in self.ids:
                raw = raw.replace(f' id="{attributes["id"]}"', "", 1)
            self.ids.add(attributes["id"])
        self._note_anchor(attributes)
        if tag == "input" and attributes.get("type") not in ("checkbox", "radio"):
            return
        if tag == "a" and attributes.get("href"):
            self.links.append(Link(html.unescape(attributes["href"]), 0))
        elif tag == "a":
            raw = raw.replace(' href=""', "", 1)
        elif tag == "img":
            alt = html.unescape(attributes.get("alt", ""))
            self.links.append(Link(html.unescape(attributes.get("src", "")), 0, alt))
            raw = raw[:-1].rstrip("/ ") + ' loading="lazy" decoding="async">'
        elif tag in _MEDIA and attributes.get("src"):
            self.links.append(Link(html.unescape(attributes["src"]), 0))
        elif tag == "table":
            # A wide table scrolls in its own box, which the keyboard can reach.
            self.out.append('<div class="md-typeset__scrollwrap" role="group" aria-label="Table" tabindex="0">')
        elif tag == "div" and "tabbed-set" in attributes.get("class", ""):
            raw = raw[:-1] + ' role="group" aria-label="Part of the answer">'
        elif tag in ("td", "th") and "align" in attributes:
            raw = raw.replace(' align="', ' data-align="', 1)
        elif tag == "input" and attributes.get("type") == "checkbox" and "aria-label" not in attributes:
            raw = f'{raw[:-1].rstrip("/ ")} aria-label="{"Done" if "checked" in attributes else "To do"}">'
        elif tag == "pre":
            raw = raw[:-1] + ' tabindex="0">'
        self.out.append(raw)

    def _note_anchor(self, attributes: dict[str, str]) -> None:
        self.anchors += [html.unescape(attributes[key]) for key in ("id", "name") if attributes.get(key)]
