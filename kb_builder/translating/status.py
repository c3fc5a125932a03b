"""Which translations are missing, which are older than their source, and which are needed first."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from kb_builder.content.revisions import is_stale, revision
from kb_builder.model import Article

State: TypeAlias = Literal["missing", "stale", "kept in", "unmarked", "up to date"]
"""``kept in``: the translation is there, and is a draft, for staff, or shown at another time only."""
STATES: Final[tuple[State, ...]] = ("missing", "stale", "kept in", "unmarked", "up to date")


@dataclass(frozen=True, slots=True)
class Standing:
    """One article in one language. ``asked`` is how many customers asked about it in the last four weeks."""

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
    """Readers are told that the translation lacks an important change."""
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
    found = [
        _standing(source, there.get((language, source.id)), language, asked, public)
        for language in languages
        for source in sources
    ]
    order = {language: place for place, language in enumerate(languages)}
    return tuple(sorted(found, key=lambda one: (order[one.language], -one.asked, STATES.index(one.state), one.id)))


def _standing(
    source: Article, translation: Article | None, language: str, asked: Mapping[str, int], public: Collection[str]
) -> Standing:
    if translation is None:
        state: State = "missing"
    elif translation.path not in public:
        state = "kept in"
    elif not translation.translated_from:
        state = "unmarked"
    else:
        state = "stale" if is_stale(translation, source) else "up to date"
    return Standing(
        source.id, source.title, language, state, asked.get(source.id, 0), source.path,
        translation.path if translation else "", bool(translation and translation.outdated), revision(source),
    )  # fmt: skip
