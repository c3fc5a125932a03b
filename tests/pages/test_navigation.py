"""How long texts are shortened for lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.pages.navigation import clip


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Open Your orders. Choose one.", "Open Your orders. Choose one."),
        ("Open Your orders and choose one. Then select Cancel and wait.", "Open Your orders and choose one."),
        ("Yes. Open Your orders, choose one, then select Cancel and wait.", "Yes. Open Your orders, choose one, then…"),
        ("Large items 7 December, islands 8, parcel shop 14, standard 15.", "Large items 7 December, islands 8…"),
        ("Pay with a card, a wallet, e.g. Apple Pay, or a gift card.", "Pay with a card, a wallet, e.g. Apple…"),
    ],
)
def test_a_long_text_ends_with_a_sentence_or_at_a_word(text: str, shown: str) -> None:
    assert clip(text, 41) == shown


@given(
    st.lists(st.sampled_from(["Yes.", "word", "e.g.", "No!", "one,", "–", "Why?", "(so.)"]), max_size=30),
    st.integers(8, 60),
)
def test_it_fits_and_no_ellipsis_follows_punctuation(words: list[str], limit: int) -> None:
    text = " ".join(words)
    shown = clip(text, limit)
    assert len(shown) <= limit
    assert text.startswith(shown.removesuffix("…"))
    assert not shown.endswith((".…", ",…", "!…", "?…"))
