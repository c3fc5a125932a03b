"""What machines read is well formed, absolute, and says no more than the pages do."""

import gzip
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.content.interface_language import Language
from kb_builder.content.visibility import Catalogue, View, public_view
from kb_builder.model import Announcement, Article, Category, Heading, Outline
from kb_builder.pages import feeds
from kb_builder.pages.elements import PinCard

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
URL = "https://help.example.com/"
SITEMAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
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


def test_changes_come_newest_first_without_unlisted_articles() -> None:
    items = feeds.changes(view(), OUTLINES, URL)
    assert [(item.guid, item.when) for item in items] == [
        ("tag:help.example.com,2026-11-01:two", date(2026, 11, 1)),
        ("tag:help.example.com,2026-10-01:one", date(2026, 10, 1)),
    ]
    assert [item.text for item in items] == ["Second.", "Yes."]


@pytest.mark.parametrize(("hours", "first"), [(None, "new"), (-1, "old"), (-90, "new"), (1, "new")])
def test_an_announcement_that_says_something_new_moves_up_in_the_feed(hours: int | None, first: str) -> None:
    def notice(slug: str, days: int, updated: datetime | None = None) -> Announcement:
        return Announcement(
            slug,
            f"content/announcements/{slug}.md",
            slug,
            "info",
            NOW - timedelta(days=days),
            None,
            "",
            1,
            "1",
            updated=updated,
        )

    edited = None if hours is None else NOW + timedelta(hours=hours)
    shown = public_view(Catalogue((), (), (notice("new", 1), notice("old", 3, edited))), NOW)
    items = feeds.announcements(shown, URL)
    assert items[0].title == first
    assert items[0].when == (edited if first == "old" else NOW - timedelta(days=1))


def test_rss_and_json_feed_say_the_same_and_hostile_text_stays_text() -> None:
    items = (*feeds.changes(view(), OUTLINES, URL), *feeds.announcements(view(), URL))
    rss = ElementTree.fromstring(feeds.rss("Shop & Co", "changes", items, URL, ENGLISH, LONDON))
    feed = json.loads(feeds.json_feed("Shop & Co", "changes", items, URL, ENGLISH, LONDON))
    assert [item.findtext("guid") for item in rss.iter("item")] == [item["id"] for item in feed["items"]]
    assert HOSTILE in [item.findtext("title") for item in rss.iter("item")]
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert rss.findtext("channel/item/pubDate") == "Sun, 01 Nov 2026 00:00:00 GMT"


def test_a_day_begins_at_midnight_in_the_sites_zone_and_feeds_name_their_language() -> None:
    items = feeds.changes(view(), OUTLINES, URL)
    berlin = ZoneInfo("Europe/Berlin")
    feed = json.loads(feeds.json_feed("Shop", "changes", items, URL, Language("de"), berlin))
    assert [item["date_published"] for item in feed["items"]] == ["2026-10-31T23:00:00Z", "2026-09-30T22:00:00Z"]
    assert feed["language"] == "de"
    rss = ElementTree.fromstring(feeds.rss("Shop", "changes", items, URL, Language("de"), berlin))
    assert rss.findtext("channel/language") == "de"
    mixed = [replace(items[0], language="en"), *items[1:]]
    feed = json.loads(feeds.json_feed("Shop", "changes", mixed, URL, Language("de"), berlin))
    assert [item.get("language") for item in feed["items"]] == ["en", None], "what is not translated says so"
    rss = ElementTree.fromstring(feeds.rss("Shop", "changes", mixed, URL, Language("de"), berlin))
    named = [item.findtext("{http://purl.org/dc/elements/1.1/}language") for item in rss.iter("item")]
    assert named == ["en", None]


def test_feeds_and_files_for_programs_speak_the_language_of_the_site() -> None:
    path = Path(__file__).parents[2] / "theme/words/de.json"
    german = Language("de", json.loads(path.read_text("utf-8")))
    assert [feed.title for feed in feeds.linked("Laden", german)][::2] == [
        "Laden: Änderungen", "Laden: Aktuelles", "Laden: Mitteilungen",
    ]  # fmt: skip
    rss = ElementTree.fromstring(feeds.rss("Laden", "happening", (), URL, german, LONDON))
    assert rss.findtext("channel/title") == "Laden: Aktuelles"
    assert rss.findtext("channel/description") == "Aktuell, Laden"
    assert json.loads(feeds.json_feed("Laden", "changes", (), URL, german, LONDON))["title"] == "Laden: Änderungen"
    by_hand = replace(PIN, band="")
    assert json.loads(feeds.trending_api([by_hand], URL, german))["pins"][0]["why"] == "aktuell"
    assert "\n> Antworten auf Fragen von Kunden." in feeds.llms_txt("Laden", view(), URL, german).decode()


def test_a_second_burst_of_an_article_is_a_new_entry() -> None:
    later = replace(PIN, since=date(2026, 12, 3))
    first, second = feeds.happening([PIN], URL), feeds.happening([later], URL)
    assert (first[0].guid, second[0].guid) == (
        "tag:help.example.com,2026-11-19:one",
        "tag:help.example.com,2026-12-03:one",
    )
    assert first[0].url == second[0].url


def test_an_article_pinned_for_several_segments_is_one_item() -> None:
    assert len(feeds.happening([PIN, PIN], URL)) == 1


def test_the_feed_says_for_whom() -> None:
    islands = replace(PIN, segment="islands", segment_name="Scottish islands")
    plus = replace(PIN, segment="plus", segment_name="Plus members")
    everybody = replace(PIN, segment=None, segment_name="")
    (item,) = feeds.happening([islands, plus], URL)
    assert item.text == "many customers since Thursday · Scottish islands, Plus members"
    assert feeds.happening([islands, everybody], URL)[0].text == "many customers since Thursday"


def test_a_sitemap_has_the_day_of_the_last_change_and_the_other_languages() -> None:
    same = [("en", f"{URL}a/&/"), ("de", f"{URL}de/a/&/")]
    made = feeds.sitemaps([(f"{URL}a/&/", date(2026, 10, 1), same), (f"{URL}b/", None, ())], URL)
    assert [*made] == ["sitemap.xml", "sitemap-1.xml.gz"]
    ((named,),) = ElementTree.fromstring(made["sitemap.xml"])
    assert named.text == f"{URL}sitemap-1.xml.gz"
    first, second = ElementTree.fromstring(gzip.decompress(made["sitemap-1.xml.gz"]))
    assert first.findtext(f"{SITEMAPS}lastmod") == "2026-10-01"
    links = first.findall("{http://www.w3.org/1999/xhtml}link")
    assert [(link.get("hreflang"), link.get("href")) for link in links] == same
    assert [each.tag for each in second] == [f"{SITEMAPS}loc"]


@given(st.integers(0, 25))
def test_a_sitemap_with_too_many_addresses_is_several(count: int) -> None:
    urls = [f"{URL}{number}/" for number in range(count)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feeds, "MOST_SITEMAP_URLS", 5)
        made = feeds.sitemaps([(url, None, ()) for url in urls], URL)
    root = ElementTree.fromstring(made.pop("sitemap.xml"))
    if count > 5:
        assert root.tag == f"{SITEMAPS}sitemapindex"
        assert [entry.findtext(f"{SITEMAPS}loc") for entry in root] == [URL + path for path in made]
        parts = [ElementTree.fromstring(data) for data in made.values()]
    else:
        parts = [root]
        assert not made
    assert all(len(part) <= 5 for part in parts)
    assert [entry.findtext(f"{SITEMAPS}loc") for part in parts for entry in part] == urls


def test_the_articles_api_keeps_its_contract() -> None:
    articles = json.loads(feeds.articles_api(feeds.Listing(view(), OUTLINES, URL, "en")))["articles"]
    assert articles[0] == {
        "id": "one",
        "title": HOSTILE,
        "answer": "Yes.",
        "url": f"{URL}faq/a/one/",
        "short_url": f"{URL}a/one/",
        "markdown_url": f"{URL}faq/a/one/index.md",
        "language": "en",
        "sections": [{"anchor": "how", "heading": "How"}],
        "updated": "2026-10-01",
        "segments": ["islands"],
    }
    assert [article["id"] for article in articles] == ["one", "two"]


def test_the_trending_api_tells_no_number() -> None:
    (pin,) = json.loads(feeds.trending_api([PIN], URL, ENGLISH))["pins"]
    assert pin["why"] == "many customers since Thursday"
    assert set(pin) == {"id", "title", "url", "segment", "segment_name", "since", "why", "until"}


def test_copies_for_language_models() -> None:
    index = feeds.llms_txt("Shop", view(), URL, ENGLISH).decode()
    assert f"({URL}faq/two/index.md)" in index
    assert "Hidden" not in index
    title = HOSTILE.replace("</script>", "&lt;/script>").replace("]]", r"\]\]")
    copy = feeds.markdown_copy(ONE, "<p>Body <em>text</em>.</p>", URL).decode()
    header = f"---\ncanonical: {URL}faq/a/one/\nupdated: 2026-10-01\n---\n\n"
    assert copy == f"{header}# {title}\n\nYes.\n\nBody *text*.\n\n<{URL}a/one/>\n"


def test_copies_and_their_index_escape_the_answer() -> None:
    hostile = replace(ONE, answer="Ask. <img src=x onerror=alert(1)> [a](javascript:alert(2))")
    index = feeds.llms_txt("Shop", public_view(Catalogue((hostile,), (), ()), NOW), URL, ENGLISH).decode()
    for text in (feeds.markdown_copy(hostile, "", URL).decode(), index):
        assert "<img" not in text
        assert "](javascript:" not in text


def test_a_pin_by_hand_does_not_tell_since_when() -> None:
    by_hand = replace(PIN, state="manual", since=None)
    assert json.loads(feeds.trending_api([by_hand], URL, ENGLISH))["pins"][0]["since"] is None
    items = feeds.happening([by_hand], URL)
    assert b"pubDate" not in feeds.rss("Shop", "happening", items, URL, ENGLISH, LONDON)
    assert (
        "date_published"
        not in json.loads(feeds.json_feed("Shop", "happening", items, URL, ENGLISH, LONDON))["items"][0]
    )


def test_a_pin_by_hand_with_a_day_is_dated() -> None:
    (item,) = feeds.happening([replace(PIN, state="manual", band="")], URL)
    assert (item.guid, item.when) == ("tag:help.example.com,2026-11-19:one", date(2026, 11, 19))


def test_robots_are_told_to_stay_away_from_previews() -> None:
    assert b"Disallow: /\n" in feeds.robots(URL, indexed=False)
    assert f"Sitemap: {URL}sitemap.xml".encode() in feeds.robots(URL, indexed=True)
