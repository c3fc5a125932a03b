"""Queries that ask for a person rather than an answer: the name of a contact channel, or a number or address of one."""

from collections.abc import Sequence
from typing import Final

from kb_builder.model import Channel
from search_index.codes import NATIONAL

ASKED: Final = {
    "phone": (
        "phone", "phone number", "phone line", "telephone", "telephone number", "call", "ring", "number",
        "contact number", "helpline", "customer service number",
    ),
    "chat": ("chat", "live chat", "online chat"),
    "email": ("email", "e-mail", "email address", "mail"),
    "sms": ("sms", "text", "text message"),
    "whatsapp": ("whatsapp",),
    "twitter": ("twitter", "x"),
    "facebook": ("facebook", "messenger"),
    "form": ("form", "contact form"),
    "post": ("post", "postal address", "write to you"),
}  # fmt: skip
"""Kind of channel → how customers ask for it, in English."""
ANY: Final = frozenset(
    "contact, contact details, get in touch, talk, speak, talk to a person, talk to someone, speak to a person, "
    "speak to someone, human, agent, real person, customer service, customer services, customer support, "
    "talk to a human, speak to a human, speak to an agent".split(", ")
)
_FEWEST_DIGITS: Final = 6
FILLERS: Final = frozenset(
    "a anyone by can do give have how i is me my need of on please someone the there to us want we what what's "
    "whats with would like you your".split()
)
"""Words that say nothing about which channel is meant: left out of the query and of the names."""


def phrases() -> dict[str, object]:
    """The same lists for the script of the results page."""
    return {"asked": ASKED, "any": sorted(ANY), "fillers": sorted(FILLERS)}


def channel_of(query: str, channels: Sequence[Channel]) -> Channel | None:
    """The channel that ``query`` names, or None. ``channels`` are in the order in which pages show them."""
    typed = " ".join(query.casefold().replace("?", " ").split())
    bare = _bare(typed)
    for channel in channels:
        names = {*ASKED.get(channel.kind, ()), channel.kind, channel.label.casefold()}
        named = typed in names or (bare and bare in map(_bare, names))
        if named or typed == channel.address.casefold() or _same_number(typed, channel):
            return channel
    asks_for_person = bare in map(_bare, ANY) or any(typed.endswith(phrase) for phrase in ANY if " " in phrase)
    return channels[0] if channels and asks_for_person else None


def _bare(text: str) -> str:
    return " ".join(word for word in text.split() if word not in FILLERS)


def _same_number(typed: str, channel: Channel) -> bool:
    if any(character.isalpha() for character in typed):
        return False
    wanted, listed = ("".join(filter(str.isdigit, text))[-NATIONAL:] for text in (typed, channel.address))
    return len(wanted) >= _FEWEST_DIGITS and wanted == listed
