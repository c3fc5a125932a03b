"""Edits the header of a file: adds a key, adds or removes an item of a list. All other text stays as typed."""

import json
import re
from contextlib import suppress
from typing import Final, TypeAlias

from kb_builder.content import frontmatter
from kb_builder.content.frontmatter import SPELLINGS
from kb_builder.errors import InputError
from kb_builder.parsing.strict_yaml import Mapping, Node, Scalar, Sequence, load, plain

Value: TypeAlias = str | list[str] | dict[str, str]
"""Of a key: a text, a list of texts, or a text for each of some names."""

_UNQUOTED: Final = re.compile(r"[A-Za-z0-9/][A-Za-z0-9/._~-]*")


def add_key(text: str, path: str, key: str, value: str) -> str:
    """``text`` with ``key: value`` as the first line of its header."""
    head, _, rest = text.partition("\n")
    return _checked(f"{head}\n{key}: {_scalar(value)}\n{rest}", path, key, value)


def set_key(text: str, path: str, key: str, value: Value) -> str:
    """``text`` whose header has ``value`` under ``key``: in its place, in its spelling, or as the last line.

    A comment above the next key stays. Raises InputError when the header is written in a way that this can't edit.
    """
    header, _, body_line = frontmatter.split(text, path)
    node = load(header, path, first_line=2)
    names = [name for name, _ in node.entries] if isinstance(node, Mapping) else []
    at = next((n for n, name in enumerate(names) if SPELLINGS.get(name.text, name.text) == key), None)
    lines = text.split("\n")
    if at is None:
        start = end = body_line - 2
    else:
        start = names[at].line - 1
        end = names[at + 1].line - 1 if at + 1 < len(names) else body_line - 2
        while end - 1 > start and lines[end - 1].lstrip()[:1] in ("", "#"):
            end -= 1
    lines[start:end] = written(names[at].text if at is not None else key, value)
    edited = "\n".join(lines)
    after: Node | None = None
    with suppress(InputError):
        after = load(frontmatter.split(edited, path).header, path, first_line=2)
    before = {name.text: plain(part) for name, part in node.entries} if isinstance(node, Mapping) else {}
    there = {name.text: plain(part) for name, part in after.entries} if isinstance(after, Mapping) else {}
    wanted = before | {names[at].text if at is not None else key: value}
    if there != wanted:
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


def quoted(text: str) -> str:
    """``text`` as YAML between double quotes, or bare where nothing could be misread."""
    return text if _UNQUOTED.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def add_item(text: str, path: str, key: str, item: str) -> str:
    """``text`` with ``item`` added to the list ``key`` of its header, in whichever spelling and shape it has.

    Raises InputError when the list is written in a way that this module can't edit safely.
    """
    header, _, body_line = frontmatter.split(text, path)
    node = load(header, path, first_line=2)
    entries = node.entries if isinstance(node, Mapping) else ()
    found = next(((name, value) for name, value in entries if SPELLINGS.get(name.text, name.text) == key), None)
    lines = text.split("\n")
    made = _scalar(item)
    if found is None:
        lines.insert(body_line - 2, f"{key}: [{made}]")
        return _checked("\n".join(lines), path, key, item)
    name, value = found
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
    node = load(frontmatter.split(text, path).header, path, first_line=2)
    entries = node.entries if isinstance(node, Mapping) else ()
    found = next(((name, value) for name, value in entries if SPELLINGS.get(name.text, name.text) == key), None)
    if found is None:
        return text
    name, value = found
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
        made = ", ".join(map(_scalar, left))
        lines[name.line - 1] = f"{name.text}: {made}" if isinstance(value, Scalar) else f"{name.text}: [{made}]"
    else:
        del lines[name.line - 1]
    return "\n".join(lines)


def _scalar(text: str) -> str:
    return text if _UNQUOTED.fullmatch(text) else "'{}'".format(text.replace("'", "''"))


def _checked(text: str, path: str, key: str, value: str) -> str:
    """``text``, after checking that ``value`` is read back under ``key``."""
    found: object = None
    try:
        node = load(frontmatter.split(text, path).header, path, first_line=2)
        entries = node.entries if isinstance(node, Mapping) else ()
        found = next((plain(part) for name, part in entries if SPELLINGS.get(name.text, name.text) == key), None)
    except InputError:
        pass
    values = found.split(", ") if isinstance(found, str) else found
    if not isinstance(values, list) or value not in values:
        raise InputError(
            f'"{key}" is written in a way that can\'t be edited automatically',
            where=path,
            hint=f"add {value} to it by hand",
        )
    return text
