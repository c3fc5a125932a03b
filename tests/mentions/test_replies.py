"""First replies: the columns that say when they came, and the counts of the waits."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kb_builder.mentions.channels import CHANNEL_CODES
from kb_builder.mentions.counted import EARLY, UNANSWERED, UNREADABLE, Mentions
from kb_builder.mentions.settings import Columns, TrendingSettings
from tests.made_mentions import LAST, LONDON, NOW, read, row, write_csv, write_jsonl

ASKED = datetime(LAST.year, LAST.month, LAST.day, 10, tzinfo=UTC)


def waits(mentions: Mentions) -> dict[int, int]:
    """Minutes waited → questions."""
    found: dict[int, int] = {}
    for waited, count in zip(mentions.replies.waited.tolist(), mentions.replies.replies.tolist(), strict=True):
        found[waited] = found.get(waited, 0) + count
    return found


def questions(path: Path, column: str, values: list[str], **settings: str) -> Mentions:
    """The mentions of a file whose questions of ten o'clock have these values in a column."""
    rows = [
        {
            "time": f"{LAST}T10:00:00Z",
            "customer_id": f"c{number}",
            "text": "Where is it?",
            "id": str(number),
            column: value,
        }
        for number, value in enumerate(values)
    ]
    file = write_csv(path / "export.csv", rows, tuple(rows[0]))
    return read(file, settings=TrendingSettings(columns=Columns(**settings)))


@pytest.mark.parametrize(
    ("column", "value", "minutes"),
    [
        ("first_reply_at", f"{LAST}T10:25:00Z", 25),
        ("first_reply_at", f"{LAST}T11:25:00+01:00", 25),
        ("First responded at", f"{LAST} 10:24:01", 25),
        ("stats.first_responded_at", f"{LAST}T12:00:00Z", 120),
        ("Initial response time", f"{LAST} 10:05:00", 5),
        ("statistics.first_admin_reply_at", str(int(ASKED.timestamp()) + 90), 2),
        ("first_agent_reply_date", f"{LAST}T10:10:00Z", 10),
        ("reply_time_in_minutes", "17", 17),
        ("metric_set.reply_time_in_minutes.calendar", "17.0", 17),
        ("metric_set.reply_time_in_minutes.business", "9", 9),
        ("time_to_admin_reply", "150", 3),
        ("properties.time_to_first_agent_reply", "600000", 10),
        ("First response time (in hrs)", "01:02:30", 63),
        ("First response time", "90", 2),
        ("reply_time_in_minutes", "0", 0),
        ("reply_minutes", "8", 8),
    ],
)
def test_the_reply_columns_of_tools_are_read(tmp_path: Path, column: str, value: str, minutes: int) -> None:
    assert waits(questions(tmp_path, column, [value])) == {minutes: 1}


def test_json_and_a_column_that_the_settings_name_are_read(tmp_path: Path) -> None:
    asked = {"created_at": f"{LAST}T10:00:00Z", "requester_id": 4, "subject": "Where?", "id": 1}
    nested = {**asked, "metric_set": {"reply_time_in_minutes": {"calendar": 31, "business": 8}}}
    assert waits(read(write_jsonl(tmp_path / "nested.jsonl", [nested]))) == {31: 1}
    late = questions(tmp_path, "Wait", ["12"], reply_minutes="Wait")
    assert waits(late) == {12: 1}
    at = questions(tmp_path, "Answered", [f"{LAST} 10:30"], first_reply_at="Answered")
    assert waits(at) == {30: 1}


def test_without_a_column_nothing_is_measured_and_an_empty_value_is_no_reply(tmp_path: Path) -> None:
    plain = write_csv(tmp_path / "plain.csv", [row(LAST, "c1", "topic-a")])
    assert not len(read(plain).replies.asked)
    assert waits(questions(tmp_path, "first_reply_at", ["", f"{LAST}T10:01:00Z"])) == {UNANSWERED: 1, 1: 1}


def test_impossible_replies_are_reported_and_those_to_come_are_not_there_yet(tmp_path: Path) -> None:
    early = questions(tmp_path, "first_reply_at", [f"{LAST}T09:00:00Z"])
    assert waits(early) == {EARLY: 1}
    (note,) = [finding for finding in early.findings if finding.code == "early-replies"]
    assert note.message == "1 question has a first reply dated before it, not measured"
    assert waits(questions(tmp_path, "reply_time_in_minutes", [str(400 * 1440), "nonsense", "1e300"])) == {
        UNANSWERED: 3
    }


@pytest.mark.parametrize("column", ["first_reply_at", "reply_time_in_minutes", "First response time (in hrs)"])
def test_what_is_no_reply_is_none_and_what_cannot_be_read_is_reported_and_not_measured(
    tmp_path: Path, column: str
) -> None:
    nothing = ["", "-", "n/a", "NaN", "none", "soon", "0000-00-00 00:00:00"]
    assert waits(questions(tmp_path, column, nothing)) == {UNANSWERED: len(nothing)}
    unread = ["2 hours", f"{LAST + timedelta(days=1)}", "1,5"]
    found = questions(tmp_path, column, unread)
    assert waits(found) == {UNREADABLE: len(unread)}
    (note,) = [finding for finding in found.findings if "replies" in finding.code]
    assert (note.code, note.message.split()[0]) == ("unreadable-replies", str(len(unread)))


def test_a_reply_without_a_time_of_day_is_taken_from_another_column(tmp_path: Path) -> None:
    rows = [
        {
            "time": f"{LAST}T10:00:00Z",
            "customer_id": "c",
            "text": "Where?",
            "first_reply_at": str(LAST),
            "reply_minutes": "7",
        }
    ]
    assert waits(read(write_csv(tmp_path / "both.csv", rows, tuple(rows[0])))) == {7: 1}


def test_only_the_last_28_complete_days_with_a_time_of_day_are_measured(tmp_path: Path) -> None:
    rows = [
        {"time": time, "customer_id": "c", "text": "Where?", "reply_time_in_minutes": "5"}
        for time in (
            f"{NOW.date()}T08:00:00Z",
            f"{LAST}T23:59:00Z",
            f"{LAST - timedelta(days=27)}T00:00:00Z",
            f"{LAST - timedelta(days=28)}T23:59:00Z",
            str(LAST),
        )
    ]
    assert waits(read(write_csv(tmp_path / "days.csv", rows, tuple(rows[0])))) == {5: 2}
    # The days are those of the site's zone, which is an hour ahead.
    assert waits(read(tmp_path / "days.csv", zone=LONDON)) == {5: 2}


def test_a_record_exported_before_and_after_its_reply_counts_once(tmp_path: Path) -> None:
    asked = {"time": f"{LAST}T10:00:00Z", "customer_id": "c", "channel": "chat", "id": "7"}
    columns = ("id", "time", "channel", "customer_id", "article_id", "text", "first_reply_at")
    first = write_csv(tmp_path / "a.csv", [{**asked, "text": "Where?"}], columns)
    answered = {**asked, "text": "Where?", "article_id": "topic-a", "first_reply_at": f"{LAST}T10:07:00Z"}
    second = write_csv(tmp_path / "b.csv", [answered, {**answered, "article_id": ""}], columns)
    for order in ((first, second), (second, first)):
        found = read(*order)
        assert waits(found) == {7: 1}
        assert found.replies.channel.tolist() == [CHANNEL_CODES["chat"]]
