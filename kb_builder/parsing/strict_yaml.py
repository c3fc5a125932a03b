"""A strict YAML reader: every scalar is the text as typed and every value has its line; types are never guessed.

PyYAML's parser (libyaml if available) supplies events only; its resolver, which makes ``no`` a boolean and ``1.10``
a number, never runs. Refused: repeated keys, anchors and aliases (a few lines of which can grow to gigabytes),
tags, several documents, keys that are not text, deep nesting, and invisible characters.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias, cast

import yaml

from kb_builder.errors import Finding, InputError, Severity, clip
from kb_builder.parsing.yaml_errors import mend, quoted_line, syntax_mistake

MAX_CHARACTERS: Final = 1_000_000
MAX_DEPTH: Final = 20

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONFLICT: Final = re.compile(r"^<{7} ", re.MULTILINE)
# C0 and C1 controls, the line breaks of YAML alone, bidirectional embeddings, overrides and isolates, surrogates,
# noncharacters. Marks such as U+200F stay: right-to-left text needs them.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_CODE: Final = re.compile(r"[a-z0-9_./:+-]+")
_PROSE: Final = frozenset(("answer", "cost", "description", "label", "nav_title", "owner", "summary", "title"))
"""Keys whose values are text whatever they look like."""
_COMMENT: Final = re.compile(r"(\s+)#(\s)?.*")
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
    """A list; ``line`` counts from 1."""

    items: tuple["Node", ...]
    line: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys in the order they were typed, each once."""

    entries: tuple[tuple[Scalar, "Node"], ...]
    line: int
    findings: tuple[Finding, ...] = ()
    """Of the outermost mapping: what is wrong with the whole document."""
    unsure: frozenset[int] = frozenset()
    """Of the outermost mapping: lines with a mistake, whose values mean nothing; ``findings`` has errors for them."""
    partial: bool = False
    """Of the outermost mapping: one of these lines was left out, and a key may be missing for that."""

    def get(self, name: str) -> "Node | None":
        """The value of a key; None when it is missing."""
        return next((value for key, value in self.entries if key.text == name), None)

    def line_of(self, name: str) -> int:
        """Line of a key; the mapping's own first line when it has no such key."""
        return next((key.line for key, _ in self.entries if key.text == name), self.line)


Node: TypeAlias = Scalar | Sequence | Mapping


def load(text: str, path: str, first_line: int = 1, *, with_mistakes: bool = False) -> Node:
    """The one document of ``text``, whose first line is line ``first_line`` of the file ``path``.

    Empty text is an empty mapping. Raises InputError with every finding when the text can't be trusted.
    ``with_mistakes`` makes the lines that are no YAML errors among the findings of the mapping that is returned, for
    who looks at the rest too and refuses the whole.
    """
    if len(text) > MAX_CHARACTERS:
        message = f"{len(text):,} characters of YAML; {MAX_CHARACTERS:,} is the most"
        raise _refused(path, first_line, "yaml-too-long", message)
    if unseen := _UNSEEN.search(text):
        line = first_line + text.count("\n", 0, unseen.start())
        raise InputError.of([_unseen(path, line, unseen[0])])
    if conflict := _CONFLICT.search(text):
        line = first_line + text.count("\n", 0, conflict.start())
        hint = "keep the right lines, and delete those that begin with <<<<<<<, ======= and >>>>>>>"
        raise _refused(path, line, "merge-conflict", "a merge conflict was left in this file", hint)
    tree = _Tree(path, first_line, text)
    try:
        node = tree.build(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        return _with_mistakes(text, path, first_line, error, refuse=not with_mistakes)
    errors = frozenset(finding.line for finding in tree.findings if finding.severity is Severity.ERROR)
    if errors and not (with_mistakes and isinstance(node, Mapping)):
        raise InputError.of(tree.findings)
    return replace(node, findings=tuple(tree.findings), unsure=errors) if isinstance(node, Mapping) else node


def _with_mistakes(text: str, path: str, first_line: int, error: yaml.MarkedYAMLError, *, refuse: bool) -> Node:
    """The readable part of ``text``, in which ``error`` was found, with every mistake."""
    mended = mend(text, _LOADER)
    found = mended.lines if mended else (syntax_mistake(error, text),)
    mistakes = tuple(
        Finding(path, first_line + line, "yaml-syntax", Severity.ERROR, message, hint) for line, message, hint in found
    )
    unsure = frozenset(finding.line for finding in mistakes)
    findings: tuple[Finding, ...] = ()
    node: Node | None = None
    if mended:
        try:
            node = load(mended.text, path, first_line, with_mistakes=True)
        except InputError as other:
            findings = other.findings
        else:
            findings = node.findings if isinstance(node, Mapping) else ()
    findings = (*mistakes, *(finding for finding in findings if finding.line not in unsure))
    if refuse or mended is None or not isinstance(node, Mapping):
        raise InputError.of(findings)
    return replace(node, findings=findings, unsure=node.unsure | unsure, partial=mended.left_out)


def cut_values(text: str, path: str) -> tuple[Finding, ...]:
    """Warnings for the values of ``text`` that a ``#`` cuts; for YAML that another program reads."""
    lines = text.split("\n")
    try:
        events = [event for event in yaml.parse(text, Loader=_LOADER) if isinstance(event, yaml.ScalarEvent)]
    except yaml.YAMLError:
        return ()
    return tuple(filter(None, (_cut(event, lines, path, 1) for event in events)))


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


def values_of(node: Node | None, key: str) -> Iterator[tuple[str, Scalar]]:
    """Each text in ``node``, the value of ``key``, with the innermost key that it is under."""
    match node:
        case Scalar():
            yield key, node
        case Sequence():
            for item in node.items:
                yield from values_of(item, key)
        case Mapping():
            for name, value in node.entries:
                yield from values_of(value, name.text)


def _refused(path: str, line: int, code: str, message: str, hint: str = "") -> InputError:
    return InputError.of([Finding(path, line, code, Severity.ERROR, message, hint)])


def _unseen(path: str, line: int, character: str) -> Finding:
    name = unicodedata.name(character, "a control character").lower()
    message = f"an invisible character that is not allowed here: U+{ord(character):04X} ({name})"
    hint = "delete it; it usually comes along with text pasted from another program"
    return Finding(path, line, "bad-character", Severity.ERROR, message, hint)


def _cut(event: yaml.ScalarEvent, lines: list[str], path: str, first_line: int) -> Finding | None:
    """A warning if a ``#`` ends an unquoted value and is probably part of it.

    It is taken for a comment after a number or a name (``order: 2 # first``), or after two spaces and before one.
    """
    end = cast(yaml.Mark, event.end_mark)
    line = lines[end.line] if end.line < len(lines) else ""
    rest = _COMMENT.fullmatch(line, end.column)
    if event.style or not event.value or rest is None:
        return None
    key = line.partition(":")[0].strip(" -")
    if rest[2] and (len(rest[1]) > 1 or (key not in _PROSE and _CODE.fullmatch(event.value))):
        return None
    message = f'the value ends before "{clip(rest[0].strip(), 30)}": an unquoted # starts a comment'
    return Finding(path, first_line + end.line, "cut-value", Severity.WARNING, message, quoted_line(line.rstrip()))


class _Tree:
    """Builds nodes from parser events without recursion and collects findings that don't end the parse."""

    def __init__(self, path: str, first_line: int, text: str) -> None:
        self.path = path
        self.lines = text.split("\n")
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
                    if cut := _cut(event, self.lines, self.path, self.first_line):
                        self.findings.append(cut)
                    node = Scalar(event.value, line, not event.style)
                case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                    self._check_properties(event.anchor, event.tag, line)
                    if len(stack) == MAX_DEPTH:
                        message = f"more than {MAX_DEPTH} levels inside each other"
                        raise _refused(self.path, line, "yaml-too-deep", message)
                    stack.append((isinstance(event, yaml.MappingStartEvent), line, []))
                    continue
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    is_mapping, line, children = stack.pop()
                    node = self._mapping(children, line) if is_mapping else Sequence(tuple(children), line)
                case yaml.AliasEvent():
                    shown = clip(event.anchor or "")
                    message = f'"*{shown}" would repeat another value; aliases are not read'
                    hint = "write the value out, or put it in quotes when the * belongs to it"
                    self._note(line, "yaml-alias", message, hint)
                    node = Scalar(f"*{shown}", line)
                case yaml.DocumentStartEvent():
                    documents += 1
                    if documents == 2:
                        message, hint = "a second document starts here", "keep one; remove the line ---"
                        raise _refused(self.path, line, "yaml-documents", message, hint)
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
            message = f'"&{clip(anchor)}" names a value; anchors are not read'
            self._note(line, "yaml-anchor", message, "put the value in quotes when the & belongs to it")
        if tag is not None:
            message = f'"{clip(tag.replace("tag:yaml.org,2002:", "!!"))}" is a YAML tag; tags are not read'
            self._note(line, "yaml-tag", message, "put the value in quotes when the ! belongs to it")

    def _mapping(self, children: list[Node], line: int) -> Mapping:
        entries: list[tuple[Scalar, Node]] = []
        first: dict[str, int] = {}
        for key, value in zip(children[::2], children[1::2], strict=True):
            if not isinstance(key, Scalar):
                hint = "put the whole line in quotes when it is not meant as a key"
                self._note(key.line, "yaml-key", "a key must be text", hint)
            elif key.text in first:
                hint = f"the first one is on line {first[key.text]}; keep one of them"
                self._note(key.line, "repeated-key", f'"{clip(key.text)}" is given twice', hint)
            else:
                first[key.text] = key.line
                entries.append((key, value))
        return Mapping(tuple(entries), line)

    def _note(self, line: int, code: str, message: str, hint: str) -> None:
        self.findings.append(Finding(self.path, line, code, Severity.ERROR, message, hint))
