"""Paged lists and the A to Z index of articles."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kb_builder.content.interface_language import Language
from kb_builder.model import Article
from kb_builder.pages.elements import Crumb, Letter

LENGTH: Final = 100
"""Articles on one page of a list."""


@dataclass(frozen=True, slots=True)
class Part:
    """One page of a list; ``number`` counts from 1."""

    number: int
    url: str
    articles: Sequence[Article]
    previous: Crumb | None
    next: Crumb | None


def parts(home: str, articles: Sequence[Article], language: Language) -> Iterator[Part]:
    """The pages of a list whose first page has the URL ``home``; an empty list has one page."""
    chunks = [articles[start : start + LENGTH] for start in range(0, len(articles), LENGTH)] or [()]
    urls = [home, *(f"{home}page-{number}/" for number in range(2, len(chunks) + 1))]
    words = (language.word("Page {number}", number=number) for number in range(1, len(chunks) + 1))
    crumbs = [None, *map(Crumb, words, urls), None]
    for number, (chunk, url) in enumerate(zip(chunks, urls, strict=True), start=1):
        yield Part(number, url, chunk, previous=crumbs[number - 1], next=crumbs[number + 1])


def by_letter(articles: Iterable[Article]) -> dict[str, list[Article]]:
    """Letter → its articles in alphabetical order, letters in order."""
    groups: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        groups[letter_of(article.title)].append(article)
    for group in groups.values():
        group.sort(key=lambda item: (item.fallback, item.title.casefold(), item.id))
    return dict(sorted(groups.items()))


def letters(groups: Mapping[str, Sequence[Article]]) -> tuple[Letter, ...]:
    """The letters in use, with their pages under ``all/``."""
    return tuple(Letter(letter, f"all/{_slug(letter)}/", len(group)) for letter, group in groups.items())


def letter_of(title: str) -> str:
    """The letter a title is listed under: its first letter without diacritics, or ``#`` for digits and symbols."""
    for char in unicodedata.normalize("NFKD", title):
        if char.isalpha():
            return char.upper()[0]
        if char.isalnum():
            break
    return "#"


def _slug(letter: str) -> str:
    return "0-9" if letter == "#" else letter.lower() if letter.isascii() else f"u{ord(letter):04x}"
