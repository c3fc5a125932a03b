"""Preview images: their size, their sameness, and what the font can't write."""

import io

import pytest
from PIL import Image

from kb_builder.config import THEME
from kb_builder.rendering import social
from kb_builder.rendering.brand import Brand, brand_of, tokens_in

BRAND: Brand = brand_of("#0b5d3b", tokens_in((THEME / "styles/tokens.css").read_text()))


@pytest.mark.parametrize("title", ["Cancel an order", "Wo ist mein Paket? – Größe XL", "long " * 60, "W" * 300, "設定"])
def test_any_title_makes_the_same_small_picture_of_the_right_size(title: str) -> None:
    data = social.preview(title, "Corner Shop", BRAND)
    assert data == social.preview(title, "Corner Shop", BRAND)
    assert Image.open(io.BytesIO(data)).size == (social.WIDTH, social.HEIGHT)
    assert len(data) < 60_000


def test_a_name_or_title_longer_than_the_picture_is_not_measured() -> None:
    """Each beginning of a word that is too long is tried."""
    long = "W" * 100_000
    assert social.preview(long, long, BRAND) == social.preview(long[:1_000], long[:1_000], BRAND)


def test_a_title_is_in_the_picture() -> None:
    assert social.preview("One", "Corner Shop", BRAND) != social.preview("Two", "Corner Shop", BRAND)


@pytest.mark.parametrize(("text", "expected"), [("Größe – “ok”?", True), ("設定", False), ("شحن", False)])
def test_what_the_font_can_write(text: str, expected: bool) -> None:
    assert social.writable(text) is expected
