"""Which files authors may publish, and how pictures are made safe."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.pages.attachments import folder_for, type_of
from kb_builder.pages.media import Media
from kb_builder.pages.svg import safe_svg
from tests.centres import put

XMLNS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


@pytest.mark.parametrize("name", ["a.png", "a.PDF", "a.mp4", "a.svg", "folder.x/a.ogg"])
def test_what_browsers_show_is_media(name: str) -> None:
    assert folder_for(name) == "media"


@pytest.mark.parametrize("name", ["a.docx", "a.zip", "a.tar.gz", "a.csv"])
def test_office_documents_and_archives_are_downloads(name: str) -> None:
    assert folder_for(name) == "downloads"


@pytest.mark.parametrize(
    "name", ["a.html", "a.htm", "a.xhtml", "a.js", "a.mjs", "a.css", "a.xml", "a.txt", "a", ".png"]
)
def test_other_types_need_a_setting_and_are_only_saved(name: str) -> None:
    assert folder_for(name) == ""
    assert folder_for(name, [type_of(name) or "x"]) in ("downloads", "")


def test_a_file_of_another_type_is_a_finding_and_not_published(tmp_path: Path) -> None:
    put(tmp_path, "content/articles/form.html", "<script>go()</script>")
    media = Media(tmp_path)
    assert media.add("content/articles/form.html", where="a.md", line=3) == ("", None)
    assert media.published == {}
    assert [(f.code, f.where) for f in media.findings] == [("attachment-type", "a.md:3")]
    assert "attachments: [html]" in media.findings[0].hint
    allowed = Media(tmp_path, frozenset(["html"]))
    assert allowed.add("content/articles/form.html", where="a.md")[0].startswith("downloads/")


ACTIVE = {
    "script": "<script>go()</script>",
    "a namespaced script": '<s:script xmlns:s="http://www.w3.org/2000/svg">go()</s:script>',
    "HTML": '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><script>go()</script></body></foreignObject>',
    "a formula": '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi href="javascript:go()">x</mi></math>',
    "HTML alone": '<h:script xmlns:h="http://www.w3.org/1999/xhtml">go()</h:script>',
    "a handler": '<rect onclick="go()" width="1" height="1"/>',
    "a script link": '<a xlink:href=" javascript:go()"><text>go()</text></a>',
    "an animated link": '<a><set attributeName="href" to="javascript:go()"/><text>x</text></a>',
    "an animated link with spaces": '<a><set attributeName=" href&#9;" to="javascript:go()"/><text>x</text></a>',
    "another file": '<use href="https://go.example/go()#x"/>',
    "a picture that is SVG": '<image href="data:image/svg+xml;base64,go()"/>',
    "a style that loads": "<style>@import 'https://go.example/go()'</style>",
    "a style attribute that loads": '<rect style="fill:url(https://go.example/go())"/>',
    "an escaped style": '<rect style="fill:u\\72l(https://go.example/go())"/>',
    "a paint that loads": '<rect fill="URL(https://go.example/go()#x)"/>',
    "a picture by its name": "<rect fill=\"image('https://go.example/go()')\"/>",
    "a link that reports": '<a href="#x" ping="https://go.example/go()"><text>x</text></a>',
    "an event": '<handler xmlns="http://www.w3.org/2001/xml-events">go()</handler><g onload="go()"/>',
}


@pytest.mark.parametrize("name", ACTIVE)
def test_active_content_is_removed_from_svg(name: str) -> None:
    safe = safe_svg(f"<svg {XMLNS}>{ACTIVE[name]}<circle r='4'/></svg>".encode())
    assert safe.removed
    root = ElementTree.fromstring(safe.data)
    assert [str(child.tag).rpartition("}")[2] for child in root][-1] == "circle"
    for element in root.iter():
        assert str(element.tag).rpartition("}")[2] not in ("script", "foreignObject", "handler", "set", "style", "body")
        assert not any(key.rpartition("}")[2].startswith("on") for key in element.attrib)
        assert not any("go()" in value for value in element.attrib.values())


def test_an_entity_can_not_hide_a_script() -> None:
    declared = f"<!DOCTYPE svg [<!ENTITY x '<script>go()</script>'>]><svg {XMLNS}>&x;<circle r='4'/></svg>"
    safe = safe_svg(declared.encode())
    assert b"script" not in safe.data
    assert b"ENTITY" not in safe.data


PLAIN = (
    f'<svg {XMLNS} viewBox="0 0 4 4"><defs><linearGradient id="g"><stop offset="0"/></linearGradient></defs>'
    '<style>.a { fill: url(#g) }</style><g class="a" style="stroke: red"><use href="#g"/><text>Hi</text></g>'
    '<image href="data:image/png;base64,AAAA"/><a href="https://help.example.com/"><circle r="1"/></a></svg>'
).encode()


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1"])
def test_a_picture_in_another_encoding_is_written_anew(encoding: str) -> None:
    """What searches bytes for instructions, and for text that is not released, would not read it."""
    declared = f'<?xml version="1.0" encoding="{encoding}"?><?xml-stylesheet href="a.css"?>{PLAIN.decode()}'
    assert safe_svg(declared.encode(encoding)).data.decode().startswith("<svg")


def test_a_picture_without_active_content_stays_as_it_is() -> None:
    assert safe_svg(PLAIN) == (PLAIN, ())


@pytest.mark.parametrize(
    "data", [b"", b"<svg", b"<html><body/></html>", b"\xff\xfe", b"<!DOCTYPE x [<!ENTITY a '&a;'>]><x>&a;</x>"]
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        safe_svg(data)


@given(st.lists(st.sampled_from([*ACTIVE.values(), "<g>", "</g>", "<g/>", "<title>t</title>"]), max_size=8))
def test_any_mixture_is_safe_or_refused(parts: list[str]) -> None:
    try:
        safe = safe_svg(f"<svg {XMLNS}>{''.join(parts)}</svg>".encode())
    except ValueError:
        return
    again = safe_svg(safe.data)
    assert again.removed == ()
    assert b"<script" not in safe.data
