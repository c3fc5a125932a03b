"""Replies carry the whole answer where it fits, end in the short link, and fit their channel."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.content.interface_language import Language
from kb_builder.errors import InputError
from kb_builder.model import Article, Body, Heading, Outline, Pin, SectionText
from kb_builder.support.channel_text import CHANNELS, LIMITS, text_message, tweet_length
from kb_builder.support.reply import Reply, ReplySource, Wording, all_replies, reply
from kb_builder.support.templates import Template, default_templates

URL = "https://help.example.com/a/cancel-order/"
SHORT = "help.example.com/a/cancel-order/"
PIN = Pin(
    "cancel-order", None, "new", date(2026, 11, 18), datetime(2026, 11, 22, tzinfo=UTC), 9.0, "why",
    "many customers", 99, 9.0, date(2026, 11, 20),
)  # fmt: skip
BODY = Body(
    html="<p>Open your order. Then choose cancel.</p><ol><li>Open it.</li><li>Select Cancel.</li></ol>"
    '<h2 id="when">Until when</h2><p>Until we pack it.</p><h3 id="packed">Packed already</h3><p>Send it back.</p>'
    '<h2 id="how">How it works</h2>',
    sections=(
        SectionText("", "", "Open your order. Then choose cancel."),
        SectionText("when", "Until when", "Until we pack it."),
        SectionText("packed", "Packed already", "Send it back."),
        SectionText("how", "How it works", ""),
    ),
    outline=Outline(
        headings=(
            Heading(2, "when", "Until when"),
            Heading(3, "packed", "Packed already"),
            Heading(2, "how", "How it works"),
        ),
        lead="Open your order.",
    ),
)


def article(answer: str = "You can cancel until we pack it.") -> Article:
    return Article(
        id="cancel-order", path="a.md", url="a/", title="I can't cancel my order", body="", body_line=1, answer=answer
    )


def made(channel: str, answer: str = "You can cancel until we pack it.", **options: Any) -> Reply:
    source = {key: options.pop(key) for key in ("wording", "pin") if key in options}
    return reply(ReplySource(article(answer), BODY, URL, **source), channel, **options)


READ = f"You can read all of it here:\n{URL}"
STEPS = "Open your order. Then choose cancel.\n\n1. Open it.\n2. Select Cancel."


@pytest.mark.parametrize(
    ("channel", "text"),
    [
        ("sms", f"You can cancel until we pack it. {SHORT}"),
        ("twitter", f"I'm sorry about this. You can cancel until we pack it. {URL}"),
        ("facebook", f"I'm sorry about this. You can cancel until we pack it.\n\n{READ}"),
        ("chat", f"Hello Ana,\nI'm sorry about this. You can cancel until we pack it.\n\n{READ}"),
        (
            "email",
            f"Hello Ana,\n\nI'm sorry about this. You can cancel until we pack it.\n\n{STEPS}\n\n"
            f"{READ}\n\nBest wishes,\nSam, Corner Shop",
        ),
        (
            "phone",
            "Hello Ana. I'm sorry about this. You can cancel until we pack it.\n\n"
            f"Shall I send you this as a text message, so that you have the link?\n{URL}",
        ),
    ],
)
def test_a_reply_has_the_form_of_its_channel(channel: str, text: str) -> None:
    assert made(channel, name="Ana", agent="Sam", wording=Wording("Corner Shop")).text == text


def test_lengths_are_what_the_channel_counts() -> None:
    text = f"You can cancel until we pack it. {SHORT}"
    assert made("sms") == Reply("cancel-order", "sms", text, len(text), 1, URL)
    assert made("twitter").length == len("I'm sorry about this. You can cancel until we pack it. ") + 23
    assert made("chat").length == len(made("chat").text)
    assert made("email").subject == "About “I can't cancel my order”"


def test_without_an_answer_the_first_words_are_used() -> None:
    assert made("sms", "").text == f"Open your order. {SHORT}"
    bare = Body(html="", sections=(), outline=Outline())
    assert reply(ReplySource(article(""), bare, URL), "sms").text == f"I can't cancel my order {SHORT}"
    listed = replace(bare, html="<ul><li>Open it</li><li>Select Cancel</li></ul>")
    assert reply(ReplySource(article(""), listed, URL), "sms").text == f"Open it. Select Cancel. {SHORT}"


def test_first_words_do_not_say_the_steps_twice() -> None:
    outline = Outline(lead="Do this before you cancel: Open it; Select Cancel.")
    listed = Body("<p>Do this before you cancel:</p><ol><li>Open it:</li><li>Select Cancel.</li></ol>", (), outline)
    email = reply(ReplySource(article(""), listed, URL), "email").text
    assert "this. Do this before you cancel.\n\n1. Open it.\n2. Select Cancel.\n\nYou can read" in email
    assert "Open it; Select Cancel." in reply(ReplySource(article(""), listed, URL), "chat").text


def test_a_cut_text_message_uses_its_whole_length() -> None:
    """An ellipsis of one character would leave it 70 instead of 160."""
    text = made("sms", "We send another one whenever the parcel " + "has been away for so long " * 9).text
    assert len(text) > 150
    assert f"... {SHORT}" in text


def test_a_reply_says_what_it_was_made_of() -> None:
    bare = Body(html="", sections=(), outline=Outline())
    own = replace(article(), replies=(("sms", "Cancel it."),))
    assert reply(ReplySource(own, BODY, URL), "sms").used == "replies"
    assert made("sms").used == "answer"
    assert made("sms", section="when").used == "section"
    assert made("sms", section="how").used == "answer"
    assert made("sms", "").used == "first words"
    assert reply(ReplySource(article(""), bare, URL), "sms").used == "title"


def test_what_the_answer_says_does_not_introduce_the_steps_again() -> None:
    email = made("email", "Open your order. Then choose cancel. It's free (see below).").text
    assert email.count("Then choose cancel.") == 1
    assert "It's free.\n\n1. Open it." in email


def test_cells_are_joined_with_the_semicolon_of_the_script() -> None:
    rows = "<tr><th>a</th><th>b</th><th>المدة</th></tr><tr><td>أُرسل</td><td>خرج</td><td>يوم</td></tr>"
    table = Body(f"<table>{rows}</table>", (), Outline(headings=(), lead=""))
    arabic = Wording(language=Language("ar"))
    text = reply(ReplySource(article("نعم."), table, URL, wording=arabic), "email").text
    assert "أُرسل: خرج؛ المدة: يوم" in text


def test_an_article_has_its_own_words_for_a_channel() -> None:
    own = replace(article(), replies=(("sms", "Cancel until we pack it."), ("chat", "Sure!\nUntil we pack it.")))
    assert reply(ReplySource(own, BODY, URL), "sms").text == f"Cancel until we pack it. {SHORT}"
    assert "Sure!\nUntil we pack it." in reply(ReplySource(own, BODY, URL), "chat").text
    assert "You can cancel" in reply(ReplySource(own, BODY, URL), "email").text


@pytest.mark.parametrize(
    ("title", "kind", "answer", "opening"),
    [
        ("My parcel is late", "faq", "Wait.", "I'm sorry about this."),
        ("How do I pay?", "faq", "By card.", "Of course."),
        ("Where is my refund?", "faq", "On its way.", "I'm happy to help with this."),
        ("Can I swap it?", "faq", "Yes, within 30 days.", ""),
        ("Delivery policy", "policy", "We deliver.", "Here it is in short."),
    ],
)
def test_the_opening_fits_the_kind_of_article(title: str, kind: Any, answer: str, opening: str) -> None:
    item = replace(article(answer), title=title, type=kind)
    text = reply(ReplySource(item, BODY, URL), "chat").text
    assert text.startswith(f"Hello,\n{opening} {answer}" if opening else f"Hello,\n{answer}")
    assert reply(ReplySource(item, BODY, URL, opening=False), "chat").text.startswith(f"Hello,\n{answer}")


def test_a_pinned_article_says_that_we_know_and_since_when() -> None:
    known = "This has affected many customers since Wednesday, and we're working on it."
    assert f"I'm sorry about this. {known} You can cancel" in made("email", pin=PIN).text
    assert f"I'm sorry about this. {known} You can cancel" in made("chat", pin=PIN).text
    assert made("sms", "We resend it.", pin=PIN).text == f"We resend it. {known} {SHORT}"
    how_to = replace(article(), title="How do I cancel?")
    assert "many customers" not in reply(ReplySource(how_to, BODY, URL, pin=PIN), "chat").text
    by_hand = replace(PIN, band="", since_known=False)
    assert "We know about this and are working on it." in made("chat", pin=by_hand).text


def test_a_pinned_question_says_that_many_ask_and_that_nothing_is_wrong() -> None:
    title = "How long does delivery take?"
    text = reply(ReplySource(replace(article(), title=title), BODY, URL, pin=PIN), "chat").text
    assert "Thanks for asking. We've had this question from many customers since Wednesday. You can" in text
    by_hand = replace(PIN, band="", since_known=False)
    assert "We" not in reply(ReplySource(replace(article(), title=title), BODY, URL, pin=by_hand), "sms").text


def test_who_waits_for_what_many_wait_for_gets_an_apology() -> None:
    item = replace(article("On its way."), title="Where is my refund?")
    assert "I'm sorry about this. This has affected" in reply(ReplySource(item, BODY, URL, pin=PIN), "chat").text


def test_when_room_is_short_the_trend_goes_before_the_answer() -> None:
    text = made("sms", "x" * 100 + ".", pin=PIN)
    assert (text.text, text.left_out) == (f"{'x' * 100}. {SHORT}", ())
    assert made("twitter", "x" * 200, pin=PIN).text.startswith("I'm sorry about this. xx"), "the opening still fits"


def test_what_must_be_said_stays_and_what_is_left_out_is_reported() -> None:
    long = replace(
        article("First this. " + "Then that and more of it. " * 8 + "We refund you."), must_say=("We refund you.",)
    )
    found = reply(ReplySource(long, BODY, URL), "sms")
    assert found.text.endswith(f"We refund you. {SHORT}")
    assert found.text.startswith("First this. ")
    assert found.segments == 1
    assert set(found.left_out) == {"Then that and more of it."}
    assert reply(ReplySource(long, BODY, URL), "sms", parts=2).left_out == ()


def test_a_section_is_answered_with_what_stands_below_its_heading() -> None:
    found = made("chat", section="when")
    assert found.text == f"Hello,\nUntil we pack it. Packed already: Send it back.\n\n{READ}#when"
    assert found.url == f"{URL}#when"
    assert "Until we pack it.\n\nPacked already:\nSend it back." in made("email", section="when").text
    assert "Send it back." in made("chat", section="packed").text
    assert "You can cancel until we pack it." in made("chat", section="how").text


@pytest.mark.parametrize(("section", "hint"), [("wen", 'did you mean "when"?'), ("zzz", "it has: when, packed, how")])
def test_an_unknown_section_is_refused(section: str, hint: str) -> None:
    with pytest.raises(InputError, match="has no section") as caught:
        made("sms", section=section)
    assert caught.value.hint == hint


def test_an_unknown_channel_is_refused() -> None:
    with pytest.raises(InputError, match='no replies for the channel "fax"'):
        made("fax")


def test_curly_quotes_do_not_halve_a_text_message() -> None:
    found = made("sms", "It’s “yours” – keep it.")
    assert found.text == f'It\'s "yours" - keep it. {SHORT}'
    assert found.segments == 1


@pytest.mark.parametrize("url", ["http://help.example.com/a/x/", "https://localhost/a/x/", "https://192.0.2.1/a/x/"])
def test_the_scheme_stays_where_phones_would_not_see_a_link(url: str) -> None:
    assert reply(ReplySource(article(), BODY, url), "sms").text.endswith(url)


def test_a_name_is_one_line_of_ordinary_characters() -> None:
    assert made("chat", name=" Ana\nBcc: all\x1b[31m ").text.startswith("Hello Ana Bcc: all [31m,\n")
    assert made("chat", name="x" * 5000).text == made("chat").text
    assert "{answer}" in made("chat", name="{answer}").text


def test_a_template_of_the_team() -> None:
    templates = {**default_templates(str), "email": Template("{greeting}\n{answer}\n\n{link}", "About: {answer}")}
    found = made("email", wording=Wording("Shop", templates))
    assert found.text == f"Hello,\nYou can cancel until we pack it.\n\n{URL}"
    assert found.subject == "About: You can cancel until we pack it."


def test_everything_the_staff_site_reads() -> None:
    found = all_replies(ReplySource(article(), BODY, URL, pin=PIN))
    assert json.loads(json.dumps(found)) == found
    assert (found["id"], found["title"], found["url"]) == ("cancel-order", "I can't cancel my order", URL)
    assert list(found["replies"]) == list(CHANNELS)
    sms = made("sms", pin=PIN)
    assert found["replies"]["sms"] == {"text": sms.text, "length": sms.length, "segments": 1}
    chat = found["replies"]["chat"]
    assert chat["named"] == made("chat", pin=PIN, name="{name}").text
    assert [section["anchor"] for section in found["sections"]] == ["when", "packed", "how"]
    assert found["sections"][0]["replies"]["chat"]["text"] == made("chat", section="when", pin=PIN).text


@given(st.text(max_size=900), st.sampled_from(CHANNELS), st.text(max_size=80), st.sampled_from([None, PIN]))
def test_every_reply_fits_and_ends_in_the_short_link(answer: str, channel: str, name: str, pin: Pin | None) -> None:
    found = made(channel, answer, name=name, agent=name, pin=pin)
    assert SHORT in found.text if channel == "email" else found.text.endswith(SHORT)
    if channel == "sms":
        assert (found.length, found.segments) == text_message(found.text)
        assert found.segments <= 2
    elif channel == "twitter":
        assert found.length == tweet_length(found.text) <= 280
    else:
        assert found.length == len(found.text) <= LIMITS[channel]
