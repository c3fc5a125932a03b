"""What other help-centre tools export, as values: Zendesk, Intercom, Freshdesk.

Exports are the JSON of the tools' own APIs, one answer or several in a list:
Zendesk ``/api/v2/help_center/articles?include=sections,categories``, Intercom ``/articles`` and
``/help_center/collections``, Freshdesk ``/api/v2/solutions/…`` (categories, folders, articles).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from kb_builder.errors import InputError
from kb_builder.parsing.fields import slug

Record: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Exported:
    """One article as another tool had it. ``folders`` are the names of its category and sections, outermost first."""

    id: str
    title: str
    html: str
    folders: tuple[str, ...] = ()
    old_paths: tuple[str, ...] = ()
    description: str = ""
    asked_as: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    order: int | None = None
    draft: bool = False
    staff: bool = False
    promoted: bool = False


def parse_export(tool: str, data: object, where: str = "") -> tuple[Exported, ...]:
    """The articles of an export, sorted by id. Raises InputError when there are none."""
    items = _items(data, "articles")
    other = next((name for name in TOOLS if any(item.keys() & _OWN_KEYS[name] for item in items)), tool)
    found = {article.id: article for article in _TOOLS[tool](data) if article.id} if other == tool else {}
    if not found:
        hint = _HINTS[tool] if other == tool else f"it looks like {other.capitalize()}'s: kb import {other}"
        raise InputError(f"no {tool.capitalize()} articles in this file", where=where, hint=hint)
    return tuple(found[article_id] for article_id in sorted(found))


def _zendesk(data: object) -> Iterator[Exported]:
    sections, categories = _by_id(data, "sections"), _by_id(data, "categories")
    for item in _items(data, "articles"):
        section = sections.get(_id(item.get("section_id")), {})
        category = categories.get(_id(section.get("category_id")), {})
        article_id = _id(item.get("id"))
        yield Exported(
            id=article_id,
            title=_title(item.get("title") or item.get("name"), article_id),
            html=str(item.get("body") or ""),
            folders=_names(category, section),
            old_paths=_old_paths(item.get("html_url"), f"articles/{article_id}"),
            asked_as=_words(item.get("label_names")),
            order=item["position"] if isinstance(item.get("position"), int) and item["position"] > 0 else None,
            draft=item.get("draft") is True,
            staff=item.get("user_segment_id") is not None,
            promoted=item.get("promoted") is True,
        )


def _intercom(data: object) -> Iterator[Exported]:
    everything = [*_items(data, "articles"), *_items(data, "collections"), *_items(data, "data")]
    collections = {_id(item.get("id")): item for item in everything if item.get("type") == "collection"}
    for item in everything:
        if item.get("type", "article") != "article":
            continue
        article_id = _id(item.get("id"))
        trail: list[Record] = []
        parent = _id(item.get("parent_id"))
        while parent in collections and collections[parent] not in trail:
            trail.insert(0, collections[parent])
            parent = _id(collections[parent].get("parent_id"))
        yield Exported(
            id=article_id,
            title=_title(item.get("title"), article_id),
            html=str(item.get("body") or ""),
            folders=_names(*trail),
            old_paths=_old_paths(item.get("url"), f"articles/{article_id}"),
            description=one_line(item.get("description")),
            draft=item.get("state") == "draft",
        )


def _freshdesk(data: object) -> Iterator[Exported]:
    folders, categories = _by_id(data, "folders"), _by_id(data, "categories")
    for item in _items(data, "articles"):
        folder = folders.get(_id(item.get("folder_id")), {})
        category = categories.get(_id(item.get("category_id") or folder.get("category_id")), {})
        article_id = _id(item.get("id"))
        seo = item.get("seo_data") if isinstance(item.get("seo_data"), dict) else {}
        yield Exported(
            id=article_id,
            title=_title(item.get("title"), article_id),
            html=str(item.get("description") or ""),
            folders=_names(category, folder),
            old_paths=(f"/support/solutions/articles/{article_id}",),
            description=one_line((seo or {}).get("meta_description")),
            asked_as=_words((seo or {}).get("meta_keywords")),
            tags=_words(item.get("tags")),
            draft=item.get("status") == 1,
            staff=folder.get("visibility", 1) != 1,
        )


def _items(data: object, key: str) -> list[Record]:
    """Every object in a list called ``key``, however deep; a bare list is one of articles."""
    found: list[Record] = []
    if key == "articles" and isinstance(data, list):
        found += (item for item in data if isinstance(item, dict) and "id" in item and not item.keys() & _LISTS)
    waiting: list[object] = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if isinstance(value.get(key), list):
                found += (item for item in value[key] if isinstance(item, dict))
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return found


def _by_id(data: object, key: str) -> dict[str, Record]:
    return {_id(item.get("id")): item for item in _items(data, key)}


def _id(value: object) -> str:
    return slug(str(value)) if isinstance(value, int | str) and not isinstance(value, bool) else ""


def one_line(value: object) -> str:
    """Text on one line, without what can't be seen."""
    text = str(value) if isinstance(value, str | int) else ""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def _title(value: object, article_id: str) -> str:
    return one_line(value) or f"Untitled {article_id}"


def _names(*folders: Record) -> tuple[str, ...]:
    return tuple(name for folder in folders if (name := one_line(folder.get("name"))))


def _words(value: object) -> tuple[str, ...]:
    items = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    return tuple(dict.fromkeys(word for item in items if (word := one_line(item))))


def _old_paths(url: object, short: str) -> tuple[str, ...]:
    """The path of an old address, and the same without the title in it."""
    path = urlsplit(url).path if isinstance(url, str) else ""
    cut = path.find(short)
    return tuple(dict.fromkeys((path[: cut + len(short)], path))) if cut >= 0 else (path,) if path.strip("/") else ()


_TOOLS: Final[Mapping[str, Callable[[object], Iterator[Exported]]]] = {
    "zendesk": _zendesk,
    "intercom": _intercom,
    "freshdesk": _freshdesk,
}
TOOLS: Final = tuple(_TOOLS)
_OWN_KEYS: Final = {
    "zendesk": frozenset({"section_id", "user_segment_id", "label_names"}),
    "intercom": frozenset({"workspace_id", "parent_type"}),
    "freshdesk": frozenset({"folder_id", "description_text", "seo_data"}),
}
"""Keys of an article that no other of the tools has."""
_LISTS: Final = frozenset({"articles", "sections", "categories", "collections", "folders", "data"})
LINKS: Final = {
    "zendesk": re.compile(r"/articles/(\d+)"),
    "intercom": re.compile(r"/articles/(\d+)"),
    "freshdesk": re.compile(r"/solutions/articles/(\d+)"),
}
_HINTS: Final = {
    "zendesk": "export /api/v2/help_center/articles?include=sections,categories",
    "intercom": "export /articles and /help_center/collections, in one list",
    "freshdesk": "export /api/v2/solutions: categories, folders and articles, in one object",
}
