"""Published names of pictures and files: readable ASCII, with the extension of the file."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.pages.media import Media


def published(root: Path, name: str) -> str:
    (root / name).write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>")
    return Media(root).add(name, where="a.md")[0].rpartition("/")[2]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("карта.svg", "karta.svg"),
        ("图片.png", "tupian.png"),
        ("说明.pdf", "shuoming.pdf"),
        ("Größe 2.PNG", "grosse-2.png"),
        ("plus+plus.png", "plus-plus.png"),
        ("guide_v1.2.pdf", "guide_v1.2.pdf"),
        ("🎉.svg", "tada.svg"),
        ("---.svg", "file.svg"),
    ],
)
def test_a_name_stays_readable_and_keeps_its_extension(tmp_path: Path, name: str, expected: str) -> None:
    assert published(tmp_path, name) == expected


@given(st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="/\\\0."), min_size=1, max_size=40))
def test_any_name_keeps_its_extension(tmp_path_factory: pytest.TempPathFactory, stem: str) -> None:
    name = published(tmp_path_factory.mktemp("media"), f"{stem}.svg")
    assert re.fullmatch(r"[a-z0-9._-]+\.svg", name)
