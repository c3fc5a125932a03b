"""A help centre of any size: paragraphs of real articles, drawn again and again with a seed.

The text is nobody's in particular, but sentences, words and their frequencies are those of real articles, which is what
builders and search engines work on. The same folder, number and seed give the same articles on every machine.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

PER_CATEGORY: Final = 100
_SECTIONS: Final = 3
_PARAGRAPHS_IN_A_SECTION: Final = 4

_HEADER = re.compile(r"\A\ufeff?---[ \t]*\n(.*?\n)---[ \t]*\n", re.DOTALL)
_BLANK_LINES = re.compile(r"\n[ \t]*\n")
_LINK = re.compile(r"(?<!!)\[([^\[\]]+)\](?:\([^()]*\)|\[[^\[\]]*\])(?:\{[^{}]*\})?")
_PROSE = re.compile(r"(?:[-*+] |\d+\. )?[\w“‘\"'(]")
_OF_ITS_TOOL = re.compile(r"[<>{}\[\]|`\\$~]|:::|!!!|\n {4}|\n\t")
"""Markup that only one site builder understands, or each differently: HTML, template tags, links, tables, code."""
_NOT_IN_A_TITLE = re.compile(r"[^\w\s.,?()/&’'+-]")


class NoArticlesError(Exception):
    """A folder without an article to draw from."""


@dataclass(frozen=True, slots=True)
class Source:
    """The parts of articles: plain titles, and paragraphs or lists of 40 to 900 characters of Markdown."""

    titles: tuple[str, ...]
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """One article for every builder; ``body`` is Markdown with second-level headings and no links."""

    category: str
    slug: str
    title: str
    description: str
    body: str


def headers(folder: Path) -> list[tuple[Path, dict[str, object]]]:
    """The Markdown files below ``folder`` with a ``title:``, and their headers.

    Raises :class:`NoArticlesError` when there is none.
    """
    texts = ((path, path.read_text(encoding="utf-8", errors="replace")) for path in sorted(folder.rglob("*.md")))
    read = ((path, _header(text.replace("\r\n", "\n"))) for path, text in texts)
    found = [(path, header) for path, header in read if header.get("title")]
    if not found:
        raise NoArticlesError(f"{folder}: no Markdown files with a title:")
    return found


def read_source(folder: Path) -> Source:
    """The titles and paragraphs of all Markdown files with a ``title:`` below ``folder``.

    Raises :class:`NoArticlesError` when there is none to draw from.
    """
    titles: list[str] = []
    paragraphs: list[str] = []
    for path in sorted(folder.rglob("*.md")):
        text = path.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n")
        title = _title(text)
        if title:
            titles.append(title)
            paragraphs += _paragraphs(_HEADER.sub("", text))
    if not titles or not paragraphs:
        raise NoArticlesError(f"{folder}: no Markdown files with a title: and paragraphs")
    return Source(tuple(titles), tuple(paragraphs))


def _title(text: str) -> str:
    return " ".join(_NOT_IN_A_TITLE.sub(" ", str(_header(text).get("title") or "")).split())


def _header(text: str) -> dict[str, object]:
    """The keys of a header; none of one that can't be read."""
    header = _HEADER.match(text)
    try:
        keys = yaml.safe_load(header[1]) if header else None
    except yaml.YAMLError:
        return {}
    return keys if isinstance(keys, dict) else {}


def _paragraphs(body: str) -> Iterator[str]:
    for block in _BLANK_LINES.split(body):
        paragraph = _LINK.sub(r"\1", block.strip())
        if 40 <= len(paragraph) <= 900 and _PROSE.match(paragraph) and not _OF_ITS_TOOL.search(paragraph):
            yield paragraph


def articles(source: Source, count: int, seed: int) -> Iterator[Article]:
    """``count`` articles of twelve paragraphs under three headings, 100 to a category.

    The first articles are the same whatever ``count`` is.
    """
    draw = random.Random(seed)
    for number in range(count):
        title = f"{draw.choice(source.titles)} {number}"
        sections = []
        for _ in range(_SECTIONS):
            sections.append(f"## {draw.choice(source.titles)}")
            sections += draw.choices(source.paragraphs, k=_PARAGRAPHS_IN_A_SECTION)
        yield Article(
            category=f"category-{number // PER_CATEGORY:03}",
            slug=f"article-{number:05}",
            title=title,
            description=f"What to know about {title}."[:200],
            body="\n\n".join(sections) + "\n",
        )
