"""``content/contact.yml``: contact channels, in the order in which every page shows them."""

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator

from kb_builder.content.channel_links import channel_link
from kb_builder.errors import Finding, InputError, Severity
from kb_builder.model import Channel, Contact, OpeningHours
from kb_builder.parsing import opening_hours, sources
from kb_builder.parsing.fields import DayList, Line, Zone, refuse
from kb_builder.parsing.schemas import Schema, validate
from kb_builder.parsing.strict_yaml import Mapping, Node, Sequence, is_unset, load

PATH: Final = "content/contact.yml"
_MINIMAL: Final = (
    "the minimum: {time_zone: Europe/London, channels: [{channel: phone, "
    'address: "+44 20 7946 0000", hours: "Mo-Fr 09:00-17:00", response_time: 5 minutes}]}'
)
_LABELS: Final = {
    "phone": "Phone",
    "chat": "Chat",
    "sms": "Text message",
    "email": "Email",
    "twitter": "X (Twitter)",
    "facebook": "Facebook",
    "whatsapp": "WhatsApp",
    "form": "Contact form",
    "post": "Post",
    "in_person": "In person",
}
_SOCIAL: Final = frozenset({"twitter", "facebook"})
_WAIT: Final = re.compile(r"([0-9]{1,4}) ?(minute|hour|day)s?", re.ASCII | re.IGNORECASE)
_MINUTES: Final = {"minute": 1, "hour": 60, "day": 24 * 60}


class Wait(NamedTuple):
    """The longest a customer waits, in minutes and in words."""

    minutes: int
    words: str


def _wait(value: object) -> Wait:
    match = _WAIT.fullmatch(" ".join(value.split())) if isinstance(value, str) else None
    if match is None or not int(match[1]):
        hint = "write a number and a unit: 5 minutes, 4 hours or 2 days"
        raise refuse("must say how long a customer waits at most", hint)
    number, unit = int(match[1]), match[2].lower()
    return Wait(number * _MINUTES[unit], f"{number} {unit}{'' if number == 1 else 's'}")


def _hours(value: object) -> tuple[OpeningHours, ...]:
    values: list[object] = value if isinstance(value, list) else [value]
    lines = [line for line in values if isinstance(line, str)]
    if not lines or len(lines) != len(values):
        raise refuse("must be opening hours", "write Mo-Fr 09:00-17:00, 24/7, or a list of such lines")
    try:
        return tuple(span for line in lines for part in line.split(";") for span in opening_hours.parse(part))
    except InputError as error:
        raise refuse(error.problem, error.hint, "bad-hours") from None


Kind: TypeAlias = Literal[
    "phone", "chat", "sms", "email", "twitter", "facebook", "whatsapp", "form", "post", "in_person"
]


class ChannelEntry(Schema):
    """One entry under ``channels:``."""

    channel: Kind
    address: Line
    hours: Annotated[tuple[OpeningHours, ...], BeforeValidator(_hours)]
    response_time: Annotated[Wait, BeforeValidator(_wait)]
    closed: DayList = ()
    cost: Line = ""
    label: Line = ""
    owner: Line = ""
    publish: bool = False


class NoPhone(Schema):
    """``phone: {none: …}``: why there is no phone channel."""

    none: Line


class ContactFile(Schema):
    """Every key of ``contact.yml``."""

    time_zone: Zone
    channels: tuple[ChannelEntry, ...]
    phone: NoPhone | None = None


def path_of(language: str) -> str:
    """The file of the channels in another language, or of those of the sources."""
    return PATH.replace(".yml", f".{language}.yml") if language else PATH


def read_contact(root: Path, language: str = "") -> tuple[Contact, tuple[Finding, ...]]:
    """The channels of the project in ``root``, with advice. Raises InputError with every error.

    ``language`` is the code of another language: its channels are in ``contact.de.yml``, if they differ.
    """
    own = path_of(language)
    if language and (root / own).exists():
        return parse_contact(sources.read(root, own), own)
    if not (root / PATH).exists():
        message = "this file is missing, and every page shows how to reach a person"
        raise InputError.of([Finding(PATH, 0, "no-contact", Severity.ERROR, message, _MINIMAL)])
    return parse_contact(sources.read(root, PATH), PATH)


def parse_contact(text: str, path: str) -> tuple[Contact, tuple[Finding, ...]]:
    """The channels that ``text`` describes, with advice. Raises InputError with every finding."""
    node = load(text, path, with_mistakes=True)
    file, findings = validate(node, ContactFile, path, context={"zone": ZoneInfo("UTC")})
    places = _channel_nodes(node)
    channels: list[Channel] = []
    errors: list[Finding] = []
    for entry, place in zip(file.channels, places, strict=True):
        try:
            channels.append(_channel(entry))
        except InputError as error:
            line = place.line_of("address")
            errors.append(Finding(path, line, "bad-address", Severity.ERROR, f'"address" {error.problem}', error.hint))
    errors += _phone_errors(file, node, path)
    if errors:
        raise InputError.of(errors)
    reason = file.phone.none if file.phone else ""
    return Contact(file.time_zone, tuple(channels), reason), (*findings, *_advice(file, places, path))


def _channel(entry: ChannelEntry) -> Channel:
    always = opening_hours.is_always(entry.hours)
    return Channel(
        kind=entry.channel,
        address=entry.address,
        label=entry.label or _LABELS[entry.channel],
        href=channel_link(entry.channel, entry.address),
        hours=() if always else entry.hours,
        always=always,
        response_time=entry.response_time.words,
        response_minutes=entry.response_time.minutes,
        closed=tuple(sorted(set[date](entry.closed))),
        cost=entry.cost,
        owner=entry.owner,
        own_label=bool(entry.label),
        publish=entry.publish,
    )


def _channel_nodes(node: Node) -> list[Mapping]:
    channels = node.get("channels") if isinstance(node, Mapping) else None
    items = channels.items if isinstance(channels, Sequence) else ()
    return [item for item in items if isinstance(item, Mapping) and not is_unset(item)]


def _phone_errors(file: ContactFile, node: Node, path: str) -> list[Finding]:
    line = node.line_of("phone" if file.phone else "channels") if isinstance(node, Mapping) else 1
    has_phone = any(entry.channel == "phone" for entry in file.channels)
    if has_phone and file.phone:
        message, hint = "there is a phone channel and a reason why there is none", "keep one of them"
        return [Finding(path, line, "phone-and-none", Severity.ERROR, message, hint)]
    if not has_phone and not file.phone:
        hint = 'add one, or say why there is none, at the top: phone: {none: "the reason"}'
        return [Finding(path, line, "no-phone", Severity.ERROR, "there is no phone channel", hint)]
    return []


def _advice(file: ContactFile, places: list[Mapping], path: str) -> tuple[Finding, ...]:
    found: list[Finding] = []
    kinds = [entry.channel for entry in file.channels]
    for position, (entry, place) in enumerate(zip(file.channels, places, strict=True)):
        if entry.channel in _SOCIAL and not _SOCIAL.issuperset(kinds[position:]):
            message = f"{entry.channel} comes before a channel that is not a social network"
            hint = "put social networks last: what customers write there is public"
            found.append(Finding(path, place.line, "social-not-last", Severity.NOTE, message, hint))
        if not entry.owner:
            message = f"the channel {entry.channel} has no owner"
            hint = "add owner: the team that does; customers don't see it"
            found.append(Finding(path, place.line, "channel-without-owner", Severity.NOTE, message, hint))
    return tuple(found)
