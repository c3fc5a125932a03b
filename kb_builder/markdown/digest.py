"""Per-article results that depend on its text alone: body, outline and search analysis."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import search_index
from kb_builder.config import Extensions
from kb_builder.markdown.convert import Converter
from kb_builder.model import Article, Body
from kb_builder.system.codec import Codec

BODY: Final = Codec(Body)


@dataclass(frozen=True, slots=True)
class Digest:
    """What is computed from one article alone: its body, encoded by :data:`BODY`, and its analysis for the index."""

    body: bytes
    analysis: bytes


def body_of(converter: Converter, article: Article) -> Body:
    """The body of an article, converted."""
    return converter.convert(
        article.body, title=article.title, first_line=article.body_line, removed=article.removed_lines
    )  # fmt: skip


def document(article: Article, body: Body) -> search_index.Document:
    """``article`` as a search document."""
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


@dataclass
class _Worker:
    """State of a worker process."""

    converter: Converter
    language: str


_worker: _Worker | None = None


def set_up_worker(extensions: Extensions, trust_html: bool, language: str) -> None:
    """Prepares this process for :func:`digest_chunk`."""
    global _worker
    _worker = _Worker(Converter(extensions, trust_html=trust_html), language)


def digest_chunk(articles: Sequence[Article]) -> list[Digest]:
    """Converts and analyses articles, in a process prepared by :func:`set_up_worker`.

    Step by step for all of them, which uses the processor's caches better.
    """
    assert _worker is not None
    bodies = [body_of(_worker.converter, article) for article in articles]
    documents = map(document, articles, bodies)
    analyses = [search_index.analyse(one, _worker.language) for one in documents]
    return [Digest(BODY.encode(body), analysis) for body, analysis in zip(bodies, analyses, strict=True)]
