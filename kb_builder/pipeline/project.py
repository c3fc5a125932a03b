"""What was written, read and gated, and what is worked out from each article alone."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import search_index
from kb_builder.config import Extensions, Settings
from kb_builder.content.announcements import read_announcements
from kb_builder.content.articles import Contents, read_articles
from kb_builder.content.contact import read_contact
from kb_builder.content.redirects import Redirects, read_redirects
from kb_builder.content.visibility import Catalogue, PublicView, View, public_view, staff_view
from kb_builder.errors import Finding, Severity, refuse_errors
from kb_builder.markdown.convert import Converter
from kb_builder.markdown.digest import BODY, Digest, body_of, digest_chunk, set_up_worker
from kb_builder.mentions.settings import TrendingSettings, read_settings
from kb_builder.model import Announcement, Article, Body, Contact, Outline, Segment
from kb_builder.parsing import sources
from kb_builder.pipeline.store import Parses, Store
from kb_builder.system.cache_keys import code_fingerprint, hash_of, runs
from kb_builder.system.processes import spread
from kb_builder.system.progress import Count, Tell, tell_nobody

TRENDING_FILE: Final = "content/trending.yml"
_KEPT_AT_ONCE: Final = 1000


class Content:
    """One help centre at one moment for one audience: what was written, and what each article alone gives.

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
        tell: Tell = tell_nobody,
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
        code = code_fingerprint()
        return read_articles(
            self.root,
            zone=self.zone,
            ignore_keys=self.settings.options.ignore_keys,
            fingerprint=hash_of(code, self.settings.fingerprint),
            memory=Parses(self.store, code),
        )

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
        if isinstance(self.view, PublicView):
            return self.view
        return public_view(self.catalogue, self.now, preview=self.preview)

    @cached_property
    def trending_settings(self) -> tuple[TrendingSettings, tuple[Finding, ...]]:
        return read_settings(*self._optional(TRENDING_FILE), self.zone)

    @cached_property
    def trending_rules(self) -> TrendingSettings:
        """The settings, if they can be trusted: a veto that is misspelt must not become a pin."""
        settings, findings = self.trending_settings
        refuse_errors(findings)
        return settings

    @property
    def unreadable(self) -> tuple[Finding, ...]:
        """Why some articles are missing from everything."""
        return tuple(finding for finding in self._articles.findings if finding.severity is Severity.ERROR)

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
        return (sources.read(self.root, path) if (self.root / path).exists() else ""), path

    @cached_property
    def article_keys(self) -> dict[str, str]:
        """Article id → everything that the article, its body and its digest were made from, as a hash."""
        return {article.id: self.key_of(article) for article in self.view.articles}

    def key_of(self, article: Article) -> str:
        """The key of one version of an article: with its parts for staff, or without them."""
        key = self._articles.keys[article.path]
        return hash_of(key, "staff") if article.staff_text else key

    @cached_property
    def _neighbours(self) -> Mapping[str, Sequence[Article]]:
        """Key under which their outlines are kept → articles that are kept together."""
        articles = self.view.articles
        cut = [articles[run] for run in runs([article.path for article in articles])]
        return {hash_of(*map(self.key_of, run)): run for run in cut}

    @cached_property
    def outlines(self) -> Mapping[str, Outline]:
        """Article id → outline. Bodies and analyses stay in the store."""
        kept = self.store.outlines(self._neighbours)
        missing = {block: run for block, run in self._neighbours.items() if len(kept.get(block, ())) != len(run)}
        found = self._outlined([article for run in missing.values() for article in run])
        self.store.keep_outlines({block: [found[article.id] for article in run] for block, run in missing.items()})
        self.store.note_digests(self.article_keys.values())
        for block, run in self._neighbours.items():
            if block not in missing:
                found.update(zip((article.id for article in run), kept[block], strict=True))
        return found

    def _outlined(self, articles: Sequence[Article]) -> dict[str, Outline]:
        """Article id → outline, from the bodies that are kept and by working the others through."""
        keys = {article.id: self.key_of(article) for article in articles}
        found = {key: body.outline for key, body in self.store.bodies(keys.values()).items()}
        lost = [article for article in articles if keys[article.id] not in found]
        found |= {key: BODY.decode(digest.body).outline for key, digest in self._digested(lost)}
        return {article.id: found[keys[article.id]] for article in articles}

    def _digested(self, articles: Sequence[Article]) -> Iterator[tuple[str, Digest]]:
        """Key of each article and its digest, worked out and kept. Thousands of digests don't fit into memory well."""
        total = len(self.view.articles)
        count = Count(self.tell, "articles", total, total - len(articles))
        digests = spread(
            digest_chunk, articles, jobs=self.jobs, set_up=set_up_worker, state=self._worker_state, progress=count
        )
        fresh: dict[str, Digest] = {}
        with closing(digests):
            for article, digest in zip(articles, digests, strict=True):
                key = self.key_of(article)
                fresh[key] = digest
                if len(fresh) == _KEPT_AT_ONCE:
                    self.store.keep_digests(fresh)
                    fresh = {}
                yield key, digest
        self.store.keep_digests(fresh)

    def analyses(self, articles: Sequence[Article]) -> list[bytes]:
        """The analysis of each article for the index."""
        self.outlines  # noqa: B018  (by the hundred)
        keys = list(map(self.key_of, articles))
        known = self.store.analyses(keys)
        lost = [article for article, key in zip(articles, keys, strict=True) if key not in known]
        known |= {key: digest.analysis for key, digest in self._digested(lost)}
        return [known[key] for key in keys]

    @property
    def _worker_state(self) -> tuple[Extensions, bool, str]:
        return self.settings.extensions, self.settings.options.trust_html, self.language

    @property
    def language(self) -> str:
        """The language search works in: ``en`` for a site in ``en-GB``."""
        return self.settings.language.split("-")[0]

    @cached_property
    def _converter(self) -> Converter:
        return Converter(self.settings.extensions, trust_html=self.settings.options.trust_html)

    def body(self, article: Article) -> Body:
        """The body of a released article: from the store, or converted again."""
        key = self.key_of(article)
        kept = self.store.bodies((key,)).get(key)
        return kept or body_of(self._converter, article)
