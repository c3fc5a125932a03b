"""The staff's index: every article, staff-only ones included, kept up to date in a folder that is never published."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from search_index.document import Document
from search_index.whoosh_adapter import Engine, Found, Row


@dataclass(frozen=True, slots=True)
class StaffResults:
    """The hits; ``corrected`` is a spelling to try, only when nothing was."""

    query: str
    corrected: str
    hits: tuple[Found, ...]


class StaffIndex:
    """Searches a folder of its own with Whoosh's query language: fields, phrases, wildcards, AND, OR, NOT."""

    def __init__(self, folder: Path, language: str) -> None:
        self._engine = Engine(folder, language)

    def update(self, documents: Sequence[Document]) -> int:
        """Make the index hold exactly these documents, and say how many had to be written or taken out."""
        rows = {document.id: _row(document) for document in documents}
        stored = self._engine.digests()
        changed = [row for row in rows.values() if stored.get(row.id) != row.digest]
        gone = sorted(stored.keys() - rows.keys())
        if changed or gone:
            self._engine.write(changed, gone)
        return len(changed) + len(gone)

    def find(self, query: str, limit: int = 10) -> StaffResults:
        """The best documents for a query such as ``title:refund AND "30 days"`` or ``cancel*``."""
        clean = query.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        corrected, hits = self._engine.find(clean, limit)
        return StaffResults(clean, corrected, tuple(hits))

    def more_like(self, id: str, limit: int = 5) -> tuple[Found, ...]:
        """The documents most like this one; none if the id is unknown."""
        return tuple(self._engine.more_like(id, limit))


def _row(document: Document) -> Row:
    return Row(
        id=document.id,
        digest=hashlib.sha256(repr(document).encode("utf-8", "backslashreplace")).hexdigest(),
        url=document.url,
        title=document.title,
        audience=document.audience,
        answer=document.answer,
        asked="\n".join(document.asked_as),
        tags="\n".join(document.tags),
        body="\n\n".join(f"{section.heading}\n{section.text}".strip() for section in document.sections),
    )
