"""What texts were matched with is kept: a build with some rows more matches those, and counts what it would without."""

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import search_index
from kb_builder.mentions.counted import CODEC, Mentions
from kb_builder.system.store import Store
from tests.centres import MKDOCS, SMALL, article, header, open_site, put, write

GERMAN = {"content/articles/faq/orders/track-an-order.de.md": header(title="Wo ist mein Paket?") + "Ein Link.\n"}
ASKED = ("where is my parcel", "stop my order", "how long do refunds take", "wo ist mein paket", "good morning")
MATCH = search_index.Matcher.match


def export(root: Path, texts: Sequence[str]) -> None:
    path = root / "content/mentions/export.csv"
    path.parent.mkdir(exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(("id", "time", "customer_id", "text"))
        rows.writerows((at, f"2026-11-{1 + at % 20:02}T08:00:00Z", f"c{at}", text) for at, text in enumerate(texts))


def counted(root: Path, store: Store) -> Mentions:
    return open_site(root, store=store).search.counts


@pytest.fixture
def matched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were matched."""
    texts: list[str] = []

    def match(matcher: search_index.Matcher, some: Sequence[str]) -> list[tuple[str, float] | None]:
        texts.extend(some)
        return MATCH(matcher, some)

    monkeypatch.setattr(search_index.Matcher, "match", match)
    return texts


def test_only_new_texts_and_their_neighbours_are_matched(tmp_path: Path, matched: list[str]) -> None:
    root = write(tmp_path, SMALL)
    texts = [f"{ASKED[number % 5]} {number}" for number in range(2000)]
    export(root, texts)
    counted(root, Store(root / ".kb"))
    assert sorted(matched) == sorted(texts)
    matched.clear()
    export(root, [*texts[10:], "one more parcel"])
    counted(root, Store(root / ".kb"))
    assert "one more parcel" in matched
    assert len(matched) < 1000  # Eleven runs of about sixty changed.
    matched.clear()
    put(root, "content/articles/faq/gifts.md", article("gifts", "Gift cards"))
    counted(root, Store(root / ".kb"))
    assert len(matched) == 1991


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.lists(st.tuples(st.sampled_from(ASKED), st.integers(0, 99)), max_size=200),
    after=st.lists(st.tuples(st.sampled_from(ASKED), st.integers(0, 99)), max_size=200),
    bilingual=st.booleans(),
)
def test_the_counts_are_those_without_anything_kept(
    tmp_path_factory: pytest.TempPathFactory,
    before: list[tuple[str, int]],
    after: list[tuple[str, int]],
    bilingual: bool,
) -> None:
    mkdocs = MKDOCS.replace("- kb", "- kb: {languages: [en, de]}") if bilingual else MKDOCS
    root = write(tmp_path_factory.mktemp("centre"), {**SMALL, **(GERMAN if bilingual else {})}, mkdocs=mkdocs)
    store = Store(root / ".kb")
    for texts in (before, before + after, after):
        export(root, [f"{text} {number}" for text, number in texts])
        assert CODEC.encode(counted(root, store)) == CODEC.encode(counted(root, Store()))


def test_no_text_is_kept(tmp_path: Path) -> None:
    root = write(tmp_path, SMALL)
    export(root, [f"canary parcel {number}" for number in range(100)])
    counted(root, Store(root / ".kb"))
    assert b"canary" not in b"".join(path.read_bytes() for path in (root / ".kb").rglob("cache.sqlite*"))


def test_phrases_are_counted_for_those_who_show_gaps_only(tmp_path: Path) -> None:
    root = write(tmp_path, SMALL)
    export(root, [f"the xylophone is out of tune {number}" for number in range(100)])
    assert not counted(root, Store(root / ".kb")).phrases.names
    whole = open_site(root, store=Store(root / ".kb")).search.mentions
    assert "xylophone" in whole.phrases.names
    # What has more to it serves who needs less.
    assert counted(root, Store(root / ".kb")).phrases.names == whole.phrases.names
