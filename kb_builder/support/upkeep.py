"""The upkeep report: overdue reviews, missing owners, reader feedback, searches without a result, gaps, promises."""

import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from kb_builder.model import Article, Gap, Promise
from kb_builder.support import promise_report
from kb_builder.support.redaction import redact
from kb_builder.system import source_files
from kb_builder.translating.status import Standing

LOG_LIMIT: Final = 256 * 1024 * 1024
_SHOWN: Final = 20
_QUERY_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class Overdue:
    """An article whose review was due ``days`` days ago."""

    id: str
    title: str
    path: str
    owner: str
    due: date
    days: int


@dataclass(frozen=True, slots=True)
class Counted:
    """A redacted text that readers sent ``count`` times."""

    text: str
    count: int


@dataclass(frozen=True, slots=True)
class ArticleFeedback:
    """Answers to “did this help?” on one article; reasons and comments, most frequent first."""

    id: str
    title: str
    yes: int
    no: int
    reasons: tuple[Counted, ...]
    comments: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Articles and topics that need an editor. ``without_owner`` and ``without_review`` hold article ids."""

    articles: int
    overdue: tuple[Overdue, ...]
    """The longest overdue first."""
    without_owner: tuple[str, ...]
    without_review: tuple[str, ...]
    helped: tuple[ArticleFeedback, ...]
    """Most “no” answers first."""
    unknown_articles: int
    """Feedback messages about articles that are not published."""
    searches: tuple[Counted, ...]
    """Searches without a result, most frequent first."""
    gaps: tuple[Gap, ...]
    promises: tuple[Promise, ...]
    """How response times were kept, per channel and segment."""
    translations: tuple[Standing, ...]
    """Missing and stale ones, what customers ask about most first."""
    bad_lines: int
    """Log lines that are not a documented message."""


@dataclass(slots=True)
class _Tally:
    yes: int = 0
    no: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    comments: Counter[str] = field(default_factory=Counter)


def report(
    articles: Sequence[Article],
    today: date,
    *,
    logs: Iterable[Path] = (),
    gaps: Sequence[Gap] = (),
    promises: Sequence[Promise] = (),
    translations: Iterable[Standing] = (),
) -> Report:
    """The report on ``articles`` as of ``today``, with the feedback and searches logged by the feedback endpoint.

    ``logs`` are JSON lines in the format of the staff guide; each may hold both kinds of message, and is read once.
    Raises InputError if a log can't be read; invalid lines are counted in ``bad_lines``.
    """
    titles = {article.id: article.title for article in articles}
    tallies: dict[str, _Tally] = {}
    unknown = bad = 0
    queries: Counter[str] = Counter()
    for message in _messages(dict.fromkeys(logs)):
        article_id = _text(message, "article", "article_id")
        query = redact(_text(message, "search", "query"), _QUERY_LENGTH).casefold()
        if message is not None and article_id in titles:
            _add(tallies.setdefault(article_id, _Tally()), message)
        elif article_id:
            unknown += 1
        elif query:
            queries[query] += 1
        else:
            bad += 1
    return Report(
        articles=len(articles),
        overdue=_overdue(articles, today),
        without_owner=tuple(sorted(article.id for article in articles if not article.owner)),
        without_review=tuple(sorted(article.id for article in articles if article.review_by is None)),
        helped=tuple(
            ArticleFeedback(id, titles[id], tally.yes, tally.no, _counted(tally.reasons), _counted(tally.comments))
            for id, tally in sorted(tallies.items(), key=lambda item: (-item[1].no, item[1].yes, item[0]))
        ),
        unknown_articles=unknown,
        searches=_counted(queries),
        gaps=tuple(gaps),
        promises=tuple(promises),
        translations=_to_translate(translations),
        bad_lines=bad,
    )


def render(report: Report) -> str:
    """The report as text for a terminal."""
    return "\n\n".join("\n".join([title, *(f"  {line}" for line in lines)]) for title, lines in _sections(report))


def _sections(report: Report) -> Iterator[tuple[str, list[str]]]:
    yield (
        f"Reviews overdue: {len(report.overdue)} of {report.articles} articles",
        _first(f"{item.due}  {item.title}, {item.owner or 'no owner'}: {item.path}" for item in report.overdue),
    )
    if report.without_owner:
        yield f"Without an owner: {len(report.without_owner)}", _first(report.without_owner)
    if report.without_review:
        yield f"Without a review date: {len(report.without_review)}", _first(report.without_review)
    if report.helped:
        yield "Did this help? Most “no” first", _first(line for item in report.helped for line in _feedback_lines(item))
    if report.unknown_articles:
        yield f"Answers about articles that are not published: {report.unknown_articles}", []
    if report.searches:
        yield "Searches without a result", _first(f"{item.count:>5}  {item.text}" for item in report.searches)
    if report.gaps:
        yield (
            "Gaps: questions no article answers",
            _first(f"{gap.customers:>5} customers since {gap.since}: {gap.phrase}" for gap in report.gaps),
        )
    if report.promises:
        yield "Response times, promised and kept in the last four weeks", promise_report.lines(report.promises)
    if report.translations:
        yield (
            f"Translations missing or older than their source: {len(report.translations)}, most asked about first",
            _first(map(_translation_line, report.translations)),
        )
    if report.bad_lines:
        yield f"Log lines that are not valid messages: {report.bad_lines}", []


def _feedback_lines(item: ArticleFeedback) -> Iterator[str]:
    yield f"{item.yes} yes, {item.no} no: {item.title}"
    for reason in item.reasons:
        yield f"    {reason.count} × {reason.text}"
    for comment in item.comments[:3]:
        yield f"    “{comment.text}”" + (f" ({comment.count} times)" if comment.count > 1 else "")


def _to_translate(translations: Iterable[Standing]) -> tuple[Standing, ...]:
    needed = (one for one in translations if one.state in ("missing", "stale"))
    return tuple(
        sorted(needed, key=lambda one: (-one.asked, not one.important, one.state != "stale", one.id, one.language))
    )


def _translation_line(one: Standing) -> str:
    lacks = ", an important change" if one.important else ""
    return f"{one.asked:>5} customers: {one.state} in {one.language}{lacks}: {one.translation or one.path}"


def _first(lines: Iterable[str]) -> list[str]:
    every = list(lines)
    rest = len(every) - _SHOWN
    return [*every[:_SHOWN], *([f"and {rest} more; --json has all of them"] if rest > 0 else [])]


def _overdue(articles: Iterable[Article], today: date) -> tuple[Overdue, ...]:
    late = [
        Overdue(article.id, article.title, article.path, article.owner, due, (today - due).days)
        for article in articles
        if (due := article.review_by) is not None and due < today
    ]
    return tuple(sorted(late, key=lambda item: (item.due, item.id)))


def _add(tally: _Tally, message: dict[str, Any]) -> None:
    if message.get("helped") is True:
        tally.yes += 1
    elif message.get("helped") is False:
        tally.no += 1
    if reason := redact(_text(message, "reason"), _QUERY_LENGTH):
        tally.reasons[reason] += 1
    if comment := redact(_text(message, "comment", "text")):
        tally.comments[comment] += 1


def _counted(counter: Counter[str]) -> tuple[Counted, ...]:
    return tuple(Counted(text, count) for text, count in sorted(counter.items(), key=lambda item: (-item[1], item[0])))


def _text(message: dict[str, Any] | None, *keys: str) -> str:
    """The first value under ``keys`` that is text or a number, as text; empty if none."""
    for key in keys:
        value = (message or {}).get(key)
        if isinstance(value, str | int) and not isinstance(value, bool):
            return str(value)
    return ""


def _messages(paths: Iterable[Path]) -> Iterator[dict[str, Any] | None]:
    """Every non-empty line of the logs: an object, or None if it isn't one."""
    for path in paths:
        for raw in io.BytesIO(source_files.read_named(path, limit=LOG_LIMIT)):
            if line := raw.decode("utf-8-sig", errors="replace").strip():
                try:
                    value = json.loads(line)
                except (ValueError, RecursionError):
                    value = None
                yield value if isinstance(value, dict) else None
