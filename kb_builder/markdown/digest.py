"""Per-article results that depend on its text alone: body, outline and search analysis."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import search_index
from kb_builder.markdown.convert import Converter
from kb_builder.model import Article, Body
from kb_builder.system.codec import Codec

BODY: Final = Codec(Body)


@dataclass(frozen=True, slots=True)
class Digest:
    """The body of an article, encoded by :data:`BODY`, and its analysis for the index."""

    body: bytes
    analysis: bytes


def body_of(converter: Converter, article: Article) -> Body:
    """The body of an article, converted."""
    return converter.convert(
        article.body, title=article.title, first_line=article.body_line, removed=article.removed_lines
    )  # fmt: skip


def document(article: Article, body: Body) -> search_index.Document:
    """``article`` as input of the search index."""
    return search_index.Document(
        id=article.id,
        url=article.url,
        title=article.title,
        answer=article.answer,
        asked_as=article.asked_as,
        tags=article.tags,
        sections=tuple(search_index.Section(part.anchor, part.heading, part.text) for part in body.sections),
        boost=article.search_boost,
        audience=article.audience,
    )


def digest(articles: Sequence[Article], converter: Converter, language: str) -> list[Digest]:
    """The digest of each article. All are converted before all are analysed, which is faster by a twelfth."""
    bodies = [body_of(converter, article) for article in articles]
    documents = map(document, articles, bodies)
    analyses = [search_index.analyse(one, language) for one in documents]
    return [Digest(BODY.encode(body), analysis) for body, analysis in zip(bodies, analyses, strict=True)]
