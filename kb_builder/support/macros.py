"""Canned replies in the formats of help desks. Ids are stable, and the same content gives the same bytes."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Macro:
    """One canned reply. ``id`` is ``late-parcel.sms.en``; ``subject`` is for e-mail."""

    id: str
    channel: str
    language: str
    title: str
    subject: str
    text: str
    label: str
    """Of the channel, in the language of the macro."""


NAMES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "zendesk": ("{{ticket.requester.first_name}}", "{{current_user.first_name}}"),
        "freshdesk": ("{{ticket.requester.firstname}}", "{{ticket.agent.name}}"),
        "intercom": ("{{first_name}}", ""),
        "front": ("{{recipient.first_name}}", "{{user.first_name}}"),
        "gorgias": ("{{ticket.customer.firstname}}", "{{current_user.firstname}}"),
        "csv": ("", ""),
        "espanso": ("", ""),
    }
)
"""Format → how it writes the first name of the customer and of the agent; empty where it has no placeholder."""
_INTERCOM_NAME: Final = 140
_NOBODY: Final = "there"
"""In a greeting by Intercom, whose customers often have no name; in English only."""
LABELS: Final = {
    "sms": "SMS", "twitter": "X (Twitter)", "facebook": "Facebook", "chat": "Chat", "email": "Email", "phone": "Phone",
}  # fmt: skip
"""Names of the channels for agents, in English."""


def names_of(format_: str, language: str) -> tuple[str, str]:
    """The placeholders of :data:`NAMES`, without that of the customer where an unknown name would leave a gap."""
    customer, agent = NAMES[format_]
    return ("", agent) if format_ == "intercom" and not language.startswith("en") else (customer, agent)


def file_name(format_: str) -> str:
    """The usual name of an export in one of the formats of :data:`NAMES`."""
    ending = {"csv": "csv", "espanso": "yml"}.get(format_, "json")
    return f"macros-{format_}.{ending}"


def render(macros: Iterable[Macro], format_: str) -> bytes:
    """``macros`` in one of the formats of :data:`NAMES`, sorted by id."""
    found = sorted(macros, key=lambda macro: macro.id)
    if format_ == "csv":
        return _csv(found)
    if format_ == "espanso":
        return _espanso(found)
    make = {"zendesk": _zendesk, "freshdesk": _freshdesk, "intercom": _intercom, "front": _front, "gorgias": _gorgias}
    data: Any = [make[format_](macro) for macro in found]
    if format_ == "zendesk":
        data = {"macros": data}
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def _zendesk(macro: Macro) -> dict[str, Any]:
    """As ``POST /api/v2/macros`` takes them; ``::`` in a title makes a menu."""
    return {
        "title": f"{macro.label}::{macro.title}",
        "description": macro.id,
        "active": True,
        "actions": [{"field": "comment_value_html", "value": _html(macro.text)}],
    }


def _freshdesk(macro: Macro) -> dict[str, Any]:
    """As ``POST /api/v2/canned_responses`` takes them, with the name of the folder instead of its number."""
    return {
        "title": f"{macro.title} ({macro.id})",
        "content_html": _html(macro.text),
        "visibility": 0,
        "folder": macro.label,
    }


def _intercom(macro: Macro) -> dict[str, Any]:
    """As ``POST /macros`` takes them: names are elements in the HTML, and a macro's name has 140 characters at most."""
    ending = f" ({macro.id})"
    body = _html(macro.text).replace("{{first_name}}", f'<attribute key="first_name" default="{_NOBODY}"/>')
    return {"name": _named(macro)[: _INTERCOM_NAME - len(ending)] + ending, "body": body}


def _front(macro: Macro) -> dict[str, Any]:
    """As ``POST /message_templates`` takes them."""
    subject = {"subject": macro.subject} if macro.subject else {}
    return {"name": f"{_named(macro)} ({macro.id})", **subject, "body": _html(macro.text)}


def _gorgias(macro: Macro) -> dict[str, Any]:
    """As ``POST /api/macros`` takes them."""
    texts = {"body_text": macro.text, "body_html": _html(macro.text)}
    action = {"name": "setResponseText", "title": "Add response text", "type": "user", "arguments": texts}
    return {"name": _named(macro), "external_id": macro.id, "language": macro.language, "actions": [action]}


def _csv(macros: Iterable[Macro]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(("id", "channel", "language", "title", "subject", "text"))
    for macro in macros:
        row = (macro.id, macro.channel, macro.language, macro.title, macro.subject, macro.text)
        # A spreadsheet would run a cell that starts like a formula.
        writer.writerow([f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t")) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _espanso(macros: Iterable[Macro]) -> bytes:
    """A match file. Strings are written as JSON, which YAML reads; double braces would begin a variable."""
    lines = ["matches:"]
    for macro in macros:
        text = macro.text.replace("{{", r"\{\{").replace("}}", r"\}\}")
        values = {"trigger": f":{macro.id.replace('.', '-')}", "label": _named(macro), "replace": text}
        pairs = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
        lines.append("  - " + "\n    ".join(pairs))
    return ("\n".join(lines) + "\n").encode()


def _named(macro: Macro) -> str:
    return f"{macro.title} – {macro.label}"


def _html(text: str) -> str:
    """Paragraphs with line breaks; addresses become links in the help desk."""
    return "".join(f"<p>{escape(part, quote=False).replace(chr(10), '<br>')}</p>" for part in text.split("\n\n"))
