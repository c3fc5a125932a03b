"""Exports of the tools that have a preset, as their spreadsheets and interfaces write them."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from kb_builder.mentions.settings import TrendingSettings
from tests.made_mentions import LAST, TOPICS, customers, people, read, row, write_csv, write_jsonl

A, B = TOPICS[:2]


def pages(tmp_path: Path, key: str, rows: Sequence[object]) -> Path:
    return write_jsonl(tmp_path / f"{key}-pages.jsonl", [{key: rows[:1], "count": 1}, {key: rows[1:], "next": None}])


@pytest.mark.parametrize(
    ("key", "rows"),
    [
        (
            "tickets",
            [{"created_at": f"{LAST}T08:00:00Z", "requester_id": n, "id": n, "subject": "x"} for n in range(3)],
        ),
        (
            "conversations",
            [
                {"created_at": 1777536000, "id": n, "source": {"body": "x", "author": {"type": "user", "id": n}}}
                for n in range(3)
            ],
        ),
        (
            "results",
            [
                {
                    "id": str(n),
                    "properties": {"createdate": f"{LAST}T08:00:00Z", "subject": "x"},
                    "associations": {"contacts": {"results": [{"id": f"{n}", "type": "ticket_to_contact"}]}},
                }
                for n in range(3)
            ],
        ),
        (
            "data",
            [
                {
                    "created_datetime": f"{LAST}T08:00:00",
                    "channel": "email",
                    "id": n,
                    "customer": {"id": n},
                    "excerpt": "x",
                }
                for n in range(3)
            ],
        ),
    ],
)
def test_pages_of_an_api_hold_its_rows(tmp_path: Path, key: str, rows: Sequence[object]) -> None:
    mentions = read(pages(tmp_path, key, rows), match=lambda texts: [(A, 1.0)] * len(texts))
    assert (mentions.reading.rows, mentions.reading.bad) == (3, 0)
    assert customers(mentions, A) == {LAST: 3}


def test_a_page_longer_than_the_sampled_head(tmp_path: Path) -> None:
    rows = [{**row(LAST, f"c{n}", A), "text": "word " * 200} for n in range(1500)]
    assert people(write_jsonl(tmp_path / "m.jsonl", [{"tickets": rows}])) == 1500


def test_zendesk_views(tmp_path: Path) -> None:
    columns = ("Summation column", "Id", "Subject", "Requester", "Requester id", "Tags", "Status", "Via", "Created at")
    rows = [
        {"Id": str(n), "Requester id": str(n), "Tags": "late vip", "Via": via, "Created at": f"{LAST} 08:12"}
        for n, via in enumerate(("Web Form", "Mail", "Chat"))
    ]
    mentions = read(write_csv(tmp_path / "z.csv", rows, columns), settings=TrendingSettings(tags={"late": A}))
    assert customers(mentions, A) == {LAST: 3}
    assert mentions.reading.unknown_channels == 0


def test_freshdesk_spreadsheets(tmp_path: Path) -> None:
    columns = ("Ticket ID", "Subject", "Status", "Source", "Created time", "Tags", "Contact ID")
    rows = [
        {"Ticket ID": str(n), "Source": source, "Created time": f"{LAST} 10:11:12", "Tags": A, "Contact ID": str(n)}
        for n, source in enumerate(("Email", "Feedback Widget", "Outbound Email"))
    ]
    mentions = read(write_csv(tmp_path / "f.csv", rows, columns), settings=TrendingSettings(tags={A: A}))
    assert customers(mentions, A) == {LAST: 2}
    assert (mentions.reading.not_from_customers, mentions.reading.unknown_channels) == (1, 0)


def test_a_ticket_in_a_spreadsheet_and_from_the_api_is_one(tmp_path: Path) -> None:
    columns = ("Ticket ID", "Subject", "Source", "Created time", "Tags", "Email")
    sheet = {"Ticket ID": "7", "Source": "Email", "Created time": f"{LAST} 08:00:00", "Email": "x", "Tags": "late"}
    api = {"id": 7, "source": 1, "created_at": f"{LAST}T08:00:00Z", "requester_id": 5, "tags": ["late"], "subject": "s"}
    mentions = read(
        write_csv(tmp_path / "f.csv", [sheet], columns), write_jsonl(tmp_path / "f.jsonl", [api]),
        settings=TrendingSettings(tags={"late": A}),
    )  # fmt: skip
    assert mentions.reading.duplicates == 1
    assert customers(mentions, A) == {LAST: 1}


def test_zendesk(tmp_path: Path) -> None:
    ticket = {"created_at": f"{LAST}T08:00:00Z", "subject": "Late", "description": "my parcel", "tags": [A, "x"]}
    path = write_jsonl(
        tmp_path / "z.jsonl",
        [
            {**ticket, "id": 1, "requester_id": 11, "via": {"channel": "web"}, "status": "open", "article_id": A},
            {**ticket, "id": 2, "requester_id": 12, "via": {"channel": "api"}, "status": "deleted", "article_id": A},
        ],
    )
    mentions = read(path)
    assert customers(mentions, A) == {LAST: 1}
    assert (mentions.reading.not_from_customers, mentions.reading.unknown_channels) == (1, 0)


def test_freshdesk_leaves_spam_and_what_was_sent_out(tmp_path: Path) -> None:
    columns = ("id", "created_at", "requester_id", "source", "spam", "subject", "article_id")
    rows = [
        {"source": "2", "spam": "false", "requester_id": "1"},
        {"source": "1", "spam": "true", "requester_id": "2"},
        {"source": "10", "spam": "false", "requester_id": "3"},
    ]
    for number, each in enumerate(rows):
        each.update(id=str(number), created_at=f"{LAST}T08:00:00Z", subject="x", article_id=A)
    assert people(write_csv(tmp_path / "f.csv", rows, columns)) == 1


def test_intercom_counts_only_what_customers_write(tmp_path: Path) -> None:
    def conversation(number: int, author: str) -> dict[str, object]:
        source = {"type": "conversation", "body": "<p>Hi</p>", "author": {"type": author, "id": f"u{number}"}}
        return {"id": number, "created_at": 1777536000, "source": source, "article_id": A}

    path = write_jsonl(
        tmp_path / "i.jsonl", [conversation(n, kind) for n, kind in enumerate(("user", "lead", "admin", "bot"))]
    )
    assert people(path) == 2


def test_gorgias_and_hubspot(tmp_path: Path) -> None:
    gorgias = {
        "id": 5,
        "created_datetime": f"{LAST}T08:00:00+00:00",
        "channel": "email",
        "customer": {"id": 9},
        "tags": [{"name": "x"}, {"name": "late"}],
        "subject": "s",
        "excerpt": "e",
    }
    hubspot = {"id": "1", "properties": {"createdate": f"{LAST}T08:00:00Z", "subject": "s", "article_id": B}}
    settings = TrendingSettings(tags={"late": A})
    mentions = read(
        write_jsonl(tmp_path / "g.jsonl", [gorgias]), write_jsonl(tmp_path / "h.jsonl", [hubspot]), settings=settings
    )
    assert customers(mentions, A) == customers(mentions, B) == {LAST: 1}


@pytest.mark.parametrize("shape", ["lines", "wrapped", "pages"])
def test_x_posts_without_reposts(tmp_path: Path, shape: str) -> None:
    posts: list[dict[str, object]] = [
        {"id": str(n), "author_id": f"a{n}", "created_at": f"{LAST}T08:00:00.000Z", "text": "parcel"} for n in range(3)
    ]
    posts[2]["referenced_tweets"] = [{"type": "retweeted", "id": "0"}]
    objects: list[object] = {"lines": posts, "wrapped": [{"data": p} for p in posts], "pages": [{"data": posts}]}[shape]
    mentions = read(write_jsonl(tmp_path / "x.jsonl", objects), match=lambda texts: [(A, 1.0)] * len(texts))
    assert customers(mentions, A) == {LAST: 2}
    assert mentions.reading.not_from_customers == 1


def test_twcs_counts_first_messages_of_customers(tmp_path: Path) -> None:
    columns = ("tweet_id", "author_id", "inbound", "created_at", "text", "response_tweet_id", "in_response_to_tweet_id")
    base = {"created_at": "Thu Apr 30 08:00:00 +0000 2026", "text": "parcel"}
    rows = [
        {**base, "tweet_id": "1", "author_id": "7", "inbound": "True"},
        {**base, "tweet_id": "2", "author_id": "Shop", "inbound": "False"},
        {**base, "tweet_id": "3", "author_id": "8", "inbound": "True", "in_response_to_tweet_id": "2"},
    ]
    mentions = read(write_csv(tmp_path / "t.csv", rows, columns), match=lambda texts: [(A, 1.0)] * len(texts))
    assert customers(mentions, A) == {LAST: 1}
