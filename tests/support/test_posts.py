from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.errors import InputError
from kb_builder.model import Pin
from kb_builder.support.channel_text import LIMITS, SMS_PARTS, text_message, tweet_length
from kb_builder.support.posts import POST_CHANNELS, post
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


@pytest.mark.parametrize("channel", POST_CHANNELS)
def test_the_answer_comes_first_and_the_link_last(channel: str) -> None:
    text = post(PIN, ARTICLE, channel, URL)
    assert text.startswith(ARTICLE.answer)
    assert text.endswith(URL)


@pytest.mark.parametrize("channel", POST_CHANNELS)
def test_a_segment_is_told_that_it_is_meant(channel: str) -> None:
    pin = replace(PIN, segment="islands")
    assert f"{ARTICLE.answer} (Scottish islands)" in post(pin, ARTICLE, channel, URL, segment_name="Scottish islands")
    assert "(" not in post(PIN, ARTICLE, channel, URL, segment_name="Scottish islands")


def test_without_an_answer_the_description_or_the_title_stands_for_it() -> None:
    assert post(PIN, replace(ARTICLE, answer="", description="What to do."), "sms", URL) == f"What to do. {URL}"
    assert post(PIN, replace(ARTICLE, answer=""), "sms", URL) == f"About late-parcel {URL}"


@given(st.sampled_from(POST_CHANNELS), st.text(min_size=1, max_size=1500))
def test_every_answer_fits_its_channel_and_keeps_its_link(channel: str, answer: str) -> None:
    text = post(PIN, replace(ARTICLE, answer=answer), channel, URL)
    assert text.endswith(URL)
    assert channel != "twitter" or tweet_length(text) <= LIMITS["twitter"]
    assert channel != "sms" or text_message(text).parts <= SMS_PARTS
    assert channel != "facebook" or len(text) <= 1000


def test_a_text_message_is_written_with_plain_quotes() -> None:
    assert "'" in post(PIN, replace(ARTICLE, answer="We’re late."), "sms", URL)


def test_a_channel_without_posts_is_refused() -> None:
    with pytest.raises(InputError, match="no posts for the channel"):
        post(PIN, ARTICLE, "fax", URL)
