"""Related articles."""

from search_index import Document, Section, analyse, related

DOCUMENTS = [
    Document(
        f"{topic}-{n}",
        f"{topic}/{n}/",
        f"{topic} {extra}",
        sections=(Section("", "", f"all about {topic} and {extra}"),),
    )
    for topic, extras in {"refund": ["money", "bank", "delay"], "parcel": ["courier", "island", "delay"]}.items()
    for n, extra in enumerate(extras)
]


def test_neighbours_share_rare_words():
    found = related([analyse(document, "en") for document in DOCUMENTS])
    assert found["refund-0"] == ("refund-1", "refund-2")
    assert found["refund-2"][0] == "parcel-2"
    assert all(id not in others for id, others in found.items())


def test_limit_order_and_lonely_documents():
    analyses = [analyse(document, "en") for document in DOCUMENTS]
    assert related(analyses, limit=1) == related(analyses[::-1], limit=1)
    assert all(len(others) <= 1 for others in related(analyses, limit=1).values())
    assert related([analyse(Document("alone", "a/", "Alone"), "en")]) == {"alone": ()}
    assert related([]) == {}
