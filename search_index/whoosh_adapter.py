"""The staff index in Whoosh. Only this module and ``stemming`` import Whoosh."""

# Whoosh is typed in parts only.
# mypy: disable-error-code="attr-defined, no-untyped-call, unused-ignore"

import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from textwrap import shorten

from whoosh.analysis import StemFilter, StopFilter, Token, Tokenizer
from whoosh.fields import ID, STORED, TEXT, Schema
from whoosh.highlight import ContextFragmenter, Formatter, get_text
from whoosh.index import create_in, open_dir
from whoosh.qparser import MultifieldParser
from whoosh.searching import Results

from search_index.analysis import stem_of
from search_index.stemming import stop_words
from search_index.words import elides, words_and_compounds

_FIELDS = ("title", "answer", "asked", "tags", "body")
_RUN = re.compile(r"[^\s.,;:!?()\[\]{}\"“”‘’…]+(?:[.,:’'][^\s.,;:!?()\[\]{}\"“”‘’…]+)*")
"""Text between spaces, without the punctuation around it: what is marked as a whole."""


class _Words(Tokenizer):  # type: ignore[misc]
    """Our words as Whoosh's tokens, so that staff and customers search the same words."""

    def __init__(self, eliding: bool) -> None:
        self.eliding = eliding

    def __call__(
        self,
        value: str,
        positions: bool = False,
        chars: bool = False,
        keeporiginal: bool = False,
        removestops: bool = True,
        start_pos: int = 0,
        start_char: int = 0,
        mode: str = "",
        **_: object,
    ) -> Iterator[Token]:
        token = Token(positions, chars, removestops=removestops, mode=mode)
        place = start_pos
        for run in _RUN.finditer(value):
            found = words_and_compounds(run.group(), eliding=self.eliding)
            for word, offset in found:
                token.text = word
                token.boost = 1.0
                token.stopped = False
                if keeporiginal:
                    token.original = word
                if positions:
                    token.pos = place + offset
                if chars:
                    token.startchar, token.endchar = start_char + run.start(), start_char + run.end()
                yield token
            place += found[-1][1] + 1 if found else 0


class _Marked(Formatter):  # type: ignore[misc]
    """Marks what was found as plain text: ‹refund›."""

    def format_token(self, text: str, token: Token, replace: bool = False) -> str:
        return f"‹{get_text(text, token, replace)}›"


@dataclass(frozen=True, slots=True)
class Row:
    """A document as the staff's index stores it; ``digest`` shows whether it has changed."""

    id: str
    digest: str
    url: str
    title: str
    audience: str
    answer: str
    asked: str
    tags: str
    body: str


@dataclass(frozen=True, slots=True)
class Found:
    """One stored document that was found; ``highlight`` is plain text with the words found between ‹ and ›."""

    id: str
    title: str
    url: str
    audience: str
    highlight: str
    score: float


class Engine:
    """A Whoosh index in a folder. A folder that holds no index, or one that can't be read, is replaced."""

    def __init__(self, folder: Path, language: str) -> None:
        eliding = elides(language)
        analyser = (
            _Words(eliding)
            | StopFilter(stoplist=stop_words(language, eliding=eliding), minsize=1)
            | StemFilter(stemfn=partial(stem_of, language=language))
        )

        def text(boost: float = 1.0) -> TEXT:
            return TEXT(analyser, stored=True, spelling=True, field_boost=boost)

        fields = {
            "id": ID(unique=True, stored=True),
            "audience": ID(stored=True),
            "title": text(3.0),
            "answer": text(1.5),
            "asked": text(2.0),
            "tags": text(),
            "body": text(),
        }
        self._schema = Schema(**fields, digest=STORED, url=STORED)
        # Whoosh raises for a query of a field that is only stored; to a parser that knows none, `url:` is text.
        self._searched = Schema(**fields)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self._index = open_dir(str(folder), schema=self._schema)
        except Exception:  # whatever a broken or foreign index raises, a new one is the cure
            shutil.rmtree(folder)
            folder.mkdir(parents=True)
            self._index = create_in(str(folder), self._schema)

    def digests(self) -> dict[str, str]:
        """The digest of every stored document, by id."""
        with self._index.searcher() as searcher:
            return {fields["id"]: fields["digest"] for fields in searcher.all_stored_fields()}

    def write(self, rows: Iterable[Row], gone: Iterable[str]) -> None:
        """Store rows, in place of those with the same id, and take out the ids in ``gone``."""
        with self._index.writer(timeout=30.0) as writer:
            for id in gone:
                writer.delete_by_term("id", id)
            for row in rows:
                writer.update_document(**asdict(row))

    def find(self, query: str, limit: int) -> tuple[str, list[Found]]:
        """(a better spelling or nothing, what was found) for a query in Whoosh's language."""
        parser = MultifieldParser(list(_FIELDS), self._searched)
        with self._index.searcher() as searcher:
            parsed = parser.parse(query)
            found = self._hits(searcher.search(parsed, limit=limit, terms=True))
            if found:
                return "", found
            for field in ("title", "asked", "body"):
                try:
                    corrected = searcher.correct_query(parsed, query, aliases=dict.fromkeys(_FIELDS, field)).string
                except (TypeError, AttributeError):
                    # Of `gift:card`, `*card` or `[a TO b]` Whoosh doesn't give the positions of its words in the query.
                    break
                if corrected != query and len(searcher.search(parser.parse(corrected), limit=1)):
                    return corrected, []
            return "", []

    def more_like(self, id: str, limit: int) -> list[Found]:
        """Documents with the words that are most telling of this one; none for an unknown id."""
        with self._index.searcher() as searcher:
            number = searcher.document_number(id=id)
            if number is None:
                return []
            return self._hits(searcher.more_like(number, "body", top=limit, numterms=15))

    @staticmethod
    def _hits(results: Results) -> list[Found]:
        results.formatter = _Marked()
        results.fragmenter = ContextFragmenter(maxchars=160, surround=40)
        found = []
        for hit in results:
            marked = (hit.highlights(field) for field in ("answer", "body", "title"))
            # Words of phrasings, tags and ids are in none of these.
            shown = next(filter(None, marked), hit["answer"] or shorten(hit["body"], 160, placeholder="…"))
            score = round(float(hit.score), 3)
            found.append(Found(hit["id"], hit["title"], hit["url"], hit["audience"], " ".join(shown.split()), score))
        return found
