"""The input of the index: documents, their sections, and examples of how people ask for them."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Section:
    """The plain text under one heading. The first section of a document usually has neither anchor nor heading."""

    anchor: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """One thing that can be found. All texts are plain, without markup."""

    id: str
    url: str
    title: str
    answer: str = ""
    asked_as: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    boost: float = 1.0
    """Every score of this document is multiplied by it; kept between 0.1 and 10."""
    audience: Literal["public", "staff"] = "public"
    """``build_index`` refuses ``staff``; only the staff index takes both."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question with its right document, written by an editor (``asked_as``)."""

    text: str
    document_id: str
    title: bool = False
    """The document's title: one more example, but not one of the few that learning needs at least."""
