"""Plans the pages of a site: which exist, and the context of each. Pure: no input, output or framework."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final
from urllib.parse import quote

from markupsafe import Markup

from kb_builder.model import Article, Pin, Segment
from kb_builder.pages import contexts, listings, structured_data
from kb_builder.pages.contexts import Common, Crumb, Letter, PinCard, Site, Teaser
from kb_builder.pages.navigation import Navigation, clip
from kb_builder.pages.page import (
    BodySource,
    Contents,
    Page,
    PageContext,
    banner,
    banners,
    cards,
    file_of,
    folder_of,
    short_url,
)
from kb_builder.pages.retired import Redirections, anchors_data
from kb_builder.system.cache_keys import hash_of
from kb_builder.trends.wording import BY_HAND

MENU_SIBLINGS: Final = 20
MOST_RELATED: Final = 5
HOME_POLICIES: Final = 12
REPLIES_FILE: Final = "api/replies.json"
_TOC_HEADINGS: Final = 4


@dataclass(frozen=True, slots=True)
class _Folder:
    """What the articles of a folder share: breadcrumb, and the first of its articles."""

    trail: tuple[Crumb, ...]
    articles: tuple[Teaser, ...]
    inputs: str


def plan(site: Site, contents: Contents) -> tuple[Page, ...]:
    """Every page of the site, sorted by file."""
    return tuple(sorted(_Planner(site, contents).pages(), key=attrgetter("file")))


class _Planner:
    def __init__(self, site: Site, contents: Contents) -> None:
        self.site = site
        self.view = contents.view
        self.contents = contents
        self.language = contents.language
        self.word = contents.language.word
        self.nav = Navigation(self.view, contents.outlines)
        self.redirections = Redirections(site, self.nav.by_url, contents.moved_anchors)
        self.names = {segment.slug: segment.name for segment in site.segments}
        self.folders = {folder: self._folder(folder) for folder in {folder_of(item) for item in self.view.articles}}
        self.pins = self._pin_cards(contents.pins)
        self.pin_of = {pin.id: pin for pin in reversed(self.pins)}
        self.site_pins = tuple(pin for pin in self.pins if pin.segment is None)

    def pages(self) -> Iterator[Page]:
        yield self._home()
        yield from self._categories()
        for article in self.view.articles:
            yield self._article(article)
            yield self.redirections.short_link(article, article.description or self.nav.answer(article))
        yield self._page(
            "contact",
            "contact/",
            self.word("Contact us"),
            contexts.ContactPage,
            self.word("Every way to reach a person."),
        )
        yield from self._all()
        yield self._search()
        yield self._trending()
        yield from map(self._segment, self.site.segments)
        yield from self._announcements()
        if self.site.staff:
            yield self._page(
                "staff", "staff/", self.word("Replies"), contexts.StaffPage, self.word("Replies for every channel."),
                replies_manifest=REPLIES_FILE,
            )  # fmt: skip
            yield self._page(
                "staff-trends", "staff/trends/", self.word("Trends"), contexts.StaffTrendsPage,
                self.word("What hurts today, with numbers."),
                sparklines=self.contents.sparklines, reasons_nothing_pinned=self.contents.reasons_nothing_pinned,
            )  # fmt: skip
        yield self._page(
            "not-found", "404.html", self.word("Page not found"), contexts.NotFoundPage,
            self.word("This page is not here"),
            indexed=False, pins=self.site_pins, categories=self.site.categories,
        )  # fmt: skip

    def _common(
        self, kind: str, url: str, title: str, description: str, trail: Sequence[Crumb] = (), *,
        indexed: bool = True, data: Sequence[structured_data.Node] = (),
    ) -> Common:  # fmt: skip
        crumbs = (Crumb(self.word("Home"), ""), *trail, Crumb(title, url)) if url and kind != "not-found" else ()
        nodes = [*data, structured_data.breadcrumbs(crumbs, self.site.url)] if crumbs and indexed else data
        return Common(
            kind=kind,
            title=title,
            url=url,
            canonical=self.site.url + url,
            description=clip(description, 160),
            breadcrumb=crumbs,
            indexed=self._open(indexed),
            structured_data=(structured_data.document(nodes),) if nodes else (),
        )

    def _open(self, indexed: bool) -> bool:
        """Whether search engines may index a page: never on the staff site or in a preview."""
        return indexed and not (self.site.staff or self.site.preview)

    def _page(self, kind: str, url: str, title: str, context: type, description: str, *,
              trail: Sequence[Crumb] = (), indexed: bool = True, source: BodySource | None = None,
              **fields: object) -> Page:  # fmt: skip
        common = self._common(kind, url, title, description, trail, indexed=indexed)
        page = context(common=common, **fields)
        template = f"{kind.replace('-', '_')}.html"
        return Page(file_of(url), url, template, common.indexed, repr((page, source)), lambda _: page, source)

    def _list(self, kind: str, url: str, title: str, context: type, description: str, articles: Sequence[Article], *,
              answers: bool = True, trail: Sequence[Crumb] = (), **fields: object) -> Page:  # fmt: skip
        """A page that lists ``articles``, with or without answers; teasers are built when the page is rendered."""
        common = self._common(kind, url, title, description, trail)
        listed = [self.nav.link_inputs[article.id] for article in articles]
        if answers:
            listed += map(self.nav.answer, articles)
        inputs = "\0".join((repr((common, fields)), *listed))

        def make(_: str) -> PageContext:
            teasers = (
                map(self.nav.teaser, articles) if answers else (self.nav.links[article.id] for article in articles)
            )
            page: PageContext = context(common=common, articles=tuple(teasers), **fields)
            return page

        return Page(file_of(url), url, f"{kind}.html", common.indexed, inputs, make)

    def _home(self) -> Page:
        policies = [article for article in self.nav.listed if article.type == "policy"]
        return self._page(
            "home", "", self.site.name, contexts.HomePage,
            self.word("Answers and help from {name}.", name=self.site.name),
            pins=self.pins,
            categories=cards(self.view),
            policies=tuple(map(self.nav.teaser, policies[:HOME_POLICIES])),
            more_policies=len(policies) > HOME_POLICIES,
        )  # fmt: skip

    def _categories(self) -> Iterator[Page]:
        for category in self.view.categories:
            if category.url in self.nav.by_url:
                continue
            articles = self.nav.by_folder[category.path]
            inside = {article.id for article in articles}
            pins = tuple(pin for pin in self.pins if pin.id in inside)
            for part in listings.parts(category.url, articles, self.language):
                first = part.number == 1
                yield self._list(
                    "category", part.url, category.title if first else self._page_of(category.title, part.number),
                    contexts.CategoryPage,
                    category.description or self.word("Answers about “{topic}”.", topic=category.title),
                    part.articles,
                    trail=self.nav.trail(category.path.rpartition("/")[0] if first else category.path),
                    introduction=Markup.escape(category.description),
                    pins=pins if first else (),
                    subcategories=tuple(map(self.nav.card, self.nav.subcategories[category.path])) if first else (),
                    previous=part.previous,
                    next=part.next,
                )  # fmt: skip

    def _article(self, article: Article) -> Page:
        source = self.contents.bodies[article.id]
        folder = self.folders[folder_of(article)]
        related = self._related(article)
        pin = self.pin_of.get(article.id)
        indexed = self._open(not article.unlisted and article.audience == "public")
        return Page(
            file_of(article.url), article.url, "article.html", indexed,
            "\0".join((
                source.cache_input, folder.inputs, repr(pin), self._moved_anchors(article.url),
                *map(self.nav.link_inputs.__getitem__, related),
            )),
            self._article_context,
            source,
        )  # fmt: skip

    def _article_context(self, url: str) -> contexts.ArticlePage:
        """Depends on nothing but the inputs that :meth:`_article` declares, and the site."""
        article = self.nav.by_url[url]
        source = self.contents.bodies[article.id]
        folder = self.folders[folder_of(article)]
        related = self._related(article)
        link = short_url(self.site.url, article.id)
        answer = article.answer
        outline = self.contents.outlines[article.id]
        description = article.description or answer or outline.lead or article.title
        data = [structured_data.article(article, self.site.url + article.url, self.site.name)]
        if article.type == "faq" and answer:
            data.append(structured_data.question(article))
        common = self._common(
            "policy" if article.type == "policy" else "article", article.url, article.title, description,
            folder.trail, indexed=not article.unlisted and article.audience == "public", data=data,
        )  # fmt: skip
        changes = source.changes_anchor
        headings = tuple(h for h in outline.headings if h.level <= 3 and h.anchor and h.anchor != changes)
        # Each piece is quoted once: quoting is most of the cost of these links.
        title, short_answer, address = quote(article.title), quote(answer), quote(link)
        message = f"{title}%0A%0A{short_answer or quote(outline.lead)}%0A%0A{address}"
        nearby = {article.id, *related}
        siblings = tuple(other for other in folder.articles if other.id not in nearby)
        return contexts.ArticlePage(
            common=common,
            id=article.id,
            answer=answer,
            body=Markup(),
            headings=headings if len(headings) >= _TOC_HEADINGS else (),
            short_url=link,
            effective_date=article.effective_date,
            last_reviewed_on=article.last_reviewed_on,
            changes=Markup(),
            related=tuple(self.nav.links[id] for id in related),
            siblings=siblings[:MENU_SIBLINGS],
            pin=self.pin_of.get(article.id),
            share_sms=f"sms:?&body={short_answer or title}%20{address}",
            share_email=f"mailto:?subject={title}&body={message}",
            feedback_email=self._feedback_email(article, link),
            segments=tuple(segment for segment in self.site.segments if segment.slug in article.segments),
            moved_anchors=self._moved_anchors(article.url),
        )

    def _moved_anchors(self, url: str) -> str:
        return anchors_data(url, self.contents.moved_anchors.get(url, {}))

    def _folder(self, folder: str) -> _Folder:
        trail = self.nav.trail(folder)
        enough = self.nav.by_folder[folder][: MENU_SIBLINGS + MOST_RELATED + 1]
        articles = tuple(self.nav.links[article.id] for article in enough)
        return _Folder(trail, articles, hash_of(repr(trail), *(self.nav.link_inputs[link.id] for link in articles)))

    def _feedback_email(self, article: Article, link: str) -> str:
        address = self.site.feedback.email
        if not address:
            return ""
        subject, text = quote(self.word("About “{title}”", title=article.title)), quote(f"{link}\n\n")
        return f"mailto:{quote(address, safe='@')}?subject={subject}&body={text}"

    def _related(self, article: Article) -> list[str]:
        """Ids of related articles: those the author names, then those computed."""
        chosen: Iterable[str] = self.contents.related.get(article.id, ())
        if article.related:
            replacements = self.contents.replacements
            chosen = dict.fromkeys((*(replacements.get(id, id) for id in article.related), *chosen))
        return [id for id in chosen if id != article.id and id in self.nav.listed_ids][:MOST_RELATED]

    def _page_of(self, title: str, number: int) -> str:
        return self.word("{title}, page {number}", title=title, number=number)

    def _all(self) -> Iterator[Page]:
        title = self.word("All answers, A to Z")
        about = self.word("Every answer of {name}, from A to Z.", name=self.site.name)
        letters, articles = self._a_to_z
        yield self._page("all", "all/", title, contexts.AllPage, about, letters=letters, current="", articles=articles)
        for letter in letters:
            for part in listings.parts(letter.url, self.nav.by_letter[letter.letter], self.language):
                under = self.word("Answers under {letter}", letter=letter.letter)
                yield self._list(
                    "all", part.url, under if part.number == 1 else self._page_of(under, part.number),
                    contexts.AllPage, about, part.articles, answers=False,
                    trail=(Crumb(title, "all/"),), letters=letters, current=letter.letter,
                    previous=part.previous, next=part.next,
                )  # fmt: skip

    @property
    def _a_to_z(self) -> tuple[tuple[Letter, ...], tuple[Teaser, ...]]:
        """All articles if they fit on one page, otherwise the letters."""
        if len(self.nav.listed) > 2 * listings.LENGTH:
            return listings.letters(self.nav.by_letter), ()
        return (), tuple(self.nav.links[article.id] for group in self.nav.by_letter.values() for article in group)

    def _search(self) -> Page:
        letters, articles = self._a_to_z
        return self._page(
            "search", "search/", self.word("Search"), contexts.SearchPage,
            self.word("Search the answers of {name}.", name=self.site.name),
            indexed=False, letters=letters, articles=articles, pins=self.site_pins,
        )  # fmt: skip

    def _trending(self) -> Page:
        by_segment = tuple(
            (segment, pins)
            for segment in self.site.segments
            if (pins := tuple(pin for pin in self.pins if pin.segment == segment.slug))
        )
        return self._page(
            "trending", "trending/", self.word("Happening now"), contexts.TrendingPage,
            self.word("What many customers ask about today."), pins=self.site_pins, by_segment=by_segment,
        )  # fmt: skip

    def _segment(self, segment: Segment) -> Page:
        articles = [article for article in self.nav.listed if segment.slug in article.segments]
        return self._list(
            "segment", segment.url, segment.name, contexts.SegmentPage,
            self.word("Help for {group}.", group=segment.name),
            articles[:listings.LENGTH],
            segment=segment,
            pins=self._pin_cards(self.contents.segment_pins.get(segment.slug, ())),
        )  # fmt: skip

    def _announcements(self) -> Iterator[Page]:
        title = self.word("Announcements")
        names = {segment.slug: segment for segment in self.site.segments}
        past = []
        for item in self.view.announcements:
            shown = banner(item, self.view)
            if item.end is not None and item.end <= self.view.now:
                past.append(shown)
            yield self._page(
                "announcement", item.url, item.title, contexts.AnnouncementPage, item.summary or item.title,
                trail=(Crumb(title, "announcements/"),), banner=shown, body=Markup(),
                segments=tuple(names[slug] for slug in item.segments if slug in names),
                source=self.contents.notices[item.slug],
            )  # fmt: skip
        yield self._page(
            "announcements", "announcements/", title, contexts.AnnouncementsPage,
            self.word("Incidents and notices of {name}.", name=self.site.name),
            current=banners(self.view.announcements, self.view), past=tuple(past),
        )  # fmt: skip

    def _pin_cards(self, pins: Iterable[Pin]) -> tuple[PinCard, ...]:
        """Those of ``pins`` whose article is visible and whose time is not over."""
        shown = (pin for pin in pins if pin.id in self.nav.by_id and pin.until > self.view.now)
        return tuple(self._pin_card(pin) for pin in shown)

    def _pin_card(self, pin: Pin) -> PinCard:
        article = self.nav.by_id[pin.id]
        return PinCard(
            id=pin.id,
            title=article.title,
            url=article.url,
            answer=article.answer,
            band="" if pin.band == BY_HAND else self.language.band(pin.band, pin.since),
            state=pin.state,
            since=pin.since,
            until=pin.until,
            segment=pin.segment,
            segment_name=self.names.get(pin.segment, pin.segment) if pin.segment else "",
        )
