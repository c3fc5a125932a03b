"""The staff's index."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index import Document, Section, StaffIndex

DOCUMENTS = [
    Document(
        "refund",
        "r/",
        "Refund times",
        answer="Five days.",
        sections=(Section("", "", "Refunds take 30 days at most."),),
    ),
    Document(
        "escalate", "e/", "Escalate a refund", sections=(Section("", "", "Ask the team lead."),), audience="staff"
    ),
    Document(
        "parcel",
        "p/",
        "Track a parcel",
        tags=("delivery",),
        asked_as=("where is my package",),
        sections=(Section("", "", "Open Your orders."),),
    ),
]


@pytest.fixture
def index(tmp_path):
    staff = StaffIndex(tmp_path / "whoosh", "en")
    assert staff.update(DOCUMENTS) == 3
    return staff


def ids(index, query):
    return [hit.id for hit in index.find(query).hits]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("refund", {"refund", "escalate"}), ("title:refund AND lead", {"escalate"}), ('"30 days"', {"refund"}),
        ('"days 30"', set()), ("pack*", {"parcel"}), ("refund NOT lead", {"refund"}), ("audience:staff", {"escalate"}),
        ("tags:delivery", {"parcel"}), ("((", set()), ('title:"', set()), ("\ud800", set()), ("", set()),
        ("title:[q TO s]", {"refund", "escalate"}), ("title:[a TO b]", set()), ("title:[a TO", set()), ("\0", set()),
        ("url:parcel", set()), ("digest:parcel", set()), ("owner:care", set()), ("*0", set()),
    ],
)  # fmt: skip
def test_the_query_language(index, query, found):
    assert set(ids(index, query)) == found


@pytest.mark.parametrize(
    "query", ["refund:times", "refund:times:at", "ref*", "asked:package", "tags:delivery", "id:refund"]
)
def test_what_is_found_is_shown_however_it_was_asked_for(index, query):
    hits = index.find(query).hits
    assert hits
    assert [hit.id for hit in hits if not hit.highlight] == []


@given(st.text("ab:*?~^()[]{}\"'+-/\\<> ANDORNT0url", max_size=12))
def test_no_query_is_too_odd(index, query):
    index.find(query)


def test_words_found_are_marked(index):
    (hit,) = index.find('"30 days"').hits
    assert "‹30› ‹days›" in hit.highlight
    assert hit.audience == "public"


def test_a_better_spelling_is_offered_when_nothing_is_found(index):
    results = index.find("refnud")
    assert results.hits == ()
    assert results.corrected == "refund"


def test_updates_are_incremental(index, tmp_path):
    again = StaffIndex(tmp_path / "whoosh", "en")
    assert again.update(DOCUMENTS) == 0
    changed = [Document("refund", "r/", "Money back"), *DOCUMENTS[1:2]]
    assert again.update(changed) == 2
    assert ids(again, "money") == ["refund"]
    assert ids(again, "parcel") == []


# Whoosh leaves the broken file open when it raises.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_broken_folder_is_replaced(tmp_path):
    folder = tmp_path / "whoosh"
    StaffIndex(folder, "en").update(DOCUMENTS)
    for path in folder.iterdir():
        path.write_bytes(b"broken")
    index = StaffIndex(folder, "en")
    assert index.update(DOCUMENTS) == 3
    assert ids(index, "parcel") == ["parcel"]


def test_more_like_this(index):
    assert "refund" not in [hit.id for hit in index.more_like("refund")]
    assert index.more_like("unknown") == ()
