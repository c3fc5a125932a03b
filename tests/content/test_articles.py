"""A folder of Markdown becomes articles and categories, or findings with their places."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kb_builder.content.articles import Contents, Kept, parse_article, read_articles
from kb_builder.errors import Severity
from kb_builder.model import Article, Category
from tests.content.test_articles_kept import Memory

LONDON = ZoneInfo("Europe/London")
ARTICLES = "content/articles"


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / ARTICLES / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def article(title: str = "T", **keys: str) -> str:
    header = "".join(f"{key}: {value}\n" for key, value in {"title": title, **keys}.items())
    return f"---\n{header}---\nBody.\n"


def read(root: Path, files: dict[str, str]) -> Contents:
    write(root, files)
    return read_articles(root, zone=LONDON)


def errors(contents: Contents) -> list[str]:
    return [str(finding) for finding in contents.findings if finding.severity is Severity.ERROR]


def test_articles_and_categories(tmp_path: Path) -> None:
    contents = read(
        tmp_path,
        {
            "faq/orders/_category.yml": "title: Orders\ndescription: From basket to door.\norder: 2\nicon: cart\n",
            "faq/orders/cancel.md": article(id="cancel-order"),
            "policies/Returns & refunds.md": article(id="returns"),
            "policies/seal.png": "not an article",
        },
    )
    assert [(item.id, item.url, item.type) for item in contents.articles] == [
        ("cancel-order", "faq/orders/cancel/", "faq"),
        ("returns", "policies/Returns-refunds/", "policy"),
    ]
    assert contents.categories == (
        Category("faq", "Faq", folder="content/articles/faq"),
        Category(
            "faq/orders",
            "Orders",
            "From basket to door.",
            2,
            "cart",
            "content/articles/faq/orders/_category.yml",
            folder="content/articles/faq/orders",
            has_description=True,
        ),
        Category("policies", "Policies", folder="content/articles/policies"),
    )
    assert contents.findings == ()


def test_every_header_key_reaches_the_article() -> None:
    text = """\
---
id: returns
title: Returns
type: policy
summary: What you can send back.
shortTitle: Back
answer: "**Thirty** days."
replies: {sms: 30 days}
must_say: Thirty days.
keywords: send back, return it
tags: [returns]
segments: [islands]
weight: 4
audience: staff
draft: true
unlisted: true
publishDate: 2026-06-01
expiryDate: 2027-01-01T00:00:00Z
effective_date: 2026-01-01
last_reviewed_on: 2026-08-31
review_in: 6 months
owner: Returns team
aliases: [/old/]
related: [refunds]
search: {boost: 2, exclude: yes}
promoted: {until: 2026-12-01}
trending: no
---

Body."""
    parsed = parse_article("content/articles/x.md", "x/", text, zone=LONDON)
    assert parsed.findings == ()
    made = parsed.article
    assert made is not None
    assert made.publish_date is not None
    assert made.publish_date.isoformat() == "2026-06-01T00:00:00+01:00"
    assert made.expiry_date is not None
    assert made.promoted_until is not None
    assert made == Article(
        id="returns", path="content/articles/x.md", url="x/", title="Returns", body="\nBody.", body_line=29,
        type="policy", description="What you can send back.", nav_title="Back", answer="Thirty days.",
        answer_markdown="**Thirty** days.", replies=(("sms", "30 days"),), must_say=("Thirty days.",),
        asked_as=("send back", "return it"), tags=("returns",), segments=("islands",), order=4, audience="staff",
        draft=True, unlisted=True, publish_date=made.publish_date, expiry_date=made.expiry_date,
        effective_date=date(2026, 1, 1), last_reviewed_on=date(2026, 8, 31), review_by=date(2027, 2, 28),
        owner="Returns team", redirect_from=("/old/",), related=("refunds",), search_boost=2.0, search_exclude=True,
        promoted=True, promoted_until=made.promoted_until, trending=False, has_id=True, lines=made.lines,
    )  # fmt: skip
    assert (made.line_of("id"), made.line_of("description"), made.line_of("trending")) == (2, 5, 27)


def test_a_missing_id_is_made_from_the_path_and_reported(tmp_path: Path) -> None:
    contents = read(tmp_path, {"faq/Cancel it.md": article()})
    assert (contents.articles[0].id, contents.articles[0].has_id) == ("faq-cancel-it", False)
    (finding,) = contents.findings
    assert (finding.code, finding.severity, finding.hint) == (
        "missing-id",
        Severity.WARNING,
        "add the line id: faq-cancel-it",
    )


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"a.md": article(id="x"), "b.md": article(id="x")},
            'content/articles/b.md:3: error: the id "x" is taken by content/articles/a.md:3',
        ),
        (
            {"faq/a.md": article(id="x"), "faq/a/index.md": article(id="y")},
            "content/articles/faq/a/index.md: error: would be published at /faq/a/, like content/articles/faq/a.md",
        ),
        (
            {"faq/a.md": article(id="x"), "faq/a/b.md": article(id="y")},
            "content/articles/faq/a.md: error: would be published at /faq/a/, like the folder content/articles/faq/a",
        ),
        (
            {"faq/a & b.md": article(id="x"), "faq/a-b.md": article(id="y")},
            "content/articles/faq/a-b.md: error: would be published at /faq/a-b/, like content/articles/faq/a & b.md",
        ),
        (
            {"R & D/a.md": article(id="x"), "r-d/b.md": article(id="y")},
            "content/articles/r-d: error: would be published at /r-d/, like the folder content/articles/R & D",
        ),
        (
            {"faq/Ask?.md": article(id="x"), "faq/ask.md": article(id="y")},
            "content/articles/faq/ask.md: error: would be published at /faq/ask/, like content/articles/faq/Ask?.md",
        ),
        ({"a.md": "No header."}, "content/articles/a.md:1: error: the file has no header"),
        (
            {"a.md": article(), "_category.yml": "tilte: x"},
            'content/articles/_category.yml:1: error: unknown key "tilte"',
        ),
        ({"a.md": article(tile="x")}, 'content/articles/a.md:3: error: unknown key "tile"\n  did you mean "title"?'),
        ({}, "content/articles: error: there are no articles\n  make the first one: kb new article"),
    ],
)
def test_each_mistake_is_one_error_with_its_line(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    shown = errors(read(tmp_path, files))
    assert len(shown) == 1
    assert shown[0].startswith(expected)


def test_files_that_cannot_be_read_are_findings(tmp_path: Path) -> None:
    write(tmp_path, {"good.md": article(id="good")})
    (tmp_path / ARTICLES / "bad.md").write_bytes(b"---\ntitle: \xff\n---\n")
    (tmp_path / ARTICLES / "link.md").symlink_to(tmp_path / ARTICLES / "good.md")
    contents = read_articles(tmp_path, zone=LONDON)
    assert [item.id for item in contents.articles] == ["good"]
    assert [(finding.path, finding.line) for finding in contents.findings] == [
        ("content/articles/bad.md", 2),
        ("content/articles/link.md", 0),
    ]


def test_other_markdown_suffixes_are_reported(tmp_path: Path) -> None:
    contents = read(tmp_path, {"a.md": article(id="a"), "b.markdown": article(id="b")})
    assert [(finding.path, finding.code) for finding in contents.findings] == [
        ("content/articles/b.markdown", "not-an-article")
    ]


def test_a_withheld_article_still_keeps_its_address(tmp_path: Path) -> None:
    contents = read(tmp_path, {"faq/a.md": article(tile="x"), "faq/a/index.md": article(id="y")})
    assert {finding.code for finding in contents.findings} == {"unknown-key", "url-clash"}


def test_a_memory_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": article(id="a"), "b.md": article(tile="x"), "c.md": article(publish_date="2026-06-01")})
    plain = read_articles(tmp_path, zone=LONDON)
    memory = Memory()
    assert read_articles(tmp_path, zone=LONDON, kept=Kept(memory)) == plain
    kept = dict(memory)
    assert read_articles(tmp_path, zone=LONDON, kept=Kept(memory)) == plain
    assert memory == kept
    for damage in (b"damaged", b"{}", b"[]", b'{"a": 1}', b'{"content/articles/a.md":["x",1]}', b"[4,[]]\n"):
        memory.update(dict.fromkeys(memory, damage))
        assert read_articles(tmp_path, zone=LONDON, kept=Kept(memory)) == plain
    read_articles(tmp_path, zone=ZoneInfo("Asia/Tokyo"), kept=Kept(memory))
    assert len(memory) > len(kept)


def test_recalled_times_are_in_the_zone_of_the_site(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": article(id="a", publish_date="2026-06-01T10:00:00+09:00")})
    memory = Memory()
    for _ in range(2):
        (found,) = read_articles(tmp_path, zone=LONDON, kept=Kept(memory)).articles
        assert found.publish_date is not None
        assert (found.publish_date.tzinfo, found.publish_date.hour) == (LONDON, 2)


@pytest.mark.parametrize("body", ["", "\n\n", "## Steps\n", "<!-- to do -->\n"])
def test_an_empty_article_is_an_error_unless_it_is_a_draft_or_has_an_answer(body: str) -> None:
    def codes(header: str) -> set[str]:
        found = parse_article("content/articles/a.md", "a/", f"---\nid: a\ntitle: T\n{header}---\n{body}", zone=LONDON)
        return {finding.code for finding in found.findings}

    assert codes("") == {"empty-article"}
    assert codes("draft: true\n") == codes("answer: Yes.\n") == set()


def test_many_files_are_read_the_same_by_several_workers(tmp_path: Path) -> None:
    files = {f"faq/orders/a{number}.md": article(f"T {number}", publish_date="2026-07-01") for number in range(900)}
    alone = read(tmp_path, {**files, "faq/orders/odd.md": "no header", "faq/orders/a7.md": article(type="novel")})
    assert errors(alone)
    assert read_articles(tmp_path, zone=LONDON, jobs=2) == alone
    assert len(alone.articles) == 899
