"""The search engine of a help centre: analysis, a static index for browsers, and the staff index."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from search_index.analysis import analyse
from search_index.browser_files import browser_scripts
from search_index.corpus import Corpus, questions
from search_index.document import Document, Example, Section
from search_index.features import stems
from search_index.format import MANIFEST, ROOT, IndexFiles
from search_index.learning import train
from search_index.mention_examples import MentionExamples, Resolved, reduce_mentions
from search_index.partitions import invert
from search_index.related import Vectors, related, vectors
from search_index.result_texts import room_for_text
from search_index.synonym_table import used_synonyms
from search_index.synonyms import Synonyms, parse_synonyms
from search_index.writer import build_index, collect, write_index

if TYPE_CHECKING:
    from search_index.matcher import Matcher
    from search_index.reader import Reader
    from search_index.results import Contribution, Hit, Results
    from search_index.staff import StaffIndex

_ASKED_LATER = {
    "Matcher": "matcher",
    **dict.fromkeys(("Contribution", "Hit", "Results"), "results"),
    "Reader": "reader",
    "StaffIndex": "staff",
}
"""Imported on first use: most builds only write an index."""

__all__ = [
    "MANIFEST",
    "ROOT",
    "Contribution",
    "Corpus",
    "Document",
    "Example",
    "Hit",
    "IndexFiles",
    "Matcher",
    "MentionExamples",
    "Reader",
    "Resolved",
    "Results",
    "Section",
    "StaffIndex",
    "Synonyms",
    "Vectors",
    "analyse",
    "browser_scripts",
    "build_index",
    "collect",
    "invert",
    "parse_synonyms",
    "questions",
    "reduce_mentions",
    "related",
    "room_for_text",
    "stems",
    "train",
    "used_synonyms",
    "vectors",
    "write_index",
]


def __getattr__(name: str) -> Any:
    if name not in _ASKED_LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ASKED_LATER[name]}"), name)
