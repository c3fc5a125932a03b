"""The heading that the fragment of a link refers to."""

import re
import unicodedata
from difflib import get_close_matches
from typing import Final
from urllib.parse import unquote

from kb_builder.markdown.slugs import words_anchor
from kb_builder.model import Outline

_GITHUB_COUNT: Final = re.compile(r"(.+)-(\d+)")


def find_anchor(outline: Outline, fragment: str) -> str | None:
    """The anchor of ``outline`` that the percent-encoded ``fragment`` of a link refers to; None if there is none.

    Besides an id of the page, the words of a heading are accepted, as typed or in the form that GitHub makes of them.
    """
    wanted = unicodedata.normalize("NFC", unquote(fragment))
    if wanted in outline.anchors:
        return wanted
    words = words_anchor(wanted)
    if not words:
        return None
    for heading in outline.headings:
        if heading.anchor and words in (words_anchor(heading.text), heading.anchor.casefold()):
            return heading.anchor
    folded = {anchor.casefold(): anchor for anchor in reversed(outline.anchors)}
    numbered = _GITHUB_COUNT.fullmatch(words)
    return folded.get(words) or (folded.get(f"{numbered[1]}_{numbered[2]}") if numbered else None)


def nearest_anchor(outline: Outline, fragment: str) -> str:
    """A hint for a fragment that no heading has."""
    near = get_close_matches(unquote(fragment).lower(), outline.anchors, n=1)
    return f'did you mean "#{near[0]}"?' if near else "headings are linked by their anchor, as the page shows it"
