"""The search engine of a help centre: analysis, a static projection for browsers, and the staff's index."""

from search_index.analysis import ANALYSIS_VERSION, analyse
from search_index.document import Document, Example, Section
from search_index.learning import MentionWords, train
from search_index.projection import Projection, project
from search_index.reader import Hit, Reader, Results
from search_index.synonyms import Synonyms, parse_synonyms

__all__ = [
    "ANALYSIS_VERSION",
    "Document",
    "Example",
    "Hit",
    "MentionWords",
    "Projection",
    "Reader",
    "Results",
    "Section",
    "Synonyms",
    "analyse",
    "parse_synonyms",
    "project",
    "train",
]
