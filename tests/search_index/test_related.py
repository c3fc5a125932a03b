"""Related articles."""

from dataclasses import replace

from search_index import Document, Section, Vectors, analyse, collect, invert, related, vectors

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


def compared(*documents: Document) -> Vectors:
    return vectors(collect([invert(analyse(document, "en") for document in documents)], language="en"))


def test_neighbours_share_rare_words():
    found = related(compared(*DOCUMENTS))
    assert found["refund-0"] == ("refund-1", "refund-2")
    assert found["refund-2"][0] == "parcel-2"
    assert all(id not in others for id, others in found.items())


def test_an_edit_of_words_that_are_not_compared_keeps_the_digest() -> None:
    before = compared(*DOCUMENTS)
    first, *others = DOCUMENTS
    (section,) = first.sections
    # A word of its own, and one that all the others have.
    more = replace(first, sections=(replace(section, text=f"{section.text} aardvark and all"),))
    assert compared(more, *others).digest == before.digest
    told = replace(first, sections=(replace(section, text=f"{section.text} island"),))
    assert compared(told, *others).digest != before.digest
    assert compared(*DOCUMENTS, Document("one-more", "o/", "Another")).digest != before.digest


def test_limit_order_and_lonely_documents():
    nearest = related(compared(*DOCUMENTS), limit=1)
    assert nearest == related(compared(*DOCUMENTS[::-1]), limit=1)
    assert all(len(others) <= 1 for others in nearest.values())
    assert related(compared(Document("alone", "a/", "Alone"))) == {"alone": ()}
    assert related(compared()) == {}
