"""The only module that prints. What comes from files, exports and other sites can't steer a terminal."""

import re
from typing import Final

import click

from kb_builder.errors import escaped

_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")
_BIDI: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")


def say(text: str, *, err: bool = False, nl: bool = True, exact: bool = False, styled: bool = False) -> None:
    """Print ``text`` with control characters as ``\\uXXXX``, which JSON reads as the same characters.

    ``exact`` is for a text that will be sent to somebody: marks of its writing direction stay. A ``styled`` text has
    colours, and went through :func:`kb_builder.errors.printable` before it got them.
    """
    if not styled:
        text = _CONTROLS.sub(escaped, text)
        text = text if exact else _BIDI.sub(escaped, text)
    click.echo(text, err=err, nl=nl)
