"""A view of three articles and an announcement, for the tests of files for programs."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from kb_builder.content.interface_language import Language
from kb_builder.content.visibility import Catalogue, View, public_view
from kb_builder.model import Announcement, Article, Category, Heading, Outline
from kb_builder.pages.elements import PinCard

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
URL = "https://help.example.com/"
LONDON = ZoneInfo("Europe/London")
ENGLISH = Language()
HOSTILE = "Ten < twenty & “more” ]]> </script>"
ONE = Article(
    id="one", path="content/articles/faq/a/one.md", url="faq/a/one/", title=HOSTILE, body="Body *text*.\n",
    body_line=5, answer="Yes.", last_reviewed_on=date(2026, 10, 1), segments=("islands",),
)  # fmt: skip
TWO = Article(
    id="two", path="content/articles/faq/two.md", url="faq/two/", title="Two", body="", body_line=1,
    effective_date=date(2026, 11, 1),
)  # fmt: skip
HIDDEN = Article(
    id="hidden", path="content/articles/faq/h.md", url="faq/h/", title="Hidden", body="", body_line=1, unlisted=True,
    last_reviewed_on=date(2026, 11, 20),
)  # fmt: skip
OUTLINES = {
    "one": Outline(headings=(Heading(2, "how", "How"),), lead="Body text."),
    "two": Outline(lead="Second."),
    "hidden": Outline(),
}
PIN = PinCard(
    id="one", title=HOSTILE, url="faq/a/one/", answer="Yes.", band="many customers since Thursday", state="new",
    since=date(2026, 11, 19), until=NOW + timedelta(days=2), segment=None, segment_name="",
)  # fmt: skip


def view() -> View:
    strike = Announcement(
        slug="strike", path="content/announcements/strike.md", title="Strike", severity="warning", start=NOW, end=None,
        body="", body_line=1, version="1", summary="Late parcels.",
    )  # fmt: skip
    return public_view(Catalogue((ONE, TWO, HIDDEN), (Category("faq", "FAQ"), Category("faq/a", "A")), (strike,)), NOW)
