"""Records out of the JSON that help desks' APIs answer with, and the values in them, whatever their type.

Nothing here raises: a value of another type than it should have counts as missing.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from kb_builder.importing.exported import Folder, one_line
from kb_builder.parsing.fields import slug
from kb_builder.system.web import split_url

Record: TypeAlias = Mapping[str, Any]

_LISTS: Final = frozenset({"articles", "sections", "categories", "collections", "folders", "data", "users", "items"})


def records(data: object, key: str) -> list[Record]:
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
                    found += (item for item in as_list(listed) if isinstance(item, dict))
                elif name == key.rstrip("s") and key == "articles" and isinstance(inner, dict) and "id" in inner:
                    found.append(inner)  # one article an answer, as Help Scout sends them
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return list({id(item): item for item in found}.values())


def by_id(data: object, key: str) -> dict[str, Record]:
    """Id → record of the list under ``key``; of records with one id the first counts."""
    return {id_of(item.get("id")): item for item in reversed(records(data, key))}


def as_list(value: object) -> list[Any]:
    """``value`` if it is a list, as records from elsewhere may not have what their format promises; else empty."""
    return value if isinstance(value, list) else []


def trail_of(records: Mapping[str, Record], first: object, parent: str) -> list[Record]:
    """A section and those around it, outermost first."""
    trail: list[Record] = []
    place = id_of(first)
    while place in records and records[place] not in trail:
        trail.insert(0, records[place])
        place = id_of(records[place].get(parent))
    return trail


def id_of(value: object) -> str:
    """An id of the tool as one of ours; empty for what is neither a number nor a text."""
    return slug(str(value)) if isinstance(value, int | str) and not isinstance(value, bool) else ""


def name_in(item: object) -> str:
    """The name or title of a record; empty for what has none."""
    return one_line(item.get("name") or item.get("title")) if isinstance(item, dict) else ""


def title_of(value: object, article_id: str) -> str:
    """A title on one line; ``Untitled ID`` where there is none."""
    return one_line(value) or f"Untitled {article_id}"


def folders_of(*records: Record, names: Mapping[str, tuple[tuple[str, str], ...]] | None = None) -> tuple[Folder, ...]:
    """A folder for each record with a name; ``names`` maps ids to (language, name) pairs."""
    return tuple(
        Folder(id_of(record.get("id")), name, positive(record.get("position", record.get("order"))),
               one_line(record.get("description")), (names or {}).get(id_of(record.get("id")), ()))
        for record in records
        if (name := one_line(record.get("name")))
    )  # fmt: skip


def words_in(value: object) -> tuple[str, ...]:
    """The different words of a list, or of a text with commas."""
    items = value.split(",") if isinstance(value, str) else as_list(value)
    return tuple(dict.fromkeys(word for item in items if (word := one_line(item))))


def positive(value: object) -> int | None:
    """A whole number above 0, or None: the place of an article or a folder."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def day_of(value: object) -> str:
    """The ISO date of a moment: seconds since 1970, or RFC 3339."""
    try:
        if isinstance(value, int) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC).date().isoformat()
        return datetime.fromisoformat(str(value).replace("Z", "+00:00")).date().isoformat() if value else ""
    except (ValueError, OverflowError, OSError):
        return ""


def lacking(item: Record, keys: Mapping[str, str]) -> Iterator[str]:
    """Losses: keys with a value that our articles don't have."""
    yield from {name for key, name in keys.items() if item.get(key)}


def old_paths(url: object, short: str) -> tuple[str, ...]:
    """The path of an old address, and the same without the title in it."""
    try:
        path = split_url(url).path if isinstance(url, str) else ""
    except ValueError:
        return ()
    cut = path.find(short)
    return tuple(dict.fromkeys((path[: cut + len(short)], path))) if cut >= 0 else (path,) if path.strip("/") else ()


def announced(data: object) -> int:
    """How many articles the answers of an API say there are; 0 when they don't say."""
    answers = data if isinstance(data, list) else [data]
    counts = [each["count"] for each in answers if isinstance(each, dict) and isinstance(each.get("count"), int)]
    return max(counts, default=0)


def api_error(data: Record) -> str:
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
