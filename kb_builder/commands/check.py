"""The linter behind ``kb check``."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from kb_builder.audit.audit import Plan, audit
from kb_builder.audit.leaks import Phrases
from kb_builder.errors import Finding, InputError, PublishError, Severity, in_order
from kb_builder.parsing.sources import findings_of
from kb_builder.pipeline.site import Centre
from kb_builder.publishing.history import Builds
from kb_builder.rendering.brand import check_contrast
from kb_builder.support.evaluation import evaluate, read_queries
from kb_builder.system import filesystem
from kb_builder.system.cache_keys import code_fingerprint

QUERIES: Final = "content/search-queries.csv"


def check(centre: Centre, *, strict: bool = False) -> tuple[Finding, ...]:
    """Every finding about the content, its upkeep, its search and its trends, and about the site that is published.

    ``strict`` raises notes to warnings.
    """
    found = list(of_content(centre))
    if not any(finding.severity is Severity.ERROR for finding in found):
        found += [*_search(centre), *_gaps(centre), *_published(centre)]
    return notes_as_warnings(in_order(found)) if strict else in_order(found)


def of_content(centre: Centre) -> tuple[Finding, ...]:
    """Findings about the content and its upkeep, without a site."""
    found = [*centre.findings, *_brand(centre)]
    if not any(finding.severity is Severity.ERROR for finding in found):
        found += _upkeep(centre)
    return in_order(found)


def notes_as_warnings(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """``findings`` with notes as warnings."""
    return tuple(
        replace(finding, severity=Severity.WARNING) if finding.severity is Severity.NOTE else finding
        for finding in findings
    )


def _upkeep(centre: Centre) -> Iterator[Finding]:
    for article in centre.view.articles:
        if article.last_reviewed_on is not None and article.last_reviewed_on > centre.today:
            line, day = article.line_of("last_reviewed_on"), article.last_reviewed_on.isoformat()
            message, hint = f"the last review is on {day}, which is in the future", "write the day of the last review"
            yield Finding(article.path, line, "review-to-come", Severity.WARNING, message, hint)
        if article.review_by is not None and article.review_by < centre.today:
            line = article.line_of("review_by") if article.line_of("review_by") > 1 else article.line_of("review_in")
            message = f"the review was due on {article.review_by.isoformat()}"
            hint = f"ask {article.owner} to read it again" if article.owner else "read it again and name an owner"
            yield Finding(article.path, line, "review-overdue", Severity.WARNING, message, hint)
        if not article.owner:
            message, hint = "the article has no owner", "add the line owner: and a name or a team"
            yield Finding(article.path, 1, "no-owner", Severity.NOTE, message, hint)
        if not article.answer:
            message = "there is no short answer; replies and lists use the first paragraph"
            hint = "add the line answer: with the answer itself in at most 300 characters"
            yield Finding(article.path, 1, "no-answer", Severity.NOTE, message, hint)


def _brand(centre: Centre) -> Iterator[Finding]:
    try:
        darkened = centre.brand.darkened
    except InputError as error:
        yield from findings_of(error, "bad-brand")
        return
    if darkened:
        message = f"the brand colour {centre.brand.given} is too light for links on white paper"
        hint = "pages use a darker shade of it, which passes WCAG AA"
        yield Finding(centre.settings.config_file, 0, "brand-darkened", Severity.NOTE, message, hint)
    for low in check_contrast(centre.colours):
        hint = "WCAG 2.2 asks for it (1.4.3, 1.4.11): change the theme's tokens.css"
        yield Finding(centre.settings.config_file, 0, "low-contrast", Severity.WARNING, str(low), hint)


def _search(centre: Centre) -> Iterator[Finding]:
    """Whether search answers the team's questions as well as the configured minimum."""
    yield from centre.search_findings
    path = centre.root / QUERIES
    floor = centre.settings.options.search.floor
    if not path.exists():
        return
    try:
        queries = read_queries(path)
    except InputError as error:
        place, _, line = error.where.removeprefix(f"{centre.root}/").rpartition(":")
        yield Finding(place or QUERIES, int(line or 0), "bad-queries", Severity.ERROR, error.problem, error.hint)
        return
    known = {article.id for article in centre.catalogue.articles}
    for number, query in enumerate(queries, start=2):
        for article_id in query.article_ids:
            if article_id not in known:
                message = f'there is no article "{article_id}"'
                yield Finding(QUERIES, number, "unknown-article", Severity.WARNING, message, "the id may have changed")
    scores = evaluate(centre.reader, queries)
    for name, least in (("success_at_1", floor.success_at_1), ("success_at_3", floor.success_at_3)):
        reached = getattr(scores, name)
        if reached < least:
            message = (
                f"search quality fell: {name} is {reached:.3f}, and {least:.3f} is the minimum set in the configuration"
            )
            hint = "kb eval content/search-queries.csv measures it; kb explain ID --query shows why"
            yield Finding(QUERIES, 0, "search-floor", Severity.WARNING, message, hint)


def _published(centre: Centre) -> Iterator[Finding]:
    """Findings about the published site, such as page weight."""
    target = centre.settings.site_folder
    builds = Builds.of(target)
    live = builds.live() if filesystem.kind(builds.folder) == "folder" else None
    record = builds.record(live) if live is not None else None
    if live is None or record is None:
        return
    # Leaks were checked before publication.
    plan = Plan(centre.settings.url, Phrases(()), lambda: (), code_fingerprint(), jobs=centre.jobs)
    try:
        report = audit(builds.shown_at(live), record.files, plan, centre.store)
    except (PublishError, OSError):
        message, hint = "a file of the published site was changed by hand", "build again: kb build"
        yield Finding(target.name, 0, "changed-by-hand", Severity.WARNING, message, hint)
        return
    for finding in report.findings:
        yield replace(finding, path=f"{target.name}/{finding.path}")


def _gaps(centre: Centre) -> Iterator[Finding]:
    """Questions without an article, as a count only: logs may be public, ``kb gaps`` shows the phrases."""
    if count := len(centre.trends.gaps):
        most = max(gap.customers for gap in centre.trends.gaps)
        what = (
            "customers ask a question that no article answers"
            if count == 1
            else f"{count} questions of customers have no article"
        )
        message, hint = f"{what}, from up to {most:,} customers", "kb gaps shows the words"
        yield Finding("content/mentions", 0, "gap", Severity.NOTE, message, hint)
