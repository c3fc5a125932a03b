"""The modules that only compute, asked in Chromium: words to mark, an old address, a title, words for a channel."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Route

from kb_builder.support.channel_query import channel_of, words_for
from tests.browser.conftest import ROOT, Host
from tests.support.test_channel_query import CHANNELS, cases

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
    assert found("promise parcel", [*articles, asked, note]) == ["a.note"]

    def order(query: str, corrected: str = "") -> list[object]:
        ranked = [{"id": "b", "title": "Parcels", "replies": {}}, {"id": "d", "title": "Delivery", "replies": {}}]
        return [item["id"] for item in call("replies/find.mjs", "inOrder", [asked, note], ranked, query, corrected)]

    assert order("Is the  strike over??") == ["strike", "b", "a.note", "d"]
    assert order("strike parcel") == ["b", "strike", "a.note", "d"]
    assert order("courier strike") == order("strike") == ["strike", "b", "a.note", "d"], "named so"
    assert order("over") == ["b", "strike", "a.note", "d"], "a word of a phrase is no name of what can't be sent"
    assert order("parcels") == ["b", "strike", "a.note", "d"], "as the best answer is"
    assert order("goodwill", "good will") == ["strike", "a.note", "b", "d"], "found as it was typed"


def test_notes_for_staff_are_found_beside_replies(call) -> None:
    articles = [{"id": "a", "title": "A", "replies": {}}, {"id": "b", "title": "B", "audience": "staff"}]
    notes = [{"id": "b", "title": "B", "text": "inside"}, {"id": "a.note", "title": "A", "text": "hint"}]
    found = call("replies/find.mjs", "withNotes", articles, notes)
    assert found == [articles[0], {**articles[1], "text": "inside"}, notes[1]]


LANGUAGES = sorted({language for language, *_ in cases()})


@pytest.fixture(scope="module")
def channel_named(browser: Browser, examples_host: Host):
    """A function from a language and queries to the kind of channel that each of them names in the browser."""
    page = browser.new_page()
    page.goto(examples_host.url)
    written = (COMPONENTS / "search-box/channel-query.mjs").read_text("utf-8")

    def answer(route: Route) -> None:
        language = route.request.url.rpartition("-")[2].removesuffix(".mjs")
        filled = written.replace("const listed = {};", f"const listed = {json.dumps(words_for(language))};")
        route.fulfill(body=filled, content_type="text/javascript")

    page.route("**/asked-*.mjs", answer)
    channels = [
        {"kind": channel.kind, "label": channel.label, "address": channel.address, "href": channel.href}
        for channel in CHANNELS
    ]

    def named(language: str, queries: list[str]) -> list[str]:
        found = page.evaluate(
            """async ([module, queries, channels]) => {
              const { channelOf } = await import(module);
              return queries.map((query) => channels[channelOf(query, channels)]?.kind ?? "");
            }""",
            [f"{examples_host.url}asked-{language}.mjs", queries, channels],
        )
        return list(found)

    yield named
    page.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_for_a_channel_in_every_language(channel_named, language: str) -> None:
    asked = [(query, kind) for code, query, kind in cases() if code == language]
    assert channel_named(language, [query for query, _ in asked]) == [kind for _, kind in asked]


def named_here(language: str, query: str) -> str:
    channel = channel_of(query, CHANNELS, language)
    return channel.kind if channel else ""


@settings(max_examples=20, deadline=None)
@given(data=st.data(), language=st.sampled_from(LANGUAGES))
def test_the_browser_and_the_command_line_name_the_same_channel(channel_named, data, language: str) -> None:
    words = [word for listed in words_for(language).values() for word in listed]
    other = ["Parcel", "my-order", "020 7946", "0000", "É", "ß", "?", "'s", "LS1"]
    query = st.lists(st.sampled_from([*words, *other]), max_size=6).map(" ".join)
    queries = data.draw(st.lists(query, min_size=20, max_size=20))
    assert channel_named(language, queries) == [named_here(language, query) for query in queries]
