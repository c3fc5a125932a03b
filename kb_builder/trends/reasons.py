"""Reasons why an article, or nothing at all, is pinned: what the strongest topics fall short of."""

from collections.abc import Sequence
from datetime import date, datetime

from kb_builder.model import Phrase
from kb_builder.trends import wording
from kb_builder.trends.estimates import LEAST_HISTORY
from kb_builder.trends.pin_finder import ALL, FRESH_DAYS, PinFinder


class Reasons:
    """Reasons for the pins that ``finder`` did not find, from the daily scan."""

    def __init__(self, finder: PinFinder) -> None:
        self.finder = finder

    def nothing_pinned(self, today: date, now: datetime) -> tuple[str, ...]:
        """Why nothing is pinned at ``now``, the most important reason first."""
        column = self.finder.newest_before(today)
        reason = self._nothing_known(column, today, now)
        return (reason,) if column is None or reason else tuple(self._near_misses(column))

    def _nothing_known(self, column: int | None, today: date, now: datetime) -> str:
        """Why no article can be pinned after the day ``column``; empty when one can."""
        if column is None:
            return Phrase.of("no mentions of complete days were read")
        if self.finder.settings.slots == 0:
            return Phrase.of("slots is 0 in trending.yml")
        if not self.finder.scan(ALL).has_history(column):
            one = f"1 day of mentions so far; {LEAST_HISTORY} are needed before anything can be called a trend"
            return Phrase.of(
                "{count} days of mentions so far; {least} are needed before anything can be called a trend",
                english="" if column else one, count=column + 1, least=LEAST_HISTORY,
            )  # fmt: skip
        if self.finder.stale(column, now):
            day = self.finder.day_at(column)
            when = wording.day_words(day, today)
            return Phrase.of(
                "the newest mention is of {day}, and pins end {number} days after it",
                english=f"the newest mention is of {when}, and pins end {FRESH_DAYS} days after it",
                day=day, number=FRESH_DAYS,
            )  # fmt: skip
        return ""

    def not_pinned(self, id: str, today: date, now: datetime) -> str:
        """Why an article is not pinned ``today``, in words."""
        column = self.finder.newest_before(today)
        if reason := self._nothing_known(column, today, now):
            return reason
        assert column is not None
        if reason := self.finder.veto(id, column):
            return reason
        evidence = self.finder.scan(ALL).evidence(column)
        topic = self.finder.mentions.topics.index(id)
        if evidence.score[topic] <= 0:
            return "not asked about more than usual"
        if (
            self._unusual(topic, column)
            and len(self.finder.pins(ALL, today, now, self.finder.mentions.end_hour)) >= self.finder.settings.slots
        ):
            return "every slot is taken by stronger pins"
        return self._shortfall(topic, column)

    def _unusual(self, topic: int, column: int) -> bool:
        evidence = self.finder.scan(ALL).evidence(column)
        recent = evidence.recent[topic] >= self.finder.rules.still_times_normal
        return bool(
            evidence.enough[topic] and recent and evidence.score[topic] >= self.finder.scan(ALL).threshold(column)
        )

    def _near_misses(self, column: int) -> list[str]:
        scan = self.finder.scan(ALL)
        evidence = scan.evidence(column)
        order = sorted(range(len(evidence.score)), key=lambda topic: (-evidence.score[topic], topic))
        for topic in order:
            id = self.finder.mentions.topics[topic]
            if evidence.score[topic] <= 0:
                break
            if reason := self.finder.veto(id, column):
                if evidence.enough[topic] and evidence.score[topic] >= scan.threshold(column):
                    held = Phrase.of("held back: {title} ({reason})", title=self._title(id), reason=reason)
                    return [held, *self._without(column, order, topic)]
                continue
            return [self._best(topic, column)]
        return [Phrase.of("nothing is asked about more than usual")]

    def _without(self, column: int, order: Sequence[int], held: int) -> list[str]:
        rest = [topic for topic in order if topic != held and not self.finder.vetoed(topic, column)]
        if not rest or self.finder.scan(ALL).evidence(column).score[rest[0]] <= 0:
            return []
        return [self._best(rest[0], column)]

    def _best(self, topic: int, column: int) -> str:
        title = self._title(self.finder.mentions.topics[topic])
        return Phrase.of("best: {title}, {reason}", title=title, reason=self._shortfall(topic, column))

    def _title(self, id: str) -> str:
        return self.finder.articles[id].title if id in self.finder.articles else id

    def _shortfall(self, topic: int, column: int) -> str:
        scan = self.finder.scan(ALL)
        evidence, rules = scan.evidence(column), self.finder.rules
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
