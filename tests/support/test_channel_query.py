"""Queries that are a contact channel."""

import pytest

from kb_builder.model import Channel
from kb_builder.support.channel_query import channel_of


def channel(kind: str, address: str, label: str) -> Channel:
    return Channel(
        kind=kind, address=address, label=label, href="", hours=(), always=True, hours_text=(),
        response_time="5 minutes", response_minutes=5,
    )  # fmt: skip


CHANNELS = [
    channel("chat", "https://chat.example.com", "Chat"),
    channel("phone", "+44 20 7946 0000", "Customer line"),
    channel("email", "help@example.com", "Email"),
]


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("phone number", "phone"),
        ("What is your phone number?", "phone"),
        ("customer line", "phone"),
        ("02079460000", "phone"),
        ("(020) 7946-0000", "phone"),
        ("can i phone you", "phone"),
        ("is there a number I can call", ""),
        ("please give me the contact number", "phone"),
        ("chat", "chat"),
        ("can I chat with someone", "chat"),
        ("how do I get in touch with you", "chat"),
        ("can i speak to someone", "chat"),
        ("is there a way to email you", ""),
        ("what's your email", "email"),
        ("can you do me a favour", ""),
        ("I want to talk to a person", "chat"),
        ("help@example.com", "email"),
        ("change my phone number", ""),
        ("order 02079460000", ""),
        ("2024", ""),
        ("email not arrived", ""),
        ("", ""),
    ],
)
def test_a_query_that_is_a_channel_names_it(query: str, kind: str) -> None:
    found = channel_of(query, CHANNELS)
    assert (found.kind if found else "") == kind


def test_without_channels_there_is_none() -> None:
    assert channel_of("talk to a person", []) is None
