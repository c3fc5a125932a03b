"""Codes and numbers are found in every spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index import Document, Reader, Section, analyse, build_index
from search_index.codes import codes_of_query, codes_of_text
from search_index.words import words
from tests.search_browser import answers, job

TEXTS = {
    "codes": "E-1001: declined. ERR_CARD_EXPIRED, KM/2026/00042 and PAY-3. See PAY.LIMIT.EXCEEDED or 0x80070005.",
    "phone": "Call +44 20 7946 0123 or 0800-123-4567. IBAN GB29 NWBK 6016 1331 9268 19.",
    "size": "The pot holds 1.7 l, costs £12.50 and weighs 1,200 g. Updated to 4.7.1.",
    "pieces": "Pay the limit with a card. It exceeded 2026 and expired. Err on the safe side, 1001 times.",
}
READER = Reader(
    build_index(
        [
            *(
                analyse(Document(id, f"{id}/", id, sections=(Section("", "", text),)), "en")
                for id, text in TEXTS.items()
            ),
            *(analyse(Document(f"f{n}", f"f{n}/", f"Filler {n}"), "en") for n in range(9)),
        ],
        language="en",
    ).files.__getitem__
)


@pytest.mark.parametrize(
    ("query", "id"),
    [
        *(
            (query, "codes")
            for query in ("E-1001", "e1001", "e 1001", "what is e-1001?", "err_card_expired", "PAY3", "pay-3")
        ),
        *(
            (query, "codes")
            for query in ("km/2026/00042", "KM202600042", "pay.limit.exceeded", "0x80070005", "80070005")
        ),
        *(
            (query, "phone")
            for query in ("02079460123", "+442079460123", "020 7946 0123", "(020) 7946-0123", "0044 20 79460123")
        ),
        *(
            (query, "phone")
            for query in ("08001234567", "0800 123 4567", "GB29NWBK60161331926819", "gb29 nwbk 6016 1331 9268 19")
        ),
        *((query, "size") for query in ("1.7l", "1.7 l", "12,50", "£12.50", "1200g", "1,200 g", "v4.7.1", "4.7.1")),
    ],
)
def test_every_spelling_finds_the_code_first(query, id):
    hits = READER.search(query).hits
    assert hits[0].id == id


@given(st.from_regex(r"\A[A-Z]{2}[0-9]{9}\Z"), st.sampled_from(["{} {} {} {}", "{}{}{}{}", "{}-{}{}{}", "{1} {2} {3}"]))
def test_a_tax_number_is_found_with_its_letters_or_without(number, spaced):
    typed = spaced.format(number[:2], number[2:5], number[5:8], number[8:])
    text = f"our number is {number}."
    assert set(codes_of_query(typed)) & {*codes_of_text(text), *words(text, eliding=False)}


def test_an_unknown_code_falls_back_to_its_pieces():
    assert READER.search("E-1001-77").hits[0].id in ("codes", "pieces")
    assert READER.search("ZZ-4711").hits == ()


def test_hyphenated_words_decimals_and_versions_are_no_codes():
    for text in ("pre-order", "and/or", "12.50", "17.2", "node.js", "a well-known word"):
        assert codes_of_text(text) == codes_of_query(text) == []


@given(
    st.from_regex(r"\A[A-Z]{1,4}\Z"), st.from_regex(r"\A[0-9]{3,6}\Z"),
    st.sampled_from("-_./"), st.sampled_from(["", "-", "_", ".", "/"]),
)  # fmt: skip
def test_a_code_has_one_key_in_all_spellings(letters, digits, written, typed):
    key = (letters + digits).lower()
    assert key in codes_of_text(f"the code {letters}{written}{digits} means")
    assert key in codes_of_query(f"{letters.lower()}{typed}{digits} please")


@given(st.from_regex(r"\A[A-Z]{1,6}\Z"), st.from_regex(r"\A[0-9]{1,6}\Z"))
def test_a_code_may_have_a_space_in_it(letters, digits):
    key = (letters + digits).lower()
    assert key in codes_of_text(f"the code {letters} {digits} means")
    assert key in codes_of_query(f"{letters} {digits} please")


def test_a_word_before_a_number_is_no_code():
    assert codes_of_text("after 30 days, version 2, at $ 5") == []
    assert codes_of_query("nano 33 ble, top 10") == []
    assert codes_of_query("e 1001") == ["e1001"]


@given(st.from_regex(r"\A0[1-9][0-9]{8,9}\Z"), st.lists(st.integers(1, 9), max_size=3))
def test_a_telephone_number_has_one_key_however_it_is_spaced(number, cuts):
    spaced = "".join(digit + (" " if at in cuts and at < len(number) - 1 else "") for at, digit in enumerate(number))
    abroad = f"+44 {number[1:]}"
    assert number[-9:] in codes_of_text(spaced)
    assert number[-9:] in codes_of_query(number)
    assert number[-9:] in codes_of_query(abroad)


@pytest.mark.parametrize("query", ["02079460123", "e1001"])
def test_a_result_for_a_code_shows_the_passage_that_has_it(query):
    told = (
        Section("", "", "Call 020 7946 0123 from anywhere. Write down E-1001 before."),
        Section("more", "More", "Hi."),
    )
    document = Document("phone", "phone/", "Calling us", answer="Short answer.", sections=told)
    files = build_index([analyse(document, "en")], language="en").files
    (hit,) = Reader(files.__getitem__).search(query).hits
    assert "020 7946 0123" in hit.excerpt
    (result,) = answers([job(files, [query])])
    assert result["answers"][0]["hits"][0]["excerpt"] == hit.excerpt


def test_the_only_article_with_a_code_is_sure():
    documents = [
        Document("only", "only/", "Payment declined", sections=(Section("", "", "The till shows E-1001 then."),)),
        Document("one", "one/", "Leaks", sections=(Section("", "", "F-2002 stands for a leak."),)),
        Document("two", "two/", "Pumps", sections=(Section("", "", "F-2002 stands for a pump."),)),
    ]
    files = build_index([analyse(document, "en") for document in documents], language="en").files
    queries = ["e 1001", "F-2002"]
    (result,) = answers([job(files, queries)])
    for query, in_browser, sure in zip(queries, result["answers"], ([True], [False, False]), strict=True):
        assert [hit.sure for hit in Reader(files.__getitem__).search(query).hits] == sure
        assert [hit["sure"] for hit in in_browser["hits"]] == sure
