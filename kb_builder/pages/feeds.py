"""Files for programs: feeds, the sitemap, the API files, ``llms.txt`` and a Markdown copy of each article.

RSS 2.0, JSON Feed 1.1, sitemaps.org 0.9. Everything comes from a view, so nothing unreleased is in them.
"""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from kb_builder.content.interface_language import Language
from kb_builder.content.urls import FEEDS
from kb_builder.content.visibility import View
from kb_builder.markdown.to_markdown import escape as escape_markdown
from kb_builder.markdown.to_markdown import to_markdown
from kb_builder.model import Article, Outline
from kb_builder.pages.elements import Feed, PinCard
from kb_builder.pages.page import folder_of, in_order, short_url

LLMS_FULL: Final = "llms-full.txt"
_TITLES: Final = {"changes": "What changed", "happening": "Happening now", "announcements": "Announcements"}
MOST_SITEMAP_URLS: Final = 50_000
"""Of one file, by the protocol of sitemaps.org."""
_SITEMAPS: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_LENGTH: Final = 50


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a feed. ``guid`` names the event, so a second change of an article is a new entry.

    ``when`` is None when unknown. ``language`` is that of a text that is not translated.
    """

    guid: str
    url: str
    title: str
    text: str
    when: date | datetime | None
    language: str = ""


def linked(name: str, language: Language) -> tuple[Feed, ...]:
    """The feeds for ``link rel=alternate`` in every page; ``name`` is the site's."""
    return tuple(
        Feed(title=_title(feed, name, language), url=f"feeds/{feed}.{ending}", type=type)
        for feed in FEEDS
        for ending, type in (("xml", "application/rss+xml"), ("json", "application/feed+json"))
    )


def _title(feed: str, name: str, language: Language) -> str:
    word = language.word
    titles = {
        "changes": word("{name}: what changed", name=name),
        "happening": word("{name}: happening now", name=name),
        "announcements": word("{name}: announcements", name=name),
    }
    return titles[feed]


def changes(view: View, outlines: Mapping[str, Outline], site_url: str) -> tuple[Item, ...]:
    """The articles changed last, newest first: by review date, else by the date they took effect."""
    dated = [(updated, article) for article in view.own if (updated := updated_on(article)) is not None]
    dated.sort(key=lambda pair: (-pair[0].toordinal(), pair[1].id))
    return tuple(
        Item(
            guid=_event(site_url, updated, article.id),
            url=site_url + article.url,
            title=article.title,
            text=article.answer or outlines[article.id].lead,
            when=updated,
        )
        for updated, article in dated[:_LENGTH]
    )


def happening(pins: Iterable[PinCard], site_url: str, sources: str = "") -> tuple[Item, ...]:
    """Today's pins, best first, with whom they are for; an article pinned for several segments comes once.

    ``sources`` is the language of what is not translated.
    """
    cards: dict[str, list[PinCard]] = {}
    for pin in pins:
        cards.setdefault(pin.id, []).append(pin)
    return tuple(
        Item(
            _event(site_url, first.since, id) if first.since else short_url(site_url, id),
            site_url + first.url,
            first.title,
            _why(same),
            first.since,
            # The reason of a pin is in the language of the feed.
            sources if first.fallback and not first.band else "",
        )
        for id, same in cards.items()
        for first in same[:1]
    )


def _why(pins: Sequence[PinCard]) -> str:
    """Why an article is pinned and for which segments; for a manual pin, the article's answer."""
    reason = pins[0].band or pins[0].answer
    if any(pin.segment is None for pin in pins):
        return reason
    return " · ".join(filter(None, (reason, ", ".join(dict.fromkeys(pin.segment_name for pin in pins)))))


def announcements(view: View, site_url: str, sources: str = "") -> tuple[Item, ...]:
    """Announcements, by when they started or said something new, newest first."""
    dated = [
        (item.updated if item.updated and item.start < item.updated <= view.now else item.start, item)
        for item in view.announcements
    ]
    dated.sort(key=lambda pair: pair[0], reverse=True)
    return tuple(
        Item(
            guid=_event(site_url, item.start.date(), f"{item.url}{item.version}"),
            url=site_url + item.url,
            title=item.title,
            text=item.summary,
            when=when,
            language=sources if item.fallback else "",
        )
        for when, item in dated[:_LENGTH]
    )


def rss(name: str, feed: str, items: Sequence[Item], site_url: str, language: Language, zone: ZoneInfo) -> bytes:
    """RSS 2.0. A day without a time begins at midnight in ``zone``."""
    mixed = ' xmlns:dc="http://purl.org/dc/elements/1.1/"' if any(item.language for item in items) else ""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"{mixed}>',
        "<channel>",
        f"<title>{escape(_title(feed, name, language))}</title>",
        f"<link>{escape(site_url)}</link>",
        f"<description>{escape(language.word(_TITLES[feed]))}, {escape(name)}</description>",
        f"<language>{escape(language.code)}</language>",
        f'<atom:link href="{escape(site_url)}feeds/{feed}.xml" rel="self" type="application/rss+xml"/>',
    ]
    for item in items:
        lines += [
            "<item>",
            f"<title>{escape(item.title)}</title>",
            f"<link>{escape(item.url)}</link>",
            f'<guid isPermaLink="false">{escape(item.guid)}</guid>',
            *([f"<pubDate>{format_datetime(_moment(item.when, zone), usegmt=True)}</pubDate>"] if item.when else ()),
            f"<description>{escape(item.text)}</description>",
            *([f"<dc:language>{escape(item.language)}</dc:language>"] if item.language else ()),
            "</item>",
        ]
    return ("\n".join([*lines, "</channel>", "</rss>"]) + "\n").encode()


def json_feed(name: str, feed: str, items: Sequence[Item], site_url: str, language: Language, zone: ZoneInfo) -> bytes:
    return to_json(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": _title(feed, name, language),
            "home_page_url": site_url,
            "feed_url": f"{site_url}feeds/{feed}.json",
            "language": language.code,
            "items": [
                {
                    "id": item.guid,
                    "url": item.url,
                    "title": item.title,
                    "content_text": item.text,
                    **({"language": item.language} if item.language else {}),
                    **(
                        {"date_published": _moment(item.when, zone).isoformat().replace("+00:00", "Z")}
                        if item.when
                        else {}
                    ),
                }
                for item in items
            ],
        }
    )


SitemapEntry = tuple[str, date | None, Sequence[tuple[str, str]]]
"""Full URL, day of the last change, and language and URL of the page in each language."""


def sitemaps(entries: Sequence[SitemapEntry], site_url: str) -> dict[str, bytes]:
    """``sitemap.xml``; with more entries than a sitemap may have, it names the files that hold them.

    The sitemap is the one place that tells search engines about languages: they take it from there or from each page,
    and pages would be a kilobyte longer. Since each entry repeats the addresses in all languages, such entries are in
    packed files, as the protocol allows: a twentieth of the bytes.
    """
    several = any(same for _, _, same in entries)
    if len(entries) <= MOST_SITEMAP_URLS and not several:
        return {"sitemap.xml": _urlset(entries)}
    starts = range(0, len(entries), MOST_SITEMAP_URLS)
    made = (_urlset(entries[start : start + MOST_SITEMAP_URLS]) for start in starts)
    parts = {
        f"sitemap-{number}.xml.gz" if several else f"sitemap-{number}.xml": gzip.compress(part, mtime=0)
        if several
        else part
        for number, part in enumerate(made, start=1)
    }
    lines = [f"<sitemap><loc>{escape(site_url + path)}</loc></sitemap>" for path in parts]
    head = f'<sitemapindex xmlns="{_SITEMAPS}">'
    return {"sitemap.xml": _xml([head, *lines, "</sitemapindex>"]), **parts}


def _urlset(entries: Sequence[SitemapEntry]) -> bytes:
    languages = ' xmlns:x="http://www.w3.org/1999/xhtml"' if any(same for _, _, same in entries) else ""
    lines = [f'<urlset xmlns="{_SITEMAPS}"{languages}>']
    for url, day, same in entries:
        stamp = f"<lastmod>{day.isoformat()}</lastmod>" if day else ""
        others = (f'<x:link rel="alternate" hreflang="{code}" href="{escape(there)}"/>' for code, there in same)
        lines.append(f"<url><loc>{escape(url)}</loc>{stamp}{''.join(others)}</url>")
    return _xml([*lines, "</urlset>"])


def _xml(lines: Sequence[str]) -> bytes:
    return ("\n".join(['<?xml version="1.0" encoding="UTF-8"?>', *lines]) + "\n").encode()


class Listing(NamedTuple):
    """The articles of one language."""

    view: View
    outlines: Mapping[str, Outline]
    site_url: str
    language: str


def articles_api(*listings: Listing) -> bytes:
    """``/api/articles.json``: every listed article of one or more languages, urls absolute."""
    return to_json(
        {
            "articles": [
                _entry(article, one.outlines[article.id], one.site_url, one.language)
                for one in listings
                for article in one.view.own
            ]
        }
    )


def _entry(article: Article, outline: Outline, site_url: str, language: str) -> Mapping[str, Any]:
    return {
        "id": article.id,
        "title": article.title,
        "answer": article.answer or outline.lead,
        "url": site_url + article.url,
        "short_url": short_url(site_url, article.id),
        "markdown_url": f"{site_url}{article.url}index.md",
        "language": language,
        "sections": [
            {"anchor": heading.anchor, "heading": heading.text} for heading in outline.headings if heading.anchor
        ],
        "updated": updated.isoformat() if (updated := updated_on(article)) else None,
        "segments": list(article.segments),
    }


def trending_api(pins: Iterable[PinCard], site_url: str, language: Language) -> bytes:
    """``/api/trending.json``: today's pins without counts."""
    return to_json(
        {
            "pins": [
                {
                    "id": pin.id,
                    "title": pin.title,
                    "url": site_url + pin.url,
                    "segment": pin.segment,
                    "segment_name": pin.segment_name if pin.segment else None,
                    "since": pin.since,
                    "why": pin.band or language.word("happening now"),
                    "until": pin.until.isoformat(),
                }
                for pin in pins
            ]
        }
    )


def happening_file(pins: Iterable[PinCard], index: str, documents: Mapping[str, int]) -> bytes:
    """The pins that the empty search box offers, and that search lifts a little; urls are site-relative.

    ``documents`` are the numbers of articles in the search index ``index``, by url.
    """
    return to_json(
        {
            "index": index,
            "pins": [
                {
                    "title": pin.title,
                    "url": pin.url,
                    "band": pin.band,
                    "segment": pin.segment,
                    "until": pin.until.isoformat(),
                    "document": documents.get(pin.url),
                }
                for pin in pins
            ],
        }
    )


def robots(site_url: str, *, indexed: bool) -> bytes:
    """``robots.txt``: allow everything and name the sitemap, or disallow everything."""
    rule = f"Allow: /\n\nSitemap: {site_url}sitemap.xml" if indexed else "Disallow: /"
    return f"User-agent: *\n{rule}\n".encode()


def llms_txt(name: str, view: View, site_url: str, language: Language) -> bytes:
    """An index of the Markdown copies for language models (llmstxt.org)."""
    about = language.word("Answers to customers' questions. Each link is a plain Markdown copy of an article.")
    lines = [
        f"# {escape_markdown(name)}",
        "",
        f"> {about}",
        "",
    ]
    answers = language.word("Answers")
    by_folder: dict[str, list[str]] = defaultdict(list)
    for article in view.own:
        line = (
            f"- [{escape_markdown(article.title)}]({site_url}{article.url}index.md): {escape_markdown(article.answer)}"
        )
        by_folder[folder_of(article)].append(line.rstrip(": "))
    titles = {category.path: category.title for category in view.categories}
    order = [category.path for category in in_order(view.categories)]
    for folder in sorted(by_folder, key=lambda path: (order.index(path) if path in titles else -1, path)):
        lines += [f"## {escape_markdown(titles.get(folder, answers))}", "", *by_folder[folder], ""]
    return "\n".join(lines).encode()


def llms_full(name: str, copies: Iterable[bytes]) -> bytes:
    """``llms-full.txt``: the Markdown copies of all listed articles in one file."""
    return b"\n".join((f"# {escape_markdown(name)}\n".encode(), *copies))


def markdown_copy(article: Article, body: str, site_url: str) -> bytes:
    """An article as plain Markdown: its page and day in a header, then title, answer, body and short link.

    ``body`` is the HTML that the page shows, with absolute links: the Markdown source may hold notes and code that the
    page doesn't.
    """
    updated = updated_on(article)
    header = ["---", f"canonical: {site_url}{article.url}", *([f"updated: {updated}"] if updated else ()), "---"]
    title, answer = f"# {escape_markdown(article.title)}", escape_markdown(article.answer)
    parts = ["\n".join(header), title, answer, to_markdown(body).strip()]
    parts.append(f"<{short_url(site_url, article.id)}>")
    return ("\n\n".join(filter(None, parts)) + "\n").encode()


def updated_on(article: Article) -> date | None:
    """The day an article was last reviewed or took effect."""
    return article.last_reviewed_on or article.effective_date


def to_json(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=date.isoformat) + "\n").encode()


def _event(site_url: str, day: date, name: str) -> str:
    """A permanent name of what happened to something on a day: a tag URI (RFC 4151)."""
    return f"tag:{urlsplit(site_url).hostname},{day.isoformat()}:{name}"


def _moment(when: date | datetime, zone: ZoneInfo) -> datetime:
    if isinstance(when, datetime):
        return when.astimezone(UTC)
    return datetime.combine(when, time(), zone).astimezone(UTC)
