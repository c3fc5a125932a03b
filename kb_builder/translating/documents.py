"""A file of an article as texts to translate: those of its header by name, and its body."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from kb_builder.content import frontmatter
from kb_builder.content.frontmatter import Header
from kb_builder.editing import header_edits
from kb_builder.editing.header_edits import Value
from kb_builder.errors import InputError


@dataclass(frozen=True, slots=True)
class Document:
    """``fields`` maps names such as ``title``, ``asked_as.2`` and ``replies.sms`` to texts; ``action`` is a URL."""

    fields: Mapping[str, str]
    body: str
    body_line: int
    has_header: bool
    action: str = ""
    translated_from: str = ""


def read(text: str, path: str, zone: ZoneInfo, ignore_keys: Collection[str] = ()) -> Document:
    """The file ``path`` with the content ``text``. Raises InputError with its findings when the header has errors."""
    reading = frontmatter.read(text, path, zone=zone, ignore_keys=ignore_keys, translation=True)
    header = reading.header
    if header is None:
        raise InputError.of(reading.findings)
    action = header.action.url if header.action else ""
    has_header = text.split("\n", 1)[0].rstrip() == "---"
    fields = dict(_fields(header))
    return Document(fields, reading.body, reading.body_line, has_header, action, header.translated_from)


def _fields(header: Header) -> Iterator[tuple[str, str]]:
    yield "title", header.title
    for name in ("nav_title", "description", "answer"):
        if text := getattr(header, name):
            yield name, text
    for name in ("must_say", "asked_as"):
        for number, item in enumerate(getattr(header, name), start=1):
            yield f"{name}.{number}", item
    for channel, text in header.replies:
        if text:
            yield f"replies.{channel}", text
    if header.action:
        yield "action.label", header.action.label


def grouped(fields: Mapping[str, str], action: str) -> dict[str, Value]:
    """Keys of a header with the values that ``fields`` are parts of; ``action`` is the URL of its button."""
    found: dict[str, Value] = {}
    for name, text in fields.items():
        key, _, part = name.partition(".")
        if not part:
            found[key] = text
        elif part.isdecimal():
            items = found.setdefault(key, [])
            assert isinstance(items, list)
            items.append(text)
        else:
            parts = found.setdefault(key, {})
            assert isinstance(parts, dict)
            parts[part] = text
    if isinstance(button := found.get("action"), dict):
        button["url"] = action
    return found


def new(fields: Mapping[str, str], body: str, action: str, revision: str) -> str:
    """A new translation. What its source says and it doesn't is inherited, so its header has words alone."""
    keys: dict[str, Value] = {**grouped(fields, action), "translated_from": revision}
    header = (line for key, value in keys.items() for line in header_edits.written(key, value))
    return "\n".join(("---", *header, "---", body if body.startswith("\n") else f"\n{body}"))


def edited(text: str, path: str, before: Document, fields: Mapping[str, str], body: str, revision: str) -> str:
    """The translation ``text`` with other words; what is not a word, and words that are the same, stay as typed."""
    if not before.has_header:
        return new(fields, body, before.action, revision)
    was, wanted = grouped(before.fields, before.action), grouped(fields, before.action)
    for key, value in wanted.items():
        if was.get(key) != value:
            text = header_edits.set_key(text, path, key, value)
    if before.translated_from != revision:
        text = header_edits.set_key(text, path, "translated_from", revision)
    split = frontmatter.split(text, path)
    return text[: len(text) - len(split.body)] + body
