"""Edits the header of a file: adds a key, adds or removes an item of a list. All other text stays as typed."""

from contextlib import suppress
from typing import TypeAlias

from kb_builder.content import frontmatter
from kb_builder.content.frontmatter import SPELLINGS
from kb_builder.errors import InputError
from kb_builder.parsing.strict_yaml import Mapping, Node, Scalar, Sequence, load, plain
from kb_builder.parsing.yaml_places import quoted

Value: TypeAlias = str | list[str] | dict[str, str]
"""Of a key: a text, a list of texts, or a text for each of some names."""


def add_key(text: str, path: str, key: str, value: str) -> str:
    """``text`` with ``key: value`` as the first line of its header."""
    head, _, rest = text.partition("\n")
    return _checked(f"{head}\n{key}: {quoted(value)}\n{rest}", path, key, value)


def set_key(text: str, path: str, key: str, value: Value) -> str:
    """``text`` whose header has ``value`` under ``key``: in its place, in its spelling, or as the last line.

    A comment above the next key stays. Raises InputError when the header is written in a way that this can't edit.
    """
    entries = _entries(text, path, key)
    lines = text.split("\n")
    spelling, start = key, frontmatter.split(text, path).body_line - 2
    end = start
    if key in entries:
        spelling, start = entries[key][0].text, entries[key][0].line - 1
        end = min((name.line - 1 for name, _ in entries.values() if name.line > start + 1), default=end)
        while end - 1 > start and lines[end - 1].lstrip()[:1] in ("", "#"):
            end -= 1
    lines[start:end] = written(spelling, value)
    edited = "\n".join(lines)
    there: object = None
    with suppress(InputError):
        there = _values(_entries(edited, path, key))
    if there != _values(entries) | {key: value}:
        hint = "write each key of the header on lines of its own"
        raise InputError(f'"{key}" is written in a way that can\'t be edited automatically', where=path, hint=hint)
    return edited


def written(key: str, value: Value) -> list[str]:
    """The lines of a header with ``value`` under ``key``."""
    if isinstance(value, str):
        return [f"{key}: {quoted(value)}"]
    if isinstance(value, list):
        return [f"{key}:", *(f"  - {quoted(item)}" for item in value)]
    return [f"{key}:", *(f"  {name}: {quoted(item)}" for name, item in value.items())]


def add_item(text: str, path: str, key: str, item: str) -> str:
    """``text`` with ``item`` added to the list ``key`` of its header, in whichever spelling and shape it has.

    Raises InputError when the list is written in a way that this module can't edit safely.
    """
    entries = _entries(text, path, key)
    lines = text.split("\n")
    made = quoted(item)
    if key not in entries:
        lines.insert(frontmatter.split(text, path).body_line - 2, f"{key}: [{made}]")
        return _checked("\n".join(lines), path, key, item)
    name, value = entries[key]
    at = name.line - 1
    if isinstance(value, Scalar):
        lines[at] = f"{name.text}: [{made}]" if value.unset else f"{lines[at].rstrip()}, {item}"
    elif isinstance(value, Sequence) and value.items:
        last = value.items[-1].line - 1
        before = lines[last].lstrip()
        if before.startswith("- "):
            indent = lines[last][: len(lines[last]) - len(before)]
            lines.insert(last + 1, f"{indent}- {made}")
        else:
            head, bracket, tail = lines[last].rpartition("]")
            lines[last] = f"{head.rstrip().rstrip(',')}, {made}{bracket}{tail}"
    else:
        lines[at] = f"{name.text}: [{made}]"
    return _checked("\n".join(lines), path, key, item)


def remove_item(text: str, path: str, key: str, item: str) -> str:
    """``text`` without ``item`` in the list ``key`` of its header, and without the key when the list becomes empty.

    A bracketed list over several lines stays as it is: its layout is the author's.
    """
    entries = _entries(text, path, key)
    if key not in entries:
        return text
    name, value = entries[key]
    lines = text.split("\n")
    items = value.text.split(",") if isinstance(value, Scalar) else plain(value)
    left = [part.strip() for part in items if part.strip() != item] if isinstance(items, list) else items
    if left == items or isinstance(value, Mapping):
        return text
    block = isinstance(value, Sequence) and lines[value.line - 1].lstrip().startswith("- ")
    if block and isinstance(value, Sequence):
        removed = {part.line - 1 for part in value.items if isinstance(part, Scalar) and part.text == item}
        removed |= set() if left else {name.line - 1}
        lines = [line for number, line in enumerate(lines) if number not in removed]
    elif isinstance(value, Sequence) and any(part.line != name.line for part in value.items):
        return text
    elif left:
        made = ", ".join(map(quoted, left))
        lines[name.line - 1] = f"{name.text}: {made}" if isinstance(value, Scalar) else f"{name.text}: [{made}]"
    else:
        del lines[name.line - 1]
    return "\n".join(lines)


def _entries(text: str, path: str, key: str) -> dict[str, tuple[Scalar, Node]]:
    """Key as it is spelt → where, and its value, in order; another spelling of ``key`` counts as it."""
    node = load(frontmatter.split(text, path).header, path, first_line=2)
    entries = node.entries if isinstance(node, Mapping) else ()
    return {key if SPELLINGS.get(name.text) == key else name.text: (name, value) for name, value in entries}


def _values(entries: dict[str, tuple[Scalar, Node]]) -> dict[str, object]:
    return {key: plain(value) for key, (_, value) in entries.items()}


def _checked(text: str, path: str, key: str, value: str) -> str:
    """``text``, after checking that ``value`` is read back under ``key``."""
    found: object = None
    with suppress(InputError):
        found = _values(_entries(text, path, key)).get(key)
    values = found.split(", ") if isinstance(found, str) else found
    if not isinstance(values, list) or value not in values:
        problem = f'"{key}" is written in a way that can\'t be edited automatically'
        raise InputError(problem, where=path, hint=f"add {value} to it by hand")
    return text
