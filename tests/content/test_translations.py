"""The interface's words: every language has all of them, and pages, days and hours are told in them."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from markupsafe import Markup

from kb_builder.content import contact
from kb_builder.content.translations import ENGLISH, Language, files_of, read_words
from kb_builder.errors import InputError
from kb_builder.model import Channel, Contact, OpeningHours
from kb_builder.rendering import render
from kb_builder.rendering.theme_assets import interface_strings
from kb_builder.support import templates
from kb_builder.trends import wording

ROOT = Path(__file__).parents[2]
THEME = ROOT / "theme"
KNOWN: dict[str, str] = json.loads((THEME / ENGLISH).read_text("utf-8"))
FILES = sorted(path for path in (THEME / "words").glob("*.json") if path.stem != "en")
SINCE = date(2026, 4, 23)


def language(code: str) -> Language:
    return Language(code, json.loads((THEME / "words" / f"{code}.json").read_text("utf-8")))


def test_english_lists_every_interface_text() -> None:
    sources = [*THEME.rglob("*.html"), *THEME.rglob("*.mjs"), *(ROOT / "kb_builder").rglob("*.py")]
    asked = {word for path in sources for word in interface_strings(path.read_text("utf-8"))} - {"…"}
    asked |= {*contact._LABELS.values(), *render._LABELS, *(word for _, word in wording._BANDS), wording._MOST}
    asked |= {
        line
        for text in templates._DEFAULTS.values()
        for line in text.split("\n")
        if templates._SLOT.sub("", line).strip()
    }
    asked |= {form for unit in ("minute", "hour", "day") for form in (f"1 {unit}", f"{{count}} {unit}s")}
    asked |= {f"{datetime(2026, month, 1):%B}" for month in range(1, 13)}
    asked |= {f"{datetime(2026, 6, day):%A}" for day in range(1, 8)}
    assert set(KNOWN) == asked
    assert all(english == word for english, word in KNOWN.items())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_language_is_complete_and_keeps_placeholders(path: Path) -> None:
    assert read_words(path.read_bytes(), path.name, KNOWN).keys() == KNOWN.keys()


def test_missing_texts_stay_english_and_markup_stays_markup() -> None:
    german = Language("de", {"For:": "Für <b>:", "Until {time}": "Bis <i> {time}"})
    assert german.word("For:") == "Für <b>:"
    assert german.word("Search") == "Search"
    assert german.word("Until {time}", time="{time}") == "Bis <i> {time}"
    assert german.word("Until {time}", time=Markup("<b>now</b>")) == Markup("Bis &lt;i&gt; <b>now</b>")


@pytest.mark.parametrize(
    ("band", "code", "told"),
    [
        ("many customers since Thursday", "en", "many customers since Thursday"),
        ("several customers since 23 April", "en", "several customers since 23 April"),
        ("since 23 April 2026", "en", "since 23 April 2026"),
        ("many customers since Thursday", "de", "Viele Kunden seit Donnerstag"),
        ("very many customers since 23 April", "de", "Sehr viele Kunden seit dem 23. April"),
        ("since 23 April 2026", "es", "desde el 23 de abril de 2026"),
        ("since Thursday", "fr", "depuis jeudi"),
        ("several customers since Thursday", "ar", "عدة عملاء منذ يوم الخميس"),
    ],
)
def test_why_a_topic_is_pinned(band: str, code: str, told: str) -> None:
    assert language(code).band(band, SINCE) == told


def test_days_and_hours() -> None:
    german, week = language("de"), OpeningHours((0, 1, 2, 3, 4), 540, 1020)
    assert german.day(SINCE) == "23. April 2026"
    assert german.moment(datetime(2026, 3, 1, 9, 5, tzinfo=UTC)) == "1. März 2026, 09:05"
    assert german.hours(week) == "Montag bis Freitag, 9:00 bis 17:00"
    assert german.hours(OpeningHours(tuple(range(7)), 0, 1440)) == "Täglich, Tag und Nacht"
    assert language("sv").hours(OpeningHours((4, 5), 1080, 1560)) == "Fredag och lördag, 18:00 till 2:00 nästa dag"


def test_channels_keep_what_an_author_wrote() -> None:
    phone = Channel("phone", "1", "Phone", "", (), True, ("Day and night",), "1 hour", 60, cost="free")
    own = Channel("chat", "2", "Ask Rob", "", (OpeningHours((0,), 540, 600),), False, ("Monday",), "5 minutes", 5)
    one, other = language("de").contact(Contact("Europe/Berlin", (phone, own))).channels
    assert (one.label, one.hours_text, one.response_time, one.cost) == (
        "Telefon",
        ("Tag und Nacht",),
        "1 Stunde",
        "free",
    )
    assert (other.label, other.hours_text) == ("Ask Rob", ("Montag, 9:00 bis 10:00",))
    assert other.response_time == "5 Minuten"


def test_a_regional_language_falls_back_to_its_base() -> None:
    assert files_of("pt-BR") == ("words/pt.json", "words/pt-BR.json")
    assert files_of("de") == ("words/de.json",)


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("{", "is not JSON", "copy theme/words/en.json"),
        ("[]", "must be English words", '"Search": "Suchen"'),
        ('{"Search": 1}', "must be English words", ""),
        ('{"Serch": "Suchen"}', 'unknown English text "Serch"', 'did you mean "Search"?'),
        ('{"Until {time}": "Bis"}', "must have the same braces", "keep every {name}"),
        ('{"Search": "{site}"}', "must have the same braces", ""),
    ],
)
def test_an_invalid_translation_file_is_refused(text: str, problem: str, hint: str) -> None:
    with pytest.raises(InputError) as refused:
        read_words(text.encode(), "theme/words/de.json", KNOWN)
    assert problem in refused.value.problem
    assert hint in refused.value.hint
    assert refused.value.where == "theme/words/de.json"
