"""How surely a reply may be written from the first search result."""

from kb_builder.support.certainty import certainty, recognised
from kb_builder.support.recognition import Scores
from search_index.results import Hit

PHRASES = ["Cancel an order", "how do I stop my order"]


def hit(id: str, score: int, confidence: float) -> Hit:
    return Hit(id, id, f"{id}/", "", "", "", score, confidence)


def test_a_question_in_the_words_of_the_article_is_surer() -> None:
    hits = [hit("cancel-order", 3000, 0.8), hit("pay", 800, 0.1)]
    near = certainty("how can I stop my order", hits, PHRASES, "en")
    far = certainty("how can I order pizza in Rome", hits, PHRASES, "en")
    assert 0 < far < near < 1


def test_a_second_article_as_good_makes_it_less_sure() -> None:
    alone = certainty("stop my order", [hit("cancel-order", 2000, 0.6)], PHRASES, "en")
    beside = certainty("stop my order", [hit("cancel-order", 2000, 0.6), hit("pay", 2000, 0.6)], PHRASES, "en")
    assert beside < alone


def test_an_exact_title_is_certain_and_nothing_found_is_not() -> None:
    assert certainty("Cancel an order", [hit("cancel-order", 10, 1.0)], PHRASES, "en") == 1
    assert certainty("Cancel an order", [], PHRASES, "en") == 0
    assert certainty("the of", [hit("cancel-order", 10, 0.5)], PHRASES, "en") == 0
    assert certainty("stop my order", [hit("cancel-order", 900, 0.5)], [], "en") < 0.5


def test_recognition_and_search_that_agree_are_surer_than_either() -> None:
    found = [hit("late", 1000, 0.9), hit("pay", 300, 0.1)]
    scores = Scores({"late": 0.3, "pay": -1.0, "rust": -3.0}, -0.8)
    (first, agreed), (second, doubtful) = recognised(found, scores, 0.9)
    assert (first, second) == ("late", "pay"), "and what neither of them thinks of is left out"
    assert agreed > 0.8 > 0.1 > doubtful
    disagreed = recognised(found, Scores({"late": -1.0, "pay": 0.3}, -0.8), 0.9)
    assert disagreed[0][0] == "pay"
    assert disagreed[0][1] < agreed
    assert recognised([], scores, 0.0)[0][1] < agreed
    assert recognised(found, Scores({"late": 0.3, "pay": -1.0}, 0.9), 0.9)[0][1] < agreed, "it may be for none of them"


def test_nothing_is_surer_than_the_first() -> None:
    found = [hit("late", 1000, 0.9), hit("pay", 900, 0.1)]
    ranked = recognised(found, Scores({"late": -0.5, "pay": 0.2}, 0.0), 0.99)
    assert ranked[0][1] >= ranked[1][1]


def test_an_exact_title_needs_no_recognition() -> None:
    assert recognised([hit("late", 10_000_000, 1.0)], Scores({"pay": 2.0}, -2.0), 1.0) == [("late", 1.0)]


def test_a_low_score_says_less_in_a_small_help_centre() -> None:
    hits = [hit("cancel-order", 900, 0.6), hit("pay", 300, 0.1)]
    found = [
        certainty("how can I stop my order", hits, PHRASES, "en", articles=count) for count in (1, 11, 22, 89, 900)
    ]
    assert found == sorted(found, reverse=True)
    assert found[2] > found[3] == found[4]
