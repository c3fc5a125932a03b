"""The text form of errors and hints."""

from hypothesis import given
from hypothesis import strategies as st

from kb_builder.errors import clip, counted, did_you_mean, printable

KEYS = ("asked_as", "description", "last_reviewed_on", "redirect_from", "Europe/London", "late-parcel")


@given(st.sampled_from(KEYS), st.data())
def test_a_word_with_one_letter_too_few_in_any_case_and_with_any_hyphen_is_recognised(
    word: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    change = data.draw(st.sampled_from([str.upper, str.title, lambda text: text.replace("_", "-"), str]))
    assert did_you_mean(change(word[:at] + word[at + 1 :]), KEYS, "other") == f'did you mean "{word}"?'


@given(st.text("xyz", min_size=1))
def test_where_no_word_is_near_the_other_hint_is_given(word: str) -> None:
    assert did_you_mean(word, KEYS, "other") == "other"
    assert did_you_mean(word, (), "") == ""


def test_counts_are_singular_or_plural() -> None:
    assert [counted(count, "pin") for count in (0, 1, 2, 1000)] == ["0 pins", "1 pin", "2 pins", "1,000 pins"]
    assert [counted(count, "row", "is", "are") for count in (1, 2)] == ["1 row is", "2 rows are"]


def test_a_message_is_on_one_line_and_shows_what_is_invisible() -> None:
    assert printable("a\nb\u202ec") == "a\\u000ab\\u202ec"


def test_what_a_message_quotes_is_short_and_on_one_line() -> None:
    assert clip(" a\n b ") == "a b"
    assert clip("x" * 61) == "x" * 59 + "…"
