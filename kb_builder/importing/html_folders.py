"""Folders of HTML pages: any site, and the exports of Confluence and Notion. Needs the extra ``import``."""

import posixpath
import re
from collections import Counter
from typing import Final

from bs4 import BeautifulSoup, Tag

from kb_builder.errors import InputError
from kb_builder.importing.api_records import words_in
from kb_builder.importing.exported import STAFF_UNKNOWN, Export, Exported, Folder, one_line, with_own_ids
from kb_builder.importing.source_folder import SourceFolder
from kb_builder.parsing.fields import romanised

_MAIN: Final = ("#main-content", "main", "article", "[role=main]", ".page-body", ".content", "body")
"""Where the text of a page is, the surest place first."""
_FRAME: Final = "header, nav, footer, #breadcrumb-section, .page-metadata, .page-title, .pageSection.group"
_MONTHS: Final = "JanFebMarAprMayJunJulAugSepOctNovDec"
_CONFLUENCE_ID: Final = re.compile(r"_?(\d{4,})$")


def read_html(kind: str, source: SourceFolder) -> Export:
    """Every page of ``source`` as an article. Raises :class:`InputError` when there is none."""
    names = [name for name in source.names if name.lower().endswith((".html", ".htm"))]
    if kind == "confluence":
        names = [name for name in names if posixpath.basename(name) != "index.html"]
    if not names:
        raise InputError("no HTML pages in it", where=source.where, hint="name the folder that holds the pages")
    return Export(articles=with_own_ids(_article(kind, source, name) for name in names), read=source.read)


def _article(kind: str, source: SourceFolder, name: str) -> Exported:
    soup = BeautifulSoup(source.text(name), "html.parser")
    losses: Counter[str] = Counter()
    stem = posixpath.splitext(name)[0]
    title = _title(kind, soup) or one_line(posixpath.basename(stem).replace("-", " ").replace("_", " "))
    main = next(found for found in (*map(soup.select_one, _MAIN), soup) if found is not None)
    labels = [label.get_text(" ") for label in soup.select("#labels-section a, .label-list a")]
    owner, edited = _edited(soup)
    _remove_frame(soup, losses)
    for frame in main.select(_FRAME):
        frame.decompose()
    first = main.find("h1")
    if isinstance(first, Tag) and one_line(first.get_text(" ")) == title:
        first.decompose()
    closed = kind == "confluence"
    numbered = _CONFLUENCE_ID.search(stem) if closed else None
    losses[STAFF_UNKNOWN] += closed
    return Exported(
        id=numbered[1] if numbered else romanised(re.sub(r"/index$", "", stem)) or "page",
        title=title,
        html=str(main),
        folders=_breadcrumb(soup) if closed else _folders(posixpath.dirname(name)),
        old_paths=(f"/{name}",) if kind == "html" else (),
        description=_meta(soup, "description"),
        asked_as=words_in(_meta(soup, "keywords")),
        tags=words_in(labels),
        owner=owner,
        edited_on=edited,
        staff=closed,
        file=name,
        losses=+losses,
    )


def _meta(soup: BeautifulSoup, *names: str) -> str:
    """The content of the first ``<meta>`` element of these names that says something."""
    found = (soup.find("meta", attrs={key: name}) for name in names for key in ("name", "property"))
    return next((text for tag in found if isinstance(tag, Tag) and (text := one_line(tag.get("content")))), "")


def _edited(soup: BeautifulSoup) -> tuple[str, str]:
    """The author of a page, and the ISO date of its last edit; Confluence writes both into a line."""
    day = re.match(r"\d{4}-\d\d-\d\d", _meta(soup, "article:modified_time", "last-modified", "date"))
    line = soup.select_one(".page-metadata")
    if line is None:
        return _meta(soup, "author"), day[0] if day else ""
    names = [one_line(name.get_text(" ")) for name in line.select(".editor, .author")]
    written = re.search(r"([A-Z][a-z]{2})[a-z]* (\d{1,2}), (\d{4})\s*$", one_line(line.get_text(" ")))
    month = _MONTHS.find(written[1]) // 3 + 1 if written and written[1] in _MONTHS else 0
    return names[-1] if names else "", f"{written[3]}-{month:02}-{int(written[2]):02}" if written and month else ""


def _remove_frame(soup: BeautifulSoup, losses: Counter[str]) -> None:
    """Removes page furniture around a text, and counts what authors wrote there."""
    for section in soup.select(".pageSection.group"):
        heading = one_line(section.get_text(" ")).partition(":")[0].casefold()
        if heading.startswith("attachments"):
            losses["list of attachments"] += 1
        elif heading.startswith("comments"):
            losses["comments"] += 1
    for row in soup.select("table.properties tr"):  # Notion's
        name = row.find("th")
        losses[f"property {one_line(name.get_text(' '))}" if isinstance(name, Tag) else "property"] += 1
    for table in soup.select("table.properties"):
        table.decompose()


def _title(kind: str, soup: BeautifulSoup) -> str:
    if kind == "confluence" and isinstance(found := soup.select_one("#title-text"), Tag):
        return one_line(found.get_text(" ").rpartition(" : ")[2])
    heading, title = soup.find("h1"), soup.find("title")
    words = [one_line(tag.get_text(" ")) for tag in (heading, title) if isinstance(tag, Tag)]
    return next((text for text in words if text), "")


def _breadcrumb(soup: BeautifulSoup) -> tuple[Folder, ...]:
    """Confluence writes the pages above a page as breadcrumbs; the first is the space."""
    links = soup.select("#breadcrumbs a")[1:]
    return tuple(Folder(romanised(name), name) for link in links if (name := one_line(link.get_text(" "))))


def _folders(path: str) -> tuple[Folder, ...]:
    parts = [part for part in path.split("/") if part]
    names = [one_line(part.replace("-", " ").replace("_", " ").capitalize()) for part in parts]
    return tuple(Folder("/".join(parts[: end + 1]), name) for end, name in enumerate(names))
