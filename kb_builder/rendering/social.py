"""Preview images (1200 × 630) that messengers and social networks show for a link.

They are drawn with a font of our own, so the same input gives the same bytes on every machine with the same Pillow.
"""

import io
from functools import cache
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from kb_builder.config import THEME
from kb_builder.rendering.brand import Brand

WIDTH: Final = 1200
HEIGHT: Final = 630
_MARGIN: Final = 84
_FONT: Final = THEME / "social" / "inter.woff"
_SIZES: Final = (84, 72, 62, 54, 46)
_MOST_LINES: Final = 4
_MOST_LETTERS: Final = 500
"""More than four lines of the narrowest letters: what is behind them is not measured."""
_COLOURS: Final = 32
"""Of the palette: two colours and the shades between them."""


def preview(title: str, name: str, brand: Brand) -> bytes:
    """A PNG with ``title`` large and ``name`` above it. A text the font can't write is left out."""
    image = Image.new("RGB", (WIDTH, HEIGHT), brand.light["fill"])
    draw = ImageDraw.Draw(image)
    ink = brand.light["on-fill"]
    title, name = title[:_MOST_LETTERS], name[:_MOST_LETTERS]
    shown = title if writable(title) else ""
    if shown != name and writable(name):
        draw.text((_MARGIN, _MARGIN), name, font=_font(40), fill=ink)
    size, lines = _fitted(shown)
    top = HEIGHT - 2 * _MARGIN - 76 - round(1.2 * size) * len(lines)
    for number, line in enumerate(lines):
        draw.text((_MARGIN, top + round(1.2 * size) * number), line, font=_font(size), fill=ink)
    _search_box(draw, ink, brand.light["fill"])
    data = io.BytesIO()
    image.quantize(_COLOURS).save(data, "PNG", optimize=True)
    return data.getvalue()


def writable(text: str) -> bool:
    """Whether the font has every character of ``text``."""
    return all(character.isspace() or _has(character) for character in text)


@cache
def _has(character: str) -> bool:
    # Pillow gives no list of characters: one that is missing looks like one that can't exist.
    return bytes(_font(20).getmask(character)) != bytes(_font(20).getmask("\uffff"))


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONT, size, layout_engine=ImageFont.Layout.BASIC)


def _fitted(text: str) -> tuple[int, list[str]]:
    """The largest size at which ``text`` takes few enough lines, and the lines; the last one is cut if none fits."""
    for size in _SIZES:
        lines = _wrapped(text, size)
        if len(lines) <= _MOST_LINES and 1.2 * size * len(lines) <= 276:
            return size, lines
    lines = _wrapped(text, _SIZES[-1])[:_MOST_LINES]
    return _SIZES[-1], [*lines[:-1], lines[-1].rstrip(" ,.;:") + "…"]


def _wrapped(text: str, size: int) -> list[str]:
    font = _font(size)
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= WIDTH - 2 * _MARGIN:
            lines[-1] = longer
        else:
            lines.append(word)
        while font.getlength(lines[-1]) > WIDTH - 2 * _MARGIN:
            fits = next(
                end for end in range(len(lines[-1]), 0, -1) if font.getlength(lines[-1][:end]) <= WIDTH - 2 * _MARGIN
            )
            lines[-1:] = [lines[-1][:fits], lines[-1][fits:]]
    return lines


def _search_box(draw: ImageDraw.ImageDraw, paper: str, ink: str) -> None:
    top = HEIGHT - _MARGIN - 76
    draw.rounded_rectangle((_MARGIN, top, WIDTH - _MARGIN, top + 76), radius=12, fill=paper)
    draw.ellipse((_MARGIN + 26, top + 22, _MARGIN + 52, top + 48), outline=ink, width=5)
    draw.line((_MARGIN + 48, top + 44, _MARGIN + 60, top + 56), fill=ink, width=6)
