"""Upkeep: overdue reviews, articles nobody owns, what readers said and looked for in vain, what nobody answers."""

import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from kb_builder.errors import InputError
from kb_builder.model import Article, Gap
from kb_builder.support.redaction import strike_out
from kb_builder.system import source_files

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
    """Something readers sent ``count`` times, struck out."""

    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Helped:
    """What readers answered to “did this help?” about one article; reasons and comments most frequent first."""

    id: str
    title: str
    yes: int
    no: int
    reasons: tuple[Counted, ...]
    comments: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything an editor should look after. ``without_owner`` and ``without_review`` are ids."""

    articles: int
    overdue: tuple[Overdue, ...]
    """The longest overdue first."""
    without_owner: tuple[str, ...]
    without_review: tuple[str, ...]
    helped: tuple[Helped, ...]
    """The most unhelpful first."""
    unknown_articles: int
    """Answers about articles that are not published now."""
    searches: tuple[Counted, ...]
    """Searches without a result, most frequent first."""
    gaps: tuple[Gap, ...]
    bad_lines: int
    """Lines of the logs that are none of the documented messages."""


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
    feedback: Iterable[Path] = (),
    searches: Iterable[Path] = (),
    gaps: Sequence[Gap] = (),
) -> Report:
    """The state of ``articles`` on ``today``, and what the logs of the feedback endpoint say.

    Logs are JSON lines, as the staff guide has them; any of them may hold both kinds of message. Raises InputError when
    a log can't be read; a line that is no such message is counted.
    """
    titles = {article.id: article.title for article in articles}
    tallies: dict[str, _Tally] = {}
    unknown = bad = 0
    queries: Counter[str] = Counter()
    for message in _messages(dict.fromkeys((*feedback, *searches))):
        article_id = _text(message, "article", "article_id")
        query = strike_out(_text(message, "search", "query"), _QUERY_LENGTH).casefold()
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
            Helped(id, titles[id], tally.yes, tally.no, _counted(tally.reasons), _counted(tally.comments))
            for id, tally in sorted(tallies.items(), key=lambda item: (-item[1].no, item[1].yes, item[0]))
        ),
        unknown_articles=unknown,
        searches=_counted(queries),
        gaps=tuple(gaps),
        bad_lines=bad,
    )


def render(made: Report) -> str:
    """The report as text for a terminal."""
    return "\n\n".join("\n".join([title, *(f"  {line}" for line in lines)]) for title, lines in _sections(made))


def _sections(made: Report) -> Iterator[tuple[str, list[str]]]:
    yield (
        f"Reviews overdue: {len(made.overdue)} of {made.articles} articles",
        _first(f"{item.due}  {item.title}, {item.owner or 'nobody'}: {item.path}" for item in made.overdue),
    )
    if made.without_owner:
        yield f"Without an owner: {len(made.without_owner)}", _first(made.without_owner)
    if made.without_review:
        yield f"Without a date for the next review: {len(made.without_review)}", _first(made.without_review)
    if made.helped:
        yield "Did this help? Most “no” first", _first(line for item in made.helped for line in _helped_lines(item))
    if made.unknown_articles:
        yield f"Answers about articles that are not published: {made.unknown_articles}", []
    if made.searches:
        yield "Searches without a result", _first(f"{item.count:>5}  {item.text}" for item in made.searches)
    if made.gaps:
        yield (
            "What no article answers",
            _first(f"{gap.customers:>5} customers since {gap.since}: {gap.phrase}" for gap in made.gaps),
        )
    if made.bad_lines:
        yield f"Lines of the logs that are no messages of ours: {made.bad_lines}", []


def _helped_lines(item: Helped) -> Iterator[str]:
    yield f"{item.yes} yes, {item.no} no: {item.title}"
    for reason in item.reasons:
        yield f"    {reason.count} × {reason.text}"
    for comment in item.comments[:3]:
        yield f"    “{comment.text}”" + (f" ({comment.count} times)" if comment.count > 1 else "")


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
    if reason := strike_out(_text(message, "reason"), _QUERY_LENGTH):
        tally.reasons[reason] += 1
    if comment := strike_out(_text(message, "comment", "text")):
        tally.comments[comment] += 1


def _counted(counter: Counter[str]) -> tuple[Counted, ...]:
    return tuple(Counted(text, count) for text, count in sorted(counter.items(), key=lambda item: (-item[1], item[0])))


def _text(message: dict[str, Any] | None, *keys: str) -> str:
    """The first of ``keys`` that holds text or a number, as text."""
    for key in keys:
        value = (message or {}).get(key)
        if isinstance(value, str | int) and not isinstance(value, bool):
            return str(value)
    return ""


def _messages(paths: Iterable[Path]) -> Iterator[dict[str, Any] | None]:
    """Every line of the logs that isn't empty: an object, or None when it is anything else."""
    for path in paths:
        whole = path.resolve()
        try:
            data = source_files.read_bytes(whole.parent, whole.name, limit=LOG_LIMIT)
        except InputError as error:
            raise InputError(error.problem, where=str(path), hint=error.hint) from None
        for raw in io.BytesIO(data):
            if line := raw.decode("utf-8-sig", errors="replace").strip():
                try:
                    value = json.loads(line)
                except (ValueError, RecursionError):
                    value = None
                yield value if isinstance(value, dict) else None
