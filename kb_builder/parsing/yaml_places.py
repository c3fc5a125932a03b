"""A YAML file with another value at one place; everything else, comments and layout too, stays as typed.

It also reads what other programs own, such as ``mkdocs.yml`` with its tags.
"""

import json
import re
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import yaml

Keys: TypeAlias = Sequence[str | int]
"""From the outermost value inwards. In a list a number is a position, and a name means the item that has this key."""

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BARE: Final = re.compile(r"(?:[A-Za-z/]|[0-9]+[ac-df-np-wyz])[A-Za-z0-9/._~#-]*|[1-9][0-9]* [a-z]+")
"""Texts that are no numbers in any version of YAML, such as ``0b1``, ``0o7``, ``0x1`` and ``1e3`` are."""
_KEYWORDS: Final = frozenset(("no", "yes", "on", "off", "y", "n", "true", "false", "null"))
"""Words that readers of YAML take for another value than a text: ``no`` is Norwegian."""


def with_text(text: str, keys: Keys, value: str, own: str = "") -> str | None:
    """``text`` with ``value`` under ``keys``, in its place or as the last of its neighbours.

    One text in place of texts by language stays as that of ``own``. None if the file is written in a
    way that this can't edit.
    """
    try:
        edit = _edit(text, yaml.compose(text, Loader=_LOADER), keys, value, own)
        if edit is None:
            return None
        start, end, new = edit
        edited = text[:start] + new + text[end:]
        before, after = (_plain(yaml.compose(one, Loader=_LOADER)) for one in (text, edited))
    except yaml.YAMLError:
        return None
    return edited if after == _changed(before, keys, value, own) else None


def values(text: str) -> Any:
    """Dictionaries, lists and texts of a file that can be read; an empty dictionary of any other."""
    try:
        return _plain(yaml.compose(text, Loader=_LOADER))
    except yaml.YAMLError:
        return {}


def _edit(text: str, node: Any, keys: Keys, value: str, own: str) -> tuple[int, int, str] | None:
    """Start and end of what is replaced, and by what."""
    for depth, key in enumerate(keys):
        found = _inner(node, key)
        if found is not None:
            node = found
        elif isinstance(node, yaml.MappingNode):
            return _added(text, node, keys[depth:], value)
        elif isinstance(node, yaml.ScalarNode):
            rest = _flow(keys[depth:], value)
            if not node.value:
                return node.end_mark.index, node.end_mark.index, f" {{{rest}}}"
            if not own or depth != len(keys) - 1:
                return None
            return _replaced(text, node, f"{{{quoted(own)}: {quoted(node.value)}, {rest}}}")
        else:
            return None
    return _replaced(text, node, quoted(value)) if isinstance(node, yaml.ScalarNode) else None


def _inner(node: Any, key: str | int) -> Any:
    """The value under a key; None where there is none."""
    if isinstance(node, yaml.SequenceNode):
        if isinstance(key, int):
            return node.value[key] if key < len(node.value) else None
        return next(filter(None, (_inner(item, key) for item in node.value)), None)
    if isinstance(node, yaml.MappingNode):
        return next((inner for name, inner in node.value if name.value == key), None)
    return None


def _replaced(text: str, node: Any, new: str) -> tuple[int, int, str]:
    return node.start_mark.index, _end(text, node), new


def _end(text: str, node: Any) -> int:
    """Where a value ends; a block text does behind the empty lines that follow it."""
    start: int = node.start_mark.index
    return start + len(text[start : node.end_mark.index].rstrip())


def _added(text: str, node: Any, keys: Keys, value: str) -> tuple[int, int, str]:
    if node.flow_style:
        end = node.value[-1][1].end_mark.index if node.value else node.start_mark.index + 1
        return end, end, (", " if node.value else "") + _flow(keys, value)
    line_end = text.find("\n", _end(text, _last(node)))
    at = len(text) if line_end < 0 else line_end
    inner = f"{{{_flow(keys[1:], value)}}}" if len(keys) > 1 else quoted(value)
    return at, at, f"\n{' ' * node.start_mark.column}{quoted(keys[0])}: {inner}"


def _last(node: Any) -> Any:
    """The last value inside a block, whose own end is behind the comments that follow it."""
    while isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return node


def _flow(keys: Keys, value: str) -> str:
    key, *rest = keys
    return f"{quoted(key)}: {f'{{{_flow(rest, value)}}}' if rest else quoted(value)}"


def quoted(text: str | int) -> str:
    """``text`` in YAML's double quotes, or bare where no reader takes it for anything else.

    Bare are words such as ``faq/old-page/``, and a number with its unit, such as ``2 hours``.
    """
    bare = _BARE.fullmatch(str(text)) and str(text).lower() not in _KEYWORDS
    return str(text) if bare else json.dumps(str(text), ensure_ascii=False)


def _plain(node: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {name.value: _plain(inner) for name, inner in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    return node.value if node is not None else {}


def _changed(before: Any, keys: Keys, value: str, own: str) -> Any:
    """The expected values after the edit."""
    if not keys:
        return value
    key, *rest = keys
    if isinstance(before, list):
        items = enumerate(before)
        at = key if isinstance(key, int) else next(n for n, item in items if isinstance(item, dict) and key in item)
        inner = rest if isinstance(key, int) else keys
        return [_changed(item, inner, value, own) if n == at else item for n, item in enumerate(before)]
    there = before if isinstance(before, dict) else {own: before} if before else {}
    return {**there, key: _changed(there.get(key, {}), rest, value, own)}
