"""The interface's language: texts, plurals, numbers, days and hours are written as each language does."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from markupsafe import Markup

from kb_builder.content.interface_language import Language
from kb_builder.model import Band, Channel, Contact, OpeningHours, Phrase, Pin

THEME = Path(__file__).parents[2] / "theme"
SINCE = date(2026, 4, 23)


def plain(text: str) -> str:
    """``text`` with ordinary spaces: which ones CLDR uses changes with its version."""
    return " ".join(text.split())


def language(code: str) -> Language:
    return Language(code, json.loads((THEME / "words" / f"{code}.json").read_text("utf-8")))


def test_missing_texts_stay_english_and_markup_stays_markup() -> None:
    german = Language("de", {"For:": "Für <b>:", "Until {time}": "Bis <i> {time}"})
    assert german.word("For:") == "Für <b>:"
    assert german.word("Search") == "Search"
    assert german.word("Until {time}", time="{time}") == "Bis <i> {time}"
    assert german.word("Until {time}", time=Markup("<b>now</b>")) == Markup("Bis &lt;i&gt; <b>now</b>")


@pytest.mark.parametrize(
    ("code", "count", "told"),
    [
        ("en", 1, "1 answer"), ("en", 0, "0 answers"), ("en", 1234, "1,234 answers"),
        ("de", 1, "1 Antwort"), ("de", 1234, "1.234 Antworten"),
        ("fr", 0, "0 réponse"), ("fr", 2, "2 réponses"), ("fr", 1_000_000, "1 000 000 de réponses"),
        ("pl", 1, "1 odpowiedź"), ("pl", 3, "3 odpowiedzi"),
        ("ar", 0, "لا توجد إجابات"), ("ar", 1, "إجابة واحدة"), ("ar", 2, "إجابتان"), ("ar", 3, "3 إجابات"),
        ("ar", 11, "11 إجابة"), ("ar", 100, "100 إجابة"),
    ],
)  # fmt: skip
def test_plurals(code: str, count: int, told: str) -> None:
    assert plain(language(code).word("{count} answers", count=count)) == told


def test_a_form_that_is_missing_is_replaced_by_the_general_one() -> None:
    polish = Language("pl", {"{count} days": {"one": "{count} dzień", "other": "dni: {count}"}})
    assert polish.word("{count} days", count=3) == "dni: 3"


def test_numbers() -> None:
    assert [plain(language(code).number(1234.56, 1)) for code in ("en", "de", "sv")] == [
        "1,234.6",
        "1.234,6",
        "1 234,6",
    ]
    assert language("de").number(7.0, 1) == "7,0"
    assert language("ar").number(1234) == "1,234"
    assert [plain(language(code).percent(0.619)) for code in ("en", "de", "ar")] == ["61%", "61 %", "61%"]


def pin(band: Band, since: date, day: date, began: datetime | None = None, *, known: bool = True) -> Pin:
    until = datetime(2026, 5, 9, tzinfo=UTC)
    return Pin("one", None, "new", since, until, 9.0, "", band, 9, 1.0, day, known, began)


@pytest.mark.parametrize(
    ("band", "day", "code", "told"),
    [
        ("many customers", date(2026, 4, 29), "en", "many customers since Thursday"),
        ("several customers", date(2026, 4, 30), "en", "several customers since 23 April"),
        ("", date(2027, 4, 23), "en", "since 23 April 2026"),
        ("many customers", date(2026, 4, 24), "de", "viele Kunden seit Donnerstag"),
        ("very many customers", date(2026, 4, 30), "de", "sehr viele Kunden seit dem 23. April"),
        ("", date(2027, 4, 23), "es", "desde el 23 de abril de 2026"),
        ("", date(2026, 4, 24), "fr", "depuis jeudi"),
        ("several customers", date(2026, 4, 24), "ar", "عدة عملاء منذ يوم الخميس"),
        ("many customers", date(2026, 4, 24), "pl", "wielu klientów od czwartku"),
        ("several customers", date(2026, 4, 30), "pl", "kilku klientów od 23 kwietnia"),
        ("several customers", date(2026, 4, 30), "it", "diversi clienti dal 23 aprile"),
        ("several customers", date(2026, 4, 24), "nl", "meerdere klanten sinds donderdag"),
    ],
)
def test_why_a_topic_is_pinned(band: Band, day: date, code: str, told: str) -> None:
    assert language(code).band(pin(band, SINCE, day)) == told


def test_a_pin_by_hand_without_a_beginning_says_nothing() -> None:
    assert language("de").band(pin("", SINCE, SINCE, known=False)) == ""


@pytest.mark.parametrize(
    ("hour", "code", "told"),
    [
        (0, "en", "since midnight"), (9, "en", "since 9 this morning"), (12, "en", "since noon"),
        (14, "en", "since 2 this afternoon"), (20, "en", "since 8 this evening"),
        (9, "de", "seit 9 Uhr heute Morgen"), (13, "es", "desde la 1 de esta tarde"),
        (9, "es", "desde las 9 de esta mañana"), (14, "fr", "depuis 2 heures cet après-midi"),
        (13, "it", "dall’1 di oggi pomeriggio"), (20, "nl", "sinds 8 uur vanavond"), (9, "pl", "od godziny 9 rano"),
        (9, "ar", "منذ الساعة 9 صباح اليوم"), (20, "sv", "sedan klockan 8 i kväll"),
    ],
)  # fmt: skip
def test_a_burst_of_today_is_worded_with_its_hour(hour: int, code: str, told: str) -> None:
    began = datetime(2026, 4, 23, hour, tzinfo=UTC)
    assert language(code).band(pin("", SINCE, SINCE, began)) == told


@pytest.mark.parametrize(
    ("code", "day", "moment", "hours"),
    [
        ("en", "23 April 2026", "1 March 2026, 09:05", "Monday to Friday, 9:00 to 17:00"),
        ("en-US", "April 23, 2026", "March 1, 2026, 9:05 AM", "Monday to Friday, 9:00 AM to 5:00 PM"),
        ("de", "23. April 2026", "1. März 2026, 09:05", "Montag bis Freitag, 9:00 bis 17:00"),
        ("pl", "23 kwietnia 2026", "1 marca 2026, 09:05", "Poniedziałek – piątek, 9:00 – 17:00"),
        ("ar", "23 أبريل 2026", "1 مارس 2026، 9:05 ص", "من الاثنين إلى الجمعة، 9:00 ص – 5:00 م"),
    ],
)
def test_days_and_hours(code: str, day: str, moment: str, hours: str) -> None:
    speaks = language(code) if code != "en-US" else Language(code)
    assert speaks.day(SINCE) == day
    assert plain(speaks.moment(datetime(2026, 3, 1, 9, 5, tzinfo=UTC))) == moment
    assert plain(speaks.hours(OpeningHours((0, 1, 2, 3, 4), 540, 1020))) == hours


def test_lists_of_days_whole_days_and_nights() -> None:
    assert language("de").hours(OpeningHours(tuple(range(7)), 0, 1440)) == "Täglich, Tag und Nacht"
    assert language("sv").hours(OpeningHours((4, 5), 1080, 1560)) == "Fredag och lördag, 18:00 till 2:00 nästa dag"
    assert language("it").hours(OpeningHours((0, 2, 4), 0, 1440)) == "Lunedì, mercoledì e venerdì, giorno e notte"


def test_channels_keep_what_an_author_wrote() -> None:
    phone = Channel("phone", "1", "Phone", "", (), True, "1 hour", 60, cost="free")
    hours = (OpeningHours((0,), 540, 600),)
    own = Channel("chat", "2", "Phone", "", hours, False, "5 minutes", 5, own_label=True)
    one, other = language("de").contact(Contact("Europe/Berlin", (phone, own))).channels
    assert (one.label, one.hours_text, one.response_time, one.cost) == (
        "Telefon",
        ("Tag und Nacht",),
        "1 Stunde",
        "free",
    )
    assert (other.label, other.hours_text) == ("Phone", ("Montag, 9:00 bis 10:00",))
    assert other.response_time == "5 Minuten"
    assert language("ar").contact(Contact("UTC", (own,))).channels[0].response_time == "5 دقائق"


@pytest.mark.parametrize(
    ("zone", "code", "city"),
    [
        ("America/New_York", "en", "New York"),
        ("Europe/London", "ar", "لندن"),
        ("Europe/London", "fr", "Londres"),
        ("UTC", "de", "UTC"),
    ],
)
def test_a_zone_is_named_by_its_city(zone: str, code: str, city: str) -> None:
    assert language(code).contact(Contact(zone, ())).zone_city == city


def test_a_phrase_is_said_in_the_language_and_is_english_by_itself() -> None:
    reason = Phrase.of("{number} customers, a score of {score} where {needed} rules out chance", number=1234, score=2.5,
                       needed=3.0)  # fmt: skip
    best = Phrase.of("best: {title}, {reason}", title="Wo ist mein Paket?", reason=reason)
    assert best == "best: Wo ist mein Paket?, 1,234 customers, a score of 2.5 where 3 rules out chance"
    assert language("de").phrase(best) == (
        "am nächsten dran: Wo ist mein Paket?, 1.234 Kunden, Wert 2,5, wo erst 3 Zufall ausschließt"
    )
    newest = Phrase.of("the newest mention is of {day}, and pins end {number} days after it", english="x", day=SINCE,
                       number=3)  # fmt: skip
    assert (newest, language("de").phrase(newest)[:47]) == ("x", "die neueste Erwähnung ist vom 23. April 2026, u")
    assert language("de").phrase("as it is") == "as it is"
