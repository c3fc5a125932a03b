"""Articles that say nearly the same: customers and search can't choose between them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import combinations
from typing import Final

from kb_builder.errors import Finding, Severity
from kb_builder.model import Article

_SHINGLE: Final = 5
_ALIKE: Final = 0.8
"""Share of common shingles from which two bodies are nearly the same."""
_MOST_HOLDERS: Final = 8
"""A shingle in more articles than this is boilerplate, and its pairs are not counted."""
_FEWEST: Final = 10
"""Shingles below which a body is too short to be compared."""


def duplicates(articles: Iterable[Article]) -> Iterator[Finding]:
    """A note for each article with the title, or nearly the text, of another one.

    Texts are compared by the Jaccard index of their shingles of five words (Broder, 1997).
    """
    articles = sorted(articles, key=lambda article: article.path)
    titles: dict[str, Article] = {}
    for article in articles:
        first = titles.setdefault(" ".join(article.title.casefold().split()), article)
        if first is not article:
            yield _finding(article, first, f"the title is the same as that of {first.path}", "title")
    holders: dict[bytes, list[int]] = defaultdict(list)
    sizes = []
    for place, article in enumerate(articles):
        shingles = _shingles(article.body)
        sizes.append(len(shingles))
        for shingle in shingles:
            holders[shingle].append(place)
    common = Counter(
        pair for places in holders.values() if 1 < len(places) <= _MOST_HOLDERS for pair in combinations(places, 2)
    )
    for (one, other), count in sorted(common.items()):
        share = count / (sizes[one] + sizes[other] - count)
        if share >= _ALIKE and min(sizes[one], sizes[other]) >= _FEWEST:
            text = f"{share:.0%} of the text is that of {articles[one].path}"
            yield _finding(articles[other], articles[one], text, "id")


def _shingles(body: str) -> set[bytes]:
    words = body.casefold().split()
    return {
        blake2b(" ".join(words[start : start + _SHINGLE]).encode("utf-8", "replace"), digest_size=8).digest()
        for start in range(len(words) - _SHINGLE + 1)
    }


def _finding(article: Article, first: Article, message: str, key: str) -> Finding:
    hint = f"merge the two and redirect one to {first.id}, or say in the titles how they differ"
    return Finding(article.path, article.line_of(key), "near-duplicate", Severity.NOTE, message, hint)
