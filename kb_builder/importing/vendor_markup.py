"""Markup that one tool has for what everybody has: boxes, folded text, tasks and code, as HTML that any tool writes."""

import re
from typing import Final

from bs4 import BeautifulSoup, Tag

BOX_TITLE: Final = "data-kb-title"
"""The attribute of a box that holds its title."""
_TASKS: Final = "ul.to-do-list > li, ul.inline-task-list > li, ul.contains-task-list > li, li.task-list-item"
_CODE_PANEL: Final = "div.code.panel, div.preformatted.panel"
_MACRO: Final = "confluence-information-macro-"
_BRUSH: Final = re.compile(r"brush:\s*([\w+#-]+)")
_NO_LANGUAGE: Final = frozenset(("plain", "text", "none"))


def standardise(soup: BeautifulSoup) -> None:
    """Changes ``soup`` in place."""
    for tag in soup.select("div.toc-macro"):
        tag.decompose()  # pages have a list of their sections
    for panel in soup.select(_CODE_PANEL):
        _code(soup, panel)
    for pre in soup.select("pre"):
        _language(pre)
    for box in soup.select("div.expand-container"):
        _folded(soup, box)
    for toggles in soup.select("ul.toggle"):
        if all(item.find("details", recursive=False) for item in toggles.find_all("li", recursive=False)):
            for item in toggles.find_all("li", recursive=False):
                item.unwrap()
            toggles.unwrap()
    for figure in soup.select("figure.callout"):
        figure.name = "div"
        icon = figure.select_one("span.icon")
        if icon is not None:
            icon.decompose()
    for box in soup.select("div.confluence-information-macro, div.panel"):
        _titled(box)
    for item in soup.select(_TASKS):
        _task(soup, item)
    for picture in soup.select("img.emoticon, img.emoji"):
        shown = str(picture.get("data-emoji-fallback") or picture.get("alt") or "")
        picture.replace_with(shown)


def _code(soup: BeautifulSoup, panel: Tag) -> None:
    """A panel that holds nothing but code, with the title above it."""
    pre = panel.find("pre")
    if not isinstance(pre, Tag):
        return
    header = panel.select_one(".codeHeader, .panelHeader")
    if header is not None and header.get_text(strip=True):
        title = soup.new_tag("p")
        title.append(soup.new_tag("strong", string=header.get_text(" ", strip=True)))
        panel.insert_before(title)
    panel.replace_with(pre)


def _language(pre: Tag) -> None:
    brush = _BRUSH.search(str(pre.get("data-syntaxhighlighter-params") or ""))
    named = brush[1] if brush else str(pre.get("data-code-brush") or "")
    if named and named.lower() not in _NO_LANGUAGE:
        pre["data-language"] = named


def _folded(soup: BeautifulSoup, box: Tag) -> None:
    control, content = box.select_one(".expand-control"), box.select_one(".expand-content")
    if control is None or content is None:
        return
    details = soup.new_tag("details")
    details.append(soup.new_tag("summary", string=control.get_text(" ", strip=True)))
    details.extend(list(content.contents))
    box.replace_with(details)


def _titled(box: Tag) -> None:
    """The title of a box apart from its text."""
    kinds = [name.removeprefix(_MACRO) for name in _classes(box) if name.startswith(_MACRO)]
    box["class"] = " ".join(["panel", *kinds])
    title = box.select_one(":scope > p.title, :scope > .panelHeader")
    if title is not None:
        box[BOX_TITLE] = title.get_text(" ", strip=True)
        title.decompose()
    for body in box.select(":scope > .confluence-information-macro-body, :scope > .panelContent"):
        body.unwrap()


def _classes(tag: Tag) -> list[str]:
    return list(map(str, tag.get_attribute_list("class")))


def _task(soup: BeautifulSoup, item: Tag) -> None:
    mark = item.select_one("div.checkbox, input[type=checkbox]")
    done = "checked" in _classes(item)
    if mark is not None:
        done = done or mark.has_attr("checked") or "checkbox-on" in _classes(mark)
        mark.decompose()
    item.insert(0, soup.new_tag("kb-task", attrs={"checked": ""} if done else {}))
