"""The hourly scan on made-up tables of counts."""

from collections.abc import Callable, Mapping
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kb_builder.trends.calendars import hour_calendar
from kb_builder.trends.estimates import WIDTHS, Burst
from kb_builder.trends.hour_baseline import Calendar, day_baseline
from kb_builder.trends.hour_levels import expected_counts
from kb_builder.trends.hour_looks import Look
from kb_builder.trends.hour_merge import Merge, Replay
from kb_builder.trends.hour_scan import HourScan, Live
from kb_builder.trends.rules import Rules

LONDON = ZoneInfo("Europe/London")
FIRST = (date(2026, 2, 16) - date(1970, 1, 1)).days * 24
DAYS = 52
NOON = 50 * 24 + 12
"""Noon of Tuesday 7 April, as a column."""
OFFICE = np.array([1, 1, 1, 1, 1, 2, 4, 9, 17, 21, 21, 19, 17, 18, 19, 18, 17, 15, 10, 7, 5, 3, 2, 1]) / 230


def calendar() -> Calendar:
    return hour_calendar(FIRST, DAYS * 24, LONDON, ())


def rates(topics: int = 20, per_day: float = 24) -> NDArray[np.float64]:
    """Expected customers of shape (topics, 2 channels, hours), in office hours of London."""
    hours = OFFICE[calendar().hour] * per_day
    return np.tile(hours * np.array([[0.7], [0.3]]), (topics, 1, 1))


def table(rate: NDArray[np.float64], seed: int = 4) -> NDArray[np.float32]:
    return np.random.default_rng(seed).poisson(rate).astype(np.float32)


def pins(counts: NDArray[np.float32], end: int, **rules: float | tuple[int, ...]) -> list[int]:
    return [pin.topic for pin in found(counts, end, **rules)]


def found(counts: NDArray[np.float32], end: int, **rules: float | tuple[int, ...]) -> tuple[Burst, ...]:
    return pinned_by(HourScan(counts, calendar(), Rules(**rules)), end)  # type: ignore[arg-type]


def pinned_by(scan: HourScan, end: int) -> tuple[Burst, ...]:
    """The pins at the end of column ``end`` − 1, best first."""
    live = Live()
    for hour in scan.replayed(end):
        live = scan.step(hour, live)
    return tuple(sorted(live.pins.values(), key=lambda pin: (-pin.score, pin.topic)))


def test_a_burst_is_pinned_within_hours_with_its_start_and_size() -> None:
    rate = rates()
    rate[4, :, NOON:] *= 8
    counts = table(rate)
    assert pins(counts, NOON) == []
    (pin,) = found(counts, NOON + 3)
    assert pin.topic == 4
    assert NOON - 1 <= pin.start <= NOON + 1
    scan = HourScan(counts, calendar(), Rules())
    (pin,) = pinned_by(scan, NOON + 5)
    size = scan.size(pin, NOON + 5)
    assert size.seen == counts[4, :, pin.start : NOON + 5].sum()
    assert 1.5 <= size.at_least < size.times_normal == pytest.approx(8, rel=0.4)


def test_a_burst_that_is_over_is_unpinned_within_hours_and_not_at_midnight() -> None:
    rate = rates(per_day=60)
    rate[4, :, NOON : NOON + 14] *= 8
    counts = table(rate)
    midnight = NOON + 12
    assert pins(counts, midnight - 1) == pins(counts, midnight) == pins(counts, midnight + 1) == [4]
    assert pins(counts, NOON + 26) == []


def test_what_was_pinned_as_long_as_a_pin_may_last_is_pinned_again_only_after_it_was_normal() -> None:
    start = NOON - 7 * 24
    rate = rates(per_day=60)
    rate[4, :, start : start + 120] *= 8
    rate[4, :, start + 180 :] *= 8
    counts = table(rate)
    shown = [bool(pins(counts, start + hours, longest_days=3)) for hours in (4, 70, 74, 90, 100, 119, 170, 184)]
    assert shown == [True, True, False, False, False, False, False, True]


@pytest.mark.parametrize("lift", [np.s_[:, :, NOON : NOON + 2], np.s_[:, :, NOON - 24 : NOON + 24]])
def test_a_peak_of_all_topics_pins_none(lift: tuple[slice, ...]) -> None:
    rate = rates()
    rate[lift] *= 2.5
    counts = table(rate)
    assert [pins(counts, end) for end in range(NOON - 24, NOON + 24, 3)] == [[]] * 16


def test_the_daily_peak_of_one_topic_is_its_habit() -> None:
    rate = rates()
    rate[3, :, calendar().hour == 13] *= 4
    counts = table(rate)
    assert [pins(counts, end) for end in range(NOON - 40, NOON + 24, 2)] == [[]] * 32


def test_night_hours_with_hardly_any_mentions_pin_nothing() -> None:
    counts = table(rates(per_day=6))
    assert [pins(counts, end) for end in range(NOON - 14, NOON - 4)] == [[]] * 10


@pytest.mark.parametrize("hours", [3, 12, 48])
def test_a_stalled_channel_neither_pins_nor_hides_a_burst(hours: int) -> None:
    rate = rates(per_day=60)
    rate[4, 0, NOON:] *= 8
    counts = table(rate)
    counts[:, 1, NOON + 4 - hours : NOON + 4] = 0
    assert pins(counts, NOON + 4) == [4]


def test_a_channel_that_catches_up_at_once_pins_nothing() -> None:
    counts = table(rates())
    counts[:, 1, NOON - 30] += counts[:, 1, NOON - 54 : NOON - 30].sum(axis=1)
    counts[:, 1, NOON - 54 : NOON - 30] = 0
    assert [pins(counts, end) for end in range(NOON - 30, NOON)] == [[]] * 30


def test_the_change_to_summer_time_pins_nothing() -> None:
    counts = table(rates())
    sunday = (date(2026, 3, 29) - date(2026, 2, 16)).days * 24
    assert [pins(counts, end) for end in range(sunday, sunday + 48, 2)] == [[]] * 24


def test_fewer_customers_than_the_rule_never_pin() -> None:
    counts = table(rates(per_day=1))
    counts[2, :, NOON - 48 :] = 0
    counts[2, 0, NOON - 2 : NOON] = 2
    assert pins(counts, NOON) == []
    counts[2, 0, NOON - 2 : NOON] = 6
    assert pins(counts, NOON) == [2]
    assert pins(counts, NOON, customers=20) == []


def test_a_post_and_its_echoes_within_the_hour_are_no_burst() -> None:
    counts = table(rates(per_day=1))
    counts[2, :, NOON - 48 :] = 0
    for customers, pinned in ((5, []), (6, [2])):
        counts[2, 0, NOON - 1] = customers
        assert pins(counts, NOON) == pinned


@pytest.mark.parametrize("apart", [0, 1])
@pytest.mark.parametrize("others", range(5))
def test_echoes_of_a_post_in_a_social_channel_count_as_one_customer(others: int, apart: int) -> None:
    counts = table(rates(per_day=1))
    counts[2, :, NOON - 48 :] = 0
    counts[2, 0, NOON - 1] = others
    counts[2, 1, NOON - 1] += 2
    counts[2, 1, NOON - 1 - apart] += 4
    assert pins(counts, NOON, social=(1,)) == []
    assert pins(counts, NOON, social=(0,)) == pins(counts, NOON) == [2]
    # Six posts count as one customer at most; what twice as many say is a burst.
    counts[2, 1, NOON - 1] += 6
    assert pins(counts, NOON, social=(1,)) == [2]


def test_too_little_history_pins_nothing() -> None:
    rate = rates()
    rate[4, :, NOON:] *= 9
    counts = table(rate)
    for days, pinned in ((12, []), (20, [4])):
        first = NOON + 4 - days * 24
        scan = HourScan(counts[:, :, first:], hour_calendar(FIRST + first, days * 24 + 48, LONDON, ()), Rules())
        assert [pin.topic for pin in pinned_by(scan, days * 24)] == pinned


def test_a_vetoed_topic_is_not_pinned() -> None:
    rate = rates()
    rate[4, :, NOON:] *= 9
    counts = table(rate)
    scan = HourScan(counts, calendar(), Rules(), vetoed=lambda topic, _hour: topic == 4)
    assert pinned_by(scan, NOON + 4) == ()


def test_a_peak_of_the_month_before_is_expected() -> None:
    rate = rates(per_day=60)
    rate[4, :, calendar().day == 50] *= 4
    counts = table(rate)
    peaks = np.ones(20)
    peaks[4] = 4
    scan = HourScan(counts, calendar(), Rules(), peaks=lambda day: peaks if day == 50 else np.ones(20))
    assert pins(counts, NOON + 4) == [4]
    assert pinned_by(scan, NOON + 4) == ()


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1000), st.integers(NOON - 60, NOON + 30))
def test_pins_depend_neither_on_earlier_looks_nor_on_later_counts(seed: int, end: int) -> None:
    rng = np.random.default_rng(seed)
    rate = rates(topics=12)
    for topic in range(4):
        start = int(rng.integers(NOON - 200, NOON))
        rate[topic, :, start : start + int(rng.integers(2, 60))] *= float(rng.uniform(2, 12))
    counts = table(rate, seed)
    used = HourScan(counts.copy(), calendar(), Rules())
    for earlier in range(end - 30, end, 7):
        pinned_by(used, earlier)
    cut = counts.copy()
    cut[:, :, end:] = 0
    assert pinned_by(used, end) == found(cut, end) == found(counts, end)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1000), st.integers(NOON - 60, NOON), st.integers(1, 1300))
def test_changed_counts_give_what_a_new_scan_gives(seed: int, end: int, back: int) -> None:
    counts = table(rates(topics=12), seed)
    scan = HourScan(counts, calendar(), Rules())
    pinned_by(scan, end)
    changed = max(0, end - back)
    counts[seed % 12, 0, changed : changed + 6] += 9
    scan.changed(np.arange(changed, changed + 6))
    assert pinned_by(scan, end) == found(counts, end)


def shown(daily: dict[int, float], counts: NDArray[np.float32], end: int, **rules: float) -> tuple[int, ...]:
    scan = HourScan(counts, calendar(), Rules(**rules))  # type: ignore[arg-type]
    return replayed(Replay(scan), end, lambda _day: daily)


def replayed(replay: Replay, end: int, daily: Callable[[int], Mapping[int, float]]) -> tuple[int, ...]:
    found = replay.pins(end, daily)
    assert found is not None
    return found[0]


def test_daily_and_hourly_pins_are_one_list_with_the_best_first() -> None:
    rate = rates()
    rate[4, :, NOON:] *= 9
    rate[5, :, NOON - 30 :] *= 3
    counts = table(rate)
    assert shown({5: 15.0}, counts, NOON + 5) == (4, 5)
    assert shown({5: 500.0}, counts, NOON + 5) == (5, 4)


def test_a_daily_pin_back_to_normal_ranks_last() -> None:
    rate = rates()
    rate[4, :, NOON:] *= 9
    counts = table(rate)
    assert shown({7: 500.0}, counts, NOON + 5) == (4, 7)
    assert shown({7: 500.0}, counts, NOON + 5, slots=1) == (4,)


@pytest.mark.parametrize(("now", "returns"), [(1.0, False), (3.0, True)])
def test_a_daily_pin_that_was_taken_down_does_not_come_back_when_its_day_is_normal(now: float, returns: bool) -> None:
    ratio = np.array([3.0, 3.0])
    look = Look({}, ratio, ratio, ratio)
    first = Merge(Rules(slots=1)).after(1, {}, {0: 9.0}, look)
    assert first.shown == (0,)
    second = first.after(2, {}, {0: 9.0, 1: 50.0}, look)
    assert second.shown == (1,)
    ratio[0] = now
    assert second.after(60, {}, {0: 9.0}, look).shown == ((0,) if returns else ())


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 99), st.integers(-6, 30), st.integers(1, 30))
def test_hours_that_a_channel_has_not_come_to_change_nothing(seed: int, end: int, lag: int) -> None:
    rate = rates()
    rate[4, :, NOON - 6 :] *= 8
    counts = table(rate)
    end += NOON
    rules = Rules(lags=(0, lag))
    scan = HourScan(counts.copy(), calendar(), rules)
    changed = counts.copy()
    late = np.random.default_rng(seed).poisson(9, size=(len(counts), lag))
    changed[:, 1, end - lag : end] = late
    again = HourScan(changed, calendar(), rules)
    # Earlier hours of the replay saw what has come since, so only the look at this hour is the same.
    for one in (scan, again):
        one._evaluate_missing(end, end)
    assert np.array_equal(scan.look(end).score, again.look(end).score)
    assert scan.look(end).passing == again.look(end).passing
    pin = Burst(4, NOON - 4, NOON, 9.0)
    if end > NOON:
        assert scan.size(pin, end) == again.size(pin, end)


def test_without_lags_every_hour_counts() -> None:
    rate = rates()
    rate[4, :, NOON:] *= 8
    counts = table(rate)
    assert pinned_by(HourScan(counts, calendar(), Rules(lags=(0, 0))), NOON + 5) == found(counts, NOON + 5)
    assert pinned_by(HourScan(counts, calendar(), Rules(lags=(0, 5))), NOON + 5) != found(counts, NOON + 5)


@given(st.integers(0, 99), st.integers(1, 200), st.integers(1, 2))
def test_a_burst_does_not_hide_itself_as_the_level_of_a_quiet_hour(seed: int, extra: int, bursts: int) -> None:
    usual = np.full((1, 5, 120), 0.04)
    usual[:, :, :2] *= 10
    seen = np.random.default_rng(seed).poisson(usual).astype(np.float64)
    before = expected_counts(seen, usual)[0][0, 0]
    seen[:, :, :bursts] += extra
    # Its own customers are not taken for those that a busy hour brings to every topic.
    assert expected_counts(seen, usual)[0][0, 0] < 1.6 * before


@settings(max_examples=10, deadline=None)
@given(times=st.integers(2, 40), days=st.integers(1, 6), ago=st.integers(14, 30), topic=st.integers(0, 19))
def test_a_burst_of_the_weeks_before_is_not_expected_again(times: int, days: int, ago: int, topic: int) -> None:
    quiet = table(rates())
    counts = quiet.copy()
    counts[topic, :, NOON - ago * 24 : NOON - (ago - days) * 24] *= times
    day = int(calendar().day[NOON])
    before, after = (day_baseline(each.T, calendar(), day) for each in (quiet, counts))
    assert before is not None
    assert after is not None
    assert after.expected[:, :, topic].sum() < 1.5 * before.expected[:, :, topic].sum()
    others = np.arange(20) != topic
    assert after.expected[:, :, others].sum() == pytest.approx(before.expected[:, :, others].sum(), rel=0.05)


@pytest.mark.parametrize(("missing", "shown"), [(0.0, ()), (0.4, ()), (0.9, (7,))])
def test_a_daily_pin_is_dropped_at_midnight_unless_a_nightly_channel_is_missing(
    missing: float, shown: tuple[int, ...]
) -> None:
    counts = table(rates(per_day=200))
    today = int(calendar().day[NOON])
    midnight, yesterday = (int(np.searchsorted(calendar().day, day)) for day in (today, today - 1))
    counts[:, 1, yesterday:] *= 1 - missing
    daily = {today - 1: {7: 20.0}}
    replay = Replay(HourScan(counts, calendar(), Rules()))
    found = [replayed(replay, midnight + hour, lambda day: daily.get(day, {})) for hour in (-1, 0, 3, 4)]
    assert found == [(7,), shown, shown, ()]


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000), st.lists(st.tuples(st.integers(0, NOON + 30), st.integers(0, 8)), max_size=4))
def test_a_replay_that_goes_on_is_a_whole_replay(seed: int, changes: list[tuple[int, int]]) -> None:
    rng = np.random.default_rng(seed)
    rate = rates(topics=12)
    for topic in range(5):
        start = int(rng.integers(NOON - 200, NOON + 30))
        rate[topic, :, start : start + int(rng.integers(2, 60))] *= float(rng.uniform(2, 12))
    counts = table(rate, seed)
    scan = HourScan(counts, calendar(), Rules(slots=3))
    replay = Replay(scan)
    end = NOON
    daily: dict[int, dict[int, float]] = {}
    for column, more in changes:
        # Rows that came late, for the scan of hours and for that of days.
        columns = np.arange(column, min(column + 3, end))
        counts[column % 12, seed % 2, columns] += more
        scan.changed(columns)
        daily[int(calendar().day[column])] = {more % 12: float(more)}
        again = Replay(HourScan(counts.copy(), calendar(), Rules(slots=3)))
        assert replay.pins(end, lambda day: daily.get(day, {})) == again.pins(end, lambda day: daily.get(day, {}))
        end += more


@pytest.mark.parametrize("sizes", [np.ones(40), 6 / np.arange(1, 41) ** 0.8], ids=["alike", "few large"])
@pytest.mark.parametrize("seed", range(3))
def test_noise_of_days_and_hours_is_measured_as_large_as_it_is(seed: int, sizes: NDArray[np.float64]) -> None:
    rng = np.random.default_rng(seed)
    rate = rates(topics=40, per_day=200) * sizes[:, None, None]
    days = rng.gamma(1 / 0.03, 0.03, size=(40, DAYS + 1))[:, calendar().day]
    two_hours = rng.gamma(1 / 0.06, 0.06, size=(40, DAYS * 12)).repeat(2, axis=1)
    counts = table(rate * (days * two_hours)[:, None], seed)
    baseline = day_baseline(counts.T, calendar(), int(calendar().day[NOON]))
    assert baseline is not None
    # Habits are fitted to the same days, and the busy hours are the furthest off: both hide some of it.
    by_width = dict(zip(WIDTHS, baseline.noise, strict=True))
    for width, noise in {1: 0.09, 2: 0.085, 6: 0.05, 12: 0.04, 24: 0.035, 48: 0.018}.items():
        assert by_width[width] == pytest.approx(noise, rel=0.3)
