"""Feeds of what changed, what happens now, and announcements: RSS 2.0 and JSON Feed 1.1.

Everything comes from a view, so nothing unreleased is in them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import Final
from urllib.parse import urlsplit
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from kb_builder.content.interface_language import Language
from kb_builder.content.urls import FEEDS, short_url
from kb_builder.content.visibility import View
from kb_builder.model import Outline
from kb_builder.pages.api_files import to_json
from kb_builder.pages.elements import Feed, PinCard
from kb_builder.pages.page import updated_on

_TITLES: Final = {"changes": "What changed", "happening": "Happening now", "announcements": "Announcements"}
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
    """A feed in the format JSON Feed 1.1; times are in ``zone``."""
    entries = []
    for item in items:
        entry = {"id": item.guid, "url": item.url, "title": item.title, "content_text": item.text}
        if item.language:
            entry["language"] = item.language
        if item.when:
            entry["date_published"] = _moment(item.when, zone).isoformat().replace("+00:00", "Z")
        entries.append(entry)
    return to_json(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": _title(feed, name, language),
            "home_page_url": site_url,
            "feed_url": f"{site_url}feeds/{feed}.json",
            "language": language.code,
            "items": entries,
        }
    )


def _event(site_url: str, day: date, name: str) -> str:
    """A permanent name of what happened to something on a day: a tag URI (RFC 4151)."""
    return f"tag:{urlsplit(site_url).hostname},{day.isoformat()}:{name}"


def _moment(when: date | datetime, zone: ZoneInfo) -> datetime:
    return (when if isinstance(when, datetime) else datetime.combine(when, time(), zone)).astimezone(UTC)
