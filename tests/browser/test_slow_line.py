"""What search costs on a bad line, 400 kbit/s and 400 ms: bytes, requests and rounds, which no machine changes."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.corpus import articles, read_source
from benchmarks.search_corpus import documents, questions
from search_index import analyse, build_index
from tests.browser.conftest import ROOT, Host
from tests.browser.test_light import BAD_LINE
from tests.nginx import serving
from tests.servers import let_servers_read

pytestmark = [pytest.mark.slow, pytest.mark.exhaustive]

QUERIES = 7
FIRST = {1_000: 45_000, 10_000: 75_000}
"""Articles → bytes before the first results, scripts and all."""
FURTHER = 20_000
A_LETTER = 220
"""Milliseconds from one letter to the next."""
RESULTS = 5
SHARDS = 12
"""Requests of a query, once the root is there."""


@dataclass
class Line:
    """A help centre on a bad line, as a host with the headers of docs/publishing.md serves it."""

    url: str
    articles: int
    queries: list[str]


@dataclass
class Fetched:
    """A request: when it began and ended, and the bytes of its answer as they travel, without headers."""

    path: str
    start: float
    end: float = float("inf")
    size: int = 0


@pytest.fixture(scope="module", params=[1_000, 10_000])
def line(request: pytest.FixtureRequest, demo_host: Host, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """The demo with the search of many articles, whose text is drawn from the demo's."""
    folder = tmp_path_factory.mktemp("line")
    site = folder / "site"
    shutil.copytree(demo_host.folder, site)
    shutil.copytree(ROOT / "content/articles/faq", folder / "text", ignore=shutil.ignore_patterns("*.??.md"))
    collection = documents(articles(read_source(folder / "text"), request.param, seed=1))
    index = site / "search/index"
    shutil.rmtree(index)
    for name, data in build_index([analyse(each, "en") for each in collection], language="en").files.items():
        (index / name).parent.mkdir(parents=True, exist_ok=True)
        (index / name).write_bytes(data)
    asked = [each.text for each in questions(collection, QUERIES, seed=1) if each.kind == "title words"]
    let_servers_read(site)
    with serving(site, ROOT / ".kb", folder / "nginx") as server:
        yield Line(f"{server}/", request.param, asked)


def listen(tab: Page) -> dict[str, Fetched]:
    """Slows the line down; what is fetched from now on comes into the list, by the number of the request."""
    fetched: dict[str, Fetched] = {}

    def begun(event: dict[str, Any]) -> None:
        fetched[event["requestId"]] = Fetched(event["request"]["url"], event["timestamp"])

    def ended(event: dict[str, Any]) -> None:
        if found := fetched.get(event["requestId"]):
            found.end = event["timestamp"]

    def came(event: dict[str, Any]) -> None:
        if found := fetched.get(event["requestId"]):
            found.size += event["encodedDataLength"]

    session = tab.context.new_cdp_session(tab)
    session.on("Network.requestWillBeSent", begun)
    session.on("Network.dataReceived", came)
    session.on("Network.loadingFinished", ended)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", BAD_LINE)
    return fetched


def paste(tab: Page, query: str, fetched: dict[str, Fetched]) -> list[Fetched]:
    """What is fetched until the results of ``query`` are there."""
    fetched.clear()
    tab.get_by_role("combobox").first.fill(query)
    return all_of(tab, fetched)


def finish(tab: Page, query: str, fetched: dict[str, Fetched]) -> list[Fetched]:
    """What is fetched from the last letter of ``query`` on, which is typed."""
    box = tab.get_by_role("combobox").first
    box.press_sequentially(query[:-1], delay=A_LETTER)
    fetched.clear()
    box.press_sequentially(query[-1])
    return all_of(tab, fetched)


def all_of(tab: Page, fetched: dict[str, Fetched]) -> list[Fetched]:
    tab.wait_for_timeout(500)
    expect(tab.locator("[data-kb=search] mark").first).to_be_visible(timeout=60_000)
    count = -1
    while count != len(fetched) or any(each.end == float("inf") for each in fetched.values()):
        count = len(fetched)
        tab.wait_for_timeout(1_500)
    return list(fetched.values())


def rounds(fetched: list[Fetched]) -> int:
    """The longest chain of requests of which each began when the one before had ended."""
    depths: list[tuple[Fetched, int]] = []
    for each in sorted(fetched, key=lambda each: each.start):
        depths.append((each, 1 + max((depth for other, depth in depths if other.end <= each.start), default=0)))
    return max((depth for _, depth in depths), default=0)


def test_a_query_pasted_into_a_cold_page(line: Line, browser: Browser) -> None:
    first, further = [], []
    for query, other in zip(line.queries, [*line.queries[1:], line.queries[0]], strict=True):
        context = browser.new_context(viewport={"width": 390, "height": 800})
        tab = context.new_page()
        fetched = listen(tab)
        tab.goto(line.url, wait_until="networkidle")
        first.append(paste(tab, query, fetched))
        further.append(paste(tab, other, fetched))
        context.close()
    assert median(sum(each.size for each in requests) for requests in first) <= FIRST[line.articles]
    assert median(sum(each.size for each in requests) for requests in further) <= FURTHER
    for queries in (first, further):
        shards = [[each for each in requests if "/shards/" in each.path] for requests in queries]
        assert median(map(len, shards)) <= SHARDS
        assert median(map(rounds, shards)) <= 2
    # The root, and what is pinned, come while the scripts do.
    assert median(map(rounds, first)) <= 3
    for requests in first:
        root = next(each for each in requests if each.path.endswith("/root.bin"))
        reader = next(each for each in requests if each.path.endswith("/search/index.mjs"))
        assert root.start < reader.end


def test_only_the_documents_are_left_to_fetch_when_the_last_letter_is_typed(line: Line, browser: Browser) -> None:
    last = []
    for query in line.queries:
        context = browser.new_context(viewport={"width": 390, "height": 800})
        tab = context.new_page()
        fetched = listen(tab)
        tab.goto(line.url, wait_until="networkidle")
        last.append(finish(tab, query, fetched))
        context.close()
    assert median(map(rounds, last)) <= 1
    assert median(map(len, last)) <= RESULTS
