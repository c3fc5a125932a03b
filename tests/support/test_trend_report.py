import json
from datetime import timedelta
from pathlib import Path

import pytest

from kb_builder.mentions.settings import TrendingSettings
from kb_builder.model import Gap, Pin
from kb_builder.support.trend_report import gaps_text, posts, reading_text, sparkline, text, to_json
from kb_builder.trends.pin_finder import PinFinder, Series
from kb_builder.trends.trends import FoundTrends, find_trends
from tests.made_mentions import LAST, LONDON, NOW, articles, burst, read, stream, write_csv

URL = "https://help.example.com/"
ARTICLES = {article.id: article for article in articles()}
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def trends(tmp_path_factory: pytest.TempPathFactory) -> FoundTrends:
    rows = [{**each, "segment": "islands" if number % 3 == 0 else "city"} for number, each in enumerate(stream())]
    rows += burst("topic-c", LAST - 2 * DAY, LAST, 30, segment="islands")
    settings = TrendingSettings(segments={"islands": "Scottish islands"})
    path = write_csv(tmp_path_factory.mktemp("report") / "m.csv", rows)
    counted = read(path, settings=settings, segments=["islands"], zone=LONDON)
    return find_trends(PinFinder(counted, articles(), settings, LONDON), NOW, history=3)


@pytest.fixture(scope="module")
def nothing_pinned() -> FoundTrends:
    return find_trends(PinFinder(read(), articles(), TrendingSettings(), LONDON), NOW)


def write(pin: Pin, channel: str, segment_name: str) -> str:
    return f"{pin.id} on {channel}, {segment_name or 'all'}"


def test_json_has_the_documented_shape(trends: FoundTrends) -> None:
    made = json.loads(json.dumps(to_json(trends, ARTICLES, URL, write)))
    assert list(made) == ["now", "pins", "gaps", "reasons_nothing_pinned", "reading", "findings", "days"]
    site, islands = made["pins"]
    keys = "id title url segment state since score why mentions expected until post".split()
    assert list(site) == list(islands) == keys
    assert (site["id"], site["segment"], islands["segment"]) == ("topic-c", None, "islands")
    assert site["url"] == f"{URL}faq/topic-c/"
    assert site["until"].endswith("+01:00")
    assert site["post"]["twitter"] == "topic-c on twitter, all"
    assert islands["post"]["sms"] == "topic-c on sms, Scottish islands"
    assert made["days"][str(LAST)] == {"all": ["topic-c"], "islands": ["topic-c"], "city": []}


def test_days_are_there_only_when_asked_for(nothing_pinned: FoundTrends) -> None:
    assert not {"days", "hours"} & to_json(nothing_pinned, ARTICLES, URL, write).keys()
    assert to_json(nothing_pinned, ARTICLES, URL, write)["reasons_nothing_pinned"] == [
        "no mentions of complete days were read"
    ]


def test_the_text_says_what_is_pinned_for_whom_and_why(trends: FoundTrends) -> None:
    printed = text(trends, ARTICLES)
    everybody, islands = printed.index("Pinned for everybody"), printed.index("Pinned for Scottish islands")
    assert everybody < printed.index("About topic-c  [topic-c]") < islands
    assert "since 28 April" in printed
    assert "until 4 May, score" in printed
    assert f"{LAST}  topic-c" in printed
    assert "rows in 1 file" in printed


def test_the_text_says_why_nothing_is_pinned(nothing_pinned: FoundTrends) -> None:
    assert text(nothing_pinned, ARTICLES).splitlines() == [
        "Nothing is pinned for everybody.",
        "  no mentions of complete days were read",
        "",
        "No mention exports were found. Put them into content/mentions, or name them with --mentions.",
    ]


def test_posts_for_each_pin_and_segment(trends: FoundTrends) -> None:
    first, second = posts(trends, "sms", write).split("\n\n")
    assert first.splitlines()[0] == "--- topic-c, for everybody"
    assert second.splitlines()[0] == "--- topic-c, for Scottish islands"
    assert first.splitlines()[1] == "topic-c on sms, all"
    assert second.splitlines()[1] == "topic-c on sms, Scottish islands"


def test_posts_of_one_segment(trends: FoundTrends) -> None:
    everybody, islands = posts(trends, "sms", write).split("\n\n")
    assert posts(trends, "sms", write, "all") == everybody
    assert posts(trends, "sms", write, "islands") == islands
    assert posts(trends, "sms", write, "plus") == ""


def test_no_pins_no_posts(nothing_pinned: FoundTrends) -> None:
    assert posts(nothing_pinned, "sms", write) == ""


def test_gaps_list_their_nearest_articles() -> None:
    gap = Gap("parental consent form", 24, 0.31, LAST, ("topic-a", "topic-b"))
    assert gaps_text([gap]).splitlines() == [
        "Asked by many, answered by no article",
        "",
        "  “parental consent form”",
        "    24 customers, 0.3 expected, since 30 April 2026; nearest: topic-a, topic-b",
    ]
    assert gaps_text([]) == "No burst of questions without an answer."


def test_a_sparkline() -> None:
    assert sparkline(Series("a", None, (0, 5, 10))) == "▁▅█"
    assert sparkline(Series("a", None, (0, 0))) == "▁▁"


def test_the_rows_are_reported_as_one_table_that_adds_up(tmp_path: Path) -> None:
    rows = stream(days=3)
    mentions = read(write_csv(tmp_path / "m.csv", rows + rows[:2]))
    assert reading_text(mentions.reading).splitlines() == [
        "Where the rows went",
        f"  {len(rows)} with an article",
        "    2 exported twice",
        f"  {len(rows) + 2} rows in 1 file",
    ]


def test_unusable_rows_are_reported_with_the_trends(tmp_path: Path) -> None:
    rows = stream(days=20)
    rows[9]["time"] = "soon"
    mentions = read(write_csv(tmp_path / "m.csv", rows), root=tmp_path)
    trends = find_trends(PinFinder(mentions, articles(), TrendingSettings(), LONDON), NOW)
    *_, message, hint = text(trends, ARTICLES).splitlines()
    assert message == f"m.csv: warning: 1 of {len(rows):,} rows can't be used and were left out"
    assert hint == "  no usable time in the column time: row 11"
    made = json.loads(json.dumps(to_json(trends, ARTICLES, URL, write)))
    assert made["reading"]["bad"] == 1
    assert made["findings"][0]["code"] == "bad-mentions"
