"""Edits ``content/contact.yml``: changes response times. All other text, comments too, stays as typed."""

import re
from dataclasses import replace
from typing import Final

from kb_builder.content.contact import PATH, parse_contact
from kb_builder.errors import InputError
from kb_builder.parsing.strict_yaml import Mapping, Sequence, load

_TIME: Final = re.compile(
    r"""(?P<key>(?<![\w"'])["']?response_time["']?\s*:\s*)(?P<value>"[^"]*"|'[^']*'|[^\s,}#"'][^,}#\n]*?)(?=\s*(?:[,}]|\s\#|$))""",
    re.MULTILINE,
)


def set_response_time(text: str, position: int, time: str) -> str:
    """``text`` in which the channel at ``position``, from 0, promises ``time``, such as ``2 hours``.

    Raises :class:`InputError` when the line is written in a way that this module can't edit safely.
    """
    node = load(text, PATH)
    channels = node.get("channels") if isinstance(node, Mapping) else None
    items = [item for item in channels.items if isinstance(item, Mapping)] if isinstance(channels, Sequence) else []
    line = items[position].line_of("response_time")
    same = sum(item.line_of("response_time") == line for item in items[:position])
    lines = text.split("\n")
    found = list(_TIME.finditer(lines[line - 1]))
    before = parse_contact(text, PATH)[0]
    if same < len(found):
        start, end = found[same].span("value")
        lines[line - 1] = lines[line - 1][:start] + time + lines[line - 1][end:]
    edited = "\n".join(lines)
    after = parse_contact(edited, PATH)[0]
    # Nothing but this time may have changed.
    wanted = list(before.channels)
    changed = after.channels[position]
    wanted[position] = replace(
        wanted[position], response_time=time, response_minutes=changed.response_minutes
    )  # fmt: skip
    if after != replace(before, channels=tuple(wanted)):
        hint = f"write it yourself: response_time: {time}"
        raise InputError(
            "the response time is written in a way that can't be edited", where=f"{PATH}:{line}", hint=hint
        )
    return edited
