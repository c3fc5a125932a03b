"""The linter behind ``kb check``."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Final

from kb_builder.audit.audit import Plan, audit
from kb_builder.audit.leaks import Phrases
from kb_builder.commands.external_links import dead_links
from kb_builder.commands.mkdocs_config import line_of
from kb_builder.config import Settings
from kb_builder.content.contact import PATH as CONTACT
from kb_builder.content.duplicates import duplicates
from kb_builder.content.ignored import without_ignored
from kb_builder.content.schedule import Change, ending_links, next_changes
from kb_builder.errors import Finding, InputError, PublishError, Severity, in_order, notes_as_warnings
from kb_builder.parsing import sources
from kb_builder.pipeline.centre import Centre
from kb_builder.pipeline.project import Project
from kb_builder.pipeline.search import ASKED_DAYS, SearchIndex
from kb_builder.pipeline.site import Site
from kb_builder.pipeline.trends import Trends
from kb_builder.publishing.history import Builds
from kb_builder.publishing.publication import check_target
from kb_builder.publishing.staging import damaged, damaged_file
from kb_builder.support.evaluation import Query, evaluate, read_queries
from kb_builder.support.promise_report import promised_and_kept
from kb_builder.system import filesystem
from kb_builder.system.cache_keys import code_fingerprint

QUERIES: Final = "content/search-queries.csv"
MANY_CUSTOMERS: Final = 50
FEW_PHRASINGS: Final = 3
MOST_NOTED: Final = 5


def check(site: Site, *, strict: bool = False, external: bool = False, every_file: bool = False) -> tuple[Finding, ...]:
    """Findings about the content, its upkeep, search and trends, and about the published site.

    ``strict`` raises notes to warnings; ``external`` asks other sites whether links to them lead somewhere;
    ``every_file`` reads the whole published site again.
    """
    centre = Centre(site)
    in_languages = (finding for one in centre.sites for finding in _upkeep(one))
    found = in_order((*centre.findings, *in_languages, *(_external(site) if external else ())))
    # An error in one article doesn't hide what is wrong elsewhere: each part looks at what can be read.
    parts = (
        lambda: _refused_target(site.project.settings),
        lambda: _search(site.search),
        lambda: _phrasings(site.search),
        lambda: _gaps(site.trends),
        lambda: _promises(site.trends),
        lambda: _published(site.project, every_file),
    )
    found = in_order((*found, *sources.findings_in(parts)))
    found = in_order(without_ignored(found, site.project.items))
    return notes_as_warnings(found) if strict else found


def coming(site: Site) -> list[Change]:
    """The next three moments at which dates change the site."""
    return next_changes(site.project.items, site.project.now, staff=site.project.staff)[:3]


def _refused_target(settings: Settings) -> Iterator[Finding]:
    """A ``site_dir`` in which ``kb build`` would not publish."""
    try:
        check_target(settings.site_folder, project=settings.root, content=settings.root / "content")
    except PublishError as error:
        place = settings.root / settings.config_file
        line = line_of("site_dir", place) if place.is_file() else 0
        message = f'kb build will not publish in "{settings.site_folder.name}": {error.problem}'
        hint = "give site_dir another folder, or build with -d"
        yield Finding(settings.config_file, line, "refused-target", Severity.WARNING, message, hint)


def _external(site: Site) -> Iterator[Finding]:
    project = site.project
    if project.is_readable:
        links = {article.path: project.digests.outlines[article.id].links for article in project.view.articles}
        root = project.settings.root
        yield from dead_links(links, site_url=project.settings.url, root=root, today=project.today)


def _upkeep(site: Site) -> Iterator[Finding]:
    """Links that will end, and articles that say the same."""
    if site.project.is_readable:
        view, resolved = site.project.view, site.bodies.links.resolved
        yield from ending_links(view, {path: links.targets.values() for path, links in resolved.items()})
        yield from duplicates(view.own)


def _search(search: SearchIndex) -> Iterator[Finding]:
    """Whether search answers the team's questions as well as the configured minimum."""
    for one in search.languages:
        yield from one.findings
        code = one.project.language
        yield from _floors(one, f"{QUERIES.removesuffix('.csv')}.{code}.csv" if code else QUERIES, code)


def _floors(search: SearchIndex, name: str, language: str) -> Iterator[Finding]:
    """How search in one language answers the questions in the file ``name``."""
    project = search.project.source
    path = project.settings.root / name
    floor = project.settings.options.search.floor
    if not path.exists():
        return
    try:
        queries = read_queries(path)
    except InputError as error:
        place, _, line = error.where.removeprefix(f"{project.settings.root}/").rpartition(":")
        yield Finding(place or name, int(line or 0), "bad-queries", Severity.ERROR, error.problem, error.hint)
        return
    known = {article.id for article in project.catalogue.articles}
    if project.reading.skipped:
        # An article with an error can't be found: what should lead to it says nothing about search.
        queries = tuple(query for query in queries if not known.isdisjoint(query.article_ids))
    else:
        yield from _unknown_articles(queries, known, name)
    if not queries:
        return
    scores = evaluate(search.reader, queries)
    for measure, least in (("success_at_1", floor.success_at_1), ("success_at_3", floor.success_at_3)):
        reached = getattr(scores, measure)
        if reached < least:
            minimum = f"{least:.3f} is the minimum set in the configuration"
            message = f"search quality fell: {measure} is {reached:.3f}, and {minimum}"
            command = f"kb eval {name} --language {language}" if language else f"kb eval {name}"
            hint = f"{command} measures it; kb explain ID --query shows why"
            yield Finding(name, 0, "search-floor", Severity.WARNING, message, hint)


def _unknown_articles(queries: Iterable[Query], known: Collection[str], name: str) -> Iterator[Finding]:
    """Articles that the questions in the file ``name`` should lead to, and that are not there."""
    for number, query in enumerate(queries, start=2):
        for article_id in query.article_ids:
            if article_id not in known:
                message = f'there is no article "{article_id}"'
                yield Finding(name, number, "unknown-article", Severity.WARNING, message, "the id may have changed")


def _published(project: Project, every_file: bool) -> Iterator[Finding]:
    """Findings about the published site, such as page weight."""
    target = project.settings.site_folder
    builds = Builds.of(target)
    live = builds.live() if filesystem.kind(builds.folder) == "folder" else None
    record = builds.record(live) if live is not None else None
    if live is None or record is None:
        return
    if every_file:
        broken = damaged(builds.shown_at(live), record, lambda _path: True)
        for path in broken:
            with suppress(OSError):
                # A new date is what makes the next build write it again.
                filesystem.touch(builds.shown_at(live) / path)
            yield damaged_file(target, path, "the next kb build writes it again")
    # Leaks were checked before publication.
    plan = Plan(project.settings.url, Phrases(()), lambda: (), code_fingerprint(), jobs=project.jobs)
    try:
        report = audit(builds.shown_at(live), record.files, plan, project.store)
    except (PublishError, OSError):
        message, hint = "a file of the published site was changed by hand", "build again: kb build"
        yield Finding(target.name, 0, "changed-by-hand", Severity.WARNING, message, hint)
        return
    for finding in report.findings:
        yield replace(finding, path=f"{target.name}/{finding.path}")


def _phrasings(search: SearchIndex) -> Iterator[Finding]:
    """Articles that many customers asked about lately, and that say in few ways how they are asked."""
    customers = search.mentions.recent_customers(ASKED_DAYS, MANY_CUSTOMERS)
    asked = (article for article in search.project.public.articles if article.id in customers)
    few = [article for article in asked if len(article.asked_as) < FEW_PHRASINGS]
    for article in sorted(few, key=lambda article: (-customers[article.id], article.id))[:MOST_NOTED]:
        phrasings = "a phrasing" if len(article.asked_as) == 1 else f"{len(article.asked_as) or 'no'} phrasings"
        message = f"{customers[article.id]:,} customers asked about this in four weeks, and `asked_as` has {phrasings}"
        hint = f"kb suggest {article.id} offers theirs"
        yield Finding(article.path, 1, "few-phrasings", Severity.NOTE, message, hint)


def _promises(trends: Trends) -> Iterator[Finding]:
    """Response times that every page promises and that customers don't get."""
    options = trends.project.settings.options
    for promise in trends.promises:
        if promise.is_broken(options.promise_floor):
            message = f"{promise.label}: {promised_and_kept(promise)}"
            hint = "kb promises shows the waits; kb promises --suggest writes a time that is kept"
            yield Finding(CONTACT, 0, "promise-not-kept", Severity.WARNING, message, hint)


def _gaps(trends: Trends) -> Iterator[Finding]:
    """Questions without an article, as a count only: logs may be public, ``kb gaps`` shows the phrases."""
    if count := len(trends.current.gaps):
        most = max(gap.customers for gap in trends.current.gaps)
        unanswered = f"{count} questions of customers have no article"
        if count == 1:
            unanswered = "customers ask a question that no article answers"
        message, hint = f"{unanswered}, from up to {most:,} customers", "kb gaps shows the words"
        if trends.project.reading.skipped:
            hint += "; the articles with errors were left out"
        yield Finding("content/mentions", 0, "gap", Severity.NOTE, message, hint)
