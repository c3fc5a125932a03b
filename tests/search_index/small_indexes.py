"""Small indexes for tests: documents in a line, a dozen others around them, and what a query finds."""

from search_index import Document, IndexFiles, Reader, Section, analyse, build_index, parse_synonyms

FILLER = [
    Document(f"filler-{n}", f"f/{n}/", f"Entry {n}", sections=(Section("", "", f"nothing of note in text {n}"),))
    for n in range(12)
]


def reader(*documents: Document, language: str = "en", synonyms: str = "") -> Reader:
    return Reader(index(*documents, language=language, synonyms=synonyms).files.__getitem__)


def index(*documents: Document, language: str = "en", synonyms: str = "") -> IndexFiles:
    parsed, problems = parse_synonyms(synonyms, "en.txt")
    assert not problems
    return build_index(
        [analyse(document, language) for document in (*documents, *FILLER)], language=language, synonyms=parsed
    )


def found(search: Reader, query: str, **options: bool) -> list[str]:
    return [hit.id for hit in search.search(query, **options).hits]


def article(id: str, title: str, text: str = "", **more: object) -> Document:
    return Document(id, f"{id}/", title, sections=(Section("", "", text),), **more)  # type: ignore[arg-type]
