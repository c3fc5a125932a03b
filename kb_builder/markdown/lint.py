"""Findings about the body of an article: what the sanitiser removes, what the parser leaves as text, and what is shown
differently from GitHub.

Everything is judged by the converted HTML, so that a finding says what a customer would see. Lines come from searching
the source for the text in question.
"""

import html
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property, partial
from itertools import chain
from typing import Final

from kb_builder.errors import GUIDES, Finding, Severity, clip
from kb_builder.markdown.hidden import hides
from kb_builder.markdown.left_over import LEFT_OVER
from kb_builder.markdown.sanitiser import ADMONITIONS, ATTRIBUTES, THEME_IDS, Sanitiser

_HTML: Final = frozenset(
    """a abbr acronym address applet area article aside audio b base basefont bdi bdo big blink blockquote body br
    button canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em
    embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html
    i iframe img input ins kbd label legend li link main map mark marquee math menu meta meter nav nobr noembed
    noframes noscript object ol optgroup option output p param picture plaintext pre progress q rp rt ruby s samp
    script search section select slot small source span strike strong style sub summary sup svg table tbody td
    template textarea tfoot th thead time title tr track tt u ul var video wbr xmp""".split()
)
_HINTS: Final[Mapping[str, str]] = {
    "math": "write the formula in words, or put a picture of it beside the article",
    "iframe": "link to it in words: [Watch the video](https://…)",
    "form": "link to your form in words, or name it as a channel in content/contact.yml",
    "input": "link to your form in words, or name it as a channel in content/contact.yml",
    "script": "scripts need trust_html: true in mkdocs.yml",
    "template": "its text goes with it: browsers don't show it either",
    "title": "its text goes with it: the title is in the header",
    "style": f"styles belong to the theme: {GUIDES}/look.md says how to add some of your own",
}
_SCRIPTS: Final = frozenset(("javascript", "vbscript", "data"))
"""Reported as ``refused-link``."""
_TAG: Final = re.compile(r"<([a-zA-Z][^\s/<>]*)([^<>]*)>")
_PLAIN: Final = "(?!(?:br|code|em|h[1-6]|li|ol|p|pre|strong|t[dhr]|ul)>)"
"""Most tags of most texts: nothing can be wrong with them."""
_OPENING: Final = re.compile(rf"<{_PLAIN}{_TAG.pattern[1:]}")
_CLOSING: Final = re.compile(rf"</{_PLAIN}([a-zA-Z][^\s/<>]*)[^<>]*>")
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_INSTRUCTION: Final = re.compile(r"<\?.*?\?>|<!\[CDATA\[.*?\]\]>|<![A-Za-z][^<>]*>", re.S)
"""Constructs of HTML besides elements and comments; browsers show nothing of them."""
_ATTRIBUTE: Final = re.compile(r"""([a-zA-Z_:@][\w:.@-]*)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+)""")
_CLASS: Final = re.compile(r"""\sclass\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I)
_BARE: Final = frozenset(
    """allowfullscreen async autofocus autoplay checked compact controls default defer disabled download formnovalidate
    hidden inert ismap itemscope loop markdown multiple muted nohref noshade novalidate nowrap open playsinline readonly
    required reversed selected""".split()
)
"""Attributes of HTML that need no value."""
_THEME_ID: Final = re.compile(rf"""\s(?:id|for|name)\s*=\s*["']?({THEME_IDS}[^\s"'>]*)""", re.I)
_SCHEME: Final = re.compile(r"""\s(?:href|src)\s*=\s*["']?\s*([a-zA-Z][a-zA-Z0-9+.-]*):""", re.I)
_TARGET: Final = re.compile(r"""\s(?:href|src)\s*=\s*["']([a-zA-Z]+:[^"']*)""", re.I)
_CONTAINER: Final = re.compile(r"^[ \t]*:::+(?:[ \t]*([A-Za-z][\w-]*)[ \t]*([^\n]*)|[ \t]*$)", re.M)
"""The opening line of a block of Docusaurus or VitePress, with type and title, or its closing line."""
_CONTAINERS: Final[Mapping[str, str]] = {"details": "note", "caution": "warning", "important": "info"}
"""Their types → ours, where they have another name."""
_WITHOUT_TARGET: Final = re.compile(r'<a href="#?"[^>]*>((?:(?!</a>).)*)</a>', re.S)
_WITHOUT_WORDS: Final = re.compile(r'<a((?:\s[^\s=>]+="[^"]*")*?\shref="([^"]*)"[^>]*)>\s*</a>')
_NAMED: Final = re.compile(r"\s(?:id|name)=")
_STARS: Final = re.compile(r"(?<![*\\])\*\*(?!\*)(?:[^\s*]+|[ \t\xa0][^*\n]{1,60}[ \t\xa0]\*\*)|[^\s*\\]+\*\*(?!\*)")
"""Marks of bold text that are left beside a word."""
_BOX: Final = re.compile(r"^([ \t>]*)(?:(?:!!!|\?\?\?\+?)[ \t]*([\w-]*)(?:[^\n\"]*\"([^\n]*)\")?|\[!(\w+)\])", re.M)
"""The opening line of a box: the text before it, its type and title, or the type of GitHub's."""
_FAULTS: Final[Mapping[str, tuple[str, str]]] = {
    code: (message, hint)
    for code, message, hint in (
        ("open-code", "the code that begins here does not end", "end it with the same signs on a line of its own"),
        ("empty-heading", "the heading has no words", "write them, or remove the #"),
        ("second-header", "a second header begins here, and is shown as text", "move its keys into the one above"),
        ("cut-row", "the row has more cells than its table has columns, and the last ones are not shown",
         "add a column to the header, or write \\| where the line belongs to the text"),
    )
}  # fmt: skip
"""Code of a fault of a block → message and hint."""
_NAMES: Final = {"ul": "a bulleted list", "ol": "a numbered list", "table": "a table", "pre": "code"}


_BY_SIGN: Final = {sign: [row for row in LEFT_OVER if row[0][0] == sign] for sign in (row[0][0] for row in LEFT_OVER)}
"""First character that is needed → rows."""


class Linter:
    """Collects the findings of one body. Their path is empty; ``first_line`` is the line on which ``source`` starts."""

    def __init__(self, source: str, first_line: int, removed: Sequence[tuple[int, int]] = ()) -> None:
        self._source = source
        self.written = source
        """The source with the files that it includes."""
        self._removed = removed
        self._first = first_line
        self._next: dict[str, int] = {}
        self._heading = 0
        self._looks: dict[tuple[str, str, str], list[int]] = {}
        """Code, what is removed and hint → the lines with it."""
        self.found: list[Finding] = []

    @cached_property
    def _starts(self) -> list[int]:
        """Where each line of the source starts."""
        return [0, *(match.end() for match in re.finditer("\n", self._source))]

    def line_of(self, text: str) -> int:
        """The line of the next occurrence of ``text`` in the source; 0 when there is none."""
        start = self._next.get(text, 0)
        at = self._source.find(text, start) if start >= 0 and text else -1
        # Marks that the rest of the text doesn't have are not searched again.
        self._next[text] = at + len(text) if at >= 0 else -1
        return self.line_at(at) if at >= 0 else 0

    def line_at(self, position: int) -> int:
        """The line of the file at a position in the source."""
        return self._file_line(bisect_right(self._starts, position) - 1)

    def _file_line(self, line: int) -> int:
        """The line of the file that holds a line of the source, counted from 0."""
        return self._first + line + sum(count for place, count in self._removed if place <= line)

    def add(self, code: str, line: int, message: str, hint: str, severity: Severity = Severity.WARNING) -> None:
        """Adds a finding about a line of the file; line 0 means the body's first."""
        self.found.append(Finding("", line or self._first, code, severity, message, hint))

    def html(self, raw: str, sanitiser: Sanitiser) -> None:
        """Reports what the sanitiser removes of ``raw``, which is the output of Python-Markdown."""
        if sanitiser.trust_html:
            return
        raw = _COMMENT.sub("", raw)
        if "<?" in raw or "<!" in raw:
            for written in _INSTRUCTION.findall(raw):
                line = self.line_of(written) or self.line_of(written.partition("\n")[0])
                hint = "put it in backticks, or write &lt; for its <"
                self.add("removed-html", line, f"{clip(written)} is removed", hint)
        opened: set[str] = set()
        for match in _OPENING.finditer(raw):
            tag = match[1].lower()
            opened.add(tag)
            if tag not in sanitiser.tags:
                if tag in _HTML:
                    message = f"{clip(match[0])} is removed"
                    self.add("removed-html", self.line_of(match[0]), message, _HINTS.get(tag, "its text stays"))
                else:
                    self._unknown_tag(match[0], self.line_of(match[0]))
                continue
            if not match[2]:
                continue
            if hides(match[2]):
                hint = "words for search belong under asked_as, notes for colleagues in <!-- a comment -->"
                message = f"{clip(match[0])} hides text, which is removed"
                self.add("hidden-text", self.line_of(match[0]), message, hint)
            elif tag == "code" and "language-mermaid" in match[2]:
                message, hint = (
                    "GitHub draws this diagram, this page shows its source",
                    "put a picture of it in its place",
                )
                self.add("shown-differently", self.line_of("mermaid"), message, hint)
            else:
                self._attributes(match, tag, sanitiser)
        for match in _CLOSING.finditer(raw):
            if (name := match[1].lower()) not in _HTML and name not in opened:
                self._unknown_tag(match[0], self.line_of(match[0]))
        # Styles are no text: a pasted article has them in every line, so each kind is reported once.
        for (code, what, hint), lines in self._looks.items():
            times = f", {len(lines)} times" if len(lines) > 1 else ""
            self.add(code, lines[0], f"{what} is removed{times}", hint, Severity.NOTE)
        self._looks.clear()

    def _unknown_tag(self, written: str, line: int) -> None:
        shown = clip(written)
        message, hint = f"{shown} is read as an HTML tag and not shown", f"put it in backticks, or write \\{shown}"
        self.add("unknown-tag", line, message, hint)

    def _attributes(self, match: re.Match[str], tag: str, sanitiser: Sanitiser) -> None:
        known = ATTRIBUTES["*"] | ATTRIBUTES.get(tag, set())
        written = f" {match[2]}"
        scheme = _SCHEME.search(written) if ":" in written else None
        name = scheme[1].lower() if scheme else ""
        target = _TARGET.search(written) if scheme else None
        if scheme and name not in sanitiser.schemes | _SCRIPTS:
            line = self.line_of(f"{scheme[1]}:")
            if len(name) == 1 or name == "file":
                message = f'the target "{scheme[1]}:…" is on your own computer and is removed'
                self.add("unknown-scheme", line, message, "put the file beside the article, and write its name")
            else:
                hint = f"if it is safe, allow it in mkdocs.yml: plugins: [kb: {{link_schemes: [{name}]}}]"
                self.add("unknown-scheme", line, f'links that start with "{name}:" are removed', hint)
        elif target and name in sanitiser.schemes and "href" not in sanitiser.clean(f'<a href="{target[1]}">'):
            address = html.unescape(target[1])
            message = f'"{clip(address)}" is not a valid URL, and its link is removed'
            self.add("bad-address", self.line_of(address), message, "write it like https://example.com/page")
        if tag == "input" and not re.search(r"""type\s*=\s*["']?(?:checkbox|radio)""", written, re.I):
            self.add("removed-html", self.line_of(match[0]), f"{clip(match[0])} is removed", _HINTS["input"])
            return
        for name in _ATTRIBUTE.findall(written):
            if name not in known and name != "type" and not name.startswith("data-") and f"{name}=" in self._source:
                line = self.line_of(f"{name}=")
                if name == "style":
                    look = ("removed-attribute", 'the attribute "style"', _HINTS["style"])
                    self._looks.setdefault(look, []).append(line)
                    continue
                hint = "remove it, or write it in Markdown"
                self.add("removed-attribute", line, f'the attribute "{name}" of <{tag}> is removed', hint)
        bare = _ATTRIBUTE.sub("", written).replace("/", " ").lower().split()
        if any(word not in _BARE and word[:1].isalpha() for word in bare) and (line := self.line_of(match[0])):
            self._unknown_tag(match[0], line)
        if THEME_IDS in written.lower() and (reserved := _THEME_ID.search(written)):
            self.add("reserved-id", self.line_of(reserved[1]), f'the id "{reserved[1]}" is renamed',
                     f'ids that begin with "{THEME_IDS}" belong to the theme; choose another')  # fmt: skip
        if (found := _CLASS.search(written)) and tag != "details" and ' class="admonition ' not in written:
            for name in sanitiser.foreign_classes(found[1] or found[2] or found[3] or ""):
                line = self.line_of(name)
                if name.startswith(("kb-", "md-")):
                    message = f'the class "{clip(name)}" of <{tag}> is removed'
                    self.add("removed-class", line, message, "it belongs to the theme")
                    continue
                hint = f"if a style of yours needs it, allow it in mkdocs.yml: plugins: [kb: {{classes: [{name}]}}]"
                look = ("removed-class", f'the class "{clip(name)}"', hint)
                self._looks.setdefault(look, []).append(line)

    def texts(self, blocks: Sequence[str]) -> None:
        """Reports syntax that is left in ``blocks``, the texts shown outside code."""
        every = "\n".join(blocks)
        # A look at the whole is cheaper than one at each block, and for one sign cheaper than for several; \A is the
        # start of a block alone.
        for needed, code, pattern, message, hint in chain(*(rows for sign, rows in _BY_SIGN.items() if sign in every)):
            if needed not in every or (needed == "<" and "\\<" in self.written):
                continue
            if not (pattern.search(every) or pattern.pattern.startswith(r"\A")):
                continue
            for match in (match for block in blocks for match in pattern.finditer(block)):
                written = match[0].strip()
                if (written if needed == ":" else needed) not in self.written:
                    continue  # somebody wrote entities, so that it is text
                # Tabs became spaces: its first word is found all the same.
                line = self.line_of(written) or self.line_of(written.split()[0])
                self.add(code, line, message.format(clip(written)), hint.replace("{{", "{").replace("}}", "}"))

        if ":::" in every:
            self._containers(blocks)
        if "**" in every:
            escaped = any(form in self.written for form in ("\\*", "&#42;", "&ast;"))
            for written in (match[0] for block in blocks for match in _STARS.finditer(block)):
                # Text beside bold text is shown together with it, and is nowhere in the source like that.
                if line := self.line_of(written) or (0 if escaped else self.line_of("**")):
                    hint = "write **bold** without a space inside the stars, or \\*\\* for two stars"
                    self.add("stray-stars", line, f"the ** of {clip(written)} is shown as text", hint)

    def _containers(self, blocks: Sequence[str]) -> None:
        """Reports each block of Docusaurus once, on its opening line; a closing line only where nothing was opened."""
        opened = 0
        for match in (match for block in blocks for match in _CONTAINER.finditer(block)):
            written = match[0].strip()
            name, title = (match[1] or "").lower(), (match[2] or "").strip(" []{}")
            if not name and opened:
                opened -= 1
                continue
            opened += bool(name)
            mark = "???" if name == "details" else "!!!"
            name = _CONTAINERS.get(name, name)
            box = f"{mark} {name if name in ADMONITIONS else 'note'}" + (f' "{title}"' if title else "")
            hint = f"write {box}, with the text below indented by four spaces, and no ::: at its end"
            line = self.line_of(written) or self.line_of(written.split()[0])
            message = f"{clip(written)} is shown as text: it is a block of Docusaurus or VitePress"
            self.add("foreign-syntax", line, message, hint if name else "remove it")

    def blocks(self, faults: Iterable[tuple[int, str]]) -> None:
        """Reports blocks of which a part is not what was meant: line, counted from 0 in the source, and code."""
        for line, code in faults:
            self.add(code, self._file_line(line), *_FAULTS[code])

    def admonition(self, classes: str, own: frozenset[str]) -> None:
        """Reports an admonition of a type that the theme doesn't show; ``classes`` is its class attribute, ``own`` what
        the team has styles for."""
        for name in classes.split():
            if name not in ADMONITIONS and name != "admonition" and name not in own:
                near = get_close_matches(name, ADMONITIONS, n=1)
                hint = f"write !!! {near[0]}" if near else "write note, tip, info, warning or danger"
                line = self._box_line(name, partial(_is_of_type, name))
                self.add("unknown-admonition", line, f'there is no box of type "{name}"', hint)
                return

    def _box_line(self, key: str, wanted: Callable[[re.Match[str]], bool]) -> int:
        """The line of the next box that is ``wanted``; 0 when there is none."""
        key = f"box {key}"
        for box in _BOX.finditer(self._source, self._next.get(key, 0)):
            if wanted(box):
                self._next[key] = box.end()
                return self.line_at(box.start())
        return 0

    def empty_admonition(self, title: str) -> None:
        """Reports the next box with this title that has no text."""

        def is_empty(box: re.Match[str]) -> bool:
            shown = box[3] or (box[2] or box[4] or "").capitalize()
            rest = self._source[box.end() :].partition("\n")[2].lstrip("\n").partition("\n")[0]
            inside = f"{box[1]}    " if box[4] is None else ">"
            return shown.casefold() == title.casefold() and not (rest.startswith(inside) and rest.strip(" >"))

        line = self._box_line("", is_empty) or self.line_of(title)
        message = f'the box "{clip(title)}" has no text in it'
        self.add("empty-admonition", line, message, "indent its text by four spaces")

    def heading(self, level: int, previous: int, text: str) -> None:
        """Reports levels that the page changes: its title is the only first-level heading, and none is skipped."""
        if level > 1 and level <= previous + 1:
            return
        line = self._heading_line(text)
        text = text or "…"
        if level == 1:
            self.add("body-h1", line, f'"{clip(text)}" is a first-level heading, and the title is the only one',
                     f"write ## {clip(text)}")  # fmt: skip
        else:
            self.add("heading-jump", line, f'"{clip(text)}" skips a level of headings',
                     f"write {'#' * (previous + 1)} {clip(text)}", Severity.NOTE)  # fmt: skip

    def _heading_line(self, text: str) -> int:
        # Headings come in their order, so each is looked for behind the last one.
        at = self._source.find(f"# {text}", self._heading)
        if at < 0:
            return self.line_of(text)
        self._heading = at + 1
        return self.line_at(at)

    def empty_links(self, cleaned: str) -> None:
        """Reports links of sanitised HTML that have no target or no words. What leads to its own page and has an id is
        an anchor."""
        hint = "write [words](target)"
        for link in _WITHOUT_TARGET.finditer(cleaned):
            text = " ".join(html.unescape(_TAG.sub("", link[1])).split())
            self.add("empty-link", self.line_of(f"[{text}]("), f'the link "{clip(text)}" has no target', hint)
        for link in _WITHOUT_WORDS.finditer(cleaned):
            target = html.unescape(link[2])
            if target.strip("#") and not (target.startswith("#") and _NAMED.search(link[1])):
                line = self.line_of(f"[]({target}") or self.line_of(target)
                self.add("empty-link", line, f'the link to "{clip(target)}" has no words', hint)

    def structure(self, expected: Sequence[str], lines: Sequence[int], shown: Sequence[str]) -> None:
        """Reports the first difference from what GitHub shows; lines count from 0 in the source."""
        for place, (one, line) in enumerate(zip(expected, lines, strict=True)):
            if place >= len(shown) or shown[place] != one:
                other = _named(shown[place]) if place < len(shown) else "nothing"
                self.add("shown-differently", self._file_line(line),
                         f"GitHub shows {_named(one)} here, this page {other}",
                         "put blank lines around it and indent by four spaces a level")  # fmt: skip
                return
        if len(shown) > len(expected):
            self.add("shown-differently", 0, f"this page shows {_named(shown[len(expected)])} that GitHub does not",
                     "put blank lines around it and indent by four spaces a level")  # fmt: skip


def _is_of_type(name: str, box: re.Match[str]) -> bool:
    return name in ((box[2] or "").lower(), (box[4] or "").lower())


def _named(part: str) -> str:
    name, _, depth = part.partition(" ")
    return _NAMES.get(name, "a heading") + (f" of level {depth}" if depth else "")


def in_document_order(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """``found`` by line, then by code and message."""
    return tuple(sorted(found, key=lambda finding: (finding.line, finding.code, finding.message)))
