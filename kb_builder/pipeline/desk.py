"""Replies from a help centre: which article words are about, and its text for every channel."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from kb_builder.content.interface_language import Language
from kb_builder.content.languages import folder_of
from kb_builder.content.old_urls import SiteRoot
from kb_builder.content.urls import short_url
from kb_builder.content.visibility import verdict
from kb_builder.errors import Finding, Severity
from kb_builder.model import Announcement, Article, Body, Pin
from kb_builder.parsing.sentences import sentences
from kb_builder.pipeline.digests import ShortText
from kb_builder.pipeline.project import Project
from kb_builder.pipeline.search import SearchIndex
from kb_builder.support.answer_findings import announcement_findings, answer_findings
from kb_builder.support.certainty import certainty, likeness, recognised
from kb_builder.support.channel_text import CHANNELS, LIMITS
from kb_builder.support.choice import Choice, bare, choose
from kb_builder.support.macros import LABELS, Macro, names_of
from kb_builder.support.openings import says_pinned
from kb_builder.support.posts import post
from kb_builder.support.recognition import Asked, Block, Recogniser, blocks, can_learn, learn
from kb_builder.support.reply import ReplySource, Wording, all_replies, reply
from kb_builder.support.templates import read_templates, template_findings
from kb_builder.system.cache_keys import code_fingerprint, hash_of
from kb_builder.system.codec import Codec
from kb_builder.system.web import split_url

_BLOCK: Final = Codec(Block)
_COMPARED: Final = 5
"""Results of search that are compared with what was learned."""
_FINDINGS: Final = Codec(list[tuple[Finding, ...]])


class Desk:
    """The replies of one help centre at one moment. They are made of what customers may see."""

    def __init__(
        self, search: SearchIndex, pins: Callable[[], Sequence[Pin]], language: Language, source_language: Language
    ) -> None:
        """``pins`` gives those of all customers, when a reply needs them. ``language`` is that of the replies; articles
        that are not translated are in ``source_language``."""
        self._search = search
        self._project = search.project
        self._find_pins = pins
        self._language = language
        self._source_language = source_language

    @cached_property
    def _pins(self) -> Mapping[str, Pin]:
        """Id → the pin of all customers."""
        return {pin.id: pin for pin in self._find_pins()}

    @cached_property
    def _notices(self) -> Mapping[str, Article]:
        """Slug of each announcement of this moment → the announcement, as something to reply with."""
        return {item.slug: _as_article(item) for item in self._happening}

    @property
    def _happening(self) -> list[Announcement]:
        now = self._project.now
        return [item for item in self._project.public.announcements if item.start <= now and not _is_over(item, now)]

    @cached_property
    def _good_news(self) -> frozenset[str]:
        """Slugs of announcements that are nothing to be sorry about."""
        return frozenset(item.slug for item in self._happening if item.severity == "info")

    @cached_property
    def articles(self) -> Mapping[str, Article]:
        """Id → what can be replied with: announcements of this moment, then articles."""
        return {**self._notices, **{article.id: article for article in self._project.public.articles}}

    @cached_property
    def wording(self) -> Wording:
        """Raises :class:`InputError` when a template of the team can't be used."""
        return self._wording_in(self._project, self._language)

    @cached_property
    def _source_wording(self) -> Wording:
        return self._wording_in(self._project.source, self._source_language)

    def _wording_in(self, project: Project, language: Language) -> Wording:
        templates = read_templates(project.settings.root, project.settings.search_language, language.word)
        return Wording(self._project.settings.name, templates, language)

    def wording_of(self, article: Article) -> Wording:
        """A reply is in one language: that of the article."""
        return self._source_wording if article.fallback else self.wording

    def choose(self, words: Sequence[str]) -> Choice:
        """The article for an id, an address or words. Raises :class:`InputError` as :func:`choose` does."""
        project = self._project
        if len(words) == 1 and "/" in words[0]:
            words = (self._id_at(words[0]),)
        withheld = {
            article.id: str(verdict(article, project.now))
            for article in project.catalogue.articles
            if article.id not in self.articles
        }
        paths = project.redirects.paths
        old_ids = {path[2:].strip("/"): id for path, id in paths.items() if path.startswith("a/")}
        phrases: dict[str, set[str]] = {}
        for article in self.articles.values():
            for phrase in (article.title, *article.asked_as):
                phrases.setdefault(bare(phrase), set()).add(article.id)
        return choose(
            words, articles=self.articles, old_ids=old_ids, withheld=withheld, phrases=phrases, matches=self._matches
        )  # fmt: skip

    def _id_at(self, address: str) -> str:
        """The id in a short link, or of the article at an address of this site in any language; else ``address``."""
        source = self._project.source
        site, short = SiteRoot(source.settings.url), source.settings.options.short_url
        scheme, _, root = source.settings.url.partition("://")
        written = f"{scheme}://{address}" if address.startswith(root) else address
        if short and written.startswith(short):
            return split_url(written.removeprefix(short)).path.strip("/")
        if site.is_elsewhere(written):
            return address
        path = site.relative(split_url(written).path)
        for folder in map(folder_of, source.settings.languages[1:]):
            path = path.removeprefix(folder)
        at = {article.url.strip("/"): id for id, article in self.articles.items()}
        return path.removeprefix("a/") if path.startswith("a/") else at.get(path, address)

    def _matches(self, words: str) -> list[tuple[str, float]]:
        """Ids with their confidence, the best first; the first has the certainty of a reply, which no other exceeds."""
        found = self._search.reader.search(words, limit=_COMPARED)
        text, language = found.corrected or words, self._project.settings.search_language
        hits = [hit for hit in found.hits if hit.id in self.articles]
        best = self.articles[hits[0].id] if hits else None
        # With what was learned, there is a class for texts about none of the articles, however few these are.
        few = {} if self._recogniser is not None else {"articles": len(self.articles)}
        sure = certainty(text, hits, (best.title, *best.asked_as), language, **few) if best else 0.0
        if self._recogniser is not None:
            # Search may have taken a word of another subject for a typo.
            asked = words if self._recogniser.knows(words) else text
            return recognised(hits, self._recogniser.scores(asked), sure)
        ranked = [(hit.id, min(hit.confidence, sure) if at else sure) for at, hit in enumerate(hits)]
        # Search holds no announcements: they are few, and compared by their phrases alone.
        notices = [
            (slug, likeness(text, (notice.title, *notice.asked_as), language)) for slug, notice in self._notices.items()
        ]
        return sorted((*(pair for pair in notices if pair[1] > 0), *ranked), key=lambda pair: -pair[1])

    @cached_property
    def _recogniser(self) -> Recogniser | None:
        """Recognises how customers ask for each article; None where nothing can be learned."""
        language = self._project.settings.search_language
        if not can_learn(language) or not self._project.settings.options.search.learn:
            return None
        asked = {
            article.id: Asked(
                article.id, (article.title, *article.asked_as),
                (*sentences(article.answer), *(section.heading for section in self._body(article).sections)),
            )
            for article in self.articles.values()
        }  # fmt: skip
        learned = []
        for ids in blocks(sorted(asked)):
            key = hash_of(code_fingerprint(), language, repr([asked[id] for id in ids]))
            block = self._project.store.load("recognition", key, _BLOCK)
            if block is None:
                block = learn([asked[id] for id in ids], language)
                self._project.store.save("recognition", key, block, _BLOCK)
            learned.append(block)
        return Recogniser(learned, language)

    def link(self, article: Article) -> str:
        """The link of a reply: the short link, or that of the team's short host.

        A reply that is not translated leads to where the site is in its language, for which it was written to fit.
        """
        settings = self._project.source.settings if article.fallback else self._project.settings
        if article.id in self._notices:
            return f"{settings.url}{article.url}"
        short = settings.options.short_url
        return f"{short.rstrip('/')}/{article.id}" if short else short_url(settings.url, article.id)

    def _body(self, article: Article) -> Body:
        digests = self._project.digests
        return digests.convert(article) if article.id in self._notices else digests.body(article)

    def source(self, article: Article, *, opening: bool = True) -> ReplySource:
        """The inputs of the replies of a released article. Without ``opening`` none says that we are sorry."""
        return ReplySource(
            article, self._body(article), self.link(article), self.wording_of(article),
            self._pin_of(article), opening=opening and article.id not in self._good_news,
        )  # fmt: skip

    def _pin_of(self, article: Article) -> Pin | None:
        """The pin that a reply says something of: to find it takes longer than everything else of a reply."""
        shown = says_pinned(article) and article.id not in self._notices
        return self._pins.get(article.id) if shown else None

    def post(self, pin: Pin, channel: str, segment_name: str) -> str:
        """The text to publish for a pin."""
        return post(pin, self.source(self.articles[pin.id]), channel, segment_name)

    def all_replies(self) -> dict[str, Any]:
        """The content of ``api/replies.json``: the limits of channels, and every listed article with its replies.

        Announcements of today come first, then pins, best first. Staff-only articles have no replies; ``page`` is
        where staff read them.
        """
        shown = {article.id for article in self._project.public.listed} | self._notices.keys()
        today = {id: place for place, id in enumerate((*self._notices, *self._pins))}
        every = [
            {
                **all_replies(self.source(article)),
                "page": article.url,
                "pinned": article.id in today,
                **({"asked": article.asked_as} if article.id in self._notices else {}),
            }
            for article in sorted(self.articles.values(), key=lambda article: today.get(article.id, len(today)))
            if article.id in shown
        ]
        staff = [
            {"id": article.id, "title": article.title, "page": article.url, "audience": "staff"}
            for article in self._project.view.listed
            if article.audience == "staff"
        ]
        return {"limits": LIMITS, "articles": [*every, *staff]}

    def notes(self) -> dict[str, Any]:
        """The content of ``api/notes.json``: what staff find beside replies, for themselves alone.

        Every staff-only article, and the staff's part of every other one.
        """
        notes = []
        for article in self._project.view.listed:
            found = {"title": article.title, "page": article.url}
            if article.audience == "staff":
                text = " ".join(section.text for section in self._body(article).sections)
                notes.append({"id": article.id, **found, "asked": article.asked_as, "text": text})
            elif article.staff_text:
                notes.append({"id": f"{article.id}.note", **found, "asked": (), "text": article.staff_text})
        return {"notes": notes}

    def macros(self, format_: str, channels: Iterable[str] = CHANNELS) -> list[Macro]:
        """The reply of every listed article in this language on each of ``channels``, as on a day without pins."""
        language = self._language.code
        name, agent = names_of(format_, language)
        labels = {channel: self._language.word(label) for channel, label in LABELS.items()}
        found = []
        for article in self._project.public.listed:
            source = ReplySource(article, self._body(article), self.link(article), self.wording)
            for channel in channels if not article.fallback else ():
                made = reply(source, channel, name=name, agent=agent)
                id = f"{article.id}.{channel}.{language}"
                found.append(Macro(id, channel, language, article.title, made.subject, made.text, labels[channel]))
        return found

    @property
    def findings(self) -> tuple[Finding, ...]:
        """About the templates, and about answers where the templates can be used."""
        found = template_findings(self._project.settings.root)
        if any(finding.severity is Severity.ERROR for finding in found):
            return found
        return (*found, *self._answer_findings(), *self._announcement_findings())

    def _announcement_findings(self) -> Iterator[Finding]:
        """Those to come included: their editor is still there."""
        project = self._project
        items = [
            item
            for item in project.catalogue.announcements
            if not (item.draft or item.audience == "staff" or _is_over(item, project.now))
        ]
        bodies = project.digests.short({item.path: ShortText.of(item) for item in items if not item.summary})
        for item in items:
            if first := item.summary or bodies[item.path].outline.lead:
                said = replace(_as_article(item), answer=first)
                yield from announcement_findings(item, said, f"{project.settings.url}{item.url}", self.wording)

    def _answer_findings(self) -> Iterator[Finding]:
        """Kept for later builds: to fill the template of every channel takes a fifth of an edit's time."""
        project = self._project
        articles = {article.path: article for article in project.public.articles if not article.fallback}
        addresses = {
            kind: tuple(channel.address for channel in project.contact.channels if channel.kind == kind)
            for kind in CHANNELS
        }
        shared = hash_of(repr(self.wording), repr(addresses), project.settings.fingerprint)
        keys = {path: hash_of(shared, project.digests.key_of(article)) for path, article in articles.items()}

        def make(paths: Sequence[str]) -> list[tuple[Finding, ...]]:
            some = map(articles.__getitem__, paths)
            return [tuple(answer_findings(one, self.link(one), self.wording, addresses)) for one in some]

        found = project.store.of_each("answer findings", keys, make, _FINDINGS, project.jobs)
        for findings in found.values():
            yield from findings


def _is_over(item: Announcement, now: datetime) -> bool:
    return item.end is not None and item.end <= now


def _as_article(item: Announcement) -> Article:
    """An announcement as something to reply with."""
    return Article(
        item.slug, item.path, item.url, item.title, item.body, item.body_line, answer=item.summary,
        answer_markdown=item.summary, asked_as=item.asked_as, replies=item.replies, fallback=item.fallback,
    )  # fmt: skip
