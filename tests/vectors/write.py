"""Writes down what the readers answer: ``python -m tests.vectors.write``, after a change of the ranking that is meant.

A vector is JSON: the documents, the language and the synonyms of an index, queries, and per query what is found.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from search_index import Document, IndexFiles, Reader, Section, analyse, build_index, parse_synonyms

VECTORS = Path(__file__).parent


def read(vector: Mapping[str, Any]) -> tuple[IndexFiles, list[str]]:
    """The index of a vector, built again, and its queries."""
    documents = [
        Document(
            **{
                **document,
                "asked_as": tuple(document.get("asked_as", ())),
                "tags": tuple(document.get("tags", ())),
                "sections": tuple(Section(*section) for section in document.get("sections", ())),
            }
        )
        for document in vector["documents"]
    ]
    synonyms, problems = parse_synonyms("\n".join(vector["synonyms"]), "vector")
    assert not problems
    analyses = [analyse(document, vector["language"]) for document in documents]
    return build_index(analyses, language=vector["language"], synonyms=synonyms), vector["queries"]


def expected(index_files: IndexFiles, queries: Sequence[str]) -> list[dict[str, Any]]:
    """What the reference reader finds."""
    reader = Reader(index_files.files.__getitem__)
    found = []
    for query in queries:
        results = reader.search(query)
        hits = [[hit.id, hit.score, hit.section, hit.excerpt] for hit in results.hits]
        found.append({"query": results.query, "corrected": results.corrected, "hits": hits})
    return found


def main() -> None:
    for path in sorted(VECTORS.glob("*.json")):
        vector = json.loads(path.read_text("utf-8"))
        vector["expected"] = expected(*read(vector))
        path.write_text(json.dumps(vector, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
