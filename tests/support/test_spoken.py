"""Phone scripts can be read aloud."""

import pytest

from kb_builder.support.spoken import spoken


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("It costs £3.95 (free from £40).", "It costs 3 pounds 95, free from 40 pounds."),
        ("Only £1, €2.50 & $3.00.", "Only 1 pound, 2 euros 50 and 3 dollars."),
        ("Order by 20:00, not 08:30 or 12:00.", "Order by 8 in the evening, not 8 30 in the morning or noon."),
        ("Within 2–4 days", "Within 2 to 4 days"),
        ("From £10 to £250, €60–€1,000.", "From 10 to 250 pounds, 60 to 1,000 euros."),
        ("From £2.95 to £5, £10 to €20.", "From 2 pounds 95 to 5 pounds, 10 pounds to 20 euros."),
        ("Write to help@example.com.", "Write to help at example dot com."),
        ("Go to https://shop.example.com/account/orders/", "Go to shop dot example dot com slash account slash orders"),
        ("Call +44 20 7946 0123, e.g. now", "Call plus 44, 20, 7946, 0123, for example now"),
        ("Open Account → Orders", "Open Account, then Orders"),
        ("Open Account › Orders", "Open Account, then Orders"),
        ("100% of “VAT”", "100 percent of VAT"),
        ("Monday and/or Tuesday, yes/no", "Monday or Tuesday, yes or no"),
        ("1,000/min, 24/7, on 3/4", "1,000 per minute, at any time, on 3/4"),
        ("one – two", "one, two"),
        ("Plain words stay.", "Plain words stay."),
    ],
)
def test_spoken(written: str, said: str) -> None:
    assert spoken(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Das kostet 2,95 £ (frei ab 40 £).", "Das kostet 2 Pfund 95, frei ab 40 Pfund."),
        ("1.000 €, 3,00 € & 5 $", "1.000 Euro, 3 Euro und 5 Dollar"),
        ("10 £ bis 250 £, 60€–1.000€", "10 bis 250 Pfund, 60 bis 1.000 Euro"),
        ("2,95 £ bis 5 £, 10 £ bis 12,50 £", "2 Pfund 95 bis 5 Pfund, 10 Pfund bis 12 Pfund 50"),
        ("Bis 20:00 Uhr, ab 8:30", "Bis 20 Uhr, ab 8 Uhr 30"),
        ("2–4 Werktage, z. B. Mo/Di, ca. 5 %", "2 bis 4 Werktage, zum Beispiel Mo oder Di, etwa 5 Prozent"),
        ("hilfe@example.com", "hilfe at example Punkt com"),
        ("Unter +44 20 7946 0123", "Unter plus 44, 20, 7946, 0123"),
        ("„Wird gepackt“ → Ändern", "Wird gepackt, Ändern"),
        ("Geschenkkarten › Guthaben", "Geschenkkarten, Guthaben"),
    ],
)
def test_spoken_in_german(written: str, said: str) -> None:
    assert spoken(written, "de") == said


def test_other_languages_lose_what_needs_no_words() -> None:
    assert spoken("Cuesta 3 € (gratis desde 40 €) → «Pedir», a@example.es", "es") == (
        "Cuesta 3 €, gratis desde 40 €, Pedir, a@example.es"
    )


def test_arabic_clauses_stand_between_arabic_commas() -> None:
    assert spoken("بعد يومي عمل (٥ للجزر)، فأخبرنا", "ar") == "بعد يومي عمل، ٥ للجزر، فأخبرنا"
