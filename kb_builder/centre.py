"""The way of the data, from ``content/`` to pages ready to render, as one value whose parts are worked out when asked.

Commands take what they need: ``kb search`` stops at the index, ``kb trends`` at the pins, ``kb build`` goes to the end.
Nothing here writes anything but the cache.
"""

import hashlib
import importlib.metadata
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import search_index
from kb_builder import feeds, files, pages, theme_assets
from kb_builder.announcements import read_announcements
from kb_builder.articles import Contents, read_articles
from kb_builder.audience import Catalogue, PublicView, View, public_view, staff_view, withheld
from kb_builder.body import Converter, Extensions
from kb_builder.brand import DEFAULT, Brand, brand_of, colour, tokens_in
from kb_builder.config import THEME, Settings
from kb_builder.contact import read_contact
from kb_builder.contexts import Feedback, HomePage, Site, Sparkline
from kb_builder.documents import digest_chunk, document, read_outline, set_up_worker
from kb_builder.errors import Finding, InputError, Severity, in_order
from kb_builder.links import ARTICLES, LinkMap, ResolvedLinks
from kb_builder.media import Media
from kb_builder.mention_files import SUFFIXES
from kb_builder.mentions import Mentions, fingerprint, read_mentions
from kb_builder.model import Announcement, Article, Body, Contact, Outline, Segment
from kb_builder.pages import BodySource, Page
from kb_builder.redirects import Redirects, read_redirects
from kb_builder.render import Renderer, environment
from kb_builder.reply import all_replies
from kb_builder.store import Parses, Store
from kb_builder.trending import Trends, find_trends
from kb_builder.trending_settings import TrendingSettings, read_settings
from kb_builder.workers import spread

Tell = Callable[[str, int, int], object]
"""Called with the name of a stage, how much of it is done, and how much there is."""

MENTIONS: Final = "content/mentions"
SEARCH_FOLDER: Final = "search/index/"
# Blockers of advertising know "trending", but not this.
HAPPENING_FILE: Final = "api/happening.json"
_LIBRARIES: Final = ("markdown", "pymdown-extensions", "nh3", "jinja2", "numpy", "whoosh3")


@cache
def code_fingerprint() -> str:
    """Changes with every line of ours and every release of what makes pages, so that no cache outlives its maker."""
    digest = hashlib.sha256()
    for package in (Path(__file__).parent, Path(search_index.__file__).parent):
        for path in sorted(package.rglob("*.py")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    for name in _LIBRARIES:
        digest.update(f"{name}={importlib.metadata.version(name)}".encode())
    return digest.hexdigest()


def _tell_nobody(_stage: str, _done: int, _total: int) -> None:
    """For commands that show no progress."""


class Centre:
    """One help centre at one moment for one audience.

    A part raises :class:`InputError` when it can't be made at all. What is wrong but leaves something to show is in
    :attr:`findings`.
    """

    def __init__(
        self,
        settings: Settings,
        now: datetime,
        *,
        staff: bool = False,
        preview: bool = False,
        mentions: Sequence[Path] | None = None,
        jobs: int = 1,
        store: Store | None = None,
        tell: Tell = _tell_nobody,
    ) -> None:
        """``mentions`` are used instead of ``content/mentions``. ``now`` is zone-aware, and the only clock there is."""
        self.settings = settings
        self.now = now
        self.staff = staff
        self.preview = preview
        self.jobs = jobs
        self.tell = tell
        self.root = settings.root
        self.store = store or Store(None)
        self._mention_files = mentions
        self._media = Media(settings.root)

    # What was written

    @cached_property
    def _contact(self) -> tuple[Contact, tuple[Finding, ...]]:
        return read_contact(self.root)

    @property
    def contact(self) -> Contact:
        return self._contact[0]

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.contact.time_zone)

    @cached_property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @cached_property
    def _articles(self) -> Contents:
        parses = Parses(self.store, code_fingerprint())
        read = read_articles(self.root, zone=self.zone, ignore_keys=self.settings.options.ignore_keys, cache=parses)
        parses.flush()
        return read

    @cached_property
    def _announcements(self) -> tuple[tuple[Announcement, ...], tuple[Finding, ...]]:
        return read_announcements(self.root, zone=self.zone)

    @cached_property
    def catalogue(self) -> Catalogue:
        return Catalogue(self._articles.articles, self._articles.categories, self._announcements[0])

    @cached_property
    def view(self) -> View:
        """What the audience of this build may see."""
        make = staff_view if self.staff else public_view
        return make(self.catalogue, self.now, preview=self.preview)

    @cached_property
    def public(self) -> PublicView:
        """What customers may see: what is searched, trends and is replied with, whoever builds."""
        return public_view(self.catalogue, self.now, preview=self.preview)

    @cached_property
    def trending_settings(self) -> tuple[TrendingSettings, tuple[Finding, ...]]:
        return read_settings(*self._optional("content/trending.yml"), self.zone)

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        return tuple(Segment(slug, name) for slug, name in self.trending_settings[0].segments.items())

    @cached_property
    def synonyms(self) -> tuple[search_index.Synonyms, tuple[Finding, ...]]:
        language = self.settings.language.split("-")[0]
        text, path = self._optional(f"content/synonyms/{language}.txt")
        synonyms, problems = search_index.parse_synonyms(text, path)
        return synonyms, tuple(
            Finding(path, line, "bad-synonyms", Severity.ERROR, problem, hint) for line, problem, hint in problems
        )

    @cached_property
    def redirects(self) -> Redirects:
        return read_redirects(self.root, self.catalogue.articles)

    def _optional(self, path: str) -> tuple[str, str]:
        """The text of a file that may be missing, and its path."""
        return (files.read_text(self.root, path) if (self.root / path).exists() else ""), path

    # What is worked out from each article

    @cached_property
    def _digest_keys(self) -> dict[str, str]:
        """Article id → what its digest depends on, as a hash."""
        rest = f"{code_fingerprint()}{self.settings.fingerprint}"
        return {article.id: _hash(repr(article), rest) for article in self.view.articles}

    @cached_property
    def _digests(self) -> Mapping[str, tuple[Outline, bytes]]:
        """Article id → outline and analysis. Bodies stay in the store."""
        keys = self._digest_keys
        known = self.store.digests(keys.values())
        missing = [article for article in self.view.articles if keys[article.id] not in known]
        count = Count(self.tell, "articles", len(self.view.articles), len(self.view.articles) - len(missing))
        digests = spread(
            digest_chunk, missing, jobs=self.jobs, set_up=set_up_worker, state=self._worker_state, progress=count
        )
        fresh = {keys[article.id]: digest for article, digest in zip(missing, digests, strict=True)}
        self.store.keep_digests(fresh)
        known |= {key: (read_outline(digest.outline), digest.analysis) for key, digest in fresh.items()}
        return {article.id: known[keys[article.id]] for article in self.view.articles}

    @property
    def _worker_state(self) -> tuple[Extensions, bool, str]:
        return self.settings.extensions, self.settings.options.trust_html, self.language

    @property
    def language(self) -> str:
        """The language search works in: ``en`` for a site in ``en-GB``."""
        return self.settings.language.split("-")[0]

    @cached_property
    def outlines(self) -> Mapping[str, Outline]:
        return {id: outline for id, (outline, _) in self._digests.items()}

    @cached_property
    def _converter(self) -> Converter:
        return Converter(self.settings.extensions, trust_html=self.settings.options.trust_html)

    def body(self, article: Article) -> Body:
        """The body of an article of the view: out of the store, or converted again."""
        kept = self.store.body(self._digest_keys[article.id])
        return kept or self._converter.convert(article.body, title=article.title, first_line=article.body_line)

    # What is searched

    @cached_property
    def _searchable(self) -> Mapping[str, bytes]:
        """Article id → analysis, of what customers may find."""
        shown = {article.id for article in self.view.articles}
        return {
            article.id: self._digests[article.id][1]
            for article in self.public.listed
            if not article.search_exclude and article.id in shown
        }

    @cached_property
    def _searched(self) -> str:
        """Everything an index depends on but what mentions teach, as a hash."""
        analyses = (hashlib.sha256(analysis).hexdigest() for analysis in self._searchable.values())
        return _hash(code_fingerprint(), self.language, repr(self.synonyms[0]), repr(self._learns), *analyses)

    @cached_property
    def _corpus(self) -> search_index.Corpus:
        return search_index.collect(
            list(self._searchable.values()), language=self.language, synonyms=self.synonyms[0]
        )  # fmt: skip

    @property
    def _learns(self) -> bool:
        return self.settings.options.search.learn

    @cached_property
    def unlearned(self) -> search_index.Projection:
        """The index before it learned from mentions, which are matched with it."""
        return self._project({})

    @cached_property
    def index(self) -> search_index.Projection:
        """The files that browsers search."""
        words = self.mentions.words if self._learns else {}
        return self._project(words) if words else self.unlearned

    def _project(self, words: search_index.MentionWords) -> search_index.Projection:
        key = _hash(self._searched, repr([(id, sorted(counts.items())) for id, counts in sorted(words.items())]))
        projection = self.store.index(key)
        if projection is None:
            self.tell("index", 0, 1)
            projection = search_index.project(
                self._corpus,
                language=self.language,
                synonyms=self.synonyms[0],
                learn=self._learns,
                trained=self._lesson(words) if self._learns else None,
            )
            self.store.keep_index(key, projection)
            self.tell("index", 1, 1)
        return projection

    def _lesson(self, words: search_index.MentionWords) -> bytes:
        """What is learned from phrasings and from mentions; what an earlier lesson has is not learned again."""
        lesson = search_index.train(
            search_index.questions(self._corpus),
            language=self.language,
            mention_words=words,
            previous=self.store.get("lesson", code_fingerprint()),
        )
        self.store.put("lesson", code_fingerprint(), lesson)
        return lesson

    @cached_property
    def reader(self) -> search_index.Reader:
        """Searches as a browser would."""
        return search_index.Reader(self.index.files.__getitem__)

    @cached_property
    def related(self) -> Mapping[str, Sequence[str]]:
        """Article id → the ids of those most like it."""
        key = _hash("related", self._searched)
        kept = self.store.get("related", key)
        if kept is None:
            kept = feeds.to_json(search_index.related(self._corpus, limit=5))
            self.store.put("related", key, kept)
        found: Mapping[str, Sequence[str]] = json.loads(kept)
        return found

    @cached_property
    def staff_index(self) -> search_index.StaffIndex:
        """The index of staff, over everything this centre's view holds, brought up to date."""
        index = search_index.StaffIndex(self.root / ".kb" / "whoosh", self.language)
        index.update([document(article, self.body(article)) for article in self.view.articles])
        return index

    def article_for(self, words: str) -> Article:
        """The released article with this id, with this old id, or the first that search finds for these words.

        Raises :class:`InputError` when there is none.
        """
        articles = {article.id: article for article in self.public.articles}
        name = self.redirects.paths.get(f"a/{words}/", words)
        if name not in articles:
            hits = self.reader.search(words, limit=1).hits
            if not hits:
                hint = "kb search shows what customers find; kb find looks through all articles"
                raise InputError(f'no public article answers "{words}"', hint=hint)
            name = hits[0].id
        return articles[name]

    def short_url(self, article: Article) -> str:
        return pages.short_url(self.settings.url, article.id)

    # What hurts today

    @cached_property
    def _mention_paths(self) -> Sequence[Path]:
        if self._mention_files is not None:
            return self._mention_files
        if not (self.root / MENTIONS).is_dir():
            return ()
        return [self.root / path for path in files.walk(self.root, MENTIONS).paths if path.endswith(SUFFIXES)]

    @cached_property
    def mentions(self) -> Mentions:
        """Counts of the mentions; their words never leave the reader."""
        settings, paths = self.trending_settings[0], self._mention_paths
        told = fingerprint(paths, now=self.now, zone=self.zone, settings=settings)
        key = _hash(told, self._searched, *(article.id for article in self.public.articles))
        kept = self.store.mentions(key)
        if kept is None:
            kept = read_mentions(
                paths,
                settings=settings,
                now=self.now,
                zone=self.zone,
                articles={article.id for article in self.public.articles},
                segments={segment.slug for segment in self.segments},
                match=self._match,
                progress=lambda done, total: self.tell("mentions", done, total),
                public_words=set(self._corpus.forms) if self._learns else None,
                root=self.root,
            )
            self.store.put("mentions", key, kept.to_bytes())
        return kept

    def _match(self, texts: Sequence[str]) -> list[tuple[str, float] | None]:
        return self._matcher.match(texts)

    @cached_property
    def _matcher(self) -> search_index.Matcher:
        return search_index.Matcher(self.unlearned)

    @cached_property
    def trends(self) -> Trends:
        return self.trends_of(history=0)

    def trends_of(self, history: int) -> Trends:
        """Pins and gaps; with ``history`` also the pins of each of so many last complete days."""
        return find_trends(
            self.mentions, articles=self.public.articles, settings=self.trending_settings[0],
            now=self.now, zone=self.zone, history=history, nearest=self._nearest,
        )  # fmt: skip

    def _nearest(self, phrase: str) -> tuple[str, ...]:
        return tuple(hit.id for hit in self.reader.search(phrase, limit=3).hits)

    # What is published

    @cached_property
    def _notices(self) -> Mapping[str, Body]:
        """Project path of each announcement → its body."""
        return {
            item.path: self._converter.convert(item.body, title=item.title, first_line=item.body_line)
            for item in self.view.announcements
        }

    @cached_property
    def links(self) -> Mapping[str, ResolvedLinks]:
        """Project path of each article and announcement → where its links lead."""
        walk = files.walk(self.root, ARTICLES)
        own = {f"{page}/" for page in ("contact", "all", "search", "trending", "announcements")}
        link_map = LinkMap(
            released=self.view.articles,
            withheld_paths=[item.path for item in withheld(self.catalogue, self.view)],
            outlines=self.outlines,
            files=[path for path in walk.paths if not path.endswith((".md", ".yml"))],
            site_urls=own | {category.url for category in self.view.categories} | {s.url for s in self.segments},
            redirects={old: self._by_id[id].url for old, id in self.redirects.paths.items() if id in self._by_id},
            site_url=self.settings.url,
        )
        found = {article.path: link_map.resolve(article, self.outlines[article.id]) for article in self.view.articles}
        notices = {
            item.path: link_map.resolve(item, self._notices[item.path].outline) for item in self.view.announcements
        }
        return found | notices

    @cached_property
    def _by_id(self) -> Mapping[str, Article]:
        return {article.id: article for article in self.view.articles}

    @cached_property
    def _sources(self) -> Mapping[str, BodySource]:
        """Project path → which body a page shows, with the files it refers to published."""
        sources = {}
        for article in self.view.articles:
            policy = article.type == "policy"
            changes = pages.changes_anchor(self.outlines[article.id]) if policy else ""
            sources[article.path] = self._source(article, self._digest_keys[article.id], changes)
        for item in self.view.announcements:
            sources[item.path] = self._source(item, item.version, "")
        return sources

    def _source(self, item: Article | Announcement, key: str, changes: str) -> BodySource:
        links = self.links[item.path]
        targets = dict(links.targets)
        for written, path in links.files.items():
            targets[written] = self._media.add(path, where=item.path, line=item.body_line)[0] or None
        sizes = self._media.sizes(links.files)
        return BodySource(item.path, key, tuple(sorted(targets.items())), tuple(sorted(sizes.items())), changes)

    @cached_property
    def _theme(self) -> Mapping[str, bytes]:
        return _read_folder(THEME)

    @cached_property
    def brand(self) -> Brand:
        """The brand's colours, as light and dark pages use them."""
        tokens = tokens_in(self._theme[theme_assets.TOKENS].decode())
        named = self.settings.options.brand or self.settings.primary
        return brand_of(colour(named, self.settings.config_file) if named else DEFAULT, tokens)

    @cached_property
    def assets(self) -> theme_assets.Assets:
        """The theme's files, with the search reader's modules and the brand's colours."""
        return theme_assets.collect(self._theme, search_index.browser_scripts(), self.brand)

    @cached_property
    def site(self) -> Site:
        """What is the same on every page."""
        topics = pages.cards(self.view)
        feedback = self.settings.options.feedback
        return Site(
            name=self.settings.name,
            url=self.settings.url,
            language=self.settings.language,
            direction=self.settings.direction,
            logo=self._own_file(self.settings.logo),
            favicon=self._own_file(self.settings.favicon),
            contact=self.contact,
            categories=topics[: pages.MENU_CATEGORIES],
            more_categories=len(topics) > pages.MENU_CATEGORIES,
            segments=self.segments,
            banners=pages.banners(self.view.announcements, self.view),
            feedback=Feedback(feedback.endpoint, feedback.email, feedback.searches),
            search_manifest=SEARCH_FOLDER + self.index.manifest,
            staff=self.staff,
            preview=self.preview,
            happening=HAPPENING_FILE,
            feeds=feeds.announced(self.settings.name),
        )

    def _own_file(self, path: str) -> str:
        """Where the logo or the icon named in the configuration is published; empty if there is none."""
        return self._media.add(path, where=self.settings.config_file)[0] if path else ""

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """Every page, ready to render."""
        return pages.plan(
            self.site,
            pages.Contents(
                view=self.view,
                outlines=self.outlines,
                bodies={article.id: self._sources[article.path] for article in self.view.articles},
                related=self.related,
                pins=self.trends.pins,
                segments=self.segments,
                segment_pins=self.trends.shown,
                notices={item.slug: self._sources[item.path] for item in self.view.announcements},
                redirects=self.redirects.paths,
                sparklines=self._sparklines,
                silence=self.trends.silence,
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
            whom = names.get(series.segment or "", "Everybody")
            level = pin.expected / max(1, (self.today - pin.since).days)
            expected = (level,) * len(series.customers)
            lines.append(Sparkline(article.title, article.url, whom, pin.why, series.customers, expected))
        return tuple(lines)

    @cached_property
    def renderer(self) -> Renderer:
        return Renderer(environment(self.settings.template_folders), self.site, self.assets.folder)

    @cached_property
    def theme_fingerprint(self) -> str:
        """Changes with every template in the folders a page can come from."""
        digest = hashlib.sha256()
        ours = self.settings.template_folders.index(str(THEME)) + 1
        for folder in map(Path, self.settings.template_folders[:ours]):
            for path in sorted(folder.rglob("*.html")):
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
    def files(self) -> Mapping[str, bytes]:
        """Every file of the site that is no page, by site path."""
        view, url, name = self.view, self.settings.url, self.settings.name
        home = next(page.context for page in self.pages if page.file == "index.html")
        assert isinstance(home, HomePage)
        items = {
            "changes": feeds.changes(view, self.outlines, url),
            "happening": feeds.happening(home.pins, url),
            "announcements": feeds.announcements(view, url),
        }
        updated = {article.url: day for article in view.articles if (day := feeds.updated_on(article))}
        made = {
            **(self._staff_files if self.staff else {}),
            "sitemap.xml": feeds.sitemap(self.pages, updated),
            "robots.txt": feeds.robots(url, indexed=not (self.staff or self.preview)),
            "llms.txt": feeds.llms_txt(name, view, url),
            "api/articles.json": feeds.articles_api(view, self.outlines, url),
            "api/trending.json": feeds.trending_api(home.pins, url),
            HAPPENING_FILE: feeds.happening_file(home.pins),
            **{f"feeds/{feed}.xml": feeds.rss(name, feed, found, url) for feed, found in items.items()},
            **{f"feeds/{feed}.json": feeds.json_feed(name, feed, found, url) for feed, found in items.items()},
            **{f"{article.url}index.md": feeds.markdown_copy(article, url) for article in view.articles},
            **{SEARCH_FOLDER + path: data for path, data in self.index.files.items()},
            **self.assets.files,
            **self._media.published,
        }
        return dict(sorted(made.items()))

    @cached_property
    def _staff_files(self) -> Mapping[str, bytes]:
        """What only the staff's site has: every reply on every channel, and what no article answers."""
        replies = [
            all_replies(article, self.body(article), short_url=self.short_url(article))
            for article in self.public.listed
        ]
        return {
            pages.REPLIES_FILE: feeds.to_json({"articles": replies}),
            "gaps.json": feeds.to_json({"gaps": [asdict(gap) for gap in self.trends.gaps]}),
        }

    # What is wrong

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that can be said of the content without building the site."""
        self._sources  # noqa: B018  (reads the files that articles refer to)
        return in_order(
            (
                *self._contact[1],
                *self._articles.findings,
                *self._announcements[1],
                *self.trending_settings[1],
                *self.synonyms[1],
                *self.redirects.findings,
                *self.mentions.findings,
                *(finding for links in self.links.values() for finding in links.findings),
                *self._media.findings,
            )
        )


@dataclass
class Count:
    """Turns "so many more are done" into what :data:`Tell` takes."""

    tell: Tell
    stage: str
    total: int
    done: int

    def __call__(self, more: int) -> None:
        self.done += more
        self.tell(self.stage, self.done, self.total)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _read_folder(folder: Path) -> dict[str, bytes]:
    """The files of one of our own folders, by relative path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }
