"""Brand colours: one is configured, the others are derived, and every pair of ink and paper is checked for contrast.

Contrast is WCAG 2.2's ratio of relative luminances (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio): 1 to 21.
Level AA requires 4.5 between text and its background, and 3 between a control's edge and its surroundings.
"""

import colorsys
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from kb_builder.errors import InputError, did_you_mean

Scheme: TypeAlias = Literal["light", "dark"]
Tokens: TypeAlias = Mapping[str, str]
"""Colour tokens without their prefix (``paper``, ``brand-sunk``), each ``#rrggbb``."""

AA_TEXT = 4.5
AA_EDGE = 3.0
EASY_TEXT = 6.0
"""Contrast of links on dark pages: above AA, because they are read in dark rooms."""

DEFAULT = "#0b5d3b"

MATERIAL_COLOURS: Mapping[str, str] = {
    "red": "#ef5552",
    "pink": "#e92063",
    "purple": "#ab47bd",
    "deep purple": "#7e56c2",
    "indigo": "#4051b5",
    "blue": "#2094f3",
    "light blue": "#02a6f2",
    "cyan": "#00bdd6",
    "teal": "#009485",
    "green": "#4cae4f",
    "light green": "#8bc34b",
    "lime": "#cbdc38",
    "yellow": "#ffec3d",
    "amber": "#ffc105",
    "orange": "#ffa724",
    "deep orange": "#ff6e42",
    "brown": "#795649",
    "grey": "#757575",
    "blue grey": "#546d78",
    "black": "#1a1a1a",
    "white": "#ffffff",
}
"""The names of Material's ``theme.palette.primary``."""

_SEVERITIES = ("info", "notice", "warning", "critical")
_PAIRS: tuple[tuple[str, str, float], ...] = (
    *((ink, paper, AA_TEXT) for ink in ("ink", "ink-soft", "brand") for paper in ("paper", "paper-sunk", "brand-sunk")),
    *((ink, paper, AA_TEXT) for ink in ("ink", "ink-soft") for paper in ("warm-sunk", "mark")),
    *((ink, f"{name}-sunk", AA_TEXT) for name in _SEVERITIES for ink in ("ink", "ink-soft", name)),
    *((name, paper, AA_TEXT) for name in (*_SEVERITIES, "good", "warm") for paper in ("paper", "paper-sunk")),
    ("warm", "warm-sunk", AA_TEXT),
    ("brand", "mark", AA_TEXT),
    ("on-fill", "fill", AA_TEXT),
    ("line-strong", "paper", AA_EDGE),
)

_SCHEME_BLOCKS = re.compile(r"(prefers-color-scheme:\s*dark)|--kb-([a-z-]+):\s*(#[0-9a-f]{6})\b")
_HEX = re.compile(r"#?(?:[0-9a-f]{3}|[0-9a-f]{6})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand's tokens in both schemes; they override those of ``tokens.css``."""

    given: str
    light: Tokens
    dark: Tokens

    @property
    def darkened(self) -> bool:
        """Whether links on light paper are darker than the configured colour."""
        return self.light["brand"] != self.given


@dataclass(frozen=True, slots=True)
class LowContrast:
    """A pair of colours below the contrast it needs."""

    scheme: Scheme
    ink: str
    paper: str
    ratio: float
    needed: float

    def __str__(self) -> str:
        return f"{self.ink} on {self.paper} ({self.scheme}): contrast is {self.ratio:.2f}, must be {self.needed:g}"


def colour(text: str, where: str = "mkdocs.yml") -> str:
    """``#rrggbb`` for ``#0b5d3b``, ``0b5``, or one of Material's names. Raises InputError for anything else."""
    wanted = text.strip().lower()
    if named := MATERIAL_COLOURS.get(wanted.replace("-", " ").replace("_", " ")):
        return named
    if _HEX.fullmatch(wanted):
        digits = wanted.lstrip("#")
        return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))
    names = ", ".join(MATERIAL_COLOURS)
    raise InputError(
        f'unknown colour "{text}"',
        where=where,
        hint=did_you_mean(wanted, MATERIAL_COLOURS, f'write it like "{DEFAULT}", or use one of: {names}'),
    )


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, 0 to 1."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG's ratio between two colours, 1 to 21, the same whichever comes first."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def tokens_in(stylesheet: str) -> dict[Scheme, dict[str, str]]:
    """The colour tokens of ``tokens.css``: those before the dark media query are light, the rest dark over light."""
    scheme: Scheme = "light"
    found: dict[Scheme, dict[str, str]] = {"light": {}, "dark": {}}
    for block, name, value in _SCHEME_BLOCKS.findall(stylesheet):
        if block:
            scheme = "dark"
        else:
            found[scheme][name] = value
    return {"light": found["light"], "dark": found["light"] | found["dark"]}


def brand_of(primary: str, tokens: Mapping[Scheme, Tokens]) -> Brand:
    """Every colour a theme derives from one ``#rrggbb``.

    Bars and buttons (``fill``) use the configured colour, with white or black text. Links and edges (``brand``) are
    darkened on light paper until they pass AA; on dark paper they are desaturated and lightened to ``EASY_TEXT``.
    """
    on_fill = next(ink for ink in ("#ffffff", tokens["light"]["ink"], "#000000") if contrast(ink, primary) >= AA_TEXT)
    fill = {"fill": primary, "on-fill": on_fill}
    return Brand(
        primary,
        fill | _readable(primary, tokens["light"], AA_TEXT, tint=0.07, step=-0.01),
        fill | _readable(_desaturated(primary), tokens["dark"], EASY_TEXT, tint=0.09, step=0.01),
    )


def brand_css(brand: Brand) -> bytes:
    """CSS that overrides the theme's tokens with a brand's."""
    light, dark = _declarations(brand.light), _declarations(brand.dark)
    return (
        f"@layer tokens {{\n:root {{ {light} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n}}\n"
    ).encode()


def check_contrast(tokens: Mapping[Scheme, Tokens]) -> tuple[LowContrast, ...]:
    """Every pair of ink and paper that the theme uses and that fails AA, in both schemes."""
    return tuple(
        LowContrast(scheme, ink, paper, ratio, needed)
        for scheme, values in tokens.items()
        for ink, paper, needed in _PAIRS
        if (ratio := contrast(values[ink], values[paper])) < needed
    )


def mixed(over: str, under: str, share: float) -> str:
    """``over`` blended with ``under``; ``share`` is the weight of ``over``, 0 to 1."""
    return _hex(share * a + (1 - share) * b for a, b in zip(_channels(over), _channels(under), strict=True))


def _readable(start: str, tokens: Tokens, needed: float, *, tint: float, step: float) -> dict[str, str]:
    """The nearest lightness with enough contrast on plain, sunk and tinted paper, and AA contrast on marked text."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(start))
    ink = start
    while True:
        sunk = mixed(ink, tokens["paper"], tint)
        papers = {tokens["paper"]: needed, tokens["paper-sunk"]: needed, sunk: needed, tokens["mark"]: AA_TEXT}
        if all(contrast(ink, paper) >= enough for paper, enough in papers.items()):
            return {"brand": ink, "brand-sunk": sunk}
        lightness = min(1.0, max(0.0, lightness + step))
        ink = _hex(colorsys.hls_to_rgb(hue, lightness, saturation))


def _desaturated(colour: str) -> str:
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    return _hex(colorsys.hls_to_rgb(hue, lightness, min(saturation, 0.5)))


def _declarations(tokens: Tokens) -> str:
    return " ".join(f"--kb-{name}: {value};" for name, value in sorted(tokens.items()))


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _hex(channels: Iterable[float]) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)
