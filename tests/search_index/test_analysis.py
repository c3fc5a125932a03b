"""Excerpts and passages: whole sentences, within a length, in the order of the text."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.analysis import cut, excerpt, passages


@given(st.one_of(st.text("a ", max_size=40), st.text("ab \n\ud800\udc00é", max_size=60)), st.integers(2, 20))
def test_an_excerpt_says_whether_it_goes_on(text: str, limit: int):
    line = " ".join(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").split())
    excerpt = cut(text, limit)
    if len(line) <= limit:
        assert excerpt == line
    else:
        assert excerpt[-1] == "…"
        assert line.startswith(excerpt[:-1])
        assert len(excerpt) <= limit + 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("One sentence. Two more. " + "And a long third one that never ends " * 9, "One sentence. Two more."),
        ("Short text", "Short text"),
        ("It takes 2.5 days, e.g. by post. " + "Then more follows here " * 9, "It takes 2.5 days, e.g. by post."),
    ],
)
def test_an_excerpt_is_whole_sentences(text, shown):
    assert excerpt(text, 60) == shown


def test_japanese_sentences_end_without_a_space():
    text = "返品は三十日以内です。" * 30
    assert all(len(passage) <= 200 and passage.endswith("。") for passage in passages(text, 200))


@given(st.text(alphabet="ab .!?。」”\n", max_size=400), st.integers(1, 80))
def test_passages_are_the_text_in_its_order(text, limit):
    found = passages(text, limit)
    line = " ".join(text.split())
    assert "".join(found).replace(" ", "") == line.replace(" ", "")
    assert all(len(left) + len(right) >= limit for left, right in pairwise(found))


def test_a_quotation_ends_with_its_sentence():
    assert passages("He said “go.” Then he went. " + "More follows. " * 3, 20)[:2] == ["He said “go.”", "Then he went."]


@given(st.text(max_size=300))
def test_an_excerpt_is_short_and_no_ellipsis_follows_a_full_stop(text):
    made = excerpt(text, 60)
    assert len(made) <= 61
    assert ".…" not in made or ".…" in text
    assert "\n" not in made
