"""Snowball's stemmers and stop words, as Whoosh brings them: a build needs these, and nothing else of Whoosh."""

# Whoosh is typed in parts only.
# mypy: disable-error-code="attr-defined, no-untyped-call, unused-ignore"

from collections.abc import Callable
from functools import cache

from whoosh.lang import has_stemmer, has_stopwords, stemmer_for_language, stopwords_for_language

from search_index.words import words

# Whoosh's English list has the halves of contractions; our words have no apostrophe.
_ENGLISH_CONTRACTIONS = frozenset(
    "im ive id youre youve theyre weve isnt arent wasnt werent dont doesnt didnt hasnt havent hadnt cant cannot couldnt"
    " wont wouldnt shouldnt thats theres whats hows wheres whos lets would could".split()
)
# How people ask, whatever they ask for.
_ENGLISH_ASKING = frozenset("get got getting need needs want wants please still already yet".split())

# Words of that list which make a difference in a help centre: a card that is not accepted, a top up, a time before.
_ENGLISH_TELLING = frozenset("not no up off out over before after again between more other few own".split())


@cache
def stemmer(language: str) -> Callable[[str], str]:
    """Snowball's stemmer for a language code (``en``, ``pt-BR``); the identity where Snowball has none."""
    code = language.split("-")[0].lower()
    stem: Callable[[str], str] = stemmer_for_language(code) if has_stemmer(code) else str
    return stem


@cache
def stop_words(language: str, *, eliding: bool) -> frozenset[str]:
    """Words that say little by themselves, as :func:`search_index.words.words` would write them."""
    code = language.split("-")[0].lower()
    listed = stopwords_for_language(code) if has_stopwords(code) else ()
    found = {word for entry in listed for word in words(entry, eliding=eliding)}
    return frozenset((found | _ENGLISH_CONTRACTIONS | _ENGLISH_ASKING) - _ENGLISH_TELLING if code == "en" else found)
