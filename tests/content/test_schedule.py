"""Dates that will change the site, and links that end then."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from kb_builder.content.schedule import ending_links, next_changes
from kb_builder.content.visibility import Catalogue, public_view
from kb_builder.errors import Severity
from kb_builder.model import Announcement, Article

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def article(name: str, **fields: object) -> Article:
    made = Article(
        id=name, path=f"content/articles/{name}.md", url=f"faq/{name}/", title=name, body="Text.", body_line=4
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def days(count: int) -> datetime:
    return NOW + timedelta(days=count)


def test_the_next_changes_are_in_order_and_leave_out_drafts_and_the_past() -> None:
    items = [
        article("a", publish_date=days(9), expiry_date=days(20)),
        article("b", promoted_until=days(3)),
        article("c", expiry_date=days(-1)),
        article("d", publish_date=days(1), draft=True),
        article("e", publish_date=days(2), audience="staff"),
        Announcement("n", "content/announcements/n.md", "N", "info", days(1), days(30), "", 1, "v"),
    ]
    changes = [(change.at, change.path.rpartition("/")[2], change.what) for change in next_changes(items, NOW)]
    assert changes == [
        (days(1), "n.md", "starts"),
        (days(3), "b.md", "is no longer promoted"),
        (days(9), "a.md", "is published"),
        (days(20), "a.md", "expires"),
        (days(30), "n.md", "ends"),
    ]
    assert next_changes(items, NOW, staff=True)[1].path.endswith("e.md")


def test_links_that_will_end_are_counted_and_named() -> None:
    late = article("late-parcel", expiry_date=days(14), lines=(("expiry_date", 3),))
    view = public_view(Catalogue((late, article("home"), article("brief", expiry_date=days(5))), (), ()), NOW)
    targets = {
        "content/articles/home.md": ["faq/late-parcel/#lost", "a/late-parcel/", None, "faq/home/"],
        "content/articles/brief.md": ["faq/late-parcel/"],
    }
    (finding,) = ending_links(view, targets)
    assert str(finding) == (
        "content/articles/late-parcel.md:3: warning: from 5 December 2026: 2 links to it lead nowhere\n"
        "  link to another answer in content/articles/home.md"
    )
    far = public_view(Catalogue((late, article("home")), (), ()), NOW - timedelta(days=60))
    assert [finding.severity for finding in ending_links(far, targets)] == [Severity.NOTE]
    assert list(ending_links(view, {})) == []
