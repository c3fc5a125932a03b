"""Which article a reply is written from: ids, misspelt ids, words, and how often words are taken wrongly."""

import csv
from pathlib import Path

import pytest

from kb_builder.errors import InputError
from kb_builder.model import Article
from kb_builder.support.choice import SURE, Choice, choose, nearest_ids
from tests.centres import NOW, open_site

ROOT = Path(__file__).parents[2]
ARTICLES = {
    id: Article(id, f"{id}.md", f"{id}/", id.title(), "", 1) for id in ("cancel-order", "late-parcel", "pay", "e-gift")
}


def chosen(*words: str, confidence: float = 0.9) -> Choice:
    return choose(
        words,
        articles=ARTICLES,
        old_ids={"stop-order": "cancel-order"},
        withheld={"verify-a-caller": "for staff only"},
        phrases=["e-gifts"],
        matches=lambda _: [("late-parcel", confidence), ("pay", 0.1), ("gone", 0.1)],
    )


def test_ids_and_old_ids() -> None:
    assert chosen("cancel-order") == Choice(ARTICLES["cancel-order"], 1.0)
    assert chosen("stop-order") == Choice(ARTICLES["cancel-order"], 1.0)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("cancle-order", "cancel-order"), ("verify-caller", "verify-a-caller"), ("late-parcels", "late-parcel")],
)
def test_a_misspelt_id_is_refused(typed: str, meant: str) -> None:
    with pytest.raises(InputError, match=f'no article "{typed}"') as caught:
        chosen(typed)
    assert caught.value.hint == f'did you mean "{meant}"?'


@pytest.mark.parametrize("typed", ["something-else", "e-gifts", "paid"])
def test_what_is_not_a_misspelt_id_is_words(typed: str) -> None:
    assert chosen(typed).article == ARTICLES["late-parcel"]


def test_a_withheld_article_is_refused() -> None:
    with pytest.raises(InputError, match="is for staff only"):
        chosen("verify-a-caller")


def test_without_confidence_there_are_candidates_only() -> None:
    unsure = chosen("parcel", "or", "payment", confidence=SURE - 0.01)
    assert unsure.article is None
    assert [candidate.id for candidate in unsure.candidates] == ["late-parcel", "pay"]
    assert chosen("parcel", "now", confidence=SURE).article == ARTICLES["late-parcel"]


@pytest.mark.parametrize("text", ["hi", "Thank you!", "ok", "yes please", "hello, anyone there?", "..."])
def test_small_talk_is_about_no_article(text: str) -> None:
    assert chosen(text) == Choice(None, 0.0)


def test_nearest_ids_come_nearest_first() -> None:
    assert nearest_ids("abcd", ["abc", "ab", "abcd-x", "zzzz"]) == ["abc", "ab", "abcd-x"]


@pytest.mark.slow
def test_confident_replies_on_the_demo() -> None:
    """Measured in one run, so that neither refusing nor accepting everything passes."""
    desk = open_site(ROOT, NOW, mentions=()).desk
    with (ROOT / "content/search-queries.csv").open(encoding="utf-8", newline="") as file:
        questions = [(row["text"], row["article_id"].split("|")) for row in csv.DictReader(file)]
    lines = (ROOT / "tests/data/unanswerable.txt").read_text(encoding="utf-8").splitlines()
    others = [line for line in lines if line and not line.startswith("#")]
    made = [(desk.choose((text, "?")), ids) for text, ids in questions]
    right = [choice for choice, ids in made if choice.candidates and choice.candidates[0].id in ids]
    wrong = sum(choice.article is not None and choice.article.id not in ids for choice, ids in made)
    taken = sum(desk.choose((text, "?")).article is not None for text in others)
    refused = sum(choice.article is None for choice in right)
    assert refused / len(right) <= 0.15
    assert wrong / len(made) <= 0.048
    assert taken / len(others) <= 0.043
