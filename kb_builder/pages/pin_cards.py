"""Pins as pages show them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from kb_builder.content.interface_language import Language
from kb_builder.model import Article, Pin, Segment
from kb_builder.pages.elements import PinCard


class PinCards:
    """The cards of pins in one language at one moment. ``articles`` are those that may be seen, by id."""

    def __init__(
        self, articles: Mapping[str, Article], segments: Iterable[Segment], language: Language, now: datetime
    ) -> None:
        self._articles = articles
        self._names = {segment.slug: segment.name for segment in segments}
        self._language = language
        self._now = now

    def of(self, pins: Iterable[Pin]) -> tuple[PinCard, ...]:
        """Those of ``pins`` whose article is visible and whose time is not over; those with a reason first."""
        shown = (pin for pin in pins if pin.id in self._articles and pin.until > self._now)
        return tuple(sorted(map(self._card, shown), key=lambda card: not card.band))

    def _card(self, pin: Pin) -> PinCard:
        article = self._articles[pin.id]
        return PinCard(
            id=pin.id,
            title=article.title,
            url=article.url,
            answer=article.answer,
            band=self._language.band(pin),
            state=pin.state,
            since=pin.since if pin.since_known else None,
            until=pin.until,
            segment=pin.segment,
            segment_name=self._names.get(pin.segment, pin.segment) if pin.segment else "",
            fallback=article.fallback,
        )


def of_segments_only(cards: Iterable[PinCard]) -> tuple[PinCard, ...]:
    """One card for each article that is pinned for segments and not for everybody; it names all its segments."""
    by_article: dict[str, list[PinCard]] = defaultdict(list)
    for card in cards:
        by_article[card.id].append(card)
    return tuple(
        replace(each[0], segment_name=", ".join(card.segment_name for card in each), until=max(c.until for c in each))
        for each in by_article.values()
        if all(card.segment is not None for card in each)
    )
