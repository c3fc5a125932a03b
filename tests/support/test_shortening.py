"""Texts are shortened without losing what must be said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.support.shortening import shorten


@pytest.mark.parametrize(
    ("text", "room", "must_say", "expected", "left_out"),
    [
        ("One. Two. Three.", 16, (), "One. Two. Three.", ()),
        ("One. Two. Three.", 15, (), "One. Two.", ("Three.",)),
        ("One. Two. Three.", 12, ("Three",), "One. Three.", ("Two.",)),
        ("One one one. Two. Three.", 8, ("three.",), "Three.", ("One one one.", "Two.")),
        ("You can return all of it", 18, (), "You can return…", ("You can return all of it",)),
        ("支払いを取り消す。返金は三日。", 10, (), "支払いを取り消す。", ("返金は三日。",)),
        ("Unbreakable", 5, (), "Unbr…", ("Unbreakable",)),
        ("Long", 0, (), "", ("Long",)),
    ],
)
def test_shortened(text: str, room: int, must_say: tuple[str, ...], expected: str, left_out: tuple[str, ...]) -> None:
    assert shorten(text, lambda part: len(part) <= room, must_say) == (expected, left_out)


@given(st.text(max_size=200), st.integers(0, 200))
def test_shortened_text_fits_and_missing_sentences_are_reported(text: str, room: int) -> None:
    short = shorten(text, lambda part: len(part) <= room)
    assert len(short.text) <= room
    assert short.text == text or short.left_out or not text.strip()


@given(st.lists(st.sampled_from(["Aa.", "Bb bb.", "Cc cc cc.", "Dd?"]), min_size=1, max_size=8), st.integers(10, 60))
def test_what_must_be_said_is_kept(parts: list[str], room: int) -> None:
    text = " ".join([*parts, "Refund."])
    assert "Refund." in shorten(text, lambda part: len(part) <= room, ("Refund",)).text


def test_a_word_or_two_of_a_sentence_are_not_sent() -> None:
    text = "In late 2021 a series of faults was found in a library that writes logs"
    assert shorten(text, lambda part: len(part) <= 12) == ("", (text,))
    assert shorten(text, lambda part: len(part) <= 30).text == "In late 2021 a series of…"
