"""Project: what was written in one project folder, read and gated for one audience at one moment."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from datetime import date, datetime
from functools import cached_property, partial
from zoneinfo import ZoneInfo

import search_index
from kb_builder.config import Settings
from kb_builder.content.announcements import read_announcements
from kb_builder.content.articles import Contents, Kept, read_articles
from kb_builder.content.contact import path_of as contact_path
from kb_builder.content.contact import read_contact
from kb_builder.content.inventory import Entry, below
from kb_builder.content.languages import folder_of
from kb_builder.content.redirects import Redirects, read_redirects
from kb_builder.content.reviews import review_findings
from kb_builder.content.snippets import may_be_included
from kb_builder.content.visibility import Catalogue, PublicView, View, never_released, public_view, staff_view
from kb_builder.errors import Finding, InputError, Severity, in_order, refuse_errors
from kb_builder.mentions.settings import PATH as TRENDING_FILE
from kb_builder.mentions.settings import TrendingSettings, read_settings
from kb_builder.model import Announcement, Article, Contact, Segment
from kb_builder.parsing import sources
from kb_builder.parsing.dates import UTC_ZONE
from kb_builder.pipeline.addresses import Addresses
from kb_builder.pipeline.digests import Digests
from kb_builder.pipeline.names import (
    undeclared_files,
    undeclared_names,
    unknown_names,
    unknown_settings,
    untranslated_files,
    untranslated_names,
    untranslated_parts,
)
from kb_builder.system.cache_keys import code_fingerprint, hash_of
from kb_builder.system.store import Resources


class ContentReading:
    """The content for all languages together. Each part is read when it is first used, as in :class:`Project`."""

    def __init__(self, settings: Settings, zone: ZoneInfo, resources: Resources) -> None:
        """``zone`` is that of local times without one; the store spares files that did not change."""
        self._settings = settings
        self._zone = zone
        self._resources = resources

    @cached_property
    def contents(self) -> Contents:
        """Everything below ``content/articles``, released or not, in every language."""
        return read_articles(
            self._settings.root,
            zone=self._zone,
            ignore_keys=self._settings.options.ignore_keys,
            declared=self._settings.languages,
            kept=Kept(self._resources.store, hash_of(code_fingerprint(), self._settings.fingerprint)),
            jobs=self._resources.jobs,
        )

    @cached_property
    def _announcements(self) -> tuple[tuple[Announcement, ...], tuple[Finding, ...]]:
        return read_announcements(self._settings.root, zone=self._zone, declared=self._settings.languages)

    @property
    def announcements(self) -> tuple[Announcement, ...]:
        """Every announcement in any language, released or not."""
        return self._announcements[0]

    @cached_property
    def trending_text(self) -> str:
        """The text of ``trending.yml``; empty without the file."""
        return sources.read_optional(self._settings.root, TRENDING_FILE)

    @cached_property
    def _trending(self) -> tuple[TrendingSettings, tuple[Finding, ...]]:
        return read_settings(self.trending_text, TRENDING_FILE, self._zone)

    @property
    def trending(self) -> TrendingSettings:
        """The settings of trends; the defaults where the file has errors."""
        return self._trending[0]

    @property
    def trending_findings(self) -> tuple[Finding, ...]:
        """What is wrong in ``trending.yml``."""
        return self._trending[1]

    @property
    def skipped(self) -> tuple[Finding, ...]:
        """The errors that keep articles out of everything."""
        return tuple(finding for finding in self.contents.findings if finding.severity is Severity.ERROR)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Findings of each file; for one that can't be used an error."""
        return sources.findings_in(
            (lambda: self.contents.findings, lambda: self._announcements[1], lambda: self.trending_findings)
        )


class Project:
    """Each part is read when it is first used, and raises :class:`InputError` if it can't be used at all.

    :attr:`findings` collects these errors with everything else that is wrong.
    """

    def __init__(
        self,
        settings: Settings,
        now: datetime,
        *,
        staff: bool = False,
        preview: bool = False,
        resources: Resources | None = None,
        source: "Project | None" = None,
    ) -> None:
        """``now`` is zone-aware and the only clock; ``preview`` shows drafts, scheduled and expired articles.

        ``source`` is the same project in the language of its sources, for one in another language.
        """
        self.settings = settings
        self.now = now
        self.staff = staff
        self.preview = preview
        self.resources = resources or Resources()
        self.store = self.resources.store
        self.jobs = self.resources.jobs
        self.progress = self.resources.progress
        self.source = source or self

    @property
    def language(self) -> str:
        """The code of the language, empty for that of the sources."""
        return "" if self.source is self else self.settings.language

    @property
    def folder(self) -> str:
        """Where the site in this language is below the root: ``de/``, or empty."""
        return folder_of(self.language) if self.language else ""

    @cached_property
    def languages(self) -> tuple["Project", ...]:
        """The project in each language that has something to show, that of its sources first."""
        if self.source is not self:
            return self.source.languages
        others = (self._translated(code) for code in self.settings.languages[1:])
        return (self, *(one for one in others if any(article.language for article in one.view.articles)))

    def in_language(self, code: str) -> "Project":
        """The project as readers of one language see it, those of the sources without a ``code``.

        Raises :class:`InputError` if it has nothing in that language.
        """
        if not code:
            return self.source
        found = next((one for one in self.languages if one.settings.language.lower() == code.lower()), None)
        if found is None:
            there = ", ".join(one.settings.language for one in self.languages)
            hint = f"there is {there}; a language needs its code under languages: in mkdocs.yml, and one translation"
            raise InputError(f'this help centre has nothing in the language "{code}"', hint=hint)
        return found

    def _translated(self, code: str) -> "Project":
        return Project(
            self.settings.in_language(code), self.now, staff=self.staff, preview=self.preview,
            resources=self.resources, source=self,
        )  # fmt: skip

    @cached_property
    def _contact(self) -> tuple[Contact, tuple[Finding, ...]]:
        return read_contact(self.settings.root, self.language)

    @property
    def contact(self) -> Contact:
        """The contact channels in the language of this project."""
        return self._contact[0]

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone of ``contact.yml``: every date of the site is local to it."""
        return ZoneInfo(self.source.contact.time_zone)

    @property
    def today(self) -> date:
        """The local date of :attr:`now`."""
        return self.now.astimezone(self.zone).date()

    @cached_property
    def reading(self) -> ContentReading:
        """The content for all languages together."""
        if self.source is not self:
            return self.source.reading
        return ContentReading(self.settings, self.zone, self.resources)

    @cached_property
    def catalogue(self) -> Catalogue:
        """Everything that was read in this language, released or not, before the visibility gate."""
        contents, code = self.reading.contents, self.language
        announcements = tuple(item for item in self.reading.announcements if item.language == code)
        if not code:
            return Catalogue(contents.articles, contents.categories, announcements)
        return Catalogue(
            tuple(article for article in contents.translations if article.language == code),
            tuple(category.in_language(code) for category in contents.categories),
            announcements,
            sources=self.source.catalogue if self.settings.options.fallback == "show" else None,
        )

    @cached_property
    def view(self) -> View:
        """The content that the audience of this build may see."""
        make = staff_view if self.staff else public_view
        return make(self.catalogue, self.now, preview=self.preview)

    @cached_property
    def public(self) -> PublicView:
        """The content that customers may see: search, trends and replies use it, whatever the audience of the build."""
        if isinstance(self.view, PublicView):
            return self.view
        return public_view(self.catalogue, self.now, preview=self.preview)

    @cached_property
    def digests(self) -> Digests:
        """Bodies, outlines and analyses of articles; outlines are those of :attr:`view`."""
        return Digests(self.view.articles, self._version_of, self.settings, self.resources, may_be_included)

    def _version_of(self, article: Article) -> str:
        """A hash of what an article is made of: its file, and that of its source where it is a translation."""
        keys = self.reading.contents.keys
        own = keys[article.path]
        return hash_of(own, keys[self._source_paths[article.id]], self.language) if self.language else own

    @cached_property
    def _source_paths(self) -> Mapping[str, str]:
        """Article id → project path of the article in the language of the sources."""
        return {article.id: article.path for article in self.reading.contents.articles}

    @property
    def trending_settings(self) -> TrendingSettings:
        """Raises :class:`InputError` for any error in the file: a misspelt veto must not become a pin."""
        settings = self.reading.trending
        refuse_errors(self.reading.trending_findings)
        named = {slug: name for slug, name in settings.segments.items() if slug not in self._private_segments}
        return settings.model_copy(update={"segments": named})

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The declared segments that the audience may read of."""
        return tuple(segment for segment in self._declared_segments if segment.slug not in self._private_segments)

    @property
    def _declared_segments(self) -> tuple[Segment, ...]:
        names = self.reading.trending.segment_names(self.settings.language)
        return tuple(Segment(slug, name) for slug, name in names.items())

    @cached_property
    def _private_segments(self) -> Set[str]:
        """Segments that are named only by what was never released: they are as private as that."""
        catalogue = self.source.catalogue
        hidden = never_released(catalogue, self.now, staff=self.staff, preview=self.preview)
        paths = {item.path for item in hidden}
        items: tuple[Article | Announcement, ...] = (*catalogue.articles, *catalogue.announcements)
        shown = {slug for item in items if item.path not in paths for slug in item.segments}
        return {slug for item in hidden for slug in item.segments} - shown

    @cached_property
    def _synonyms(self) -> tuple[search_index.Synonyms, tuple[Finding, ...]]:
        path = f"content/synonyms/{self.settings.search_language}.txt"
        synonyms, problems = search_index.parse_synonyms(sources.read_optional(self.settings.root, path), path)
        return synonyms, tuple(
            Finding(path, line, "bad-synonyms", Severity.ERROR, problem, hint) for line, problem, hint in problems
        )

    @property
    def synonyms(self) -> search_index.Synonyms:
        """The team's synonyms in the language of search."""
        return self._synonyms[0]

    @cached_property
    def addresses(self) -> Addresses:
        """The addresses that were published once, in any language."""
        if self.source is not self:
            return self.source.addresses
        return Addresses(self.settings.root, self.settings.site_folder, public=not (self.staff or self.preview))

    @cached_property
    def once_public(self) -> Mapping[str, Entry]:
        """The addresses of this language that were published once, as seen from :attr:`folder`."""
        others = [folder_of(code) for code in self.settings.languages[1:]]
        return below(self.addresses.once_public, self.folder, others)

    @cached_property
    def redirects(self) -> Redirects:
        """The rules of ``redirects.yml`` and headers, each followed to its end."""
        contents, source = self.reading.contents, self.source.settings
        return read_redirects(
            source.root, contents.articles, source.url, translations=contents.translations, declared=source.languages,
            language=self.language,
        )  # fmt: skip

    @cached_property
    def is_readable(self) -> bool:
        """Whether there are contact channels, whose time zone every date needs."""
        found = sources.findings_in((lambda: self._contact[1],))
        return not any(finding.severity is Severity.ERROR for finding in found)

    @property
    def items(self) -> tuple[Article | Announcement, ...]:
        """Everything that was read in any language, released or not; nothing while the contact channels have errors."""
        if not self.is_readable:
            return ()
        contents = self.reading.contents
        return (*contents.articles, *contents.translations, *self.reading.announcements)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Findings in the content itself, and in what only this language has; a part that can't be used is an
        error."""
        own = sources.findings_in((lambda: self._contact[1], lambda: self._synonyms[1]))
        if not self.is_readable:
            return in_order((*self.settings.findings, *own, *self._findings_without_zone()))
        if self.source is not self:
            own += sources.findings_in((partial(untranslated, self), lambda: self.redirects.findings))
            return in_order(own)
        found = (*self.settings.findings, *own, *self.reading.findings, *sources.findings_in(self._name_checks))
        if not any(finding.severity is Severity.ERROR for finding in found):
            found += tuple(review_findings(self.view.articles, self.today))
        return in_order(found)

    def _findings_without_zone(self) -> tuple[Finding, ...]:
        """Every date needs the zone of the contact channels. Without it, the errors of all files are still reported at
        once."""
        reading = ContentReading(self.settings, UTC_ZONE, Resources())

        def redirects() -> Iterable[Finding]:
            return read_redirects(self.settings.root, reading.contents.articles, self.settings.url).findings

        return (*reading.findings, *sources.findings_in((redirects,)))

    @property
    def _name_checks(self) -> Sequence[Callable[[], Iterable[Finding]]]:
        """Checks of names that one file uses and another declares."""
        reading, settings = self.reading, self.settings
        return (
            lambda: self.redirects.findings,
            lambda: unknown_names(self.catalogue, self._declared_segments),
            lambda: undeclared_names(reading.trending.titles, settings.languages, TRENDING_FILE),
            lambda: undeclared_files(settings.root, settings.languages or (settings.language,)),
            *(
                partial(undeclared_names, [its.language for its in one.translations], settings.languages, one.file)
                for one in reading.contents.categories
                if one.translations
            ),
            lambda: unknown_settings(reading.trending, self.catalogue, reading.trending_text, TRENDING_FILE),
        )


def untranslated(project: Project) -> Iterator[Finding]:
    """Findings of content, other than articles, that is not in the language of ``project``, a translation."""
    code, settings = project.settings.language, project.source.settings
    own = (settings.root / contact_path(code)).exists()
    shown = [one for one in project.view.announcements if one.fallback and not (one.end and one.end <= project.now)]
    yield from untranslated_names(code, project.view.categories, project.reading.trending, TRENDING_FILE)
    yield from untranslated_parts(
        code, None if own else project.contact, shown, settings.options.links, settings.config_file
    )
    yield from untranslated_files(settings.root, project.settings.search_language, settings.search_language)
