"""What the example pages show: a believable shop, and one whose every text is hostile or very long."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from kb_builder.config import FeedbackOptions
from kb_builder.model import Channel, Contact, OpeningHours, PinState, Segment
from kb_builder.pages.elements import Banner, Card, Common, Crumb, Feed, Letter, PinCard, Site, Teaser
from kb_builder.pages.topic_icons import DEFAULT

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> javascript:alert(3) {{ 7 * 7 }} &amp; \u202egnirts"
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
FAR = datetime(2999, 1, 1, tzinfo=UTC)
LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
WEEK = (0, 1, 2, 3, 4)
ISLANDS = Segment("islands", "Scottish islands")
TRADE = Segment("trade", "Trade customers")


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
    feedback=FeedbackOptions(endpoint="/answers", email="help@example.com", searches=True),
    search_root="search/root.bin",
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


LETTERS = tuple(Letter(letter, f"all/{letter.lower()}/", at + 1) for at, letter in enumerate("ABCDEFGHIKLMNOPRSTUWY"))
