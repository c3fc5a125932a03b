"""What HTML of authors stays: tags, attributes and link schemes, enforced by nh3 (Ammonia)."""

import string
from collections.abc import Iterable

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
_TRUSTED_TAGS = frozenset("iframe form select option textarea fieldset legend embed object script style".split())


class Sanitiser:
    """Trusted authors keep every attribute, and elements that run scripts; schemes stay checked."""

    def __init__(self, link_schemes: Iterable[str], *, trust_html: bool) -> None:
        """``link_schemes`` are allowed besides those of web pages, e-mail and telephones."""
        self.tags = frozenset((*nh3.ALLOWED_TAGS, *_MATERIAL_TAGS))
        self.schemes = _SCHEMES.union(link_schemes)
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
                tag_attribute_values=_ATTRIBUTE_VALUES,
                url_schemes=set(self.schemes),
                link_rel=None,
            )

    def clean(self, html: str) -> str:
        # Trusted authors may hide elements for their scripts to show.
        return self._cleaner.clean(html if self.trust_html else without_hidden(html))
