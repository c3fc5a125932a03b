"""Which of a help centre's languages a mention is written in."""

from pathlib import Path

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


def test_an_unknown_language_is_never_found() -> None:
    assert Detector(["en", "tlh"]).language_of("nuqneH") == "en"
    assert Detector(["tlh"]).language_of("where is my parcel") == "tlh"


def _sentences(code: str) -> list[str]:
    """What customers ask and articles say in one language, without the marks of the file."""
    folder = Path(__file__).parents[1] / "data/languages"
    lines = (folder / f"{code}.txt").read_text() + (folder / "asked" / f"{code}.txt").read_text()
    return [line.lstrip("#?~ 0123456789") for line in lines.splitlines()]


@pytest.mark.parametrize("codes", [("de", "ar"), ("sv", "nl", "de"), ("pt", "es", "it", "fr")])
def test_words_identify_most_languages_and_as_well_as_letters(codes: tuple[str, ...]) -> None:
    """Of customers' questions and sentences of articles; whatever language is first."""
    by_letters = Detector(codes)
    by_letters._small_words = None
    texts = [(text, code) for code in codes for text in _sentences(code) if any(map(str.isalpha, text))]
    expected = sum(by_letters.language_of(text) == code for text, code in texts)
    for order in (codes, codes[::-1]):
        detector = Detector(order)
        vars(detector)["_identifier"] = by_letters._identifier
        found = [detector.language_of(text) == code for text, code in texts]
        assert sum(found) >= expected > 0.95 * len(texts)
        told = sum(detector._by_words(text) is not None for text, _ in texts)
        assert told > len(texts) / 2


@pytest.mark.parametrize("codes", [("de", "ar"), ("sv", "nl", "de"), ("pt", "es", "it", "fr")])
def test_listed_letters_identify_most_texts_that_words_do_not_and_as_well_as_the_model(codes: tuple[str, ...]) -> None:
    detector = Detector(codes)
    left = [
        (text, code) for code in codes for text in _sentences(code)
        if any(map(str.isalpha, text)) and detector._by_words(text) is None
    ]  # fmt: skip
    told = [(text, code, found) for text, code in left if (found := detector._by_letters(text))]
    model = sum(detector._identifier.classify(text)[0] == code for text, code, _ in told)
    assert sum(found == code for _, code, found in told) >= model
    assert len(told) > len(left) / 2


def test_no_model_is_loaded_for_texts_that_words_tell() -> None:
    """Words of the first language's articles count for it; small words of another one count against it."""
    detector = Detector(["en", "de", "ar"], {"porch", "somebody", "email", "hands", "delivery"}.__contains__)
    evident = {
        "my parcel has not come and nobody answers": "en",
        "somebody changedmy email address": "en",
        "wo ist denn mein Paket geblieben": "de",
        "هل يمكنني تغيير العنوان بعد الطلب": "ar",
        "4711 !!": "en",
        "hi pleasedelete my account": "en",
        "Paketverfolgung": "de",
    }
    assert {text: detector.language_of(text) for text in evident} == evident
    assert "_identifier" not in vars(detector)
    assert detector.language_of("Two Hands Delivery ruft eine Stunde vorher an.") == "de"
    assert "_identifier" in vars(detector)
