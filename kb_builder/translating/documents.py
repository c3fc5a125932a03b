"""A file as texts to translate: those of its header by name, and its body.

An article, an announcement, or the words of a topic (``_category.de.yml``), which has a header alone.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from kb_builder.content import announcements, categories, frontmatter
from kb_builder.content.announcements import AnnouncementHeader
from kb_builder.content.frontmatter import Header
from kb_builder.editing import header_edits
from kb_builder.editing.header_edits import Value
from kb_builder.errors import InputError

Kind: TypeAlias = Literal["article", "announcement", "topic", "names"]


@dataclass(frozen=True, slots=True)
class Document:
    """``fields`` maps names such as ``title``, ``asked_as.2`` and ``replies.sms`` to texts; ``action`` is a URL."""

    fields: Mapping[str, str]
    body: str
    body_line: int
    has_header: bool
    action: str = ""
    translated_from: str = ""
    kind: Kind = "article"


def read(text: str, path: str, zone: ZoneInfo, ignore_keys: Collection[str] = (), kind: Kind = "article") -> Document:
    """The file ``path`` with the content ``text``. Raises InputError with its findings when the header has errors."""
    if kind == "announcement":
        notice = announcements.parse_header(text, path, zone=zone)
        split = frontmatter.split(text, path)
        return Document(dict(_fields(notice)), split.body, split.body_line, True, "", notice.translated_from, kind)
    if kind == "topic":
        words, _ = categories.parse_category(path, text, categories.CategoryWords)
        return topic(words.title or "", words.description, words.translated_from, has_header=True)
    reading = frontmatter.read(text, path, zone=zone, ignore_keys=ignore_keys, translation=True)
    header = reading.header
    if header is None:
        raise InputError.of(reading.findings)
    action = header.action.url if header.action else ""
    has_header = text.split("\n", 1)[0].rstrip() == "---"
    fields = dict(_fields(header))
    return Document(fields, reading.body, reading.body_line, has_header, action, header.translated_from)


def topic(title: str, description: str, translated_from: str = "", *, has_header: bool = False) -> Document:
    """The words of a topic."""
    fields = {name: text for name, text in (("title", title), ("description", description)) if text}
    return Document(fields, "", 0, has_header, translated_from=translated_from, kind="topic")


def words(fields: Mapping[str, str], translated_from: str = "") -> Document:
    """The words of a settings file."""
    return Document(fields, "", 0, has_header=False, translated_from=translated_from, kind="names")


def _fields(header: Header | AnnouncementHeader) -> Iterator[tuple[str, str]]:
    yield "title", header.title
    for name in ("nav_title", "description", "answer", "summary"):
        if text := getattr(header, name, ""):
            yield name, text
    for name in ("must_say", "asked_as"):
        for number, item in enumerate(getattr(header, name, ()), start=1):
            yield f"{name}.{number}", item
    for channel, text in header.replies:
        if text:
            yield f"replies.{channel}", text
    if isinstance(header, Header) and header.action:
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


def new(fields: Mapping[str, str], body: str, action: str, revision: str, kind: Kind = "article") -> str:
    """A new translation. What its source says and it doesn't is inherited, so its header has words alone."""
    keys: dict[str, Value] = {**grouped(fields, action), "translated_from": revision}
    header = (line for key, value in keys.items() for line in header_edits.written(key, value))
    if kind == "topic":
        return "\n".join((*header, ""))
    return "\n".join(("---", *header, "---", body if body.startswith("\n") else f"\n{body}"))


def edited(text: str, path: str, before: Document, fields: Mapping[str, str], body: str, revision: str) -> str:
    """The translation ``text`` with other words; what is not a word, and words that are the same, stay as typed."""
    if not before.has_header:
        return new(fields, body, before.action, revision, before.kind)
    if before.kind == "topic":
        # The editor of headers knows a file by its fences.
        opening, closing = "---\n", "---\n" if text.endswith("\n") else "\n---\n"
        fenced = _with_keys(f"{opening}{text}{closing}", path, before, fields, revision)
        return fenced[len(opening) : -len(closing)]
    text = _with_keys(text, path, before, fields, revision)
    split = frontmatter.split(text, path)
    return text[: len(text) - len(split.body)] + body


def _with_keys(text: str, path: str, before: Document, fields: Mapping[str, str], revision: str) -> str:
    was, wanted = grouped(before.fields, before.action), grouped(fields, before.action)
    for key, value in wanted.items():
        if was.get(key) != value:
            text = header_edits.set_key(text, path, key, value)
    if before.translated_from != revision:
        text = header_edits.set_key(text, path, "translated_from", revision)
    return text
