"""The forms of a text are those of its pieces, and of what has a space in it."""

from hypothesis import given
from hypothesis import strategies as st

from search_index import text_forms
from search_index.codes import codes_of_text
from search_index.text_forms import forms_of
from search_index.words import words_and_places

PIECES = st.sampled_from(
    ["word", "(Word)", "Wi-Fi", "a_b", "3.5", "c", "C", "+", "++", "＋＋", "c#", "#", "l'eau", "'", "...", "-", "é",
     "返品", "x" * 50, "E-1001", "ERR_CARD", "PAY", "3", "12", "1234567", "020", "7946", "0123.", "(0)", "+44", "kg",
     "V", "m,", "GB29", "NWBK", "6016", "RJ45", "DE123456789", "v4.7", "0x80070005", "1,000", "٣٠", "①",
     "ΑΣ", "\u212a", "\u0301"]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(PIECES).map(" ".join), st.lists(st.tuples(PIECES, st.sampled_from(
    [" ", "", "  ", "\n", "\u00a0", "\u2003", "\x1c", ", "])).map("".join)).map("".join))  # fmt: skip


@given(TEXTS, st.booleans(), st.integers(0, 99))
def test_a_text_has_the_words_of_its_pieces_at_their_positions(text, eliding, first):
    _, words, places = forms_of(text, frozenset(), eliding=eliding, first=first)
    assert (words, list(places)) == words_and_places(text, eliding=eliding, first=first)


@given(TEXTS)
def test_a_text_has_every_code_that_a_search_through_it_finds(text):
    more, words, _ = forms_of(text, frozenset(), eliding=False)
    assert {*codes_of_text(text)} <= {*more, *words} or not any(map(str.isdecimal, text))


@given(TEXTS)
def test_spellings_are_no_words_and_come_once(text):
    more, words, _ = forms_of(text, frozenset(), eliding=False)
    assert len({*more, *words}) == len(more) + len({*words})


def test_more_pieces_than_are_kept_are_read_anew(monkeypatch):
    monkeypatch.setattr("search_index.text_forms._MOST_CHARACTERS", 12)
    for _ in range(2):
        more, words, places = forms_of("Wi-Fi and iPhone 15", frozenset(), eliding=False)
        assert "iphone_15_" in more
        assert (words, list(places)) == (["wifi", "wi", "fi", "and", "iphone", "15"], [0, 0, 1, 2, 3, 4])


def test_long_pieces_are_kept_in_smaller_number(monkeypatch):
    monkeypatch.setattr("search_index.text_forms._MOST_CHARACTERS", 1000)
    kept = text_forms._pieces(eliding=False)
    for number in range(20):
        forms_of(f"{'返品' * 300}{number}", frozenset(), eliding=False)
        assert sum(map(len, kept)) <= 1000 + 602
