"""Lengths follow the standards of each channel."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.support.channel_text import (
    LIMITS,
    Size,
    fits,
    plain_punctuation,
    size,
    surely_fits,
    text_message,
    tweet_length,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Size(0, 1)),
        ("a" * 160, Size(160, 1)),
        ("a" * 161, Size(161, 2)),
        ("a" * 306, Size(306, 2)),
        ("a" * 307, Size(307, 3)),
        ("€" * 80, Size(160, 1)),
        ("àéñ@£ÇØ\n" * 20, Size(160, 1)),
        ("[" + "a" * 159, Size(161, 2)),
        ("a" * 152 + "€" + "a" * 152, Size(306, 3)),
        ("ç" * 70, Size(70, 1)),
        ("ç" * 71, Size(71, 2)),
        ("😀" * 35, Size(70, 1)),
        ("ç" * 66 + "😀" + "ç" * 66, Size(134, 3)),
    ],
)
def test_text_messages(text: str, expected: Size) -> None:
    assert text_message(text) == expected


def test_typographic_marks_are_replaced() -> None:
    text = "“It’s – well… 5 × 2” › ½ Lumen™"
    assert plain_punctuation(text) == '"It\'s - well... 5 x 2" > 1/2 Lumen'
    assert text_message(plain_punctuation(text) + "a" * 100).segments == 1
    assert text_message(text + "a" * 100).segments == 2


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("hello", 5),
        ("café", 4),
        ("cafe\u0301", 4),
        ("“quoted” – dash", 15),
        ("漢字", 4),
        ("😀", 2),
        ("👩‍👩‍👧", 2),
        ("👍🏽", 2),
        ("see https://help.example.com/a/some-very-long-identifier/ now", 31),
        ("http://a.b", 23),
        ("shop.example.com", 23),
        ("help@example.com", 16),
    ],
)
def test_tweets(text: str, length: int) -> None:
    assert tweet_length(text) == length


@pytest.mark.parametrize(
    ("text", "parts", "expected"),
    [
        ("a" * 160, 0, True),
        ("a" * 161, 0, False),
        ("a" * 306, 2, True),
        ("a" * 159 + "😀", 0, False),
        ("語" * 134, 0, True),
        ("語" * 135, 0, False),
    ],
)
def test_sms_limit_is_one_part_and_two_for_languages_that_need_ucs2(text: str, parts: int, expected: bool) -> None:
    assert fits(text, "sms", parts) is expected


@pytest.mark.parametrize("channel", LIMITS)
def test_limits_of_the_other_channels(channel: str) -> None:
    assert fits("a" * LIMITS[channel], channel)
    assert not fits("a" * (LIMITS[channel] + 1), channel)
    assert size("a" * 10, channel) == (10, 1)


@given(st.text(alphabet="ab€[ç😀", max_size=400), st.text(alphabet="ab€[ç😀", max_size=20))
def test_more_text_never_needs_fewer_parts(text: str, more: str) -> None:
    assert text_message(text + more).segments >= text_message(text).segments
    assert text_message(text + more).length >= len(text)


@given(
    st.lists(st.text("ab.:/ {€ç😀’") | st.sampled_from(["https://a.co/b ", "a.co", "x" * 90]), max_size=6),
    st.sampled_from(sorted({"sms", *LIMITS})),
)
def test_what_surely_fits_does_fit(parts: list[str], channel: str) -> None:
    text = "".join(parts)

    assert fits(text, channel) or not surely_fits(parts, channel)


@pytest.mark.parametrize("channel", sorted({"sms", *LIMITS}))
def test_most_answers_surely_fit(channel: str) -> None:
    parts = ("Yes, until it is being packed. Open Your orders and select Change order.", " ", "https://a.example/b/cd/")

    assert surely_fits(parts, channel)
