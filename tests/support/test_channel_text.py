"""Lengths follow the standards of each channel; shortened texts end at a sentence or a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.support.channel_text import TextMessage, fit, plain_punctuation, text_message, tweet_length


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", TextMessage(0, 1)),
        ("a" * 160, TextMessage(160, 1)),
        ("a" * 161, TextMessage(161, 2)),
        ("a" * 306, TextMessage(306, 2)),
        ("a" * 307, TextMessage(307, 3)),
        ("€" * 80, TextMessage(160, 1)),
        ("àéñ@£ÇØ\n" * 20, TextMessage(160, 1)),
        ("[" + "a" * 159, TextMessage(161, 2)),
        ("a" * 152 + "€" + "a" * 152, TextMessage(306, 3)),
        ("ç" * 70, TextMessage(70, 1)),
        ("ç" * 71, TextMessage(71, 2)),
        ("😀" * 35, TextMessage(70, 1)),
        ("ç" * 66 + "😀" + "ç" * 66, TextMessage(134, 3)),
    ],
)
def test_text_messages(text: str, expected: TextMessage) -> None:
    assert text_message(text) == expected


def test_typographic_marks_are_replaced() -> None:
    text = "“It’s – well… 5 × 2”"
    assert plain_punctuation(text) == '"It\'s - well... 5 x 2"'
    assert text_message(plain_punctuation(text) + "a" * 100).parts == 1
    assert text_message(text + "a" * 100).parts == 2


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
    ],
)
def test_tweets(text: str, length: int) -> None:
    assert tweet_length(text) == length


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [
        ("One. Two. Three.", 16, "One. Two. Three."),
        ("One. Two. Three.", 15, "One. Two."),
        ("“One.” Two two two.", 17, "“One.” Two two…"),
        ("Yes. You can return everything within thirty days", 40, "Yes. You can return everything within…"),
        ("Send it, please, to the warehouse", 17, "Send it, please…"),
        ("支払いを取り消す。返金は三日。", 10, "支払いを取り消す。"),
        ("支払いを取り消す", 5, "支払いを…"),
        ("Unbreakable", 5, "Unbr…"),
        ("Long", 0, ""),
    ],
)
def test_shortened_text_ends_at_a_sentence_or_word(text: str, room: int, expected: str) -> None:
    assert fit(text, lambda part: len(part) <= room) == expected


@given(st.text(max_size=200), st.integers(0, 200))
def test_shortened_text_fits(text: str, room: int) -> None:
    cut = fit(text, lambda part: len(part) <= room)
    assert len(cut) <= room
    assert text.startswith(cut.removesuffix("…"))


@given(st.text(alphabet="ab€[ç😀", max_size=400), st.text(alphabet="ab€[ç😀", max_size=20))
def test_more_text_never_needs_fewer_parts(text: str, more: str) -> None:
    assert text_message(text + more).parts >= text_message(text).parts
    assert text_message(text + more).units >= len(text)
