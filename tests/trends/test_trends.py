from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kb_builder.mentions.counted import CODEC, Mentions
from kb_builder.mentions.settings import ManualPin, Suppression, Thresholds, TrendingSettings
from kb_builder.model import Article, Pin
from kb_builder.trends.pin_finder import PinFinder
from kb_builder.trends.trends import FoundTrends, find_trends, why_not_pinned
from tests.made_mentions import LAST, LONDON, NOW, TOPICS, Row, articles, burst, read, row, stream, write_csv

DAY = timedelta(days=1)
UTC_ZONE = ZoneInfo("UTC")
START = LAST - 2 * DAY
ARTICLES = articles()
SETTINGS = TrendingSettings()
BURST = burst("topic-c", START, LAST, 40)


def mentions(tmp_path: Path, rows: Sequence[Row], **more: Any) -> Mentions:
    return read(write_csv(tmp_path / "m.csv", rows), **more)


def trends(
    counted: Mentions,
    *,
    articles: Sequence[Article] = ARTICLES,
    settings: TrendingSettings = SETTINGS,
    now: datetime = NOW,
    zone: ZoneInfo = UTC_ZONE,
    history: int = 0,
) -> FoundTrends:
    return find_trends(PinFinder(counted, articles, settings, zone), now, history=history)


def by_hand(id: str, until: str = "2026-05-03", **more: str) -> ManualPin:
    return ManualPin.model_validate({"id": id, "until": until, **more}, context={"zone": UTC_ZONE})


def suppressed(id: str, **more: str) -> Suppression:
    return Suppression.model_validate({"id": id, **more}, context={"zone": UTC_ZONE})


def ids(pins: Sequence[Pin]) -> list[str]:
    return [pin.id for pin in pins]


@pytest.fixture(scope="module")
def bursting(tmp_path_factory: pytest.TempPathFactory) -> Mentions:
    return mentions(tmp_path_factory.mktemp("bursting"), stream() + BURST)


# A pin


def test_a_burst_is_pinned_and_explained(bursting: Mentions) -> None:
    (pin,) = trends(bursting).pins
    assert (pin.id, pin.segment, pin.since) == ("topic-c", None, START)
    assert pin.until == datetime(2026, 5, 4, tzinfo=UTC)
    assert pin.mentions >= 120
    assert 15 < pin.expected < 35
    assert pin.why.startswith(f"{pin.mentions} customers in 3 days, ")
    assert pin.why.endswith("since 28 April, steady")
    assert (pin.band, pin.day) == ("many customers", LAST + DAY)


def test_days_that_are_not_over_are_not_counted(bursting: Mentions, tmp_path: Path) -> None:
    later = mentions(tmp_path, stream() + BURST + burst("topic-d", LAST + DAY, LAST + DAY, 90))
    assert trends(later).pins == trends(bursting).pins


def test_pins_change_at_midnight_of_the_sites_zone(tmp_path: Path) -> None:
    rows = stream() + burst("topic-c", LAST, LAST, 60)
    dates_only = [{**each, "time": each["time"][:10]} for each in rows]
    path = write_csv(tmp_path / "m.csv", dates_only)
    for hour, minute, pinned in ((22, 59, []), (23, 1, ["topic-c"])):
        now = datetime(2026, 4, 30, hour, minute, tzinfo=UTC)
        counted = read(path, now=now, zone=LONDON)
        assert ids(trends(counted, now=now, zone=LONDON).pins) == pinned


def test_an_export_that_stops_coming_stops_pinning(bursting: Mentions, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "m.csv", stream() + BURST)
    for days, pinned in ((0, True), (2, True), (3, False)):
        now = NOW + days * DAY
        found = trends(read(path, now=now), now=now)
        assert bool(found.pins) is pinned
        assert pinned or found.reasons_nothing_pinned == (
            "the newest mention is of 30 April, and pins end 3 days after it",
        )


def test_a_pin_is_gone_at_its_end(bursting: Mentions) -> None:
    (pin,) = trends(bursting).pins
    assert trends(bursting, now=pin.until).pins == ()
    (last,) = trends(bursting, now=pin.until - timedelta(seconds=1)).pins
    assert replace(last, day=pin.day) == pin


def test_a_pin_ends_fourteen_days_after_its_burst_began(tmp_path: Path) -> None:
    since = LAST - 12 * DAY
    (pin,) = trends(mentions(tmp_path, stream() + burst("topic-c", since, LAST, 40))).pins
    assert (pin.since, pin.until) == (since, datetime(2026, 5, 2, tzinfo=UTC))


# Too little data


def test_no_mentions(tmp_path: Path) -> None:
    found = trends(read())
    assert (found.pins, found.gaps) == ((), ())
    assert found.reasons_nothing_pinned == ("no mentions of complete days were read",)


def test_under_fourteen_days_there_are_only_manual_pins(tmp_path: Path) -> None:
    counted = mentions(tmp_path, stream(days=13) + BURST)
    found = trends(counted)
    assert found.pins == ()
    assert found.reasons_nothing_pinned == (
        "13 days of mentions so far; 14 are needed before anything can be called a trend",
    )
    assert ids(trends(counted, settings=TrendingSettings(pin=(by_hand("topic-a"),))).pins) == ["topic-a"]


def test_the_strongest_topic_is_named_when_nothing_is_pinned(tmp_path: Path) -> None:
    quiet = trends(mentions(tmp_path, stream()))
    assert quiet.pins == ()
    assert quiet.reasons_nothing_pinned[0].startswith("best: About topic-")
    few = trends(mentions(tmp_path, stream(rate=0.05, days=40) + burst("topic-c", LAST, LAST, 4)))
    assert few.reasons_nothing_pinned == ("best: About topic-c, fewer than 5 customers",)


def test_no_slots_no_pins(bursting: Mentions) -> None:
    found = trends(bursting, settings=TrendingSettings(slots=0))
    assert (found.pins, found.reasons_nothing_pinned) == ((), ("slots is 0 in trending.yml",))


# Vetoes and pins by hand


def held_back(counted: Mentions, given: Sequence[Article] = articles(), **settings: Any) -> str:
    found = trends(counted, articles=given, settings=TrendingSettings(**settings))
    assert found.pins == ()
    return found.reasons_nothing_pinned[0]


def test_vetoes(bursting: Mentions) -> None:
    prefix = "held back: About topic-c"
    assert held_back(bursting, never=("topic-c",)) == f"{prefix} (never, in trending.yml)"
    assert held_back(bursting, suppress=(suppressed("topic-c"),)) == f"{prefix} (suppressed in trending.yml)"
    quiet = [replace(article, trending=article.id != "topic-c") for article in articles()]
    assert held_back(bursting, quiet) == f"{prefix} (trending: false in its header)"


def test_unlisted_articles_are_not_pinned(bursting: Mentions) -> None:
    unlisted = [replace(article, unlisted=article.id in ("topic-a", "topic-c")) for article in articles()]
    assert held_back(bursting, unlisted) == "held back: About topic-c (unlisted articles are not listed)"
    wanted = by_hand("topic-a", "2026-05-02")
    assert trends(bursting, articles=unlisted, settings=TrendingSettings(pin=(wanted,))).pins == ()


def test_a_veto_of_an_old_id_holds(bursting: Mentions) -> None:
    old = {"topic-old": "topic-c"}
    assert "never" in held_back(bursting, never=("topic-old",), aliases=old)
    assert "suppressed" in held_back(bursting, suppress=(suppressed("topic-old"),), aliases=old)


def test_a_suppression_that_is_over_holds_nothing_back(bursting: Mentions) -> None:
    over = suppressed("topic-c", until="2026-04-20")
    assert ids(trends(bursting, settings=TrendingSettings(suppress=(over,))).pins) == ["topic-c"]


def test_an_article_that_is_not_public_is_never_pinned(bursting: Mentions) -> None:
    public = [article for article in articles() if article.id != "topic-c"]
    found = trends(bursting, articles=public, history=5)
    assert found.pins == ()
    assert "topic-c" not in repr(found.days)


def test_a_manual_pin_leads_and_takes_a_slot(bursting: Mentions) -> None:
    wanted = by_hand("old", "2026-05-02", **{"from": "2026-04-27"})
    settings = TrendingSettings(pin=(wanted,), aliases={"old": "topic-a"})
    both = trends(bursting, settings=settings).pins
    assert ids(both) == ["topic-a", "topic-c"]
    assert (both[0].state, both[0].band, both[0].why) == ("manual", "", "pinned by hand until 2 May")
    assert ids(trends(bursting, settings=settings.model_copy(update={"slots": 1})).pins) == ["topic-a"]
    assert ids(trends(bursting, settings=settings, now=NOW + 2 * DAY).pins) == ["topic-c"]


def test_a_manual_pin_of_an_article_that_is_not_public_is_ignored(bursting: Mentions) -> None:
    settings = TrendingSettings(pin=(by_hand("secret-draft"),))
    assert ids(trends(bursting, settings=settings).pins) == ["topic-c"]


def test_thresholds_are_configurable(bursting: Mentions) -> None:
    assert trends(bursting, settings=TrendingSettings(thresholds=Thresholds(customers=500))).pins == ()
    assert trends(bursting, settings=TrendingSettings(thresholds=Thresholds(times_normal=20))).pins == ()


# Segments


@pytest.fixture(scope="module")
def segmented(tmp_path_factory: pytest.TempPathFactory) -> Mentions:
    rows = [{**each, "segment": "islands" if number % 3 == 0 else "city"} for number, each in enumerate(stream())]
    rows += burst("topic-c", START, LAST, 40, segment="city")
    rows += burst("topic-d", START, LAST, 9, segment="islands")
    return mentions(tmp_path_factory.mktemp("segmented"), rows, segments=["islands"])


def test_a_segments_own_pins_lead_and_the_sites_follow_that_it_shares(segmented: Mentions) -> None:
    settings = TrendingSettings(segments={"islands": "Scottish islands"})
    found = trends(segmented, settings=settings)
    assert [(pin.id, pin.segment) for pin in found.pins] == [("topic-c", None), ("topic-d", "islands")]
    assert [(pin.id, pin.segment) for pin in found.shown["islands"]] == [("topic-d", "islands")]
    assert found.segment_names == {"islands": "Scottish islands"}


def test_an_undeclared_segment_is_for_staff_only(segmented: Mentions) -> None:
    found = trends(segmented, settings=TrendingSettings(segments={"islands": "Scottish islands"}), history=1)
    assert [(pin.id, pin.segment) for pin in found.undeclared] == [("topic-c", "city")]
    assert not any(pin.segment == "city" for pin in found.pins)
    assert set(found.shown) == {"all", "islands"}
    assert set(found.days[str(LAST)]) == {"all", "islands", "city"}


def test_a_declared_segment_without_mentions_sees_what_is_pinned_by_hand(bursting: Mentions) -> None:
    settings = TrendingSettings(segments={"moon": "The Moon"}, pin=(by_hand("topic-a"),))
    found = trends(bursting, settings=settings)
    assert ids(found.shown["moon"]) == ["topic-a"]


# History


def test_history_is_what_each_day_would_have_pinned(tmp_path: Path) -> None:
    rows = stream() + burst("topic-c", LAST - 9 * DAY, LAST - 6 * DAY, 40) + burst("topic-f", LAST - DAY, LAST, 50)
    path = write_csv(tmp_path / "m.csv", rows)
    found = trends(read(path), history=12)
    assert list(found.days) == [str(LAST - back * DAY) for back in range(11, -1, -1)]
    for back in range(12):
        day = LAST - back * DAY
        now = datetime.combine(day + DAY, NOW.timetz())
        assert found.days[str(day)]["all"] == tuple(ids(trends(read(path, now=now), now=now).pins))
    assert found.days[str(LAST - 8 * DAY)]["all"] == ("topic-c",)
    assert found.days[str(LAST - 3 * DAY)]["all"] == ()


def test_history_before_the_first_mention_is_empty(bursting: Mentions) -> None:
    found = trends(bursting, history=90)
    assert len(found.days) == 90
    assert found.days[str(LAST - 89 * DAY)] == {"all": ()}


def test_a_chart_hides_small_counts(bursting: Mentions) -> None:
    (series,) = trends(bursting).series
    assert (series.id, series.segment, len(series.customers)) == ("topic-c", None, 28)
    assert min(series.customers[-3:]) >= 40
    assert all(count == 0 or count >= 5 for count in series.customers)


def test_the_same_export_and_clock_give_the_same_trends(bursting: Mentions) -> None:
    assert trends(bursting, history=5) == trends(CODEC.decode(CODEC.encode(bursting)), history=5)


def test_one_customer_who_writes_all_day_is_not_a_trend(tmp_path: Path) -> None:
    spam = [row(LAST - (number % 3) * DAY, "spammer", "topic-b", id=f"s{number}") for number in range(200)]
    brigade = burst("topic-e", LAST, LAST, 60, channel="twitter", text="@shop is a scam, boycott them all, everybody!")
    assert trends(mentions(tmp_path, stream() + spam + brigade)).pins == ()


# Why an article is not pinned


def why_not(counted: Mentions, id: str, *, ids: Sequence[str] = TOPICS, **settings: Any) -> str:
    rules = TrendingSettings(**settings)
    return why_not_pinned(PinFinder(counted, articles(ids), rules, UTC_ZONE), id, NOW)


def test_the_reason_an_article_is_not_pinned(tmp_path: Path) -> None:
    rows = stream() + burst("topic-a", LAST - DAY, LAST, 8) + BURST + burst("topic-new", LAST, LAST, 3)
    counted = mentions(tmp_path, rows, articles=(*TOPICS, "topic-new"))
    lacking = why_not(counted, "topic-a")
    assert lacking.startswith("3")
    assert lacking.endswith(("where 1.5 are needed", "rules out chance"))
    assert why_not(counted, "topic-c", never=("topic-c",)) == "never, in trending.yml"
    assert why_not(counted, "topic-c", slots=0) == "slots is 0 in trending.yml"
    assert why_not(counted, "topic-new") == "not public"
    assert why_not(counted, "topic-new", ids=counted.topics) == "fewer than 5 customers"
    full = why_not(counted, "topic-c", slots=1, pin=(by_hand("topic-b"),))
    assert full == "every slot is taken by stronger pins"
    assert why_not(read(), "topic-a") == "no mentions of complete days were read"
