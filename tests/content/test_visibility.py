"""The gate: nothing passes that was not released, and only the gate makes a view."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kb_builder.content.visibility import Catalogue, PublicView, Verdict, public_view, staff_view, verdict, withheld
from kb_builder.model import Announcement, Article, Category

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
OPEN = Article(id="open", path="content/articles/faq/a/open.md", url="faq/a/open/", title="Open", body="", body_line=1)
HIDDEN = {
    "draft": (replace(OPEN, draft=True), Verdict.DRAFT),
    "staff": (replace(OPEN, audience="staff"), Verdict.STAFF_ONLY),
    "scheduled": (replace(OPEN, publish_date=NOW + timedelta(seconds=1)), Verdict.SCHEDULED),
    "expired": (replace(OPEN, expiry_date=NOW), Verdict.EXPIRED),
}


def catalogue(*articles: Article, announcements: tuple[Announcement, ...] = ()) -> Catalogue:
    return Catalogue(articles, (Category("faq", "FAQ"), Category("faq/a", "A"), Category("faq/b", "B")), announcements)


@pytest.mark.parametrize("name", HIDDEN)
def test_a_withheld_article_is_in_no_public_view(name: str) -> None:
    article, reason = HIDDEN[name]
    everything = catalogue(article)
    view = public_view(everything, NOW)
    assert verdict(article, NOW) is reason
    assert view.articles == ()
    assert view.categories == ()
    assert withheld(everything, view) == (article,)


def test_publish_and_expiry_dates_are_inclusive_bounds() -> None:
    assert verdict(replace(OPEN, publish_date=NOW), NOW) is Verdict.RELEASED
    assert verdict(replace(OPEN, expiry_date=NOW + timedelta(seconds=1)), NOW) is Verdict.RELEASED


def test_staff_see_staff_articles_but_no_drafts() -> None:
    staff_only, draft = HIDDEN["staff"][0], replace(HIDDEN["draft"][0], path="content/articles/faq/b/d.md")
    assert staff_view(catalogue(staff_only, draft), NOW).articles == (staff_only,)


def test_a_preview_shows_drafts_but_never_staff_articles_to_the_public() -> None:
    staff_only, draft = HIDDEN["staff"][0], replace(HIDDEN["draft"][0], path="content/articles/faq/b/d.md")
    assert public_view(catalogue(staff_only, draft), NOW, preview=True).articles == (draft,)


def test_an_unlisted_article_has_a_page_but_is_in_no_list_or_category() -> None:
    article = replace(OPEN, unlisted=True)
    view = public_view(catalogue(article), NOW)
    assert view.articles == (article,)
    assert view.listed == ()
    assert view.categories == ()


def test_a_category_is_shown_when_something_in_it_is() -> None:
    assert [category.path for category in public_view(catalogue(OPEN), NOW).categories] == ["faq", "faq/a"]


def test_an_announcement_is_included_at_most_a_day_before_its_start() -> None:
    def starting(after: timedelta) -> Announcement:
        return Announcement(
            slug="strike", path="content/announcements/strike.md", title="Strike", severity="notice",
            start=NOW + after, end=None, body="", body_line=1, version="1",
        )  # fmt: skip

    soon, later = starting(timedelta(hours=20)), starting(timedelta(days=2))
    assert public_view(catalogue(announcements=(soon,)), NOW).announcements == (soon,)
    assert public_view(catalogue(announcements=(later,)), NOW).announcements == ()


def test_a_view_cannot_be_made_by_hand() -> None:
    with pytest.raises(TypeError, match="public_view"):
        PublicView((OPEN,), (), (), False, NOW, object())
