"""Text to words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.query import MOST_WORDS, parse
from search_index.words import LONGEST_WORD, elides, fold, normal, words, words_and_compounds

TEXTS = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            ["word", "Wi-Fi", "a_b", "3.5", "a.b", "c++", "c#", "l'eau", "'", ".", ". ", "..", "-", "_", "+", "é",
             "返品", "x" * 50, "x" * 30 + "-" + "y" * 30, " ", "\n", "\x1c"]
        )
    ).map("".join),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Don't pay twice.", ["dont", "pay", "twice"]),
        ("C++, C# and 4G", ["c++", "c#", "and", "4g"]),
        ("order #A-123", ["order", "a", "123"]),
        ("c ++ or C #", ["c++", "or", "c#"]),
        ("C + + or ab + +, Disney+ +44", ["c++", "or", "ab", "disney+", "44"]),
        ("see #, a + b, block 5 # 7, a #5", ["see", "a", "b", "block", "5", "7", "a", "5"]),
        ("version v1.8.19.", ["version", "v1.8.19"]),
        ("and/or, a.b", ["and", "or", "a", "b"]),
        ("Wi\u00adFi \u200bhere ❤\ufe0f", ["wifi", "here"]),
        ("ﬁnd ① Ⅳ", ["find", "1", "iv"]),
        ("٣٠ يوما و١٬٠٠٠", ["30", "يوما", "و1000"]),
        ("३० दिन, ๑๒.๕", ["30", "दिन", "12.5"]),
        ("返品ポリ", ["返品", "品ポ", "ポリ"]),
        ("車", ["車"]),
        ("iPhone14を", ["iphone14", "を"]),
        ("वापसी नीति", ["वापसी", "नीति"]),
        ("\ud800 a \udfff", ["a"]),
        ("x" * 100, ["x" * LONGEST_WORD]),
        ("--- ... '' 😀", []),
    ],
)
def test_a_text_is_split_into_words(text, found):
    assert words(text, eliding=False) == found


def test_an_apostrophe_separates_words_in_french():
    assert elides("fr-CA")
    assert not elides("en")
    assert words("l’article d'été", eliding=True) == ["l", "article", "d", "été"]


def test_a_hyphenated_word_is_also_one_word():
    assert words_and_compounds("my Wi-Fi e-mail", eliding=False) == [
        ("my", 0), ("wifi", 1), ("wi", 1), ("fi", 2), ("email", 3), ("e", 3), ("mail", 4),
    ]  # fmt: skip


@given(TEXTS, st.booleans())
def test_without_compounds_words_follow_each_other(text, eliding):
    found = words_and_compounds(text, eliding=eliding)
    last_at = {position: at for at, (_, position) in enumerate(found)}
    single = [found[at] for at in sorted(last_at.values())]
    assert single == list(zip(words(text, eliding=eliding), range(len(single)), strict=True))
    assert [position for _, position in found] == sorted(position for _, position in found)


@given(st.text(st.characters(max_codepoint=127)), st.booleans())
def test_ascii_has_no_rules_of_its_own(text, eliding):
    assert f"{normal(text, eliding=eliding)} é" == normal(f"{text} é", eliding=eliding)
    assert [*words(text, eliding=eliding), "é"] == words(f"{text} é", eliding=eliding)


@pytest.mark.parametrize(
    ("word", "key"), [("café", "cafe"), ("straße", "strasse"), ("œuvre", "oeuvre"), ("søk", "sok"), ("한국", "한국")]
)
def test_case_and_accents_are_folded(word, key):
    assert fold(word) == key


@given(st.text())
def test_any_text_gives_words_without_spaces_and_the_same_again(text):
    found = words(text, eliding=False)
    assert all(word and " " not in word and len(word) <= LONGEST_WORD for word in found)
    assert words(text, eliding=False) == found


def test_a_query_is_taken_apart():
    query = parse("where is “my parcel” now", eliding=False)
    assert query.words == ("where", "is", "my", "parcel", "now")
    assert query.phrases == (("my", "parcel"),)
    assert query.quoted == {"my", "parcel"}
    assert query.open_end
    assert not parse('"now"', eliding=False).open_end


def test_a_query_has_an_end():
    assert len(parse(" ".join(f"w{n}" for n in range(5000)), eliding=False).words) <= MOST_WORDS
