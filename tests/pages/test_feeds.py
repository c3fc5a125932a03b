"""What machines read is well formed, absolute, and says no more than the pages do."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from kb_builder.content.interface_language import Language
from kb_builder.content.visibility import Catalogue, public_view
from kb_builder.model import Announcement
from kb_builder.pages import api_files, feeds, markdown_copies
from tests.pages.small_view import ENGLISH, HOSTILE, LONDON, NOW, OUTLINES, PIN, URL, view


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
    assert json.loads(api_files.trending_api([by_hand], URL, german))["pins"][0]["why"] == "aktuell"
    assert "\n> Antworten auf Fragen von Kunden." in markdown_copies.llms_txt("Laden", view(), URL, german).decode()


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


def test_a_pin_by_hand_has_no_beginning() -> None:
    by_hand = replace(PIN, state="manual", since=None)
    assert json.loads(api_files.trending_api([by_hand], URL, ENGLISH))["pins"][0]["since"] is None
    items = feeds.happening([by_hand], URL)
    assert b"pubDate" not in feeds.rss("Shop", "happening", items, URL, ENGLISH, LONDON)
    assert (
        "date_published"
        not in json.loads(feeds.json_feed("Shop", "happening", items, URL, ENGLISH, LONDON))["items"][0]
    )


def test_a_pin_by_hand_with_a_day_is_dated() -> None:
    (item,) = feeds.happening([replace(PIN, state="manual", band="")], URL)
    assert (item.guid, item.when) == ("tag:help.example.com,2026-11-19:one", date(2026, 11, 19))
