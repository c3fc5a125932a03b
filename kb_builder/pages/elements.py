"""Parts of several kinds of page: the site and the head of a page, and cards, teasers, pins and banners in lists."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from markupsafe import Markup

from kb_builder.config import FeedbackOptions
from kb_builder.model import AnnouncementSeverity, Contact, PinState, Segment
from kb_builder.pages.other_languages import LanguageLink


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the breadcrumb; the last one is the page itself and is not linked."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Card:
    """A category on the home page or in the menu, with the number of its answers."""

    title: str
    url: str
    description: str
    count: int
    icon: str
    """Name of an icon in Material's sets."""


class Teaser(NamedTuple):
    """An article in a list."""

    id: str
    title: str
    url: str
    answer: str
    fallback: bool = False
    """Whether it is in the language of the sources, for want of a translation."""


@dataclass(frozen=True, slots=True)
class PinCard:
    """A trending article. ``until`` lets the browser hide it by its own clock; ``band`` is the reason in plain
    words, empty for a manual pin without a day, which has no ``since`` either.

    ``segment`` is None when it is shown to everybody. ``segment_name`` is what a customer reads.
    """

    id: str
    title: str
    url: str
    answer: str
    band: str
    state: PinState
    since: date | None
    until: datetime
    segment: str | None
    segment_name: str
    fallback: bool = False


@dataclass(frozen=True, slots=True)
class Banner:
    """A current or upcoming announcement. The browser's clock decides whether it is shown."""

    slug: str
    title: str
    url: str
    summary: str
    severity: AnnouncementSeverity
    start: datetime
    end: datetime | None
    active: bool
    """Current at build time: shown without scripts."""
    version: str
    dismissible: bool
    segments: tuple[str, ...]
    about: tuple[str, ...] = ()
    """URLs of the articles it links to; it is left out on their pages."""
    fallback: bool = False


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed for ``link rel=alternate``. ``type`` is a media type."""

    title: str
    url: str
    type: str


@dataclass(frozen=True, slots=True)
class SiteLink:
    """A configured link. ``footer_only`` ones (imprint, privacy, terms) are left out of the header."""

    label: str
    url: str
    footer_only: bool


@dataclass(frozen=True, slots=True)
class Site:
    """Values shared by all pages of a build."""

    name: str
    url: str
    """Absolute, with a trailing slash."""
    language: str
    direction: str
    logo: str
    """Site-relative path of the logo, or empty."""
    favicon: str
    contact: Contact
    categories: tuple[Card, ...]
    """At most twelve."""
    more_categories: bool
    segments: tuple[Segment, ...]
    banners: tuple[Banner, ...]
    feedback: FeedbackOptions
    search_root: str
    """Site-relative path of the file of the search index that is opened first."""
    staff: bool
    preview: bool
    """True when drafts are shown."""
    happening: str = ""
    """Site-relative path of the JSON with today's pins, for the empty search box: ``{"pins": [{"title", "url",
    "band", "segment", "until"}]}``, urls site-relative."""
    feeds: tuple[Feed, ...] = ()
    links: tuple[SiteLink, ...] = ()
    social_image: str = ""
    """Site-relative path of the preview image, or empty."""
    policies: Crumb | None = None
    """The page that lists the policies."""
    logo_size: tuple[int, int] | None = None
    """Width and height in pixels, where known."""
    source_url: str = ""
    """In another language than the sources': their root, language and direction. A page without a translation shows
    their text."""
    source_language: str = ""
    source_direction: str = ""


@dataclass(frozen=True, slots=True)
class Common:
    """The head and frame of a page; the first field of every page context."""

    kind: str
    """home, category, article, policy, contact, all, search, trending, segment, announcement, announcements,
    not-found, redirect, withdrawn, staff, staff-trends or patterns."""
    title: str
    url: str
    """Site-relative URL of this page; empty for the home page."""
    canonical: str
    description: str
    breadcrumb: tuple[Crumb, ...] = ()
    indexed: bool = True
    structured_data: tuple[Markup, ...] = ()
    """JSON-LD documents, each safe inside a script element."""
    markdown: bool = False
    """Whether the page has a Markdown copy."""
    social_image: str = ""
    """Site-relative path of the page's own preview image, or empty."""
    languages: tuple[LanguageLink, ...] = ()
    """The page in every language, its own included; empty where the help centre has one language."""
    fallback: bool = False
    """Whether its text is in the language of the sources, for want of a translation."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One page of ``/all/``."""

    letter: str
    url: str
    count: int
