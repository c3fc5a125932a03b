"""Replies carry the answer first and the short link last, and fit their channel."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.errors import InputError
from kb_builder.model import Article, Body, Heading, Outline, SectionText
from kb_builder.support.channel_text import text_message, tweet_length
from kb_builder.support.reply import CHANNELS, Reply, all_replies, reply

URL = "https://help.example.com/a/cancel-order/"
BODY = Body(
    html="",
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
        id="cancel-order", path="a.md", url="a/", title="Cancel an order", body="", body_line=1, answer=answer
    )


def made(channel: str, answer: str = "You can cancel until we pack it.", **options: str) -> Reply:
    return reply(article(answer), BODY, channel, short_url=URL, **options)


@pytest.mark.parametrize(
    ("channel", "text"),
    [
        ("sms", f"You can cancel until we pack it. {URL}"),
        ("twitter", f"You can cancel until we pack it. {URL}"),
        ("facebook", f"You can cancel until we pack it.\n{URL}"),
        ("chat", f"Hello Ana,\nYou can cancel until we pack it.\n{URL}"),
        (
            "email",
            f"Hello Ana,\n\nYou can cancel until we pack it.\n\nEverything about this, with each step:\n{URL}",
        ),
        (
            "phone",
            "Hello Ana. You can cancel until we pack it.\n\n"
            f"I can send you a link, so that you can read it again:\n{URL}",
        ),
    ],
)
def test_replies(channel: str, text: str) -> None:
    assert made(channel, name="Ana").text == text
    assert made(channel).text.startswith("You can cancel")


def test_lengths_are_what_the_channel_counts() -> None:
    text = f"You can cancel until we pack it. {URL}"
    assert made("sms") == Reply("cancel-order", "sms", text, len(text), 1, URL)
    assert made("twitter").length == len("You can cancel until we pack it. ") + 23
    assert made("chat").length == len(made("chat").text)


def test_without_an_answer_the_first_words_are_used() -> None:
    assert made("sms", "").text == f"Open your order. {URL}"
    bare = Body(html="", sections=(), outline=Outline())
    assert reply(article(""), bare, "sms", short_url=URL).text == f"Cancel an order {URL}"


def test_a_section_is_answered_with_what_stands_below_its_heading() -> None:
    found = made("chat", section="when")
    assert found.text == f"Until we pack it. Packed already: Send it back.\n{URL}#when"
    assert found.url == f"{URL}#when"
    assert made("chat", section="packed").text == f"Send it back.\n{URL}#packed"
    assert made("chat", section="how").text == f"You can cancel until we pack it.\n{URL}#how"


@pytest.mark.parametrize(("section", "hint"), [("wen", 'did you mean "when"?'), ("zzz", "it has: when, packed, how")])
def test_an_unknown_section_is_refused(section: str, hint: str) -> None:
    with pytest.raises(InputError, match="has no section") as caught:
        made("sms", section=section)
    assert caught.value.hint == hint


def test_an_unknown_channel_is_refused() -> None:
    with pytest.raises(InputError, match='no replies for the channel "fax"'):
        made("fax")


def test_long_answers_end_at_a_sentence() -> None:
    answer = "This is one sentence of the answer. " * 40
    sms, tweet = made("sms", answer), made("twitter", answer)
    assert sms.segments == 3
    assert sms.text.endswith(f"of the answer. {URL}")
    assert tweet.length <= 280
    assert tweet.text.count("sentence") == 7


def test_curly_quotes_do_not_halve_a_text_message() -> None:
    found = made("sms", "It’s “yours” – keep it.")
    assert found.text == f'It\'s "yours" - keep it. {URL}'
    assert found.segments == 1


def test_a_name_is_one_line_of_ordinary_characters() -> None:
    assert made("chat", name=" Ana\nBcc: all\x1b[31m ").text.startswith("Hello Ana Bcc: all [31m,\n")


def test_everything_the_staff_site_reads() -> None:
    found = all_replies(article(), BODY, short_url=URL)
    assert json.loads(json.dumps(found)) == found
    assert (found["id"], found["title"], found["url"]) == ("cancel-order", "Cancel an order", URL)
    assert list(found["replies"]) == list(CHANNELS)
    assert found["replies"]["sms"] == {"text": made("sms").text, "length": made("sms").length, "segments": 1}
    assert [section["anchor"] for section in found["sections"]] == ["when", "packed", "how"]
    assert found["sections"][0]["replies"]["chat"]["text"] == made("chat", section="when").text


@given(st.text(max_size=900), st.sampled_from(CHANNELS), st.text(max_size=30))
def test_every_reply_fits_and_ends_in_the_short_link(answer: str, channel: str, name: str) -> None:
    found = made(channel, answer, name=name)
    assert found.text.endswith(URL)
    if channel == "sms":
        assert (found.length, found.segments) == text_message(found.text)
        assert found.segments <= 3
    elif channel == "twitter":
        assert found.length == tweet_length(found.text) <= 280
    else:
        assert found.length == len(found.text) <= 2000
