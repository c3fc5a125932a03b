"""Texts to publish for a pin: from the templates, one part of a text message, naming the segment that is meant."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.errors import InputError
from kb_builder.model import Article, Body, Outline, Pin
from kb_builder.support.channel_text import LIMITS, text_message, tweet_length
from kb_builder.support.posts import POST_CHANNELS, post
from kb_builder.support.reply import ReplySource, Wording
from kb_builder.support.templates import Template
from tests.made_mentions import articles

(ARTICLE,) = articles(["late-parcel"])
URL = "https://help.example.com/a/late-parcel/"
PIN = Pin(
    "late-parcel",
    None,
    "new",
    date(2026, 4, 30),
    datetime(2026, 5, 3, tzinfo=UTC),
    12.0,
    "why",
    "many customers",
    9,
    1.0,
    date(2026, 4, 30),
)


WORDING = Wording("Corner Shop")
BODY = Body("", (), Outline())


def made(channel: str, pin: Pin = PIN, article: Article = ARTICLE, segment_name: str = "", **own: Template) -> str:
    wording = replace(WORDING, templates={**WORDING.templates, **own})
    return post(pin, ReplySource(article, BODY, URL, wording), channel, segment_name)


@pytest.mark.parametrize("channel", POST_CHANNELS)
def test_a_post_has_the_answer_and_the_link(channel: str) -> None:
    text = made(channel)
    assert ARTICLE.answer in text
    assert "help.example.com/a/late-parcel/" in text
    assert "sorry" not in text


@pytest.mark.parametrize("channel", POST_CHANNELS)
def test_a_post_for_a_segment_names_it(channel: str) -> None:
    pin = replace(PIN, segment="islands")
    assert f"{ARTICLE.answer} (Scottish islands)" in made(channel, pin, segment_name="Scottish islands")
    assert "(Scottish" not in made(channel, segment_name="Scottish islands")
    long = replace(ARTICLE, answer="We send it again. " * 30)
    assert "(Scottish islands)" in made(channel, pin, long, "Scottish islands")


def test_to_name_a_segment_takes_no_sentence_of_the_answer() -> None:
    answer = "Your parcel is late, and we are very, very sorry for it. "
    answer += "Tell us by Friday: we send it again, or refund you all."
    text = made("sms", replace(PIN, segment="islands"), replace(ARTICLE, answer=answer), "Scottish islands")
    assert text == f"{answer} help.example.com/a/late-parcel/"


def test_a_post_goes_through_the_templates_of_the_team() -> None:
    assert made("twitter", twitter=Template("{answer} Team X. {link}")) == f"{ARTICLE.answer} Team X. {URL}"


def test_without_an_answer_the_title_stands_for_it() -> None:
    assert made("sms", article=replace(ARTICLE, answer="")).startswith("About late-parcel ")


@given(st.sampled_from(POST_CHANNELS), st.text(min_size=1, max_size=1500))
def test_every_answer_fits_its_channel_and_keeps_its_link(channel: str, answer: str) -> None:
    text = made(channel, article=replace(ARTICLE, answer=answer))
    assert "help.example.com/a/late-parcel/" in text
    assert channel != "twitter" or tweet_length(text) <= LIMITS["twitter"]
    assert channel != "sms" or text_message(text).segments <= 2
    assert channel != "facebook" or len(text) <= 1000


def test_a_text_message_is_written_with_plain_quotes() -> None:
    assert "'" in made("sms", article=replace(ARTICLE, answer="We’re late."))


def test_channels_without_posts_are_refused() -> None:
    with pytest.raises(InputError, match='no posts for the channel "fax"'):
        made("fax")
