"""Published names of pictures and files: readable ASCII, with the extension of the file."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

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


@pytest.mark.parametrize("made", ["PNG", "JPEG", "GIF", "WEBP", "AVIF"])
@pytest.mark.parametrize("name", ["a.png", "a.JPG", "a.webp"])
def test_a_picture_is_one_by_its_content(tmp_path: Path, made: str, name: str) -> None:
    Image.new("RGB", (8, 6), "teal").save(tmp_path / name, made)
    media = Media(tmp_path)
    assert media.add(name, where="a.md")[0]
    assert media.findings == []


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "is a pointer of Git LFS"),
        (b"<!doctype html><title>Sign in</title>", "is not a picture that browsers can show"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "is not a picture that browsers can show"),
        (b"", "is not a picture that browsers can show"),
    ],
)
def test_what_is_no_picture_is_reported_where_it_is_used(tmp_path: Path, data: bytes, problem: str) -> None:
    for name in ("a.png", "a.jpeg"):
        (tmp_path / name).write_bytes(data)
        media = Media(tmp_path)
        assert media.add(name, where="a.md", line=3)[0].endswith(name)
        assert [str(finding).split("\n")[0] for finding in media.findings] == [f'a.md:3: warning: "{name}" {problem}']
    (tmp_path / "a.pdf").write_bytes(data)
    media.add("a.pdf", where="a.md")
    assert len(media.findings) == 1
