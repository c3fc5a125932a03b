"""YAML syntax errors as one plain sentence and the corrected line.

Diagnosed from the author's line, because the parser's messages differ between libyaml and PyYAML.
"""

import re
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import yaml

_DEEPEST: Final = 1000
_MOST: Final = 20
_LONGEST: Final = 100_000
_KEY: Final = re.compile(r"\s*(?:-\s+)*[\w.-]+:(?:\s|$)")
_OPEN_QUOTE: Final = re.compile(r"""\s*(?:-\s+)*(?:[\w.-]+:\s+)?(["'])(?:(?!\1).)*""")
_NO_KEY: Final = (
    "this line is not a key and a value",
    "each line is a key, a colon, a space and a value: title: Track your order",
)
_ENTRY: Final = re.compile(r"(?P<key>\s*(?:-\s+)*(?:[\w.-]+\s*:\s+)?)(?P<value>.*?)\s*")


class Mistake(NamedTuple):
    """``line`` counts from 0 in the text that was read."""

    line: int
    message: str
    hint: str


def syntax_mistake(error: yaml.MarkedYAMLError, text: str) -> Mistake:
    """``error``, raised while parsing ``text``, as the mistake an author made on that line."""
    opened = "quoted" in (error.context or "") or "flow" in (error.context or "")
    mark = error.context_mark if opened and error.context_mark else error.problem_mark
    number = mark.line if mark else 0
    lines = text.split("\n")
    number = min(number, len(lines) - 1)
    if not lines[number].strip() and number:
        number -= 1
    return _caused_above(lines, number) or Mistake(number, *_diagnosis(lines[number], error.problem or ""))


def _caused_above(lines: Sequence[str], number: int) -> Mistake | None:
    """The mistake in a line above the one at which the parser noticed it."""
    for above in range(number):
        if (opened := _OPEN_QUOTE.fullmatch(lines[above])) and _KEY.match(lines[above + 1]):
            hint = f"write {opened[1]} at the end of the text too"
            return Mistake(above, "a quotation mark opens here and is not closed", hint)
    line, before = lines[number], lines[number - 1] if number else ""
    if not before.strip() or not _KEY.match(line):
        return None
    of_key = next((_indent(one) for one in reversed(lines[:number]) if _KEY.match(one)), _indent(line))
    if ":" not in before and not before.lstrip().startswith("- ") and of_key >= _indent(before) == _indent(line):
        return Mistake(number - 1, *_NO_KEY)
    value = _parts(line)[1]
    if (
        of_key < _indent(line)
        and not before.rstrip().endswith(":")
        and value[:1] not in {*"\"'[{"}
        and not re.search(r":(\s|$)", value)
    ):
        hint = "put the whole value in quotes, or write it in one line"
        return Mistake(number, "this line goes on with the value above it, and has a colon", hint)
    return None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def first_mistake(text: str, loader: Any = yaml.SafeLoader) -> Mistake | None:
    """The first syntax error of ``text``, or None when it is well-formed YAML. Tags are not resolved."""
    try:
        depth = 0
        for event in yaml.parse(text, Loader=loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:
                return None  # Every level costs the parser more; and composing it would fail as well.
    except yaml.MarkedYAMLError as error:
        return syntax_mistake(error, text)
    except yaml.YAMLError:
        return Mistake(0, "there is a character that YAML does not allow", "save the file as UTF-8 text")
    return None


class Mended(NamedTuple):
    """A text with every line that is no YAML replaced; ``lines`` are these, counted from 0, with their mistakes.

    ``left_out`` says that one of them could only be left out, so that a key may be missing for that.
    """

    text: str
    lines: tuple[Mistake, ...]
    left_out: bool


def mend(text: str, loader: Any) -> Mended | None:
    """``text`` so that ``loader`` can parse it; None when a mistake can't be distinguished from the lines around it.

    It is for looking at the rest of the text: a value that was replaced means nothing.
    """
    found: list[Mistake] = []
    left_out = False
    lines = text.split("\n") if len(text) <= _LONGEST else []
    mistake = first_mistake("\n".join(lines), loader)
    while mistake is not None and len(found) < _MOST:
        found.append(mistake)
        key = _parts(lines[mistake.line])[0]
        kept = key.strip(" -")
        for replacement in [f"{key}x", ""] if kept else [""]:
            tried = [*lines[: mistake.line], replacement, *lines[mistake.line + 1 :]]
            following = first_mistake("\n".join(tried), loader)
            if following is None or following.line not in {one.line for one in found}:
                lines, left_out = tried, left_out or not replacement
                break
        else:
            return None
        mistake = following
    return Mended("\n".join(lines), tuple(found), left_out) if lines and mistake is None else None


def _diagnosis(line: str, problem: str) -> tuple[str, str]:
    if re.match(r" *\t", line):
        return "this line is indented with a tab", "indent with spaces; YAML does not allow tabs"
    value = _parts(line)[1]
    mended = quoted_line(line)
    if "escape" in problem:
        return (
            "a backslash in double quotes starts an escape that YAML does not have",
            "use single quotes, or write \\\\ for one backslash",
        )
    if value[:1] in {'"', "'"}:
        if "end of stream" in problem:
            return "a quotation mark opens here and is not closed", f"write {value[0]} at the end of the text too"
        return "there is text after the closing quotation mark", mended
    if value[:1] in {"[", "{"}:
        closing = "]" if value[0] == "[" else "}"
        return f'a value that starts with "{value[0]}" is read as a list or a group and is not closed properly', (
            mended if closing in value else f'close it with "{closing}"'
        )
    if value[:1] and value[0] in "@`%*&!|>,]}":
        return f'a value can\'t start with "{value[0]}" without quotes', mended
    if re.search(r":(\s|$)", value):
        return "a value with a colon in it needs quotes", mended
    if ":" not in line:
        return _NO_KEY
    return "the YAML can't be read here", "compare this line's indentation and quotes with the lines around it"


def quoted_line(line: str) -> str:
    """The hint to write ``line`` with its value in quotes."""
    key, value = _parts(line)
    inner = value[1:-1] if value[:1] in {'"', "'"} and value[:1] == value[-1:] else value
    quoted = "{}'{}'".format(key.lstrip(), inner.replace("'", "''"))
    return f"write: {quoted}" if len(quoted) <= 200 else "put the whole value in one pair of single quotes"


def _parts(line: str) -> tuple[str, str]:
    entry = _ENTRY.fullmatch(line)
    return (entry["key"], entry["value"]) if entry else ("", line)
