"""Anchors are the words of their headings, in every script, and the same wherever a heading is."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.commands.mkdocs_config import _EXTENSIONS
from kb_builder.config import Extensions
from kb_builder.markdown.anchors import find_anchor
from kb_builder.markdown.convert import Converter
from kb_builder.markdown.slugs import words_anchor
from kb_builder.model import Outline

CONVERTER = Converter(Extensions(("toc", *_EXTENSIONS), _EXTENSIONS))
WORDS = st.lists(
    st.sampled_from(["Возврат", "返金", "लौटाना", "الطلبات", "Rückgabe", "refund", "2024", "🚀", "C++", "?"]),
    min_size=1, max_size=3,
).map(" ".join)  # fmt: skip


def outline(text: str) -> Outline:
    return CONVERTER.convert(text).outline


def anchors(text: str) -> list[str]:
    return [heading.anchor for heading in outline(text).headings]


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Schrödinger's café", "schrodingers-cafe"),
        ("Редактор", "редактор"),
        ("第一章 開始", "第一章-開始"),
        ("रद्द करना", "रद्द-करना"),
        ("مرحبا بالعالم", "مرحبا-بالعالم"),
        ("第1章", "第1章"),
        ("1. Numbered heading", "1-numbered-heading"),
        ("2024", "2024"),
        ("🚀 Getting started", "getting-started"),
        ("title {#A.__call__}", "A.__call__"),
        ("title{#x_y_z}", "x_y_z"),
        ("title {#}", "title"),
        ("What is *this*? { #custom-id .klass }", "custom-id"),
    ],
)
def test_a_heading_has_its_own_words_as_anchor(heading: str, anchor: str) -> None:
    assert anchors(f"## {heading}\n\nText.\n") == [anchor]


def test_the_numbered_form_of_earlier_versions_stays_on_the_page() -> None:
    found = outline("## Редактор\n\na\n\n## Fees\n\nb\n\n## Fees\n\nc d e f g\n")
    assert [heading.anchor for heading in found.headings] == ["редактор", "fees", "fees-c-d-e-f"]
    assert {"_1", "fees_1"} <= set(found.anchors)


def test_a_repeated_heading_is_distinguished_by_the_heading_above_it() -> None:
    assert anchors("## Returns\n\n### Cost\n\na\n\n## Exchanges\n\n### Cost\n\nb\n") == [
        "returns", "cost", "exchanges", "exchanges-cost",
    ]  # fmt: skip


def test_an_explicit_anchor_wins_over_a_heading_of_that_name() -> None:
    assert anchors("## Fees\n\na\n\n## What you pay {#fees}\n\nb\n") == ["fees-a", "fees"]


@given(st.lists(WORDS, max_size=8))
def test_anchors_are_unique_and_lead_to_their_headings(headings: list[str]) -> None:
    found = outline("\n\n".join(f"## {heading}\n\nText {number} here." for number, heading in enumerate(headings)))
    assert len(set(found.anchors)) == len(found.anchors)
    for heading in found.headings:
        assert heading.anchor
        assert find_anchor(found, quote(heading.anchor)) == heading.anchor


FOREIGN = st.lists(st.sampled_from(["Возврат", "返金", "लौटाना", "الطلبات", "1", "🚀"]), min_size=1, max_size=3).map(
    " ".join
)


@given(st.lists(FOREIGN, min_size=2, max_size=6, unique_by=words_anchor))
def test_an_anchor_does_not_depend_on_where_its_heading_stands(headings: list[str]) -> None:
    parts = [f"## {heading}\n\nText." for heading in headings]
    before, after = anchors("\n\n".join(parts)), anchors("\n\n".join(reversed(parts)))
    assert before == list(reversed(after))


@pytest.mark.parametrize(
    ("fragment", "anchor"),
    [
        ("before-it-ships", "before-it-ships"),
        ("Before%20it%20ships", "before-it-ships"),
        ("Before-it-ships", "before-it-ships"),
        ("%D1%80%D0%B5%D0%B4%D0%B0%D0%BA%D1%82%D0%BE%D1%80", "редактор"),
        ("schrödingers-café", "schrodingers-cafe"),
        ("-getting-started", "getting-started"),
        ("fees-1", "fees_1"),
        ("_1", "_1"),
        ("nothing", None),
        ("", None),
        ("%ff", None),
    ],
)
def test_a_link_names_a_heading_by_anchor_or_words(fragment: str, anchor: str | None) -> None:
    page = outline(
        "## Before it ships\n\na\n\n## Редактор\n\nb\n\n## Schrödinger's café\n\nc\n\n## 🚀 Getting started\n\nd\n\n"
        "## Fees\n\ne\n\n## Fees\n\nf\n"
    )
    assert find_anchor(page, fragment) == anchor
