"""Per-article results that depend on its text alone: body, outline and search analysis."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pydantic import TypeAdapter

import search_index
from kb_builder.config import Extensions
from kb_builder.markdown.convert import Converter
from kb_builder.model import Article, Body, Outline

_OUTLINE = TypeAdapter(Outline)
_BODY = TypeAdapter(Body)


@dataclass(frozen=True, slots=True)
class Digest:
    """Outline, body and search analysis of an article, as bytes for the cache."""

    outline: bytes
    body: bytes
    analysis: bytes


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


def read_outline(data: bytes) -> Outline:
    """Raises :class:`ValueError` for bytes that :func:`digest_chunk` did not write."""
    return _OUTLINE.validate_json(data)


class Outlines(NamedTuple):
    """Outlines cached together, one per line, because most builds read few of them."""

    lines: Sequence[bytes]
    """Input of :func:`read_outline`."""
    with_links: Sequence[int]
    """Indices of those with links."""

    @classmethod
    def of(cls, outlines: Collection[Outline]) -> "Outlines":
        with_links = [place for place, outline in enumerate(outlines) if outline.has_links]
        return cls(list(map(_OUTLINE.dump_json, outlines)), with_links)


def write_outlines(outlines: Outlines) -> bytes:
    return b"\n".join((json.dumps(outlines.with_links).encode(), *outlines.lines))


def read_outlines(data: bytes) -> Outlines:
    """Raises :class:`ValueError` for bytes that :func:`write_outlines` did not write."""
    head, *lines = data.split(b"\n")
    with_links = json.loads(head)
    places = range(len(lines))
    if not isinstance(with_links, list) or not all(type(place) is int and place in places for place in with_links):
        raise ValueError("not outlines")
    return Outlines(lines, with_links)


def read_body(data: bytes) -> Body:
    """Raises :class:`ValueError` for bytes that :func:`digest_chunk` did not write."""
    return _BODY.validate_json(data)


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
    convert = _worker.converter.convert
    bodies = [convert(article.body, title=article.title, first_line=article.body_line) for article in articles]
    documents = map(document, articles, bodies)
    analyses = [search_index.analyse(one, _worker.language) for one in documents]
    return [
        Digest(_OUTLINE.dump_json(body.outline), _BODY.dump_json(body), analysis)
        for body, analysis in zip(bodies, analyses, strict=True)
    ]
