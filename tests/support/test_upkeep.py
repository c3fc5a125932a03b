"""The upkeep report, with free text redacted."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest

from kb_builder.errors import InputError
from kb_builder.model import Article, Gap
from kb_builder.support.upkeep import ArticleFeedback, Counted, render, report
from kb_builder.translating.status import Standing, State

TODAY = date(2026, 11, 21)


def article(article_id: str, **fields: object) -> Article:
    known = {"path": f"content/articles/{article_id}.md", "url": f"{article_id}/", "title": article_id.title()}
    return Article(id=article_id, body="", body_line=4, **known, **fields)  # type: ignore[arg-type]


def log(folder: Path, *messages: object) -> Path:
    path = folder / f"log-{len(list(folder.iterdir()))}.jsonl"
    lines = [message if isinstance(message, str) else json.dumps(message) for message in messages]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_reviews_and_owners() -> None:
    made = report(
        [
            article("refunds", review_by=date(2026, 11, 20), owner="Returns"),
            article("orders", review_by=date(2026, 11, 21), owner="Care"),
            article("terms", review_by=date(2025, 11, 20)),
            article("gifts", owner="Care"),
        ],
        TODAY,
    )
    assert [(item.id, item.days) for item in made.overdue] == [("terms", 366), ("refunds", 1)]
    assert made.without_owner == ("terms",)
    assert made.without_review == ("gifts",)


def test_answers_are_counted_per_article(tmp_path: Path) -> None:
    path = log(
        tmp_path,
        {"article": "orders", "helped": True},
        {"article": "refunds", "helped": False},
        {"article": "refunds", "reason": "unclear", "comment": "My card 4111 1111 1111 1111"},
        {"article_id": "refunds", "helped": False, "reason": "unclear", "text": "Mail jane@example.com"},
        {"article": "refunds", "helped": True},
        {"article": "gone", "helped": True},
    )
    made = report([article("orders"), article("refunds")], TODAY, logs=[path])
    assert made.helped == (
        ArticleFeedback(
            "refunds",
            "Refunds",
            1,
            2,
            (Counted("unclear", 2),),
            (Counted("Mail [e-mail address]", 1), Counted("My card [card number]", 1)),
        ),
        ArticleFeedback("orders", "Orders", 1, 0, (), ()),
    )
    assert (made.unknown_articles, made.bad_lines) == (1, 0)


def test_searches_are_counted_ignoring_case(tmp_path: Path) -> None:
    path = log(
        tmp_path, {"search": "Gift card"}, {"search": "gift  card"}, {"query": "+44 20 7946 0958"}, {"search": "a"}
    )
    made = report([], TODAY, logs=[path])
    assert made.searches == (Counted("gift card", 2), Counted("[number]", 1), Counted("a", 1))


def test_one_log_may_hold_both_kinds(tmp_path: Path) -> None:
    path = log(tmp_path, {"search": "gift card"}, {"article": "orders", "helped": True})
    made = report([article("orders")], TODAY, logs=[path, path])
    assert (len(made.helped), len(made.searches), made.bad_lines) == (1, 1, 0)


def test_invalid_lines_are_counted_and_skipped(tmp_path: Path) -> None:
    path = log(
        tmp_path,
        "not json",
        "[1]",
        '{"x": 1}',
        "",
        "[" * 100_000,
        '{"article": true}',
        {"article": "orders", "helped": True},
    )
    path.write_bytes(b"\xff\xfe\n" + path.read_bytes())
    made = report([article("orders")], TODAY, logs=[path])
    assert made.bad_lines == 6
    assert made.helped[0].yes == 1


def test_the_order_of_lines_does_not_matter(tmp_path: Path) -> None:
    messages = [
        {"article": "orders", "helped": answer, "comment": comment} for answer in (True, False) for comment in "ab"
    ]
    one, other = log(tmp_path, *messages), log(tmp_path, *reversed(messages))
    assert report([article("orders")], TODAY, logs=[one]) == report([article("orders")], TODAY, logs=[other])


def test_missing_log(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file") as caught:
        report([], TODAY, logs=[tmp_path / "none.jsonl"])
    assert caught.value.where.endswith("none.jsonl")


def test_text_and_json(tmp_path: Path) -> None:
    path = log(
        tmp_path,
        *({"article": "refunds", "helped": False, "reason": "unclear", "comment": "Too long"} for _ in range(2)),
        {"article": "gone", "helped": False},
        {"search": "flux capacitor"},
        "x",
    )
    gap = Gap("flux", 9, 1.0, date(2026, 11, 18), ())
    made = report(
        [article("refunds", review_by=date(2026, 1, 1)), *(article(f"a{number}") for number in range(25))],
        TODAY,
        logs=[path],
        gaps=[gap],
    )
    assert json.loads(json.dumps(asdict(made), default=str))["overdue"][0]["due"] == "2026-01-01"
    text = render(made)
    assert text.startswith(
        "Reviews overdue: 1 of 26 articles\n"
        "  2026-01-01  Refunds, no owner: content/articles/refunds.md\n\n"
        "Without an owner: 26\n"
        "  a0\n"
    )
    assert text.count("a17") == 2
    assert "  and 6 more; --json has all of them\n\nWithout a review date: 25\n" in text
    assert text.endswith(
        "Did this help? Most “no” first\n"
        "  0 yes, 2 no: Refunds\n"
        "      2 × unclear\n"
        "      “Too long” (2 times)\n\n"
        "Answers about articles that are not published: 1\n\n"
        "Searches without a result\n"
        "      1  flux capacitor\n\n"
        "Gaps: questions no article answers\n"
        "      9 customers since 2026-11-18: flux\n\n"
        "Log lines that are not valid messages: 1"
    )


def test_translations_by_what_customers_ask_about() -> None:
    def standing(id: str, language: str, state: State, asked: int, *, important: bool = False) -> Standing:
        return Standing(id, id.title(), language, state, asked, f"{id}.md", "", important, "0123456789")

    made = report(
        [article("orders")],
        TODAY,
        translations=[
            standing("orders", "de", "up to date", 90), standing("gifts", "de", "missing", 4),
            standing("terms", "ar", "stale", 4, important=True), standing("refunds", "ar", "missing", 30),
            standing("gifts", "ar", "unmarked", 9),
        ],
    )  # fmt: skip
    assert [(one.id, one.language) for one in made.translations] == [
        ("refunds", "ar"),
        ("terms", "ar"),
        ("gifts", "de"),
    ]
    text = render(made)
    assert "Translations missing or older than their source: 3, most asked about first" in text
    assert "   30 customers: missing in ar: refunds.md" in text
    assert "    4 customers: stale in ar, an important change: terms.md" in text
