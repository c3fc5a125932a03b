"""Which article a reply is written from: ids, misspelt ids, words, and how often words are taken wrongly."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from kb_builder.errors import InputError
from kb_builder.model import Article
from kb_builder.pipeline.desk import Desk
from kb_builder.pipeline.site import Site
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
        phrases={"e gifts": {"e-gift", "pay"}, "stop it": {"cancel-order"}, "money": {"gone"}},
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


@pytest.mark.parametrize("typed", ["stop it", "Stop it!", "  STOP   it?? ", "stóp-it"])
def test_the_phrase_of_one_article_is_about_it(typed: str) -> None:
    assert chosen(typed, confidence=0.1) == Choice(ARTICLES["cancel-order"], 1.0)


def test_the_phrase_of_an_article_that_customers_do_not_see_is_words() -> None:
    assert chosen("money", confidence=0.1).article is None


def test_a_withheld_article_is_refused() -> None:
    with pytest.raises(InputError, match="is for staff only"):
        chosen("verify-a-caller")


def test_without_confidence_there_are_candidates_only() -> None:
    unsure = chosen("parcel", "or", "payment", confidence=SURE - 0.01)
    assert unsure.article is None
    assert [candidate.id for candidate in unsure.candidates] == ["late-parcel", "pay"]
    assert chosen("parcel", "now", confidence=SURE).article == ARTICLES["late-parcel"]


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("it never came, can I get my money back", "late-parcel"),
        ("it never came! can I get my money back?", "late-parcel"),
        ("can I get my money back, it never came", "pay"),
        ("it never came, whatever", "pay"),  # The second part is about nothing.
        ("so what, can I get my money back", "pay"),
        ("it never came and can I get my money back", "pay"),
        ("it never came, stop it", "late-parcel"),  # A phrase is sure.
        ("hello, it never came", "pay"),  # One part alone says nothing new.
    ],
)
def test_what_happened_goes_before_what_is_wanted_for_it(text: str, id: str) -> None:
    known = {"it never came": [("late-parcel", 0.85)], "can I get my money back": [("pay", 0.95)]}

    def matches(part: str) -> list[tuple[str, float]]:
        return known.get(part.rstrip("?!"), [("pay", 0.7 if len(part) > 20 else 0.2), ("late-parcel", 0.3)])

    made = choose(
        text.split(), articles=ARTICLES, old_ids={}, withheld={}, phrases={"stop it": {"cancel-order"}}, matches=matches
    )
    assert made.candidates[0].id == id, made
    assert made.confidence == made.candidates[0].confidence
    assert len({candidate.id for candidate in made.candidates}) == len(made.candidates)


@pytest.mark.parametrize("text", [
        "hi", "Thank you!", "ok", "yes please", "hello, anyone there?", "...",
        "Vielen Dank für die schnelle Hilfe!", "Guten Morgen", "Merci beaucoup pour votre aide", "¡Hola, buenos días!",
        "grazie mille", "obrigado pela ajuda", "Tack så mycket", "Dzień dobry",
        "شكرًا جزيلاً", "السلام عليكم",
    ],
)  # fmt: skip
def test_small_talk_is_about_no_article(text: str) -> None:
    assert chosen(text) == Choice(None, 0.0)


def test_nearest_ids_come_nearest_first() -> None:
    assert nearest_ids("abcd", ["abc", "ab", "abcd-x", "zzzz"]) == ["abc", "ab", "abcd-x"]


class Measured(NamedTuple):
    """Shares of texts: right questions refused, questions with a wrong reply, texts nobody answers with a reply."""

    refused: float
    wrong: float
    taken: float


def measured(desk: Desk, rows: Sequence[tuple[str, Sequence[str]]]) -> Measured:
    """In one run, so that neither refusing nor accepting everything passes. ``rows`` are texts with their articles."""
    made = [(desk.choose((text, "?")), ids) for text, ids in rows]
    questions = [(choice, ids) for choice, ids in made if ids]
    firsts = [(choice, choice.article or next(iter(choice.candidates), None), ids) for choice, ids in questions]
    right = [choice for choice, first, ids in firsts if first and first.id in ids]
    others = [choice for choice, ids in made if not ids]
    return Measured(
        sum(choice.article is None for choice in right) / len(right),
        sum(choice.article is not None and choice.article.id not in ids for choice, ids in questions) / len(questions),
        sum(choice.article is not None for choice in others) / len(others),
    )


def rows(path: str) -> list[dict[str, str]]:
    with (ROOT / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def centre() -> Site:
    return open_site(ROOT, NOW, mentions=())


@pytest.fixture(scope="module")
def demo(centre: Site) -> Desk:
    return centre.desk


@pytest.mark.slow
@pytest.mark.parametrize(
    ("questions", "most"),
    [
        ("own", Measured(refused=0.1, wrong=0.02, taken=0.02)),
        ("tuning", Measured(refused=0.1, wrong=0.02, taken=0.04)),
        ("held-out", Measured(refused=0.1, wrong=0.02, taken=0.04)),
    ],
)
def test_confident_replies_on_the_demo(demo: Desk, questions: str, most: Measured) -> None:
    """The bars of the demo's own questions and the 208 texts beside them are the goal; nothing was fitted on these. The
    other sets were written to be harder, and constants were fitted on both."""
    if questions == "own":
        lines = (ROOT / "tests/data/unanswerable.txt").read_text(encoding="utf-8").splitlines()
        asked = [(row["text"], row["article_id"]) for row in rows("content/search-queries.csv")]
        asked += [(line, "") for line in lines if line and not line.startswith("#")]
    else:
        fresh = rows("tests/data/confidence.csv")
        asked = [(row["text"], row["article_id"]) for row in fresh if row["half"] == questions]
    found = measured(demo, [(text, list(filter(None, ids.split("|")))) for text, ids in asked])
    assert all(share <= bar for share, bar in zip(found, most, strict=True)), found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("I ordered a lamp last week and it never came, can I get my money back", "late-parcel"),
        ("I've waited ten days for my parcel, refund me please", "late-parcel"),
        ("the courier lost my parcel, I want a refund", "late-parcel"),
        ("The mug was cracked when I opened it. I'd like my money back, not another mug.", "damaged-on-arrival"),
        ("this is not what I ordered, how do I get a refund", "wrong-item"),
        ("the parcel is a week late, cancel my order", "late-parcel"),
        ("I had two accounts, please delete one", ""),
    ],
)
def test_complaints_on_the_demo(demo: Desk, text: str, id: str) -> None:
    made = demo.choose((text,)).article
    assert (made.id if made else "") == id


@pytest.mark.slow
def test_results_shown_as_the_answer_on_the_demo(centre: Site) -> None:
    """Of the questions that an article answers, and of texts that none answers. The limits were chosen on these texts:
    before there were any beside a confidence of .6, 326 right answers were shown, 6 wrong ones, and 77 for the others.
    """
    asked = [(row["text"], row["article_id"]) for row in rows("content/search-queries.csv")]
    asked += [(row["text"], row["article_id"]) for row in rows("tests/data/confidence.csv")]
    lines = (ROOT / "tests/data/unanswerable.txt").read_text(encoding="utf-8").splitlines()
    asked += [(line, "") for line in lines if line and not line.startswith("#")]
    reader = centre.trends.search.reader
    shown = []
    for text, ids in asked:
        hits = reader.search(text).hits
        if hits and hits[0].sure:
            shown.append((hits[0].id in ids.split("|"), bool(ids)))
    right = sum(answered for answered, _ in shown)
    wrong = sum(has_answer and not answered for answered, has_answer in shown)
    assert right >= 280, right
    assert wrong <= 3, wrong
    assert len(shown) - right - wrong <= 12, len(shown)
    for unsure in ("someone used my card", "phone number", "thanks", "what's the time"):
        assert not any(hit.sure for hit in reader.search(unsure).hits[:1]), unsure
    answer = reader.search("student discount").hits[0]
    assert (answer.id, answer.sure) == ("student-discount", True)
    assert "students" in answer.excerpt
