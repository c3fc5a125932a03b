"""Which article a text asks for, or none of them: learned from phrasings and from texts that no article answers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb_builder.support.recognition import Asked, Block, Recogniser, background, blocks, can_learn, learn
from kb_builder.system.codec import Codec

CANCEL = Asked(
    "cancel",
    (
        "Cancel an order",
        "cancel",
        "cancel it",
        "stop my order",
        "I want to cancel",
        "call off what I ordered",
        "cancelling",
    ),
)
LATE = Asked(
    "late",
    ("My parcel is late", "late parcel", "where is my parcel", "parcel hasn't come", "it hasn't come yet", "overdue"),
)
PAY = Asked(
    "pay", ("Ways to pay", "which cards do you take", "can I pay by cheque", "pay by card"), ("You can pay by Visa.",)
)


@pytest.fixture(scope="module")
def learned() -> Block:
    return learn([CANCEL, LATE, PAY], "en")


@pytest.fixture(scope="module")
def recogniser(learned: Block) -> Recogniser:
    return Recogniser([learned], "en")


@pytest.mark.parametrize(
    ("text", "id"),
    [("please cancel it", "cancel"), ("late parcel", "late"), ("parcels are overdue", "late"), ("pay by visa", "pay")],
)
def test_the_article_that_is_asked_for_scores_best(recogniser: Recogniser, text: str, id: str) -> None:
    scores = recogniser.scores(text)
    assert max(scores.articles, key=lambda each: scores.articles[each]) == id
    assert scores.articles[id] > scores.none


@pytest.mark.parametrize(
    "text", ["how are you today", "you are all thieves", "how tall is the lamp", "my flight is late"]
)
def test_what_no_article_answers_is_most_like_the_background(recogniser: Recogniser, text: str) -> None:
    scores = recogniser.scores(text)
    assert scores.none > max(scores.articles.values())


def test_words_around_a_question_count_nothing(recogniser: Recogniser) -> None:
    assert recogniser.scores("could you please help, I want to pay") == recogniser.scores("you, I to pay")
    assert recogniser.scores("help").articles, "unless there are no others"


def test_words_that_were_never_seen_are_recognised(recogniser: Recogniser) -> None:
    assert recogniser.knows("cancel my flight")
    assert not recogniser.knows("cancel my zorblax")


def test_the_same_phrasings_give_the_same_weights(learned: Block) -> None:
    again = learn([CANCEL, LATE, PAY], "en")
    assert Codec(Block).encode(again) == Codec(Block).encode(learned)
    kept = Codec(Block).decode(Codec(Block).encode(learned))
    assert Recogniser([kept], "en").scores("late") == Recogniser([learned], "en").scores("late")


def test_one_article_is_distinguished_from_none() -> None:
    alone = Recogniser([learn([CANCEL], "en")], "en")
    asked, foreign = alone.scores("cancel my order"), alone.scores("what time is it")
    assert asked.articles["cancel"] > 0 > foreign.articles["cancel"]
    assert asked.none < 0 < foreign.none


def test_blocks_together_know_all_articles() -> None:
    both = Recogniser([learn([CANCEL], "en"), learn([LATE, PAY], "en")], "en")
    assert set(both.scores("late").articles) == {"cancel", "late", "pay"}
    assert both.scores("where is my parcel").none < 0, "as one block says that it is for one of its own"


def test_nothing_is_learned_without_a_background() -> None:
    assert can_learn("en")
    assert not can_learn("xx")
    assert background("xx") is None


def test_the_background_has_no_line_twice_and_no_words_around_as_texts() -> None:
    found = background("en")
    assert found is not None
    assert len(set(found.texts)) == len(found.texts)
    assert "please" in found.around
    assert all(not set(text.split()) <= found.around for text in found.texts)


@settings(max_examples=30)
@given(st.integers(1, 900), st.integers(0, 900))
def test_blocks_are_neighbours_and_one_more_article_changes_two_at_most(count: int, at: int) -> None:
    ids = [f"{number:04}" for number in range(count)]
    found = list(blocks(ids))
    assert [id for block in found for id in block] == ids
    assert len(found) == 1 or min(map(len, found)) >= 128
    more = list(blocks(sorted([*ids, f"{at:04}x"])))
    assert len([block for block in found if block not in more]) <= 3


@given(st.text(max_size=80))
def test_any_text_has_finite_scores(recogniser: Recogniser, text: str) -> None:
    scores = recogniser.scores(text)
    assert np.isfinite([scores.none, *scores.articles.values()]).all()
