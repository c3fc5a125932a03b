"""Every kind of page with believable data and with hostile data: for eyes, and for tests that need no pipeline."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from markupsafe import Markup

from kb_builder.model import Channel, Contact, Gap, Heading, OpeningHours, PinState, Promise, Segment
from kb_builder.pages.contexts import (
    AllPage,
    AnnouncementPage,
    AnnouncementsPage,
    ArticlePage,
    Banner,
    Card,
    CategoryPage,
    Common,
    ContactPage,
    Crumb,
    Feed,
    Feedback,
    HomePage,
    Letter,
    NotFoundPage,
    NoticePage,
    PinCard,
    RedirectPage,
    SearchPage,
    SegmentPage,
    Site,
    StaffGapsPage,
    StaffPage,
    StaffTrendsPage,
    Teaser,
    TrendingPage,
)
from kb_builder.pages.sparkline import Sparkline
from kb_builder.pages.topic_icons import DEFAULT

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> javascript:alert(3) {{ 7 * 7 }} &amp; \u202egnirts"
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
FAR = datetime(2999, 1, 1, tzinfo=UTC)
LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)

WEEK = (0, 1, 2, 3, 4)
ISLANDS = Segment("islands", "Scottish islands")
TRADE = Segment("trade", "Trade customers")


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


def channel(kind: str, label: str, address: str, href: str, wait: str, **more: object) -> Channel:
    office = (OpeningHours(WEEK, 9 * 60, 17 * 60), OpeningHours((5,), 10 * 60, 14 * 60))
    defaults: dict[str, object] = {
        "hours": office,
        "always": False,
        "hours_text": ("Monday to Friday, 9:00 to 17:00", "Saturday, 10:00 to 14:00"),
        "response_minutes": 5,
    }
    return Channel(kind, address, label, href, response_time=wait, **(defaults | more))  # type: ignore[arg-type]


CONTACT = Contact(
    "Europe/London",
    (
        channel(
            "phone",
            "Phone",
            "+44 20 7946 0000",
            "tel:+442079460000",
            "5 minutes",
            cost="free from landlines",
            closed=(date(2026, 12, 25), date(2026, 12, 26)),
        ),
        channel("chat", "Chat", "https://chat.example.com", "https://chat.example.com", "2 minutes"),
        channel("sms", "Text message", "+44 7700 900123", "sms:+447700900123", "30 minutes"),
        channel(
            "email",
            "E-mail",
            "help@example.com",
            "mailto:help@example.com",
            "4 hours",
            always=True,
            hours=(),
            hours_text=("Day and night",),
        ),
        channel("post", "Post", "Harbour & Pine, 1 Quay Street, Leith", "", "5 days"),
        channel("twitter", "Twitter", "@harbourpine", "https://twitter.com/harbourpine", "3 hours"),
    ),
)

CARDS = (
    Card("Orders", "faq/orders/", "Place, change or cancel an order, and find out where it is.", 14, DEFAULT),
    Card("Delivery", "faq/delivery/", "Times, costs, islands, and what to do when a parcel is late.", 12, DEFAULT),
    Card("Returns and refunds", "faq/returns/", "Send something back and get your money.", 9, DEFAULT),
    Card("Payment", "faq/payment/", "Cards, instalments, invoices and failed payments.", 8, DEFAULT),
    Card("Account", "faq/account/", "Sign in, change your details, close your account.", 7, DEFAULT),
    Card("Gift cards", "faq/gift-cards/", "Buy, use and check the balance of a card.", 1, DEFAULT),
)

TITLES = (
    ("parcel-late", "My parcel is late", "faq/delivery/parcel-late/"),
    ("cancel-order", "How do I cancel my order?", "faq/orders/cancel-order/"),
    ("refund-time", "When do I get my refund?", "faq/returns/refund-time/"),
    ("islands", "Delivery to the Scottish islands", "faq/delivery/islands/"),
    ("sign-in-code", "The sign-in code does not arrive", "faq/account/sign-in-code/"),
    ("change-address", "Can I change the delivery address?", "faq/orders/change-address/"),
)
ANSWERS = (
    "Wait two working days after the date you were given, then open Your orders and choose Report as late. "
    "We send a new parcel or your money back within three days.",
    "Open Your orders and choose Cancel. You can cancel free of charge until the parcel has left us, usually by 17:00.",
    "Within 14 days of the day your parcel reaches us, to the card or account you paid with.",
    "Parcels to the islands take two to four working days longer and cost the same.",
    "Ask for a new code after two minutes, and look in your spam folder.",
    "Yes, until the order is packed: open Your orders and choose Change address.",
)
TEASERS = tuple(Teaser(id, title, url, answer) for (id, title, url), answer in zip(TITLES, ANSWERS, strict=True))
POLICIES = tuple(
    Teaser(slug, title, f"policies/{slug}/", "")
    for slug, title in (
        ("returns-policy", "Returns policy"),
        ("delivery-policy", "Delivery policy"),
        ("privacy", "Privacy"),
        ("price-promise", "Price promise"),
        ("complaints", "Complaints"),
    )
)


def pin(
    at: int, band: str, segment: Segment | None = None, until: datetime = FAR, state: PinState = "rising"
) -> PinCard:
    item = TEASERS[at]
    return PinCard(
        item.id,
        item.title,
        item.url,
        item.answer,
        band,
        state,
        date(2026, 11, 19),
        until,
        segment and segment.slug,
        segment.name if segment else "",
    )


PINS = (
    pin(0, "Many customers since Thursday"),
    pin(4, "More customers than usual since Friday"),
    pin(2, "Many customers this week"),
    pin(5, "", state="manual"),
    pin(1, "Expired long ago", until=LONG_AGO),
    pin(3, "Many customers since Wednesday", ISLANDS),
)

BANNERS = (
    Banner(
        "storm",
        "Parcels to Scotland are late",
        "announcements/storm/",
        "Snow closed our depot in Perth. Add two days.",
        "warning",
        LONG_AGO,
        FAR,
        True,
        "1f3a",
        True,
        (),
    ),
)
ALL_BANNERS = (
    Banner(
        "card-payments",
        "Card payments fail at the moment",
        "announcements/card-payments/",
        "Pay by bank transfer or try again after 14:00.",
        "critical",
        LONG_AGO,
        FAR,
        True,
        "aa01",
        False,
        (),
    ),
    *BANNERS,
    Banner(
        "christmas",
        "Order by 18 December for Christmas",
        "announcements/christmas/",
        "",
        "notice",
        LONG_AGO,
        FAR,
        True,
        "b2",
        True,
        ("islands",),
    ),
    Banner(
        "new-app",
        "You can now change addresses yourself",
        "announcements/new-app/",
        "",
        "info",
        LONG_AGO,
        None,
        True,
        "c3",
        True,
        (),
    ),
    Banner(
        "over",
        "This was over long ago",
        "announcements/over/",
        "",
        "info",
        LONG_AGO,
        LONG_AGO + timedelta(1),
        True,
        "d4",
        True,
        (),
    ),
)

SITE = Site(
    name="Harbour & Pine",
    url="https://help.example.com/",
    language="en",
    direction="ltr",
    logo="",
    favicon="",
    contact=CONTACT,
    categories=CARDS,
    more_categories=False,
    segments=(ISLANDS, TRADE),
    banners=BANNERS,
    feedback=Feedback("/answers", "help@example.com", True),
    search_manifest="search/manifest.json",
    staff=False,
    preview=False,
    feeds=(Feed("What changed", "feeds/changes.xml", "application/rss+xml"),),
    happening="search/happening.json",
)

HOSTILE_SITE = replace(
    SITE,
    name=f"{LONG_WORD} {HOSTILE}",
    contact=Contact(
        "Nowhere/Atlantis",
        (
            channel("email", HOSTILE, HOSTILE, "mailto:x%22%3E@example.com", LONG_WORD, cost=HOSTILE),
            channel("chat", LONG_WORD, "https://" + "a" * 120 + ".example.com/", "https://example.com/", HOSTILE),
        ),
        no_phone=HOSTILE,
    ),
    categories=tuple(Card(f"{LONG_WORD} {n}", f"faq/{n}/", HOSTILE, n, DEFAULT) for n in range(12)),
    more_categories=True,
    segments=(Segment("x", HOSTILE), Segment("y", LONG_WORD)),
    banners=(
        Banner(
            "bad",
            HOSTILE,
            "announcements/bad/",
            f"{LONG_WORD} {HOSTILE}",
            "critical",
            LONG_AGO,
            FAR,
            True,
            '"',
            False,
            ("x",),
        ),
        Banner("bad-too", LONG_WORD, "announcements/bad-too/", HOSTILE, "info", LONG_AGO, FAR, True, "'><b>", True, ()),
    ),
    preview=True,
)


def common(kind: str, title: str, url: str, *trail: Crumb, description: str = "", indexed: bool = True) -> Common:
    crumbs = (Crumb("Home", ""), *trail, Crumb(title, url)) if url else ()
    return Common(kind, title, url, f"https://help.example.com/{url}", description or title, crumbs, indexed)


BODY = Markup(Path(__file__).with_name("example_body.html").read_text("utf-8"))
HEADINGS = (
    Heading(2, "before-it-has-left", "Before it has left us"),
    Heading(2, "after-it-has-left", "After it has left us"),
    Heading(3, "costs", "What it costs"),
    Heading(2, "by-phone", "By phone"),
)
ORDERS = Crumb("Orders", "faq/orders/")


def heading(text: str, level: int = 2) -> str:
    """A section heading as the pipeline writes it."""
    anchor = text.lower().replace(" ", "-")
    link = f'<a class="headerlink" href="#{anchor}" aria-label="Link to this section">#</a>'
    return f'<h{level} id="{anchor}">{text}{link}</h{level}>'


ARTICLE = ArticlePage(
    common=common("article", TITLES[1][1], TITLES[1][2], ORDERS, description=ANSWERS[1]),
    id="cancel-order",
    answer=ANSWERS[1],
    body=BODY,
    headings=HEADINGS,
    short_url="https://help.example.com/a/cancel-order/",
    effective_date=None,
    last_reviewed_on=date(2026, 11, 3),
    changes=Markup(""),
    related=tuple(teaser._replace(answer="") for teaser in TEASERS[2:6]),
    topic=tuple(teaser._replace(answer="") for teaser in TEASERS[:3]),
    pin=PINS[0],
    share_sms="sms:?&body=Open%20Your%20orders%20and%20choose%20Cancel.%20https%3A//help.example.com/a/cancel-order/",
    share_email="mailto:?subject=How%20do%20I%20cancel%20my%20order%3F&body=Open%20Your%20orders.",
    feedback_email="mailto:help@example.com?subject=About%20cancelling",
    segments=(),
)

SHORT_ARTICLE = replace(
    ARTICLE,
    common=common("article", TITLES[5][1], TITLES[5][2], ORDERS),
    id="change-address",
    answer="",
    body=Markup("<p>Yes, until the order is packed.</p>"),
    headings=(),
    last_reviewed_on=None,
    related=(),
    topic=(),
    pin=None,
)

A_PARAGRAPH = "<p>A parcel goes from the shelf to the packing table, from there to the depot, and then to you.</p>"
LONG_ARTICLE = replace(
    ARTICLE,
    common=common(
        "article",
        "Everything about delivery, in ten thousand words",
        "faq/delivery/everything/",
        Crumb("Delivery", "faq/delivery/"),
    ),
    id="everything",
    body=Markup("".join(heading(f"Part {n}", 2 if n % 4 == 1 else 3) + A_PARAGRAPH * 12 for n in range(1, 41))),
    headings=tuple(Heading(2 if n % 4 == 1 else 3, f"part-{n}", f"Part {n}") for n in range(1, 41)),
)

POLICY = replace(
    ARTICLE,
    common=common("policy", "Returns policy", "policies/returns-policy/", Crumb("Policies", "policies/")),
    id="returns-policy",
    answer="You may send anything back within 30 days, unused, for a full refund. Made-to-measure goods are excepted.",
    effective_date=date(2026, 12, 1),
    changes=Markup('<span id="what-changed"></span>' + "<p>From 1 December 2026 you have 30 days, not 14.</p>"),
    pin=None,
)

HOSTILE_ARTICLE = replace(
    ARTICLE,
    common=common("article", f"{HOSTILE} {LONG_WORD}", "hostile/article/", Crumb(HOSTILE, "faq/x/")),
    id='"><script>',
    answer=f"{LONG_WORD} {HOSTILE} " * 2,
    headings=tuple(Heading(2, "costs", HOSTILE) for _ in range(2)),
    short_url="https://help.example.com/a/" + "x" * 120 + "/",
    related=(Teaser("x", HOSTILE, "faq/x/", HOSTILE), Teaser("y", LONG_WORD, "faq/y/", LONG_WORD)),
    topic=(Teaser("x", HOSTILE, "faq/x/", ""), Teaser("y", LONG_WORD, "faq/y/", "")),
    pin=replace(PINS[0], band=HOSTILE, title=HOSTILE),
    segments=(Segment("x", HOSTILE),),
)

LETTERS = tuple(Letter(letter, f"all/{letter.lower()}/", at + 1) for at, letter in enumerate("ABCDEFGHIKLMNOPRSTUWY"))

SPARKS = (
    Sparkline(
        "My parcel is late",
        "faq/delivery/parcel-late/",
        "",
        "149 customers in 6 days, 19 expected, since 15 November, rising",
        (3, 2, 4, 3, 1, 0, 2, 3, 3, 2, 4, 1, 1, 2, 3, 4, 2, 3, 1, 0, 2, 6, 14, 21, 25, 28, 31, 24),
        (3,) * 28,
        149,
        19.0,
        date(2026, 11, 15),
        date(2026, 11, 20),
    ),
    Sparkline(
        HOSTILE,
        "faq/x/",
        LONG_WORD,
        HOSTILE,
        (0, 0, 0, 0),
        (0.5, 0.5, 0.5, 0.5),
        0,
        0.0,
        date(2026, 11, 20),
        date(2026, 11, 20),
    ),
)


REPLIES = [
    {
        "id": item.id,
        "title": item.title,
        "url": f"https://help.example.com/a/{item.id}/",
        "page": item.url,
        "replies": {
            "sms": {"text": f"{item.answer[:90]} https://help.example.com/a/{item.id}/", "length": 130, "segments": 1},
            "email": {
                "text": f"Hello,\n\n{item.answer}\n\nHarbour & Pine",
                "named": f"Hello {{name}},\n\n{item.answer}\n\n{{agent}}, Harbour & Pine",
                "signed": f"Hello,\n\n{item.answer}\n\n{{agent}}, Harbour & Pine",
                "subject": item.title,
                "length": 170,
                "segments": 1,
            },
        },
        "sections": [
            {
                "anchor": "costs",
                "heading": "What it costs",
                "replies": {"sms": {"text": "Nothing. " + HOSTILE, "length": 200, "segments": 2}},
            }
        ],
    }
    for item in TEASERS
]

INTERNAL = {"id": "goodwill", "title": "How do I grant a goodwill credit?", "page": "staff/x/", "audience": "staff"}
PROMISES = (
    Promise("email", "E-mail", None, "4 hours", 1210, 14, 0.72, 171, 1900, "2 days"),
    Promise("email", "E-mail", "islands", "4 hours", 90, 0, 0.97, 64, 230, "4 hours"),
    Promise("fax", LONG_WORD, "gone", "", 3, 3, None, None, None, ""),
)
GAPS = (Gap('parental "consent" form', 24, 0.3, date(2026, 11, 18), ()),)
NOTES = [
    {**INTERNAL, "asked": ["say sorry with money"], "text": "Agents up to £15."},
    {"id": "late.note", "title": "My parcel is late", "page": "late/", "asked": [], "text": "Ask Redkite first."},
]


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
    """The same templates with data from someone who means harm, or writes very long words."""
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
