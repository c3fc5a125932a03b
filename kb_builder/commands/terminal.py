"""The only module that prints. What comes from files, exports and other sites can't steer a terminal."""

import re
from typing import Final

import click

from kb_builder.errors import escaped

_STEERING: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028-\u202e\u2066-\u2069]")


def say(text: str, *, err: bool = False, nl: bool = True, styled: bool = False) -> None:
    """Print ``text`` with control characters as ``\\uXXXX``, which JSON reads as the same characters.

    A ``styled`` text has colours, and went through :func:`kb_builder.errors.printable` before it got them.
    """
    click.echo(text if styled else _STEERING.sub(escaped, text), err=err, nl=nl)
