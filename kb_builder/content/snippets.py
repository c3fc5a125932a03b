"""The files that a body may include: the gate has seen the article, not what it includes."""

from typing import Final

from kb_builder.content import frontmatter, staff_notes
from kb_builder.errors import InputError
from kb_builder.parsing.strict_yaml import Mapping, Scalar, load

_PUBLIC: Final = {"draft": ("false", "no", "off"), "audience": ("public",), "staff": ()}
"""Keys of a header that withhold a text, or a part of it, unless they are left empty or have one of these values."""


def may_be_included(text: str) -> bool:
    """Whether a body may include a file: one without text for staff that is public by its header, if it has one.

    Where that is not clear, as in a header with mistakes, it may not.
    """
    parts = staff_notes.split(text, "", 1)
    if parts.private or parts.findings:
        return False
    try:
        header_text = frontmatter.split(text, "").header
    except InputError:
        return True  # It has no header: at most a line across the page.
    try:
        header = load(header_text, "", first_line=2, with_mistakes=True)
    except InputError:
        return False
    if not isinstance(header, Mapping):
        return True
    found = ((_PUBLIC.get(key.text.lower()), value) for key, value in header.entries)
    values = [(public, value) for public, value in found if public is not None]
    return not header.findings and all(
        isinstance(value, Scalar) and (value.unset or value.text.lower() in public) for public, value in values
    )
