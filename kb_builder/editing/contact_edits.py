"""Edits ``content/contact.yml``: changes response times. All other text, comments too, stays as typed."""

from contextlib import suppress

from kb_builder.content.contact import PATH, parse_contact
from kb_builder.errors import InputError
from kb_builder.parsing.yaml_places import with_text


def set_response_time(text: str, position: int, time: str) -> str:
    """``text`` in which the channel at ``position``, from 0, promises ``time``, such as ``2 hours``.

    Raises :class:`InputError` when the file is written in a way that can't be edited safely.
    """
    edited = with_text(text, ("channels", position, "response_time"), time)
    with suppress(InputError):
        if edited is not None and parse_contact(edited, PATH)[0].channels[position].response_time == time:
            return edited
    hint = f"write it yourself: response_time: {time}"
    raise InputError("the response time is written in a way that can't be edited", where=PATH, hint=hint)
