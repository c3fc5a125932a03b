from math import exp, lgamma, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb_builder.trends.bursts import Scan
from kb_builder.trends.estimates import Burst, Floats, surprise
from kb_builder.trends.rules import Rules


def quiet(topics: int = 20, days: int = 70, rate: float = 20, seed: int = 3) -> Floats:
    return np.random.default_rng(seed).poisson(rate, (topics, days)).astype(float)


def scan(counts: Floats, **rules: float) -> Scan:
    return Scan(counts, np.arange(counts.shape[1]) % 7, Rules(**rules))  # type: ignore[arg-type]


def topics(found: tuple[Burst, ...]) -> list[int]:
    return [burst.topic for burst in found]


def exact_surprise(seen: int, expected: float, size: float) -> float:
    """Minus the log of the tail of the negative binomial, summed term by term."""
    share = expected / (expected + size)
    terms = [
        lgamma(n + size) - lgamma(size) - lgamma(n + 1) + n * log(share) + size * log(1 - share)
        for n in range(seen, seen + 3000)
    ]
    most = max(terms)
    return -(most + log(sum(exp(term - most) for term in terms)))


@pytest.mark.parametrize("expected", [0.5, 3.0, 20.0, 150.0])
@pytest.mark.parametrize("size", [5.0, 40.0])
@pytest.mark.parametrize("times", [2.5, 4.0, 8.0])
def test_surprise_is_the_tail_of_a_negative_binomial(expected: float, size: float, times: float) -> None:
    seen = max(5, round(expected * times))
    exact = exact_surprise(seen, expected, size)
    approximated = float(surprise(np.array([float(seen)]), np.array([expected]), np.array([size]))[0])
    assert approximated == pytest.approx(exact, rel=0.12, abs=0.1)


def test_expected_counts_have_no_surprise() -> None:
    assert surprise(np.array([3.0, 0.0]), np.array([3.0, 2.0]), np.array([9.0, 9.0])).tolist() == [0, 0]


def test_a_quiet_site_pins_nothing() -> None:
    watch = scan(quiet())
    assert [watch.bursts(day) for day in range(40, 70)] == [()] * 30


def test_a_burst_is_found_on_its_first_day_with_its_start_and_size() -> None:
    counts = quiet()
    counts[4, 60:64] *= 4
    watch = scan(counts)
    assert topics(watch.bursts(59)) == []
    assert topics(watch.bursts(60)) == [4]
    (found,) = watch.bursts(62)
    assert (found.start, found.pinned) == (60, 60)
    size = watch.size(found, 62)
    assert size.length == 3
    assert size.seen == counts[4, 60:63].sum()
    assert size.expected == pytest.approx(60, rel=0.25)
    assert size.at_least < size.times_normal == pytest.approx(4, rel=0.25)


def test_a_burst_that_is_over_is_unpinned() -> None:
    counts = quiet()
    counts[4, 55:59] *= 4
    watch = scan(counts)
    assert topics(watch.bursts(58)) == [4]
    assert watch.bursts(61) == ()


def test_a_holiday_that_lifts_everything_trends_nothing() -> None:
    counts = quiet()
    counts[:, 60:67] *= 2.5
    watch = scan(counts)
    assert [watch.bursts(day) for day in range(60, 70)] == [()] * 10


def test_a_burst_within_a_holiday_is_found() -> None:
    counts = quiet()
    counts[:, 60:67] *= 2.5
    counts[7, 63:66] *= 4
    assert topics(scan(counts).bursts(64)) == [7]


def test_one_topics_weekend_is_no_burst() -> None:
    days = np.arange(70)
    means = np.full((20, 70), 40.0)
    means[:, days % 7 >= 5] = 20
    means[3, days % 7 >= 5] = 70
    counts = np.random.default_rng(5).poisson(means).astype(float)
    watch = scan(counts)
    assert [watch.bursts(day) for day in range(50, 70)] == [()] * 20


def test_fewer_customers_than_the_rule_never_pin() -> None:
    counts = quiet(rate=5)
    counts[0] = 0
    counts[0, 68:] = 2
    assert scan(counts).bursts(69) == ()
    counts[0, 68:] = 3
    assert topics(scan(counts).bursts(69)) == [0]
    assert scan(counts, customers=7).bursts(69) == ()


def test_a_burst_ends_after_fourteen_days_and_does_not_come_back() -> None:
    counts = quiet(days=120)
    counts[4, 70:115] *= 4
    watch = scan(counts)
    pinned = [day for day in range(60, 120) if 4 in topics(watch.bursts(day))]
    assert pinned == list(range(70, 84))


def test_a_shown_pin_yields_only_to_a_much_better_one() -> None:
    counts = quiet(rate=30)
    counts[1, 60:] *= 3
    counts[2, 62:] *= 3.1
    counts[3, 64:] *= 9
    watch = scan(counts, slots=1)
    assert topics(watch.bursts(61)) == [1]
    assert topics(watch.bursts(63)) == [1]
    assert topics(watch.bursts(64)) == [3]


def test_the_best_is_first() -> None:
    counts = quiet()
    counts[1, 66:] *= 3
    counts[2, 66:] *= 6
    assert topics(scan(counts).bursts(68)) == [2, 1]


def test_a_vetoed_topic_is_not_pinned_and_takes_no_slot() -> None:
    counts = quiet()
    counts[1, 66:] *= 6
    counts[2, 66:] *= 4
    watch = Scan(counts, np.arange(counts.shape[1]) % 7, Rules(slots=1), vetoed=lambda topic, _day: topic == 1)
    assert topics(watch.bursts(68)) == [2]


def test_a_veto_unpins() -> None:
    counts = quiet()
    counts[1, 64:] *= 6
    watch = Scan(counts, np.arange(counts.shape[1]) % 7, Rules(), vetoed=lambda topic, day: topic == 1 and day >= 66)
    assert topics(watch.bursts(65)) == [1]
    assert watch.bursts(66) == ()


def test_too_little_history_pins_nothing() -> None:
    counts = quiet(days=20)
    counts[1, 10:] *= 9
    watch = scan(counts)
    assert not watch.has_history(12)
    assert watch.bursts(12) == ()
    assert watch.has_history(13)


def test_momentum() -> None:
    counts = quiet(rate=40)
    counts[1, 60:63] *= 3
    counts[1, 63:66] *= 6
    counts[2, 60:63] *= 8
    counts[2, 63:66] *= 3
    counts[3, 60:66] *= 4
    watch = scan(counts)
    momentum = {burst.topic: watch.size(burst, 65).momentum for burst in watch.bursts(65)}
    assert momentum == {1: "rising", 2: "falling", 3: "steady"}
    assert {watch.size(burst, 60).momentum for burst in watch.bursts(60)} == {"new"}


def test_one_topic_alone_can_burst() -> None:
    counts = quiet(topics=1, rate=10)
    counts[0, 66:] *= 5
    assert topics(scan(counts).bursts(67)) == [0]


def test_days_without_mentions_are_counted() -> None:
    counts = quiet()
    counts[:, 40:45] = 0
    counts[4, 60:] *= 4
    assert topics(scan(counts).bursts(62)) == [4]


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(45, 69))
def test_what_is_pinned_depends_on_nothing_that_comes_later(seed: int, day: int) -> None:
    rng = np.random.default_rng(seed)
    counts = quiet(seed=seed)
    for topic in range(6):
        start = int(rng.integers(30, 68))
        counts[topic, start : start + int(rng.integers(1, 8))] *= float(rng.uniform(2, 8))
    assert scan(counts).bursts(day) == scan(counts[:, : day + 1]).bursts(day)


@settings(max_examples=25)
@given(st.permutations(range(12)))
def test_the_order_of_topics_does_not_matter(order: list[int]) -> None:
    counts = quiet(topics=12)
    counts[3, 64:] *= 4
    counts[8, 66:] *= 7
    plain = {burst.topic for burst in scan(counts).bursts(68)}
    assert {order[burst.topic] for burst in scan(counts[order]).bursts(68)} == plain == {3, 8}


def monthly(peaks: dict[int, int], days: int, rate: float = 20) -> list[int]:
    """Topics pinned on the last day, when topic 4 has so many times its customers on some days and a month has 30."""
    counts = quiet(days=days)
    counts[4] = rate
    for day, times in peaks.items():
        counts[4, day] *= times
    month_before = [max(-1, day - 30) for day in range(days)]
    watch = Scan(counts, np.arange(days) % 7, Rules(), month_before=month_before)
    return topics(watch.bursts(days - 1))


@pytest.mark.parametrize("rate", [1, 2, 20])
def test_a_day_of_the_month_on_which_a_topic_peaked_twice_is_expected_to_peak(rate: float) -> None:
    assert monthly({88: 8}, 89, rate) == [4]
    assert monthly({28: 4, 58: 4, 88: 8}, 89, rate) == []


def test_with_one_month_before_a_clear_peak_is_enough() -> None:
    assert monthly({58: 4}, 59) == [4]
    assert monthly({28: 4, 58: 4}, 59) == []


def test_a_burst_of_the_month_before_is_no_habit() -> None:
    assert monthly({58: 9, 88: 4}, 89) == [4]
