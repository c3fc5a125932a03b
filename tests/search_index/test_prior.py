"""What many customers ask about is lifted a little."""

from hypothesis import given
from hypothesis import strategies as st

from search_index import Document, Reader, analyse, build_index
from search_index.prior import FEWEST_CUSTOMERS, MOST, priors

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
