"""Markdown to sanitised HTML, with its headings, links and plain text.

Authors' HTML passes through nh3 (Ammonia, an HTML5 sanitiser written in Rust), which also writes canonical HTML:
every attribute quoted, every ``<`` and ``>`` of text and attribute values escaped. That is what makes the single
pass over tags below safe.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import quote, unquote

from kb_builder.config import Extensions
from kb_builder.errors import Severity
from kb_builder.markdown import autolinks, github, structure
from kb_builder.markdown.body_html import ATTRIBUTE
from kb_builder.markdown.emphasis import SteadyEmphasis
from kb_builder.markdown.fast.convert import QuickMarkdown
from kb_builder.markdown.heading_ids import HeadingIds
from kb_builder.markdown.included import SNIPPETS, Included, any_file
from kb_builder.markdown.lead import Lead, plain_text
from kb_builder.markdown.limits import LimitedMarkdown, as_meant, limited, printable
from kb_builder.markdown.lint import Linter, in_document_order
from kb_builder.markdown.sanitiser import Sanitiser
from kb_builder.markdown.tables import with_long_cells
from kb_builder.model import Body, Heading, Link, Outline, SectionText

_TAG = re.compile(r'<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s[^\s=>]+="[^"]*")*)\s*/?>')
_TAGS = re.compile(f"({_TAG.pattern})")
_HEADING_ID = re.compile(r'<h[1-6](?:\s[^>]*)?\sid="([^"]*)"')
_FENCE = re.compile(r" {0,3}(```|~~~)")
_EMPHASIS = re.compile("[_*]")
_ASCII = re.compile(r"[\x00-\x7f]+")
_EXPLICIT_ANCHOR = re.compile(r"^(#{1,6} .*?[^\s{])\s*(\{:?[ ]*#[^{}]*\})\s*$")
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_BOX = re.compile(r'<(?:div|details) class="([^"]*)"(?= ?[^>]*>\s*<(?:p class="admonition-title"|summary))')
_EMPTY_BOX = re.compile(
    r'<div class="admonition[^>]*>\s*<p class="admonition-title">((?:(?!</p>).)*)</p>\s*</div>'
    r"|<details[^>]*>\s*<summary>((?:(?!</summary>).)*)</summary>\s*</details>",
    re.S,
)
_BLOCKS = frozenset(
    """address article aside blockquote br dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr img input label
    li ol p pre section summary table tbody td tfoot th thead tr ul""".split()
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_WITHOUT_TEXT = frozenset(("script", "style", "svg"))
_REWRITTEN = frozenset(("img", "pre", "table"))
"""Tags that are rewritten even without attributes."""
_ROW_ENDS = ".!?…:؟。！？"
_UNLINKED = frozenset(("a", "button", "code", "pre"))
"""Elements in which an address is no link."""
_MEDIA = frozenset(("source", "video", "audio"))
_REFUSED = re.compile(r"""(?:\]\(\s*<?|(?:href|src)\s*=\s*["']?)\s*(javascript|vbscript|data):""", re.IGNORECASE)
_REFUSED_SCHEMES = ("javascript:", "vbscript:", "data:")


class Converter:
    """Converts Markdown to :class:`Body`. Keep one per process: setting it up costs as much as 100 bodies."""

    def __init__(
        self, extensions: Extensions, *, trust_html: bool = False, may_include: Callable[[str], bool] = any_file
    ) -> None:
        """``may_include`` says of the text of a file whether a body may include it, as in :class:`Included`."""
        self._heading_ids = HeadingIds()
        kind = QuickMarkdown if extensions.fast else LimitedMarkdown
        self._markdown = kind(
            extensions=[
                SteadyEmphasis(),
                *(name for name in extensions.names if name != SNIPPETS),
                self._heading_ids,
            ],
            extension_configs={name: dict(config) for name, config in extensions.configs.items() if name != SNIPPETS},
            output_format="html",
        )
        self._included = Included(extensions, may_include)
        self._sanitiser = Sanitiser(extensions.link_schemes, extensions.classes, trust_html=trust_html)

    def convert(
        self, text: str, *, title: str = "", first_line: int = 1, removed: Sequence[tuple[int, int]] = (),
        for_staff: bool = False,
    ) -> Body:  # fmt: skip
        """The body of an article.

        The title is the page's ``h1``: a leading heading that repeats ``title`` is dropped and other first-level
        headings become second-level. Levels are never skipped. ``text`` starts on line ``first_line`` of its file;
        ``removed`` are the lines of the file it lacks, as in :class:`kb_builder.model.Article`. A box for staff is an
        error unless the text is ``for_staff``: wherever it stands, it was not cut out.
        """
        linter = Linter(text, first_line, removed)
        text, problems = self._included.expand(text)
        linter.written = text
        for place, problem in problems:
            message, hint = (
                problem[:1].lower() + problem[1:],
                "paths begin at the base_path of pymdownx.snippets in mkdocs.yml",
            )
            linter.add("missing-snippet", linter.line_at(place), message, hint, Severity.ERROR)
        text = _within_limits(text, linter)
        rewritten = github.rewrite(text)
        try:
            raw = as_meant(self._markdown.reset().convert(_spaced_attributes(rewritten.text)))
        except RecursionError:
            hint = "split the list, or the quotation, into several"
            linter.add("markup-limit", first_line, "the body is nested too deeply, and shown as plain text", hint)
            raw = f"<pre>{as_meant(html.escape(text))}</pre>"
            rewritten = replace(rewritten, structure=None)
        for reason, beginning in self._markdown.beyond():
            _beyond(linter, linter.line_of(beginning.partition("\n")[0]), reason)
        linter.blocks(rewritten.faults)
        if rewritten.structure is not None:
            linter.structure(rewritten.structure, rewritten.lines, structure.of_html(raw))
        linter.html(raw, self._sanitiser)
        _check_boxes(raw, linter, self._sanitiser.own_classes, for_staff=for_staff)
        walk = _Walk(title, linter)
        cleaned = self._sanitiser.clean(raw)
        shown = printable(cleaned)
        if shown != cleaned:
            linter.add(
                "control-character", linter.line_of("&#"), "there are entities of control characters", "delete them"
            )
        walk.run(shown)
        _refused(text, linter)
        return Body(
            html=with_long_cells("".join(walk.out).strip()),
            sections=tuple(
                SectionText(anchor, heading, plain)
                for anchor, heading, parts in walk.sections
                if (plain := plain_text(parts)) or heading
            ),
            outline=Outline(
                headings=tuple(self._with_taken(walk.headings)),
                links=_with_lines(walk.links, text, linter),
                anchors=tuple(dict.fromkeys(walk.anchors)),
                lead=walk.lead.plain,
                findings=in_document_order(linter.found),
            ),
        )

    def _with_taken(self, headings: Iterable[Heading]) -> Iterator[Heading]:
        taken = self._heading_ids.taken
        for heading in headings:
            yield replace(heading, taken=taken[heading.anchor]) if heading.anchor in taken else heading


def _check_boxes(raw: str, linter: Linter, own: frozenset[str], *, for_staff: bool) -> None:
    boxes = _BOX.finditer(raw) if "admonition" in raw or "<details" in raw else ()
    for box in boxes:
        linter.admonition(html.unescape(box[1]), own)
        if "staff" in box[1].lower().split() and not for_staff:
            message = "this block for staff is not hidden from customers"
            hint = "let !!! staff begin a line, outside of footnotes and other blocks"
            linter.add("staff-misspelt", linter.line_of("staff"), message, hint, Severity.ERROR)


def _beyond(linter: Linter, line: int, what: str) -> None:
    linter.add("markup-limit", line, f"there are {what}", "what is beyond is shown as plain text, or not at all")


def _within_limits(text: str, linter: Linter) -> str:
    within = limited(text)
    for what, position in within.reasons:
        line = linter.line_at(position)
        if what.startswith("control"):
            linter.add("control-character", line, f"there are {what}", "delete them")
        else:
            _beyond(linter, line, what)
    return within.text


def _spaced_attributes(text: str) -> str:
    """``## Heading{#__b}`` as ``## Heading {#\\_\\_b}``: Python-Markdown needs the space, and reads underscores as
    emphasis. Code is left alone."""
    if "{" not in text or "#" not in text:
        return text
    lines, fence = text.split("\n"), ""
    for number, line in enumerate(lines):
        mark = _FENCE.match(line)
        if mark and (not fence or line.strip().startswith(fence)):
            fence = "" if fence else mark[1]
        elif not fence:
            lines[number] = _EXPLICIT_ANCHOR.sub(_separate, line)
    return "\n".join(lines)


def _separate(heading: re.Match[str]) -> str:
    return f"{heading[1]} " + _EMPHASIS.sub(r"\\\g<0>", heading[2])


class _Walk:
    """One pass over canonical HTML that collects the outline and rewrites tags."""

    def __init__(self, title: str, linter: Linter) -> None:
        self.title = plain_text([title]).casefold()
        self.linter = linter
        self.out: list[str] = []
        self.block: list[str] = []
        """The text of the block so far; code is one U+FFFC."""
        self.blocks: list[str] = []
        self.headings: list[Heading] = []
        self.links: list[Link] = []
        """Without their lines."""
        self.anchors: list[str] = []
        self.sections: list[tuple[str, str, list[str]]] = [("", "", [])]
        self.lead = Lead()
        self.ids: set[str] = set()

    def run(self, source: str) -> None:
        self.ids = set(_HEADING_ID.findall(source))
        self._boxes(source)
        self.linter.empty_links(source)
        silent = level = code = cells = unlinked = 0
        has_addresses = autolinks.may_have(source)
        heading: tuple[str, str, list[str], int] | None = None
        parts = self.sections[-1][2]
        out = self.out
        # Groups of five: text before a tag, the tag, its slash, its name, its attributes.
        pieces = _TAGS.split(source)
        for text, raw, slash, name, written in zip(*(pieces[part::5] for part in range(5)), strict=False):
            if text:
                plain = html.unescape(_COMMENT.sub("", text)) if "&" in text or "<" in text else text
                out.append(self._linked(text, plain) if has_addresses and not (silent or unlinked) else text)
                if not silent:
                    parts.append(plain)
                    self.block.append("\ufffc" if code else plain)
                    if not self.lead.done:
                        self.lead.text(plain)
            closing, tag = bool(slash), name.lower()
            attributes = dict(ATTRIBUTE.findall(written)) if written else {}
            if tag in _UNLINKED:
                unlinked += -1 if closing else 1
            if tag in _WITHOUT_TEXT:
                silent += -1 if closing else 1
            elif tag == "code":
                code += -1 if closing else 1
            elif tag in _BLOCKS and not silent:
                cells = self._separate(parts, tag, closing, cells)
                if tag != "br":
                    self._end_block()
            if not self.lead.done:
                self.lead.tag(tag, closing, attributes)
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
                        self.linter.heading(written_level, max(1, previous_level), self.headings[-1].text)
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
            self.block.append(plain)
            self._end_block()
        self.linter.texts(self.blocks)

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

    def _end_block(self) -> None:
        if self.block:
            self.blocks.append("".join(self.block))
            self.block.clear()

    def _boxes(self, source: str) -> None:
        """Reports admonitions that are empty."""
        if "admonition" in source or "<details" in source:
            for box in _EMPTY_BOX.finditer(source):
                self.linter.empty_admonition(html.unescape(_TAG.sub("", box[1] or box[2] or "")).strip())

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


def _with_lines(links: Sequence[Link], source: str, linter: Linter) -> tuple[Link, ...]:
    """The line of each link: its target is searched for from the previous match onwards."""
    found: list[Link] = []
    position = 0
    for link in links:
        target = link.target
        forms = (target, unquote(target), *((autolinks.as_typed(target),) if link.bare else ()))
        at = next((at for form in forms if (at := source.find(form, position)) >= 0), -1)
        if at < 0:
            at = next((at for form in forms if (at := source.find(form)) >= 0), -1)
        line = linter.line_at(at) if at >= 0 and target else 0
        position = max(position, at)
        found.append(replace(link, line=line))
    return tuple(found)


def _refused(source: str, linter: Linter) -> None:
    """Reports links that would run a script."""
    lowered = source.lower()
    # A plain substring search is a hundred times faster than the pattern, and most bodies have none.
    if any(scheme in lowered for scheme in _REFUSED_SCHEMES):
        for match in _REFUSED.finditer(source):
            linter.add("refused-link", linter.line_at(match.start()), f'"{match[1].lower()}:" links are removed',
                       "link to a page, a file, an e-mail address or a telephone number")  # fmt: skip
