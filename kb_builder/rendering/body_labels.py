"""The words that the Markdown converter puts into a body, in the language of the text.

Converted bodies are cached independently of the language, with these words in English.
"""

import re
from collections import Counter
from functools import cached_property
from typing import Final

from markupsafe import Markup, escape

from kb_builder.content.interface_language import Language

LABELS: Final = ("Link to this section", "Table", "Part of the answer", "Done", "To do")
BOXES: Final = (
    "Note", "Abstract", "Info", "Tip", "Success", "Question", "Warning", "Failure", "Danger", "Bug", "Example", "Quote",
    "Important", "Caution",
)  # fmt: skip
"""Titles of boxes whose author gave them none: their type."""

_TABLE: Final = 'aria-label="Table"'
_HEADING_OR_TABLE: Final = re.compile(rf"<h[1-6]\b[^>]*>(.*?)</h[1-6]>|{_TABLE}", re.DOTALL)
_HEADER_LINK: Final = re.compile(r'<a class="headerlink".*?</a>', re.DOTALL)
_BOX: Final = re.compile(
    r'(<(?:div|details) class="(?:admonition )?([a-z]+)\b[^>]*>\s*(?:<p class="admonition-title">|<summary>))'
    r"([A-Za-z]+)(?=</(?:p|summary)>)"
)
_BACK: Final = re.compile(r'(?<=<a class="footnote-backref" )([^>]*)title="Jump back to footnote (\d+) in the text"')


class BodyLabels:
    """Puts the English labels that conversion writes into a body into the language of the site."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def translate(self, html: str) -> str:
        """``html`` of a body with its labels, its untitled boxes and its tables named in the language."""
        html = self._with_named_tables(html)
        for label, word in self._labels:
            html = html.replace(label, word)
        if "admonition" in html or "<details" in html:
            html = _BOX.sub(self._titled, html)
        if "footnote-backref" in html:
            html = _BACK.sub(self._back, html)
        return html

    def _titled(self, box: re.Match[str]) -> str:
        untitled = box[3] == box[2].capitalize() and box[3] in BOXES
        return f"{box[1]}{escape(self._language.word(box[3])) if untitled else box[3]}"

    def _back(self, link: re.Match[str]) -> str:
        word = self._language.word("Jump back to footnote {number} in the text", number=link[2])
        return f'{link[1]}title="{escape(word)}"'

    def _with_named_tables(self, html: str) -> str:
        """``html`` whose scrollable tables are named after the heading above them, numbered where that repeats."""
        if _TABLE not in html:
            return html
        heading = ""
        used: Counter[str] = Counter()

        def name(match: re.Match[str]) -> str:
            nonlocal heading
            if match[1] is not None:
                heading = Markup(_HEADER_LINK.sub("", match[1])).striptags()
                return match[0]
            if not heading:
                return match[0]
            used[heading] += 1
            text = heading if used[heading] == 1 else f"{heading} ({used[heading]})"
            return f'aria-label="{escape(self._language.word("Table: {heading}", heading=text))}"'

        return _HEADING_OR_TABLE.sub(name, html)

    @cached_property
    def _labels(self) -> tuple[tuple[str, str], ...]:
        """(English ``aria-label``, translated one) of each label that differs."""
        words = {label: self._language.word(label) for label in LABELS}
        return tuple(
            (f'aria-label="{label}"', f'aria-label="{escape(word)}"') for label, word in words.items() if word != label
        )
