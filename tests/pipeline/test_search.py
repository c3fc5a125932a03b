from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from kb_builder.commands import mkdocs_plugin
from kb_builder.pipeline.site import Centre
from kb_builder.pipeline.store import Store
from tests.centres import NOW, SMALL, write

ROW = "id,time,customer_id,article_id\n1,2026-11-20T08:00:00Z,ann,refunds\n"


@pytest.mark.parametrize("name", ["export.csv", "EXPORT.CSV", "2026/week 47.csv"])
def test_exports_are_found_whatever_they_are_called(tmp_path: Path, name: str) -> None:
    root = write(tmp_path, {**SMALL, f"content/mentions/{name}": ROW})
    centre = Centre(mkdocs_plugin.load(str(root / "mkdocs.yml")), NOW, store=Store(None))
    assert (centre.mentions.reading.files, centre.mentions.reading.rows) == (1, 1)


def test_an_article_that_is_not_pinned_knows_why(tmp_path: Path) -> None:
    root = write(tmp_path, {**SMALL, "content/mentions/export.csv": ROW})
    centre = Centre(mkdocs_plugin.load(str(root / "mkdocs.yml")), NOW, store=Store(None))
    assert centre.why_not_pinned("refunds").startswith("1 day of mentions so far")


def senseless(_: bytes) -> bytes:
    return b"[]"


@pytest.mark.parametrize(
    ("kind", "spoil"),
    [
        *((kind, senseless) for kind in ("outlines", "index", "body", "articles")),
        ("outlines", lambda _: b"\x90"),
        ("articles", lambda _: b"\x90"),
    ],
)
def test_what_is_kept_and_makes_no_sense_is_worked_out_again(
    tmp_path: Path, kind: str, spoil: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write(tmp_path, SMALL)

    def seen() -> tuple[object, ...]:
        centre = Centre(mkdocs_plugin.load(str(root / "mkdocs.yml")), NOW, store=Store(root / ".kb"))
        bodies = [centre.body(article) for article in centre.view.articles]
        return centre.catalogue.articles, centre.outlines, bodies, centre.index, centre.files

    expected = seen()
    get_many = Store.get_many

    def spoilt(store: Store, asked: str, keys: Iterable[str]) -> dict[str, bytes]:
        found = get_many(store, asked, keys)
        return {key: spoil(kept) for key, kept in found.items()} if asked == kind else found

    monkeypatch.setattr(Store, "get_many", spoilt)
    assert seen() == expected
