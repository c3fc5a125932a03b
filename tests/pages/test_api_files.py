"""JSON for programs keeps its shapes."""

import json

from kb_builder.pages import api_files
from tests.pages.small_view import ENGLISH, HOSTILE, OUTLINES, PIN, URL, view


def test_the_articles_api_keeps_its_contract() -> None:
    articles = json.loads(api_files.articles_api(api_files.Listing(view(), OUTLINES, URL, "en")))["articles"]
    assert articles[0] == {
        "id": "one",
        "title": HOSTILE,
        "answer": "Yes.",
        "url": f"{URL}faq/a/one/",
        "short_url": f"{URL}a/one/",
        "markdown_url": f"{URL}faq/a/one/index.md",
        "language": "en",
        "sections": [{"anchor": "how", "heading": "How"}],
        "updated": "2026-10-01",
        "segments": ["islands"],
    }
    assert [article["id"] for article in articles] == ["one", "two"]


def test_the_trending_api_has_no_numbers() -> None:
    (pin,) = json.loads(api_files.trending_api([PIN], URL, ENGLISH))["pins"]
    assert pin["why"] == "many customers since Thursday"
    assert set(pin) == {"id", "title", "url", "segment", "segment_name", "since", "why", "until"}
