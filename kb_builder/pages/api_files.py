"""JSON for programs and page scripts: ``articles.json``, ``trending.json`` and ``happening.json`` below ``api/``.

Everything comes from a view, so nothing unreleased is in them.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import msgspec

from kb_builder.content.interface_language import Language
from kb_builder.content.urls import short_url
from kb_builder.content.visibility import View
from kb_builder.model import Article, Outline
from kb_builder.pages.elements import PinCard
from kb_builder.pages.page import updated_on


class Listing(NamedTuple):
    """The articles of one language."""

    view: View
    outlines: Mapping[str, Outline]
    site_url: str
    language: str


def articles_api(*listings: Listing) -> bytes:
    """``/api/articles.json``: every listed article of one or more languages, urls absolute."""
    return to_json({"articles": [_entry(article, one) for one in listings for article in one.view.own]})


def _entry(article: Article, listing: Listing) -> Mapping[str, Any]:
    outline, site_url = listing.outlines[article.id], listing.site_url
    return {
        "id": article.id,
        "title": article.title,
        "answer": article.answer or outline.lead,
        "url": site_url + article.url,
        "short_url": short_url(site_url, article.id),
        "markdown_url": f"{site_url}{article.url}index.md",
        "language": listing.language,
        "sections": [
            {"anchor": heading.anchor, "heading": heading.text} for heading in outline.headings if heading.anchor
        ],
        "updated": updated.isoformat() if (updated := updated_on(article)) else None,
        "segments": list(article.segments),
    }


def trending_api(pins: Iterable[PinCard], site_url: str, language: Language) -> bytes:
    """``/api/trending.json``: today's pins without counts."""
    shown = [
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
    return to_json({"pins": shown})


def happening_file(pins: Iterable[PinCard], index: str, documents: Mapping[str, int]) -> bytes:
    """The pins that the empty search box offers, and that search lifts a little; urls are site-relative.

    ``documents`` are the numbers of articles in the search index ``index``, by url.
    """
    shown = [
        {
            "title": pin.title,
            "url": pin.url,
            "band": pin.band,
            "segment": pin.segment,
            "until": pin.until.isoformat(),
            "document": documents.get(pin.url),
        }
        for pin in pins
    ]
    return to_json({"index": index, "pins": shown})


def to_json(value: Mapping[str, Any]) -> bytes:
    """Compact JSON with a line break at its end; dates are ISO dates."""
    return msgspec.json.encode(value, enc_hook=str.__str__) + b"\n"  # Markup is text to it then.
