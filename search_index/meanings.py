"""Words of one meaning in everyday language, as search learns of them."""

from collections.abc import Mapping
from functools import cache

from search_index.analysis import stem_of
from search_index.language import language_of
from search_index.words import elides, words


@cache
def meanings_of(language: str) -> Mapping[str, tuple[int, ...]]:
    """Stem → the meanings it has, numbered from 0. Phrases are left out, and what is one stem anyway."""
    eliding = elides(language)
    found: dict[str, list[int]] = {}
    count = 0
    for group in language_of(language).meanings:
        split = [words(term, eliding=eliding) for term in group]
        stems = {stem_of(term[0], language) for term in split if len(term) == 1}
        if len(stems) > 1:
            for stem in sorted(stems):
                found.setdefault(stem, []).append(count)
            count += 1
    return {stem: tuple(numbers) for stem, numbers in sorted(found.items())}
