"""Search in ten languages: questions of customers who have not seen the articles, and words in their other forms."""

from pathlib import Path

import pytest

from search_index import Document, Reader, Section, analyse, build_index
from search_index.language import language_of
from tests.search_browser import answers, job

CENTRES = Path(__file__).parents[1] / "data" / "languages"
LANGUAGES = sorted(path.stem for path in CENTRES.glob("*.txt"))


def centre(language: str) -> tuple[list[Document], list[tuple[str, str]]]:
    """The articles of a help centre, and questions with the id of their article.

    A file has titles (``#``), an answer and a text, phrasings (``~``) and questions (``?``).
    """
    found: list[tuple[str, list[str], list[str]]] = []
    questions = []
    for line in (CENTRES / f"{language}.txt").read_text("utf-8").splitlines():
        mark, text = line[0], line[2:]
        if mark == "#":
            found.append((text, [], []))
        elif mark == "?":
            questions.append((text, f"article-{len(found) - 1:02}"))
        elif mark == "~":
            found[-1][1].append(text)
        else:
            found[-1][2].append(line)
    documents = [
        Document(f"article-{number:02}", f"{number}/", title, answer, tuple(asked), (), (Section("", "", text),))
        for number, (title, asked, (answer, text)) in enumerate(found)
    ]
    return documents, questions


def built(language: str, documents: list[Document]) -> dict[str, bytes]:
    return build_index([analyse(document, language) for document in documents], language=language).files


def titled(language: str, *titles: str) -> dict[str, bytes]:
    return built(language, [Document(str(number), f"{number}/", title) for number, title in enumerate(titles)])


def found(files: dict[str, bytes], query: str) -> list[str]:
    """Titles that both readers find."""
    mine = Reader(files.__getitem__).search(query).hits
    ((theirs,),) = (result["answers"] for result in answers([job(files, [query])]))
    assert [(hit.id, hit.score) for hit in mine] == [(hit["id"], hit["score"]) for hit in theirs["hits"]]
    return [hit.title for hit in mine]


def test_the_languages_that_are_measured():
    assert set(LANGUAGES) >= {"ar", "de", "es", "fr", "it", "nl", "pl", "pt", "ru", "sv"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_questions_in_everyday_words_find_their_article_among_the_first_three(language):
    """Written by topic alone: their authors had the number of an article and what it is about, not its words."""
    documents, _ = centre(language)
    reader = Reader(built(language, documents).__getitem__)
    lines = (CENTRES / "asked" / f"{language}.txt").read_text("utf-8").splitlines()
    asked = [(f"article-{number}", question) for number, _, question in (line.partition(" ") for line in lines)]
    assert len(asked) >= 150
    assert {id for id, _ in asked} == {document.id for document in documents}
    right = sum(id in [hit.id for hit in reader.search(question).hits[:3]] for id, question in asked)
    assert right / len(asked) >= 0.88
    some = asked[::3]
    right = sum(id in [hit.id for hit in reader.search(mistyped(question)).hits[:3]] for id, question in some)
    assert right / len(some) >= 0.83


def mistyped(question: str) -> str:
    """The longest word with the two letters in its middle swapped."""
    longest = max(question.split(), key=len)
    at = len(longest) // 2
    return question.replace(longest, longest[: at - 1] + longest[at] + longest[at - 1] + longest[at + 1 :])


@pytest.mark.parametrize("language", LANGUAGES)
def test_questions_find_their_article_among_the_first_three(language):
    documents, questions = centre(language)
    files = built(language, documents)
    reader = Reader(files.__getitem__)
    assert len(questions) >= 60
    first_three = [[hit.id for hit in reader.search(question).hits[:3]] for question, _ in questions]
    right = sum(id in ids for (_, id), ids in zip(questions, first_three, strict=True))
    assert right / len(questions) >= 0.85
    (result,) = answers([job(files, [question for question, _ in questions])])
    assert [[hit["id"] for hit in answer["hits"][:3]] for answer in result["answers"]] == first_three


@pytest.mark.parametrize(
    ("language", "title", "query"),
    [
        ("de", "Kundenkonto löschen", "Konto"),
        ("de", "Konto löschen", "Kundenkonto"),
        ("de", "Kreditkarten hinterlegen", "Karte"),
        ("de", "Karte sperren", "Bankkarten"),
        ("de", "Versandkosten", "Kosten"),
        ("de", "Kosten", "Lieferkosten"),
        ("de", "Adressen verwalten", "Adressbuch"),
        ("de", "Werbebriefe", "Werbung für Briefe"),
        ("de", "Gutscheincode", "Gutschein Code"),
        ("de", "Rücksendung", "Ruecksendung"),
        ("de", "Straße", "Strasse"),
        ("de", "Etwas kaufen", "gekauft"),
        ("de", "Gutscheincode einlösen", "rabatcode"),
        ("de", "Etwas zurückschicken", "retuore"),
        ("nl", "Klantaccount verwijderen", "account"),
        ("nl", "Verzendkosten", "kosten"),
        ("nl", "Kosten", "bezorgkosten"),
        ("sv", "Ta bort kundkontot", "konto"),
        ("sv", "Avgifter", "fraktavgift"),
        ("sv", "Betala med kort", "visakort"),
        ("ar", "إرجاع المنتجات", "منتج"),
        ("ar", "المنتج", "منتجات"),
        ("ar", "الدفع", "دفع"),
        ("ar", "دفع", "الدفع"),
        ("ar", "استرداد", "إسترداد"),
        ("ar", "طلبي", "طلبى"),
        ("ar", "كلمة", "كلمه"),
        ("ar", "الضمان", "صيانة"),
        ("ar", "خلال ٣٠ يوما", "30"),
        ("ar", "خلال 30 يوما", "٣٠"),
        ("hi", "३० दिन", "30"),
        ("ru", "Платёж", "платеж"),
        ("ru", "Платежи", "платёж"),
        ("ru", "Возврат товара", "возвратов"),
        ("pl", "Zwrot płatności", "zwroty"),
        ("pl", "Zamówienie", "zamowienia"),
        ("it", "Rimborso", "rimborsi"),
        ("it", "Articolo mancante", "manca"),
        ("it", "Usare un codice sconto", "coupn"),
        ("fr", "Remboursements", "remboursé"),
        ("es", "Devoluciones", "devolución"),
        ("pt", "Devoluções", "devolucao"),
        ("ja", "返品の方法", "返品"),
        ("zh", "如何退货", "退货"),
        ("th", "การคืนสินค้า", "คืนสินค้า"),
    ],
)
def test_a_word_finds_its_other_forms(language, title, query):
    assert found(titled(language, title, "123456"), query) == [title]


@pytest.mark.parametrize(
    ("language", "title", "query"),
    [
        ("de", "Bestellung", "Stellung"),
        ("en", "Keyboard", "board"),
        ("ar", "الماء", "ماس"),
        ("ru", "Чай", "Час"),
    ],
)
def test_a_word_does_not_find_what_only_looks_like_it(language, title, query):
    assert found(titled(language, title, "123456"), query) == []


def test_the_word_itself_comes_before_compounds_of_it():
    files = titled("de", "Kundenkonto löschen", "Konto löschen", "Bankkonto löschen")
    assert found(files, "Konto")[0] == "Konto löschen"
    assert found(files, "Kundenkonto")[0] == "Kundenkonto löschen"


@pytest.mark.parametrize(
    ("language", "title", "query"),
    [
        ("de", "Münzen einzahlen", "muenze"),
        ("de", "Vertrag kündigen", "kuendige"),
        ("de", "Überweisungen", "ueberweisung fuer mich"),
        ("de", "Kühlschrank", "kuehl schrank"),
        ("da", "Nøgler", "noegle"),
        ("no", "Årsgebyr", "aarsgebyret"),
        ("en", "Two-step sign-in", "2 step sign-in"),
        ("en", "Bring 2 keys", "two"),
        ("de", "Zwei Schlüssel", "2 Schluessel"),
    ],
)
def test_letters_and_numbers_may_be_spelled_out(language, title, query):
    results = titled(language, title, "123456")
    assert found(results, query) == [title]
    assert not Reader(results.__getitem__).search(query).corrected


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_known_of_a_language_is_in_its_own_letters(language):
    known = language_of(language)
    assert known.endings
    assert known.synonyms
    assert all(left != right for left, right in known.synonyms)


@pytest.mark.parametrize("language", ["xx", "..", "en/../de", ""])
def test_nothing_is_known_of_other_languages(language):
    assert language_of(language).endings == ()
