"""Markdown to sanitised HTML, with its headings, links and plain text.

Authors' HTML passes through nh3 (Ammonia, an HTML5 sanitiser written in Rust), which also writes canonical HTML.
"""

import html
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from kb_builder.config import Extensions
from kb_builder.errors import Severity
from kb_builder.markdown import autolinks, github, structure
from kb_builder.markdown.emphasis import SteadyEmphasis
from kb_builder.markdown.fast.convert import QuickMarkdown
from kb_builder.markdown.heading_ids import HeadingIds
from kb_builder.markdown.included import SNIPPETS, Included, any_file
from kb_builder.markdown.lead import plain_text
from kb_builder.markdown.limits import LimitedMarkdown, as_meant, limited, printable
from kb_builder.markdown.lint import Linter, in_document_order
from kb_builder.markdown.sanitiser import Sanitiser
from kb_builder.markdown.tables import with_long_cells
from kb_builder.markdown.walk import TAG, Walk
from kb_builder.model import Body, Link, Outline, SectionText

_FENCE = re.compile(r" {0,3}(```|~~~)")
_EMPHASIS = re.compile("[_*]")
_EXPLICIT_ANCHOR = re.compile(r"^(#{1,6} .*?[^\s{])\s*(\{:?[ ]*#[^{}]*\})\s*$")
_BOX = re.compile(r'<(?:div|details) class="([^"]*)"(?= ?[^>]*>\s*<(?:p class="admonition-title"|summary))')
_EMPTY_BOX = re.compile(
    r'<div class="admonition[^>]*>\s*<p class="admonition-title">((?:(?!</p>).)*)</p>\s*</div>'
    r"|<details[^>]*>\s*<summary>((?:(?!</summary>).)*)</summary>\s*</details>",
    re.S,
)
_REFUSED = re.compile(r"""(?:\]\(\s*<?|(?:href|src)\s*=\s*["']?)\s*(javascript|vbscript|data):""", re.IGNORECASE)
_REFUSED_SCHEMES = ("javascript:", "vbscript:", "data:")


@dataclass(frozen=True, slots=True)
class Source:
    """The Markdown of an article.

    The title is the page's ``h1``: a leading heading that repeats ``title`` is dropped and other first-level headings
    become second-level. Levels are never skipped. ``text`` starts on line ``first_line`` of its file; ``removed`` are
    the lines of the file it lacks, as in :class:`kb_builder.model.Article`. A box for staff is an error unless the text
    is ``for_staff``: wherever it stands, nobody cut it out.
    """

    text: str
    title: str = ""
    first_line: int = 1
    removed: Sequence[tuple[int, int]] = ()
    for_staff: bool = False


@dataclass(slots=True)
class _Text:
    """A source on its way to a body."""

    source: Source
    linter: Linter
    expanded: str
    """With the files that it includes, and within the limits."""
    rewritten: github.Rewritten
    html: str = ""
    taken: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """As in :class:`HeadingIds`."""


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
        """The body of one article, which is described as in :class:`Source`."""
        return self.convert_all([Source(text, title, first_line, removed, for_staff)])[0]

    def convert_all(self, sources: Iterable[Source]) -> list[Body]:
        """The body of each article.

        Each step is taken for all of them before the next one, which is a fifth faster (decision 46).
        """
        texts = [_Text(source, *self._read(source)) for source in sources]
        for step in (self._render, self._lint, self._clean):
            for text in texts:
                step(text)
        walks = [_walked(text) for text in texts]
        return list(map(_body, texts, walks))

    def _read(self, source: Source) -> tuple[Linter, str, github.Rewritten]:
        linter = Linter(source.text, source.first_line, source.removed)
        text, problems = self._included.expand(source.text)
        linter.written = text
        for place, problem in problems:
            message, hint = (
                problem[:1].lower() + problem[1:],
                "paths begin at the base_path of pymdownx.snippets in mkdocs.yml",
            )
            linter.add("missing-snippet", linter.line_at(place), message, hint, Severity.ERROR)
        text = _within_limits(text, linter)
        return linter, text, github.rewrite(text)

    def _render(self, text: _Text) -> None:
        linter = text.linter
        try:
            text.html = as_meant(self._markdown.reset().convert(_spaced_attributes(text.rewritten.text)))
        except RecursionError:
            hint = "split the list, or the quotation, into several"
            message = "the body is nested too deeply, and shown as plain text"
            linter.add("markup-limit", text.source.first_line, message, hint)
            text.html = f"<pre>{as_meant(html.escape(text.expanded))}</pre>"
            text.rewritten = replace(text.rewritten, structure=None)
        for reason, beginning in self._markdown.beyond():
            _beyond(linter, linter.line_of(beginning.partition("\n")[0]), reason)
        text.taken = dict(self._heading_ids.taken)

    def _lint(self, text: _Text) -> None:
        linter, rewritten = text.linter, text.rewritten
        linter.blocks(rewritten.faults)
        if rewritten.structure is not None:
            linter.structure(rewritten.structure, rewritten.lines, structure.of_html(text.html))
        linter.html(text.html, self._sanitiser)
        _check_boxes(text.html, linter, self._sanitiser.own_classes, for_staff=text.source.for_staff)

    def _clean(self, text: _Text) -> None:
        cleaned = self._sanitiser.clean(text.html)
        text.html = printable(cleaned)
        if text.html != cleaned:
            message = "there are entities of control characters"
            text.linter.add("control-character", text.linter.line_of("&#"), message, "delete them")


def _walked(text: _Text) -> Walk:
    walk = Walk(text.source.title)
    walk.run(text.html)
    return walk


def _body(text: _Text, walk: Walk) -> Body:
    _lint_shown(text, walk)
    taken = text.taken
    headings = (replace(one, taken=taken[one.anchor]) if one.anchor in taken else one for one in walk.headings)
    return Body(
        html=with_long_cells("".join(walk.out).strip()),
        sections=tuple(
            SectionText(anchor, heading, plain)
            for anchor, heading, parts in walk.sections
            if (plain := plain_text(parts)) or heading
        ),
        outline=Outline(
            headings=tuple(headings),
            links=_with_lines(walk.links, text.expanded, text.linter),
            anchors=tuple(dict.fromkeys(walk.anchors)),
            lead=walk.lead.plain,
            findings=in_document_order(text.linter.found),
        ),
    )


def _lint_shown(text: _Text, walk: Walk) -> None:
    """Reports what can be seen in the HTML that is shown."""
    linter = text.linter
    boxes = _EMPTY_BOX.finditer(text.html) if "admonition" in text.html or "<details" in text.html else ()
    for box in boxes:
        linter.empty_admonition(html.unescape(TAG.sub("", box[1] or box[2] or "")).strip())
    linter.empty_links(text.html)
    for written, previous, heading in walk.levels:
        linter.heading(written, previous, heading)
    linter.texts(walk.blocks)
    _refused(text.expanded, linter)


def _check_boxes(raw: str, linter: Linter, own: frozenset[str], *, for_staff: bool) -> None:
    boxes = _BOX.finditer(raw) if "admonition" in raw or "<details" in raw else ()
    for box in boxes:
        linter.admonition(html.unescape(box[1]), own)
        if "staff" in box[1].lower().split() and not for_staff:
            message = "this block for staff is not hidden from customers"
            hint = "put !!! staff at the start of a line, outside of footnotes and other blocks"
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
