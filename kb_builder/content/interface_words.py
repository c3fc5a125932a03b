"""``words/<language>.json``: the interface's texts in one language, and what is wrong with such a file.

The English text is the key; ``theme/words/en.json`` lists every text. A text with ``{count}`` has a form for each
plural category that CLDR has for the language (https://cldr.unicode.org/index/cldr-spec/plural-rules).
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias, cast

from babel import Locale, UnknownLocaleError

from kb_builder.errors import Finding, Severity, did_you_mean

ENGLISH: Final = "words/en.json"
"""Every interface text, below the theme folder."""
SLOT: Final = re.compile(r"\{(\w+)\}")
_STRING: Final = re.compile(r'("(?:[^"\\]|\\.)*")\s*(:)?')
"""A string of JSON; the keys among them have the colon."""
OTHER: Final = "other"
"""The plural category that every language has."""

Text: TypeAlias = str | Mapping[str, str]
"""A text, or its form for each plural category."""


def files_of(code: str) -> tuple[str, ...]:
    """The files, below a theme folder, with texts in ``code``; the later one takes precedence."""
    base = code.split("-")[0]
    return tuple(f"words/{name}.json" for name in dict.fromkeys((base, code)))


def locale_of(code: str) -> Locale:
    """How ``code`` writes dates, numbers and plurals; plain English as most of the world writes it, not as the US."""
    for name in (code, code.split("-")[0]):
        try:
            return Locale.parse("en-GB" if name == "en" else name, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en", "GB")


def plural_categories(locale: Locale) -> frozenset[str]:
    """The plural categories of ``locale``: ``one`` and ``other`` in English, six in Arabic."""
    return frozenset((*locale.plural_form.tags, OTHER))


def read_words(
    data: bytes, where: str, known: Mapping[str, Text], code: str
) -> tuple[dict[str, Text], tuple[Finding, ...]]:
    """The usable texts of one file, and its problems: errors, unused texts, and missing plural forms."""
    try:
        text = data.decode()
        pairs = json.loads(text, object_pairs_hook=_Pairs)
    except ValueError as error:
        line = getattr(error, "lineno", 0)
        message, hint = f"is not JSON: {error}", "copy theme/words/en.json to begin"
        return {}, (Finding(where, line, "bad-words", Severity.ERROR, message, hint),)
    if not isinstance(pairs, _Pairs):
        message, hint = "must be English texts with their translations", '{"Search": "Suchen"}'
        return {}, (Finding(where, 1, "bad-words", Severity.ERROR, message, hint),)
    words: dict[str, Text] = {}
    findings: list[Finding] = []
    keys = ((json.loads(found[1]), found.start()) for found in _STRING.finditer(text) if found[2])
    needed = plural_categories(locale_of(code))
    for english, given in pairs:
        line = text.count("\n", 0, next(start for key, start in keys if key == english)) + 1
        value = dict(given) if isinstance(given, _Pairs) else given
        repeated = english in words
        problems = list(_problems(english, value, known, needed, repeated=repeated))
        findings += (Finding(where, line, code_, severity, *said) for code_, severity, *said in problems)
        if english in known and not any(severity is Severity.ERROR for _, severity, *_ in problems):
            words[english] = cast(Text, value)
    return words, tuple(findings)


class _Pairs(list[tuple[str, object]]):
    """A JSON object with its repeated keys."""


def _problems(
    english: str, value: object, known: Mapping[str, Text], needed: frozenset[str], *, repeated: bool
) -> Iterator[tuple[str, Severity, str, str]]:
    """Code, severity, message and hint of each thing that is wrong with one text."""
    if repeated:
        yield "bad-words", Severity.ERROR, f'"{english}" is given twice', "delete one of them"
    if english not in known:
        hint = did_you_mean(english, known, "delete it; theme/words/en.json lists every text")
        yield "unused-words", Severity.WARNING, f'no page uses the English text "{english}"', hint
        return
    plural = not isinstance(known[english], str)
    forms = value if isinstance(value, dict) else {OTHER: value}
    if isinstance(value, dict) and not plural:
        yield "bad-words", Severity.ERROR, f'"{english}" has no number, so it has one form', "write one text"
        return
    if not all(isinstance(form, str) and form for form in forms.values()):
        yield "bad-words", Severity.ERROR, f'"{english}" must be translated by text', '{"Search": "Suchen"}'
        return
    if unknown := sorted(forms.keys() - needed):
        hint = f"plural forms of this language: {', '.join(_in_order(needed))}"
        yield "bad-words", Severity.ERROR, f'"{english}" has the form "{unknown[0]}", unknown to the language', hint
        return
    for form in forms.values():
        if problem := _slot_problem(english, str(form), plural=plural):
            yield "bad-words", Severity.ERROR, problem, "keep every {name} unchanged"
    if plural and (missing := needed - forms.keys()):
        hint = f"give a text for each of {', '.join(_in_order(needed))}"
        message = f'"{english}" lacks the plural form{"s" if len(missing) > 1 else ""} {", ".join(_in_order(missing))}'
        yield "missing-plural", Severity.WARNING, message, hint


def _slot_problem(english: str, form: str, *, plural: bool) -> str:
    needed, given = set(SLOT.findall(english)), set(SLOT.findall(form))
    # “Eine Antwort” says the number in words.
    optional = {"count"} if plural else set()
    if given <= needed and needed - optional <= given:
        return ""
    return f'"{form}" must have the same braces as "{english}"'


def _in_order(categories: frozenset[str]) -> list[str]:
    return sorted(categories, key=("zero", "one", "two", "few", "many", OTHER).index)
