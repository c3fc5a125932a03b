"""What is found, and in which order."""

import pytest

from search_index import Document, Reader, Section, analyse, build_index
from search_index.confidence import is_sure
from search_index.scoring import MOST_DOCUMENTS
from tests.search_index.small_indexes import article, found, index, reader


def test_an_exact_title_comes_first_whatever_else_matches():
    search = reader(
        article("plain", "What is it"),
        article("loud", "It is what it is, what a title", "what is it " * 50, asked_as=("what is it",) * 9, boost=10),
    )
    assert found(search, "What is it?")[0] == "plain"


def test_matches_rank_as_typed_stem_synonym_prefix_typo():
    search = reader(
        article("typed", "Receipts"), article("stem", "Receipt"), article("synonym", "Bill"),
        synonyms="receipts, bill",
    )  # fmt: skip
    assert found(search, "receipts") == ["typed", "stem", "synonym"]
    search = reader(article("typed", "Gift"), article("prefix", "Gifting"))
    assert found(search, "gift")[0] == "typed"


def test_a_typo_is_corrected_and_reported():
    search = reader(article("refund", "Refund of a parcel"))
    for typo in ("refnud", "efund", "rrefund", "refumd", "erfund"):
        results = search.search(typo)
        assert [hit.id for hit in results.hits] == ["refund"], typo
        assert results.corrected == "refund"


def test_a_known_word_is_taken_as_it_is():
    search = reader(article("hover", "Hover"), article("over", "Over and over"))
    assert found(search, "hover") == ["hover"]


def test_nonsense_finds_nothing():
    search = reader(article("refund", "Refund"), article("flex", "Flex"))
    for nonsense in ("flux capacitor", "xyzzy", "qwertz asdf", "", "?!", "0000", "__proto__"):
        assert found(search, nonsense) == []


def test_the_last_word_may_be_cut_short():
    search = reader(article("delivery", "Delivery abroad"))
    assert found(search, "abroad deliv") == ["delivery"]


def test_a_form_that_never_occurs_is_found_by_its_base():
    search = reader(article("card", "Activate a card"), article("travel", "Travel abroad"))
    assert found(search, "activating it now") == ["card"]
    assert found(search, "travelling") == ["travel"]


def test_split_and_joined_words():
    search = reader(article("card", "Gift card"), article("login", "Login"))
    assert found(search, "giftcard") == ["card"]
    assert found(search, "log in") == ["login"]
    search = reader(
        article("gate", "Reach gate 7"), article("trial", "After the 12 months"), article("seven", "7 of us")
    )
    assert found(search, "gate7") == ["gate"]
    assert found(search, "12month") == ["trial"]
    assert found(search, "gate8") == []
    assert found(search, "11month") == ["trial"]


def test_a_word_typed_apart_says_more_than_both_of_its_halves():
    search = reader(
        article("timeout", "The page says timeout"),
        article("open", "What time do you open?", "We let people out at eight."),
        article("watch", "Charge a smartwatch"),
        article("lights", "Set up smart lights", "They watch for a signal."),
    )
    assert found(search, "time out")[0] == "timeout"
    assert found(search, "smart watch")[0] == "watch"


def test_synonyms_work_both_ways_or_one_way():
    search = reader(
        article("bill", "Bill"), article("card", "Gift card"), synonyms="invoice, bill\nvoucher => gift card"
    )
    assert found(search, "invoice") == ["bill"]
    assert found(search, "invoices") == ["bill"]
    assert found(search, "voucher") == ["card"]
    assert found(search, '"invoice"') == []
    search = reader(article("enter", "Mount the board"), synonyms="fix to the wall => mount")
    assert found(search, "how do I fix it to a wall") == ["enter"]


def test_an_everyday_word_finds_the_word_that_a_title_has():
    search = reader(article("declined", "Declined payment"), article("lost", "Lost card"))
    assert found(search, "it was refused when I paid") == ["declined"]
    assert found(search, "stolen or missing") == ["lost"]
    assert found(search, '"refused"') == found(search, "refused", literal=True) == []


def test_everyday_words_are_for_those_that_hardly_a_title_has():
    titled = [article(f"refused-{n}", f"Refused {n}", "x") for n in range(3)]
    search = reader(article("declined", "Declined payment"), *titled)
    assert "declined" not in found(search, "refused")


def test_everyday_words_are_english():
    assert found(reader(article("declined", "Declined payment"), language="de"), "refused") == []


def test_a_known_word_is_still_found_by_its_inflections():
    search = reader(article("text", "Other", "we deliver"), article("title", "Refund"))
    assert found(search, "delivery") == ["text"]
    assert found(search, "reimbursing") == ["title"]


@pytest.mark.parametrize("word", ["shoes", "Shoe", "shirts", "horse"])
def test_an_everyday_word_is_no_typo(word):
    search = reader(article("shops", "Our shops"), article("shorts", "Shorts"), article("house", "House"))
    results = search.search(word)
    assert (results.hits, results.corrected) == ((), "")
    assert found(search, "shosp") == ["shops"]
    assert found(search, "huose") == ["house"]


def test_a_typo_between_letters_beside_a_number():
    search = reader(article("board", "Set up the ESP32"), article("other", "Set up the ESP8266"))
    assert found(search, "eps32") == ["board"]
    assert found(search, "esp8265") == []


def test_a_quoted_phrase_wants_its_words_in_a_row():
    search = reader(
        article("row", "One", "returned within thirty days of delivery"),
        article("not", "Two", "days after thirty returns"),
    )
    assert found(search, '"thirty days"') == ["row"]
    assert found(search, '"days thirty"') == []
    assert found(search, '"within thirty" delivery') == ["row"]


def test_no_phrase_runs_from_the_title_into_the_text():
    assert found(reader(article("a", "Lost parcel", "refund soon")), '"parcel refund"') == []


def test_only_little_words_are_looked_for_in_titles():
    search = reader(article("who", "Who we are", "text"), article("other", "Other", "who we are, that is what we are"))
    assert found(search, "who are we") == ["who"]


def test_accents_may_be_left_out():
    search = reader(article("cafe", "Café"), language="fr")
    assert found(search, "cafe") == ["cafe"]


def test_odd_words_are_found():
    search = reader(article("c", "Examples in C++"), article("order", "Order #A-123"), article("net", "No 4G"))
    assert found(search, "c++") == ["c"]
    assert found(search, "A123")[:1] == ["order"]
    assert found(search, "a-123")[:1] == ["order"]
    assert found(search, "4g") == ["net"]


def test_a_hit_points_to_the_section():
    soap = Section("candles-and-soap", "Candles & soap", "Opened soap stays yours.")
    sections = (Section("", "", "Keep the box."), soap)
    document = Document("returns", "returns/", "Returns", answer="Within 30 days.", sections=sections)
    (hit,) = reader(document).search("opened soap").hits
    assert (hit.section, hit.section_heading, hit.excerpt) == (
        "candles-and-soap", "Candles & soap", "Opened soap stays yours.",
    )  # fmt: skip
    (hit,) = reader(document).search("returns").hits
    assert (hit.section, hit.excerpt) == ("", "Within 30 days.")


def test_a_boost_lifts_and_a_tag_is_found():
    search = reader(article("a", "Parcel"), article("b", "Parcel", boost=3.0), article("c", "Other", tags=("courier",)))
    assert found(search, "parcel late")[0] == "b"
    assert found(search, "courier") == ["c"]


def test_explain_adds_up_to_reasons():
    search = reader(article("refund", "Refund of parcels", "We refund parcels"))
    rows = search.explain("refund parcles", "refund")
    assert [(row.word, row.kind) for row in rows] == [("refund", "exact"), ("parcles", "typo")]
    assert all(row.score > 0 for row in rows)
    assert search.explain("refund", "filler-1") == ()
    assert search.explain("refund", "no-such-id") == ()


def test_a_broken_shard_is_skipped_by_the_reference_reader_too():
    words = [" ".join(f"w{n * 7 + k}q{k}" for k in range(200)) for n in range(40)]
    built = index(*(article(f"a{n}", f"Title {n}", text) for n, text in enumerate(words)))
    assert len(built.files) > 10
    files = {name: b"<html>" if name.startswith("shards/i-") else data for name, data in built.files.items()}
    results = Reader(files.__getitem__).search("title")
    assert results.incomplete
    assert results.hits == ()


def test_a_word_in_very_many_documents_is_kept_for_the_strongest():
    documents = [
        article(f"n{n}", "Parcel" if n == 7 else "Entry", "the parcel came") for n in range(MOST_DOCUMENTS + 50)
    ]
    search = Reader(build_index([analyse(d, "en") for d in documents], language="en").files.__getitem__)
    assert found(search, "parcel")[0] == "n7"


def test_an_empty_collection_finds_nothing():
    assert Reader(build_index([], language="en").files.__getitem__).search("anything").hits == ()


def test_results_that_say_little_beside_the_best_are_left_out():
    search = reader(
        article("refund", "Refund of a cancelled parcel"),
        article("story", "History", "we once had a refund " + "among many other words " * 200),
    )
    assert found(search, "refund of cancelled parcels") == ["refund"]


def test_confidence_falls_with_doubt():
    search = reader(article("refund", "Refund of a parcel"), article("track", "Track a parcel"))
    exact, clear, vague, partly = (
        search.search(query).hits[0].confidence
        for query in ("Refund of a parcel", "refund parcel please", "parcel", "parcel xylophone zebra orchestra")
    )
    assert exact == 1
    assert exact > clear > vague > partly >= 0


def test_a_rare_word_that_is_a_typo_of_a_frequent_one_finds_both():
    frequent = [article(f"adobe{n}", f"Adobe plugin {n}", "adobe reader") for n in range(9)]
    search = reader(article("slip", "A note", "the dobe reader"), *frequent)
    ids = found(search, "dobe")
    assert "slip" in ids
    assert "adobe0" in ids
    assert found(search, "dobe", literal=True) == ["slip"]
    assert found(search, '"dobe"') == ["slip"]


def test_an_unknown_word_is_a_typo_before_it_is_a_distant_inflection():
    search = reader(article("right", "Internal sensor"), article("wrong", "What we intend"))
    assert found(search, "intenal sensor")[0] == "right"


LONG = Section(
    "delivery",
    "Delivery",
    "Parcels leave our warehouse in the evening. The courier rings twice and leaves a card when nobody is in. "
    "After that the parcel goes to the nearest shop, where it waits for a week. "
    "Islands: 5 working days. Highlands: 4 working days, by ferry. Batteries never fly.",
)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("courier", LONG.text[: LONG.text.index("Islands")].strip()),
        ("islands", "Islands: 5 working days. Highlands: 4 working days, by ferry. Batteries never fly."),
        ("batteries fly", "Islands: 5 working days. Highlands: 4 working days, by ferry. Batteries never fly."),
    ],
)
def test_a_result_shows_whole_sentences_around_the_words(query, shown):
    (hit,) = reader(Document("a", "a/", "Post", answer="It depends.", sections=(LONG,))).search(query).hits
    assert (hit.section, hit.section_heading) == ("delivery", "Delivery")
    assert hit.excerpt in (shown, shown.replace("nearest shop, where it waits for a week.", "").strip())


def test_a_large_collection_shows_less_text_of_an_article():
    parts = tuple(Section(f"s{n}", f"Part {n}", f"Words of part {n * 4}. " * 20) for n in "abcdefghi")
    count = 4300
    documents = [
        analyse(Document(f"a{n:04}", "", f"Title {n}", sections=parts[: 9 * (n == 0)]), "en") for n in range(count)
    ]
    search = Reader(build_index(documents, language="en").files.__getitem__)
    assert search.search("words of part aaaa").hits[0].excerpt.startswith("Words of part aaaa.")
    assert search.search("words of part iiii").hits[0].excerpt.startswith("Words of part aaaa.")


@pytest.mark.parametrize(
    ("score", "second", "learned", "sure"),
    [
        (9_000, 4_500, False, True), (9_000, 4_501, False, False), (8_500, 0, False, False),
        (11_000, 8_800, False, True), (11_000, 8_801, False, False),
        (28_000, 0, True, False), (30_000, 9_000, True, True),
    ],
)  # fmt: skip
def test_titles_alone_are_sure_at_a_lower_score_where_no_other_match_is_close(score, second, learned, sure):
    assert is_sure(0.9, score, second, 2, 100, learned) is sure


def test_one_word_or_a_close_second_is_not_sure():
    words = "invoice refund voucher parcel courier locker hamper lamp".split()
    many = [article(f"other{n}", f"Story number {n}", f"about {words[n % 8]} things") for n in range(40)]
    search = reader(
        *many,
        article("clean", "Cleaning copper kettles and pans"),
        article("store", "Storing copper kettles and pans"),
        article("zebra", "Zebra crossings and giraffe bridges"),
    )
    asked = ("Storing copper kettles and pans", "cleaning copper kettle pans", "copper kettle pans", "giraffe")
    found = [search.search(query).hits[0] for query in asked]
    assert [hit.id for hit in found] == ["store", "clean", "clean", "zebra"]
    assert [hit.sure for hit in found] == [True, True, False, False]
