"""A strict YAML reader: every scalar is the text as typed and every value has its line; types are never guessed.

PyYAML's parser (libyaml if available) supplies events only; its resolver, which makes ``no`` a boolean and ``1.10``
a number, never runs. Refused: repeated keys, anchors and aliases (a few lines of which can grow to gigabytes),
tags, several documents, keys that are not text, deep nesting, and invisible characters.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, cast

import yaml

from kb_builder.errors import Finding, InputError, Severity
from kb_builder.parsing.yaml_errors import clip, syntax_mistake

MAX_CHARACTERS: Final = 1_000_000
MAX_DEPTH: Final = 20

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# C0 and C1 controls, the line breaks only YAML knows, bidirectional embeddings, overrides and isolates, surrogates,
# noncharacters. Marks such as U+200F stay: right-to-left text needs them.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_UNSET: Final = frozenset({"~", "null"})


@dataclass(frozen=True, slots=True)
class Scalar:
    """Text as typed. ``plain`` is False when it was quoted or a block."""

    text: str
    line: int
    plain: bool = True

    @property
    def unset(self) -> bool:
        """A key that was left empty, or set to ``null`` or ``~`` without quotes."""
        return not self.text.strip() or (self.plain and self.text in _UNSET)


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple["Node", ...]
    line: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys in the order they were typed, each once."""

    entries: tuple[tuple[Scalar, "Node"], ...]
    line: int

    def get(self, name: str) -> "Node | None":
        return next((value for key, value in self.entries if key.text == name), None)

    def line_of(self, name: str) -> int:
        """Line of a key; the mapping's own first line when it has no such key."""
        return next((key.line for key, _ in self.entries if key.text == name), self.line)


Node: TypeAlias = Scalar | Sequence | Mapping


def load(text: str, path: str, first_line: int = 1) -> Node:
    """The one document of ``text``, whose first line is line ``first_line`` of the file ``path``.

    Empty text is an empty mapping. Raises InputError with every finding when the text can't be trusted.
    """
    if len(text) > MAX_CHARACTERS:
        raise _refused(
            path, first_line, "yaml-too-long", f"{len(text):,} characters of YAML; {MAX_CHARACTERS:,} is the most"
        )
    if unseen := _UNSEEN.search(text):
        line = first_line + text.count("\n", 0, unseen.start())
        raise InputError.of([_unseen(path, line, unseen[0])])
    tree = _Tree(path, first_line)
    try:
        node = tree.build(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        line, message, hint = syntax_mistake(error, text)
        raise _refused(path, first_line + line, "yaml-syntax", message, hint) from None
    if tree.findings:
        raise InputError.of(tree.findings)
    return node


def is_unset(node: Node) -> bool:
    """Whether a key, or an item of a list, was left empty."""
    return isinstance(node, Scalar) and node.unset


def plain(node: Node) -> Any:
    """Dictionaries, lists and text; keys and items that were left empty are left out."""
    match node:
        case Scalar():
            return node.text
        case Sequence():
            return [plain(item) for item in node.items if not is_unset(item)]
        case Mapping():
            return {key.text: plain(value) for key, value in node.entries if not is_unset(value)}


def _refused(path: str, line: int, code: str, message: str, hint: str = "") -> InputError:
    return InputError.of([Finding(path, line, code, Severity.ERROR, message, hint)])


def _unseen(path: str, line: int, character: str) -> Finding:
    name = unicodedata.name(character, "a control character")
    return Finding(
        path,
        line,
        "bad-character",
        Severity.ERROR,
        f"an invisible character that is not allowed here: U+{ord(character):04X} ({name.lower()})",
        "delete it; it usually comes along with text pasted from another program",
    )


class _Tree:
    """Builds nodes from parser events without recursion and collects findings that don't end the parse."""

    def __init__(self, path: str, first_line: int) -> None:
        self.path = path
        self.first_line = first_line
        self.findings: list[Finding] = []

    def build(self, events: Iterator[yaml.Event]) -> Node:
        root: Node | None = None
        documents = 0
        # Open collections, innermost last: (line, children); a mapping's children alternate between keys and values.
        stack: list[tuple[bool, int, list[Node]]] = []
        for event in events:
            line = cast(yaml.Mark, event.start_mark).line + self.first_line
            node: Node
            match event:
                case yaml.ScalarEvent():
                    self._check_properties(event.anchor, event.tag, line)
                    if event.style and (unseen := _UNSEEN.search(event.value)):
                        self.findings.append(_unseen(self.path, line, unseen[0]))
                    node = Scalar(event.value, line, not event.style)
                case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                    self._check_properties(event.anchor, event.tag, line)
                    if len(stack) == MAX_DEPTH:
                        raise _refused(
                            self.path, line, "yaml-too-deep", f"more than {MAX_DEPTH} levels inside each other"
                        )
                    stack.append((isinstance(event, yaml.MappingStartEvent), line, []))
                    continue
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    is_mapping, line, children = stack.pop()
                    node = self._mapping(children, line) if is_mapping else Sequence(tuple(children), line)
                case yaml.AliasEvent():
                    raise _refused(
                        self.path,
                        line,
                        "yaml-alias",
                        f'"*{clip(event.anchor or "")}" would repeat another value; aliases are not read',
                        "write the value out, or put it in quotes when the * belongs to it",
                    )
                case yaml.DocumentStartEvent():
                    documents += 1
                    if documents == 2:
                        raise _refused(
                            self.path,
                            line,
                            "yaml-documents",
                            "a second document starts here",
                            "keep one; remove the line ---",
                        )
                    continue
                case _:
                    continue
            if stack:
                stack[-1][2].append(node)
            else:
                root = node
        return root if root is not None and not is_unset(root) else Mapping((), self.first_line)

    def _check_properties(self, anchor: str | None, tag: str | None, line: int) -> None:
        if anchor is not None:
            self._note(
                line,
                "yaml-anchor",
                f'"&{clip(anchor)}" names a value; anchors are not read',
                "put the value in quotes when the & belongs to it",
            )
        if tag is not None:
            shown = tag.replace("tag:yaml.org,2002:", "!!")
            self._note(
                line,
                "yaml-tag",
                f'"{clip(shown)}" is a YAML tag; tags are not read',
                "put the value in quotes when the ! belongs to it",
            )

    def _mapping(self, children: list[Node], line: int) -> Mapping:
        entries: list[tuple[Scalar, Node]] = []
        first: dict[str, int] = {}
        for key, value in zip(children[::2], children[1::2], strict=True):
            if not isinstance(key, Scalar):
                self._note(
                    key.line,
                    "yaml-key",
                    "a key must be text",
                    "put the whole line in quotes when it is not meant as a key",
                )
            elif key.text in first:
                self._note(
                    key.line,
                    "repeated-key",
                    f'"{clip(key.text)}" is given twice',
                    f"the first one is on line {first[key.text]}; keep one of them",
                )
            else:
                first[key.text] = key.line
                entries.append((key, value))
        return Mapping(tuple(entries), line)

    def _note(self, line: int, code: str, message: str, hint: str) -> None:
        self.findings.append(Finding(self.path, line, code, Severity.ERROR, message, hint))
