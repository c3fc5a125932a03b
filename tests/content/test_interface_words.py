"""Files with the interface's texts: the theme's are complete, and a file's mistakes are named with their line."""

import ast
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from kb_builder.content import contact, interface_language
from kb_builder.content.interface_words import (
    ENGLISH,
    SLOT,
    Text,
    files_of,
    locale_of,
    plural_categories,
    read_words,
)
from kb_builder.errors import Severity
from kb_builder.rendering import body_labels
from kb_builder.rendering.theme_assets import interface_strings
from kb_builder.support import macros, templates
from kb_builder.trends import wording

ROOT = Path(__file__).parents[2]
THEME = ROOT / "theme"
KNOWN: dict[str, Text] = json.loads((THEME / ENGLISH).read_text("utf-8"))
FILES = sorted((THEME / "words").glob("*.json"))
LANGUAGES = {"ar", "de", "en", "es", "fr", "it", "nl", "pl", "pt", "sv"}


def phrases() -> Iterator[str]:
    """The templates of every ``Phrase.of("…")``; another argument could not be checked."""
    for path in (ROOT / "kb_builder").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Phrase.of":
                template = node.args[0]
                assert isinstance(template, ast.Constant), f"{path}:{node.lineno}"
                yield template.value


def used() -> set[str]:
    """Every text that a template, a script or a module asks for."""
    sources = [*THEME.rglob("*.html"), *THEME.rglob("*.mjs"), *(ROOT / "kb_builder").rglob("*.py")]
    found = {word for path in sources for word in interface_strings(path.read_text("utf-8"))} - {"…"}
    found |= {
        *contact._LABELS.values(),
        *body_labels.LABELS,
        *body_labels.BOXES,
        *(word for _, word in wording._BANDS),
        wording._MOST,
    }
    found |= {*interface_language.SINCE}
    found |= {*phrases(), *macros.LABELS.values()} - {""}
    return found | {
        line
        for text in templates._DEFAULTS.values()
        for line in text.split("\n")
        if templates._SLOT.sub("", line).strip()
    }


def test_english_lists_every_text_that_is_used_and_no_other() -> None:
    assert set(KNOWN) == used()
    for english, text in KNOWN.items():
        assert english == (text if isinstance(text, str) else text["other"])
        assert isinstance(text, str) == ("{count}" not in english)


def test_the_languages_that_are_shipped() -> None:
    assert {path.stem for path in FILES} == LANGUAGES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_language_is_complete_with_every_plural_form(path: Path) -> None:
    words, findings = read_words(path.read_bytes(), path.name, KNOWN, path.stem)
    assert findings == ()
    assert words.keys() == KNOWN.keys()
    forms = plural_categories(locale_of(path.stem))
    assert all(isinstance(text, str) or text.keys() == forms for text in words.values())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_texts_end_as_the_english_ones_do(path: Path) -> None:
    """A full sentence is one in every language, and nothing has spaces at its ends or twice."""
    ends = {".": ".。", "?": "?؟", ":": ":："}
    for english, text in json.loads(path.read_text("utf-8")).items():
        for form in [text] if isinstance(text, str) else text.values():
            assert form in (", ", "، ") or form == " ".join(form.split(" ")).strip(), english
            assert "  " not in form, english
            if (end := english[-1]) in ends:
                assert form[-1] in ends[end], (english, form)
            else:
                assert not form.endswith("."), (english, form)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_signs_stay_with_the_words_they_belong_to(path: Path) -> None:
    """French sets its signs off by a space, and most languages the percent sign: such a space must not break."""
    shown = [text for value in json.loads(path.read_text("utf-8")).values() for text in _texts(value)]
    assert not [text for text in shown if re.search(r"\s%|« | »", text.replace("\u00a0", ""))]
    if path.stem == "fr":
        parted = re.compile(r" [:;?!»]|[^\s\u00a0:;?!»][;?!»]|[\w)}]:(?=\s|$)|«(?!\u00a0)")
        assert not [text for text in shown if parted.search(text) and not text.startswith("trending:")]


def _texts(value: str | dict[str, str]) -> Iterable[str]:
    return [value] if isinstance(value, str) else value.values()


def test_codes_and_locales() -> None:
    assert files_of("pt-BR") == ("words/pt.json", "words/pt-BR.json")
    assert files_of("de") == ("words/de.json",)
    assert str(locale_of("en")) == "en_GB"
    assert str(locale_of("en-US")) == "en_US"
    assert str(locale_of("pt-XX")) == "pt"
    assert str(locale_of("xx-yyy")) == "en_GB"
    assert plural_categories(locale_of("ar")) == {"zero", "one", "two", "few", "many", "other"}
    assert plural_categories(locale_of("ja")) == {"other"}


COUNT = "{count} answers"


@pytest.mark.parametrize(
    ("text", "line", "severity", "code", "message", "hint"),
    [
        ("{", 1, Severity.ERROR, "bad-words", "is not JSON", "copy theme/words/en.json"),
        ('{\n"Search": "Suchen",\n}', 3, Severity.ERROR, "bad-words", "is not JSON", ""),
        ("[]", 1, Severity.ERROR, "bad-words", "must be English texts", '{"Search": "Suchen"}'),
        ('{"Search": 1}', 1, Severity.ERROR, "bad-words", "must be translated by text", ""),
        ('{"Search": ""}', 1, Severity.ERROR, "bad-words", "must be translated by text", ""),
        ('{"Search": "Suchen",\n"Search": "Suche"}', 2, Severity.ERROR, "bad-words", "is given twice", "delete one"),
        ('{\n\n"Serch": "Suchen"}', 3, Severity.WARNING, "unused-words", 'the English text "Serch"', '"Search"?'),
        ('{"Until {time}": "Bis"}', 1, Severity.ERROR, "bad-words", "must have the same braces", "keep every {name}"),
        ('{"Search": "{site}"}', 1, Severity.ERROR, "bad-words", "must have the same braces", ""),
        ('{"Search": {"other": "Suche"}}', 1, Severity.ERROR, "bad-words", "has no number", "write one text"),
        (json.dumps({COUNT: "A: {count}"}), 1, Severity.WARNING, "missing-plural", "the plural form one", "one, other"),
        (
            json.dumps({COUNT: {"one": "x"}}), 1, Severity.WARNING, "missing-plural", "the plural form other", "",
        ),
        (
            json.dumps({COUNT: {"one": "x", "other": "y", "few": "z"}}), 1, Severity.ERROR, "bad-words",
            'has the form "few"', "plural forms of this language: one, other",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file(
    text: str, line: int, severity: Severity, code: str, message: str, hint: str
) -> None:
    _, (finding,) = read_words(text.encode(), "theme/words/de.json", KNOWN, "de")
    assert (finding.where, finding.severity, finding.code) == (f"theme/words/de.json:{line}", severity, code)
    assert message in finding.message
    assert hint in finding.hint


def test_a_file_that_is_not_unicode() -> None:
    _, (finding,) = read_words(b"\xff", "words/de.json", KNOWN, "de")
    assert (finding.code, finding.where) == ("bad-words", "words/de.json")


def test_all_problems_are_reported_at_once_and_what_is_right_is_used() -> None:
    text = json.dumps({"Search": 1, "No": "Nein", "gone": "weg", COUNT: {"other": "Antworten"}}, indent=1)
    words, findings = read_words(text.encode(), "de.json", KNOWN, "de")
    assert words == {"No": "Nein", COUNT: {"other": "Antworten"}}
    assert [(finding.line, finding.code) for finding in findings] == [
        (2, "bad-words"), (4, "unused-words"), (5, "missing-plural"),
    ]  # fmt: skip


def test_a_problem_is_reported_where_its_key_is_not_where_a_text_says_the_same() -> None:
    text = '{"Search": "\\"gone\\": ", "No":\n"gone", "g\\u006fne"\n: "weg"}'
    _, (finding,) = read_words(text.encode(), "de.json", KNOWN, "de")
    assert (finding.line, finding.code) == (2, "unused-words")


def test_arabic_lacking_forms_are_named_in_order() -> None:
    text = json.dumps({COUNT: {"one": "إجابة واحدة", "other": "{count} إجابة"}})
    _, (finding,) = read_words(text.encode(), "ar.json", KNOWN, "ar")
    assert "lacks the plural forms zero, two, few, many" in finding.message


def test_the_same_slots_everywhere() -> None:
    for path in FILES:
        for english, text in json.loads(path.read_text("utf-8")).items():
            for form in [text] if isinstance(text, str) else text.values():
                assert set(SLOT.findall(form)) | {"count"} == set(SLOT.findall(english)) | {"count"}
