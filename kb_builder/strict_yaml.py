"""YAML as authors mean it: every scalar is the text that was typed, every value knows its line, nothing is guessed.

PyYAML's parser (libyaml where it is there) supplies events only; its resolver, which makes ``no`` a boolean and
``1.10`` a number, never runs. Refused: repeated keys, anchors and aliases (a few lines of which can grow to gigabytes),
tags, several documents, keys that are not text, deep nesting, and characters that can't be seen.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar, cast, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from kb_builder.errors import Finding, InputError, Severity
from kb_builder.yaml_mistakes import clip, syntax_mistake

MAX_CHARACTERS: Final = 1_000_000
MAX_DEPTH: Final = 20

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# C0 and C1 controls, the line breaks only YAML knows, bidirectional embeddings, overrides and isolates, surrogates,
# noncharacters. Marks such as U+200F stay: right-to-left text needs them.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_UNSET: Final = frozenset({"", "~", "null"})

ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Scalar:
    """Text as typed. ``plain`` is False when it was quoted or a block."""

    text: str
    line: int
    plain: bool = True

    @property
    def unset(self) -> bool:
        """A key that was left empty, or set to ``null`` or ``~`` without quotes."""
        return self.plain and self.text in _UNSET


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


def validate(
    node: Node,
    model: type[ModelT],
    path: str,
    *,
    context: MappingOf[str, Any] | None = None,
    unknown_hint: str = "",
    subject: str = "this file",
) -> tuple[ModelT | None, tuple[Finding, ...]]:
    """``node`` as a ``model`` (which forbids extra keys), or every reason why it isn't one, each with its line.

    ``context`` reaches the model's validators; ``unknown_hint`` is shown for an unknown key that resembles none.
    """
    if not isinstance(node, Mapping):
        return None, (
            Finding(
                path,
                node.line,
                "not-keys",
                Severity.ERROR,
                f"{subject} must be made of keys and values",
                "each line is a key, a colon, a space and a value: title: Track your order",
            ),
        )
    try:
        return model.model_validate(plain(node), context=dict(context or {})), ()
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=True)
        return None, tuple(_finding(detail, node, model, path, unknown_hint) for detail in details)


def plain(node: Node) -> Any:
    """Dictionaries, lists and text; keys and items that were left empty are left out."""
    match node:
        case Scalar():
            return node.text
        case Sequence():
            return [plain(item) for item in node.items if not _is_unset(item)]
        case Mapping():
            return {key.text: plain(value) for key, value in node.entries if not _is_unset(value)}


def refuse(message: str, hint: str = "", code: str = "bad-value") -> PydanticCustomError:
    """What a model's validator raises: ``message`` goes on from the key (``must be a whole number``)."""
    return PydanticCustomError(code, "{message}", {"message": message, "hint": hint})


def nearest(word: str, known: Iterable[str]) -> str:
    """The ``known`` word that ``word`` was probably meant to be, or an empty string."""
    folded = {name.casefold().replace("-", "_"): name for name in known}
    found = get_close_matches(word.casefold().replace("-", "_"), folded, n=1, cutoff=0.65)
    return folded[found[0]] if found else ""


def _is_unset(node: Node) -> bool:
    return isinstance(node, Scalar) and node.unset


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
    """Builds nodes from parser events without recursion and keeps what is wrong but does not stop the reading."""

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
        return root if root is not None and not _is_unset(root) else Mapping((), self.first_line)

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


class _Place(NamedTuple):
    line: int
    key: str


def _finding(detail: ErrorDetails, node: Mapping, model: type[BaseModel], path: str, unknown_hint: str) -> Finding:
    place = _place(node, detail["loc"])
    context = detail.get("ctx", {})
    code, message, hint = "bad-value", "", ""
    match detail["type"]:
        case "extra_forbidden":
            meant = nearest(place.key, _known_keys(_model_at(model, detail["loc"][:-1])))
            code, message = "unknown-key", f'unknown key "{clip(place.key)}"'
            hint = f'did you mean "{meant}"?' if meant else unknown_hint
        case "missing":
            code, message = "missing-key", f'"{detail["loc"][-1]}" is missing'
        case "literal_error":
            message = f'"{place.key}" must be {context["expected"]}, not "{clip(str(detail["input"]))}"'.replace(
                "'", '"'
            )
            meant = nearest(str(detail["input"]), re.findall(r"'([^']*)'", str(context["expected"])))
            hint = f'did you mean "{meant}"?' if meant else ""
        case "string_type":
            message = f'"{place.key}" must be text, not {_shape(detail["input"])}'
        case "list_type" | "tuple_type":
            message = f'"{place.key}" must be a list, not {_shape(detail["input"])}'
        case "model_type" | "dict_type" | "model_attributes_type":
            message = f'"{place.key}" must hold keys and values, not {_shape(detail["input"])}'
        case kind if "message" in context:
            code, hint = kind, str(context.get("hint", ""))
            message = f'"{place.key}" {context["message"]}' if place.key else str(context["message"])
        case _:
            message = f'"{place.key}" has a value that can\'t be used: "{clip(str(detail["input"]))}"'
    return Finding(path, place.line, code, Severity.ERROR, message, hint)


def _place(node: Node, location: tuple[int | str, ...]) -> _Place:
    """Line and key of the deepest part of ``location`` that stands in the file."""
    place = _Place(node.line, "")
    for step in location:
        if isinstance(node, Mapping) and isinstance(step, str):
            found = next((entry for entry in node.entries if entry[0].text == step), None)
            if found is None:
                return place
            key, node = found
            place = _Place(key.line, key.text)
        elif isinstance(node, Sequence) and isinstance(step, int):
            node = [item for item in node.items if not _is_unset(item)][step]
            place = _Place(node.line, place.key)
    return place


def _model_at(model: type[BaseModel], location: tuple[int | str, ...]) -> type[BaseModel]:
    for step in location:
        if isinstance(step, str):
            field = next((f for name, f in model.model_fields.items() if step in {name, f.alias}), None)
            model = (_model_in(field.annotation) if field else None) or model
    return model


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)


def _known_keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _shape(value: object) -> str:
    if isinstance(value, dict):
        return "a group of keys"
    if isinstance(value, (list, tuple)):
        return "a list"
    return f'"{clip(str(value))}"'
