"""The variables of each template. A template reads nothing but ``site``, ``page`` and the functions named here.

Every template is called with

- ``site``: :class:`~kb_builder.pages.elements.Site`, the same value on every page of a build,
- ``page``: one of the contexts below, chosen by the template's name,
- ``word(english, **values)``, ``number(value, digits)``, ``percent(share)``, ``duration("5 minutes")``,
  ``day_in_words(date)`` and ``moment_in_words(datetime)`` in the language of the site (see
  :mod:`kb_builder.content.interface_language`),
- ``link(url)``: a site-relative URL (``faq/orders/``, ``#top``, ``https://…``) as seen from this page,
- ``lang_of(item)``: the attributes of what is shown in another language than the page's for want of a translation,
- ``links(articles)``: the items of a list of links to them, as ``components/teasers/link.html`` draws each,
- ``asset(name)``: the URL of a theme file (``kb.css``, ``search/box.mjs``) as seen from this page,
- ``frame(part)``: a part of ``frame.html`` that all articles of a folder share: ``head``, ``top``, ``crumbs``,
  ``contact``, ``card`` or ``footer``. It is rendered once for all of them, so it must not depend on a single article.

``{{ "phone"|icon }}`` inlines an icon (see :mod:`kb_builder.rendering.icons`).

Everything is plain text and escaped by the environment, except fields typed ``Markup``, which are sanitised HTML.
"""

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from kb_builder.model import Action, Gap, Heading, Promise, Segment
from kb_builder.pages.elements import Banner, Card, Common, Crumb, Letter, PinCard, Teaser
from kb_builder.pages.other_languages import LanguageLink
from kb_builder.pages.sparkline import Sparkline


@dataclass(frozen=True, slots=True)
class HomePage:
    """The root of a language: pins, then categories and policies."""

    common: Common
    pins: tuple[PinCard, ...]
    """Pins for everyone first, then those of segments, which the browser shows to readers of that segment."""
    categories: tuple[Card, ...]
    policies: tuple[Teaser, ...]
    more_policies: bool
    answers: tuple[Teaser, ...] = ()
    """The first articles of a help centre without topics."""


@dataclass(frozen=True, slots=True)
class CategoryPage:
    """A folder of articles."""

    common: Common
    icon: str
    introduction: Markup
    pins: tuple[PinCard, ...]
    subcategories: tuple[Card, ...]
    articles: tuple[Teaser, ...] = ()
    previous: Crumb | None = None
    next: Crumb | None = None
    """Long categories are paged."""


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """An article or a policy."""

    common: Common
    id: str
    answer: str | Markup
    """HTML where the author used inline Markdown."""
    body: Markup
    headings: tuple[Heading, ...]
    """For “on this page”; empty below four headings."""
    short_url: str
    """Absolute; empty for an article for staff only, which customers can't open."""
    effective_date: date | None
    last_reviewed_on: date | None
    changes: Markup
    """“What changed”, a policy's own section of that name, or empty."""
    related: tuple[Teaser, ...]
    topic: tuple[Teaser, ...]
    """The article and its neighbours in its category, at most eight; empty when it is alone."""
    pin: PinCard | None
    share_sms: str
    """Finished ``sms:`` and ``mailto:`` links that carry the answer and the short link."""
    share_email: str
    feedback_email: str
    """Finished ``mailto:`` link about this article, or empty."""
    segments: tuple[Segment, ...]
    """Empty for everyone."""
    moved_anchors: str = ""
    """JSON of anchors that were on this page → URL as seen from it, or empty."""
    action: Action | None = None
    """The main button; its ``url`` is site-relative or absolute."""
    outdated: bool = False
    """Whether it is a translation that lacks an important change of its source."""


@dataclass(frozen=True, slots=True)
class ContactPage:
    """``/contact/``: every channel with its opening hours, from ``common``."""

    common: Common


@dataclass(frozen=True, slots=True)
class AllPage:
    """``/all/``: every article by title, on one page or a page a letter."""

    common: Common
    letters: tuple[Letter, ...]
    """Empty when all articles fit on one page."""
    current: str = ""
    articles: tuple[Teaser, ...] = ()
    groups: tuple[tuple[str, tuple[Teaser, ...]], ...] = ()
    """All articles by letter, when they fit on one page."""
    previous: Crumb | None = None
    next: Crumb | None = None
    """A letter with many articles is paged."""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """``/search/``: lists all articles (or the letters of ``/all/``) for readers without scripts."""

    common: Common
    letters: tuple[Letter, ...]
    articles: tuple[Teaser, ...]
    pins: tuple[PinCard, ...]


@dataclass(frozen=True, slots=True)
class TrendingPage:
    """``/trending/``: the pins of everyone, and those of segments."""

    common: Common
    pins: tuple[PinCard, ...]
    for_segments: tuple[PinCard, ...]
    """Pins of segments only, one per article; ``segment_name`` names all its segments."""


@dataclass(frozen=True, slots=True)
class SegmentPage:
    """``/s/SLUG/``: the trends of a group of customers, and the articles for it."""

    common: Common
    segment: Segment
    pins: tuple[PinCard, ...]
    """The segment's own first, then the site's."""
    articles: tuple[Teaser, ...] = ()


@dataclass(frozen=True, slots=True)
class AnnouncementPage:
    """``/announcements/SLUG/``; ``segments`` are the ones it is for, none for everybody."""

    common: Common
    banner: Banner
    body: Markup
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class AnnouncementsPage:
    """``/announcements/``: current and past ones."""

    common: Common
    current: tuple[Banner, ...]
    past: tuple[Banner, ...]


@dataclass(frozen=True, slots=True)
class NotFoundPage:
    """``404.html``. Links are absolute paths, since it is served at any depth."""

    common: Common
    pins: tuple[PinCard, ...]
    categories: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class RedirectPage:
    """A redirect that keeps query and fragment. One with a description is a short link that staff send."""

    common: Common
    target: str
    """Site-relative, maybe with an anchor."""
    target_title: str
    anchors: str = ""
    """JSON of anchors that lead elsewhere → URL as seen from this page, or empty."""
    languages: tuple[LanguageLink, ...] = ()
    """The target in every language, for the reader's own; empty where there is one."""


@dataclass(frozen=True, slots=True)
class NoticePage:
    """The page of a withdrawn article. Nothing on it comes from the article."""

    common: Common
    withdrawn: date | None
    reason: str
    """The reason given in ``redirects.yml``, or empty."""
    replacement: Teaser | None
    nearest: tuple[Teaser, ...]


@dataclass(frozen=True, slots=True)
class StaffPage:
    """The home page of the staff site: search, and a reply for each channel."""

    common: Common
    replies_manifest: str
    notes_manifest: str
    """Site-relative paths of the JSON the page reads: what can be sent, and what is for staff alone."""
    pins: tuple[PinCard, ...] = ()
    categories: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True)
class StaffTrendsPage:
    """Trends with numbers, and promised response times; on the staff site only."""

    common: Common
    sparklines: tuple[Sparkline, ...]
    reasons_nothing_pinned: tuple[str, ...]
    promises: tuple[Promise, ...]


@dataclass(frozen=True, slots=True)
class StaffGapsPage:
    """Bursts of questions that no article answers; on the staff site only."""

    common: Common
    gaps: tuple[Gap, ...]
