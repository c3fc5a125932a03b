"""What pages exist and what they are given."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.config import FeedbackOptions
from kb_builder.content.urls import PAGES
from kb_builder.content.visibility import Catalogue, public_view
from kb_builder.model import (
    Announcement,
    Article,
    Category,
    Channel,
    Contact,
    Heading,
    Outline,
    Pin,
    Segment,
)
from kb_builder.pages import contexts, elements
from kb_builder.pages.page import BodySource, Contents, Page, PageContext, card, cards, changes_anchor, quoted
from kb_builder.pages.plan import plan
from kb_builder.pages.topic_icons import DEFAULT

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
EMPTY = Outline()
PHONE = Channel(
    kind="phone", address="+44 20 7946 0000", label="Phone", href="tel:+442079460000", hours=(), always=True,
    hours_text=("Day and night",), response_time="5 minutes", response_minutes=5,
)  # fmt: skip
SITE = elements.Site(
    name="Corner Shop", url="https://help.example.com/", language="en", direction="ltr", logo="", favicon="",
    contact=Contact("Europe/London", (PHONE,)), categories=(), more_categories=False, segments=(), banners=(),
    feedback=FeedbackOptions(), search_root="search/index/root.bin", staff=False, preview=False,
)  # fmt: skip


def article(url: str, **fields: object) -> Article:
    name = url.strip("/").rsplit("/", 1)[-1]
    made = Article(
        id=name, path=f"content/articles/{url.strip('/')}.md", url=url, title=name.replace("-", " ").capitalize(),
        body="", body_line=1,
    )  # fmt: skip
    return replace(made, **fields)  # type: ignore[arg-type]


def pin(id: str, segment: str | None = None, until: datetime = NOW + timedelta(days=1)) -> Pin:
    return Pin(
        id, segment, "new", date(2026, 11, 19), until, 9.0, "12 customers", "many customers", 12, 2.0, NOW.date()
    )


def planned(
    *articles: Article,
    pins: tuple[Pin, ...] = (),
    segments: tuple[Segment, ...] = (),
    announcements: tuple[Announcement, ...] = (),
    outline: Outline = EMPTY,
    related: dict[str, tuple[str, ...]] | None = None,
    site: elements.Site = SITE,
) -> dict[str, Page]:
    folders = {
        "/".join(parts[:end])
        for item in articles
        if (parts := item.url.strip("/").split("/")[:-1])
        for end in range(1, len(parts) + 1)
    }
    categories = tuple(Category(folder, folder.rsplit("/", 1)[-1].capitalize()) for folder in sorted(folders))
    view = public_view(Catalogue(articles, categories, announcements), NOW)
    contents = Contents(
        view=view,
        outlines={item.id: outline for item in articles},
        bodies={item.id: BodySource(item.path, repr((item, outline)), (), (), "") for item in articles},
        related=related or {},
        pins=pins,
        segment_pins={segment.slug: tuple(sorted(pins, key=lambda each: each.segment is None)) for segment in segments},
        notices={},
    )
    return {page.file: page for page in plan(replace(site, segments=segments), contents)}


def context(pages: dict[str, Page], file: str, kind: type[PageContext]) -> PageContext:
    made = pages[file].context
    assert isinstance(made, kind)
    return made


def test_an_article_has_a_page_a_short_link_and_a_place_in_the_lists() -> None:
    pages = planned(article("faq/orders/cancel/"))
    assert {"faq/orders/cancel/index.html", "a/cancel/index.html", "faq/orders/index.html", "faq/index.html"} <= set(
        pages
    )
    redirect = context(pages, "a/cancel/index.html", contexts.RedirectPage)
    assert redirect.target == "faq/orders/cancel/"
    assert redirect.common.canonical == "https://help.example.com/faq/orders/cancel/"
    assert not redirect.common.indexed


def test_the_pages_every_site_has_are_those_that_links_and_languages_know() -> None:
    assert {page.url for page in planned().values()} == {"", "404.html", *(f"{name}/" for name in PAGES)}


def test_breadcrumbs_name_the_categories_but_not_the_wrapper_called_faq() -> None:
    crumbs = context(planned(article("faq/orders/cancel/")), "faq/orders/cancel/index.html", contexts.ArticlePage)
    assert [crumb.title for crumb in crumbs.common.breadcrumb] == ["Home", "Orders", "Cancel"]


def test_topics_are_the_folders_of_faq_and_other_folders_but_policies() -> None:
    view = public_view(
        Catalogue(
            (article("faq/orders/a/"), article("faq/orders/sub/b/"), article("policies/c/"), article("guides/d/")),
            tuple(Category(path, path) for path in ("faq", "faq/orders", "faq/orders/sub", "policies", "guides")),
            (),
        ),
        NOW,
    )
    shown = [(card.url, card.count, card.icon) for card in cards(view, "Other questions")]
    assert shown == [("faq/orders/", 2, "material/package-variant-closed"), ("guides/", 1, DEFAULT)]


def test_articles_directly_in_faq_are_a_topic_that_counts_only_them() -> None:
    categories = tuple(Category(path, path) for path in ("faq", "faq/orders"))
    view = public_view(Catalogue((article("faq/a/"), article("faq/orders/b/")), categories, ()), NOW)
    assert [(card.title, card.count) for card in cards(view, "Other questions")] == [
        ("faq/orders", 1),
        ("Other questions", 1),
    ]


def test_a_help_centre_without_topics_lists_its_answers_on_the_home_page() -> None:
    pages = planned(article("about-us/"), article("policies/returns/", type="policy"))
    home = context(pages, "index.html", contexts.HomePage)
    assert home.categories == ()
    assert [answer.url for answer in home.answers] == ["about-us/"]
    assert context(planned(article("faq/a/b/")), "index.html", contexts.HomePage).answers == ()
    loose = context(planned(article("faq/a/"), article("faq/b/")), "index.html", contexts.HomePage)
    assert (loose.categories, [answer.url for answer in loose.answers]) == ((), ["faq/a/", "faq/b/"])


def test_a_category_has_the_icon_it_names() -> None:
    assert card(Category("faq/orders", "Orders", icon="cart"), 1).icon == "cart"


def test_the_home_page_shows_pins_for_everybody_and_for_segments() -> None:
    pages = planned(
        article("faq/a/"), article("faq/b/"), pins=(pin("a"), pin("b", "islands")),
        segments=(Segment("islands", "Scottish islands"),),
    )  # fmt: skip
    home = context(pages, "index.html", contexts.HomePage)
    assert [(card.id, card.segment, card.segment_name) for card in home.pins] == [
        ("a", None, ""),
        ("b", "islands", "Scottish islands"),
    ]
    segment = context(pages, "s/islands/index.html", contexts.SegmentPage)
    assert [card.id for card in segment.pins] == ["b", "a"]


@pytest.mark.parametrize("end", [NOW, NOW - timedelta(days=1)])
def test_a_pin_whose_time_is_up_is_on_no_page(end: datetime) -> None:
    pages = planned(article("faq/a/"), pins=(pin("a", until=end),))
    assert context(pages, "index.html", contexts.HomePage).pins == ()
    assert context(pages, "faq/a/index.html", contexts.ArticlePage).pin is None


def test_a_pin_for_an_article_that_is_not_released_is_on_no_page() -> None:
    pages = planned(article("faq/a/"), article("faq/b/", draft=True), pins=(pin("b"),))
    assert context(pages, "trending/index.html", contexts.TrendingPage).pins == ()


def test_menus_are_bounded_however_many_articles_there_are() -> None:
    pages = planned(*(article(f"faq/orders/number-{n:03d}/") for n in range(250)))
    page = context(pages, "faq/orders/number-007/index.html", contexts.ArticlePage)
    assert [teaser.id for teaser in page.topic] == [f"number-{n:03d}" for n in range(3, 11)]
    assert len(context(pages, "faq/orders/number-000/index.html", contexts.ArticlePage).topic) == 8
    assert context(pages, "faq/orders/number-249/index.html", contexts.ArticlePage).topic[-1].id == "number-249"


def test_long_categories_are_paged_and_every_article_is_on_one_of_the_pages() -> None:
    pages = planned(*(article(f"faq/orders/number-{n:03d}/") for n in range(250)))
    files = ["faq/orders/index.html", "faq/orders/page-2/index.html", "faq/orders/page-3/index.html"]
    lists = [context(pages, file, contexts.CategoryPage) for file in files]
    assert [len(page.articles) for page in lists] == [100, 100, 50]
    assert lists[0].next is not None
    assert lists[0].next.url == "faq/orders/page-2/"
    assert lists[2].next is None
    assert len({teaser.id for page in lists for teaser in page.articles}) == 250


def test_many_answers_are_listed_by_letter_and_none_is_lost() -> None:
    titles = [f"{letter}nswer {n}" for letter in "ABÉ7я" for n in range(60)]
    pages = planned(*(article(f"faq/n{place}/", title=title) for place, title in enumerate(titles)))
    index = context(pages, "all/index.html", contexts.AllPage)
    assert [(letter.letter, letter.count) for letter in index.letters] == [
        ("#", 60), ("A", 60), ("B", 60), ("E", 60), ("Я", 60),
    ]  # fmt: skip
    listed = [teaser.id for letter in index.letters for teaser in pages[f"{letter.url}index.html"].context.articles]
    assert sorted(listed) == sorted(f"n{place}" for place in range(len(titles)))


MANY = [article(f"faq/{'abc'[number % 3]}/{'xyz'[number % 2]}-{number:03}/") for number in range(330)]
EDITS: dict[str, dict[str, object]] = {
    "title": {"title": "Another one"},
    "short title": {"nav_title": "Another one"},
    "answer": {"answer": "Yes."},
    "description": {"description": "What to know."},
    "order": {"order": 1},
    "segment": {"segments": ("islands",)},
    "unlisted": {"unlisted": True},
    "policy": {"type": "policy"},
    "address": {"url": "faq/b/x-000/"},
    "related": {"related": (MANY[7].id,)},
}


def many(**fields: object) -> dict[str, Page]:
    """Enough articles for lists of several pages; ``fields`` are those of the first one."""
    islands = Segment("islands", "Scottish islands")
    articles = [replace(MANY[0], **fields), *MANY[1:]]  # type: ignore[arg-type]
    return planned(*articles, segments=(islands,), related={MANY[4].id: (MANY[0].id,)})


@pytest.mark.parametrize("edit", EDITS)
def test_what_an_edit_changes_on_a_page_is_among_its_inputs(edit: str) -> None:
    before, after = many(), many(**EDITS[edit])
    same = [file for file, page in after.items() if file in before and page.inputs == before[file].inputs]
    assert 0 < len(same) < len(before)
    for file in same:
        assert after[file].context == before[file].context, file
        assert after[file].indexed == before[file].indexed, file


def shows(pages: dict[str, Page], id: str) -> bool:
    """Whether the page of an article lists x-000."""
    page = context(pages, f"faq/a/{id}/index.html", contexts.ArticlePage)
    return "x-000" in {teaser.id for teaser in (*page.topic, *page.related)}


def test_a_new_title_is_for_the_lists_it_stands_in_and_for_its_neighbours() -> None:
    before, after = many(), many(title="X-rays")
    changed = {file for file, page in after.items() if page.inputs != before[file].inputs}
    neighbours = {
        f"faq/a/{item.id}/index.html" for item in MANY[::3] if shows(before, item.id) or shows(after, item.id)
    }
    neighbours.add(f"faq/b/{MANY[4].id}/index.html")
    lists = {"a/x-000/index.html", "faq/a/index.html", "all/x/index.html", "all/x/page-2/index.html"}
    assert changed == neighbours | lists


def test_a_new_answer_is_for_the_list_that_shows_it() -> None:
    before, after = many(), many(answer="Yes.")
    changed = {file for file, page in after.items() if page.inputs != before[file].inputs}
    assert changed == {"faq/a/x-000/index.html", "faq/a/index.html", "a/x-000/index.html"}


def test_an_unlisted_article_is_reachable_but_in_no_list() -> None:
    pages = planned(article("faq/a/"), article("faq/secret-offer/", unlisted=True), related={"a": ("secret-offer",)})
    assert "a/secret-offer/index.html" in pages
    assert not context(pages, "faq/secret-offer/index.html", contexts.ArticlePage).common.indexed
    groups = context(pages, "all/index.html", contexts.AllPage).groups
    assert [(letter, [t.id for t in teasers]) for letter, teasers in groups] == [("A", ["a"])]
    assert context(pages, "faq/a/index.html", contexts.ArticlePage).related == ()


def test_a_short_link_carries_what_a_preview_shows_and_the_anchors_that_moved() -> None:
    page = context(planned(article("faq/a/", answer="Yes & no")), "a/a/index.html", contexts.RedirectPage)
    assert (page.target, page.target_title, page.common.description) == ("faq/a/", "A", "Yes & no")
    assert not page.common.indexed


def test_contents_are_listed_from_four_headings_up() -> None:
    headings = tuple(Heading(2, f"h{n}", f"H{n}") for n in range(4))
    long = planned(article("faq/a/"), outline=Outline(headings=headings))
    short = planned(article("faq/a/"), outline=Outline(headings=headings[:3]))
    assert len(context(long, "faq/a/index.html", contexts.ArticlePage).headings) == 4
    assert context(short, "faq/a/index.html", contexts.ArticlePage).headings == ()


def test_share_links_carry_the_answer_and_the_short_link() -> None:
    page = context(planned(article("faq/a/", answer="Yes & no")), "faq/a/index.html", contexts.ArticlePage)
    assert page.share_sms == "sms:?&body=Yes%20%26%20no%20https%3A//help.example.com/a/a/"
    assert "Yes%20%26%20no" in page.share_email


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_a_link_that_carries_text_means_the_same_as_one_that_is_encoded_throughout(text: str) -> None:
    assert quote(unquote(quoted(text))) == quote(text)
    assert not re.search(r"[\x00-\x20\x7f-\x9f\"<>&?#%]", re.sub("%[0-9A-F]{2}", "", quoted(text)))


def test_letters_beyond_ascii_take_no_more_room_in_a_link_than_elsewhere() -> None:
    assert quoted("كيف أعيد؟ 50 %") == "كيف%20أعيد؟%2050%20%25"


def test_a_preview_and_a_staff_site_are_for_no_robot() -> None:
    for site in (replace(SITE, staff=True), replace(SITE, preview=True)):
        assert not any(page.context.common.indexed for page in planned(article("faq/a/"), site=site).values())


def test_structured_data_cannot_end_its_script() -> None:
    page = planned(article("faq/a/", title="</script><b>&", answer="<!-- x"))["faq/a/index.html"]
    for data in page.context.common.structured_data:
        assert not set("<>&") & set(data)


def test_an_announcement_is_current_until_its_end_and_then_in_the_past() -> None:
    strike = Announcement(
        slug="strike", path="content/announcements/strike.md", title="Strike", severity="warning",
        start=NOW - timedelta(days=2), end=NOW - timedelta(days=1), body="", body_line=1, version="1",
    )  # fmt: skip
    view_articles = (article("faq/a/"),)
    contents = Contents(
        view=public_view(Catalogue(view_articles, (), (strike,)), NOW), outlines={"a": Outline()},
        bodies={"a": BodySource("a.md", "key", (), (), "")}, related={}, pins=(), segment_pins={},
        notices={"strike": BodySource("strike.md", "key", (), (), "")},
    )  # fmt: skip
    pages = {page.file: page for page in plan(SITE, contents)}
    listing = context(pages, "announcements/index.html", contexts.AnnouncementsPage)
    assert listing.current == ()
    assert [banner.slug for banner in listing.past] == ["strike"]


def test_the_section_on_changes_is_found_by_its_heading() -> None:
    assert changes_anchor(Outline(headings=(Heading(2, "x", "X"), Heading(2, "what-changed", "What changed")))) == (
        "what-changed"
    )
    assert changes_anchor(Outline(headings=(Heading(2, "x", "Exchanges"),))) == ""
