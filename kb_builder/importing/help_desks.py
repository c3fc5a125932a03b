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
from typing import Final

from kb_builder.errors import InputError
from kb_builder.importing.api_records import (
    Record,
    announced,
    api_error,
    as_list,
    by_id,
    day_of,
    folders_of,
    id_of,
    lacking,
    name_in,
    old_paths,
    positive,
    records,
    title_of,
    trail_of,
    words_in,
)
from kb_builder.importing.exported import STAFF_UNKNOWN, Export, Exported, one_line
from kb_builder.importing.locales import OUTDATED, gathered
from kb_builder.system.web import split_url


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
    if isinstance(data, dict) and (message := api_error(data)):
        raise InputError(f"this is an error of the API, not an export: {message}", where=where, hint=TOOLS[tool].hint)
    items = records(data, "articles")
    other = next((name for name in TOOLS if any(item.keys() & TOOLS[name].own_keys for item in items)), tool)
    every = list(TOOLS[tool].read(data)) if other == tool else []
    found, again = gathered(every)
    if not found:
        hint = TOOLS[tool].hint if other == tool else f"it looks like {other.capitalize()}'s: kb import {other}"
        raise InputError(f"no {tool.capitalize()} articles in this file", where=where, hint=hint)
    if (counted := announced(data)) > len(every):
        again[f"article announced by the export and not in it ({len(every)} of {counted})"] += counted - len(every)
    hosts = {split_url(str(item.get(key) or "")).hostname for item in items for key in ("html_url", "url", "publicUrl")}
    return Export(
        articles=tuple(found[article_id] for article_id in sorted(found)),
        pages=_old_pages(data),
        hosts=frozenset(host for host in hosts if host),
        losses=again,
    )


def _zendesk(data: object) -> Iterator[Exported]:
    sections, categories = by_id(data, "sections"), by_id(data, "categories")
    users = by_id(data, "users")
    names = {**_names(data, "sections"), **_names(data, "categories")}
    separate = [each for each in records(data, "translations") if each.get("source_id") is not None]
    # The text in an article's own language comes before the translations that have its id.
    for item in sorted(records(data, "articles"), key=lambda each: each.get("locale") != each.get("source_locale")):
        trail = trail_of(sections, item.get("section_id"), "parent_section_id")
        category = categories.get(id_of(trail[0].get("category_id")), {}) if trail else {}
        article_id = id_of(item.get("id"))
        losses = Counter(lacking(item, {"vote_sum": "votes"}))
        owner = one_line(users.get(id_of(item.get("author_id")), {}).get("name"))
        if item.get("section_id") is not None and not trail:
            losses["its section is not in the export"] += 1
        outdated = [one_line(locale) for locale in as_list(item.get("outdated_locales"))]
        if item.get("outdated") is True or one_line(item.get("locale")) in outdated:
            losses[OUTDATED] += 1
        texts: list[Record] = [each for each in as_list(item.get("translations")) if isinstance(each, dict)]
        texts += (each for each in separate if id_of(each["source_id"]) == article_id)
        segments = item.get("user_segment_ids")
        known = "user_segment_id" in item or "user_segment_ids" in item
        staff = item.get("user_segment_id") is not None or bool(segments) or not known
        if not known:
            losses[STAFF_UNKNOWN] += 1
        yield Exported(
            id=article_id,
            title=title_of(item.get("title") or item.get("name"), article_id),
            html=str(item.get("body") or ""),
            folders=folders_of(category, *trail, names=names),
            old_paths=old_paths(item.get("html_url"), f"articles/{article_id}"),
            asked_as=words_in(item.get("label_names")),
            order=positive(item.get("position")),
            draft=item.get("draft") is True,
            staff=staff,
            promoted=item.get("promoted") is True,
            owner=owner,
            edited_on=day_of(item.get("edited_at") or item.get("updated_at")),
            language=one_line(item.get("locale")),
            translations=_translations(
                article_id, ((each.get("locale"), each) for each in texts), item.get("locale"), outdated
            ),
            losses=losses,
        )


def _intercom(data: object) -> Iterator[Exported]:
    everything = [*records(data, "articles"), *records(data, "collections"), *records(data, "data")]
    collections = {id_of(item.get("id")): item for item in everything if item.get("type") in ("collection", "section")}
    names = {
        place: tuple((locale, name) for locale, each in texts.items() if (name := name_in(each)))
        for place, item in collections.items()
        if isinstance(texts := item.get("translated_content"), dict)
    }
    for item in everything:
        if item.get("type", "article") != "article":
            continue
        article_id = id_of(item.get("id"))
        trail = trail_of(collections, item.get("parent_id"), "parent_id")
        losses = Counter[str]()
        if item.get("parent_id") is not None and not trail:
            losses["its collection is not in the export"] += 1
        more = [each for each in as_list(item.get("parent_ids")) if id_of(each) != id_of(item.get("parent_id"))]
        if more:
            losses["place in another collection"] += len(more)
        tags, texts = item.get("tags"), item.get("translated_content")
        yield Exported(
            id=article_id,
            title=title_of(item.get("title"), article_id),
            html=str(item.get("body") or ""),
            folders=folders_of(*trail, names=names),
            old_paths=old_paths(item.get("url"), f"articles/{article_id}"),
            description=one_line(item.get("description")),
            tags=words_in([tag.get("name") for tag in as_list(tags.get("tags") if isinstance(tags, dict) else tags)]),
            draft=item.get("state") != "published",
            edited_on=day_of(item.get("updated_at")),
            language=one_line(item.get("default_locale")),
            translations=_translations(
                article_id, texts.items() if isinstance(texts, dict) else (), item.get("default_locale")
            ),
            losses=losses,
        )


def _freshdesk(data: object) -> Iterator[Exported]:
    folders, categories = by_id(data, "folders"), by_id(data, "categories")
    for item in records(data, "articles"):
        names = {each["type"]: each["data"] for each in as_list(item.get("hierarchy")) if _has_data(each)}
        folder = folders.get(id_of(item.get("folder_id"))) or names.get("folder", {})
        category_id = id_of(item.get("category_id") or folder.get("category_id"))
        category = categories.get(category_id) or names.get("category", {})
        article_id = id_of(item.get("id"))
        seo = item.get("seo_data") if isinstance(item.get("seo_data"), dict) else {}
        losses = Counter(lacking(item, {"thumbs_up": "votes", "thumbs_down": "votes", "hits": "count of views"}))
        losses["file attached below the article"] += len(as_list(item.get("attachments")))
        visibility = folder.get("visibility")
        if visibility is None:
            losses[STAFF_UNKNOWN] += 1
        yield Exported(
            id=article_id,
            title=title_of(item.get("title"), article_id),
            html=str(item.get("description") or ""),
            folders=folders_of(category, folder),
            old_paths=(f"/support/solutions/articles/{article_id}",),
            description=one_line((seo or {}).get("meta_description")),
            asked_as=words_in((seo or {}).get("meta_keywords")),
            tags=words_in(item.get("tags")),
            draft=item.get("status") != 2,
            staff=visibility != 1,
            edited_on=day_of(item.get("updated_at")),
            language=one_line(item.get("language") or (names.get("folder") or {}).get("language")),
            losses=+losses,
        )


def _helpscout(data: object) -> Iterator[Exported]:
    categories, collections = by_id(data, "categories"), by_id(data, "collections")
    for item in records(data, "articles"):
        ids = [id_of(each) for each in as_list(item.get("categories")) if not isinstance(each, dict)]
        category = next((categories[each] for each in ids if each in categories), {})
        collection = collections.get(id_of(item.get("collectionId")), {})
        article_id = id_of(item.get("number") or item.get("id"))
        losses = Counter(lacking(item, {"viewCount": "count of views", "popularity": "popularity"}))
        losses["place in another category"] += max(0, len(ids) - 1)
        visibility = collection.get("visibility")
        if visibility is None:
            losses[STAFF_UNKNOWN] += 1
        path = split_url(str(item.get("publicUrl") or "")).path
        yield Exported(
            id=article_id,
            title=title_of(item.get("name"), article_id),
            html=str(item.get("text") or ""),
            folders=folders_of(collection, category),
            old_paths=old_paths(item.get("publicUrl"), f"article/{article_id}") if path.strip("/") else (),
            description=one_line(item.get("metaDescription")),
            asked_as=words_in(item.get("keywords")),
            draft=item.get("status") != "published",
            staff=visibility != "public",
            edited_on=day_of(item.get("lastPublishedAt") or item.get("updatedAt")),
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
_CONTACT_PAGES: Final = ("/requests/new", "/support/tickets/new", "/contact")


def _has_data(item: object) -> bool:
    return isinstance(item, dict) and isinstance(item.get("type"), str) and isinstance(item.get("data"), dict)


def _translations(
    article_id: str, texts: Iterable[tuple[object, object]], source: object, outdated: Collection[str] = ()
) -> tuple[Exported, ...]:
    """Other languages of an article: each with its code and its record. Those of ``outdated`` codes are old."""
    return tuple(
        Exported(
            id=article_id,
            title=title_of(item.get("title"), article_id),
            html=str(item.get("body") or ""),
            old_paths=old_paths(item.get("html_url") or item.get("url"), f"articles/{article_id}"),
            description=one_line(item.get("description")),
            draft=item.get("draft") is True or item.get("state", "published") != "published",
            language=one_line(locale),
            losses=Counter([OUTDATED] if item.get("outdated") is True or one_line(locale) in outdated else []),
        )
        for locale, item in texts
        if isinstance(item, dict) and item.get("body") and locale != source
    )


def _names(data: object, key: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """Id of each folder of Zendesk → languages and its names in them."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for item in records(data, key):
        texts = [item, *(each for each in as_list(item.get("translations")) if isinstance(each, dict))]
        named = ((one_line(each.get("locale")), name_in(each)) for each in texts)
        place = id_of(item.get("id"))
        found[place] = (*found.get(place, ()), *((locale, name) for locale, name in named if locale and name))
    return found


def _old_pages(data: object) -> dict[str, str]:
    """Path of an old section, category or request page → id of its folder, or ``contact``."""
    pages = dict.fromkeys(_CONTACT_PAGES, "contact")
    for kind in ("sections", "categories", "collections", "folders"):
        for item in records(data, kind):
            singular = {"folders": "solutions/folders"}.get(kind, kind)
            pages[f"/{singular}/{id_of(item.get('id'))}"] = id_of(item.get("id"))
    return pages
