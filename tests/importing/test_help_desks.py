"""Exports of other tools are read for what they are."""

from collections import Counter

import pytest

from kb_builder.errors import InputError
from kb_builder.importing.exported import STAFF_UNKNOWN, Exported, Folder
from kb_builder.importing.help_desks import TOOLS, parse_export
from kb_builder.importing.locales import in_languages

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
    assert parse_export("zendesk", ZENDESK).articles == (
        Exported(
            id="360001",
            title="Where is my order?",
            html="<p>Here.</p>",
            folders=(Folder("1", "Orders"), Folder("11", "Delivery")),
            old_paths=("/hc/en-us/articles/360001", "/hc/en-us/articles/360001-Where-is-my-order"),
            asked_as=("tracking", "parcel"),
            order=2,
            promoted=True,
        ),
        Exported(id="360002", title="For agents", html="", draft=True, staff=True),
    )


def test_several_answers_in_a_list_are_one_export() -> None:
    pages = [{"articles": [article]} for article in ZENDESK["articles"]] + [{**ZENDESK, "articles": []}]
    assert parse_export("zendesk", pages).articles == parse_export("zendesk", ZENDESK).articles


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
    assert parse_export("intercom", data).articles == (
        Exported(
            id="7",
            title="Refunds",
            html="<p>Soon.</p>",
            folders=(Folder("2", "Returns"), Folder("3", "Money back")),
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
    assert parse_export("freshdesk", data).articles == (
        Exported(
            id="9",
            title="Codes",
            html="<p>x</p>",
            folders=(Folder("1", "Shop"), Folder("2", "Secrets")),
            old_paths=("/support/solutions/articles/9",),
            description="All codes.",
            asked_as=("code", "secret"),
            tags=("codes",),
            staff=True,
        ),
    )


def test_a_bare_list_is_one_of_articles() -> None:
    assert [item.id for item in parse_export("freshdesk", [{"id": 9, "title": "Codes"}]).articles] == ["9"]


def test_a_title_is_one_line_of_what_can_be_seen() -> None:
    titles = [{"id": 1, "title": " a\u202e\n b\x00 "}, {"id": None, "title": "no id"}]
    (article,) = parse_export("zendesk", titles).articles
    assert article.title == "a b"
    (article,) = parse_export("zendesk", [{"id": 1, "title": ""}]).articles
    assert article.title == "Untitled 1"


@pytest.mark.parametrize("data", [{}, [], None, "text", 3, {"articles": "x"}, {"articles": [1, None]}, [[{"id": 1}]]])
@pytest.mark.parametrize("tool", TOOLS)
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
    assert [each.name for each in parse_export("intercom", data).articles[0].folders] == ["B", "A"]


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


def test_helpscout() -> None:
    data = [
        {"article": {"id": "5f", "number": 12, "name": "Refunds", "text": "<p>Soon.</p>", "status": "published",
                     "collectionId": "c1", "categories": ["k1", "k2"], "keywords": ["money back"], "viewCount": 3,
                     "publicUrl": "https://docs.example.com/article/12-refunds",
                     "lastPublishedAt": "2026-01-02T03:04:05Z"}},
        {"categories": {"items": [{"id": "k1", "name": "Money", "order": 2}, {"id": "k2", "name": "Other"}]}},
        {"collections": {"items": [{"id": "c1", "name": "Shop", "visibility": "public"}]}},
    ]  # fmt: skip
    assert parse_export("helpscout", data).articles == (
        Exported(
            id="12",
            title="Refunds",
            html="<p>Soon.</p>",
            folders=(Folder("c1", "Shop"), Folder("k1", "Money", 2)),
            old_paths=("/article/12", "/article/12-refunds"),
            asked_as=("money back",),
            edited_on="2026-01-02",
            losses=Counter({"count of views": 1, "place in another category": 1}),
        ),
    )


@pytest.mark.parametrize(
    ("tool", "article", "more", "staff", "unknown"),
    [
        ("zendesk", {"user_segment_id": None}, {}, False, False),
        ("zendesk", {"user_segment_id": None, "user_segment_ids": []}, {}, False, False),
        ("zendesk", {"user_segment_id": None, "user_segment_ids": [7]}, {}, True, False),
        ("zendesk", {"user_segment_id": 7}, {}, True, False),
        ("zendesk", {"section_id": 1}, {}, True, True),
        ("freshdesk", {"folder_id": 5, "status": 2}, {}, True, True),
        ("freshdesk", {"folder_id": 5, "status": 2}, {"folders": [{"id": 5, "name": "F"}]}, True, True),
        ("freshdesk", {"folder_id": 5, "status": 2}, {"folders": [{"id": 5, "visibility": 1}]}, False, False),
        ("freshdesk", {"folder_id": 5, "status": 2}, {"folders": [{"id": 5, "visibility": 2}]}, True, False),
        ("freshdesk", {"folder_id": 5, "status": 2}, {"folders": [{"id": 5, "visibility": 99}]}, True, False),
        ("helpscout", {"collectionId": "c", "status": "published"}, {}, True, True),
        ("helpscout", {"collectionId": "c"}, {"collections": [{"id": "c", "visibility": "private"}]}, True, False),
        ("helpscout", {"collectionId": "c"}, {"collections": [{"id": "c", "visibility": "public"}]}, False, False),
    ],
)
def test_missing_or_unknown_permission_means_staff_only(
    tool: str, article: dict[str, object], more: dict[str, object], staff: bool, unknown: bool
) -> None:
    (found,) = parse_export(tool, {"articles": [{"id": 1, "title": "T", **article}], **more}).articles
    assert (found.staff, STAFF_UNKNOWN in found.losses) == (staff, unknown)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"error": "Couldn't authenticate you"}, "Couldn't authenticate you"),
        (
            {"type": "error.list", "errors": [{"code": "unauthorized", "message": "Access Token Invalid"}]},
            "Access Token",
        ),
        ({"code": "invalid_credentials", "message": "You have to be logged in"}, "logged in"),
    ],
)
def test_an_answer_that_is_an_error_is_named(data: object, problem: str) -> None:
    with pytest.raises(InputError, match=f"an error of the API.*{problem}"):
        parse_export("intercom", data)


def test_what_is_announced_and_missing_and_other_languages_are_counted() -> None:
    data = {
        "count": 30,
        "articles": [
            {"id": 1, "title": "DE", "locale": "de", "source_locale": "en", "user_segment_id": None},
            {"id": 1, "title": "EN", "locale": "en", "source_locale": "en", "user_segment_id": None,
             "translations": [{"locale": "fr", "body": "<p>x</p>"}]},
        ],
    }  # fmt: skip
    found = parse_export("zendesk", data)
    (article,) = found.articles
    assert [(each.language, each.title) for each in (article, *article.translations)] == [
        ("en", "EN"), ("fr", "Untitled 1"), ("de", "DE"),
    ]  # fmt: skip
    assert in_languages(article, ()).losses == {"translation not imported: de": 1, "translation not imported: fr": 1}
    assert sum(count for what, count in found.losses.items() if what.startswith("article announced")) == 28


def test_nested_sections_keep_their_names_and_order() -> None:
    data = {
        "articles": [{"id": 1, "title": "T", "section_id": 3, "user_segment_id": None}],
        "sections": [
            {"id": 3, "name": "Inner", "parent_section_id": 2, "category_id": 1, "position": 4},
            {"id": 2, "name": "Outer", "parent_section_id": None, "category_id": 1},
        ],
        "categories": [{"id": 1, "name": "Top", "description": "All of it", "position": 2}],
    }
    assert parse_export("zendesk", data).articles[0].folders == (
        Folder("1", "Top", 2, "All of it"),
        Folder("2", "Outer"),
        Folder("3", "Inner", 4),
    )


def test_files_attached_below_an_article_of_freshdesk_are_counted() -> None:
    files = [{"id": 1, "name": "a.pdf", "attachment_url": "https://files.example/a.pdf"}, {"id": 2, "name": "b.pdf"}]
    article = {"id": 1, "title": "Pay", "description": "<p>Text</p>", "folder_id": 5, "status": 2, "attachments": files}
    (found,) = parse_export("freshdesk", {"articles": [article]}).articles
    assert found.losses["file attached below the article"] == 2
    (without,) = parse_export("freshdesk", {"articles": [{**article, "attachments": []}]}).articles
    assert "file attached below the article" not in without.losses
