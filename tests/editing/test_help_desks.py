"""Exports of other tools are read for what they are."""

import pytest

from kb_builder.editing.help_desks import Exported, parse_export
from kb_builder.errors import InputError

ZENDESK = {
    "articles": [
        {
            "id": 360001,
            "title": "Where is my order?",
            "body": "<p>Here.</p>",
            "section_id": 11,
            "html_url": "https://help.example.com/hc/en-us/articles/360001-Where-is-my-order",
            "label_names": ["tracking", "parcel"],
            "position": 2,
            "promoted": True,
            "draft": False,
            "user_segment_id": None,
        },
        {"id": 360002, "name": "For agents", "body": None, "draft": True, "user_segment_id": 5},
    ],
    "sections": [{"id": 11, "name": "Delivery", "category_id": 1}],
    "categories": [{"id": 1, "name": "Orders"}],
}


def test_zendesk() -> None:
    assert parse_export("zendesk", ZENDESK) == (
        Exported(
            id="360001",
            title="Where is my order?",
            html="<p>Here.</p>",
            folders=("Orders", "Delivery"),
            old_paths=("/hc/en-us/articles/360001", "/hc/en-us/articles/360001-Where-is-my-order"),
            asked_as=("tracking", "parcel"),
            order=2,
            promoted=True,
        ),
        Exported(id="360002", title="For agents", html="", draft=True, staff=True),
    )


def test_several_answers_in_a_list_are_one_export() -> None:
    pages = [{"articles": [article]} for article in ZENDESK["articles"]] + [{**ZENDESK, "articles": []}]
    assert parse_export("zendesk", pages) == parse_export("zendesk", ZENDESK)


def test_intercom() -> None:
    data = [
        {
            "type": "list",
            "data": [
                {
                    "type": "article",
                    "id": "7",
                    "title": "Refunds",
                    "description": "When money comes.",
                    "body": "<p>Soon.</p>",
                    "state": "draft",
                    "parent_id": 3,
                    "url": "https://help.example.com/en/articles/7-refunds",
                }
            ],
        },
        {
            "type": "list",
            "data": [
                {"type": "collection", "id": "3", "name": "Money back", "parent_id": "2"},
                {"type": "collection", "id": "2", "name": "Returns", "parent_id": None},
            ],
        },
    ]
    assert parse_export("intercom", data) == (
        Exported(
            id="7",
            title="Refunds",
            html="<p>Soon.</p>",
            folders=("Returns", "Money back"),
            old_paths=("/en/articles/7", "/en/articles/7-refunds"),
            description="When money comes.",
            draft=True,
        ),
    )


def test_freshdesk() -> None:
    data = {
        "categories": [
            {"id": 1, "name": "Shop", "folders": [{"id": 2, "name": "Secrets", "visibility": 3, "category_id": 1}]}
        ],
        "articles": [
            {
                "id": 9,
                "title": "Codes",
                "description": "<p>x</p>",
                "status": 2,
                "folder_id": 2,
                "category_id": 1,
                "tags": ["codes"],
                "seo_data": {"meta_keywords": "code, secret", "meta_description": "All codes."},
            }
        ],
    }
    assert parse_export("freshdesk", data) == (
        Exported(
            id="9",
            title="Codes",
            html="<p>x</p>",
            folders=("Shop", "Secrets"),
            old_paths=("/support/solutions/articles/9",),
            description="All codes.",
            asked_as=("code", "secret"),
            tags=("codes",),
            staff=True,
        ),
    )


def test_a_bare_list_is_one_of_articles() -> None:
    assert [item.id for item in parse_export("freshdesk", [{"id": 9, "title": "Codes"}])] == ["9"]


def test_a_title_is_one_line_of_what_can_be_seen() -> None:
    (article,) = parse_export("zendesk", [{"id": 1, "title": " a\u202e\n b\x00 "}, {"id": None, "title": "no id"}])
    assert article.title == "a b"
    (article,) = parse_export("zendesk", [{"id": 1, "title": ""}])
    assert article.title == "Untitled 1"


@pytest.mark.parametrize("data", [{}, [], None, "text", 3, {"articles": "x"}, {"articles": [1, None]}, [[{"id": 1}]]])
@pytest.mark.parametrize("tool", ["zendesk", "intercom", "freshdesk"])
def test_what_is_no_export_is_refused(tool: str, data: object) -> None:
    with pytest.raises(InputError, match="articles in this file") as caught:
        parse_export(tool, data, "export.json")
    assert caught.value.where == "export.json"
    assert caught.value.hint.startswith("export /")


def test_collections_in_a_circle_end() -> None:
    data = [
        {"articles": [{"type": "article", "id": 1, "title": "T", "parent_id": 2}]},
        {"collections": [{"type": "collection", "id": 2, "name": "A", "parent_id": 3}]},
        {"collections": [{"type": "collection", "id": 3, "name": "B", "parent_id": 2}]},
    ]
    assert parse_export("intercom", data)[0].folders == ("B", "A")


@pytest.mark.parametrize(
    ("tool", "article", "owner"),
    [
        ("zendesk", {"id": 1, "title": "A", "folder_id": 2}, "freshdesk"),
        ("freshdesk", {"id": 1, "title": "A", "section_id": 2}, "zendesk"),
        ("zendesk", {"id": "1", "title": "A", "workspace_id": "x"}, "intercom"),
    ],
)
def test_an_export_of_another_tool_is_named(tool: str, article: dict[str, object], owner: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_export(tool, {"articles": [article]})
    assert refused.value.hint == f"it looks like {owner.capitalize()}'s: kb import {owner}"
