"""The HTML that authors may use: tags, attributes, ids, classes and link schemes, enforced by nh3 (Ammonia)."""

import re
import string
from collections.abc import Iterable
from typing import Final

import nh3

from kb_builder.markdown.hidden import without_hidden

_MATERIAL_TAGS = frozenset(
    """abbr audio button circle dd del details dl dt figcaption figure g input ins kbd label mark path picture rect
    section source sub summary sup svg video""".split()
)
ATTRIBUTES: dict[str, set[str]] = {
    "*": {"id", "class", "title", "lang", "dir", "role", "aria-label", "aria-hidden", "aria-describedby"},
    "a": {"href", "name", "download", "hreflang"},
    "img": {"src", "alt", "width", "height"},
    "source": {"src", "type"},
    "video": {"src", "controls", "width", "height", "poster"},
    "audio": {"src", "controls"},
    "details": {"open"},
    "input": {"checked", "disabled", "name"},
    "label": {"for"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "td": {"align", "colspan", "rowspan", "headers"},
    "th": {"align", "colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "svg": {"viewBox", "xmlns", "width", "height", "fill"},
    "path": {"d", "fill", "fill-rule", "clip-rule"},
    "circle": {"cx", "cy", "r", "fill"},
    "rect": {"x", "y", "width", "height", "rx", "fill"},
    "blockquote": {"cite"},
    "abbr": {"title"},
}
# Without these an author's `<input type=text>` or `<button>` would be a form that goes nowhere.
_ATTRIBUTE_VALUES = {"input": {"type": {"checkbox", "radio"}}}
_SCHEMES = frozenset(("http", "https", "mailto", "tel", "sms"))
THEME_IDS: Final = "kb--"
"""How every id of the theme begins. No heading's words make such an id: they are joined by single hyphens."""
_IDS: Final = frozenset(("id", "for", "name"))
ADMONITIONS: Final = (
    "note", "abstract", "info", "tip", "success", "question", "warning", "failure", "danger", "bug", "example", "quote",
    "important", "caution", "staff", "inline", "end",
)  # fmt: skip
"""Types that the theme shows: Material's, those of GitHub's alerts, and blocks for staff."""
_CLASSES: Final = frozenset(
    (
        *ADMONITIONS,
        *"""admonition admonition-title annotate arithmatex block break caption card cards code codehilite comment
        critic emojione filename footnote footnote-backref footnote-ref gemoji grid highlight highlighttable keys
        left linenodiv linenos md-annotation md-button md-button--primary md-code md-icon mermaid middle no-js
        normal progress right tabbed-alternate tabbed-block tabbed-content tabbed-labels tabbed-set task-list task-
        list-control task-list-indicator task-list-item toc toclink twemoji""".split(),
    )
)
"""Classes of Material's blocks and of the extensions that make them. The theme's own are its controls, which
articles may not imitate."""
_GENERATED_CLASSES: Final = re.compile(r"(?:language|lang|key|magiclink|progress)-[\w+#.-]+|[a-z]{1,2}[a-z0-9]?")
"""The short ones are those of highlighted code."""
_TRUSTED_TAGS = frozenset("iframe form select option textarea fieldset legend embed object script style".split())


class Sanitiser:
    """Trusted authors keep every attribute, and elements that run scripts; schemes stay checked."""

    def __init__(self, link_schemes: Iterable[str], classes: Iterable[str], *, trust_html: bool) -> None:
        """``link_schemes`` are allowed besides those of web pages, e-mail and telephones, ``classes`` besides those
        of Material's blocks."""
        self.tags = frozenset((*nh3.ALLOWED_TAGS, *_MATERIAL_TAGS))
        self.schemes = _SCHEMES.union(link_schemes)
        self.own_classes = frozenset(classes)
        self.trust_html = trust_html
        if trust_html:
            # nh3 has no wildcard: a prefix per letter allows every attribute.
            self._cleaner = nh3.Cleaner(
                tags={*self.tags, *_TRUSTED_TAGS},
                clean_content_tags=set(),
                attributes=ATTRIBUTES,
                generic_attribute_prefixes=set(string.ascii_lowercase),
                url_schemes=set(self.schemes),
                link_rel=None,
            )
        else:
            self._cleaner = nh3.Cleaner(
                tags=set(self.tags),
                attributes=ATTRIBUTES,
                attribute_filter=self._attribute,
                tag_attribute_values=_ATTRIBUTE_VALUES,
                url_schemes=set(self.schemes),
                link_rel=None,
            )

    def clean(self, html: str) -> str:
        """HTML of allowed elements, attributes and URL schemes only; everything else is removed."""
        # Trusted authors may hide elements for their scripts to show.
        return self._cleaner.clean(html if self.trust_html else without_hidden(html))

    def foreign_classes(self, written: str) -> tuple[str, ...]:
        """The classes of a ``class`` attribute that authors may not use."""
        known = _CLASSES | self.own_classes
        return tuple(name for name in written.split() if name not in known and not _GENERATED_CLASSES.fullmatch(name))

    def _attribute(self, _tag: str, name: str, value: str) -> str | None:
        if name == "class":
            foreign = self.foreign_classes(value)
            return " ".join(name for name in value.split() if name not in foreign) or None if foreign else value
        if name in _IDS and value.startswith(THEME_IDS):
            return f"kb-{value.removeprefix(THEME_IDS).lstrip('-')}"
        return value
