"""Queries that are a contact channel."""

import csv
import unicodedata
from pathlib import Path

import pytest

from kb_builder.model import Channel
from kb_builder.support.channel_query import channel_of, words_for

CASES = Path(__file__).parents[1] / "data/channel_queries.csv"
"""What customers type in each language of the interface, and the kind of channel they mean; none for an answer."""


def channel(kind: str, address: str, label: str) -> Channel:
    return Channel(
        kind=kind, address=address, label=label, href="" if kind == "post" else f"{kind}:", hours=(), always=True,
        hours_text=(), response_time="5 minutes", response_minutes=5,
    )  # fmt: skip


CHANNELS = [
    channel("chat", "https://chat.example.com", "Chat"),
    channel("phone", "+44 20 7946 0000", "Customer line"),
    channel("email", "help@example.com", "Email"),
    channel("whatsapp", "+44 7700 900124", "WhatsApp"),
    channel("post", "1 Example Street, Leeds LS1 0AA", "Post"),
]


def cases() -> list[tuple[str, str, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return [(row["language"], row["query"], row["kind"]) for row in csv.DictReader(file)]


def kind_of(query: str, language: str) -> str:
    found = channel_of(query, CHANNELS, language)
    return found.kind if found else ""


@pytest.mark.parametrize(("language", "query", "kind"), cases())
def test_a_query_that_is_a_channel_names_it(language: str, query: str, kind: str) -> None:
    assert kind_of(query, language) == kind
    assert kind_of(f" {query.upper()}?! ", language) == kind


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("customer line", "phone"),
        ("02079460000", "phone"),
        ("(020) 7946-0000", "phone"),
        ("79460000", "phone"),
        ("0044 7700 900124", "whatsapp"),
        ("help@example.com", "email"),
        ("whats app", "whatsapp"),
        ("What's App", "whatsapp"),
        ("tel. 020 7946 0000", "phone"),
        ("whatsapp 07700 900124", "whatsapp"),
        ("order 02079460000", ""),
        ("2024", ""),
        ("", ""),
    ],
)
def test_a_label_a_number_or_an_address_names_it_in_every_language(query: str, kind: str) -> None:
    assert {kind_of(query, language) for language in ("en", "ar", "tlh")} == {kind}


def test_every_language_has_every_kind_that_customers_ask_for_in_words() -> None:
    languages = {language for language, *_ in cases()}
    assert len(languages) == 10
    for language in languages:
        asked = {kind for code, _, kind in cases() if code == language}
        assert asked == {"phone", "chat", "email", ""}, language


@pytest.mark.parametrize("language", sorted({language for language, *_ in cases()}))
def test_a_filler_alone_asks_for_nothing(language: str) -> None:
    listed = words_for(language)
    assert {kind_of(word, language) for word in (*listed["fillers"], *listed["beside"])} == {""}


@pytest.mark.parametrize("language", sorted({language for language, *_ in cases()}))
def test_words_are_listed_as_they_are_compared(language: str) -> None:
    for words in words_for(language).values():
        for word in words:
            assert word == unicodedata.normalize("NFKD", word).lower()
            assert word.isalnum()


def test_without_channels_there_is_none() -> None:
    assert channel_of("talk to a person", [], "en") is None


def test_a_channel_that_the_shop_lacks_is_not_promised() -> None:
    assert channel_of("phone number", CHANNELS[:1], "en") is None
