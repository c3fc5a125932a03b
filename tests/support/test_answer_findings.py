"""Notes about answers: whether they address the customer, labels, and channels they don't fit."""

from dataclasses import replace
from typing import Any

import pytest

from kb_builder.content.interface_language import Language
from kb_builder.errors import Severity
from kb_builder.model import Announcement, Article
from kb_builder.support.answer_findings import announcement_findings, answer_findings
from kb_builder.support.reply import Wording
from tests.centres import NOW

URL = "https://help.example.com/a/x/"
GOOD = "Open **Your orders** and select **Cancel order**. We refund you within 3 working days."


def article(answer: str, **fields: Any) -> Article:
    plain = answer.replace("**", "")
    known = {
        "id": "x",
        "path": "a.md",
        "url": "x/",
        "title": "X",
        "body": "",
        "body_line": 9,
        "lines": (("answer", 4),),
    }
    return Article(**{**known, "answer": plain, "answer_markdown": answer, **fields})  # type: ignore[arg-type]


def codes(item: Article, wording: Wording | None = None) -> list[tuple[str, int]]:
    return [(finding.code, finding.line) for finding in answer_findings(item, URL, wording or Wording())]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("Orders can be cancelled.", "answer-voice"),
        ("Please contact us, and we help you.", "answer-voice"),
        ("Use this page's form and we post it.", "answer-voice"),
        ("Open Your orders. We refund you.", "answer-label"),
        ("You have 30 days. " * 9, "answer-cut"),
    ],
)
def test_each_rule(answer: str, code: str) -> None:
    assert codes(article(answer.strip())) == [(code, 4)]


@pytest.mark.parametrize(
    ("answer", "channel"),
    [
        ("Send us a photo in **Your orders** or by chat. We refund you.", "chat"),
        ("You can call or chat with us daily.", "chat"),
        ("Schicken Sie das Foto per Chat oder WhatsApp.", "chat"),
        ("Send us the link by chat or email.", "email"),
        ("Schicken Sie uns den Link per Brief oder E-Mail.", "email"),
        ("If it's wrong, call us now.", "phone"),
        ("Still stuck? Order with us by phone.", "phone"),
        ("Write to us at home, or text us.", "sms"),
    ],
)
def test_an_answer_does_not_send_customers_to_the_channel_they_are_on(answer: str, channel: str) -> None:
    language = Wording(language=Language("de" if "Schicken" in answer else "en"))
    found = [finding for finding in answer_findings(article(answer), URL, language) if channel in finding.hint]
    assert [finding.code for finding in found] == ["answer-channel"]
    own = article(answer, replies=((channel, "We see to it here."),))
    assert [finding for finding in answer_findings(own, URL, language) if channel in finding.hint] == []


@pytest.mark.parametrize(
    ("answer", "channel"),
    [
        ("Ring +44 2079460123, and we see to it.", "phone"),
        ("Schreiben Sie uns an Hilfe@example.com.", "email"),
        ("راسلنا على help@example.com، ونحن نجيب.", "email"),
        ("You find us as @kettlemoor_demo.", "twitter"),
    ],
)
def test_an_answer_does_not_name_the_address_it_is_sent_from(answer: str, channel: str) -> None:
    ours = {
        "phone": ("+44 20 7946 0123",), "email": ("help@example.com", "hilfe@example.com"),
        "twitter": ("@kettlemoor_demo",), "sms": ("+44 7700 900123",),
    }  # fmt: skip

    def hints(answer: str) -> list[str]:
        found = answer_findings(article(answer), URL, Wording(language=Language("ar")), ours)
        return [finding.hint for finding in found]

    assert hints(answer) == [f"write its own text for it: replies: {{{channel}: …}}"]
    assert hints("Write to complaints-help@example.com, help@example.com-pany or +44 20 7946 01234.") == []


@pytest.mark.parametrize("answer", ["We text you a code by email.", "A card comes by email or on the day you pick."])
def test_what_we_send_may_come_on_any_channel(answer: str) -> None:
    assert codes(article(answer)) == []


def test_a_good_answer_has_no_finding() -> None:
    assert codes(article(GOOD)) == []
    assert codes(article("")) == []


def test_a_channel_with_its_own_text_is_not_cut() -> None:
    long = article("You have 30 days. " * 9)
    assert codes(replace(long, replies=(("sms", "You have 30 days."),))) == []
    (finding,) = answer_findings(replace(long, answer=long.answer * 2), URL, Wording())
    assert finding.severity is Severity.NOTE
    assert "text message and X" in finding.message


def test_a_sentence_that_is_not_in_the_answer() -> None:
    assert codes(article(GOOD, must_say=("We refund you within 3 working days.",))) == []
    assert codes(article(GOOD, must_say=("We never refund.",), lines=(("must_say", 6),)))[0] == ("unknown-sentence", 6)


def test_voice_is_only_judged_in_english() -> None:
    assert codes(article("Man kann stornieren."), Wording(language=Language("de"))) == []


def test_an_announcement_that_does_not_fit_is_a_note_at_its_summary() -> None:
    notice = Announcement("n", "n.md", "N", "info", NOW, None, "", 9, "v", summary="Allow two days. ", summary_line=3)
    short, long = article("Allow two days."), article("Allow two more days for it. " * 9)
    assert list(announcement_findings(notice, short, URL, Wording())) == []
    (note,) = announcement_findings(notice, long, URL, Wording())
    assert (note.code, note.line, note.severity) == ("announcement-cut", 3, Severity.NOTE)
    assert note.message == "the summary does not fit whole on the channel text message"
    (note,) = announcement_findings(replace(notice, summary=""), long, URL, Wording())
    assert note.line == 9
    own = replace(long, replies=(("sms", "Allow two days."),))
    assert list(announcement_findings(notice, own, URL, Wording())) == []
