"""Articles for the example pages: one of usual length, a short one, a very long one, a policy, a hostile one."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from markupsafe import Markup

from kb_builder.model import Heading, Segment
from kb_builder.pages.contexts import ArticlePage
from kb_builder.pages.elements import Crumb, Teaser
from tests.browser.example_shop import ANSWERS, HOSTILE, LONG_WORD, PINS, TEASERS, TITLES, common

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
