"""Snowball's stemmers, and words of each language as :func:`search_index.words.words` would write them."""

# Whoosh, which brings lists of stop words, is typed in parts only.
# mypy: disable-error-code="attr-defined, no-untyped-call, unused-ignore"

from collections.abc import Callable
from functools import cache

import Stemmer
from whoosh.lang import has_stopwords, stopwords_for_language

from search_index.language import code_of, language_of
from search_index.words import words

_ALGORITHMS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish",
    "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian",
    "ne": "nepali", "nl": "dutch", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil",
    "tr": "turkish", "yi": "yiddish",
}  # fmt: skip


@cache
def stemmer(language: str) -> Callable[[str], str]:
    """Snowball's stemmer for a language code (``en``, ``pt-BR``); the identity where Snowball has none."""
    algorithm = _ALGORITHMS.get(code_of(language))
    stem: Callable[[str], str] = Stemmer.Stemmer(algorithm).stemWord if algorithm else str
    return stem


@cache
def stop_words(language: str, *, eliding: bool) -> frozenset[str]:
    """Words that say little by themselves, as :func:`search_index.words.words` would write them."""
    code, known = code_of(language), language_of(language)
    listed = stopwords_for_language(code) if has_stopwords(code) else ()
    entries = (set(listed) | known.stop_words) - known.telling_words
    written = {word for entry in entries for word in words(entry, eliding=eliding)}
    return frozenset(written | {word.translate(known.spelled_out) for word in written}) - known.telling_words


@cache
def listed_words(language: str, *, eliding: bool) -> frozenset[str]:
    """The words that are known of a language before an article is read, stop words included."""
    known = language_of(language)
    meant = {word for group in known.meanings for term in group for word in words(term, eliding=eliding)}
    return known.common_words | stop_words(language, eliding=eliding) | meant
