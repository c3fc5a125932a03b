"""The way of the data, from ``content/`` to pages ready to render, as one value whose parts are worked out when asked.

Commands take what they need: ``kb search`` stops at the index, ``kb trends`` at the pins, ``kb build`` goes to the end.
Nothing here writes anything but the cache.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Final

import search_index
from kb_builder.config import THEME
from kb_builder.content.announcements import read_announcements
from kb_builder.content.articles import read_articles
from kb_builder.content.translations import ENGLISH, Language, files_of, read_words
from kb_builder.content.visibility import withheld
from kb_builder.errors import Finding, InputError, Severity, in_order
from kb_builder.markdown.convert import rewrite_targets
from kb_builder.model import Announcement, Article, Body, Outline
from kb_builder.pages import feeds, page, plan
from kb_builder.pages.contexts import Feedback, HomePage, Site, Sparkline
from kb_builder.pages.links import LinkMap, ResolvedLinks
from kb_builder.pages.media import Media
from kb_builder.pages.page import BodySource, Page
from kb_builder.parsing import sources
from kb_builder.parsing.dates import UTC_ZONE
from kb_builder.pipeline.desk import Desk
from kb_builder.pipeline.project import TRENDING_FILE
from kb_builder.pipeline.search import Answers
from kb_builder.rendering import theme_assets
from kb_builder.rendering.brand import DEFAULT, Brand, Scheme, Tokens, brand_of, colour, tokens_in
from kb_builder.rendering.render import Renderer, environment
from kb_builder.support.templates import template_findings

SEARCH_FOLDER: Final = "search/index/"
# Blockers of advertising know "trending", but not this.
HAPPENING_FILE: Final = "api/happening.json"


class Centre(Answers):
    """A help centre, ready to be published.

    A part raises :class:`InputError` when it can't be made at all. What is wrong but leaves something to show is in
    :attr:`findings`.
    """

    @cached_property
    def _media(self) -> Media:
        return Media(self.root)

    @cached_property
    def _notices(self) -> Mapping[str, Body]:
        """Project path of each announcement → its body."""
        return {
            item.path: self._converter.convert(item.body, title=item.title, first_line=item.body_line)
            for item in self.view.announcements
        }

    @cached_property
    def links(self) -> Mapping[str, ResolvedLinks]:
        """Project path of each article and announcement that has links → where they lead."""
        linking_articles = (article for article in self.view.articles if self.outlines[article.id].has_links)
        notices = (item for item in self.view.announcements if self._notices[item.path].outline.has_links)
        linking: tuple[Article | Announcement, ...] = (*linking_articles, *notices)
        if not linking:
            return {}  # The map of what a link can lead to takes longer than anything else here.
        own = {f"{page}/" for page in ("contact", "all", "search", "trending", "announcements")}
        urls = {article.id: article.url for article in self.catalogue.articles}

        def outline_of(item: Article | Announcement) -> Outline:
            return self.outlines[item.id] if isinstance(item, Article) else self._notices[item.path].outline

        link_map = LinkMap(
            released=(*self.view.articles, *self.view.announcements),
            withheld=withheld(self.catalogue, self.view),
            outline_of=outline_of,
            files=self._articles.paths,
            site_urls=own | {category.url for category in self.view.categories} | {s.url for s in self.segments},
            redirects={old: urls[id] for old, id in self.redirects.paths.items()},
            site_url=self.settings.url,
        )
        return {item.path: link_map.resolve(item) for item in linking}

    @cached_property
    def _by_id(self) -> Mapping[str, Article]:
        return {article.id: article for article in self.view.articles}

    @cached_property
    def _sources(self) -> Mapping[str, BodySource]:
        """Project path → which body a page shows, with the files it refers to published."""
        sources = {}
        for article in self.view.articles:
            policy = article.type == "policy"
            changes = page.changes_anchor(self.outlines[article.id]) if policy else ""
            sources[article.path] = self._source(article, self.article_keys[article.id], changes)
        for item in self.view.announcements:
            sources[item.path] = self._source(item, item.version, "")
        return sources

    def _source(self, item: Article | Announcement, key: str, changes: str) -> BodySource:
        links = self.links.get(item.path)
        if links is None:
            return BodySource(item.path, key, (), (), changes)
        targets = dict(links.targets)
        for written, (path, line) in links.files.items():
            targets[written] = self._media.add(path, where=item.path, line=line)[0] or None
        sizes = self._media.sizes({written: path for written, (path, _) in links.files.items()})
        return BodySource(item.path, key, tuple(sorted(targets.items())), tuple(sorted(sizes.items())), changes)

    @cached_property
    def theme_files(self) -> Mapping[str, bytes]:
        return _read_folder(THEME)

    @cached_property
    def brand(self) -> Brand:
        """The brand's colours, as light and dark pages use them."""
        named = self.settings.options.brand or self.settings.primary
        return brand_of(colour(named, self.settings.config_file) if named else DEFAULT, self._tokens)

    @cached_property
    def _tokens(self) -> Mapping[Scheme, Tokens]:
        return tokens_in(self.theme_files[theme_assets.TOKENS].decode())

    @cached_property
    def colours(self) -> Mapping[Scheme, Tokens]:
        """Every colour of the pages: the theme's own, and the brand's over them."""
        own, brand = self._tokens, self.brand
        return {"light": {**own["light"], **brand.light}, "dark": {**own["dark"], **brand.dark}}

    @cached_property
    def assets(self) -> theme_assets.Assets:
        """The theme's files, with the search reader's modules and the brand's colours."""
        return theme_assets.collect(
            self.theme_files, search_index.browser_scripts(), self.brand, self.language_of_pages.words
        )

    @cached_property
    def language_of_pages(self) -> Language:
        """The interface's words in the language of the pages: the theme's, and over them those of ``custom_dir``."""
        code = self.settings.language
        words: dict[str, str] = {}
        known = json.loads(self.theme_files[ENGLISH])
        for folder in reversed(self._own_template_folders):
            for path in (folder / name for name in files_of(code)):
                if path.is_file():
                    words |= read_words(path.read_bytes(), str(path), known)
        return Language(code, words)

    @property
    def _own_template_folders(self) -> Sequence[Path]:
        """Folders a page's template can come from, the one that counts most first."""
        folders = self.settings.template_folders
        return [Path(folder) for folder in folders[: folders.index(str(THEME)) + 1]]

    @cached_property
    def site(self) -> Site:
        """What is the same on every page."""
        topics = page.cards(self.view)
        feedback = self.settings.options.feedback
        return Site(
            name=self.settings.name,
            url=self.settings.url,
            language=self.settings.language,
            direction=self.settings.direction,
            logo=self._own_file(self.settings.logo),
            favicon=self._own_file(self.settings.favicon),
            contact=self.language_of_pages.contact(self.contact),
            categories=topics[: page.MENU_CATEGORIES],
            more_categories=len(topics) > page.MENU_CATEGORIES,
            segments=self.segments,
            banners=page.banners(self.view.announcements, self.view),
            feedback=Feedback(feedback.endpoint, feedback.email, feedback.searches),
            search_manifest=SEARCH_FOLDER + search_index.MANIFEST,
            staff=self.staff,
            preview=self.preview,
            happening=HAPPENING_FILE,
            feeds=feeds.linked(self.settings.name),
        )

    def _own_file(self, path: str) -> str:
        """Where the logo or the icon named in the configuration is published; empty if there is none."""
        return self._media.add(path, where=self.settings.config_file)[0] if path else ""

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """Every page, ready to render."""
        return plan.plan(
            self.site,
            page.Contents(
                view=self.view,
                outlines=self.outlines,
                bodies={article.id: self._sources[article.path] for article in self.view.articles},
                related=self.related,
                pins=self.trends.pins,
                segment_pins=self.trends.shown,
                notices={item.slug: self._sources[item.path] for item in self.view.announcements},
                redirects=self.redirects.paths,
                sparklines=self._sparklines,
                reasons_nothing_pinned=self.trends.reasons_nothing_pinned,
                language=self.language_of_pages,
            ),
        )

    @cached_property
    def _sparklines(self) -> tuple[Sparkline, ...]:
        """Charts of today's pins, for the staff's site."""
        pins = {(pin.id, pin.segment): pin for pin in self.trends.pins}
        names = {segment.slug: segment.name for segment in self.segments}
        lines = []
        for series in self.trends.series:
            article, pin = self._by_id[series.id], pins[series.id, series.segment]
            whom = names.get(series.segment or "", self.language_of_pages.word("Everybody"))
            level = pin.expected / max(1, (self.today - pin.since).days)
            expected = (level,) * len(series.customers)
            lines.append(Sparkline(article.title, article.url, whom, pin.why, series.customers, expected))
        return tuple(lines)

    @cached_property
    def renderer(self) -> Renderer:
        return Renderer(
            environment(self.settings.template_folders), self.site, self.assets.folder, self.language_of_pages
        )

    @cached_property
    def theme_fingerprint(self) -> str:
        """Changes with every template and every word in the folders a page can come from."""
        digest = hashlib.sha256()
        for folder in self._own_template_folders:
            for path in sorted((*folder.rglob("*.html"), *folder.glob("words/*.json"))):
                digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
        return digest.hexdigest()

    def html(self, page: Page) -> str:
        """The body a page shows, as its author's links have it; empty for pages without one."""
        if page.body is None:
            return ""
        notice = self._notices.get(page.body.path)
        return (notice or self.body(self._by_path[page.body.path])).html

    def render(self, page: Page) -> bytes:
        """The finished bytes of a page."""
        return self.renderer.render(page, self.html(page))

    @cached_property
    def _by_path(self) -> Mapping[str, Article]:
        return {article.path: article for article in self.view.articles}

    @cached_property
    def copies(self) -> Mapping[str, Article]:
        """Site path of each article's Markdown copy → the article."""
        return {f"{article.url}index.md": article for article in self.view.articles}

    def copy(self, article: Article) -> bytes:
        """The finished bytes of a Markdown copy."""
        targets = self._sources[article.path].targets
        body = rewrite_targets(self.body(article).html, {written: self._absolute(url) for written, url in targets})
        return feeds.markdown_copy(article, body, self.settings.url)

    def copy_key(self, article: Article) -> str:
        """What a Markdown copy depends on."""
        return f"{self.article_keys[article.id]}\0{self._sources[article.path].targets}"

    def _absolute(self, url: str | None) -> str | None:
        return url if url is None or url.startswith("#") or ":" in url else self.settings.url + url

    @cached_property
    def texts(self) -> Mapping[str, bytes]:
        """Files made of what was written alone, by site path: no page, no pin and no index has a part in them."""
        view, url, name = self.view, self.settings.url, self.settings.name
        items = {"changes": feeds.changes(view, self.outlines, url), "announcements": feeds.announcements(view, url)}
        return {
            "robots.txt": feeds.robots(url, indexed=not (self.staff or self.preview)),
            "llms.txt": feeds.llms_txt(name, view, url),
            "api/articles.json": feeds.articles_api(view, self.outlines, url),
            **{f"feeds/{feed}.xml": feeds.rss(name, feed, found, url) for feed, found in items.items()},
            **{f"feeds/{feed}.json": feeds.json_feed(name, feed, found, url) for feed, found in items.items()},
        }

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        """Every file of the site that is neither a page nor a copy, by site path."""
        view, url, name = self.view, self.settings.url, self.settings.name
        home = next(page.context for page in self.pages if page.file == "index.html")
        assert isinstance(home, HomePage)
        happening = feeds.happening(home.pins, url)
        updated = {article.url: day for article in view.articles if (day := feeds.updated_on(article))}
        made = {
            **self.texts,
            **(self._staff_files if self.staff else {}),
            "sitemap.xml": feeds.sitemap(self.pages, updated, url),
            "api/trending.json": feeds.trending_api(home.pins, url),
            HAPPENING_FILE: feeds.happening_file(home.pins),
            "feeds/happening.xml": feeds.rss(name, "happening", happening, url),
            "feeds/happening.json": feeds.json_feed(name, "happening", happening, url),
            **{SEARCH_FOLDER + path: data for path, data in self.index.files.items()},
            **self.assets.files,
            **self._media.published,
        }
        return dict(sorted(made.items()))

    @cached_property
    def desk(self) -> Desk:
        """The replies of support staff."""
        return Desk(self, self.language_of_pages)

    @cached_property
    def _staff_files(self) -> Mapping[str, bytes]:
        """What only the staff's site has: every reply on every channel, and what no article answers."""
        return {
            plan.REPLIES_FILE: feeds.to_json({"articles": self.desk.all_replies()}),
            "gaps.json": feeds.to_json({"gaps": [asdict(gap) for gap in self.trends.gaps]}),
        }

    def _unknown_names(self) -> Iterator[Finding]:
        """Segments that nobody declared and related articles that nobody has written, named in headers."""
        segments = {segment.slug for segment in self.segments}
        ids = {article.id for article in self.catalogue.articles}
        hint = f"declare it under segments: in {TRENDING_FILE}"
        for item in self.catalogue.announcements:
            for name in sorted(set(item.segments) - segments):
                message = f'there is no segment "{name}"'
                yield Finding(item.path, 0, "unknown-segment", Severity.WARNING, message, _meant(name, segments, hint))
        for article in self.catalogue.articles:
            for name in sorted(set(article.segments) - segments):
                message, line = f'there is no segment "{name}"', article.line_of("segments")
                yield Finding(
                    article.path, line, "unknown-segment", Severity.WARNING, message, _meant(name, segments, hint)
                )
            for name in sorted(set(article.related) - ids):
                message, line = f'there is no article "{name}"', article.line_of("related")
                hint_ids = "ids stand in the articles' headers"
                yield Finding(
                    article.path, line, "unknown-article", Severity.WARNING, message, _meant(name, ids, hint_ids)
                )

    def _unknown_topics(self) -> Iterator[Finding]:
        """Articles that ``trending.yml`` names and nobody has written."""
        settings = self.trending_settings[0]
        named = {
            *(pin.id for pin in settings.pin),
            *(rule.id for rule in settings.suppress),
            *settings.never,
            *settings.tags.values(),
            *settings.aliases.values(),
        }
        known = {article.id for article in self.catalogue.articles}
        lines = self._optional(TRENDING_FILE)[0].splitlines()
        for id in sorted(named - known - settings.aliases.keys()):
            line = next((number for number, text in enumerate(lines, start=1) if id in text), 0)
            message, hint = f'there is no article "{id}"', _meant(id, known, "ids stand in the articles' headers")
            yield Finding(TRENDING_FILE, line, "unknown-article", Severity.WARNING, message, hint)

    def _foreign_words(self) -> Iterator[Finding]:
        """Words that the interface can't say in the language of the pages."""
        code = self.settings.language
        known = json.loads(self.theme_files[ENGLISH])
        missing = known.keys() - self.language_of_pages.words.keys() if code.split("-")[0] != "en" else ()
        if missing:
            message = f'{len(missing)} of {len(known)} words of the pages are English and are read aloud as "{code}"'
            hint = f"say them in {files_of(code)[-1]} below theme.custom_dir; docs/look.md shows how"
            yield Finding(self.settings.config_file, 0, "untranslated", Severity.WARNING, message, hint)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that can be said of the content without building the site; what can't be read is an error."""
        contact = _findings_in(lambda: self._contact[1])
        if any(finding.severity is Severity.ERROR for finding in contact):
            # Without its zone nothing else can be made, but whoever mends it can mend the articles in the same go.
            unread = read_articles(self.root, zone=UTC_ZONE, ignore_keys=self.settings.options.ignore_keys).findings
            return in_order((*contact, *unread, *read_announcements(self.root, zone=UTC_ZONE)[1]))
        parts: tuple[Callable[[], Iterable[Finding]], ...] = (
            lambda: self._articles.findings,
            lambda: self._announcements[1],
            lambda: self.trending_settings[1],
            lambda: self.synonyms[1],
            lambda: self.redirects.findings,
            self._unknown_topics,
            self._unknown_names,
            lambda: () if _has_error(self.trending_settings[1]) else self.mentions.findings,
            lambda: (finding for links in self.links.values() for finding in links.findings),
            self._unusable_files,
            lambda: template_findings(self.root),
            self._foreign_words,
        )
        found = (finding for part in parts for finding in _findings_in(part))
        return in_order((*self.settings.findings, *contact, *found))

    def _unusable_files(self) -> Iterator[Finding]:
        """What is wrong with the files that articles and the configuration refer to."""
        self._sources  # noqa: B018  (reads them)
        for named in (self.settings.logo, self.settings.favicon):
            self._own_file(named)
        yield from self._media.findings


def _has_error(findings: Iterable[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)


def _meant(name: str, known: Iterable[str], otherwise: str) -> str:
    near = get_close_matches(name, known, n=1)
    return f'did you mean "{near[0]}"?' if near else otherwise


def _findings_in(part: Callable[[], Iterable[Finding]]) -> tuple[Finding, ...]:
    try:
        return tuple(part())
    except InputError as error:
        return sources.findings_of(error, "unusable")


def _read_folder(folder: Path) -> dict[str, bytes]:
    """The files of one of our own folders, by relative path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }
