"""Site: the pages and files made of a project, its search index and its trends."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from functools import cached_property, partial
from operator import attrgetter

from kb_builder.content.interface_language import Language
from kb_builder.content.urls import SUBSCRIBED
from kb_builder.errors import Finding, Severity, in_order
from kb_builder.pages import api_files, contexts, elements, feeds, markdown_copies, page, plan, sitemaps
from kb_builder.pages.page import Page
from kb_builder.pages.retiring import wrong_anchors
from kb_builder.parsing import sources
from kb_builder.pipeline.bodies import Bodies
from kb_builder.pipeline.copies import Copies
from kb_builder.pipeline.desk import Desk
from kb_builder.pipeline.editions import other_languages
from kb_builder.pipeline.names import unknown_icons
from kb_builder.pipeline.previews import Output, Previews
from kb_builder.pipeline.project import Project
from kb_builder.pipeline.retirement import PublishedAddresses, Retirement, live_addresses
from kb_builder.pipeline.search import SearchIndex
from kb_builder.pipeline.shared_context import HAPPENING_FILE, SEARCH_FOLDER, shared_context
from kb_builder.pipeline.theme import Theme
from kb_builder.pipeline.trends import Trends, sparklines
from kb_builder.rendering.render import Renderer, environment
from kb_builder.system.cache_keys import code_fingerprint, hash_of


class Site:
    """Everything that is published, ready to be written; :attr:`findings` collects what is wrong with any part."""

    def __init__(self, project: Project, search: SearchIndex, trends: Trends) -> None:
        """``project`` and ``search`` are those of one language; ``trends`` count all of them together."""
        self.project = project
        self.search = search
        self.trends = trends
        self._source_theme = None if project.source is project else Theme(project.source.settings)
        self.theme = Theme(project.settings, self._source_theme)
        self._published = PublishedAddresses(project)
        self.bodies = Bodies(project, self._published.old_targets)

    @cached_property
    def context(self) -> elements.Site:
        """The part of the context that is the same on every page."""
        contact = self.theme.language.contact(self.trends.with_kept(self.project.contact))
        bodies, language = self.bodies, self.theme.language
        return shared_context(self.project, bodies.media, bodies.links.resolved, language, contact, self.previews.site)

    @cached_property
    def previews(self) -> Previews:
        """The images that messengers show for a link. The staff's pages have no public address, so they name none."""
        settings = self.project.settings
        drawn = settings.options.social.articles and not self.project.staff
        return Previews(settings.name, self.theme.brand, self.project.view.articles if drawn else ())

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """Every page, ready to render."""
        return tuple(sorted((*self._live_pages, *self.retirement.pages), key=attrgetter("file")))

    @cached_property
    def retirement(self) -> Retirement:
        """The redirect or notice of every address that was published once and has no page of its own now."""
        # The anchors of a text in place of a translation end with it.
        own = (item for item in self.project.view.announcements if not item.fallback)
        notices = {item.url: self.bodies.links.outline(item) for item in own}
        files = SUBSCRIBED - {"sitemap.xml"} if self.project.language else SUBSCRIBED
        live = live_addresses(self.project, self._live_pages, notices, self.bodies.media.sources, files)
        return Retirement(self._published, live, self.context, self.theme.language, self.project.today.isoformat())

    @cached_property
    def _live_pages(self) -> tuple[Page, ...]:
        view, trends = self.project.view, self.trends.current
        return plan.plan(
            self.context,
            page.Contents(
                view=view,
                outlines=self.project.digests.outlines,
                bodies={article.id: self.bodies.sources[article.path] for article in view.articles},
                related=self.search.related,
                pins=trends.pins,
                segment_pins=trends.shown,
                notices={item.slug: self.bodies.sources[item.path] for item in view.announcements},
                moved_anchors=self._published.moved_anchors,
                replacements=self._published.replacements,
                sparklines=sparklines(self.trends, self.theme.language),
                gaps=self.trends.current.gaps,
                promises=self.trends.promises,
                reasons_nothing_pinned=tuple(map(self.theme.language.phrase, trends.reasons_nothing_pinned)),
                answers={
                    article.id: self.bodies.links.answers[article.path].html
                    for article in view.articles
                    if article.path in self.bodies.links.answers
                },
                language=self.theme.language,
                previews=self.previews.paths,
                elsewhere=other_languages(self.project),
            ),
        )

    @cached_property
    def renderer(self) -> Renderer:
        """Makes the bytes of pages, with the templates of the team before those of the theme."""
        folders = self.project.settings.template_folders
        return Renderer(
            environment(folders), self.context, self.theme.assets, self.theme.language, self._source_language
        )

    @cached_property
    def _source_language(self) -> Language | None:
        """The language of texts that are not translated; None where this is it."""
        return self._source_theme.language if self._source_theme else None

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
            made = [pages[file] for file in files]
            return self.renderer.render_all(made, self.bodies.htmls(made))

        return Output("pages", {page.file: hash_of(start, page.inputs) for page in self.pages}, make)

    @cached_property
    def copies(self) -> Copies:
        """The Markdown copies of articles."""
        return Copies(self.project, self.bodies.sources)

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        """Every other file, by site path."""
        project, trends = self.project, self.trends.current
        settings, view, outlines = project.settings, project.view, project.digests.outlines
        url, name = settings.url, settings.name
        home = next(page.context for page in self.pages if page.file == "index.html")
        assert isinstance(home, contexts.HomePage | contexts.StaffPage)
        items = {
            "announcements": feeds.announcements(view, url, self.context.source_language),
            "changes": feeds.changes(view, outlines, url),
            "happening": feeds.happening(home.pins, url, self.context.source_language),
        }
        language, indexed = self.theme.language, not (project.staff or project.preview)
        site = (url, language, project.zone)
        made = {
            **(self._root_files(indexed=indexed) if not project.language else {}),
            "llms.txt": markdown_copies.llms_txt(name, view, url, language),
            "api/articles.json": api_files.articles_api(self.listing),
            "api/trending.json": api_files.trending_api(home.pins, url, language),
            HAPPENING_FILE: api_files.happening_file(home.pins, self.search.index.build, self.search.documents),
            **{f"feeds/{feed}.xml": feeds.rss(name, feed, found, *site) for feed, found in items.items()},
            **{f"feeds/{feed}.json": feeds.json_feed(name, feed, found, *site) for feed, found in items.items()},
            **{SEARCH_FOLDER + path: data for path, data in self.search.index.files.items()},
            **self.theme.assets.files,
            **self.bodies.media.published,
            **self.retirement.files(self.copies.of, self.bodies.media.published),
        }
        if project.staff:
            made[plan.REPLIES_FILE] = api_files.to_json(self.desk.all_replies())
            made[plan.NOTES_FILE] = api_files.to_json(self.desk.notes())
            made["gaps.json"] = api_files.to_json({"gaps": [asdict(gap) for gap in trends.gaps]})
        made |= {old: made[path] for old, path in self.retirement.retired.files.items()}
        return dict(sorted(made.items()))

    @property
    def listing(self) -> api_files.Listing:
        """What ``api/articles.json`` is made from."""
        settings = self.project.settings
        return api_files.Listing(self.project.view, self.project.digests.outlines, settings.url, settings.language)

    def _root_files(self, *, indexed: bool) -> Mapping[str, bytes]:
        """The files that hosts, crawlers and browsers look for at the root, once for all languages."""
        project = self.project
        favicon = self.bodies.media.published.get(self.context.favicon)
        return {
            "robots.txt": sitemaps.robots(project.settings.url, indexed=indexed),
            **self.theme.shortcut_icon(favicon),
        }

    @property
    def updated(self) -> Mapping[str, date]:
        """URL of each article → the day of its last change."""
        days = ((article.url, page.updated_on(article)) for article in self.project.view.articles)
        return {url: day for url, day in days if day}

    @cached_property
    def desk(self) -> Desk:
        """The replies of support staff."""
        source = self._source_theme or self.theme
        return Desk(self.search, lambda: self.trends.for_all, self.theme.language, source.language)

    @cached_property
    def _content_findings(self) -> tuple[Finding, ...]:
        found = sources.findings_in(
            (
                lambda: self.trends.findings,
                self.bodies.links.findings,
                self.bodies.links.findings_at_other_times,
                self.bodies.links.findings_of_refused,
                lambda: self.bodies.media.findings,
                lambda: self.desk.findings,
                lambda: unknown_icons(self.project.view.categories, partial(sources.read, self.project.settings.root)),
                lambda: self.theme.findings,
            )
        )
        return (*self.project.findings, *found)

    @cached_property
    def is_whole(self) -> bool:
        """Whether no article is missing for an error, so that it shows which addresses would be lost."""
        return not any(finding.severity is Severity.ERROR for finding in self._content_findings)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that is wrong with the content or the site; what can't be used at all is an error."""
        if self.is_whole:
            return in_order((*self._content_findings, *self.retirement.findings))
        return in_order((*self._content_findings, *sources.findings_in((self._wrong_anchors,))))

    def _wrong_anchors(self) -> Iterator[Finding]:
        """Findings in redirects that can be made while an article is missing because of an error."""
        project = self.project
        if project.source is project and project.is_readable:
            live = {article.id: article for article in project.view.articles}
            yield from wrong_anchors(project.redirects, live, project.digests.outlines)
