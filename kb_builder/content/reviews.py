"""Findings about reviews, owners and short answers of articles."""

from collections.abc import Iterable, Iterator
from datetime import date

from kb_builder.errors import Finding, Severity
from kb_builder.model import Article


def review_findings(articles: Iterable[Article], today: date) -> Iterator[Finding]:
    """Findings about reviews as of ``today``, and about a missing owner, date of a policy or short answer."""
    for article in articles:
        if article.last_reviewed_on is not None and article.last_reviewed_on > today:
            line, day = article.line_of("last_reviewed_on"), article.last_reviewed_on.isoformat()
            message, hint = f"the last review is on {day}, which is in the future", "write the day of the last review"
            yield Finding(article.path, line, "review-to-come", Severity.WARNING, message, hint)
        if article.review_by is not None and article.review_by < today:
            line = article.line_of("review_by") if article.line_of("review_by") > 1 else article.line_of("review_in")
            message = f"the review was due on {article.review_by.isoformat()}"
            hint = f"ask {article.owner} to read it again" if article.owner else "read it again and name an owner"
            yield Finding(article.path, line, "review-overdue", Severity.WARNING, message, hint)
        if not article.owner:
            message, hint = "the article has no owner", "add the line owner: and a name or a team"
            yield Finding(article.path, 1, "no-owner", Severity.NOTE, message, hint)
        if article.type == "policy" and article.effective_date is None:
            message, hint = "the policy has no date from which it applies", "add the line effective_date: and a day"
            yield Finding(article.path, 1, "policy-without-date", Severity.NOTE, message, hint)
        if not article.answer:
            message = "there is no short answer; replies and lists use the first paragraph"
            hint = "add the line answer: with the answer itself in at most 300 characters"
            yield Finding(article.path, 1, "no-answer", Severity.NOTE, message, hint)
