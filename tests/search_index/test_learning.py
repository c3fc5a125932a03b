"""What search learns, and what it must not."""

import json
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from search_index import Document, Example, Reader, analyse, build_index, collect, invert, train, write_index
from search_index.learning import ENOUGH_WITHOUT_CONSTANT, PAIR_REPEATS, SHARED, _examples, read_weights
from search_index.linear_machine import separate

CARD = [
    "where is my card",
    "card has not come",
    "waiting for the card",
    "no card in the post",
    "how long until the card comes",
]
PIN = [
    "card does not work",
    "the card is blocked",
    "machine took my card",
    "card refused in the shop",
    "pin of the card is wrong",
]
DOCUMENTS = [
    Document("arrival", "a/", "Card arrival"),
    Document("trouble", "t/", "Card trouble"),
    Document("fees", "f/", "Fees"),
]


def examples(*pairs: tuple[str, list[str]]) -> list[Example]:
    return [Example(text, id) for id, texts in pairs for text in texts]


def test_search_learns_from_enough_questions():
    documents = [
        Document("arrival", "a/", "Card arrival", asked_as=tuple(CARD)),
        Document("trouble", "t/", "Card trouble", asked_as=tuple(PIN)),
    ]
    built = build_index([analyse(document, "en") for document in documents], language="en")
    assert built.unused_questions == 0
    search = Reader(built.files.__getitem__)
    assert search.search("is the card still in the post").hits[0].id == "arrival"
    assert search.search("a shop refused it").hits[0].id == "trouble"
    assert any(row.kind == "learned" for row in search.explain("where is my card", "arrival"))


def test_a_handful_is_needed():
    assert read_weights(train(examples(("arrival", CARD[:4]), ("trouble", PIN[:4])), language="en")).weights == {}


def test_a_title_teaches_and_is_none_of_the_handful():
    titles = [Example("Card arrival", "arrival", title=True), Example("Card trouble", "trouble", title=True)]
    few = examples(("arrival", CARD[:4]), ("trouble", PIN[:4]))
    assert read_weights(train([*few, *titles], language="en")).weights == {}
    many = examples(("arrival", CARD), ("trouble", PIN))
    learned_weights = read_weights(train([*many, *titles], language="en"))
    assert learned_weights.weights["arriv"]["arrival"] > 0
    assert train([*titles, *many], language="en") == train([*many, *titles], language="en")


def test_what_is_learned_of_a_word_counts_for_the_others_of_its_meaning():
    weights = read_weights(train(examples(("arrival", CARD), ("trouble", PIN)), language="en")).weights
    assert weights["refus"]["trouble"] > weights["declin"]["trouble"] > 0  # nobody wrote “declined”
    other = read_weights(train(examples(("arrival", CARD), ("trouble", PIN)), language="fi")).weights
    assert not any("declin" in feature for feature in other)


FEATURES = st.frozensets(st.sampled_from(["card", "lost", "money", "card lost", "card money", "lost money"]))


@given(
    st.lists(st.tuples(FEATURES, st.integers(1, 3)), min_size=1),
    st.dictionaries(st.sampled_from(["card", "lost", "money"]), st.tuples(st.integers(0, 2), st.integers(3, 4))),
)
def test_examples_are_made_together_as_each_alone(asked, meanings):
    rows, times = zip(*asked, strict=True)
    repeats = Counter(feature for row, count in asked for feature in row for _ in range(count))
    kept = sorted(feature for feature, count in repeats.items() if count >= PAIR_REPEATS or " " not in feature)
    found, examples = _examples(rows, times, meanings)
    assert found == kept
    for row, (columns, values) in zip(rows, examples, strict=True):
        own = sorted(kept.index(feature) for feature in row if feature in kept)
        meant = sorted({len(kept) + meaning for feature in row for meaning in meanings.get(feature, ())})
        assert columns.tolist() == own + meant
        assert values.tolist() == [1.0] * len(own) + [SHARED] * len(meant)


def test_articles_without_questions_are_not_pushed_aside_by_those_with_many():
    documents = [
        Document("arrival", "a/", "Card arrival", asked_as=tuple(CARD)),
        Document("trouble", "t/", "Card trouble", asked_as=tuple(PIN)),
        Document("limit", "l/", "Limit of the card"),
        Document("colour", "c/", "Colour of the card"),
    ]
    analyses = [analyse(document, "en") for document in documents]
    search = Reader(build_index(analyses, language="en").files.__getitem__)
    for id, query in (("limit", "the limit of my card"), ("colour", "what colour is the card")):
        assert search.search(query).hits[0].id == id
        assert any(row.kind == "learned" for row in search.explain(query, id))


def test_learning_can_be_switched_off():
    analyses = [
        analyse(Document("a", "a/", "Card", asked_as=tuple(CARD)), "en"),
        analyse(Document("b", "b/", "Pin", asked_as=tuple(PIN)), "en"),
    ]
    built = write_index(collect([invert(analyses)], language="en"), language="en")
    assert built.unused_questions == 0
    assert built.files != build_index(analyses, language="en").files


def test_without_scikit_learn_search_works_and_counts_the_unused_questions(monkeypatch):
    monkeypatch.setattr("search_index.linear_machine.find_spec", lambda _: None)
    analyses = [analyse(Document("a", "a/", "Card", asked_as=tuple(CARD)), "en")]
    built = build_index(analyses, language="en")
    assert built.unused_questions == len(CARD)
    assert Reader(built.files.__getitem__).search("waiting").hits


def test_with_many_examples_nothing_is_learned_that_readers_do_not_add(monkeypatch):
    """Constants stay in the machine, and readers add up weights; with few examples they keep chance out of these."""
    machines = []

    def recorded(*given):
        machines.append(given[-1])
        return separate(*given)

    monkeypatch.setattr("search_index.learning.separate", recorded)
    many = [f"{text} {number}" for text in CARD for number in range(ENOUGH_WITHOUT_CONSTANT // len(CARD))]
    train(examples(("arrival", many), ("trouble", PIN)), language="en")
    train(examples(("arrival", many), ("trouble", [f"{text} not" for text in many])), language="en")
    assert [machine.constant for machine in machines] == [True, False]


def test_what_was_trained_is_kept_and_only_changed_blocks_are_trained_anew():
    first = train(examples(("arrival", CARD), ("trouble", PIN)), language="en")
    marked = json.loads(first)
    (key,) = marked["blocks"]
    marked["blocks"][key] = {"card": {"arrival": 99}}
    again = train(examples(("arrival", CARD), ("trouble", PIN)), language="en", previous=json.dumps(marked).encode())
    assert read_weights(again).weights == {"card": {"arrival": 99}}
    changed = train(
        examples(("arrival", [*CARD, "more"]), ("trouble", PIN)), language="en", previous=json.dumps(marked).encode()
    )
    assert read_weights(changed).weights != {"card": {"arrival": 99}}
    assert train(examples(("arrival", CARD), ("trouble", PIN)), language="en") == first
