"""Replies from a help centre: which article words are about, and its text for every channel."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import search_index
from kb_builder.content.translations import Language
from kb_builder.content.visibility import verdict
from kb_builder.model import Article, Pin
from kb_builder.pipeline.search import Answers
from kb_builder.support import reply
from kb_builder.support.choice import CANDIDATES, Choice, choose
from kb_builder.support.templates import read_templates


class Desk:
    """The replies of one help centre at one moment. They are made of what customers may see."""

    def __init__(self, centre: Answers, language: Language) -> None:
        self._centre = centre
        self._language = language

    @cached_property
    def articles(self) -> Mapping[str, Article]:
        return {article.id: article for article in self._centre.public.articles}

    @cached_property
    def wording(self) -> reply.Wording:
        """Raises :class:`InputError` when a template of the team can't be used."""
        templates = read_templates(self._centre.root, self._centre.language, self._language.word)
        return reply.Wording(self._centre.settings.name, templates, self._language)

    @cached_property
    def _pins(self) -> Mapping[str, Pin]:
        """Id → the pin of today for everybody."""
        return {pin.id: pin for pin in self._centre.trends.pins if pin.segment is None}

    def choose(self, words: Sequence[str]) -> Choice:
        """The article for an id or for words. Raises :class:`InputError` as :func:`choose` does."""
        centre = self._centre
        withheld = {
            article.id: str(verdict(article, centre.now))
            for article in centre.catalogue.articles
            if article.id not in self.articles
        }
        paths = centre.redirects.paths
        old_ids = {path[2:].strip("/"): id for path, id in paths.items() if path.startswith("a/")}
        titles = (phrase for article in self.articles.values() for phrase in (article.title, *article.asked_as))
        return choose(
            words, articles=self.articles, old_ids=old_ids, withheld=withheld, phrases=titles, matches=self._matches
        )  # fmt: skip

    def _matches(self, words: str) -> list[tuple[str, float]]:
        (match,) = search_index.Matcher(self._centre.index).match([words])
        if match is None:
            return []
        best, confidence = match
        hits = self._centre.reader.search(words, limit=CANDIDATES).hits
        return [(best, confidence), *((hit.id, 0.0) for hit in hits if hit.id != best)]

    def link(self, article: Article) -> str:
        """The link of a reply: the short link, or that of the team's short host."""
        short = self._centre.settings.options.short_url
        return f"{short.rstrip('/')}/{article.id}" if short else self._centre.short_url(article)

    def reply(self, article: Article, channel: str, **options: Any) -> reply.Reply:
        """The reply of a released article; ``options`` are those of :func:`kb_builder.support.reply.reply`."""
        return reply.reply(
            article, self._centre.body(article), channel,
            short_url=self.link(article), wording=self.wording, pin=self._pins.get(article.id), **options,
        )  # fmt: skip

    def all_replies(self) -> list[dict[str, Any]]:
        """Every reply of every listed article, and staff-only articles without any, for ``api/replies.json``."""
        centre = self._centre
        return [
            reply.all_replies(
                article, centre.body(article),
                short_url=self.link(article), wording=self.wording, pin=self._pins.get(article.id),
            )
            for article in centre.public.listed
        ]  # fmt: skip
