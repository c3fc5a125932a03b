"""Related articles."""

from search_index import Corpus, Document, Section, analyse, collect, invert, related

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


def corpus(*documents: Document) -> Corpus:
    return collect([invert(analyse(document, "en") for document in documents)], language="en")


def test_neighbours_share_rare_words():
    found = related(corpus(*DOCUMENTS))
    assert found["refund-0"] == ("refund-1", "refund-2")
    assert found["refund-2"][0] == "parcel-2"
    assert all(id not in others for id, others in found.items())


def test_limit_order_and_lonely_documents():
    nearest = related(corpus(*DOCUMENTS), limit=1)
    assert nearest == related(corpus(*DOCUMENTS[::-1]), limit=1)
    assert all(len(others) <= 1 for others in nearest.values())
    assert related(corpus(Document("alone", "a/", "Alone"))) == {"alone": ()}
    assert related(corpus()) == {}
