"""What search learns from resolved mentions, and what of them never reaches the index."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_index import Document, MentionExamples, Reader, Section, analyse, build_index, reduce_mentions
from search_index.mention_examples import FEWEST_CUSTOMERS, FEWEST_FOR_UNLISTED

DOCUMENTS = [
    Document("arrival", "a/", "Card arrival", sections=(Section("", "", "A card takes a week by post."),)),
    Document("trouble", "t/", "Card trouble", sections=(Section("", "", "Unblock the card in the app."),)),
    Document("fees", "f/", "Fees", sections=(Section("", "", "What a payment costs."),)),
    Document("contact", "c/", "Contact us"),
]
ANALYSES = [analyse(document, "en") for document in DOCUMENTS]
PUBLIC = {
    "card",
    "arrival",
    "trouble",
    "takes",
    "week",
    "post",
    "unblock",
    "app",
    "payment",
    "costs",
    "fees",
    "contact",
}
ASKED = {
    "arrival": ["how long until my plastic gets here", "the postman brought no plastic yet", "plastic still not here"],
    "trouble": ["the machine swallowed my plastic", "shop says plastic is blocked", "plastic refused in the shop"],
    "fees": ["why did you charge me extra", "a strange charge on my statement", "extra charge abroad"],
}


def mentions(customers: int = 18) -> list[tuple[str, str, str]]:
    return [
        (id, f"{id}-{number}", texts[number % len(texts)]) for id, texts in ASKED.items() for number in range(customers)
    ]


def reduced(rows: list[tuple[str, str, str]]) -> MentionExamples:
    return reduce_mentions(rows, language="en", public_forms=PUBLIC)


def files(rows: list[tuple[str, str, str]]) -> dict[str, bytes]:
    return build_index(ANALYSES, language="en", mentions=reduced(rows)).files


def first(rows: list[tuple[str, str, str]], query: str) -> str:
    hits = Reader(files(rows).__getitem__).search(query).hits
    return hits[0].id if hits else ""


def test_resolved_mentions_teach_words_that_no_article_has():
    assert first([], "swallowed by the machine") == ""
    assert first(mentions(), "swallowed by the machine") == "trouble"
    assert first(mentions(), "shop refused plastic card") == "trouble"


@pytest.mark.parametrize(
    "canary",
    [
        "zanzibar",
        "payment",
        "costs fees contact",
        "ann.smith",
        "4111111111111111",
        "<script>",
        "a week by post",
        "plastics",
    ],
)
def test_a_word_of_fewer_than_five_customers_changes_no_byte(canary):
    rows = mentions()
    plain = files(rows)
    for few in range(1, FEWEST_CUSTOMERS):
        changed = [
            (id, customer, f"{text} {canary}" if id == "arrival" and int(customer.split("-")[1]) < few else text)
            for id, customer, text in rows
        ]
        assert files(changed) == plain
    everywhere = [(id, customer, f"{canary} {text}") for id, customer, text in rows[:4]] + rows[4:]
    assert files(everywhere) == plain


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.sampled_from(["payment", "app", "zanzibar", "week", "charge card", "not"]), min_size=1, max_size=4),
    st.data(),
)
def test_rare_words_in_any_place_of_few_mentions_change_no_example(words, data):
    rows = [(id, customer, text) for id, customer, text in mentions() if id == "arrival"]
    chosen = data.draw(st.sets(st.integers(0, len(rows) - 1), min_size=1, max_size=FEWEST_CUSTOMERS - 1))
    used = {word for _, _, text in rows for word in text.split()}
    canary = [word for phrase in words for word in phrase.split() if word not in used]
    changed = list(rows)
    for at in chosen:
        id, customer, text = rows[at]
        parts = text.split()
        place = data.draw(st.integers(0, len(parts)))
        changed[at] = (id, customer, " ".join([*parts[:place], *canary, *parts[place:]]))
    assert reduced(changed).to_bytes() == reduced(rows).to_bytes()


def test_five_customers_of_different_articles_are_not_five_of_one():
    rows = mentions()
    spread = [
        (id, customer, f"{text} payment" if customer.endswith(("-0", "-1", "-2")) else text)
        for id, customer, text in rows
    ]
    assert files(spread) == files(rows)


def test_one_customer_counts_once_however_much_is_written():
    rows = mentions()
    flood = [("arrival", "one", f"payment costs number {number}") for number in range(10_000)]
    assert "payment" not in reduced(rows + flood).customers["arrival"]


def test_without_a_customer_the_same_words_are_one_customer():
    same = [("arrival", "", f"payment costs {word}") for word in ("zig", "zag", "zog", "zug", "zeg", "zyg")]
    assert reduced(same).customers == {}


@pytest.mark.parametrize("form", ["smithson", "order4711", "a" * 30])
def test_an_unlisted_form_needs_many_customers_and_only_letters(form):
    few = [("fees", f"c{number}", f"charge {form}") for number in range(FEWEST_FOR_UNLISTED - 1)]
    many = [*few, ("fees", "last", f"charge {form}")]
    assert form not in reduced(few).forms
    assert (form in reduced(many).forms) == (form == "smithson")


def test_a_word_in_a_list_of_meanings_is_as_good_as_a_public_one():
    rows = [("fees", f"c{number}", "they refused the refund of a surcharge") for number in range(FEWEST_CUSTOMERS)]
    assert reduced(rows[1:]).customers == {}
    learned = reduced(rows).customers["fees"]
    assert {"refus", "refund", "refund refus"} <= learned.keys()  # neither common words nor in an article
    assert "surcharg" not in learned


def test_a_learned_form_is_found_but_never_completed_or_suggested():
    rows = mentions() + [("fees", f"f{number}", "a surcharge smithsonium") for number in range(FEWEST_FOR_UNLISTED)]
    index = files(rows)
    reader = Reader(index.__getitem__)
    assert [hit.id for hit in reader.search("smithsonium").hits] == ["fees"]
    for query in ("smiths", "smithsoniun", "smith sonium"):
        results = reader.search(query)
        assert results.hits == ()
        assert results.corrected == ""


def test_the_order_of_mentions_has_no_influence():
    rows = mentions()
    shuffled = random.Random(4).sample(rows, len(rows))
    assert reduced(shuffled).to_bytes() == reduced(rows).to_bytes()
    assert MentionExamples.from_bytes(reduced(rows).to_bytes()).to_bytes() == reduced(rows).to_bytes()


def test_an_article_that_everything_is_linked_to_takes_no_other_articles_words():
    rows = mentions()
    links = [("contact", f"x{number}", text) for number, (_, _, text) in enumerate(rows * 5)]
    for id, texts in ASKED.items():
        assert first(rows + links, texts[0]) == id


def test_examples_of_articles_that_are_gone_are_ignored():
    assert files([*mentions(), *(("gone", f"g{number}", "a strange charge") for number in range(5))]) == files(
        mentions()
    )


def test_mentions_in_another_language_teach_nothing():
    foreign = [("arrival", f"d{number}", "wo bleibt meine neue karte") for number in range(FEWEST_FOR_UNLISTED - 1)]
    assert reduced(foreign).forms == {}


def test_an_explanation_names_learned_words_and_the_example_their_customers():
    rows = mentions()
    reader = Reader(files(rows).__getitem__)
    learned = {part.word: part for part in reader.explain("shop machine card", "trouble") if part.kind == "learned"}
    assert learned["machine"].score > 0
    assert reduced(rows).customers_of("trouble", "machines", "en") == 6
    assert reduced(rows).customers_of("trouble", "card", "en") == 0
