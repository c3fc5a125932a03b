"""An article as another tool had it, before it is written as ours."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from operator import attrgetter
from typing import Final

STAFF_UNKNOWN: Final = "who may read it is not in the export: staff only"


@dataclass(frozen=True, slots=True)
class Folder:
    """A category, section or collection. ``id`` distinguishes two of the same name."""

    id: str
    name: str
    order: int | None = None
    description: str = ""
    names: tuple[tuple[str, str], ...] = ()
    """Language and name in it, as the tool has them."""


@dataclass(frozen=True, slots=True)
class Exported:
    """One article. Either ``html`` or ``markdown`` holds its body. ``losses`` is what its source had and ours lacks."""

    id: str
    title: str
    html: str = ""
    markdown: str = ""
    folders: tuple[Folder, ...] = ()
    """Outermost first."""
    old_paths: tuple[str, ...] = ()
    description: str = ""
    asked_as: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    order: int | None = None
    draft: bool = False
    staff: bool = False
    unlisted: bool = False
    promoted: bool = False
    owner: str = ""
    edited_on: str = ""
    """ISO date of the last edit, or empty."""
    publish_date: str = ""
    expiry_date: str = ""
    file: str = ""
    """Path in the source folder, from which its relative links count; empty for exports in one file."""
    language: str = ""
    """The tool's code for the language of the text: ``de-at``; empty where it has none."""
    translations: tuple["Exported", ...] = ()
    losses: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Export:
    """Everything of one export. ``pages`` maps old paths of section, category and request pages to the folders' ids,
    or to ``contact``; ``hosts`` are those of the old help centre, lower case."""

    articles: tuple[Exported, ...]
    pages: Mapping[str, str] = field(default_factory=dict)
    hosts: frozenset[str] = frozenset()
    read: Callable[[str], bytes | None] = field(default=lambda _: None)
    """The bytes of a picture or attachment in the source; None when there is no such file."""
    losses: Counter[str] = field(default_factory=Counter)
    """Losses that concern no single article."""


def with_own_ids(articles: Iterable[Exported]) -> tuple[Exported, ...]:
    """The articles by id; what is not the first of several with one id gets a number that no other id has."""
    given = tuple(articles)
    taken = {article.id for article in given}
    numbers: dict[str, count[int]] = {}
    found = []
    for article in given:
        id = article.id
        if id in numbers:
            id = next(free for number in numbers[id] if (free := f"{article.id}-{number}") not in taken)
        else:
            numbers[id] = count(2)
        found.append(replace(article, id=id))
    return tuple(sorted(found, key=attrgetter("id")))


def one_line(value: object) -> str:
    """Text on one line, without invisible characters."""
    text = str(value) if isinstance(value, str | int) else ""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())
