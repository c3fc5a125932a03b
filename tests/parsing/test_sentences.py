"""Texts are split where a sentence ends, and not after an abbreviation."""

import pytest

from kb_builder.parsing.sentences import sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Use a card, e.g. Visa. Then pay.", ["Use a card, e.g. Visa.", "Then pay."]),
        ("Mr. Smith called. He waits.", ["Mr. Smith called.", "He waits."]),
        ("It costs £2.95. “Really.” Yes.", ["It costs £2.95.", "“Really.”", "Yes."]),
        ("支払いを取り消す。返金は三日。", ["支払いを取り消す。", "返金は三日。"]),
        ("No end", ["No end"]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected
