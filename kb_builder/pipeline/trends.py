"""Trends: what many customers ask now, of a project and the mentions matched by its search index."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from math import floor
from typing import Final

from kb_builder.content.interface_language import Language
from kb_builder.errors import Finding, InputError
from kb_builder.mentions.counted import Mentions
from kb_builder.model import Contact, Pin, Promise
from kb_builder.pages.sparkline import Sparkline
from kb_builder.pipeline.project import Project
from kb_builder.pipeline.search import SearchIndex
from kb_builder.system.cache_keys import code_fingerprint, hash_of
from kb_builder.system.codec import Codec
from kb_builder.trends.pin_finder import PinFinder
from kb_builder.trends.promises import measure
from kb_builder.trends.trends import FoundTrends, find_trends, findings, pins_for_all, why_not_pinned

_PINS: Final = Codec(tuple[Pin, ...])


class Trends:
    """Pins and gaps at the moment of the project."""

    def __init__(self, project: Project, search: SearchIndex) -> None:
        self.project = project
        self.search = search

    @cached_property
    def current(self) -> FoundTrends:
        """Pins and gaps without a history."""
        return self.with_history()

    def with_history(self, days: int = 0, hours: int = 0) -> FoundTrends:
        """Pins and gaps, and the pins of each of the last complete ``days`` and full ``hours``."""
        mentions = self.search.reading.by_arrival(hours) if hours else self.search.mentions
        return find_trends(
            self._finder(mentions), self.project.now, history=days, history_hours=hours, nearest=self._nearest
        )

    def _finder(self, mentions: Mentions) -> PinFinder:
        project = self.project
        kept = project.store if project.store.persistent else None
        return PinFinder(mentions, project.public.articles, project.trending_settings, project.zone, kept)

    @cached_property
    def for_all(self) -> tuple[Pin, ...]:
        """The pins of all customers, best first; a reply needs no other part of :attr:`current`, and they are kept for
        the replies of the same hour."""
        if "current" in self.__dict__:
            return tuple(pin for pin in self.current.pins if pin.segment is None)
        project, settings = self.project, self.project.trending_settings
        # The key of mentions holds the settings.
        by_hand = [pin.covers(project.now) for pin in settings.pin]
        shown = [(article.id, article.unlisted, article.trending) for article in project.public.articles]
        reading = self.search.reading
        key = hash_of(code_fingerprint(), reading.key, str(reading.hour), repr(by_hand), repr(shown))
        stored = project.store.load("pins", key, _PINS)
        if stored is None:
            stored = pins_for_all(self._finder(self.search.counts), project.now)
            project.store.save("pins", key, stored, _PINS)
        return stored

    @cached_property
    def promises(self) -> tuple[Promise, ...]:
        """How the response times of the contact channels were kept in the last four weeks."""
        return measure(self.search.mentions, self.project.contact, self.project.zone)

    def with_kept(self, contact: Contact) -> Contact:
        """The contact channels of one language, with how promises were kept where customers may read it."""
        own = self.project.contact.channels
        kept = {
            (own[item.position].kind, own[item.position].address): floor((item.share or 0) * 100)
            for item in self.promises
            if item.segment is None and item.position is not None
        }
        channels = (
            replace(one, kept=kept.get((one.kind, one.address)) if one.publish else None) for one in contact.channels
        )
        return replace(contact, channels=tuple(channels))

    def lifted(self, index: SearchIndex, segment: str = "") -> Sequence[int]:
        """The numbers in an index of what is pinned now: for everybody, and for one segment.

        Raises :class:`InputError` for a segment that is not declared.
        """
        if segment:
            self.check_segment(segment)
        return index.numbers({pin.id for pin in self.current.pins if pin.segment in (None, segment)})

    def check_segment(self, segment: str) -> None:
        """Raises :class:`InputError` for a segment that is not declared."""
        declared = [each.slug for each in self.project.segments]
        if segment not in declared:
            hint = f"declared are: {', '.join(declared)}" if declared else "content/trending.yml declares none"
            raise InputError(f"no segment is called {segment!r}", hint=hint)

    def why_not_pinned(self, id: str) -> str:
        """The condition that a released article without a pin does not meet."""
        return why_not_pinned(self._finder(self.search.mentions), id, self.project.now)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Findings about the mention exports."""
        return findings(self.search.mentions, self.project.trending_settings, self.project.zone)

    def _nearest(self, phrase: str) -> tuple[str, ...]:
        return tuple(hit.id for hit in self.search.reader.search(phrase, limit=3).hits)


def sparklines(trends: Trends, language: Language) -> tuple[Sparkline, ...]:
    """Charts of today's pins, whomever they are for, the strongest burst first: for the staff's site."""
    project, current = trends.project, trends.current
    articles = {article.id: article for article in project.view.articles}
    pins = {(pin.id, pin.segment): pin for pin in current.pins}
    names = {segment.slug: segment.name for segment in project.segments}
    lines = []
    for series in sorted(current.series, key=lambda one: -pins[one.id, one.segment].score):
        if series.id not in articles:
            continue  # Without a translation, and left out.
        article, pin = articles[series.id], pins[series.id, series.segment]
        whom = names.get(series.segment or "", language.word("Everyone"))
        level = pin.expected / max(1, (project.today - pin.since).days)
        lines.append(
            Sparkline(
                article.title, article.url, whom, series.customers, (level,) * len(series.customers),
                pin.mentions, pin.expected, pin.since, project.today - timedelta(days=1),
            )
        )  # fmt: skip
    return tuple(lines)
