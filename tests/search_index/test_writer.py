"""The written index: the same bytes from the same documents, however they are partitioned."""

import hashlib
import json
import os
import subprocess
import sys
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index import (
    Document,
    Reader,
    Section,
    analyse,
    build_index,
    collect,
    invert,
    packing,
    parse_synonyms,
    questions,
    related,
    shard_reader,
    vectors,
    write_index,
    writer,
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
    assert write_index(corpus, language="en").files == build_index(documents, language="en").files


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
        assert write_index(corpus, language="en").files == plain
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
    assert write_index(corpus, language="en").files == build_index(documents, language="en").files


def test_a_word_of_the_documents_keeps_the_stem_it_has(monkeypatch):
    stemmed = []
    stem_of = writer.stem_of
    monkeypatch.setattr(writer, "stem_of", lambda form, language: stemmed.append(form) or stem_of(form, language))
    synonyms, _ = parse_synonyms("parcel, deliveries\n", "en.txt")
    corpus = collect([invert([analyse(article("a", "Parcel"), "en")])], language="en", synonyms=synonyms)
    assert corpus.occurring == {"parcel"} <= set(corpus.forms) - set(stemmed)
    assert "deliveries" in stemmed
    assert set(stemmed) < set(corpus.forms)


def test_what_an_earlier_index_holds_is_not_compressed_again(monkeypatch):
    in_letters = str.maketrans("0123456789", "ghijklmnop")
    text = " ".join(f"w{number * 7919 % 99991:x}".translate(in_letters) for number in range(14_000))
    before = [analyse(each, "en") for each in (*FILLER, article("a", "One", text), article("b", "Two", text[9_000:]))]
    after = [*before[:-1], analyse(article("b", "Two", text[9_100:]), "en")]
    earlier, plain = build_index(before, language="en"), build_index(after, language="en")
    assert len(plain.files) > 50
    compressed = []
    deflate = packing.compressed
    monkeypatch.setattr(packing, "compressed", lambda data: compressed.append(data) or deflate(data))
    again = write_index(collect([invert(after)], language="en"), language="en", earlier=earlier)
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


def test_two_files_of_one_hash_get_different_names(monkeypatch):
    words = [f"w{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}q" for n in range(9_000)]
    documents = [article(f"a{n}", f"Article {n}", " ".join(words[n * 45 : n * 45 + 60])) for n in range(200)]
    analyses = [analyse(each, "en") for each in documents]
    queries = ("wacaq wbcaq", "article 77", "wzzaq", "wabaq")
    plain = build_index(analyses, language="en")
    search = Reader(plain.files.__getitem__)
    expected = [search.search(query) for query in queries]
    for module in (packing, shard_reader):
        monkeypatch.setattr(module, "HASH_BYTES", 1)
    built = build_index(analyses, language="en")
    assert sum(name.startswith("shards/i-") for name in built.files) == len(documents)  # of 256 possible names
    assert len(built.files) == len(plain.files)
    assert write_index(collect([invert(analyses)], language="en"), language="en", earlier=built) == built
    search = Reader(built.files.__getitem__)
    assert [search.search(query) for query in queries] == expected
    assert expected[0].hits


def test_names_of_files_are_safe_from_blockers_and_say_what_is_in_them():
    built = index()
    manifest = json.loads(built.files["manifest.json"])
    root = zlib.decompress(built.files[manifest["root"]])
    assert root[0] == manifest["format"]
    assert root[1:9].hex() == manifest["build"] == built.build == hashlib.sha256(root[9:]).hexdigest()[:16]
    assert manifest["documents"] == len(FILLER)


def test_words_that_are_only_known_occur_nowhere():
    synonyms, _ = parse_synonyms("voucher, card", "en.txt")
    corpus = collect([invert([analyse(article("a", "Gift card"), "en")])], language="en", synonyms=synonyms)
    assert corpus.occurring == {"gift", "card"}
    assert {"voucher", "shoes", "refund", "the"} <= set(corpus.forms)


def test_a_document_for_staff_is_refused():
    with pytest.raises(ValueError, match="for staff only"):
        index(article("secret", "Secret", audience="staff"))
