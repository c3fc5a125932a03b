"""Folders of Markdown: plain ones, and those of Docusaurus, Hugo, Jekyll, MkDocs and Notion."""

import posixpath
import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from urllib.parse import unquote

from kb_builder.errors import InputError
from kb_builder.importing.api_records import words_in
from kb_builder.importing.exported import STAFF_UNKNOWN, Export, Exported, Folder, one_line, with_own_ids
from kb_builder.importing.markdown_dialects import convert
from kb_builder.importing.site_files import Navigation, Page, pages
from kb_builder.importing.source_folder import SourceFolder
from kb_builder.parsing import strict_yaml
from kb_builder.parsing.fenced_code import lines_of
from kb_builder.parsing.fields import romanised

_PUBLISHED: Final = frozenset(("docusaurus", "hugo", "jekyll", "mkdocs"))
"""Builders of public sites. Pages in the folders of other tools may never have been public."""
_SUFFIXES: Final = (".md", ".mdx", ".markdown")
_INDEX: Final = ("index", "_index", "readme")
_ROOTS: Final = {"docusaurus": ("docs", "blog"), "hugo": ("content",), "jekyll": (), "mkdocs": ("docs",)}
"""Where the pages are in a checkout of the whole site."""
_NOTION_HASH: Final = re.compile(r"[ -]([0-9a-f]{32})(?=$|\.|/)")
_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "title": ("title",),
    "description": ("description", "summary", "excerpt"),
    "asked_as": ("keywords", "asked_as"),
    "tags": ("tags", "categories"),
    "order": ("order", "weight", "position", "sidebar_position", "nav_order"),
    "old": ("aliases", "redirect_from", "old_paths"),
    "address": ("permalink", "url", "slug"),
    "edited": ("lastmod", "last_modified_at", "last_update", "updated", "date"),
    "publish": ("publishdate", "publish_date"),
    "expiry": ("expirydate", "expiry_date"),
    "owner": ("owner", "author"),
    "id": ("id", "article_id", "zendesk_article_id"),
    "draft": ("draft",),
    "published": ("published",),
    "unlisted": ("unlisted",),
    "short": ("sidebar_label", "linktitle", "nav_title", "shorttitle"),
}
"""Key of ours → its names in other tools, lower case."""
_PROPERTIES: Final = frozenset(("owner", "author", "tags", "description", "summary"))
"""Properties of Notion that are keys of ours; what others mean is up to a team."""
_SILENT: Final = frozenset(("layout", "type", "hide_title", "template", "toc", "comments", "slug", "has_children"))


def read_markdown(kind: str, source: SourceFolder) -> Export:
    """Every Markdown file of ``source`` as an article. Raises :class:`InputError` when there is none."""
    names = [name for name in source.names if name.lower().endswith(_SUFFIXES) and not _hidden(name)]
    root = next((root for root in _ROOTS.get(kind, ()) if any(name.startswith(f"{root}/") for name in names)), "")
    losses: Counter[str] = Counter()
    found, source_folder, outside = pages(names, root)
    if not found:
        raise InputError("no Markdown files in it", where=source.where, hint="name the folder that holds the pages")
    losses[f"Markdown file outside of {root}/ not imported"] += outside
    navigation = Navigation(source) if kind == "mkdocs" else None
    site = _Site(kind, source, root, _Folders(source, source_folder), navigation)
    by_place: dict[str, Exported] = {}
    for page in found:
        if kind == "hugo" and posixpath.basename(page.name).lower() == "_index.md":
            if not _body(source.text(page.name)).strip():
                continue  # only the name of its folder
        elif kind == "docusaurus" and any(part.startswith("_") for part in page.plain.split("/")):
            losses["partial not imported"] += 1
            continue
        article = _article(site, page)
        first = by_place.get(page.plain)
        by_place[page.plain] = replace(first, translations=(*first.translations, article)) if first else article
    return Export(articles=with_own_ids(by_place.values()), read=source.read, losses=+losses)


@dataclass(frozen=True, slots=True)
class _Site:
    """The settings to read pages with. ``root`` is the folder of the pages, empty for the whole source."""

    kind: str
    source: SourceFolder
    root: str
    folders: "_Folders"
    navigation: Navigation | None


def _article(site: _Site, page: Page) -> Exported:
    kind, folders, losses = site.kind, site.folders, Counter[str]()
    text = site.source.text(page.name)
    header = _header(text, f"{site.source.where}/{page.name}", losses)
    body, lost = convert(kind, _body(text))
    losses += lost
    heading, body = _first_heading(body)
    if kind == "notion":
        properties, body = _properties(body, losses)
        header = {**properties, **header}
    values = {key: next((header.pop(each) for each in names if each in header), None) for key, names in _KEYS.items()}
    above = [one_line(header.pop(key)) for key in ("grand_parent", "parent") if kind == "jekyll" and key in header]
    for key in header.keys() - _SILENT:
        losses[f"header key {key}"] += 1
    relative = page.plain.removeprefix(f"{site.root}/") if site.root else page.plain
    plain = _NOTION_HASH.sub("", relative) if kind == "notion" else relative
    stem = posixpath.splitext(posixpath.basename(plain))[0]
    stem = re.sub(r"^\d{4}-\d\d-\d\d-|^\d+[-_. ]+", "", stem) or stem
    folder = posixpath.dirname(relative)
    index = stem.lower() in _INDEX
    title = one_line(values["title"]) or heading or (folders.name(folder) if index else _words_of(stem))
    place = posixpath.dirname(plain) if index else f"{posixpath.dirname(plain)}/{stem}"
    shown = site.navigation.places.get(relative) if site.navigation else None
    withheld = site.navigation is not None and site.navigation.withholds(relative)
    withheld = withheld or (kind == "jekyll" and "_drafts" in relative.split("/"))
    losses["not published by its site: a draft"] += withheld
    title = one_line(values["title"]) or heading or (shown.title if shown else "") or title
    short = one_line(values["short"]) or (shown.title if shown else "")
    updated = values["edited"] if isinstance(values["edited"], dict) else {}
    tags = values["tags"]
    unknown = kind not in _PUBLISHED
    if unknown:
        losses[STAFF_UNKNOWN] += 1
    return Exported(
        id=_own_id(values["id"]) or romanised(place) or romanised(title) or "page",
        title=title,
        markdown=body,
        folders=_named(above) if above else shown.folders if shown else folders.of(folder),
        old_paths=_old_paths(values["old"], values["address"]),
        description=one_line(values["description"]),
        asked_as=words_in(values["asked_as"]) + ((short,) if short and short != title else ()),
        tags=words_in(tags.split() if kind == "jekyll" and isinstance(tags, str) and "," not in tags else tags),
        order=_number(values["order"]) or (shown.order if shown else None),
        draft=withheld
        or _true(values["draft"])
        or (values["published"] is not None and not _true(values["published"])),
        staff=unknown,
        unlisted=_true(values["unlisted"]),
        owner=one_line(values["owner"] or updated.get("author")),
        edited_on=_day(values["edited"]),
        publish_date=one_line(values["publish"]),
        expiry_date=one_line(values["expiry"]),
        file=page.name,
        language=page.language,
        losses=+losses,
    )


def _named(titles: list[str]) -> tuple[Folder, ...]:
    """Folders of which only the titles are known."""
    return tuple(Folder(f"title:{'/'.join(titles[: end + 1])}", title) for end, title in enumerate(titles))


class _Folders:
    """Names and positions of folders, from the files that tools keep them in."""

    def __init__(self, source: SourceFolder, root: str) -> None:
        self._source = source
        self._root = root

    def of(self, path: str) -> tuple[Folder, ...]:
        parts = [part for part in path.split("/") if part]
        paths = ["/".join(parts[: end + 1]) for end in range(len(parts))]
        return tuple(
            Folder(place, self.name(place), self._order(place)) for place in paths if place not in ("_posts", "_drafts")
        )

    def name(self, path: str) -> str:
        if not path:
            return "Home"
        kept = self._kept(path)
        return one_line(kept.get("label") or kept.get("title")) or _words_of(
            _NOTION_HASH.sub("", posixpath.basename(path))
        )

    def _order(self, path: str) -> int | None:
        kept = self._kept(path)
        return _number(kept.get("position") or kept.get("weight") or kept.get("nav_order") or kept.get("order"))

    def _kept(self, path: str) -> Mapping[str, Any]:
        """The values of ``_category_.yml``, ``_category.yml`` or the header of ``_index.md``."""
        for name in ("_category_.yml", "_category_.json", "_category.yml", "_index.md"):
            place = posixpath.join(self._root, path, name)
            if place in self._source:
                text = self._source.text(place)
                return _header(text if name.endswith(".md") else f"---\n{text}\n---\n", place, Counter())
        return {}


def _header(text: str, where: str, losses: Counter[str]) -> dict[str, Any]:
    """Keys in lower case. A header that can't be understood is counted, and the text stays."""
    toml = re.match(r"\+\+\+\n(.*?)\n\+\+\+\s*(?:\n|$)", text, re.S)
    yaml = re.match(r"---\n(.*?\n)?---\s*(?:\n|$)", text, re.S)
    try:
        if toml:
            # Dates of TOML need no quotation marks.
            found = {key.lower(): value for key, value in tomllib.loads(toml[1]).items()}
            return {key: value.isoformat() if isinstance(value, date) else value for key, value in found.items()}
        if yaml:
            found = strict_yaml.plain(strict_yaml.load(yaml[1] or "", where))
            return {str(key).lower(): value for key, value in found.items()} if isinstance(found, dict) else {}
    except (tomllib.TOMLDecodeError, InputError):
        losses["header that can't be read"] += 1
    return {}


def _body(text: str) -> str:
    return re.sub(r"\A(---\n(.*?\n)?---|\+\+\+\n.*?\n\+\+\+)\s*?(?:\n|$)", "", text, flags=re.S)


def _first_heading(body: str) -> tuple[str, str]:
    """The first heading, if it is the title of the page, and the body without it; headings below it stay in order."""
    match = re.match(r"\s*(?:#\s+(.+?)\s*#*|([^\n]+)\n=+)\s*(?:\n|\Z)", body)
    heading = ""
    if match:
        heading = one_line(re.sub(r"[*_`]|\{#.*?\}", "", match[1] or match[2]))
        body = body[match.end() :]
    if re.search(r"^# \S", body, re.M):
        lines = lines_of(body)
        body = "\n".join(f"#{line}" if not code and re.match(r"#{1,5} ", line) else line for line, code in lines)
    return heading, body.strip() + "\n"


def _properties(body: str, losses: Counter[str]) -> tuple[dict[str, str], str]:
    """The lines ``Key: value`` that Notion writes below a title, and the text without them."""
    lines = body.split("\n")
    found = {}
    while lines and re.fullmatch(r"[A-Z][\w ]{0,30}: .+", lines[0]):
        key, _, value = lines.pop(0).partition(": ")
        if key.lower() in _PROPERTIES:
            found[key.lower()] = value
        else:
            losses[f"property {key}"] += 1
    return found, "\n".join(lines).lstrip("\n")


def _hidden(name: str) -> bool:
    return any(
        part.startswith(".") or part in ("node_modules", "_site", "_includes", "_layouts") for part in name.split("/")
    )


def _words_of(name: str) -> str:
    words = re.sub(r"^\d+[-_. ]+", "", unquote(name)).replace("-", " ").replace("_", " ").strip()
    return one_line(words[:1].upper() + words[1:]) or "Page"


def _own_id(value: object) -> str:
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return text if re.fullmatch(r"[a-z0-9-]+", text) else ""


def _number(value: object) -> int | None:
    text = str(value)
    return int(text) if re.fullmatch(r"\d{1,9}", text) and int(text) > 0 else None


def _true(value: object) -> bool:
    return str(value).lower() in ("true", "yes", "1", "on")


def _day(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("date")
    match = re.match(r"\d{4}-\d\d-\d\d", str(value))
    return match[0] if match else ""


def _old_paths(old: object, address: object) -> tuple[str, ...]:
    paths = [*words_in(old), *(words_in([address]) if isinstance(address, str) and address.startswith("/") else ())]
    return tuple(dict.fromkeys(path if path.startswith("/") else f"/{path}" for path in paths if ":" not in path))
