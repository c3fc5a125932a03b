"""The browser reader gives the same answers as the reference reader, and copes with whatever the network does."""

import gzip
import json
import math
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from search_index import Document, IndexFiles, Reader, Section, analyse, browser_scripts, build_index, parse_synonyms
from search_index.shard_reader import ShardError
from tests.search_browser import answers, job
from tests.vectors.write import VECTORS, expected, read

pytestmark = pytest.mark.slow

SYNONYMS = parse_synonyms("invoice, bill, receipt\ngiftcard => gift card\nmoney back => refund", "en.txt")[0]


def index(documents: list[Document], language: str = "en", **options: Any) -> IndexFiles:
    return build_index([analyse(document, language) for document in documents], language=language, **options)


def many(count: int) -> list[Document]:
    """Enough different words that the index is split into shards."""
    return [
        Document(
            f"article-{n}",
            f"faq/{n}/",
            f"About topic {n} and thing{n}",
            sections=(
                Section("", "", " ".join(f"word{n * 31 + k}x{k}" for k in range(60)) + " parcel delivery refund"),
                Section("more", "More", f"delivery of thing{n} and a refund"),
            ),
        )
        for n in range(60)
    ]


def same(reader: Reader, answer: dict[str, Any], query: str) -> None:
    mine = reader.search(query)
    hits = [{**asdict(hit), "sectionHeading": hit.section_heading} for hit in mine.hits]
    for hit, theirs in zip(hits, answer["hits"], strict=True):
        del hit["section_heading"]
        # The logarithms of two languages may differ in the last bit, and so the second decimal.
        assert theirs["confidence"] == pytest.approx(hit.pop("confidence"), abs=0.011)
    assert [{key: value for key, value in hit.items() if key != "confidence"} for hit in answer["hits"]] == hits
    assert answer["corrected"] == mine.corrected
    assert answer["query"] == mine.query
    assert answer["incomplete"] == mine.incomplete


@pytest.mark.parametrize("path", sorted(VECTORS.glob("*.json")), ids=lambda path: path.stem)
def test_vectors(path):
    vector = json.loads(path.read_text("utf-8"))
    built, queries = read(vector)
    assert expected(built, queries) == vector["expected"]
    (result,) = answers([job(built.files, queries)])
    reader = Reader(built.files.__getitem__)
    for query, answer in zip(queries, result["answers"], strict=True):
        same(reader, answer, query)


WORDS = st.sampled_from(
    "refund refunds refunded return returns parcel parcels late card cards gift giftcard invoice bill café cafe naïve"
    " wi-fi wifi c++ 4g A-123 v1.8.19 don't where is my order the of how not money back login log in 返品 返品ポリシー"
    " paid payment shoes shirts refused declined deliver delivery esp32 eps32 esp33 purchased missing lost"
    " वापसी สวัสดี Straße STRASSE ﬁnd refnud parcle prcel 𝒜𝓫𝓬 😀 __proto__ constructor toString"
    " .net #refund --paid".split(" ")
)
# Unassigned characters are what a newer Unicode may call a letter; Python and Node need not have the same.
ANY_TEXT = st.text(st.characters(exclude_categories=["Cn", "Cs"]), max_size=25)
TEXTS = st.lists(WORDS, max_size=9).map(" ".join) | ANY_TEXT
DOCUMENTS = st.lists(
    st.builds(
        lambda title, answer, asked, heading, texts, boost: (title, answer, asked, heading, texts, boost),
        TEXTS, TEXTS, st.lists(TEXTS, max_size=6), TEXTS, st.lists(TEXTS, max_size=2), st.sampled_from([0.5, 1.0, 2.0]),
    ),
    max_size=9,
)  # fmt: skip
QUERIES = st.lists(TEXTS | TEXTS.map(lambda text: f'"{text}" order'), min_size=1, max_size=8)


def corpus(drawn: list[Any]) -> list[Document]:
    return [
        Document(
            f"id-{number}", f"u/{number}/", title, answer, tuple(asked), (),
            (Section("", "", texts[0] if texts else ""), Section("one", heading, " ".join(texts))), boost,
        )
        for number, (title, answer, asked, heading, texts, boost) in enumerate(drawn)
    ]  # fmt: skip


@settings(
    max_examples=6,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # each example starts Node: too slow to shrink
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
)
@given(st.lists(st.tuples(DOCUMENTS, QUERIES, st.sampled_from(["en", "fr", "sv", "ja"])), min_size=6, max_size=12))
def test_random_corpora_and_queries(cases):
    indexes = [index(corpus(drawn), language, synonyms=SYNONYMS) for drawn, _, language in cases]
    jobs = [job(built.files, queries) for built, (_, queries, _) in zip(indexes, cases, strict=True)]
    for built, (_, queries, _), result in zip(indexes, cases, answers(jobs), strict=True):
        reader = Reader(built.files.__getitem__)
        for query, answer in zip(queries, result["answers"], strict=True):
            same(reader, answer, query)


def test_a_lone_surrogate_and_a_query_of_ten_kilobytes():
    built = index([Document("a", "a/", "Refunds")])
    reader = Reader(built.files.__getitem__)
    queries = ["refunds \ud800", "refund " * 1500, "x" * 10_000, "(.*)+[", "شحن refunds"]
    (result,) = answers([job(built.files, queries)])
    for query, answer in zip(queries, result["answers"], strict=True):
        same(reader, answer, query)
    assert result["answers"][0]["query"] == "refunds \ufffd"


def test_a_large_index_is_fetched_in_parts():
    built = index(many(60))
    (result,) = answers([job(built.files, ["thing7"])])
    assert result["answers"][0]["hits"][0]["id"] == "article-7"
    assert len(set(result["fetched"])) < len(built.files) / 3
    assert len(result["fetched"]) == len(set(result["fetched"]))


@pytest.mark.parametrize("damage", ["missing", "html", "short", "flipped"])
def test_a_bad_shard_is_skipped_and_reported(damage):
    built = index(many(60))
    damaged, whole = answers([
        job(built.files, ["refund thing7"], damage={"shards/i-": damage}), job(built.files, ["refund thing7"])
    ])  # fmt: skip
    assert damaged["answers"][0]["incomplete"]
    assert damaged["answers"][0]["problem"] == ""
    assert not whole["answers"][0]["incomplete"]


@pytest.mark.parametrize("damage", ["missing", "html", "short", "flipped", "hang"])
@pytest.mark.parametrize("without", [[], ["crypto"]])
def test_without_its_root_the_index_is_unreachable(damage, without):
    built = index(many(3))
    (result,) = answers([job(built.files, ["refund"], damage={"root.bin": damage}, patience=50, without=without)])
    assert result["answers"][0]["problem"] == "unreachable"
    assert result["answers"][0]["hits"] == []


def test_a_hanging_shard_does_not_hang_the_search():
    built = index(many(60))
    (result,) = answers([job(built.files, ["refund thing7"], damage={"shards/i-": "hang"}, patience=50)])
    assert result["answers"][0]["incomplete"]


BEFORE, AFTER = many(60), [*many(60)[5:], Document("new", "new/", "Refund for thing7 today")]


@pytest.mark.parametrize("asked", [[], ["thing3"], ["thing7 refund"]])
@pytest.mark.parametrize("kept", [{}, {"root.bin"}, {"root.bin", "shards/"}], ids=["nothing", "root", "everything"])
def test_no_search_mixes_two_builds(asked, kept):
    """Published while the page is open, or while its browser or a server between has kept files of the build before."""
    before, after = index(BEFORE), index(AFTER)
    query = "word220x3 thing7 today refund"
    cached = {name: data for name, data in before.files.items() if name.startswith(tuple(kept))} if kept else {}
    changing, *whole = answers([
        job(before.files, [*asked, None, query], later=after.files, cached=cached),
        job(before.files, [query]),
        job(after.files, [query]),
    ])  # fmt: skip
    old, new = (each["answers"][0] for each in whole)
    assert old != new
    assert changing["answers"][-1] == (old if "shards/" in kept else new)


def newer(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The same index in the next format."""
    root = zlib.decompress(files["root.bin"])
    return {"root.bin": zlib.compress(bytes([root[0] + 1]) + root[1:])}


@pytest.mark.parametrize("cached", [False, True])
def test_an_index_of_another_version_asks_for_a_reload(cached):
    before, after = index(BEFORE), index(AFTER)
    kept = {"root.bin": before.files["root.bin"]} if cached else {}
    opened, opening = answers([
        job(before.files, ["thing3", None, "word220x3 thing7"], later=newer(after.files)),
        job(newer(after.files), ["word220x3 thing7"], cached=kept),
    ])  # fmt: skip
    assert opened["answers"][0]["problem"] == ""
    assert opened["answers"][1]["problem"] == opening["answers"][0]["problem"] == "reload"
    with pytest.raises(ShardError, match="version"):
        Reader(newer(after.files).__getitem__)


@pytest.mark.parametrize("damage", ["html", "short"])
def test_a_root_that_is_kept_damaged_is_fetched_again(damage):
    built = index(many(60))
    whole = built.files["root.bin"]
    kept = {"root.bin": b"<!doctype html>" if damage == "html" else whole[: len(whole) // 2]}
    result, sound = answers([job(built.files, ["refund thing7"], cached=kept), job(built.files, ["refund thing7"])])
    assert result["answers"] == sound["answers"]
    assert result["answers"][0]["hits"]
    with pytest.raises(ShardError, match="damaged"):
        Reader(kept.__getitem__)


def test_a_browser_that_cannot_unpack_says_so():
    built = index(many(3))
    (result,) = answers([job(built.files, ["refund"], without=["DecompressionStream"])])
    assert result["answers"][0]["problem"] == "unsupported"


def test_without_crypto_damage_is_still_noticed():
    built = index(many(60))
    fine, short, flipped = answers([
        job(built.files, ["refund thing7"], without=["crypto"]),
        job(built.files, ["refund thing7"], without=["crypto"], damage={"shards/i-": "short"}),
        job(built.files, ["refund thing7"], without=["crypto"], damage={"shards/w-": "flipped"}),
    ])  # fmt: skip
    assert fine["answers"][0]["hits"]
    assert not fine["answers"][0]["incomplete"]
    assert short["answers"][0]["incomplete"]
    assert flipped["answers"][0]["incomplete"]


def test_literal_search_forgives_nothing():
    built = index([Document("a", "a/", "Refunds for parcels")])
    forgiving, literal = answers([
        job(built.files, ["refnuds"]), job(built.files, ["refnuds"], options={"literal": True})
    ])  # fmt: skip
    assert forgiving["answers"][0]["corrected"] == "refunds"
    assert literal["answers"][0]["hits"] == []
    assert Reader(built.files.__getitem__).search("refnuds", literal=True).hits == ()


def test_the_scripts_fit_in_twelve_kilobytes():
    assert sum(len(gzip.compress(data, 9)) for data in browser_scripts().values()) <= 12 * 1024
    assert list(browser_scripts()) == ["index.mjs"]
    assert b"import {" not in browser_scripts()["index.mjs"]
    assert not any(b"/**" in data.split(b"*/")[0][:3] for data in browser_scripts().values())


def test_bytes_stay_small_when_the_collection_grows():
    sizes = {}
    for count in (60, 240):
        built = index(many(count))
        (result,) = answers([job(built.files, ["thing7 refund"])])
        sizes[count] = sum(len(built.files[name]) for name in set(result["fetched"]))
    assert sizes[240] < sizes[60] * math.sqrt(4)


def spoken(count: int) -> list[str]:
    """Words of four syllables."""
    syllables = [consonant + vowel for consonant in "bdfgklmnprst" for vowel in "aeiou"]
    return [
        "".join(syllables[n * step % size] for step, size in ((1, 60), (7, 59), (11, 53), (3, 47)))
        for n in range(count)
    ]


def test_three_rounds_and_twelve_requests_bring_the_results_with_or_without_typos():
    vocabulary = spoken(2800)
    texts = [" ".join(vocabulary[(n * 97 + k * 61) % len(vocabulary)] for k in range(90)) for n in range(300)]
    titles = [[vocabulary[(n * 7 + k * 911) % len(vocabulary)] for k in range(3)] for n in range(300)]
    built = index([
        Document(f"a{n}", f"a{n}/", " ".join(title), sections=(Section("", "", text),))
        for n, (title, text) in enumerate(zip(titles, texts, strict=True))
    ])  # fmt: skip
    asked = [titles[n] for n in range(20, 26)]
    typed = [" ".join(words) for words in asked]
    mistyped = [" ".join(f"{word[0]}x{word[2:]}" for word in words) for words in asked]
    results = answers([job(built.files, [query], options={"limit": 5}, inRounds=True) for query in typed + mistyped])
    rounds = [result["rounds"][1:] for result in results]
    for result, number in zip(results, [*range(20, 26)] * 2, strict=True):
        assert result["rounds"][0] == ["root.bin"]
        assert result["answers"][0]["hits"][0]["id"] == f"a{number}"
    assert max(map(len, rounds[:6])) == 2
    assert not any("/r-" in name for each in rounds[:6] for names in each for name in names)
    assert sorted(map(len, rounds[6:])) <= [3, 3, 3, 4, 4, 4]
    assert max(sum(map(len, each)) for each in rounds) <= 12
    # What was typed before the last letter has been looked up.
    jobs = [job(built.files, [query], warm=query[:-1], options={"limit": 5}, inRounds=True) for query in typed]
    for result, cold in zip(answers(jobs), results, strict=False):
        assert result["answers"] == cold["answers"]
        assert result["early"] == 2
        assert len(result["rounds"]) - result["early"] == 1
