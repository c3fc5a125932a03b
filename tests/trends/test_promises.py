"""Promised response times against the first replies, on the clock of the channel's opening hours."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.mentions.channels import CHANNEL_CODES
from kb_builder.mentions.counted import EARLY, UNANSWERED, Counts, Mentions, Phrases, ReplyCounts
from kb_builder.model import Channel, Contact, Promise
from kb_builder.parsing import opening_hours
from kb_builder.trends.promises import measure

BERLIN = ZoneInfo("Europe/Berlin")


def channel(kind: str = "email", time: str = "2 hours", hours: str = "Mo-Fr 09:00-17:00", **more: Any) -> Channel:
    always = hours == "24/7"
    return Channel(
        kind=kind, address="a", label=kind.title(), href="", hours=() if always else opening_hours.parse(hours),
        always=always, hours_text=(), response_time=time, response_minutes=0, **more,
    )  # fmt: skip


def question(asked: str, waited: int, replies: int = 20, **more: int) -> dict[str, int]:
    minute = int(datetime.fromisoformat(asked).replace(tzinfo=BERLIN).timestamp()) // 60
    made = {"channel": CHANNEL_CODES["email"], "segment": 0, "asked": minute, "waited": waited, "open_wait": 0}
    return {**made, "replies": replies, **more}


def measured(
    questions: list[dict[str, int]], *channels: Channel, segments: tuple[str, ...] = ()
) -> tuple[Promise, ...]:
    columns = (np.array([each[name] for each in questions], dtype=np.int32) for name in ReplyCounts._fields)
    none = np.zeros(0, dtype=np.int32)
    mentions = Mentions(
        first_day=0, today=0, oldest=0, newest=0, topics=(), segments=segments, declared=len(segments),
        counts=Counts(none, none, none, none), phrases=Phrases.none(), replies=ReplyCounts(*columns),
    )  # fmt: skip
    return measure(mentions, Contact("Europe/Berlin", channels or (channel(),)), BERLIN)


def wait_of(asked: str, waited: int, *channels: Channel, **more: int) -> int | None:
    return measured([question(asked, waited, **more)], *channels)[0].median


@pytest.mark.parametrize(
    ("asked", "waited", "open_minutes"),
    [
        ("2026-04-06T10:00", 90, 90),
        ("2026-04-06T16:30", 16 * 60 + 45, 45),  # Monday evening to Tuesday 09:15
        ("2026-04-03T16:00", 65 * 60 + 30, 90),  # Friday afternoon to Monday 09:30
        ("2026-04-04T12:00", 45 * 60 + 10, 10),  # asked on Saturday
        ("2026-04-04T12:00", 60, 0),  # answered on Saturday, too
        ("2026-03-27T16:00", 64 * 60 + 30, 90),  # summer time began on the Sunday between
    ],
)
def test_the_clock_runs_while_the_channel_is_open(asked: str, waited: int, open_minutes: int) -> None:
    assert wait_of(asked, waited) == open_minutes


def test_closed_days_nights_and_overlapping_lines_count_as_they_are() -> None:
    holiday = channel(closed=(date(2026, 4, 6),))
    assert wait_of("2026-04-03T16:00", 89 * 60 + 30, holiday) == 90
    night = channel(hours="Mo-Su 18:00-02:00")
    assert wait_of("2026-04-06T23:00", 20 * 60, night) == 3 * 60 + 60
    both = channel()
    doubled = Channel(**{**{name: getattr(both, name) for name in Channel.__slots__}, "hours": both.hours * 2})
    assert wait_of("2026-04-06T10:00", 24 * 60, doubled) == 8 * 60
    assert wait_of("2026-04-04T12:00", 600, channel(hours="24/7")) == 600
    # The tool left out closed hours itself.
    assert wait_of("2026-04-04T12:00", 600, open_wait=1) == 600


def test_a_promised_day_is_a_day_of_opening_hours() -> None:
    promise = measured([question("2026-04-03T16:00", 72 * 60 - 1)], channel(time="1 day"))[0]
    assert promise.share == 1  # Friday at four to Monday before four
    promise = measured([question("2026-04-03T16:00", 73 * 60)], channel(time="1 day"))[0]
    assert promise.share == 0


def test_share_median_and_nine_of_ten() -> None:
    asked = "2026-04-06T10:00"
    promise = measured([question(asked, 30, 60), question(asked, 120, 30), question(asked, 121, 10)])[0]
    assert (promise.share, promise.median, promise.most, promise.questions) == (0.9, 30, 120, 100)
    assert promise.honest == "2 hours"
    assert not promise.is_broken(0.9)
    assert promise.is_broken(0.91)


def test_who_waits_longer_than_promised_without_a_reply_was_not_answered_in_time() -> None:
    asked = [question("2026-04-06T10:00", 60, 20), question("2026-04-06T10:00", UNANSWERED, 5)]
    # Until the newest reply at eleven no customer has waited for two hours.
    assert measured(asked)[0].questions == 20
    later = measured([*asked, question("2026-04-07T10:00", 60, 5)])[0]
    assert (later.questions, later.unanswered, later.share) == (30, 5, round(25 / 30, 4))
    assert later.honest == ""
    assert measured([*asked, question("2026-04-06T10:00", EARLY, 9)])[0].questions == 20


def test_few_questions_and_channels_without_replies_are_left_out() -> None:
    assert measured([question("2026-04-06T10:00", 5, 19)]) == ()
    assert measured([question("2026-04-06T10:00", UNANSWERED, 99)]) == ()
    assert measured([]) == ()


def test_channels_in_the_order_of_the_contact_file_then_those_it_lacks() -> None:
    codes = [CHANNEL_CODES[kind] for kind in ("twitter", "chat", "email")]
    asked = [question("2026-04-06T10:00", 5, channel=code) for code in codes]
    found = measured(asked, channel("chat"), channel("email"))
    assert [(promise.channel, promise.position, promise.share) for promise in found] == [
        ("chat", 0, 1.0),
        ("email", 1, 1.0),
        ("twitter", None, None),
    ]
    assert found[2].label == "Twitter"
    assert not found[2].is_broken(1)


def test_segments_have_lines_of_their_own_and_count_for_everybody() -> None:
    asked = [question("2026-04-06T10:00", 5, 20, segment=1), question("2026-04-06T10:00", 500, 19, segment=2)]
    everybody, islands = measured(asked, segments=("islands", "plus"))
    assert (everybody.segment, everybody.questions, everybody.share) == (None, 39, round(20 / 39, 4))
    assert (islands.segment, islands.questions, islands.share) == ("islands", 20, 1.0)
    assert not islands.is_broken(1.1)


HOURS = ("Mo-Fr 09:00-17:00", "Mo-Su 20:00-04:00", "Sa 10:00-12:00", "Mo,We 10:00-12:00,12:00-15:30")


@given(st.integers(0, 20 * 1440), st.integers(0, 4 * 1440), st.sampled_from(HOURS))
def test_open_minutes_are_those_that_a_look_at_each_minute_counts(asked: int, waited: int, hours: str) -> None:
    first = datetime(2026, 3, 20, tzinfo=BERLIN).astimezone(UTC) + timedelta(minutes=asked)
    spans = opening_hours.parse(hours)

    def is_open(moment: datetime) -> bool:
        wall = moment.astimezone(BERLIN)
        minute = wall.hour * 60 + wall.minute
        return any(
            (wall.weekday() in span.days and span.opens <= minute < span.closes)
            or ((wall.weekday() - 1) % 7 in span.days and span.opens <= minute + 1440 < span.closes)
            for span in spans
        )

    expected = sum(is_open(first + timedelta(minutes=minute)) for minute in range(waited))
    one = question("2026-04-06T10:00", waited) | {"asked": int(first.timestamp()) // 60}
    assert measured([one], channel(hours=hours))[0].median == expected


@given(
    st.lists(st.tuples(st.integers(0, 28 * 1440), st.integers(-2, 9000), st.integers(1, 40)), min_size=1, max_size=30)
)
def test_whatever_is_measured_is_possible(asked: list[tuple[int, int, int]]) -> None:
    first = question("2026-03-20T00:00", 0)["asked"]
    questions = [
        question("2026-04-06T10:00", waited, replies) | {"asked": first + minute} for minute, waited, replies in asked
    ]
    for promise in measured(questions):
        assert promise.share is not None
        assert 0 <= promise.share <= 1
        assert 20 <= promise.questions <= sum(replies for _, _, replies in asked)
        assert promise.median is not None
        assert promise.most is not None
        assert 0 <= promise.median <= promise.most <= max(waited for _, waited, _ in asked)


def test_a_wait_that_outlasts_the_known_hours_is_not_shorter_than_they_are() -> None:
    assert wait_of("2026-04-06T10:00", int(timedelta(days=30).total_seconds()) // 60) == 22 * 8 * 60
