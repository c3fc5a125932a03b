"""The written index: the same bytes from the same documents, however they are partitioned."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index import (
    Document,
    Section,
    analyse,
    build_index,
    collect,
    invert,
    packing,
    parse_synonyms,
    questions,
    related,
    vectors,
)
from search_index.analysis import read_analysis
from search_index.corpus import merge
from tests.search_index.small_indexes import FILLER, article, index


def test_the_same_input_gives_the_same_bytes():
    script = (
        "import hashlib; from tests.search_index.small_indexes import *; "
        "a = article('a', 'Refund', 'parcel late', asked_as=tuple('abcdefg')); "
        "p = index(a, article('b', 'Card', 'gift'), synonyms='a, b'); "
        "print(hashlib.sha256(repr(sorted(p.files.items())).encode()).hexdigest())"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script], env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}, check=True,
            capture_output=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }  # fmt: skip
    assert len(outputs) == 1


def test_the_order_of_documents_does_not_matter_and_ids_must_differ():
    documents = [analyse(document, "en") for document in FILLER]
    assert build_index(documents, language="en").files == build_index(documents[::-1], language="en").files
    with pytest.raises(ValueError, match="two documents have the id"):
        build_index([documents[0], documents[0]], language="en")
    corpus = collect([invert(documents)], language="en")
    assert build_index(corpus, language="en").files == build_index(documents, language="en").files


def test_partitions_give_the_index_of_their_documents_however_they_are_cut():
    asked = article("zebra", "Stripes", "black, running shoes", asked_as=("black or white?", "where is it"))
    every = sorted((*FILLER, asked), key=lambda document: document.id)
    documents = [analyse(document, "en") for document in every]
    plain, near = (
        build_index(documents, language="en").files,
        related(vectors(collect([invert(documents)], language="en"))),
    )
    for sizes in ((5, 7), (1, 2), (3, 3)):
        first, second = sizes[0], sum(sizes)
        partitions = [
            invert(documents[second:]),
            invert(documents[:first]),
            invert(()),
            invert(documents[first:second]),
        ]
        corpus = collect(partitions, language="en")
        assert build_index(corpus, language="en").files == plain
        assert related(vectors(corpus)) == near
        assert [example.text for example in questions(corpus)][:2] == ["black or white", "where is it"]


@given(st.lists(st.text("ab c.-é", max_size=40), min_size=1, max_size=12), st.integers(0, 12))
def test_any_texts_give_the_same_index_in_two_partitions_as_in_one(texts: list[str], cut: int):
    documents = [
        analyse(Document(f"d{at:02}", f"d{at}/", text[:9], answer=text[5:], asked_as=(text[3:9],), tags=(text[:4],),
                         sections=(Section("", "", text), Section("s", text[:7], text * 2))), "en")
        for at, text in enumerate(texts)
    ]  # fmt: skip
    corpus = collect([invert(documents[:cut]), invert(documents[cut:])], language="en")
    assert build_index(corpus, language="en").files == build_index(documents, language="en").files


def test_what_an_earlier_index_holds_is_not_compressed_again(monkeypatch):
    text = " ".join(f"w{number * 7919 % 99991:x}" for number in range(14_000))
    before = [analyse(each, "en") for each in (*FILLER, article("a", "One", text), article("b", "Two", text[9_000:]))]
    after = [*before[:-1], analyse(article("b", "Two", text[9_100:]), "en")]
    earlier, plain = build_index(before, language="en"), build_index(after, language="en")
    assert len(plain.files) > 50
    compressed = []
    deflate = packing.compressed
    monkeypatch.setattr(packing, "compressed", lambda data: compressed.append(data) or deflate(data))
    again = build_index(after, language="en", earlier=earlier)
    assert again == plain
    assert len(compressed) < len(plain.files) / 2


def test_pairs_say_where_a_word_is_and_how_often():
    sections = (Section("", "", "Shoes come back."), Section("how", "Returning", "Shoes, shoe, shoes, shoe."))
    first = Document("a", "a/", "Shops", answer="A shoe returned.", sections=sections)
    partitions = [invert([analyse(first, "en")]), invert([analyse(article("b", "Shoe"), "en")])]
    corpus = merge(partitions)
    pairs, group = corpus.pairs, corpus.group_of[corpus.form_number["shoe"]]
    assert group == corpus.group_of[corpus.form_number["shoes"]]
    here = np.flatnonzero(pairs.group == group)
    assert pairs.document[here].tolist() == [0, 1]
    assert pairs.body[here].tolist() == [5, 0]
    counted = [dict(zip(pair.tolist(), times.tolist(), strict=True)) for pair, times in pairs.fields]
    assert [times.get(here[0], 0) for times in counted] == [0, 0, 0, 1, 0]
    assert (pairs.section[here[0]], pairs.outside[here[0]]) == (2, 0)
    forms, exact = pairs.exact
    assert {(corpus.forms[form], pairs.document[pair]) for form, pair in zip(forms, exact, strict=True)} == {
        ("shops", 0), ("shoe", 1)
    }  # fmt: skip


def test_partitions_out_of_order_or_twice_are_refused():
    documents = [analyse(article(id, id), "en") for id in "abc"]
    with pytest.raises(ValueError, match="two documents have the id 'a'"):
        collect([invert(documents[:1]), invert(documents[:2])], language="en")
    with pytest.raises(ValueError, match="inverted out of order"):
        collect([invert((documents[0], documents[2])), invert([documents[1]])], language="en")


def test_a_partition_of_another_version_is_refused():
    with pytest.raises(ValueError, match="invert the analyses again"):
        collect([b"something else"], language="en")


def test_an_analysis_of_another_version_is_refused():
    with pytest.raises(ValueError, match="analyse the document again"):
        read_analysis(b"something else")


def test_names_of_files_are_safe_from_blockers_and_say_what_is_in_them():
    built = index()
    assert built.manifest == "manifest.json"
    manifest = json.loads(built.files["manifest.json"])
    assert manifest["root"] in built.files
    assert manifest["bytes"] == len(built.files[manifest["root"]])
    assert manifest["documents"] == len(FILLER)


def test_words_that_are_only_known_occur_nowhere():
    synonyms, _ = parse_synonyms("voucher, card", "en.txt")
    corpus = collect([invert([analyse(article("a", "Gift card"), "en")])], language="en", synonyms=synonyms)
    assert corpus.occurring == {"gift", "card"}
    assert {"voucher", "shoes", "refund", "the"} <= set(corpus.forms)


def test_a_document_for_staff_is_refused():
    with pytest.raises(ValueError, match="for staff only"):
        index(article("secret", "Secret", audience="staff"))


@given(st.one_of(st.text("a ", max_size=40), st.text("ab \n\ud800\udc00é", max_size=60)), st.integers(2, 20))
def test_an_excerpt_says_whether_it_goes_on(text: str, limit: int):
    line = " ".join(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").split())
    excerpt = cut(text, limit)
    if len(line) <= limit:
        assert excerpt == line
    else:
        assert excerpt[-1] == "…"
        assert line.startswith(excerpt[:-1])
        assert len(excerpt) <= limit + 1


def test_results_that_say_little_beside_the_best_are_left_out():
    search = reader(
        article("refund", "Refund of a cancelled parcel"),
        article("story", "History", "we once had a refund " + "among many other words " * 200),
    )
    assert found(search, "refund of cancelled parcels") == ["refund"]


def test_confidence_falls_with_doubt():
    search = reader(article("refund", "Refund of a parcel"), article("track", "Track a parcel"))
    exact, clear, vague, partly = (
        search.search(query).hits[0].confidence
        for query in ("Refund of a parcel", "refund parcel please", "parcel", "parcel xylophone zebra orchestra")
    )
    assert exact == 1
    assert exact > clear > vague > partly >= 0


def test_a_rare_word_that_is_a_typo_of_a_frequent_one_finds_both():
    frequent = [article(f"adobe{n}", f"Adobe plugin {n}", "adobe reader") for n in range(9)]
    search = reader(article("slip", "A note", "the dobe reader"), *frequent)
    ids = found(search, "dobe")
    assert "slip" in ids
    assert "adobe0" in ids
    assert found(search, "dobe", literal=True) == ["slip"]
    assert found(search, '"dobe"') == ["slip"]


def test_an_unknown_word_is_a_typo_before_it_is_a_distant_inflection():
    search = reader(article("right", "Internal sensor"), article("wrong", "What we intend"))
    assert found(search, "intenal sensor")[0] == "right"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("One sentence. Two more. " + "And a long third one that never ends " * 9, "One sentence. Two more."),
        ("Short text", "Short text"),
        ("It takes 2.5 days, e.g. by post. " + "Then more follows here " * 9, "It takes 2.5 days, e.g. by post."),
    ],
)
def test_an_excerpt_is_whole_sentences(text, shown):
    assert excerpt(text, 60) == shown


LONG = Section(
    "delivery",
    "Delivery",
    "Parcels leave our warehouse in the evening. The courier rings twice and leaves a card when nobody is in. "
    "After that the parcel goes to the nearest shop, where it waits for a week. "
    "Islands: 5 working days. Highlands: 4 working days, by ferry. Batteries never fly.",
)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("courier", LONG.text[: LONG.text.index("Islands")].strip()),
        ("islands", "Islands: 5 working days. Highlands: 4 working days, by ferry. Batteries never fly."),
        ("batteries fly", "Islands: 5 working days. Highlands: 4 working days, by ferry. Batteries never fly."),
    ],
)
def test_a_result_shows_whole_sentences_around_the_words(query, shown):
    (hit,) = reader(Document("a", "a/", "Post", answer="It depends.", sections=(LONG,))).search(query).hits
    assert (hit.section, hit.section_heading) == ("delivery", "Delivery")
    assert hit.excerpt in (shown, shown.replace("nearest shop, where it waits for a week.", "").strip())


def test_japanese_sentences_end_without_a_space():
    text = "返品は三十日以内です。" * 30
    assert all(len(passage) <= 200 and passage.endswith("。") for passage in passages(text, 200))


@given(st.text(alphabet="ab .!?。」”\n", max_size=400), st.integers(1, 80))
def test_passages_are_the_text_in_its_order(text, limit):
    found = passages(text, limit)
    line = " ".join(text.split())
    assert "".join(found).replace(" ", "") == line.replace(" ", "")
    assert all(len(left) + len(right) >= limit for left, right in pairwise(found))


def test_a_quotation_ends_with_its_sentence():
    assert passages("He said “go.” Then he went. " + "More follows. " * 3, 20)[:2] == ["He said “go.”", "Then he went."]


def test_a_large_collection_shows_less_text_of_an_article():
    parts = tuple(Section(f"s{n}", f"Part {n}", f"Words of part {n * 4}. " * 20) for n in "abcdefghi")
    count = 4300
    documents = [
        analyse(Document(f"a{n:04}", "", f"Title {n}", sections=parts[: 9 * (n == 0)]), "en") for n in range(count)
    ]
    search = Reader(build_index(documents, language="en").files.__getitem__)
    assert search.search("words of part aaaa").hits[0].excerpt.startswith("Words of part aaaa.")
    assert search.search("words of part iiii").hits[0].excerpt.startswith("Words of part aaaa.")


@given(st.text(max_size=300))
def test_an_excerpt_is_short_and_no_ellipsis_follows_a_full_stop(text):
    made = excerpt(text, 60)
    assert len(made) <= 61
    assert ".…" not in made or ".…" in text
    assert "\n" not in made


def test_one_word_or_a_close_second_is_not_sure():
    words = "invoice refund voucher parcel courier locker hamper kettle".split()
    many = [article(f"other{n}", f"Story number {n}", f"about {words[n % 8]} things") for n in range(40)]
    search = reader(
        *many,
        article("lost", "My umbrella got lost", "Ask the museum."),
        article("left", "Something got lost", "Lost umbrellas are kept."),
        article("zebra", "Zebra crossings and giraffe bridges", "They are in the park."),
    )
    best = {query: search.search(query).hits[0] for query in ("My umbrella got lost", "giraffe bridges", "giraffe")}
    assert [hit.sure for hit in best.values()] == [True, True, False]
    close = search.search("lost umbrella").hits
    assert 5 * close[1].score > 4 * close[0].score
    assert not close[0].sure
