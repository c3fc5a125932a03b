"""HTML of other tools made ready for conversion: what pages can't have is taken out, and described."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qs, unquote

from bs4 import BeautifulSoup, Tag
from bs4.element import Comment

from kb_builder.importing.vendor_markup import standardise
from kb_builder.system.web import split_url

KEPT_INLINE: Final = frozenset(("sup", "sub", "kbd", "ins", "u", "mark", "small", "abbr", "q", "cite", "var", "samp"))
"""Elements that pages allow and Markdown lacks. They stay HTML: without it ``19<sup>99</sup>`` is another price."""
CALLOUTS: Final = {
    "danger": "danger", "error": "danger", "critical": "danger", "warning": "warning", "caution": "warning",
    "alert": "warning", "important": "warning", "attention": "warning", "tip": "tip", "success": "tip", "hint": "tip",
    "info": "info", "information": "info", "red": "danger", "yellow": "warning",
    "green": "tip", "blue": "info", "note": "note", "callout": "note", "panel": "note", "admonition": "note",
}  # fmt: skip
"""Words in the classes of a box → the admonition it becomes. The first that is found counts."""
STRUCK: Final = ("s", "strike", "del")
ANCHOR: Final = re.compile(r"[^\s{}\"'<>#&]+")
_REMOVED: Final = "script, style, template, noscript, link, meta, head, svg"
_FORM_PARTS: Final = "form, input, button, select, option, textarea, fieldset, object, embed, applet"
_PLAIN: Final = frozenset(
    """html body main article section header footer nav aside div span p br hr a b strong i em img font center h1 h2 h3
    h4 h5 h6 ul ol li dl dt dd table thead tbody tfoot tr td th caption colgroup col blockquote pre code tt figure
    figcaption picture source details summary track time label wbr address big bdi bdo data kb-anchor kb-task""".split()
)
"""Elements that are converted, or whose text says all that they say."""


def clean(soup: BeautifulSoup) -> Iterator[str]:
    """Changes ``soup`` in place, and describes each element that is lost."""
    standardise(soup)
    yield from _removed(soup)
    yield from _media_as_links(soup)
    _mend_lists(soup)
    _merge_emphasis(soup)
    _keep_anchors(soup)
    _move_pictures_out_of_headings(soup)
    yield from _unknown(soup)


def _removed(soup: BeautifulSoup) -> Iterator[str]:
    """Takes out what can't be on a page, and describes each."""
    for comment in soup(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for tag in soup.select(_REMOVED):
        if tag.name in ("script", "style", "svg") and not tag.decomposed:
            yield f"<{tag.name}> removed"
        tag.decompose()
    for tag in soup.select(_FORM_PARTS):
        if not tag.decomposed:
            yield f"<{tag.name}> kept as its text only"
            tag.unwrap() if tag.get_text(strip=True) else tag.decompose()
    for tag in soup.select("[style]:not(table)"):
        if re.search(r"color|background|text-align", str(tag["style"]), re.IGNORECASE):
            yield "colour or alignment dropped"


def _unknown(soup: BeautifulSoup) -> Iterator[str]:
    for tag in soup(True):
        if isinstance(tag, Tag) and tag.name not in _PLAIN | KEPT_INLINE | set(STRUCK):
            yield f"<{tag.name}> kept as its text only"


def _media_as_links(soup: BeautifulSoup) -> Iterator[str]:
    """Pages load nothing from elsewhere: a link is left of what was played or shown in place."""
    for tag in soup.select("iframe, video, audio"):
        if tag.decomposed:
            continue
        first = tag if tag.get("src") else tag.select_one(":is(source, iframe, video, audio)[src]") or tag
        address = re.sub(r"^//", "https://", str(first.get("src") or ""))
        parts = split_url(address) if _is_url(address) else None
        if parts is None or not parts.hostname:
            yield f"<{tag.name}> without an address removed"
            tag.decompose()
            continue
        kind = "Audio" if tag.name == "audio" else "Video" if tag.name == "video" or _watch(address) else "Open"
        words = (
            str(tag.get("title") or first.get("title") or "").strip()
            or f"{kind}: {parts.hostname.removeprefix('www.')}"
        )
        paragraph = soup.new_tag("p")
        paragraph.append(soup.new_tag("a", href=_watch(address) or address, string=words))
        tag.replace_with(paragraph)


def _is_url(address: str) -> bool:
    try:
        return split_url(address).scheme in ("http", "https")
    except ValueError:
        return False


def _watch(address: str) -> str:
    """The page of a film for the address of its player; empty for what is no player."""
    parts = split_url(address)
    host, path = (parts.hostname or "").removeprefix("www."), parts.path
    if host in ("youtube.com", "youtube-nocookie.com") and path.startswith("/embed/"):
        return f"https://www.youtube.com/watch?v={path.split('/')[2]}"
    if host == "player.vimeo.com":
        return f"https://vimeo.com/{path.rpartition('/')[2]}"
    if host == "loom.com" and path.startswith("/embed/"):
        return f"https://www.loom.com/share/{path.split('/')[2]}"
    if host == "fast.wistia.net" or "video" in parse_qs(parts.query):
        return address
    return ""


def _mend_lists(soup: BeautifulSoup) -> None:
    """A list straight inside a list belongs to the item before it, as browsers show it."""
    for inner in soup.select("ul, ol"):
        if inner.parent is not None and inner.parent.name in ("ul", "ol"):
            before = inner.find_previous_sibling("li")
            if isinstance(before, Tag):
                before.append(inner.extract())
            else:
                inner.wrap(soup.new_tag("li"))


def _merge_emphasis(soup: BeautifulSoup) -> None:
    """One element where several say the same: ``<em><em>`` would be strong, and ``<b>a</b><b>b</b>`` four asterisks."""
    for names in (["em", "i"], ["strong", "b"]):
        for tag in soup.select(", ".join(names)):
            if tag.find_parent(names):
                tag.unwrap()
        for tag in soup.select(", ".join(names)):
            before = tag.previous_sibling
            if isinstance(before, Tag) and before.name in names:
                before.extend(list(tag.contents))
                tag.decompose()


def _keep_anchors(soup: BeautifulSoup) -> None:
    """Keep named anchors, and the targets of links within the text."""
    wanted = {unquote(str(tag["href"])[1:]) for tag in soup("a", href=True) if str(tag["href"]).startswith("#")}
    for tag in soup(True):
        if not isinstance(tag, Tag) or re.fullmatch("h[1-6]", tag.name):
            continue
        name = tag.get("name") if tag.name == "a" else None
        anchor = str(tag.get("id") or name or "")
        if not ANCHOR.fullmatch(anchor) or not (name or anchor in wanted):
            continue
        heading = tag.find_parent(re.compile("^h[1-6]$"))
        mark = soup.new_tag("kb-anchor", id=anchor)
        if isinstance(heading, Tag) and not heading.get("id"):
            heading["id"] = anchor
        elif tag.name in ("table", "tr", "ul", "ol", "td", "th", "tbody", "thead"):
            tag.insert_before(mark)
        else:
            tag.insert(0, mark)
        del tag["id"]


def _move_pictures_out_of_headings(soup: BeautifulSoup) -> None:
    for heading in soup(re.compile("^h[1-6]$")):
        pictures = [picture.extract() for picture in heading("img")]
        for picture in reversed(pictures):
            paragraph = soup.new_tag("p")
            paragraph.append(picture)
            heading.insert_after(paragraph)


def admonition_of(tag: Tag) -> str:
    """The kind of admonition a box becomes; empty for what is no box."""
    words = re.findall(r"[a-z]+", " ".join(map(str, tag.get_attribute_list("class"))).lower())
    boxed = {"callout", "panel", "admonition", "alert", "note", "macro", "message", "box"} & set(words)
    kinds = [kind for word, kind in CALLOUTS.items() if word in words]
    if tag.name == "blockquote":
        return kinds[0] if kinds else ""
    return kinds[0] if boxed and kinds else ""
