"""Distances between words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.language import language_of
from search_index.typos import bases, distance, inflections, kept_ends, near, swapped

LETTERS = st.text("abcdeé", min_size=4, max_size=9)


@pytest.mark.parametrize(
    ("left", "right", "edits"),
    [("refund", "refnud", 1), ("refund", "efund", 1), ("refund", "refund", 0), ("card", "cord", 1), ("ca", "abc", 3)],
)
def test_the_distance_counts_edits(left, right, edits):
    assert distance(left, right, 3) == edits


@given(LETTERS, LETTERS)
def test_distance_is_symmetric_and_bounded(left, right):
    assert distance(left, right, 9) == distance(right, left, 9) <= max(len(left), len(right))
    assert (distance(left, right, 1) == 0) == (left == right)


@given(LETTERS, st.data())
def test_one_edit_leaves_the_beginning_or_the_end(word, data):
    at = data.draw(st.integers(0, len(word) - 1))
    edited = data.draw(
        st.sampled_from(
            [
                word[:at] + word[at + 1 :],
                word[:at] + "z" + word[at + 1 :],
                word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
            ]
        )
    )
    if len(edited) >= 4:
        start, end = kept_ends(edited)
        assert word.startswith(start) or word.endswith(end) or (len(edited) == 4 and word == swapped(edited))


def test_near_is_careful_with_short_words():
    assert near("flux", ["flex"]) == (2, set())
    assert near("crad", ["card"]) == (1, {"card"})
    assert near("car", ["card"]) == (1, set())
    assert near("cancelation", ["cancellation", "constellation"]) == (1, {"cancellation"})
    assert near("2024x", ["2025x"]) == (1, set())
    assert near("eps32", ["esp32", "esp33", "eps3"]) == (1, {"esp32"})
    assert near("x32", ["y32", "x33"]) == near("ab32", ["ac32"]) == (1, set())


def test_inflections_share_the_longest_base():
    endings = ("", *language_of("en").endings)
    for word, candidates, found in [
        ("activating", ["activate", "active", "act"], ["activate"]),
        ("travelled", ["travel"], ["travel"]),
        ("zzz", ["travel"], []),
    ]:
        assert inflections(bases(word, endings), candidates, endings) == found
