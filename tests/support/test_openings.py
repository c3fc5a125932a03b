"""The sentence with which a reply begins fits the kind of article, whatever the trade."""

import pytest

from kb_builder.content.interface_language import Language
from kb_builder.model import Article
from kb_builder.support.openings import Kind, kind_of, opening_of


def article(title: str) -> Article:
    return Article("a", "a.md", "a/", title, "", 1)


@pytest.mark.parametrize(
    ("kind", "titles"),
    [
        (
            "problem",
            [
                "My card was declined", "I can’t sign in", "Why was I charged a fee?",
                "Upload fails with error 413", "The app is stuck at loading", "Mein Paket kommt zu spät",
                "Karte gesperrt", "Je ne reçois pas le code", "Mi tarjeta no funciona", "¿Por qué no llega?",
                "Es kam beschädigt an", "Laut Verfolgung zugestellt, aber nichts da", "Article endommagé",
                "El paquete llegó dañado", "Pacote danificado", "Il pacco non è arrivato", "Pakket beschadigd",
                "Paketet är skadat", "Przesyłka opóźniona", "طردي متأخر", "نسيت كلمة المرور",
            ],
        ),
        (
            "waiting",
            [
                "Where is my refund?", "Where's my parcel?", "Wo bleibt meine Erstattung?", "Où est ma commande ?",
                "¿Dónde está mi pedido?", "أين طلبي؟",
            ],
        ),
        (
            "how-to",
            [
                "How to move a booking", "Import contacts",
                "How do I block my card?", "Reset your password", "Change a seat reservation",
                "Where can I buy a ticket?", "Wie sperre ich meine Karte?",
                "Comment annuler mon billet ?", "¿Cómo cambio mi plan?",
            ],
        ),
        (
            "question",
            [
                "What does the travel insurance cover?", "Can I take a bicycle on the train?",
                "Exchange rates", "Delivery options", "Is there a student discount?",
                "Was kostet eine Überweisung?", "Wie lange dauert die Lieferung?", "Hoe lang duurt het?",
                "Jak długo to trwa?", "Hur mycket kostar det?", "Quels sont les frais ?",
            ],
        ),
    ],
)  # fmt: skip
def test_the_title_says_what_an_article_is_for(kind: Kind, titles: list[str]) -> None:
    assert [title for title in titles if kind_of(article(title)) != kind] == []


@pytest.mark.parametrize("title", ["I've forgotten my password", "Passwort vergessen", "نسيت كلمة المرور"])
def test_what_a_customer_forgot_gets_no_apology_unless_something_is_wrong(title: str) -> None:
    helping = "I'm happy to help with this."
    assert opening_of(article(title), "Select it.", Language()) == helping
    assert opening_of(article(title), "Select it.", Language(), known=True) == "I'm sorry about this."


def test_nothing_comes_before_yes_no_and_sorry() -> None:
    language = Language()
    assert opening_of(article("Can I pay later?"), "Yes, within 30 days.", language) == ""
    assert opening_of(article("My parcel is late"), "Sorry, we send it again.", language) == ""
    assert opening_of(article("My parcel is late"), "We send it again.", language) == "I'm sorry about this."
    assert opening_of(article("I can't sign up"), "No email from us? Check spam.", language) == "I'm sorry about this."
    assert opening_of(article("Is there a fee?"), "No", language) == ""


def test_a_problem_that_the_team_knows_gets_an_apology() -> None:
    waits = article("Where is my parcel?")
    assert opening_of(waits, "On its way.", Language()) == "I'm happy to help with this."
    assert opening_of(waits, "On its way.", Language(), known=True) == "I'm sorry about this."


@pytest.mark.parametrize(
    "answer",
    [
        "Ja, innerhalb von 30 Tagen.",
        "Leider nein.",
        "Sí, en 30 días.",
        "Oui.",
        "Nie, przykro nam.",
        "نعم، خلال 30 يومًا.",
    ],
)
def test_yes_and_no_in_other_languages(answer: str) -> None:
    assert opening_of(article("Can I pay later?"), answer, Language()) == ""


@pytest.mark.parametrize("title", ["Moja paczka nie dotarła", "Dlaczego płatność odrzucono?", "لماذا تأخر طلبي؟"])
def test_problems_in_polish_and_arabic(title: str) -> None:
    assert kind_of(article(title)) == "problem"
