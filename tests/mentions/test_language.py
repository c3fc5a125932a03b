"""Which of a help centre's languages a mention is written in."""

import pytest

from kb_builder.mentions.language import Detector

DETECTOR = Detector(["en", "de", "ar", "pt-BR"])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("where is my parcel", "en"),
        ("refund please", "en"),
        ("wo ist mein Paket", "de"),
        ("Rückerstattung bitte", "de"),
        ("kann mich nicht einloggen", "de"),
        ("أين طردي", "ar"),
        ("onde está a minha encomenda", "pt-BR"),
        ("", "en"),
        ("4711 !!", "en"),
    ],
)
def test_the_language_of_short_texts(text: str, code: str) -> None:
    assert DETECTOR.language_of(text) == code


def test_a_language_that_nobody_knows_is_never_found() -> None:
    assert Detector(["en", "tlh"]).language_of("nuqneH") == "en"
    assert Detector(["tlh"]).language_of("where is my parcel") == "tlh"
