from datetime import timedelta
from pathlib import Path

import pytest

from kb_builder.mentions.counted import Phrases
from kb_builder.trends.gaps import find_gaps
from kb_builder.trends.rules import Rules
from tests.made_mentions import LAST, Row, read, row, stream, write_csv

DAY = timedelta(days=1)
WORDS = "kettle teapot parcel invoice screen login delivery basket voucher email".split()


def unanswered() -> list[Row]:
    """What customers always say that no article answers."""
    return [
        row(LAST - back * DAY, f"n-{back}-{number}", "", text=f"{WORDS[number]} {WORDS[(number + back) % 10]} question")
        for back in range(50)
        for number in range(10)
    ]


def said(phrase: str, per_day: int, days: int = 3, who: str = "g") -> list[Row]:
    return [
        row(LAST - back * DAY, f"{who}-{back}-{number}", "", text=f"{phrase} {'abcdefghij'[number % 10]}")
        for back in range(days)
        for number in range(per_day)
    ]


@pytest.fixture(scope="module")
def phrases(tmp_path_factory: pytest.TempPathFactory) -> Phrases:
    rows = stream(days=50) + unanswered() + said("parental consent form", 8)
    return read(write_csv(tmp_path_factory.mktemp("gaps") / "m.csv", rows)).phrases


def test_a_burst_of_words_is_one_gap_under_its_longest_name(phrases: Phrases) -> None:
    asked: list[str] = []

    def nearest(phrase: str) -> list[str]:
        asked.append(phrase)
        return ["topic-a", "topic-b"]

    (gap,) = find_gaps(phrases, LAST, Rules(), nearest)
    assert (gap.phrase, gap.customers) == ("parental consent form", 24)
    assert gap.since == LAST - 2 * DAY
    assert gap.nearest == ("topic-a", "topic-b")
    assert asked == ["parental consent form"]


def test_without_a_search_there_are_no_nearest(phrases: Phrases) -> None:
    assert find_gaps(phrases, LAST, Rules())[0].nearest == ()


def test_what_is_always_said_is_no_gap(tmp_path: Path) -> None:
    quiet = read(write_csv(tmp_path / "m.csv", stream(days=50) + unanswered())).phrases
    assert find_gaps(quiet, LAST, Rules()) == ()


def test_two_questions_of_different_customers_are_two_gaps(tmp_path: Path) -> None:
    rows = unanswered() + said("parental consent form", 8) + said("kiosk error e4071", 12, who="k")
    found = find_gaps(read(write_csv(tmp_path / "m.csv", rows)).phrases, LAST, Rules())
    assert [(gap.phrase, gap.customers) for gap in found] == [("kiosk error e4071", 36), ("parental consent form", 24)]


def test_four_customers_are_no_gap(tmp_path: Path) -> None:
    rows = unanswered() + said("secret project name", 4, days=1)
    assert find_gaps(read(write_csv(tmp_path / "m.csv", rows)).phrases, LAST, Rules()) == ()


def test_nothing_unanswered_nothing_found() -> None:
    assert find_gaps(Phrases.none(), LAST, Rules()) == ()
