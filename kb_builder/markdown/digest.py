"""What is searchable of an article, and everything that is worked out from its text alone."""

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
    """An article worked through, as bytes that can be cached: its outline, its body, its analysis for the index."""

    outline: bytes
    body: bytes
    analysis: bytes


def document(article: Article, body: Body) -> search_index.Document:
    """``article`` as the index takes it."""
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
    """Raises :class:`ValueError` for anything :func:`digest_chunk` did not write."""
    return _OUTLINE.validate_json(data)


class Outlines(NamedTuple):
    """Outlines of neighbours as they are kept. Most builds ask for few of them, so each is a line of its own."""

    lines: Sequence[bytes]
    """What :func:`read_outline` reads."""
    leading_on: Sequence[int]
    """Places of those that have links."""

    @classmethod
    def of(cls, outlines: Collection[Outline]) -> "Outlines":
        leading_on = [place for place, outline in enumerate(outlines) if outline.leads_on]
        return cls(list(map(_OUTLINE.dump_json, outlines)), leading_on)


def write_outlines(outlines: Outlines) -> bytes:
    return b"\n".join((json.dumps(outlines.leading_on).encode(), *outlines.lines))


def read_outlines(data: bytes) -> Outlines:
    """Raises :class:`ValueError` for what :func:`write_outlines` can't have written, as far as that is seen at once."""
    head, *lines = data.split(b"\n")
    leading_on = json.loads(head)
    places = range(len(lines))
    if not isinstance(leading_on, list) or not all(type(place) is int and place in places for place in leading_on):
        raise ValueError("these are no outlines")
    return Outlines(lines, leading_on)


def read_body(data: bytes) -> Body:
    """Raises :class:`ValueError` for anything :func:`digest_chunk` did not write."""
    return _BODY.validate_json(data)


@dataclass
class _Worker:
    """What a worker process keeps between chunks."""

    converter: Converter
    language: str


_worker: _Worker | None = None


def set_up_worker(extensions: Extensions, trust_html: bool, language: str) -> None:
    """Makes this process ready for :func:`digest_chunk`."""
    global _worker
    _worker = _Worker(Converter(extensions, trust_html=trust_html), language)


def digest_chunk(articles: Sequence[Article]) -> list[Digest]:
    """Works articles through, in a process made ready by :func:`set_up_worker`: Markdown to HTML, and their terms.

    Each step is taken for all of them before the next: what it uses stays in the processor's caches, which saves a
    twelfth of the time.
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
