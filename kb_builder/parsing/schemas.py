"""Validation of YAML nodes against pydantic models, with findings in plain words for authors."""

import re
import unicodedata
from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from typing import Any, ClassVar, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from kb_builder.errors import Finding, InputError, Severity, clip, did_you_mean
from kb_builder.parsing.strict_yaml import Mapping, Node, Sequence, is_unset, plain


class Schema(BaseModel):
    """Base of everything read from YAML: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    subject: ClassVar[str] = "this file"
    """How messages name what is read."""


ModelT = TypeVar("ModelT", bound=Schema)


def validate(
    node: Node,
    model: type[ModelT],
    path: str,
    *,
    context: MappingOf[str, Any] | None = None,
    spellings: Iterable[str] = (),
    unknown_hint: str = "",
) -> tuple[ModelT, tuple[Finding, ...]]:
    """``node`` as a ``model`` (which forbids extra keys), with warnings. Raises InputError with every reason why it
    isn't one, each with its line.

    ``context`` reaches the model's validators. An unknown key is compared with the model's keys and with ``spellings``;
    ``unknown_hint`` is shown for one that resembles none.
    """
    if not isinstance(node, Mapping):
        message = f"{model.subject} must be made of keys and values"
        hint = "each line is a key, a colon, a space and a value: title: Track your order"
        raise InputError.of([Finding(path, node.line, "not-keys", Severity.ERROR, message, hint)])
    try:
        made = model.model_validate(plain(node), context=dict(context or {}))
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=True)
        if node.partial:
            details = [detail for detail in details if detail["type"] != "missing"]
        found = (_finding(detail, node, model, path, tuple(spellings), unknown_hint) for detail in details)
        mistakes = (finding for finding in found if finding.line not in node.unsure)
        raise InputError.of((*node.findings, *mistakes)) from None
    if node.unsure:
        raise InputError.of(node.findings)
    return made, node.findings


def _is_invisible(character: str) -> bool:
    return character != " " and unicodedata.category(character) in ("Cf", "Zs", "Cc", "Mn")


def _finding(
    detail: ErrorDetails,
    node: Mapping,
    model: type[BaseModel],
    path: str,
    spellings: tuple[str, ...],
    unknown_hint: str,
) -> Finding:
    line, key = _place(node, detail["loc"])
    context = detail.get("ctx", {})
    code, message, hint = "bad-value", "", ""
    match detail["type"]:
        case "extra_forbidden":
            own = spellings if len(detail["loc"]) == 1 else ()
            known = [*_model_at(model, detail["loc"][:-1]).model_fields, *own]
            code, message = "unknown-key", f'unknown key "{clip(key)}"'
            hint = did_you_mean(key, known, unknown_hint)
            if hidden := next((char for char in key if _is_invisible(char)), ""):
                code, hint = "bad-character", "delete it, or type the line again"
                character = unicodedata.name(hidden, "a control character").lower()
                sign = f"U+{ord(hidden):04X} ({character})"
                message = f'the key "{clip(key)}" has an invisible character in it: {sign}'
        case "missing":
            name = detail["loc"][-1]
            code, message, hint = "missing-key", f'"{name}" is missing', f"add the line {name}: …"
        case "literal_error":
            expected = str(context["expected"]).replace("'", '"')
            message = f'"{key}" must be {expected}, not {_shape(detail["input"])}'
            hint = did_you_mean(str(detail["input"]), re.findall(r'"([^"]*)"', expected))
        case "string_type":
            message = f'"{key}" must be text, not {_shape(detail["input"])}'
        case "list_type" | "tuple_type":
            message = f'"{key}" must be a list, not {_shape(detail["input"])}'
        case "model_type" | "dict_type" | "model_attributes_type":
            message = f'"{key}" must consist of keys and values, not {_shape(detail["input"])}'
            if all(isinstance(step, str) for step in detail["loc"]):
                named = ", ".join(f"{name}: …" for name in [*_model_at(model, detail["loc"]).model_fields][:3])
                hint = f"write {key}: {{{named}}}"
        case "greater_than_equal":
            message = f'"{key}" must be at least {context["ge"]}'
        case "less_than_equal":
            message = f'"{key}" must be at most {context["le"]}'
        case kind if "message" in context:
            code, hint = kind, str(context.get("hint", ""))
            message = f'"{key}" {context["message"]}' if key else str(context["message"])
        case _:
            message = f'"{key}" has a value that can\'t be used: "{clip(str(detail["input"]))}"'
    return Finding(path, line, code, Severity.ERROR, message, hint)


def _place(node: Node, location: tuple[int | str, ...]) -> tuple[int, str]:
    """Line and key of the deepest part of ``location`` that is present in the file."""
    line, key = node.line, ""
    for step in location:
        if isinstance(node, Mapping) and isinstance(step, str):
            found = next((entry for entry in node.entries if entry[0].text == step), None)
            if found is None:
                break
            line, key, node = found[0].line, found[0].text, found[1]
        elif isinstance(node, Sequence) and isinstance(step, int):
            node = [item for item in node.items if not is_unset(item)][step]
            line = node.line
    return line, key


def _model_at(model: type[BaseModel], location: tuple[int | str, ...]) -> type[BaseModel]:
    for step in location:
        if isinstance(step, str):
            model = _model_in(model.model_fields[step].annotation) or model
    return model


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)


def _shape(value: object) -> str:
    if isinstance(value, dict):
        return "a group of keys"
    if isinstance(value, (list, tuple)):
        return "a list"
    return f'"{clip(str(value))}"'
