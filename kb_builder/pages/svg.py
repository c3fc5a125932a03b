"""Removes from an SVG picture what could run code or load files (SVG 2, chapters 2.6 and 15)."""

import re
from typing import Final, NamedTuple
from xml.etree import ElementTree

_SVG: Final = "http://www.w3.org/2000/svg"
_XLINK: Final = "http://www.w3.org/1999/xlink"
ElementTree.register_namespace("", _SVG)
ElementTree.register_namespace("xlink", _XLINK)

_ELEMENTS: Final = frozenset(
    """svg g defs symbol use switch view title desc metadata path rect circle ellipse line polyline polygon text tspan
    textPath image linearGradient radialGradient stop clipPath mask pattern marker style filter feBlend feColorMatrix
    feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow
    feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset
    fePointLight feSpecularLighting feSpotLight feTile feTurbulence a animate animateMotion animateTransform mpath
    set""".split()
)
_ANIMATIONS: Final = frozenset(("animate", "animateMotion", "animateTransform", "set"))
_PICTURE: Final = re.compile(r"data:image/(?:png|jpe?g|gif|webp|avif);base64,[A-Za-z0-9+/=\s]*\Z")
# A reference in CSS to anything but a part of the same picture.
_CSS_LOADS: Final = re.compile(
    r"@import|url\(\s*[\"']?\s*(?!#|[\"'\s])|\\|expression\s*\(|image-set|cross-fade|(?:src|image)\(", re.IGNORECASE
)
# ElementTree resolves entities and drops instructions, so that a picture with one of these is written again.
_DECLARED: Final = re.compile(rb"<!ENTITY|<\?xml-stylesheet|<!ATTLIST", re.IGNORECASE)

_RUN: Final = re.compile("xhtml|xml-events|MathML")
_ENCODING: Final = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml[^>]{1,60}?encoding\s*=\s*[\"']([\w.:-]+)", re.ASCII)


class SafePicture(NamedTuple):
    """An SVG without anything that runs or loads."""

    data: bytes
    """The bytes as given, if nothing had to be removed."""
    removed: tuple[str, ...]
    """The names of removed elements and attributes, as ``<script>`` or ``onclick``."""


def safe_svg(data: bytes) -> SafePicture:
    """``data`` without scripts, event handlers and references to other files. Raises ValueError if it isn't XML."""
    try:
        parser = ElementTree.XMLParser()  # the parser's own limits stop entities that grow
        root = ElementTree.fromstring(data, parser)
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise ValueError(str(error)) from None
    removed: list[str] = []
    if _local(root.tag) != "svg":
        raise ValueError(f"its outermost element is <{_local(root.tag)}>")
    pending = [root]
    while pending:
        element = pending.pop()
        _clean_attributes(element, removed)
        for child in list(element):
            # Other programs' own elements show nothing; a processing instruction has no tag.
            known = isinstance(child.tag, str) and child.tag.startswith(f"{{{_SVG}}}")
            if known and _local(child.tag) in _ELEMENTS and not _loads_styles(child) and not _animates_code(child):
                pending.append(child)
            elif known or _is_active(child):
                removed.append(f"<{_local(child.tag)}>")
                element.remove(child)
    if _DECLARED.search(data):
        removed.append("an entity or a style sheet")
    if not removed and _is_utf8(data):
        return SafePicture(data, ())
    return SafePicture(ElementTree.tostring(root, encoding="utf-8"), tuple(dict.fromkeys(removed)))


def _is_utf8(data: bytes) -> bool:
    """Whether a picture is in the encoding in which it was searched; any other is written again."""
    declared = _ENCODING.match(data)
    if declared and declared[1].lower() not in (b"utf-8", b"us-ascii"):
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in data


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _is_active(element: ElementTree.Element) -> bool:
    """Whether an element outside SVG, or something inside it, may be run: HTML, MathML with its links, or
    without a namespace."""
    tags = [str(each.tag) for each in element.iter()]
    return any(_RUN.search(tag) or "{" not in tag or tag.startswith(f"{{{_SVG}}}") for tag in tags)


def _loads_styles(element: ElementTree.Element) -> bool:
    return _local(element.tag) == "style" and bool(_CSS_LOADS.search("".join(element.itertext())))


def _animates_code(element: ElementTree.Element) -> bool:
    name = "".join(element.get("attributeName", "").split()).rpartition(":")[2].lower()
    return _local(element.tag) in _ANIMATIONS and (name == "href" or name.startswith("on"))


def _clean_attributes(element: ElementTree.Element, removed: list[str]) -> None:
    for name, value in list(element.attrib.items()):
        local = _local(name).lower()
        unsafe = local.startswith("on") or local in ("base", "ping")
        if local in ("href", "src"):
            target = value.strip()
            linked = _local(element.tag) == "a" and target.startswith(("http://", "https://"))
            unsafe = not (target.startswith("#") or linked or _PICTURE.match(target))
        elif "(" in value or "\\" in value or local == "style":
            unsafe = unsafe or bool(_CSS_LOADS.search(value))
        if unsafe:
            removed.append(_local(name))
            del element.attrib[name]
