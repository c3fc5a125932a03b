"""The linter: everything an editor should know, at once."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from kb_builder.centre import Centre
from kb_builder.errors import Finding, InputError, Severity, in_order
from kb_builder.evaluation import evaluate, read_queries

QUERIES: Final = "content/search-queries.csv"


def check(centre: Centre, *, strict: bool = False) -> tuple[Finding, ...]:
    """Every finding about the content, its upkeep, its search and its trends.

    ``strict`` lifts notes to warnings and adds what customers ask about and no article answers.
    """
    found = list(centre.findings)
    if not any(finding.severity is Severity.ERROR for finding in found):
        found += [*_upkeep(centre), *_search(centre), *_brand(centre)]
        if strict:
            found += _gaps(centre)
    return lifted(in_order(found)) if strict else in_order(found)


def lifted(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """``findings`` with notes as warnings."""
    return tuple(
        replace(finding, severity=Severity.WARNING) if finding.severity is Severity.NOTE else finding
        for finding in findings
    )


def _upkeep(centre: Centre) -> Iterator[Finding]:
    for article in centre.view.articles:
        if article.review_by is not None and article.review_by < centre.today:
            line = article.line_of("review_by") if article.line_of("review_by") > 1 else article.line_of("review_in")
            message = f"the review was due on {article.review_by.isoformat()}"
            hint = f"ask {article.owner} to read it again" if article.owner else "read it again and name an owner"
            yield Finding(article.path, line, "review-overdue", Severity.WARNING, message, hint)
        if not article.owner:
            message, hint = "nobody owns this article", "add the line owner: and a name or a team"
            yield Finding(article.path, 1, "no-owner", Severity.NOTE, message, hint)
        if not article.answer:
            message = "there is no short answer; replies and lists use the first paragraph"
            hint = "add the line answer: with the answer itself in at most 300 characters"
            yield Finding(article.path, 1, "no-answer", Severity.NOTE, message, hint)


def _brand(centre: Centre) -> Iterator[Finding]:
    if centre.brand.darkened:
        message = f"the brand colour {centre.brand.given} is too light for links on white paper"
        hint = "pages use a darker shade of it, which passes WCAG AA"
        yield Finding(centre.settings.config_file, 0, "brand-darkened", Severity.NOTE, message, hint)


def _search(centre: Centre) -> Iterator[Finding]:
    """Whether search answers the team's own questions as well as it must."""
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
            message = f"search got worse: {name} is {reached:.3f}, and {least:.3f} is the floor of the configuration"
            hint = "kb eval content/search-queries.csv measures it; kb explain ID --query shows why"
            yield Finding(QUERIES, 0, "search-floor", Severity.WARNING, message, hint)


def _gaps(centre: Centre) -> Iterator[Finding]:
    for gap in centre.trends.gaps:
        near = f"the nearest are {', '.join(gap.nearest)}" if gap.nearest else "no article is near"
        message = f'{gap.customers} customers ask about "{gap.phrase}", and no article answers'
        yield Finding("content/mentions", 0, "gap", Severity.WARNING, message, near)
