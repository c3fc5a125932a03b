"""Reasons why an article, or nothing at all, is pinned: what the strongest topics fall short of."""

from datetime import date, datetime

import numpy as np

from kb_builder.model import Phrase
from kb_builder.trends import wording
from kb_builder.trends.estimates import LEAST_HISTORY
from kb_builder.trends.pin_finder import ALL, FRESH_DAYS, PinFinder


def nothing_pinned(finder: PinFinder, today: date, now: datetime) -> tuple[str, ...]:
    """Why nothing is pinned at ``now``, the most important reason first."""
    column = finder.newest_before(today)
    reason = _nothing_known(finder, column, today, now)
    return (reason,) if column is None or reason else tuple(_near_misses(finder, column))


def _nothing_known(finder: PinFinder, column: int | None, today: date, now: datetime) -> str:
    """Why no article can be pinned after the day ``column``; empty when one can."""
    if column is None:
        return Phrase.of("no mentions of complete days were read")
    if finder.settings.slots == 0:
        return Phrase.of("slots is 0 in trending.yml")
    if not finder.scan(ALL).has_history(column):
        one = f"1 day of mentions so far; {LEAST_HISTORY} are needed before anything can be called a trend"
        return Phrase.of(
            "{count} days of mentions so far; {least} are needed before anything can be called a trend",
            english="" if column else one, count=column + 1, least=LEAST_HISTORY,
        )  # fmt: skip
    if finder.stale(column, now):
        day = finder.day_at(column)
        when = wording.day_words(day, today)
        return Phrase.of(
            "the newest mention is of {day}, and pins end {number} days after it",
            english=f"the newest mention is of {when}, and pins end {FRESH_DAYS} days after it",
            day=day, number=FRESH_DAYS,
        )  # fmt: skip
    return ""


def not_pinned(finder: PinFinder, id: str, today: date, now: datetime) -> str:
    """Why an article is not pinned ``today``, in words."""
    column = finder.newest_before(today)
    if reason := _nothing_known(finder, column, today, now):
        return reason
    assert column is not None
    if reason := finder.veto(id, column):
        return reason
    evidence = finder.scan(ALL).evidence(column)
    topic = finder.mentions.topics.index(id)
    if evidence.score[topic] <= 0:
        return "not asked about more than usual"
    still = evidence.recent[topic] >= finder.rules.still_times_normal
    if still and _passes(finder, topic, column):
        pins = finder.pins(ALL, today, now, finder.mentions.end_hour)
        if len(pins) >= finder.settings.slots:
            return "every slot is taken by stronger pins"
    return _shortfall(finder, topic, column)


def _passes(finder: PinFinder, topic: int, column: int) -> bool:
    """Whether a topic has enough customers, and more than chance explains."""
    scan = finder.scan(ALL)
    evidence = scan.evidence(column)
    return bool(evidence.enough[topic] and evidence.score[topic] >= scan.threshold(column))


def _near_misses(finder: PinFinder, column: int) -> list[str]:
    """The strongest topic, behind the strongest one that passes and may not be pinned."""
    scores = finder.scan(ALL).evidence(column).score
    held: list[str] = []
    for topic in sorted(np.flatnonzero(scores > 0).tolist(), key=lambda topic: (-scores[topic], topic)):
        id = finder.mentions.topics[topic]
        title = finder.articles[id].title if id in finder.articles else id
        reason = finder.veto(id, column)
        if not reason:
            best = Phrase.of("best: {title}, {reason}", title=title, reason=_shortfall(finder, topic, column))
            return [*held, best]
        if not held and _passes(finder, topic, column):
            held.append(Phrase.of("held back: {title} ({reason})", title=title, reason=reason))
    return held or [Phrase.of("nothing is asked about more than usual")]


def _shortfall(finder: PinFinder, topic: int, column: int) -> str:
    scan = finder.scan(ALL)
    evidence, rules = scan.evidence(column), finder.rules
    seen = round(float(evidence.seen[topic]))
    if seen < rules.customers:
        return Phrase.of("fewer than {number} customers", number=rules.customers)
    if evidence.at_least[topic] < rules.times_normal:
        return Phrase.of(
            "{number} customers, {at_least} times normal for sure where {needed} are needed",
            number=seen, at_least=_rounded(evidence.at_least[topic]), needed=rules.times_normal,
        )  # fmt: skip
    if evidence.score[topic] < scan.threshold(column):
        return Phrase.of(
            "{number} customers, a score of {score} where {needed} rules out chance",
            number=seen, score=_rounded(evidence.score[topic]), needed=_rounded(scan.threshold(column)),
        )  # fmt: skip
    if evidence.recent[topic] < rules.still_times_normal:
        return Phrase.of("{number} customers, but back to normal in the last two days", number=seen)
    return Phrase.of(
        "{number} customers, unusual for more than {days} days and so the new normal",
        number=seen, days=rules.longest_days,
    )  # fmt: skip


def _rounded(number: float) -> float:
    return round(float(number), 1)
