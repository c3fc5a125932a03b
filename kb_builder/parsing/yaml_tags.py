"""Refuses tags in ``mkdocs.yml`` that MkDocs would run or read from the environment.

MkDocs' own loader makes any Python object that a file names. A configuration may come with a pull request from outside,
so ``kb`` lets through only tags whose effect is known.
"""

import contextlib
import re
from collections.abc import Iterator
from typing import Any, Final

import yaml

_PYTHON: Final = "tag:yaml.org,2002:python/"
_NAMES: Final = frozenset(
    """material.extensions.emoji.twemoji material.extensions.emoji.to_svg material.extensions.emoji.to_png
    materialx.emoji.twemoji materialx.emoji.to_svg pymdownx.emoji.twemoji pymdownx.emoji.gemoji pymdownx.emoji.emojione
    pymdownx.emoji.to_alt pymdownx.emoji.to_png pymdownx.emoji.to_svg pymdownx.slugs.slugify pymdownx.slugs.uslugify
    pymdownx.slugs.gfm markdown.extensions.toc.slugify markdown.extensions.toc.slugify_unicode
    pymdownx.superfences.fence_code_format pymdownx.superfences.fence_div_format
    pymdownx.superfences.fence_mermaid_format pymdownx.arithmatex.fence_mathjax_format
    pymdownx.arithmatex.fence_generic_format pymdownx.arithmatex.inline_mathjax_format
    pymdownx.arithmatex.inline_generic_format""".split()
)
_LARGEST: Final = 100_000
_CALLS: Final = frozenset(("pymdownx.slugs.slugify",))
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
"""Half a pair of UTF-16 is none, and can't be written either."""
_TEXT: Final = "tag:yaml.org,2002:str"
_MADE: Final = tuple(f"tag:yaml.org,2002:{kind}" for kind in ("int", "float", "timestamp", "bool", "binary", "null"))


def refused_tag(text: str) -> tuple[int, str] | None:
    """The first tag (``!!python/name:…``) of a configuration that isn't known to be harmless, after its line from 0.

    ``text`` must be well-formed YAML. Raises ValueError for one that nests too deeply, whose aliases expand to too
    much, or with a date that is none.
    """
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if node is None:
            return None
        if _size(node, {}) > _LARGEST:
            raise ValueError("its aliases expand to more than a configuration may hold")
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(getattr(error, "problem", "") or error).split())) from None
    return next(_refused(node), None)


def _size(node: yaml.Node, known: dict[int, int]) -> int:
    """Values in a node, each alias counted as its expansion."""
    size = known.get(id(node))
    if size is None:
        known[id(node)] = _LARGEST  # an alias inside its own expansion
        parts: list[yaml.Node] = []
        if isinstance(node, yaml.MappingNode):
            parts = [part for pair in node.value for part in pair]
        elif isinstance(node, yaml.SequenceNode):
            parts = node.value
        size = known[id(node)] = 1 + sum(_size(part, known) for part in parts)
    return size


def repeated_keys(text: str) -> Iterator[tuple[int, str, int]]:
    """Line, name and first line, from 0, of each key that its group has already: the last one counts."""
    for node in _nodes(yaml.compose(text, Loader=yaml.SafeLoader)):
        if isinstance(node, yaml.MappingNode):
            first: dict[str, int] = {}
            for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
                if key.value in first:
                    yield key.start_mark.line, key.value, first[key.value]
                first.setdefault(key.value, key.start_mark.line)


def inherited(text: str) -> str | None:
    """The file that a configuration names with ``INHERIT``, empty if there is none; None for what has no keys at all.

    As for MkDocs the last of equal keys counts, and so does one that ``<<`` merges in. Raises ValueError for a value
    that is no text.
    """
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(node, yaml.MappingNode):
        return None
    with contextlib.suppress(yaml.YAMLError):  # MkDocs reports it, and loads nothing.
        yaml.SafeLoader("").flatten_mapping(node)
    named = [value for key, value in node.value if key.value == "INHERIT"]
    if not all(isinstance(value, yaml.ScalarNode) and value.value and value.tag == _TEXT for value in named):
        raise ValueError("INHERIT names one file")
    return named[-1].value if named else ""


def _refused(start: yaml.Node) -> Iterator[tuple[int, str]]:
    for node in _nodes(start):
        line = node.start_mark.line
        if isinstance(node, yaml.ScalarNode) and not _has_value(node):
            raise ValueError(f"line {line + 1} has a number or a date that does not exist")
        if isinstance(node, yaml.ScalarNode) and _CONTROL.search(node.value):
            raise ValueError(f"line {line + 1} has a control character")
        # A group with the tag of a text is the text of its key "=".
        if not _is_known(node.tag) or (isinstance(node, yaml.CollectionNode) and node.tag in (_TEXT, *_MADE)):
            yield line, node.tag.replace("tag:yaml.org,2002:", "!!")


def _nodes(start: Any) -> Iterator[yaml.Node]:
    """Every value and key of a document, each once, from the top; none of an empty one."""
    pending, seen = [start] if isinstance(start, yaml.Node) else [], set()
    while pending:
        node = pending.pop()
        if id(node) in seen:
            continue  # an alias
        seen.add(id(node))
        yield node
        if isinstance(node, yaml.MappingNode):
            pending += [part for pair in reversed(node.value) for part in reversed(pair)]
        elif isinstance(node, yaml.SequenceNode):
            pending += reversed(node.value)


def _has_value(node: yaml.ScalarNode) -> bool:
    """Whether text that looks like a number or a date is one: YAML would take the 99th of a month for a date."""
    if node.tag not in _MADE:
        return True
    try:
        yaml.SafeLoader("").construct_object(node)
    except (ValueError, LookupError, AttributeError, TypeError, OverflowError, yaml.YAMLError):
        return False
    return True


def _is_known(tag: str) -> bool:
    kind, _, name = tag.removeprefix(_PYTHON).partition(":")
    if tag.startswith(_PYTHON):
        return (kind == "name" and name in _NAMES) or (kind == "object/apply" and name in _CALLS)
    return tag == "!relative" or tag.startswith("tag:yaml.org,2002:")
