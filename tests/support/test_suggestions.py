"""Phrasings offered to editors, and what an editor made of them."""

import pytest

from kb_builder.errors import InputError
from kb_builder.support.suggestions import LONGEST, offers, read_review, review_file


def stems(text: str) -> frozenset[str]:
    return frozenset(text.lower().split())


def test_offers_are_the_surer_ones_far_apart_and_redacted() -> None:
    near = [
        (0.9, "where is my parcel"),
        (0.9, "where is my parcel today"),
        (0.8, "has the order left, write ann@example.com"),
        (0.7, "courier never came to me"),
        (0.2, "completely different thing here"),
        (0.1, "another unsure thing here"),
    ]
    offered = offers(near, ["Track a parcel"], stems, 3)
    assert len(offered) == 3
    assert "has the order left, write [e-mail address]" in offered
    assert "courier never came to me" in offered
    assert not any("unsure" in text or "different" in text for text in offered)


def test_what_is_known_or_too_long_or_too_short_is_not_offered() -> None:
    near = [(0.9, "track a parcel"), (0.9, "word " * LONGEST), (0.9, "parcel"), (0.8, "track a parcel")]
    assert offers(near, ["Track a parcel"], stems, 10) == []


def test_the_order_of_mentions_has_no_influence() -> None:
    near = [(0.5, f"question number {number} about parcel {number % 3}") for number in range(40)]
    assert offers(near, [], stems, 10) == offers(near[::-1], [], stems, 10)


def test_only_what_an_editor_typed_is_accepted() -> None:
    text = review_file("track", "Track a parcel", ["where my prcel", "courier never came", "no idea"])
    edited = text.replace(
        "- [ ] where my prcel\n      asked_as:", "- [x] where my prcel\n      asked_as: where is my parcel"
    )
    accepted = read_review(edited, "track.md")
    assert (accepted.article_id, accepted.phrasings) == ("track", ("where is my parcel",))
    assert read_review(text, "track.md").phrasings == ()


@pytest.mark.parametrize(
    ("edited", "problem", "line"),
    [
        ("- [x] where my prcel\n      asked_as:", "a tick without a phrasing", 6),
        ("- [x] where my prcel\n      asked_as: Where my prcel", "not reworded", 7),
        ("- [ ] where my prcel\n      asked_as: where is it", "without a tick", 7),
    ],
)
def test_an_unfinished_review_is_refused_with_its_line(edited: str, problem: str, line: int) -> None:
    text = review_file("track", "Track", ["where my prcel"]).replace("- [ ] where my prcel\n      asked_as:", edited)
    with pytest.raises(InputError, match=problem) as refused:
        read_review(text, "track.md")
    assert refused.value.where == f"track.md:{line}"


def test_another_file_is_no_review() -> None:
    with pytest.raises(InputError, match="not a review file"):
        read_review("hello", "x.md")


@pytest.mark.parametrize("line", ["- [x] a", "* [X] a", "  - [ x ] a", "- [x ] a", "+ [✓] a"])
@pytest.mark.parametrize("typed", ["      asked_as:", "asked_as:", "\tasked_as:"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_tick_is_read_however_an_editor_sets_it(line: str, typed: str, end: str) -> None:
    text = end.join(["# Track [track]", "", line, f"{typed} where is it", "- [ ] b", "asked_as:", ""])
    assert read_review(text, "track.md").phrasings == ("where is it",)


def test_a_phrasing_that_is_typed_twice_is_one() -> None:
    text = "# Track [track]\n- [x] a\n  asked_as: Where is it\n- [x] b\n  asked_as: where  is it\n"
    assert read_review(text, "track.md").phrasings == ("Where is it",)


@pytest.mark.parametrize("typed", ["write to jo@example.com", "call 07700 900123", "order 12345678 where"])
def test_a_phrasing_with_a_personal_detail_is_refused(typed: str) -> None:
    with pytest.raises(InputError, match=r"track\.md:3.*may name a customer"):
        read_review(f"# Track [track]\n- [x] a\n  asked_as: {typed}\n", "track.md")
    assert read_review("# Track [track]\n- [x] a\n  asked_as: is E-1001 30 days\n", "track.md").phrasings
