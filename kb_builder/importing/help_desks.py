"""Exports of hosted help centres: Zendesk, Intercom, Freshdesk, Help Scout.

Exports are the JSON of the tools' own APIs, one answer or several in a list:
Zendesk ``/api/v2/help_center/articles?include=sections,categories,users,translations``, Intercom ``/articles`` and
``/help_center/collections``, Freshdesk ``/api/v2/solutions/…`` (categories, folders, articles), Help Scout Docs
``/v1/articles/…``, ``/v1/categories`` and ``/v1/collections``.

An article whose permission is missing or unknown is for staff only: what is shown by mistake can't be taken back.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from kb_builder.errors import InputError
from kb_builder.importing.exported import STAFF_UNKNOWN, Export, Exported, Folder
from kb_builder.importing.locales import gathered
from kb_builder.parsing.fields import slug
from kb_builder.system.web import split_url

Record: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Tool:
    """How one tool's export is read. ``own_keys`` of an article are those that no other tool has."""

    read: Callable[[object], Iterator[Exported]]
    own_keys: frozenset[str]
    link: re.Pattern[str]
    """Finds the id in the path of a link to an article."""
    hint: str


def parse_export(tool: str, data: object, where: str = "") -> Export:
    """The articles of an export, sorted by id. Raises InputError when there are none."""
    if isinstance(data, dict) and (message := _api_error(data)):
        raise InputError(f"this is an error of the API, not an export: {message}", where=where, hint=TOOLS[tool].hint)
    items = _records(data, "articles")
    other = next((name for name in TOOLS if any(item.keys() & TOOLS[name].own_keys for item in items)), tool)
    every = list(TOOLS[tool].read(data)) if other == tool else []
    found, again = gathered(every)
    if not found:
        hint = TOOLS[tool].hint if other == tool else f"it looks like {other.capitalize()}'s: kb import {other}"
        raise InputError(f"no {tool.capitalize()} articles in this file", where=where, hint=hint)
    if (counted := _announced(data)) > len(every):
        again[f"article announced by the export and not in it ({len(every)} of {counted})"] += counted - len(every)
    hosts = {split_url(str(item.get(key) or "")).hostname for item in items for key in ("html_url", "url", "publicUrl")}
    return Export(
        articles=tuple(found[article_id] for article_id in sorted(found)),
        pages=_old_pages(data),
        hosts=frozenset(host for host in hosts if host),
        losses=again,
    )


def _zendesk(data: object) -> Iterator[Exported]:
    sections, categories = _by_id(data, "sections"), _by_id(data, "categories")
    users = _by_id(data, "users")
    names = {**_names(data, "sections"), **_names(data, "categories")}
    separate = [each for each in _records(data, "translations") if each.get("source_id") is not None]
    for item in _source_language_first(_records(data, "articles")):
        trail = _trail(sections, item.get("section_id"), "parent_section_id")
        category = categories.get(_id(trail[0].get("category_id")), {}) if trail else {}
        article_id = _id(item.get("id"))
        losses = Counter(_lacking(item, {"vote_sum": "votes"}))
        owner = one_line(users.get(_id(item.get("author_id")), {}).get("name"))
        if item.get("section_id") is not None and not trail:
            losses["its section is not in the export"] += 1
        segments = item.get("user_segment_ids")
        known = "user_segment_id" in item or "user_segment_ids" in item
        staff = item.get("user_segment_id") is not None or bool(segments) or not known
        if not known:
            losses[STAFF_UNKNOWN] += 1
        yield Exported(
            id=article_id,
            title=_title(item.get("title") or item.get("name"), article_id),
            html=str(item.get("body") or ""),
            folders=_folders(category, *trail, names=names),
            old_paths=_old_paths(item.get("html_url"), f"articles/{article_id}"),
            asked_as=_words(item.get("label_names")),
            order=_positive(item.get("position")),
            draft=item.get("draft") is True,
            staff=staff,
            promoted=item.get("promoted") is True,
            owner=owner,
            edited_on=_day(item.get("edited_at") or item.get("updated_at")),
            language=one_line(item.get("locale")),
            translations=_translations(
                article_id,
                (
                    (each.get("locale"), each)
                    for each in (
                        *_list(item.get("translations")),
                        *(each for each in separate if _id(each["source_id"]) == article_id),
                    )
                    if isinstance(each, dict)
                ),
                item.get("locale"),
            ),
            losses=losses,
        )


def _intercom(data: object) -> Iterator[Exported]:
    everything = [*_records(data, "articles"), *_records(data, "collections"), *_records(data, "data")]
    collections = {_id(item.get("id")): item for item in everything if item.get("type") in ("collection", "section")}
    names = {
        place: tuple((locale, name) for locale, each in texts.items() if (name := _name_in(each)))
        for place, item in collections.items()
        if isinstance(texts := item.get("translated_content"), dict)
    }
    for item in everything:
        if item.get("type", "article") != "article":
            continue
        article_id = _id(item.get("id"))
        trail = _trail(collections, item.get("parent_id"), "parent_id")
        losses = Counter[str]()
        if item.get("parent_id") is not None and not trail:
            losses["its collection is not in the export"] += 1
        more = [each for each in _list(item.get("parent_ids")) if _id(each) != _id(item.get("parent_id"))]
        if more:
            losses["place in another collection"] += len(more)
        tags, texts = item.get("tags"), item.get("translated_content")
        yield Exported(
            id=article_id,
            title=_title(item.get("title"), article_id),
            html=str(item.get("body") or ""),
            folders=_folders(*trail, names=names),
            old_paths=_old_paths(item.get("url"), f"articles/{article_id}"),
            description=one_line(item.get("description")),
            tags=_words([tag.get("name") for tag in _list(tags.get("tags") if isinstance(tags, dict) else tags)]),
            draft=item.get("state") != "published",
            edited_on=_day(item.get("updated_at")),
            language=one_line(item.get("default_locale")),
            translations=_translations(
                article_id, texts.items() if isinstance(texts, dict) else (), item.get("default_locale")
            ),
            losses=losses,
        )


def _freshdesk(data: object) -> Iterator[Exported]:
    folders, categories = _by_id(data, "folders"), _by_id(data, "categories")
    for item in _records(data, "articles"):
        names = {each["type"]: each["data"] for each in _list(item.get("hierarchy")) if _has_data(each)}
        folder = folders.get(_id(item.get("folder_id"))) or names.get("folder", {})
        category_id = _id(item.get("category_id") or folder.get("category_id"))
        category = categories.get(category_id) or names.get("category", {})
        article_id = _id(item.get("id"))
        seo = item.get("seo_data") if isinstance(item.get("seo_data"), dict) else {}
        losses = Counter(_lacking(item, {"thumbs_up": "votes", "thumbs_down": "votes", "hits": "count of views"}))
        visibility = folder.get("visibility")
        if visibility is None:
            losses[STAFF_UNKNOWN] += 1
        yield Exported(
            id=article_id,
            title=_title(item.get("title"), article_id),
            html=str(item.get("description") or ""),
            folders=_folders(category, folder),
            old_paths=(f"/support/solutions/articles/{article_id}",),
            description=one_line((seo or {}).get("meta_description")),
            asked_as=_words((seo or {}).get("meta_keywords")),
            tags=_words(item.get("tags")),
            draft=item.get("status") != 2,
            staff=visibility != 1,
            edited_on=_day(item.get("updated_at")),
            language=one_line(item.get("language") or (names.get("folder") or {}).get("language")),
            losses=losses,
        )


def _helpscout(data: object) -> Iterator[Exported]:
    categories, collections = _by_id(data, "categories"), _by_id(data, "collections")
    for item in _records(data, "articles"):
        ids = [_id(each) for each in _list(item.get("categories")) if not isinstance(each, dict)]
        category = next((categories[each] for each in ids if each in categories), {})
        collection = collections.get(_id(item.get("collectionId")), {})
        article_id = _id(item.get("number") or item.get("id"))
        losses = Counter(_lacking(item, {"viewCount": "count of views", "popularity": "popularity"}))
        losses["place in another category"] += max(0, len(ids) - 1)
        visibility = collection.get("visibility")
        if visibility is None:
            losses[STAFF_UNKNOWN] += 1
        path = split_url(str(item.get("publicUrl") or "")).path
        yield Exported(
            id=article_id,
            title=_title(item.get("name"), article_id),
            html=str(item.get("text") or ""),
            folders=_folders(collection, category),
            old_paths=_old_paths(item.get("publicUrl"), f"article/{article_id}") if path.strip("/") else (),
            description=one_line(item.get("metaDescription")),
            asked_as=_words(item.get("keywords")),
            draft=item.get("status") != "published",
            staff=visibility != "public",
            edited_on=_day(item.get("lastPublishedAt") or item.get("updatedAt")),
            losses=+losses,
        )


TOOLS: Final[Mapping[str, Tool]] = {
    "zendesk": Tool(
        _zendesk,
        frozenset({"section_id", "user_segment_id", "label_names"}),
        re.compile(r"/articles/(\d+)"),
        "export /api/v2/help_center/articles?include=sections,categories,users,translations",
    ),
    "intercom": Tool(
        _intercom,
        frozenset({"workspace_id", "parent_type"}),
        re.compile(r"/articles/(\d+)"),
        "export /articles and /help_center/collections, in one list",
    ),
    "freshdesk": Tool(
        _freshdesk,
        frozenset({"folder_id", "description_text", "seo_data"}),
        re.compile(r"/solutions/articles/(\d+)"),
        "export /api/v2/solutions: categories, folders and articles, in one object",
    ),
    "helpscout": Tool(
        _helpscout,
        frozenset({"collectionId", "publicUrl"}),
        re.compile(r"/article/(\d+)"),
        "export /v1/articles/ID of each article, /v1/categories and /v1/collections, in one list",
    ),
}
_LISTS: Final = frozenset({"articles", "sections", "categories", "collections", "folders", "data", "users", "items"})
_CONTACT_PAGES: Final = ("/requests/new", "/support/tickets/new", "/contact")


def _records(data: object, key: str) -> list[Record]:
    """Every object in a list called ``key`` or ``…_key``, however deep; a bare list is one of articles."""
    found: list[Record] = []
    if key == "articles" and isinstance(data, list):
        found += (item for item in data if isinstance(item, dict) and "id" in item and not item.keys() & _LISTS)
    waiting: list[object] = [data]
    while waiting:
        value = waiting.pop(0)
        if isinstance(value, dict):
            for name, inner in value.items():
                if name == key or name.endswith(f"_{key}"):
                    listed = inner.get("items") if isinstance(inner, dict) else inner
                    found += (item for item in _list(listed) if isinstance(item, dict))
                elif name == key.rstrip("s") and key == "articles" and isinstance(inner, dict) and "id" in inner:
                    found.append(inner)  # one article an answer, as Help Scout sends them
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return list({id(item): item for item in found}.values())


def _by_id(data: object, key: str) -> dict[str, Record]:
    return {_id(item.get("id")): item for item in reversed(_records(data, key))}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _has_data(item: object) -> bool:
    return isinstance(item, dict) and isinstance(item.get("type"), str) and isinstance(item.get("data"), dict)


def _trail(records: Mapping[str, Record], first: object, parent: str) -> list[Record]:
    """A section and those around it, outermost first."""
    trail: list[Record] = []
    place = _id(first)
    while place in records and records[place] not in trail:
        trail.insert(0, records[place])
        place = _id(records[place].get(parent))
    return trail


def _id(value: object) -> str:
    return slug(str(value)) if isinstance(value, int | str) and not isinstance(value, bool) else ""


def one_line(value: object) -> str:
    """Text on one line, without invisible characters."""
    text = str(value) if isinstance(value, str | int) else ""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def _title(value: object, article_id: str) -> str:
    return one_line(value) or f"Untitled {article_id}"


def _folders(*records: Record, names: Mapping[str, tuple[tuple[str, str], ...]] | None = None) -> tuple[Folder, ...]:
    return tuple(
        Folder(_id(record.get("id")), name, _positive(record.get("position", record.get("order"))),
               one_line(record.get("description")), (names or {}).get(_id(record.get("id")), ()))
        for record in records
        if (name := one_line(record.get("name")))
    )  # fmt: skip


def _words(value: object) -> tuple[str, ...]:
    items = value.split(",") if isinstance(value, str) else _list(value)
    return tuple(dict.fromkeys(word for item in items if (word := one_line(item))))


def _positive(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _day(value: object) -> str:
    """The ISO date of a moment: seconds since 1970, or RFC 3339."""
    try:
        if isinstance(value, int) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC).date().isoformat()
        return datetime.fromisoformat(str(value).replace("Z", "+00:00")).date().isoformat() if value else ""
    except (ValueError, OverflowError, OSError):
        return ""


def _lacking(item: Record, keys: Mapping[str, str]) -> Iterator[str]:
    """What an article has and ours don't, for each key that says something."""
    yield from {name for key, name in keys.items() if item.get(key)}


def _translations(article_id: str, texts: Iterable[tuple[object, object]], source: object) -> tuple[Exported, ...]:
    """Other languages of an article: each with its code and its record."""
    return tuple(
        Exported(
            id=article_id,
            title=_title(item.get("title"), article_id),
            html=str(item.get("body") or ""),
            old_paths=_old_paths(item.get("html_url") or item.get("url"), f"articles/{article_id}"),
            description=one_line(item.get("description")),
            draft=item.get("draft") is True or item.get("state", "published") != "published",
            language=one_line(locale),
        )
        for locale, item in texts
        if isinstance(item, dict) and item.get("body") and locale != source
    )


def _names(data: object, key: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """Id of each folder of Zendesk → languages and its names in them."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for item in _records(data, key):
        texts = [item, *(each for each in _list(item.get("translations")) if isinstance(each, dict))]
        named = ((one_line(each.get("locale")), _name_in(each)) for each in texts)
        place = _id(item.get("id"))
        found[place] = (*found.get(place, ()), *((locale, name) for locale, name in named if locale and name))
    return found


def _name_in(item: object) -> str:
    return one_line(item.get("name") or item.get("title")) if isinstance(item, dict) else ""


def _source_language_first(items: Collection[Record]) -> list[Record]:
    """Articles that say they are in their own source language before the translations of the same ids."""
    return sorted(items, key=lambda item: item.get("locale") != item.get("source_locale"))


def _old_paths(url: object, short: str) -> tuple[str, ...]:
    """The path of an old address, and the same without the title in it."""
    try:
        path = split_url(url).path if isinstance(url, str) else ""
    except ValueError:
        return ()
    cut = path.find(short)
    return tuple(dict.fromkeys((path[: cut + len(short)], path))) if cut >= 0 else (path,) if path.strip("/") else ()


def _old_pages(data: object) -> dict[str, str]:
    """Path of an old section, category or request page → id of its folder, or ``contact``."""
    pages = dict.fromkeys(_CONTACT_PAGES, "contact")
    for kind in ("sections", "categories", "collections", "folders"):
        for item in _records(data, kind):
            singular = {"folders": "solutions/folders"}.get(kind, kind)
            pages[f"/{singular}/{_id(item.get('id'))}"] = _id(item.get("id"))
    return pages


def _announced(data: object) -> int:
    """How many articles the answers of an API say there are; 0 when they don't say."""
    answers = data if isinstance(data, list) else [data]
    counts = [each["count"] for each in answers if isinstance(each, dict) and isinstance(each.get("count"), int)]
    return max(counts, default=0)


def _api_error(data: Record) -> str:
    """The message of an answer that is nothing but an error."""
    if any(isinstance(value, list) for key, value in data.items() if key not in ("errors",)):
        return ""
    error = data.get("error") or data.get("errors")
    if not error and data.keys() <= {"code", "message"}:
        error = data.get("message")
    if isinstance(error, list) and error:
        error = error[0]
    if isinstance(error, dict):
        error = error.get("message") or error.get("title") or "no message"
    return one_line(error)[:200]
