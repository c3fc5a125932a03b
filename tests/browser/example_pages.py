"""Every kind of page with believable data and with hostile data: to look at, and for tests that need no pipeline."""

from dataclasses import dataclass, replace
from datetime import date

from markupsafe import Markup

from kb_builder.model import Heading
from kb_builder.pages.contexts import (
    AllPage,
    AnnouncementPage,
    AnnouncementsPage,
    ArticlePage,
    CategoryPage,
    ContactPage,
    HomePage,
    NotFoundPage,
    NoticePage,
    RedirectPage,
    SearchPage,
    SegmentPage,
    StaffGapsPage,
    StaffPage,
    StaffTrendsPage,
    TrendingPage,
)
from kb_builder.pages.elements import Banner, Card, Common, Crumb, Letter, PinCard, Teaser
from kb_builder.pages.sparkline import Sparkline
from tests.browser.example_articles import ARTICLE, HOSTILE_ARTICLE, LONG_ARTICLE, POLICY, SHORT_ARTICLE
from tests.browser.example_shop import (
    ALL_BANNERS,
    BANNERS,
    CARDS,
    HOSTILE,
    HOSTILE_SITE,
    ISLANDS,
    LETTERS,
    LONG_WORD,
    PINS,
    POLICIES,
    TEASERS,
    TITLES,
    TRADE,
    common,
)
from tests.browser.example_staff import GAPS, PROMISES, SPARKS


@dataclass(frozen=True, slots=True)
class PatternsPage:
    """What ``patterns.html`` is given: one of everything."""

    common: Common
    pins: tuple[PinCard, ...]
    categories: tuple[Card, ...]
    articles: tuple[Teaser, ...]
    letters: tuple[Letter, ...]
    banners: tuple[Banner, ...]
    headings: tuple[Heading, ...]
    answer: str
    body: Markup
    spark: Sparkline
    short_url: str
    share_sms: str
    share_email: str
    feedback_email: str


@dataclass(frozen=True, slots=True)
class Example:
    """A page to render. ``kind`` is its template without the ending."""

    file: str
    kind: str
    page: object


def home(**changes: object) -> HomePage:
    page = HomePage(
        common("home", "", "", description="Answers and help from Harbour & Pine."), PINS, CARDS, POLICIES, True
    )
    return replace(page, **changes)  # type: ignore[arg-type]


def examples() -> tuple[Example, ...]:
    """Every page of the believable site, by file."""
    search = SearchPage(common("search", "Search", "search/", indexed=False), (), TEASERS, PINS[:2])
    return (
        Example("index.html", "home", home()),
        Example(
            "faq/orders/index.html",
            "category",
            CategoryPage(
                common("category", "Orders", "faq/orders/"),
                CARDS[0].icon,
                Markup(CARDS[0].description),
                PINS[:1],
                CARDS[4:6],
                TEASERS,
                None,
                Crumb("Page 2", "faq/orders/page-2/"),
            ),
        ),
        Example("faq/orders/cancel-order/index.html", "article", ARTICLE),
        Example("faq/orders/change-address/index.html", "article", SHORT_ARTICLE),
        Example("faq/delivery/everything/index.html", "article", LONG_ARTICLE),
        Example("policies/returns-policy/index.html", "article", POLICY),
        Example("contact/index.html", "contact", ContactPage(common("contact", "Contact us", "contact/"))),
        Example("all/index.html", "all", AllPage(common("all", "All answers A–Z", "all/"), LETTERS, "C", TEASERS)),
        Example("search/index.html", "search", search),
        Example(
            "trending/index.html",
            "trending",
            TrendingPage(common("trending", "Happening now", "trending/"), PINS[:3], tuple(PINS[5:])),
        ),
        Example(
            "s/islands/index.html",
            "segment",
            SegmentPage(common("segment", ISLANDS.name, "s/islands/"), ISLANDS, (PINS[5], *PINS[:2]), TEASERS[3:4]),
        ),
        Example("s/trade/index.html", "segment", SegmentPage(common("segment", TRADE.name, "s/trade/"), TRADE, (), ())),
        Example(
            "announcements/index.html",
            "announcements",
            AnnouncementsPage(
                common("announcements", "Announcements", "announcements/"), ALL_BANNERS[:4], ALL_BANNERS[4:]
            ),
        ),
        Example(
            "announcements/storm/index.html",
            "announcement",
            AnnouncementPage(
                common(
                    "announcement", BANNERS[0].title, "announcements/storm/", Crumb("Announcements", "announcements/")
                ),
                BANNERS[0],
                Markup(
                    "<p>Snow closed our depot in Perth on Thursday. Parcels to postcodes that start with "
                    "AB, DD, IV, KW and PH take two days longer. We are sorry for the wait.</p>"
                ),
                (ISLANDS,),
            ),
        ),
        Example(
            "404.html",
            "not_found",
            NotFoundPage(common("not-found", "Page not found", "404.html", indexed=False), PINS[:2], CARDS),
        ),
        Example(
            "a/cancel-order/index.html",
            "redirect",
            RedirectPage(
                common("redirect", TITLES[1][1], "a/cancel-order/", indexed=False), TITLES[1][2], TITLES[1][1]
            ),
        ),
        Example(
            "a/fax-orders/index.html",
            "withdrawn",
            NoticePage(
                common("withdrawn", "This answer was withdrawn", "a/fax-orders/", indexed=False),
                date(2026, 3, 3),
                "We no longer take orders by fax.",
                TEASERS[0],
                TEASERS[1:4],
            ),
        ),
        Example(
            "staff/index.html",
            "staff",
            StaffPage(
                common("staff", "Replies", "staff/", indexed=False), "api/replies.json", "api/notes.json", PINS, CARDS
            ),
        ),
        Example(
            "staff/trends/index.html",
            "staff_trends",
            StaffTrendsPage(
                common("staff-trends", "Why topics are pinned", "staff/trends/", indexed=False), SPARKS, (), PROMISES
            ),
        ),
        Example(
            "staff/gaps/index.html",
            "staff_gaps",
            StaffGapsPage(common("staff-gaps", "Gaps", "staff/gaps/", indexed=False), GAPS),
        ),
        patterns("patterns/", ARTICLE, SPARKS[0], PINS, ALL_BANNERS),
    )


def hostile_examples() -> tuple[Example, ...]:
    """The same templates with hostile data, and with very long words."""
    pins = tuple(replace(item, title=HOSTILE, band=LONG_WORD, segment=None, segment_name=HOSTILE) for item in PINS[:3])
    return (
        Example(
            "hostile/home/index.html",
            "home",
            home(common=common("home", HOSTILE, "hostile/home/"), pins=pins, categories=HOSTILE_SITE.categories),
        ),
        Example("hostile/article/index.html", "article", HOSTILE_ARTICLE),
        Example("hostile/contact/index.html", "contact", ContactPage(common("contact", HOSTILE, "hostile/contact/"))),
        Example(
            "hostile/404.html",
            "not_found",
            NotFoundPage(common("not-found", "Page not found", "hostile/404.html"), pins, CARDS),
        ),
        Example(
            "hostile/staff-trends/index.html",
            "staff_trends",
            StaffTrendsPage(common("staff-trends", HOSTILE, "hostile/staff-trends/"), SPARKS, (HOSTILE,), PROMISES),
        ),
        patterns("hostile/patterns/", HOSTILE_ARTICLE, SPARKS[1], pins, HOSTILE_SITE.banners),
    )


def patterns(
    url: str, article: ArticlePage, spark: Sparkline, pins: tuple[PinCard, ...], banners: tuple[Banner, ...]
) -> Example:
    """Every component on one page, with the data of one article."""
    page = PatternsPage(
        common("patterns", "Patterns", url, indexed=False),
        pins,
        CARDS,
        article.related,
        LETTERS,
        banners,
        article.headings,
        article.answer,
        article.body,
        spark,
        article.short_url,
        article.share_sms,
        article.share_email,
        article.feedback_email,
    )
    return Example(f"{url}index.html", "patterns", page)
