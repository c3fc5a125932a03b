from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

import search_index
from kb_builder.pipeline import index_builder
from kb_builder.system.store import Store
from search_index import result_texts
from tests.centres import SMALL, article, open_site, put, write

ROW = "id,time,customer_id,article_id\n1,2026-11-20T08:00:00Z,ann,refunds\n"


@pytest.mark.parametrize("name", ["export.csv", "EXPORT.CSV", "2026/week 47.csv"])
def test_exports_are_found_whatever_they_are_called(tmp_path: Path, name: str) -> None:
    root = write(tmp_path, {**SMALL, f"content/mentions/{name}": ROW})
    reading = open_site(root).search.mentions.reading
    assert (reading.files, reading.rows) == (1, 1)


def foreign(_: bytes) -> bytes:
    return b"[]"


def empty_list(_: bytes) -> bytes:
    return b"\x90"


@pytest.mark.parametrize(
    ("kind", "damaged"),
    [
        *((kind, foreign) for kind in ("outlines", "index", "body", "articles")),
        *((kind, empty_list) for kind in ("outlines", "articles")),
    ],
)
def test_a_damaged_entry_is_computed_again(
    tmp_path: Path, kind: str, damaged: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write(tmp_path, SMALL)

    def seen() -> tuple[object, ...]:
        site = open_site(root, store=Store(root / ".kb"))
        project, digests = site.project, site.project.digests
        bodies = [digests.body(article) for article in project.view.articles]
        return project.catalogue.articles, digests.outlines, bodies, site.search.index, site.files

    expected = seen()
    get_many = Store.get_many

    def damaging(store: Store, asked: str, keys: Iterable[str]) -> dict[str, bytes]:
        found = get_many(store, asked, keys)
        return {key: damaged(kept) for key, kept in found.items()} if asked == kind else found

    monkeypatch.setattr(Store, "get_many", damaging)
    assert seen() == expected


@pytest.mark.parametrize(
    ("rule", "left_out"),
    [("falcon, parcel", True), ("parcel, nimbus", False), ("cloudy, nimbus", False), ("tracking, parcel", False)],
)
def test_a_synonym_that_only_a_draft_is_named_by_is_private(tmp_path: Path, rule: str, left_out: bool) -> None:
    files = {**SMALL, "content/synonyms/en.txt": f"{rule}\n"}
    root = write(tmp_path, {**files, "faq/falcon": article("falcon", "The Falcon", "Parcel tracking.", draft="true")})
    search = open_site(root).search
    said = [finding.code for finding in search.findings if finding.code == "private-synonym"]
    assert said == (["private-synonym"] if left_out else [])
    assert not any(word in data for word in (b"falcon", b"cloudy") for data in search.index.files.values())


def test_a_synonym_leads_to_a_released_article(tmp_path: Path) -> None:
    root = write(tmp_path, {**SMALL, "content/synonyms/en.txt": "falcon, parcel\n"})
    assert open_site(root).search.reader.search("falcon").hits[0].id == "track-an-order"
    put(root, "content/articles/faq/falcon.md", article("falcon", "The Falcon", draft="true"))
    assert open_site(root).search.reader.search("falcon").hits == ()
    put(root, "content/articles/faq/falcon.md", article("falcon", "The Falcon"))
    assert open_site(root).search.reader.search("falcon").hits[0].id == "falcon"


def test_partitions_hold_the_texts_that_an_index_of_all_articles_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_builder, "_PARTITION", 8)
    monkeypatch.setattr(result_texts, "FULL_TEXT", 0)
    monkeypatch.setattr(result_texts, "SHOWN_CHARACTERS", 300)
    texts = "\n\n".join(f"## Step {step}\n\n{'Press the button and wait. ' * 9}" for step in range(3))
    root = write(tmp_path, {f"faq/orders/a{at}": article(f"a{at}", f"Order {at}", texts) for at in range(20)})
    site = open_site(root)
    analyses = site.project.digests.analyses(site.project.view.articles)
    assert site.search.index == search_index.build_index(analyses, language="en")


def test_partitions_are_made_the_same_by_several_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_builder, "_PARTITION", 8)
    root = write(tmp_path, {f"faq/orders/a{at}": article(f"a{at}", f"Order {at}", f"Press {at}.") for at in range(60)})

    def index(name: str, jobs: int) -> object:
        return open_site(root, jobs=jobs, store=Store(tmp_path / name)).search.index

    alone = index("one", 1)
    assert index("several", 3) == alone
    # What a worker needs and can't find, it works out itself.
    kept = Store.get_many

    def forgetful(store: Store, kind: str, keys: Iterable[str]) -> dict[str, bytes]:
        return {} if kind in ("partition", "analysis", "index") else kept(store, kind, keys)

    monkeypatch.setattr(Store, "get_many", forgetful)
    assert index("several", 3) == alone
