"""A corpus and questions of which the right answers are known, from the articles that the build benchmark draws."""

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.corpus import Article
from search_index import Document, Section
from search_index.stemming import stop_words

KINDS = ("title words", "typos", "cut short")


@dataclass(frozen=True, slots=True)
class Question:
    """``right``: ids of all articles whose title has the words, which were taken from one of them."""

    kind: str
    text: str
    right: frozenset[str]


def documents(articles: Iterable[Article]) -> list[Document]:
    """Articles as search engines take them: plain text by section."""
    return [_document(article) for article in articles]


def _document(article: Article) -> Document:
    sections = []
    for part in re.split(r"^## ", article.body, flags=re.MULTILINE)[1:]:
        heading, _, text = part.partition("\n")
        anchor = re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")
        sections.append(Section(anchor, heading, " ".join(re.sub(r"[*_]+", "", text).split())))
    url = f"{article.category}/{article.slug}/"
    return Document(article.slug, url, article.title, answer=article.description, sections=tuple(sections))


def questions(documents: Sequence[Document], count: int, seed: int) -> list[Question]:
    """``count`` questions of each kind: up to three words of a title, the same mistyped, the last one cut short."""
    draw = random.Random(seed)
    by_title: dict[str, set[str]] = {}
    for document in documents:
        by_title.setdefault(_without_number(document.title), set()).add(document.id)
    found = []
    for _ in range(count):
        title = draw.choice(sorted(by_title))
        words = sorted(title_words(title)) or [title]
        chosen = draw.sample(words, min(3, len(words)))
        typed = [mistyped(word, draw) if len(word) > 4 else word for word in chosen]
        cut = [*chosen[:-1], chosen[-1][: max(3, len(chosen[-1]) * 2 // 3)]]
        right = frozenset(id for other, ids in by_title.items() if _words(other) >= set(chosen) for id in ids)
        found += [Question(kind, " ".join(text), right) for kind, text in zip(KINDS, (chosen, typed, cut), strict=True)]
    draw.shuffle(found)
    return found


def title_words(title: str) -> set[str]:
    """The words of a title that say something, of at least four letters."""
    return _words(title) - stop_words("en", eliding=False)


def _words(title: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{4,}", title.lower()))


def _without_number(title: str) -> str:
    return title.rsplit(" ", 1)[0]


def mistyped(word: str, draw: random.Random) -> str:
    """``word`` with two letters swapped, one left out, or one too many."""
    at = draw.randrange(len(word) - 1)
    letter = draw.choice("abcdefghijklmnopqrstuvwxyz")
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return draw.choice((swapped, word[:at] + word[at + 1 :], word[:at] + letter + word[at:]))
