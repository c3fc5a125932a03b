"""When dates of articles and announcements change the site, and which links end then."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from kb_builder.content.visibility import View
from kb_builder.errors import Finding, Severity
from kb_builder.model import Announcement, Article

_SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Change:
    """A change that a date brings."""

    at: datetime
    path: str
    what: str
    """``is published``, ``expires``, ``is no longer promoted``, ``starts`` or ``ends``."""


def next_changes(items: Iterable[Article | Announcement], now: datetime, *, staff: bool = False) -> list[Change]:
    """The changes after ``now`` by dates of released and scheduled ``items``, earliest first."""
    changes = []
    for item in items:
        if item.draft or (item.audience == "staff" and not staff):
            continue
        dates: dict[str, datetime | None]
        if isinstance(item, Article):
            dates = {"is published": item.publish_date, "expires": item.expiry_date}
            dates["is no longer promoted"] = item.promoted_until
        else:
            dates = {"starts": item.start, "ends": item.end}
        changes += [Change(at, item.path, what) for what, at in dates.items() if at is not None and at > now]
    return sorted(changes, key=lambda change: (change.at, change.path, change.what))


def ending_links(view: View, targets: Mapping[str, Iterable[str | None]]) -> Iterator[Finding]:
    """A finding for each released article that will expire while others link to it.

    ``targets`` are the resolved links of each source by its project path. A warning within 30 days, before that a note.
    """
    ending = {article.url: article for article in view.articles if article.expiry_date}
    ending |= {f"a/{article.id}/": article for article in ending.values()}
    if not ending:
        return
    links: Counter[str] = Counter()
    sources: dict[str, list[str]] = {}
    until = {article.path: article.expiry_date for article in view.articles}
    for source, urls in targets.items():
        for url in urls:
            article = ending.get((url or "").partition("#")[0].partition("?")[0])
            expires = article.expiry_date if article else None
            if article is None or expires is None or (until.get(source) or expires + _SOON) <= expires:
                continue
            links[article.path] += 1
            if source not in sources.setdefault(article.path, []):
                sources[article.path].append(source)
    for article in dict.fromkeys(ending.values()):
        if count := links[article.path]:
            assert article.expiry_date is not None
            day = f"{article.expiry_date.day} {article.expiry_date:%B %Y}"
            leads = "1 link to it leads" if count == 1 else f"{count} links to it lead"
            severity = Severity.WARNING if article.expiry_date <= view.now + _SOON else Severity.NOTE
            hint = f"link to another answer in {', '.join(sorted(sources[article.path]))}"
            line = article.line_of("expiry_date")
            yield Finding(article.path, line, "ending-links", severity, f"from {day}: {leads} nowhere", hint)
