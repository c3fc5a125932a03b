"""What many customers ask about is lifted a little."""

import json

from hypothesis import given
from hypothesis import strategies as st

from search_index import Document, Reader, analyse, build_index
from search_index.prior import FEWEST_CUSTOMERS, MOST, priors
from tests.search_browser import answers, job

DOCUMENTS = [
    Document("cost", "c/", "What a parcel costs"),
    Document("late", "l/", "My parcel is late"),
    *(Document(f"f{n}", f"f{n}/", f"Filler {n}") for n in range(9)),
]


def ids(query: str, asked: dict[str, int]) -> list[str]:
    index = build_index([analyse(document, "en") for document in DOCUMENTS], language="en", asked=asked)
    return [hit.id for hit in Reader(index.files.__getitem__).search(query).hits]


def test_of_two_equal_articles_the_one_that_is_asked_for_comes_first():
    assert ids("parcel", {"cost": 40, "late": 6})[0] == "cost"
    assert ids("parcel", {"cost": 6, "late": 400})[0] == "late"


def test_what_most_customers_ask_overtakes_what_scores_a_third_more_and_not_what_scores_twice_as_much():
    wait = Document("wait", "w/", "How long to wait for a parcel before you write or call")
    analyses = [analyse(each, "en") for each in (wait, *DOCUMENTS[1:])]
    for query, asked, first in (
        ("where is my parcel", {}, "late"),
        ("where is my parcel", {"wait": 400, "late": 6}, "wait"),
        ("late parcel", {"wait": 400, "late": 6}, "late"),
    ):
        reader = Reader(build_index(analyses, language="en", asked=asked).files.__getitem__)
        assert reader.search(query).hits[0].id == first


def test_an_exact_title_stays_first():
    assert ids("what a parcel costs", {"late": 100_000, "cost": 5})[0] == "cost"


def test_a_few_customers_change_no_byte():
    def files(asked: dict[str, int]) -> dict[str, bytes]:
        return build_index([analyse(document, "en") for document in DOCUMENTS], language="en", asked=asked).files

    assert files({"late": FEWEST_CUSTOMERS - 1}) == files({})
    assert files({"gone": 900}) == files({})


@given(st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), st.integers(0, 10**9)))
def test_priors_are_bounded_and_follow_the_customers(asked):
    found = priors(asked, ["a", "b", "c", "d"])
    assert all(0 < value <= MOST for value in found.values())
    ranked = sorted(found, key=lambda number: asked["abcd"[number]])
    assert [found[number] for number in ranked] == sorted(found.values())


def test_what_is_pinned_rises_by_a_quarter_and_never_above_an_exact_title():
    titles = ("My parcel has not come", "My parcel is late", "Where a parcel has been")
    documents = [Document(str(number), "", title) for number, title in enumerate(titles)]
    files = build_index([analyse(each, "en") for each in documents], language="en").files
    build = json.loads(files["manifest.json"])["build"]
    reader = Reader(files.__getitem__)
    for query, pinned, ids, score in (
        ("parcel", 2, ["2", "1", "0"], 392),
        ("parcel late", 2, ["1"], 2000),
        ("parcel late", 1, ["1"], 2500),
        ("my parcel has not come", 1, ["0"], 10_003_466),
    ):
        plain = {hit.id: hit.score for hit in reader.search(query).hits}
        lifted = reader.search(query, pinned=[pinned, 99]).hits
        assert [hit.id for hit in lifted] == ids
        assert lifted[0].score == score
        options = {"pinned": {"build": build, "documents": [pinned, 99]}}
        stale = {"pinned": {"build": "0123456789abcdef", "documents": [pinned]}}
        jobs = [job(files, [query], options=options), job(files, [query], options=stale)]
        now, before = ({hit["id"]: hit["score"] for hit in each["answers"][0]["hits"]} for each in answers(jobs))
        assert now == {hit.id: hit.score for hit in lifted}
        assert before == plain
