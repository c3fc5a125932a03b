"""Plans the pages of a site: which exist, and the context of each. Pure: no input, output or framework."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Final, TypeAlias
from urllib.parse import quote

from markupsafe import Markup

from kb_builder.content.urls import short_url
from kb_builder.model import Action, Article, Segment
from kb_builder.pages import contexts, listings, structured_data
from kb_builder.pages.elements import Common, Crumb, Letter, Site, Teaser
from kb_builder.pages.navigation import Navigation, clip, inline
from kb_builder.pages.page import (
    BodySource,
    Contents,
    Page,
    PageContext,
    banner,
    banners,
    card,
    cards,
    file_of,
    folder_of,
    quoted,
)
from kb_builder.pages.pin_cards import PinCards, of_segments_only
from kb_builder.pages.redirect_pages import Redirections, anchors_data
from kb_builder.system.cache_keys import hash_of

MOST_RELATED: Final = 5
HOME_POLICIES: Final = 12
HOME_ANSWERS: Final = 12
REPLIES_FILE: Final = "api/replies.json"
NOTES_FILE: Final = "api/notes.json"
_TOC_HEADINGS: Final = 4

ListPage: TypeAlias = contexts.AllPage | contexts.CategoryPage | contexts.SegmentPage


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
        self.redirections = Redirections(site, self.nav.by_url, contents.moved_anchors, elsewhere=contents.elsewhere)
        self.pin_cards = PinCards(self.nav.by_id, site.segments, self.language, self.view.now)
        self.trails = {folder: self.nav.trail(folder) for folder in {folder_of(item) for item in self.view.articles}}
        self.trail_inputs = {folder: hash_of(repr(trail)) for folder, trail in self.trails.items()}
        self.pins = self.pin_cards.of(contents.pins)
        self.pin_of = {pin.id: pin for pin in reversed(self.pins)}
        self.site_pins = tuple(pin for pin in self.pins if pin.segment is None)

    def pages(self) -> Iterator[Page]:
        yield self._composer() if self.site.staff else self._home()
        yield from self._categories()
        for article in self.view.articles:
            yield self._article(article)
            yield self.redirections.short_link(
                article, article.description or self.nav.answer(article), self.contents.previews.get(article.id, "")
            )
        title, about = self.word("Contact us"), self.word("All the ways to contact us.")
        yield self._page(contexts.ContactPage(self._common("contact", Crumb(title, "contact/"), about)))
        yield from self._all()
        yield self._search()
        yield self._trending()
        yield from map(self._segment, self.site.segments)
        yield from self._announcements()
        if self.site.staff:
            yield from self._staff_pages()
        title, about = self.word("Page not found"), self.word("We can’t find that page")
        common = self._common("not-found", Crumb(title, "404.html"), about, indexed=False)
        yield self._page(contexts.NotFoundPage(common, pins=self.site_pins, categories=self.site.categories))

    def _common(
        self, kind: str, page: Crumb, description: str, trail: Sequence[Crumb] = (), *,
        indexed: bool = True, data: Sequence[structured_data.Node] = (),
    ) -> Common:  # fmt: skip
        """``page`` is the title and the URL, ``trail`` is between it and the home page."""
        crumbs = (Crumb(self.word("Home"), ""), *trail, page) if page.url and kind != "not-found" else ()
        nodes = [*data, structured_data.breadcrumbs(crumbs, self.site.url)] if crumbs and indexed else data
        return Common(
            kind=kind,
            title=page.title,
            url=page.url,
            # A page of the staff site has no public address.
            canonical="" if self.site.staff else self.site.url + page.url,
            description=clip(description, 160),
            breadcrumb=crumbs,
            indexed=self._open(indexed),
            structured_data=(structured_data.document(nodes),) if nodes else (),
            languages=self.contents.elsewhere.of("" if kind == "not-found" else page.url),
        )

    def _in_source_language(self, common: Common) -> Common:
        """The same for a page without a translation: the canonical one is that of the sources."""
        canonical = "" if self.site.staff else self.site.source_url + common.url
        return replace(common, canonical=canonical, fallback=True)

    def _open(self, indexed: bool) -> bool:
        """Whether search engines may index a page: never on the staff site or in a preview."""
        return indexed and not (self.site.staff or self.site.preview)

    def _page(self, page: PageContext, source: BodySource | None = None) -> Page:
        """A page of the template that its kind names, with the body of ``source``."""
        common = page.common
        template = f"{common.kind.replace('-', '_')}.html"
        mapped = common.indexed and not common.fallback
        return Page(file_of(common.url), common.url, template, mapped, repr((page, source)), lambda _: page, source)

    def _list(self, page: ListPage, articles: Sequence[Article], *, answers: bool = True) -> Page:
        """A page that lists ``articles``, with or without answers; teasers are built when the page is rendered."""
        common = page.common
        listed = [self.nav.link_inputs[article.id] for article in articles]
        if answers:
            listed += map(self.nav.answer, articles)

        def make(_: str) -> PageContext:
            link = self.nav.teaser if answers else lambda article: self.nav.links[article.id]
            return replace(page, articles=tuple(map(link, articles)))

        inputs = "\0".join((repr(page), *listed))
        return Page(file_of(common.url), common.url, f"{common.kind}.html", common.indexed, inputs, make)

    def _home(self) -> Page:
        policies = [article for article in self.nav.listed if article.type == "policy"]
        topics = cards(self.view, self.word("Other questions"))
        if [topic.url for topic in topics] == ["faq/"]:
            topics = ()
        answers = [article for article in self.nav.listed if article.type != "policy"] if not topics else []
        about = self.word("Answers and help from {name}.", name=self.site.name)
        page = contexts.HomePage(
            self._common("home", Crumb(self.site.name, ""), about),
            pins=self.pins,
            categories=topics,
            answers=tuple(map(self.nav.teaser, answers[:HOME_ANSWERS])),
            policies=tuple(map(self.nav.teaser, policies[:HOME_POLICIES])),
            more_policies=len(policies) > HOME_POLICIES,
        )
        return self._page(page)

    def _composer(self) -> Page:
        """The home page of the staff site."""
        common = self._common("staff", Crumb(self.word("Replies"), ""), self.word("Replies for every channel."))
        topics = cards(self.view, self.word("Other questions"))
        return self._page(contexts.StaffPage(common, REPLIES_FILE, NOTES_FILE, self.pins, topics))

    def _staff_pages(self) -> Iterator[Page]:
        title, about = self.word("Trends"), self.word("Today’s trends in numbers.")
        common = self._common("staff-trends", Crumb(title, "staff/trends/"), about)
        nothing, promises = self.contents.reasons_nothing_pinned, self.contents.promises
        yield self._page(contexts.StaffTrendsPage(common, self.contents.sparklines, nothing, promises))
        title, about = self.word("Gaps"), self.word("Questions of many customers without an article.")
        common = self._common("staff-gaps", Crumb(title, "staff/gaps/"), about)
        yield self._page(contexts.StaffGapsPage(common, gaps=self.contents.gaps))

    def _categories(self) -> Iterator[Page]:
        for category in self.view.categories:
            if category.url in self.nav.by_url:
                continue
            articles = self.nav.by_folder[category.path]
            inside = {article.id for article in articles}
            pins = tuple(pin for pin in self.pins if pin.id in inside)
            for part in listings.parts(category.url, articles, self.language):
                first = part.number == 1
                common = self._common(
                    "category",
                    Crumb(category.title if first else self._page_of(category.title, part.number), part.url),
                    category.description or self.word("Answers about “{topic}”.", topic=category.title),
                    self.nav.trail(category.path.rpartition("/")[0] if first else category.path),
                )
                page = contexts.CategoryPage(
                    common,
                    icon=card(category, 0).icon,
                    introduction=Markup.escape(category.description),
                    pins=pins if first else (),
                    subcategories=tuple(map(self.nav.card, self.nav.subcategories[category.path])) if first else (),
                    previous=part.previous,
                    next=part.next,
                )
                yield self._list(page, part.articles)

    def _article(self, article: Article) -> Page:
        source = self.contents.bodies[article.id]
        linked = [*self._related(article), "", *(other.id for other in self.nav.neighbours(article))]
        shown = [self.nav.link_inputs.get(id, "") for id in linked]
        pin = self.pin_of.get(article.id)
        indexed = self._open(not article.unlisted and article.audience == "public") and not article.fallback
        links = self.contents.elsewhere.of(article.url)
        return Page(
            file_of(article.url), article.url, "article.html", indexed,
            "\0".join((
                source.cache_input, self.trail_inputs[folder_of(article)], repr(pin), self._moved_anchors(article.url),
                self.contents.previews.get(article.id, ""), repr(links) if links else "",
                "outdated" if article.outdated else "", *shown,
            )),
            self._article_context,
            source,
        )  # fmt: skip

    def _article_context(self, url: str) -> contexts.ArticlePage:
        """Depends on nothing but the inputs that :meth:`_article` declares, and the site."""
        article = self.nav.by_url[url]
        source = self.contents.bodies[article.id]
        link = short_url(self.site.url, article.id)
        answer = article.answer
        outline = self.contents.outlines[article.id]
        description = article.description or answer or outline.lead or article.title
        data = [structured_data.article(article, self.site.url + article.url, self.site.name)]
        if article.type == "faq" and answer:
            data.append(structured_data.question(article))
        if article.fallback:
            data = []  # The page of the source has them.
        common = self._common(
            "policy" if article.type == "policy" else "article", Crumb(article.title, article.url), description,
            self.trails[folder_of(article)], indexed=not article.unlisted and article.audience == "public", data=data,
        )  # fmt: skip
        if article.fallback:
            common = self._in_source_language(common)
        changes = source.changes_anchor
        headings = tuple(h for h in outline.headings if h.level <= 3 and h.anchor and h.anchor != changes)
        # Each piece is quoted once: quoting is most of the cost of these links.
        title, short_answer, address = quoted(article.title), quoted(answer), quoted(link)
        message = f"{title}%0A%0A{short_answer or quoted(outline.lead)}%0A%0A{address}"
        return contexts.ArticlePage(
            common=replace(common, markdown=True, social_image=self.contents.previews.get(article.id, "")),
            id=article.id,
            answer=Markup(inline(self.contents.answers[article.id])) if article.id in self.contents.answers else answer,
            body=Markup(),
            headings=headings if len(headings) >= _TOC_HEADINGS else (),
            short_url=link if article.audience == "public" else "",
            effective_date=article.effective_date,
            last_reviewed_on=article.last_reviewed_on,
            changes=Markup(),
            related=tuple(self.nav.links[id] for id in self._related(article)),
            topic=tuple(self.nav.links[other.id] for other in self.nav.neighbours(article)),
            pin=self.pin_of.get(article.id),
            share_sms=f"sms:?&body={short_answer or title}%20{address}",
            share_email=f"mailto:?subject={title}&body={message}",
            feedback_email=self._feedback_email(article, link),
            segments=tuple(segment for segment in self.site.segments if segment.slug in article.segments),
            moved_anchors=self._moved_anchors(article.url),
            action=self._button(article, source),
            outdated=article.outdated,
        )

    def _moved_anchors(self, url: str) -> str:
        return anchors_data(url, self.contents.moved_anchors.get(url, {}))

    @staticmethod
    def _button(article: Article, source: BodySource) -> Action | None:
        """The main button; None without one, or when its target isn't published."""
        if article.action is None:
            return None
        url = dict(source.targets).get(article.action.url, article.action.url)
        return None if url is None else replace(article.action, url=url)

    def _feedback_email(self, article: Article, link: str) -> str:
        address = self.site.feedback.email
        if not address:
            return ""
        subject, text = quoted(self.word("About “{title}”", title=article.title)), quoted(f"{link}\n\n")
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
        about = self.word("All answers from {name}, A to Z.", name=self.site.name)
        letters, _ = self._a_to_z
        by_letter = () if letters else self.nav.by_letter.items()
        groups = tuple((letter, tuple(self.nav.links[article.id] for article in group)) for letter, group in by_letter)
        common = self._common("all", Crumb(title, "all/"), about)
        yield self._page(contexts.AllPage(common, letters=letters, groups=groups))
        for letter in letters:
            for part in listings.parts(letter.url, self.nav.by_letter[letter.letter], self.language):
                under = self.word("Answers: {letter}", letter=letter.letter)
                name = under if part.number == 1 else self._page_of(under, part.number)
                page = contexts.AllPage(
                    self._common("all", Crumb(name, part.url), about, (Crumb(title, "all/"),)),
                    letters=letters,
                    current=letter.letter,
                    previous=part.previous,
                    next=part.next,
                )
                yield self._list(page, part.articles, answers=False)

    @property
    def _a_to_z(self) -> tuple[tuple[Letter, ...], tuple[Teaser, ...]]:
        """All articles if they fit on one page, otherwise the letters."""
        if len(self.nav.listed) > 2 * listings.LENGTH:
            return listings.letters(self.nav.by_letter), ()
        return (), tuple(self.nav.links[article.id] for group in self.nav.by_letter.values() for article in group)

    def _search(self) -> Page:
        letters, articles = self._a_to_z
        about = self.word("Search the answers from {name}.", name=self.site.name)
        common = self._common("search", Crumb(self.word("Search"), "search/"), about, indexed=False)
        return self._page(contexts.SearchPage(common, letters=letters, articles=articles, pins=self.site_pins))

    def _trending(self) -> Page:
        title, about = self.word("Happening now"), self.word("What many customers ask about today.")
        common = self._common("trending", Crumb(title, "trending/"), about)
        return self._page(contexts.TrendingPage(common, pins=self.site_pins, for_segments=of_segments_only(self.pins)))

    def _segment(self, segment: Segment) -> Page:
        articles = [article for article in self.nav.listed if segment.slug in article.segments]
        about = self.word("Help for {group}.", group=segment.name)
        common = self._common("segment", Crumb(segment.name, segment.url), about)
        pins = self.pin_cards.of(self.contents.segment_pins.get(segment.slug, ()))
        return self._list(contexts.SegmentPage(common, segment, pins), articles[: listings.LENGTH])

    def _announcements(self) -> Iterator[Page]:
        title = self.word("Announcements")
        names = {segment.slug: segment for segment in self.site.segments}
        past = []
        for item in self.view.announcements:
            shown = banner(item, self.view)
            if item.end is not None and item.end <= self.view.now:
                past.append(shown)
            common = self._common(
                "announcement", Crumb(item.title, item.url), item.summary or item.title,
                (Crumb(title, "announcements/"),),
            )  # fmt: skip
            if item.fallback:
                common = self._in_source_language(common)
            segments = tuple(names[slug] for slug in item.segments if slug in names)
            page = contexts.AnnouncementPage(common, banner=shown, body=Markup(), segments=segments)
            yield self._page(page, self.contents.notices[item.slug])
        about = self.word("Incidents and notices from {name}.", name=self.site.name)
        common = self._common("announcements", Crumb(title, "announcements/"), about)
        current = banners(self.view.announcements, self.view)
        yield self._page(contexts.AnnouncementsPage(common, current=current, past=tuple(past)))
