"""The state of translations: those missing, those older than their source, and those needed first."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Final, Literal, TypeAlias

from kb_builder.content.revisions import revision
from kb_builder.model import Announcement, Article, Category
from kb_builder.translating.names import Settings

Source: TypeAlias = Article | Announcement | Category | Settings
"""Anything that is translated as one."""


def id_of(source: Source) -> str:
    """The name in translators' files and in commands: the id of an article, the path of another file."""
    return source.id if isinstance(source, Article) else path_of(source)


def path_of(source: Source) -> str:
    """Project path of the file that is translated."""
    return f"{source.folder}/_category.yml" if isinstance(source, Category) else source.path


State: TypeAlias = Literal["missing", "stale", "kept in", "unmarked", "up to date"]
"""``kept in``: the translation is there, and is a draft, for staff, or shown at another time only."""
STATES: Final[tuple[State, ...]] = ("missing", "stale", "kept in", "unmarked", "up to date")


@dataclass(frozen=True, slots=True)
class Standing:
    """One text in one language. ``asked`` is how many customers asked about an article in the last four weeks."""

    id: str
    title: str
    language: str
    state: State
    asked: int
    path: str
    """Of the source."""
    translation: str
    """Path of the translation, or empty."""
    important: bool
    """Readers see a note that the translation lacks an important change."""
    revision: str
    """Of the source, as ``translated_from`` names it."""


def standings(
    sources: Iterable[Article],
    translations: Iterable[Article],
    languages: Sequence[str],
    asked: Mapping[str, int],
    public: Collection[str],
) -> tuple[Standing, ...]:
    """Every article of ``sources`` in each of ``languages``: by language, what is asked for most first.

    ``public`` are the paths of the translations that customers may see.
    """
    there = {(article.language, article.id): article for article in translations}
    found = []
    for language in languages:
        for source in sources:
            one = there.get((language, source.id))
            state: State = "missing" if one is None else "kept in"
            if one and one.path in public:
                state = _state(one.translated_from, source)
            path, important = (one.path, one.outdated) if one else ("", False)
            found.append(_standing(source, language, state, path, asked.get(source.id, 0), important=important))
    order = {language: place for place, language in enumerate(languages)}
    return tuple(sorted(found, key=lambda one: (order[one.language], -one.asked, STATES.index(one.state), one.id)))


def other_standings(
    notices: Sequence[Announcement], topics: Iterable[Category], languages: Sequence[str], now: datetime
) -> tuple[Standing, ...]:
    """Topics with words in a file of theirs, and announcements that are shown now or later, in each of ``languages``;
    ``notices`` are in every language."""
    theirs = {(notice.language, notice.slug): notice for notice in notices if notice.language}
    shown = [
        notice
        for notice in notices
        if not notice.language and notice.audience == "public" and not notice.draft
        if notice.end is None or notice.end > now
    ]
    found = []
    for language in languages:
        for topic in filter(attrgetter("file"), topics):
            named = topic.translation(language)
            whole = named is not None and (named.description or not topic.has_description)
            state: State = _state(named.translated_from, topic) if named and whole else "missing"
            found.append(_standing(topic, language, state, ""))
        for notice in shown:
            there = theirs.get((language, notice.slug))
            state = "missing" if there is None else _state(there.translated_from, notice)
            if there and (there.draft or there.audience != "public"):
                state = "kept in"
            found.append(_standing(notice, language, state, there.path if there else ""))
    return tuple(found)


def _state(translated_from: str, source: Article | Announcement | Category) -> State:
    if not translated_from:
        return "unmarked"
    return "up to date" if translated_from == revision(source) else "stale"


def _standing(
    source: Article | Announcement | Category,
    language: str,
    state: State,
    path: str,
    asked: int = 0,
    *,
    important: bool = False,
) -> Standing:
    at = path_of(source)
    return Standing(id_of(source), source.title, language, state, asked, at, path, important, revision(source))
