"""The modules that only compute, asked in Chromium: which words to mark, what an old address says, finding a title."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

from tests.browser.conftest import ROOT, Host

COMPONENTS = ROOT / "theme/components"
CALL = "async ([module, name, ...given]) => (await import(module))[name](...given)"


@pytest.fixture(scope="module")
def call(browser: Browser, examples_host: Host):
    page = browser.new_page()
    page.goto(examples_host.url)
    # Asked as they are written: some are published as a part of the module beside them.
    start = f"{examples_host.url}components/"
    page.route(f"{start}**", lambda route: route.fulfill(path=COMPONENTS / route.request.url.removeprefix(start)))
    yield lambda module, name, *given: page.evaluate(CALL, [start + module, name, *given])
    page.close()


def marked(pieces: list[dict]) -> str:
    return "".join(f"[{piece['text']}]" if piece["marked"] else piece["text"] for piece in pieces)


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("Cancel an order", "cancel", "[Cancel] an order"),
        ("Cancelled orders", "cancel order", "[Cancelled] [orders]"),
        ("Cancel an order", "cancelling", "[Cancel] an order"),
        ("A to Z", "a", "A to Z"),
        ("Größe ändern", "GRÖSSE ändern", "Größe [ändern]"),
        ("हिन्दी में", "हिन्दी", "[हिन्दी] में"),
        ("<b>bold</b>", "b bold", "<b>[bold]</b>"),
        ("Do my parcels come in myriads", "my par", "Do [my] [parcels] come in myriads"),
        ("nothing", "", "nothing"),
        ("", "word", ""),
    ],
)
def test_words_to_mark(call, text: str, query: str, expected: str) -> None:
    assert marked(call("search-box/words.mjs", "pieces", text, query)) == expected


@settings(max_examples=30)
@given(text=st.text(st.characters(exclude_categories=["Cs"])), query=st.text(st.characters(exclude_categories=["Cs"])))
def test_marking_never_changes_the_text(call, text: str, query: str) -> None:
    pieces = call("search-box/words.mjs", "pieces", text, query)
    assert "".join(piece["text"] for piece in pieces) == text


@pytest.mark.parametrize(
    ("path", "ids", "words"),
    [
        (
            "/hc/en-us/articles/360012345-Cancel-an-order",
            ["360012345-cancel-an-order", "360012345", "cancel-an-order"],
            "Cancel an order",
        ),
        ("/help/late_parcel.html", ["late-parcel"], "late parcel"),
        ("/a/old-id/", ["old-id"], "a old id"),
        ("/r%C3%BCckgabe/", ["r-ckgabe"], "rückgabe"),
        ("/%E0%A4%A/x", ["x"], "E A A x"),
        ("/", [], ""),
    ],
)
def test_clues_of_an_address(call, path: str, ids: list[str], words: str) -> None:
    assert call("nearest/address.mjs", "clues", path) == {"ids": ids, "words": words}


def test_answers_with_most_words_in_the_title_come_first(call) -> None:
    articles = [
        {"id": name, "title": title}
        for name, title in (("a", "My parcel is late"), ("b", "Parcel shops"), ("c", "Returns"))
    ]

    def found(query: str, among: list[dict[str, object]] = articles) -> list[object]:
        return [item["id"] for item in call("replies/find.mjs", "byWords", among, query)]

    assert found("parcel") == ["b", "a"]
    assert found("late PARCEL?") == ["a"]
    assert len(found("")) == 3
    asked = {"id": "strike", "title": "Courier strike", "asked": ["is the strike over"]}
    note = {"id": "a.note", "title": "My parcel is late", "text": "Never promise a refund."}
    assert found("is the strike over?", [*articles, asked, note]) == ["strike"]
    assert call("replies/find.mjs", "isAsked", asked, "Is the  strike over??")
    assert not call("replies/find.mjs", "isAsked", note, "is the strike over")
    assert found("promise parcel", [*articles, asked, note]) == ["a.note"]


def test_notes_for_staff_are_found_beside_replies(call) -> None:
    articles = [{"id": "a", "title": "A", "replies": {}}, {"id": "b", "title": "B", "audience": "staff"}]
    notes = [{"id": "b", "title": "B", "text": "inside"}, {"id": "a.note", "title": "A", "text": "hint"}]
    found = call("replies/find.mjs", "withNotes", articles, notes)
    assert found == [articles[0], {**articles[1], "text": "inside"}, notes[1]]
