"""JSON for programs keeps its shapes."""

import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

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


_VALUES = st.recursive(
    st.text() | st.text().map(Markup) | st.integers(-(2**63), 2**63) | st.booleans() | st.none(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(_VALUES)
def test_json_is_compact_and_has_dates(value: object) -> None:
    written = {"value": value, "day": date(2026, 10, 1)}
    expected = json.dumps(written, ensure_ascii=False, separators=(",", ":"), default=date.isoformat)
    assert api_files.to_json(written) == f"{expected}\n".encode()
