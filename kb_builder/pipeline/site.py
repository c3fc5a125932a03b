"""Site: the pages and files made of a project, its search index and its trends."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from functools import cached_property, partial
from operator import attrgetter
from typing import Final

import search_index
from kb_builder.content.interface_language import Language
from kb_builder.errors import Finding, Severity, in_order
from kb_builder.markdown.convert import rewrite_targets
from kb_builder.model import Announcement, Article
from kb_builder.pages import contexts, elements, feeds, page, plan
from kb_builder.pages.links import ResolvedLinks
from kb_builder.pages.media import Media
from kb_builder.pages.page import BodySource, Page
from kb_builder.pages.sparkline import Sparkline
from kb_builder.parsing import sources
from kb_builder.pipeline.desk import Desk
from kb_builder.pipeline.editions import other_languages, source_edition
from kb_builder.pipeline.links import Links
from kb_builder.pipeline.names import unknown_icons
from kb_builder.pipeline.previews import Output, Previews
from kb_builder.pipeline.project import Project, findings_in
from kb_builder.pipeline.retirement import Promise, Retirement, live_addresses
from kb_builder.pipeline.search import SearchIndex
from kb_builder.pipeline.theme import Theme
from kb_builder.pipeline.trends import Trends
from kb_builder.rendering.render import Renderer, environment
from kb_builder.system.cache_keys import code_fingerprint, hash_of

SEARCH_FOLDER: Final = "search/index/"
# Ad blockers block "trending", but not this.
HAPPENING_FILE: Final = "api/happening.json"
FEEDS: Final = ("announcements", "changes", "happening")
SUBSCRIBED: Final = frozenset(
    (
        *("sitemap.xml", "llms.txt", "api/articles.json", "api/trending.json"),
        *(f"feeds/{feed}.{ending}" for feed in FEEDS for ending in ("xml", "json")),
    )
)
"""Files whose addresses other programs keep."""
FOOTER_LINKS: Final = ("imprint", "privacy", "terms")


class Site:
    """Everything that is published, ready to be written; :attr:`findings` collects what is wrong with any part."""

    def __init__(self, project: Project, search: SearchIndex, trends: Trends) -> None:
        """``project`` and ``search`` are those of one language; ``trends`` count all of them together."""
        self.project = project
        self.search = search
        self.trends = trends
        self._source_theme = None if project.source is project else Theme(project.source.settings)
        self.theme = Theme(project.settings, self._source_theme)
        self._promise = Promise(project)
        self._texts = Links(project, self._promise)

    @property
    def links(self) -> Mapping[str, ResolvedLinks]:
        """Project path of each article and announcement with links → their targets."""
        return self._texts.resolved

    @cached_property
    def _media(self) -> Media:
        """The files that articles, announcements and the configuration refer to."""
        settings = self.project.settings
        media = Media(settings.root, frozenset(settings.options.attachments))
        for source, links in self.links.items():
            for path, line in links.files.values():
                media.add(path, where=source, line=line)
        for path in filter(None, (settings.logo, settings.favicon)):
            media.add(path, where=settings.config_file, required=True)
        return media

    @cached_property
    def _bodies(self) -> Mapping[str, BodySource]:
        """Project path → the body that a page shows."""
        sources = {}
        for article in self.project.view.articles:
            changes = page.changes_anchor(self._texts.outline(article)) if article.type == "policy" else ""
            sources[article.path] = self._body_source(article, self.project.digests.key_of(article), changes)
        for item in self.project.view.announcements:
            key = hash_of(item.version, *self.project.digests.converter.inputs(item.body))
            sources[item.path] = self._body_source(item, key, "")
        return sources

    def _body_source(self, item: Article | Announcement, key: str, changes: str) -> BodySource:
        links = self.links.get(item.path)
        if links is None:
            return BodySource(item.path, key, (), (), changes)
        targets = dict(links.targets)
        for written, (path, line) in links.files.items():
            published = self._media.add(path, where=item.path, line=line)[0]
            _, mark, fragment = written.partition("#")
            targets[written] = published + mark + fragment if published else None
        sizes = self._media.sizes({written: path for written, (path, _) in links.files.items()})
        return BodySource(item.path, key, tuple(sorted(targets.items())), tuple(sorted(sizes.items())), changes)

    @cached_property
    def context(self) -> elements.Site:
        """What is the same on every page."""
        project, settings, language = self.project, self.project.settings, self.theme.language
        topics = page.cards(project.view, language.word("Other questions"))
        feedback = settings.options.feedback
        return elements.Site(
            name=settings.name,
            url=settings.url,
            language=settings.language,
            direction=settings.direction,
            logo=self._named_file(settings.logo),
            logo_size=self._media.size(settings.logo),
            favicon=self._named_file(settings.favicon),
            contact=language.contact(self.trends.contact),
            categories=topics[: page.MENU_CATEGORIES],
            more_categories=len(topics) > page.MENU_CATEGORIES,
            policies=next(
                (elements.Crumb(c.title, c.url) for c in project.view.categories if c.path == "policies"), None
            ),
            segments=project.segments,
            banners=page.banners(project.view.announcements, project.view, self._announced_articles),
            feedback=elements.Feedback(feedback.endpoint, feedback.email, feedback.searches),
            search_manifest=SEARCH_FOLDER + search_index.MANIFEST,
            staff=project.staff,
            preview=project.preview,
            happening=HAPPENING_FILE,
            feeds=feeds.linked(settings.name, language),
            links=tuple(
                elements.SiteLink(
                    *link.in_language(settings.language, project.source.settings.language), key in FOOTER_LINKS
                )
                for key, link in settings.options.links.items()
            ),
            social_image=self.previews.site,
            **source_edition(project),
        )

    @cached_property
    def _announced_articles(self) -> Mapping[str, tuple[str, ...]]:
        """Slug of an announcement → URLs of the articles it links to."""
        urls = {article.url for article in self.project.view.articles}
        return {
            item.slug: tuple(sorted({target for target in self.links[item.path].targets.values() if target in urls}))
            for item in self.project.view.announcements
            if item.path in self.links
        }

    @cached_property
    def previews(self) -> Previews:
        """The images that messengers show for a link. The staff's pages have no public address, so they name none."""
        settings = self.project.settings
        drawn = settings.options.social.articles and not self.project.staff
        return Previews(settings.name, self.theme.brand, self.project.view.articles if drawn else ())

    def _named_file(self, path: str) -> str:
        """Where the logo or the icon named in the configuration is published; empty if there is none."""
        return self._media.add(path, where=self.project.settings.config_file, required=True)[0] if path else ""

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """Every page, ready to render."""
        return tuple(sorted((*self._live_pages, *self.retirement.pages), key=attrgetter("file")))

    @cached_property
    def retirement(self) -> Retirement:
        """What becomes of every address that was published once and has no page of its own now."""
        # The anchors of a text in place of a translation end with it.
        own = (item for item in self.project.view.announcements if not item.fallback)
        notices = {item.url: self._texts.outline(item) for item in own}
        files = SUBSCRIBED - {"sitemap.xml"} if self.project.language else SUBSCRIBED
        live = live_addresses(self.project, self._live_pages, notices, self._media.sources, files)
        return Retirement(self._promise, live, self.context, self.theme.language, self.project.today.isoformat())

    @cached_property
    def _live_pages(self) -> tuple[Page, ...]:
        view, trends = self.project.view, self.trends.current
        return plan.plan(
            self.context,
            page.Contents(
                view=view,
                outlines=self.project.digests.outlines,
                bodies={article.id: self._bodies[article.path] for article in view.articles},
                related=self.search.related,
                pins=trends.pins,
                segment_pins=trends.shown,
                notices={item.slug: self._bodies[item.path] for item in view.announcements},
                moved_anchors=self._promise.moved_anchors,
                replacements=self._promise.replacements,
                sparklines=self._sparklines,
                gaps=self.trends.current.gaps,
                promises=self.trends.promises,
                reasons_nothing_pinned=tuple(map(self.theme.language.phrase, trends.reasons_nothing_pinned)),
                answers={
                    article.id: self._texts.answers[article.path].html
                    for article in view.articles
                    if article.path in self._texts.answers
                },
                language=self.theme.language,
                previews=self.previews.paths,
                elsewhere=other_languages(self.project),
            ),
        )

    @cached_property
    def _sparklines(self) -> tuple[Sparkline, ...]:
        """Charts of today's pins, whomever they are for, the strongest burst first: for the staff's site."""
        trends = self.trends.current
        articles = {article.id: article for article in self.project.view.articles}
        pins = {(pin.id, pin.segment): pin for pin in trends.pins}
        names = {segment.slug: segment.name for segment in self.project.segments}
        lines = []
        for series in sorted(trends.series, key=lambda one: -pins[one.id, one.segment].score):
            if series.id not in articles:
                continue  # Without a translation, and left out.
            article, pin = articles[series.id], pins[series.id, series.segment]
            whom = names.get(series.segment or "", self.theme.language.word("Everyone"))
            level = pin.expected / max(1, (self.project.today - pin.since).days)
            lines.append(
                Sparkline(
                    article.title, article.url, whom, pin.why, series.customers, (level,) * len(series.customers),
                    pin.mentions, pin.expected, pin.since, self.project.today - timedelta(days=1),
                )
            )  # fmt: skip
        return tuple(lines)

    @cached_property
    def renderer(self) -> Renderer:
        folders = self.project.settings.template_folders
        return Renderer(
            environment(folders), self.context, self.theme.assets, self.theme.language, self._source_language
        )

    @cached_property
    def _source_language(self) -> Language | None:
        """The language of texts that are not translated; None where this is it."""
        return self._source_theme.language if self._source_theme else None

    def html(self, page: Page) -> str:
        """The body a page shows, with its author's links; empty for pages without one."""
        if page.body is None:
            return ""
        notice = self._texts.notices.get(page.body.path)
        return (notice or self.project.digests.body(self._articles_by_path[page.body.path])).html

    @cached_property
    def _articles_by_path(self) -> Mapping[str, Article]:
        return {article.path: article for article in self.project.view.articles}

    @cached_property
    def rendered(self) -> Output:
        """The HTML file of each page."""
        theme = self.theme
        shared = (
            code_fingerprint(),
            theme.fingerprint,
            repr(self.context),
            theme.assets.folder,
            repr(theme.assets.shared),
            repr(theme.language),
            repr(self._source_language),
        )
        start = hash_of(*shared)
        pages = {page.file: page for page in self.pages}

        def make(files: Sequence[str]) -> list[bytes]:
            return [self.renderer.render(pages[file], self.html(pages[file])) for file in files]

        return Output("pages", {page.file: hash_of(start, page.inputs) for page in self.pages}, make)

    @cached_property
    def copies(self) -> Output:
        """The Markdown copy of each article."""
        url, digests = self.project.settings.url, self.project.digests
        start = hash_of(code_fingerprint(), url)
        articles = {f"{article.url}index.md": article for article in self.project.view.articles}
        keys = {
            file: hash_of(start, digests.key_of(article), repr(self._bodies[article.path].targets))
            for file, article in articles.items()
        }

        def make(files: Sequence[str]) -> list[bytes]:
            return [self._copy(articles[file]) for file in files]

        return Output("copies", keys, make)

    @property
    def listed_copies(self) -> Sequence[str]:
        """The paths of the Markdown copies that ``llms-full.txt`` joins, in its order."""
        return [f"{article.url}index.md" for article in self.project.view.own]

    def _copy(self, article: Article) -> bytes:
        url = self.project.settings.url

        def absolute(target: str | None) -> str | None:
            return target if target is None or target.startswith("#") or ":" in target else url + target

        targets = {written: absolute(target) for written, target in self._bodies[article.path].targets}
        body = rewrite_targets(self.project.digests.body(article).html, targets)
        return feeds.markdown_copy(article, body, url)

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        """Every other file, by site path."""
        project, trends = self.project, self.trends.current
        settings, view, outlines = project.settings, project.view, project.digests.outlines
        url, name = settings.url, settings.name
        home = next(page.context for page in self.pages if page.file == "index.html")
        assert isinstance(home, contexts.HomePage | contexts.StaffPage)
        items = {
            "announcements": feeds.announcements(view, url),
            "changes": feeds.changes(view, outlines, url),
            "happening": feeds.happening(home.pins, url),
        }
        language, indexed = self.theme.language, not (project.staff or project.preview)
        site = (url, language, project.zone)
        made = {
            **(self._root_files(indexed=indexed) if not project.language else {}),
            "llms.txt": feeds.llms_txt(name, view, url, language),
            "api/articles.json": feeds.articles_api(self.listing),
            "api/trending.json": feeds.trending_api(home.pins, url, language),
            HAPPENING_FILE: feeds.happening_file(home.pins, self.search.index.root, self.search.documents),
            **{f"feeds/{feed}.xml": feeds.rss(name, feed, found, *site) for feed, found in items.items()},
            **{f"feeds/{feed}.json": feeds.json_feed(name, feed, found, *site) for feed, found in items.items()},
            **{SEARCH_FOLDER + path: data for path, data in self.search.index.files.items()},
            **self.theme.assets.files,
            **self._media.published,
            **self.retirement.files(self._copy, self._media.published),
        }
        if project.staff:
            made[plan.REPLIES_FILE] = feeds.to_json(self.desk.all_replies())
            made[plan.NOTES_FILE] = feeds.to_json(self.desk.notes())
            made["gaps.json"] = feeds.to_json({"gaps": [asdict(gap) for gap in trends.gaps]})
        made |= {old: made[path] for old, path in self.retirement.retired.files.items()}
        return dict(sorted(made.items()))

    @property
    def listing(self) -> feeds.Listing:
        settings = self.project.settings
        return feeds.Listing(self.project.view, self.project.digests.outlines, settings.url, settings.language)

    def _root_files(self, *, indexed: bool) -> Mapping[str, bytes]:
        """What hosts, crawlers and browsers look for at the root, once for all languages."""
        project = self.project
        favicon = self._media.published.get(self._named_file(project.settings.favicon))
        return {"robots.txt": feeds.robots(project.settings.url, indexed=indexed), **self.theme.shortcut_icon(favicon)}

    @property
    def updated(self) -> Mapping[str, date]:
        """URL of each article → the day of its last change."""
        days = ((article.url, feeds.updated_on(article)) for article in self.project.view.articles)
        return {url: day for url, day in days if day}

    @cached_property
    def desk(self) -> Desk:
        """The replies of support staff."""
        source = self._source_theme or self.theme
        return Desk(self.search, lambda: self.trends.for_all, self.theme.language, source.language)

    @cached_property
    def _content_findings(self) -> tuple[Finding, ...]:
        found = findings_in(
            (
                lambda: self.trends.findings,
                self._texts.findings,
                self._texts.findings_at_other_times,
                lambda: self._media.findings,
                lambda: self.desk.findings,
                lambda: unknown_icons(self.project.view.categories, partial(sources.read, self.project.settings.root)),
                lambda: self.theme.findings,
            )
        )
        return in_order((*self.project.findings, *found))

    @cached_property
    def is_whole(self) -> bool:
        """Whether no article is missing for an error, so that it shows which addresses would die."""
        return not any(finding.severity is Severity.ERROR for finding in self._content_findings)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that is wrong with the content or the site; what can't be used at all is an error."""
        return in_order((*self._content_findings, *(self.retirement.findings if self.is_whole else ())))
