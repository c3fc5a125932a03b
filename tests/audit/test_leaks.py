"""Text of unreleased articles is found in every encoding, without false alarms."""

import gzip
import html
import json
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from kb_builder.audit.leaks import Phrases, unreleased
from kb_builder.config import Extensions
from kb_builder.content.visibility import Catalogue, public_view, staff_view, withheld
from kb_builder.markdown.convert import Converter
from kb_builder.model import Action, Announcement, Article

DRAFT = Article(
    id="recall-of-kettles",
    path="content/articles/faq/products/recall.md",
    url="faq/products/recall/",
    title="We are recalling the Aurora kettle, model AK77310X",
    body="## What to do\n\nPlease *stop using* the kettle at once. Unplug it from the wall and wait for our courier.\n",
    body_line=5,
    answer="Stop using it; we collect it & refund the full price within two days.",
    asked_as=("my kettle gave me an electric shock",),
    replies=(("sms", "Do not plug it in again before Friday."),),
    action=Action("Register your kettle for the recall today", "https://shop.example.com/recall/"),
)
PHRASES = Phrases.of([DRAFT])
SENTENCE = "Unplug it from the wall and wait for our courier."


def paths(path: str, data: bytes | str) -> set[str]:
    found = PHRASES.found_in(path, data.encode() if isinstance(data, str) else data)
    return {PHRASES.phrases[hit].path for hit in found}


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("a.html", f"<p>{SENTENCE}</p>"),
        ("a.html", f"<!-- {SENTENCE} -->"),
        ("a.html", "<p>Unplug it <b>from</b>\n the <i>wall</i> and   wait for our courier</p>"),
        ("a.html", f'<meta name="description" content="{SENTENCE[:42]}…">'),
        ("a.html", f'<a href="mailto:?body={quote(SENTENCE)}">'),
        ("a.html", html.escape("We collect it & refund the full price within two days")),
        ("a.json", json.dumps({"text": f"\n{SENTENCE}\n"})),
        ("a.json", '"UNPLUG\\u0020IT FROM THE WALL AND WAIT FOR OUR COURIER"'),
        ("a.bin", zlib.compress(SENTENCE.encode(), 9)),
        ("a.bin", gzip.compress(SENTENCE.encode(), mtime=0)),
        ("a.html", f'<img src="x.png" alt="{SENTENCE}">'),
        ("a.html", "<p>Unplug it from\u00ad the wa\u200bll and wait for our courier"),
        ("a.html", "<p>Unplug it <!-- x --> from the wall and wait for our courier"),
        ("feed.xml", html.escape("<p>Unplug it <b>from</b> the wall and wait for our courier</p>")),
        ("a.mjs", "unplug\\x20it from the wall and wait for our courier"),
        ("a.txt", "<h1>We are recalling the Aurora kettle, model</h1>"),
        ("a.bin", zlib.compress(SENTENCE.encode(), 9)[2:-4]),
        ("a.bin", b"\x00\x01" + SENTENCE.encode() + b"\xff"),
        ("sitemap.xml", "<loc>https://help.example.com/faq/products/recall/</loc>"),
        ("a.html", '<a href="../../a/recall-of-kettles/">'),
        ("a/recall-of-kettles/index.html", ""),
        ("faq/products/recall/index.html", ""),
        ("a.txt", "model ak77310x"),
        ("a.txt", "…the wall and wait for our courier"),
        ("a.txt", "My kettle gave me an electric shock!"),
        ("a.txt", "“do not plug it in again before friday”"),
        ("a.txt", "Register your kettle for the recall today"),
    ],
)
def test_a_leak_is_found_in_every_encoding(path: str, data: bytes | str) -> None:
    assert paths(path, data) == {DRAFT.path}


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("a.html", "<h2>What to do</h2><p>Please stop. It is the kettle.</p>"),
        ("a.html", "<a href='../../faq/products/'>Products</a> <a href='/a/recall/'>"),
        ("a.html", "Unplug it from the mains and wait"),
        ("a.bin", b"\x1f\x8b broken"),
        ("a.txt", b"\xff\xfe\x00"),
    ],
)
def test_common_words_are_no_leak(path: str, data: bytes | str) -> None:
    assert paths(path, data) == set()


def test_text_that_is_also_public_is_no_leak() -> None:
    hits = PHRASES.found_in("a.html", f"<p>{SENTENCE}</p><p>Model AK77310X</p>".encode())
    left = PHRASES.leaked(
        hits, lambda: ["<p>Before you call: <em>unplug it from the wall and wait for our courier</em>"]
    )
    assert {PHRASES.phrases[hit].text for hit in left} == {"ak77310x"}


def test_a_sentence_is_a_secret_though_each_part_of_it_is_public() -> None:
    hits = PHRASES.found_in("a.html", f"<p>{SENTENCE}</p>".encode())
    released = ["<p>Unplug it from the wall, please.", "<p>Read on and wait for our courier."]
    assert [PHRASES.phrases[hit].text for hit in PHRASES.leaked(hits, lambda: released)] == [
        "unplug it from the wall and wait for our courier"
    ]


def test_an_html_comment_of_a_released_article_excuses_nothing() -> None:
    released = Converter(Extensions(("markdown.extensions.extra",))).convert(f"Hello.\n\n<!-- {SENTENCE} -->\n").html
    hits = PHRASES.found_in("a.html", f"<p>{SENTENCE}</p>".encode())
    assert PHRASES.leaked(hits, lambda: [released]) == set(hits)


def test_released_text_is_read_only_if_a_phrase_was_found() -> None:
    def released() -> list[str]:
        raise AssertionError("read")

    assert PHRASES.leaked((), released) == set()


def test_announcements_are_searched_for() -> None:
    notice = Announcement(
        slug="strike", path="content/announcements/strike.md", title="", severity="info",
        start=datetime(2027, 1, 1, tzinfo=UTC), end=None, body="Our couriers will be on strike all week", body_line=1,
        version="1",
    )  # fmt: skip
    phrases = Phrases.of([notice])
    assert phrases.found_in("a.html", b"<p>our couriers will be on strike all week.")
    assert not phrases.found_in("a.html", b"<p>our couriers")


def test_text_without_spaces_between_words_is_found() -> None:
    draft = Article(
        id="x",
        path="x.md",
        url="x/",
        title="电水壶召回通知请立即停止使用并等待我们的快递员上门取件谢谢",
        body="",
        body_line=1,
    )
    assert Phrases.of([draft]).found_in("a.html", f"<h1>{draft.title}</h1>".encode())


def test_without_withheld_articles_nothing_is_found() -> None:
    assert Phrases.of([]).found_in("a.html", SENTENCE.encode()) == ()


def test_digests_identify_new_phrases() -> None:
    assert Phrases.of([]).digests < PHRASES.digests
    assert Phrases.of([DRAFT]).digests == PHRASES.digests


NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MOMENT = timedelta(seconds=1)
ARTICLES = tuple(
    replace(DRAFT, path=f"{number}.md", id=f"a{number}", **changes)  # type: ignore[arg-type]
    for number, changes in enumerate(
        [
            {}, {"draft": True}, {"audience": "staff"}, {"audience": "staff", "draft": True}, {"unlisted": True},
            {"publish_date": NOW}, {"publish_date": NOW + MOMENT}, {"expiry_date": NOW}, {"expiry_date": NOW + MOMENT},
        ]
    )
)  # fmt: skip
NOTICES = tuple(
    Announcement(f"n{number}", f"n{number}.md", "", "info", NOW + ahead, None, "", 1, "1", draft=draft)
    for number, (ahead, draft) in enumerate(
        [(timedelta(0), False), (timedelta(0), True), (timedelta(days=1), False), (timedelta(days=1) + MOMENT, False)]
    )
)


def hidden(*, staff: bool = False, preview: bool = False) -> list[str]:
    return [item.path for item in unreleased((*ARTICLES, *NOTICES), NOW, staff=staff, preview=preview)]


def test_unreleased_articles_are_determined_from_headers() -> None:
    assert hidden() == ["1.md", "2.md", "3.md", "6.md", "7.md", "n1.md", "n3.md"]
    assert hidden(staff=True) == ["1.md", "3.md", "6.md", "7.md", "n1.md", "n3.md"]
    assert hidden(preview=True) == ["2.md", "3.md"]
    assert hidden(staff=True, preview=True) == []


@pytest.mark.parametrize("preview", [False, True])
def test_the_gate_and_the_audit_agree(preview: bool) -> None:
    catalogue = Catalogue(ARTICLES, (), NOTICES)
    for view, staff in ((public_view, False), (staff_view, True)):
        kept_back = withheld(catalogue, view(catalogue, NOW, preview=preview))
        assert [item.path for item in kept_back] == hidden(staff=staff, preview=preview)
