"""The language that a mention is written in, of the few that a help centre has.

Two words that only one of them has identify most texts, and the letters of listed words most others, both at least
as well as a model of letters does. That is asked about the rest: it takes half a second to load.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from math import log
from typing import TYPE_CHECKING, Final

from search_index.language import language_of
from search_index.stemming import listed_words, stop_words
from search_index.words import elides, words

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_ENOUGH: Final = 2
"""Words that only one language has, of letters: fewer are as often a name, or borrowed."""
_CLEAR: Final = 6.0
"""How much likelier the letters of one language must be than those of any other, as a natural logarithm: below that
the model is right more often."""
_UNSEEN: Final = 0.1
"""Times that letters are taken to be in a language's list which has them not at all."""


class Detector:
    """Chooses among ``codes``, those of the help centre's languages; the first for texts without a sign of theirs."""

    def __init__(self, codes: Sequence[str], occurs: Callable[[str], bool] = lambda _: False) -> None:
        """``occurs`` says whether the articles in the first language have a word."""
        self._codes = {code.split("-")[0].lower(): code for code in reversed(codes)}
        self._first = codes[0]
        self._occurs = occurs
        self._eliding = any(map(elides, codes))

    @cached_property
    def _small_words(self) -> Mapping[str, Set[str]] | None:
        """Code → words that say little by themselves and that no other language has; None if there are none."""
        known = {code: language_of(code) for code in self._codes.values()}
        if not all(language.meanings for language in known.values()):
            return None
        return _of_one_only(
            {code: language.telling_words | stop_words(code, eliding=self._eliding) for code, language in known.items()}
        )

    @cached_property
    def _words(self) -> Mapping[str, Set[str]]:
        """Code → every word that is listed of a language and no other one."""
        return _of_one_only({code: self._listed(code) for code in self._codes.values()})

    @cached_property
    def _words_of_others(self) -> Set[str]:
        return frozenset().union(*(self._listed(code) for code in self._codes.values() if code != self._first))

    def _listed(self, code: str) -> Set[str]:
        return language_of(code).telling_words | listed_words(code, eliding=self._eliding)

    @cached_property
    def _letters(self) -> Mapping[str, Mapping[str, float]]:
        """Code → logarithm of the share of each three letters among those of its listed words."""
        listed = {code: Counter(_threes(self._listed(code))) for code in self._codes.values()}
        every = set().union(*listed.values())
        return {
            code: {three: log((own[three] + _UNSEEN) / (own.total() + _UNSEEN * len(every))) for three in every}
            for code, own in listed.items()
        }

    @cached_property
    def _identifier(self) -> "LanguageIdentifier":
        from py3langid.langid import MODEL_FILE, LanguageIdentifier  # its model takes a while to load

        identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
        known = set(identifier.labels)
        identifier.set_languages([code for code in self._codes if code in known] or [sorted(known)[0]])
        return identifier

    def language_of(self, text: str) -> str:
        """One of the codes."""
        if not any(map(str.isalpha, text)):
            return self._first
        found = self._by_words(text) or self._by_letters(text)
        return found or self._codes.get(self._identifier.classify(text)[0], self._first)

    def _by_words(self, text: str) -> str | None:
        """The code of which a text has enough words, and more than of any other; None if no code has."""
        if self._small_words is None:
            return None
        found = {word for word in words(text, eliding=self._eliding) if len(word) > 1}
        small = {code: len(found & own) for code, own in self._small_words.items()}
        if code := _ahead(small):
            return code
        counts = {code: len(found & own) for code, own in self._words.items()}
        counts[self._first] += sum(
            self._occurs(word) for word in found - self._words[self._first] - self._words_of_others
        )
        code = _ahead(counts)
        return code if code and small[code] == max(small.values()) else None

    def _by_letters(self, text: str) -> str | None:
        """The code whose listed words have letters like those of a text, and no other's nearly as many."""
        if self._small_words is None:
            return None
        found = set(_threes(words(text, eliding=self._eliding)))
        scores = {code: sum(own[three] for three in sorted(found & own.keys())) for code, own in self._letters.items()}
        best = max(scores, key=scores.__getitem__)
        clear = all(scores[best] - score >= _CLEAR for code, score in scores.items() if code != best)
        return best if clear else None


def _threes(found: Iterable[str]) -> Iterator[str]:
    """Every three letters in a row of words, whose beginnings and ends count as letters."""
    for word in found:
        marked = f" {word} "
        yield from (marked[at : at + 3] for at in range(len(word)))


def _of_one_only(listed: Mapping[str, Set[str]]) -> dict[str, Set[str]]:
    """The words of each language that no other one has."""
    languages = Counter(word for own in listed.values() for word in own)
    return {code: {word for word in own if languages[word] == 1} for code, own in listed.items()}


def _ahead(counts: Mapping[str, int]) -> str | None:
    """The code with enough words, and more than any other."""
    best = max(counts, key=counts.__getitem__)
    clear = counts[best] >= _ENOUGH and all(counts[best] > count for code, count in counts.items() if code != best)
    return best if clear else None
