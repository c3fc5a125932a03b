from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.errors import InputError
from kb_builder.rendering.brand import (
    AA_TEXT,
    DEFAULT,
    MATERIAL_COLOURS,
    brand_css,
    brand_of,
    check_contrast,
    colour,
    contrast,
    tokens_in,
)

TOKENS = tokens_in((Path(__file__).parents[2] / "theme/styles/tokens.css").read_text("utf-8"))
hex_colours = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


def laid_over(primary: str) -> dict[str, dict[str, str]]:
    brand = brand_of(primary, TOKENS)
    return {"light": {**TOKENS["light"], **brand.light}, "dark": {**TOKENS["dark"], **brand.dark}}


def test_contrast_is_wcags() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#123456", "#123456") == 1


@given(hex_colours, hex_colours)
def test_contrast_is_the_same_both_ways(one: str, other: str) -> None:
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21


def test_the_themes_own_tokens_pass_in_both_schemes() -> None:
    assert check_contrast(TOKENS) == ()
    assert TOKENS["light"]["paper"] == "#ffffff"
    assert TOKENS["dark"]["paper"] == "#15181c"


@given(hex_colours)
def test_any_colour_makes_a_brand_that_passes(primary: str) -> None:
    assert check_contrast(laid_over(primary)) == ()


@pytest.mark.parametrize("name", MATERIAL_COLOURS)
def test_every_material_colour_makes_a_brand_that_passes(name: str) -> None:
    assert check_contrast(laid_over(colour(name))) == ()


def test_a_colour_that_passes_is_left_alone() -> None:
    brand = brand_of(DEFAULT, TOKENS)
    assert brand.light["brand"] == brand.light["fill"] == DEFAULT
    assert not brand.darkened


def test_a_light_colour_stays_on_bars_and_is_darkened_for_links() -> None:
    brand = brand_of("#ffec3d", TOKENS)
    assert brand.light["fill"] == "#ffec3d"
    assert contrast(brand.light["on-fill"], "#ffec3d") >= AA_TEXT
    assert contrast(brand.light["brand"], "#ffffff") >= AA_TEXT
    assert brand.darkened


def test_a_pair_that_fails_is_named_with_its_ratio() -> None:
    low = {"light": {**TOKENS["light"], "ink-soft": "#aaaaaa"}}
    found = check_contrast(low)
    assert ("light", "ink-soft", "paper") in {(item.scheme, item.ink, item.paper) for item in found}
    assert "ink-soft on paper (light): contrast is 2.32, must be 4.5" in map(str, found)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("#0B5D3B", "#0b5d3b"), ("0b5", "#00bb55"), (" Deep Orange ", "#ff6e42"), ("blue-grey", "#546d78")],
)
def test_colours_are_read_as_authors_write_them(written: str, meant: str) -> None:
    assert colour(written) == meant


@pytest.mark.parametrize("written", ["", "greenish", "#12", "#1234567", "rgb(1,2,3)", "#12345g", "red;}", "#١٢٣"])
def test_an_unknown_colour_is_one_clear_line(written: str) -> None:
    with pytest.raises(InputError) as caught:
        colour(written, "mkdocs.yml:7")
    assert str(caught.value).startswith(f'mkdocs.yml:7: error: unknown colour "{written}"\n')
    meant = {"greenish": 'did you mean "green"?', "red;}": 'did you mean "red"?'}
    assert meant.get(written, "deep purple") in caught.value.hint


def test_the_style_rules_hold_both_schemes() -> None:
    css = brand_css(brand_of(DEFAULT, TOKENS)).decode()
    assert css.startswith("@layer tokens {")
    assert "--kb-fill: #0b5d3b;" in css
    assert css.index("prefers-color-scheme: dark") > css.index("--kb-brand: #0b5d3b;")
