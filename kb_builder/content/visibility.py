"""The visibility gate: the only place that decides who may see what, and the only one that makes a view.

Later stages take a :class:`PublicView` or a :class:`StaffView`, so that they can't be given an article that was not
released to that audience.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TypeVar

from kb_builder.model import Announcement, Article, Category


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that was read, released or not."""

    articles: tuple[Article, ...]
    categories: tuple[Category, ...]
    announcements: tuple[Announcement, ...]
    sources: "Catalogue | None" = None
    """For another language: what is shown in the language of the sources where there is no translation."""


class Verdict(StrEnum):
    """Why an article is, or isn't, shown."""

    RELEASED = "released"
    STAFF_ONLY = "for staff only"
    DRAFT = "a draft"
    SCHEDULED = "not published yet"
    EXPIRED = "expired"


_SEAL: Final = object()
# Announcements are included before their start, so that the browser can show them on time without a build.
_AHEAD: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class View:
    """The content that one audience may see. Made by :func:`public_view` and :func:`staff_view` only."""

    articles: tuple[Article, ...]
    """Released articles, sorted by path; unlisted ones included."""
    categories: tuple[Category, ...]
    """Those with at least one listed article, directly or below."""
    announcements: tuple[Announcement, ...]
    """Released announcements, newest start first: past and current ones, and those that start within a day."""
    preview: bool
    now: datetime
    _seal: object

    def __post_init__(self) -> None:
        if self._seal is not _SEAL:
            raise TypeError("views are made by public_view and staff_view only")

    @property
    def listed(self) -> tuple[Article, ...]:
        """Articles for lists and search."""
        return tuple(article for article in self.articles if not article.unlisted)

    @property
    def own(self) -> tuple[Article, ...]:
        """Listed articles in the language of the view, for feeds, maps and other programs."""
        return tuple(article for article in self.listed if not article.fallback)


class PublicView(View):
    """For customers."""

    __slots__ = ()


class StaffView(View):
    """For support staff: staff-only articles too, drafts and scheduled ones not."""

    __slots__ = ()


def verdict(item: Article | Announcement, now: datetime, *, staff: bool = False, preview: bool = False) -> Verdict:
    """Whether ``item`` may be seen at ``now`` (zone-aware), and if not, why not. The strictest reason applies."""
    if item.audience == "staff" and not staff:
        return Verdict.STAFF_ONLY
    if preview:
        return Verdict.RELEASED
    if item.draft:
        return Verdict.DRAFT
    if isinstance(item, Article):
        if item.publish_date and item.publish_date > now:
            return Verdict.SCHEDULED
        if item.expiry_date and item.expiry_date <= now:
            return Verdict.EXPIRED
    elif item.start > now + _AHEAD:
        return Verdict.SCHEDULED
    return Verdict.RELEASED


def public_view(catalogue: Catalogue, now: datetime, *, preview: bool = False) -> PublicView:
    """The content that customers may see at ``now``; with ``preview`` drafts, scheduled and expired articles too."""
    return PublicView(*_released(catalogue, now, staff=False, preview=preview))


def staff_view(catalogue: Catalogue, now: datetime, *, preview: bool = False) -> StaffView:
    """The content that support staff may see at ``now``."""
    return StaffView(*_released(catalogue, now, staff=True, preview=preview))


def withheld(catalogue: Catalogue, view: View) -> tuple[Article | Announcement, ...]:
    """The content of ``catalogue`` that ``view`` withholds, for the audit of the finished site."""
    shown = {article.path for article in view.articles} | {item.path for item in view.announcements}
    # A source that a translation is shown for is not withheld.
    urls = {article.url for article in view.articles} | {item.url for item in view.announcements}
    untranslated = (item for item in _items(catalogue.sources) if item.url not in urls)
    return (*(item for item in _items(catalogue) if item.path not in shown), *untranslated)


def never_released(
    catalogue: Catalogue, now: datetime, *, staff: bool = False, preview: bool = False
) -> tuple[Article | Announcement, ...]:
    """The content that the audience can't have seen yet: expired content was public once."""
    hidden = (Verdict.DRAFT, Verdict.STAFF_ONLY, Verdict.SCHEDULED)
    items = (*_items(catalogue), *_items(catalogue.sources))
    return tuple(item for item in items if verdict(item, now, staff=staff, preview=preview) in hidden)


def _items(catalogue: Catalogue | None) -> tuple[Article | Announcement, ...]:
    return (*catalogue.articles, *catalogue.announcements) if catalogue else ()


def _public_version(article: Article) -> Article:
    """The article without its parts for staff."""
    return replace(article, staff_body="", staff_text="") if article.staff_text else article


def _staff_version(article: Article) -> Article:
    """The article with its parts for staff in the body; those of the header come first."""
    if not article.staff_text:
        return article
    added = article.staff_body.count("\n") - article.body.count("\n") - sum(count for _, count in article.removed_lines)
    return replace(article, body=article.staff_body, body_line=article.body_line - added, removed_lines=())


def withheld_by_clock(catalogue: Catalogue, view: View) -> frozenset[str]:
    """Project paths of what ``view`` withholds only because of a date: it was public, or will be."""
    staff = isinstance(view, StaffView)
    items = (*_items(catalogue), *_items(catalogue.sources))
    dated = (Verdict.SCHEDULED, Verdict.EXPIRED)
    return frozenset(item.path for item in items if verdict(item, view.now, staff=staff, preview=view.preview) in dated)


def _released(
    catalogue: Catalogue, now: datetime, *, staff: bool, preview: bool
) -> tuple[tuple[Article, ...], tuple[Category, ...], tuple[Announcement, ...], bool, datetime, object]:
    def shown(item: Article | Announcement) -> bool:
        return verdict(item, now, staff=staff, preview=preview) is Verdict.RELEASED

    version = _staff_version if staff else _public_version
    released, notices = list(filter(shown, catalogue.articles)), list(filter(shown, catalogue.announcements))
    if sources := catalogue.sources:
        released += _in_place_of_translations(filter(shown, sources.articles), released)
        notices += _in_place_of_translations(filter(shown, sources.announcements), notices)
    articles = tuple(map(version, sorted(released, key=lambda article: article.path)))
    announcements = tuple(sorted(notices, key=lambda item: (item.start, item.slug), reverse=True))
    return articles, _with_listed_articles(catalogue.categories, articles), announcements, preview, now, _SEAL


_Item = TypeVar("_Item", Article, Announcement)


def _in_place_of_translations(sources: Iterable[_Item], translations: Iterable[_Item]) -> Iterator[_Item]:
    """Those of ``sources`` that none of ``translations`` is a translation of, marked."""
    there = {item.url for item in translations}
    return (replace(item, fallback=True) for item in sources if item.url not in there)


def _with_listed_articles(categories: Iterable[Category], articles: Iterable[Article]) -> tuple[Category, ...]:
    """Categories with a listed article; an empty one would reveal that a hidden article exists."""
    folders: set[str] = set()
    for folder in {article.url.strip("/").rpartition("/")[0] for article in articles if not article.unlisted} - {""}:
        parts = folder.split("/")
        folders.update("/".join(parts[:end]) for end in range(1, len(parts) + 1))
    return tuple(category for category in categories if category.path in folders)
