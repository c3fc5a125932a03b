from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from kb_builder.pipeline.store import Store
from tests.centres import SMALL, open_site, write

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
