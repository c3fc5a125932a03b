"""The value of a page, the content that pages are planned from, and functions over both."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias
from urllib.parse import quote

from kb_builder.content.interface_language import Language
from kb_builder.content.visibility import View
from kb_builder.model import Announcement, Article, Category, Gap, Outline, Pin, Promise
from kb_builder.pages import contexts, topic_icons
from kb_builder.pages.elements import Banner, Card
from kb_builder.pages.other_languages import OtherLanguages
from kb_builder.pages.sparkline import Sparkline

MENU_CATEGORIES: Final = 12
_QUOTED: Final = {code: quote(chr(code)) for code in range(0xA0)}
_CHANGES: Final = ("what changed", "what has changed", "what's changed", "what’s changed", "changes")

PageContext: TypeAlias = (
    contexts.HomePage
    | contexts.CategoryPage
    | contexts.ArticlePage
    | contexts.ContactPage
    | contexts.AllPage
    | contexts.SearchPage
    | contexts.TrendingPage
    | contexts.SegmentPage
    | contexts.AnnouncementPage
    | contexts.AnnouncementsPage
    | contexts.NotFoundPage
    | contexts.RedirectPage
    | contexts.NoticePage
    | contexts.StaffPage
    | contexts.StaffTrendsPage
    | contexts.StaffGapsPage
)


class BodySource(NamedTuple):
    """The body a page shows and its rewritten links. The body itself is read only when a page is rendered."""

    path: str
    """Project path of the source file."""
    key: str
    """Hash of everything the article, its body and its outline are made from."""
    targets: tuple[tuple[str, str | None], ...]
    sizes: tuple[tuple[str, tuple[int, int]], ...]
    changes_anchor: str

    @property
    def cache_input(self) -> str:
        """All fields as one string: while it is the same, so is the body a page shows."""
        return f"{self.path}\0{self.key}\0{self.targets}\0{self.sizes}\0{self.changes_anchor}"


class Page(NamedTuple):
    """A page to render: output file, template and context.

    Most pages are unchanged between builds, so the context is computed only when the page is rendered.
    """

    file: str
    """Path in the finished site."""
    url: str
    template: str
    indexed: bool
    """Whether search engines may index it."""
    inputs: str
    """Cache-key input: everything besides :class:`Site` that the context and the body depend on."""
    make: Callable[[str], PageContext]
    """Returns the context of the page with a given URL; many pages share one function."""
    body: BodySource | None = None

    @property
    def context(self) -> PageContext:
        """Computed on each access."""
        return self.make(self.url)


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything pages are planned from. Mappings are keyed by article id, ``notices`` by announcement slug."""

    view: View
    outlines: Mapping[str, Outline]
    bodies: Mapping[str, BodySource]
    related: Mapping[str, Sequence[str]]
    pins: tuple[Pin, ...]
    segment_pins: Mapping[str, tuple[Pin, ...]]
    """Segment → its own pins, then the site's."""
    notices: Mapping[str, BodySource]
    sparklines: tuple[Sparkline, ...] = ()
    reasons_nothing_pinned: tuple[str, ...] = ()
    promises: tuple[Promise, ...] = ()
    """For staff."""
    gaps: tuple[Gap, ...] = ()
    replacements: Mapping[str, str] = field(default_factory=dict)
    """Id of each withdrawn article that another one replaces → id of that one."""
    moved_anchors: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """URL of a page → anchor that was on it → site-relative URL it leads to now."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """Article id → its answer as HTML with the author's links, where the answer has inline Markdown."""
    language: Language = field(default_factory=Language)
    previews: Mapping[str, str] = field(default_factory=dict)
    """Article id → site path of its own preview image."""
    elsewhere: OtherLanguages = field(default_factory=OtherLanguages)


def file_of(url: str) -> str:
    """The file a URL is served from: ``faq/x/`` → ``faq/x/index.html``."""
    return url if url.endswith(".html") else f"{url}index.html"


def updated_on(article: Article) -> date | None:
    """The day an article was last reviewed or took effect."""
    return article.last_reviewed_on or article.effective_date


def quoted(text: str) -> str:
    """``text`` as a part of a ``mailto:`` or ``sms:`` link. Letters beyond ASCII stay: a browser encodes them when the
    link is followed, and an Arabic answer would be three times as long in each link that carries it."""
    return text.translate(_QUOTED)


def banners(
    announcements: Iterable[Announcement], view: View, about: Mapping[str, tuple[str, ...]] = MappingProxyType({})
) -> tuple[Banner, ...]:
    """Current and upcoming announcements, the most severe first.

    ``about`` maps the slug of an announcement to the URLs it links to.
    """
    order = ("critical", "warning", "notice", "info")
    current = [item for item in announcements if item.end is None or item.end > view.now]
    return tuple(
        banner(item, view, about.get(item.slug, ()))
        for item in sorted(current, key=lambda item: order.index(item.severity))
    )


def banner(item: Announcement, view: View, about: tuple[str, ...] = ()) -> Banner:
    """An announcement as a banner."""
    return Banner(
        slug=item.slug,
        title=item.title,
        url=item.url,
        summary=item.summary,
        severity=item.severity,
        start=item.start,
        end=item.end,
        active=item.start <= view.now and (item.end is None or item.end > view.now),
        version=item.version,
        dismissible=item.dismissible,
        segments=item.segments,
        about=about,
        fallback=item.fallback,
    )


def cards(view: View, other: str) -> tuple[Card, ...]:
    """The topics of the home page: the folders in ``faq/``, and the other top-level folders except ``policies/``.

    Articles directly in ``faq/`` are one more topic with the title ``other``, the last one.
    """
    own = Counter(map(folder_of, view.listed))
    counts = counts_with_descendants(own)

    def is_topic(category: Category) -> bool:
        parent, _, name = category.path.rpartition("/")
        return parent == "faq" or (not parent and name not in ("policies", "faq", ""))

    topics = [card(category, counts[category.path]) for category in in_order(view.categories) if is_topic(category)]
    if own["faq"]:
        topics.append(Card(other, "faq/", "", own["faq"], topic_icons.DEFAULT))
    return tuple(topics)


def card(category: Category, count: int) -> Card:
    """A category as a card with its icon."""
    icon = category.icon or topic_icons.default_name(f"{category.path.rpartition('/')[2]} {category.title}")
    return Card(category.title, category.url, category.description, count, icon)


def counts_with_descendants(own: Mapping[str, int]) -> Counter[str]:
    """Articles in each folder and its descendants; ``own`` counts those directly in it."""
    counts: Counter[str] = Counter()
    for folder, count in own.items():
        while folder:
            counts[folder] += count
            folder = folder.rpartition("/")[0]
    return counts


def folder_of(article: Article) -> str:
    """The path of an article's category: its URL without the last segment."""
    return article.url.strip("/").rpartition("/")[0]


def in_order(categories: Iterable[Category]) -> list[Category]:
    """Categories by their ``order``, those without one last, by title."""
    return sorted(categories, key=lambda item: (item.order is None, item.order or 0, item.title.casefold(), item.path))


def changes_anchor(outline: Outline) -> str:
    """The anchor of a policy's own “what changed” section, or empty."""
    return next((h.anchor for h in outline.headings if h.text.casefold().startswith(_CHANGES)), "")
