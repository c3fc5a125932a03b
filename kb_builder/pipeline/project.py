"""Project: what was written in one project folder, read and gated for one audience at one moment."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from datetime import date, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import search_index
from kb_builder.config import Settings
from kb_builder.content.announcements import read_announcements
from kb_builder.content.articles import Contents, read_articles
from kb_builder.content.contact import path_of as contact_path
from kb_builder.content.contact import read_contact
from kb_builder.content.inventory import Entry, below
from kb_builder.content.languages import folder_of
from kb_builder.content.redirects import Redirects, read_redirects
from kb_builder.content.reviews import review_findings
from kb_builder.content.visibility import Catalogue, PublicView, View, never_released, public_view, staff_view
from kb_builder.errors import Finding, InputError, Severity, in_order, refuse_errors
from kb_builder.markdown.convert import Converter
from kb_builder.mentions.settings import TrendingSettings, read_settings
from kb_builder.model import Announcement, Article, Body, Contact, Segment
from kb_builder.parsing import sources
from kb_builder.parsing.dates import UTC_ZONE
from kb_builder.pipeline.addresses import Addresses
from kb_builder.pipeline.digests import Digests, body_of, digest_articles
from kb_builder.pipeline.names import (
    undeclared_files,
    undeclared_names,
    unknown_names,
    unknown_settings,
    untranslated_names,
    untranslated_parts,
)
from kb_builder.pipeline.store import Store
from kb_builder.system.cache_keys import code_fingerprint, hash_of
from kb_builder.system.progress import Progress, no_progress

TRENDING_FILE: Final = "content/trending.yml"


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
        store: Store | None = None,
        target: Path | None = None,
        jobs: int = 1,
        progress: Progress = no_progress,
        source: "Project | None" = None,
    ) -> None:
        """``now`` is zone-aware and the only clock; ``preview`` shows drafts, scheduled and expired articles.

        ``source`` is the same project in the language of its sources, for one in another language.
        """
        self.settings = settings
        self.now = now
        self.staff = staff
        self.preview = preview
        self.store = store or Store()
        self.jobs = jobs
        self.progress = progress
        self.target = target or settings.site_folder
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
        """The project as readers of one language see it. Raises :class:`InputError` if it has nothing in it."""
        found = next((one for one in self.languages if one.settings.language.lower() == code.lower()), None)
        if found is None:
            there = ", ".join(one.settings.language for one in self.languages)
            hint = f"there is {there}; a language needs its code under languages: in mkdocs.yml, and one translation"
            raise InputError(f'this help centre has nothing in the language "{code}"', hint=hint)
        return found

    def _translated(self, code: str) -> "Project":
        return Project(
            self.settings.in_language(code), self.now, staff=self.staff, preview=self.preview, store=self.store,
            target=self.target, jobs=self.jobs, progress=self.progress, source=self,
        )  # fmt: skip

    @cached_property
    def _contact(self) -> tuple[Contact, tuple[Finding, ...]]:
        return read_contact(self.settings.root, self.language)

    @property
    def contact(self) -> Contact:
        return self._contact[0]

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.source.contact.time_zone)

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @cached_property
    def contents(self) -> Contents:
        """Everything below ``content/articles``, released or not, in every language."""
        if self.source is not self:
            return self.source.contents
        return read_articles(
            self.settings.root,
            zone=self.zone,
            ignore_keys=self.settings.options.ignore_keys,
            declared=self.settings.languages,
            fingerprint=hash_of(code_fingerprint(), self.settings.fingerprint),
            cache=self.store,
        )

    @cached_property
    def _announcements(self) -> tuple[tuple[Announcement, ...], tuple[Finding, ...]]:
        if self.source is not self:
            return self.source._announcements
        return read_announcements(self.settings.root, zone=self.zone, declared=self.settings.languages)

    @cached_property
    def catalogue(self) -> Catalogue:
        contents, code = self.contents, self.language
        announcements = tuple(item for item in self._announcements[0] if item.language == code)
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
        """What the audience of this build may see."""
        make = staff_view if self.staff else public_view
        return make(self.catalogue, self.now, preview=self.preview)

    @cached_property
    def public(self) -> PublicView:
        """What customers may see: it is searched, trends and is replied with, whatever the audience of the build."""
        if isinstance(self.view, PublicView):
            return self.view
        return public_view(self.catalogue, self.now, preview=self.preview)

    @cached_property
    def digests(self) -> Digests:
        """Bodies, outlines and analyses of the articles of :attr:`view`."""
        return digest_articles(
            self.view.articles,
            self.key_of,
            self._converter,
            self.settings.search_language,
            store=self.store,
            jobs=self.jobs,
            progress=self.progress,
        )

    def body(self, article: Article) -> Body:
        """The body of one article; unlike :attr:`digests`, it converts no other."""
        one = Digests({}, self.key_of, self._converter, self.settings.search_language, self.store)
        return one.body(article)

    def convert(self, article: Article) -> Body:
        """The body of what is no article of :attr:`view`; nothing is stored."""
        return body_of(self._converter, article)

    @cached_property
    def _converter(self) -> Converter:
        return Converter(self.settings.extensions, trust_html=self.settings.options.trust_html)

    def key_of(self, article: Article) -> str:
        """The cache key of one version of an article: with its parts for staff, or without them."""
        key = self.contents.keys[article.path]
        if self.language:
            key = hash_of(key, self.contents.keys[self._source_paths[article.id]], self.language)
        if included := self._converter.inputs(article.body):
            key = hash_of(key, *included)
        return hash_of(key, "staff") if article.staff_text else key

    @cached_property
    def _source_paths(self) -> Mapping[str, str]:
        """Article id → project path of the article in the language of the sources."""
        return {article.id: article.path for article in self.contents.articles}

    @cached_property
    def _trending_settings(self) -> tuple[TrendingSettings, tuple[Finding, ...]]:
        if self.source is not self:
            return self.source._trending_settings
        return read_settings(*self._optional(TRENDING_FILE), self.zone)

    @property
    def trending_settings(self) -> TrendingSettings:
        """Raises :class:`InputError` for any error in the file: a misspelt veto must not become a pin."""
        settings, findings = self._trending_settings
        refuse_errors(findings)
        named = {slug: name for slug, name in settings.segments.items() if slug not in self._private_segments}
        return settings.model_copy(update={"segments": named})

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The declared segments that the audience may read of."""
        return tuple(segment for segment in self._declared_segments if segment.slug not in self._private_segments)

    @property
    def _declared_segments(self) -> tuple[Segment, ...]:
        names = self._trending_settings[0].segment_names(self.settings.language)
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
        text, path = self._optional(f"content/synonyms/{self.settings.search_language}.txt")
        synonyms, problems = search_index.parse_synonyms(text, path)
        return synonyms, tuple(
            Finding(path, line, "bad-synonyms", Severity.ERROR, problem, hint) for line, problem, hint in problems
        )

    @property
    def synonyms(self) -> search_index.Synonyms:
        return self._synonyms[0]

    @cached_property
    def addresses(self) -> Addresses:
        """What was published once, in any language."""
        if self.source is not self:
            return self.source.addresses
        return Addresses(self.settings.root, self.target, public=not (self.staff or self.preview))

    @cached_property
    def promised(self) -> Mapping[str, Entry]:
        """The addresses of this language that were published once, as seen from :attr:`folder`."""
        others = [folder_of(code) for code in self.settings.languages[1:]]
        return below(self.addresses.promised, self.folder, others)

    @cached_property
    def redirects(self) -> Redirects:
        contents, source = self.contents, self.source.settings
        return read_redirects(
            source.root, contents.articles, source.url, translations=contents.translations, declared=source.languages,
            language=self.language,
        )  # fmt: skip

    def _optional(self, path: str) -> tuple[str, str]:
        """The text of a file that may be missing, and its path."""
        root = self.settings.root
        return (sources.read(root, path) if (root / path).exists() else ""), path

    @property
    def skipped(self) -> tuple[Finding, ...]:
        """The errors that keep articles out of everything."""
        return tuple(finding for finding in self.contents.findings if finding.severity is Severity.ERROR)

    @cached_property
    def is_readable(self) -> bool:
        """Whether there are contact channels, whose time zone every date needs."""
        return not any(finding.severity is Severity.ERROR for finding in findings_in([lambda: self._contact[1]]))

    @property
    def untranslated(self) -> Iterable[Finding]:
        """What else than articles is not in this language, which is not that of the sources."""
        code, settings = self.settings.language, self.source.settings
        own = (settings.root / contact_path(code)).exists()
        shown = [one for one in self.view.announcements if one.fallback and not (one.end and one.end <= self.now)]
        yield from untranslated_names(code, self.view.categories, self._trending_settings[0], TRENDING_FILE)
        yield from untranslated_parts(
            code, () if own else self.contact.channels, shown, settings.options.links, settings.config_file
        )

    @property
    def items(self) -> tuple[Article | Announcement, ...]:
        """Everything that was read in any language, released or not; nothing while the contact channels have errors."""
        contents = self.contents if self.is_readable else None
        return (*contents.articles, *contents.translations, *self.notices) if contents else ()

    @property
    def notices(self) -> tuple[Announcement, ...]:
        """Every announcement in any language, released or not."""
        return self._announcements[0]

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the content itself, or with what only this language has; a part that can't be used is an
        error."""
        contact = findings_in([lambda: self._contact[1]])
        if any(finding.severity is Severity.ERROR for finding in contact):
            # Nothing else can be read without its time zone, except to report the errors of all files at once.
            root, ignored = self.settings.root, self.settings.options.ignore_keys
            declared = self.settings.languages
            unread = read_articles(root, zone=UTC_ZONE, ignore_keys=ignored, declared=declared)
            others: Sequence[Callable[[], Iterable[Finding]]] = (
                lambda: read_announcements(root, zone=UTC_ZONE, declared=declared)[1],
                lambda: read_settings(*self._optional(TRENDING_FILE), UTC_ZONE)[1],
                lambda: self._synonyms[1],
                lambda: read_redirects(root, unread.articles, self.settings.url).findings,
            )
            return in_order((*self.settings.findings, *contact, *unread.findings, *findings_in(others)))
        if self.source is not self:
            own = (lambda: self._synonyms[1], lambda: self.untranslated, lambda: self.redirects.findings)
            return in_order((*contact, *findings_in(own)))
        parts: Sequence[Callable[[], Iterable[Finding]]] = (
            lambda: self.contents.findings,
            lambda: self._announcements[1],
            lambda: self._trending_settings[1],
            lambda: self._synonyms[1],
            lambda: self.redirects.findings,
            lambda: unknown_names(self.catalogue, self._declared_segments),
            lambda: undeclared_names(self._trending_settings[0].titles, self.settings.languages, TRENDING_FILE),
            lambda: undeclared_files(self.settings.root, self.settings.languages or (self.settings.language,)),
            *(
                partial(undeclared_names, [code for code, *_ in one.titles], self.settings.languages, one.file)
                for one in self.contents.categories
                if one.titles
            ),
            lambda: unknown_settings(self._trending_settings[0], self.catalogue, *self._optional(TRENDING_FILE)),
        )
        found = (*self.settings.findings, *contact, *findings_in(parts))
        if not any(finding.severity is Severity.ERROR for finding in found):
            found += tuple(review_findings(self.view.articles, self.today))
        return in_order(found)


def findings_in(parts: Iterable[Callable[[], Iterable[Finding]]]) -> tuple[Finding, ...]:
    """The findings of each part, or the error that a part raises as a finding."""
    found: list[Finding] = []
    for part in parts:
        try:
            found += part()
        except InputError as error:
            found += sources.findings_of(error, "unusable")
    return tuple(found)
