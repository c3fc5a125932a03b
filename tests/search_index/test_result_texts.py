"""The texts of results: what a shard of many documents has room for."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index import Document, Section, analyse, build_index, collect, invert, result_texts, write_index
from search_index.result_texts import room_for_text, shortened

_TARGETS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xy"), st.text(max_size=30)), max_size=8)


@given(_TARGETS, st.integers(1, 120))
def test_a_shortened_text_keeps_its_sections_and_has_room(targets: list[tuple[str, str, str]], room: int) -> None:
    targets.sort(key=lambda target: target[:2])
    whole = json.dumps(["url/", "Title", "excerpt", targets], ensure_ascii=False, separators=(",", ":"))
    *document, kept = json.loads(shortened(whole, room))
    assert document == ["url/", "Title", "excerpt"]
    assert [row[:2] for row in kept] == [list(target[:2]) for target in targets]
    assert all(row[2] in ("", target[2]) for row, target in zip(kept, targets, strict=True))
    if len(whole) <= room:
        assert [row[2] for row in kept] == [target[2] for target in targets]
    else:
        assert sum(len(row[2]) for row in kept) <= room


def test_first_passages_of_sections_stay_before_the_others() -> None:
    targets = [["", "", "one"], ["", "", "two"], ["s", "Section", "three"]]
    *_, kept = json.loads(shortened(json.dumps(["url/", targets]), len("one" + "three")))
    assert [row[2] for row in kept] == ["one", "", "three"]


@pytest.mark.parametrize(("count", "room"), [(6_399, 0), (6_401, 500), (20_000, 375)])
def test_results_of_many_documents_have_less_room(count: int, room: int) -> None:
    assert room_for_text(count) == room


def test_partitions_hold_texts_as_short_as_an_index_of_all_their_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    long = tuple(Section(f"s{at}", f"Section {at}", f"Sentence {at} of many words. " * 9) for at in range(4))
    documents = [
        analyse(Document(f"d{at}", f"d{at}/", f"Entry {at}", sections=long[at % 3 :]), "en") for at in range(8)
    ]
    whole = build_index(documents, language="en")
    monkeypatch.setattr(result_texts, "FULL_TEXT", 0)
    monkeypatch.setattr(result_texts, "SHOWN_CHARACTERS", 300)
    short, room = build_index(documents, language="en"), room_for_text(len(documents))
    corpus = collect([invert(documents[:3], room), invert(documents[3:], room)], language="en")
    assert write_index(corpus, language="en") == short != whole
