"""After random edits every address that was ever published answers on a real host and in a browser."""

import http.client
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.nginx import serving
from tests.walk import Editors, Published, build_public, check, walk

CASES = [
    pytest.param(3, 10, 8),
    *(pytest.param(seed, 200, 60, marks=pytest.mark.exhaustive) for seed in range(6)),
]


def answer(server: str, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=20)
    try:
        connection.request("GET", quote(path, safe="/?&=%#"))
        response = connection.getresponse()
        response.read()
        return response.status, response.getheader("Location", "")
    finally:
        connection.close()


def wrong_on_host(answers: dict[str, tuple[int, str]], server: str) -> Iterator[tuple[str, object]]:
    """Addresses that are neither a page nor one redirect away from one, nor gone."""
    for address, (status, location) in answers.items():
        if status == 301:
            if "from=sms" not in location:
                yield address, f"loses the query: {location}"
            status, onward = answer(server, location.partition("#")[0])
            if status == 301:
                yield address, f"a second redirect, to {onward}"
        if status not in (200, 410):
            yield address, status


class Readers:
    """Two readers, one with scripts and one without, who open the addresses they have."""

    def __init__(self, browser: Browser, stack: ExitStack) -> None:
        self.tabs = {
            scripts: stack.enter_context(browser.new_context(java_script_enabled=scripts)).new_page()
            for scripts in (True, False)
        }
        self.seen: dict[str, object] = {}
        self.opened = 0

    def read(self, root: Path, ever: dict[str, str], folder: Path, context: object) -> None:
        """Asks the host for every address, and opens in both tabs those whose answer may be another than before."""
        site = Published(root / "site")
        pages = [address for address in ever if not address or address.partition("#")[0].endswith("/")]
        with serving(root / "site", root / ".kb", folder) as server:
            urls = sorted({address.partition("#")[0] for address in ever})
            answers = {url: answer(server, f"/{url}?from=sms") for url in urls}
            assert list(wrong_on_host(answers, server)) == [], context
            changed = []
            for address in sorted(pages):
                decisive = (answers[address.partition("#")[0]], site.decisive(address))
                if self.seen.get(address) != decisive:
                    changed.append(address)
                    self.seen[address] = decisive
            self.opened += len(changed)
            for scripts, tab in self.tabs.items():
                for address, others in self.visits(site, changed, scripts=scripts).items():
                    tab.goto("about:blank")  # Another fragment of the same page would not load it again.
                    tab.goto(f"{server}/{quote(address, safe='/#%')}", wait_until="domcontentloaded")
                    for one in (address, *others):
                        shows_an_answer(tab, site, one, ever[one], scripts=scripts, loaded=one is address)

    @staticmethod
    def visits(site: Published, addresses: list[str], *, scripts: bool) -> dict[str, list[str]]:
        """Each address to load → others that the same load shows.

        Without scripts a fragment decides nothing of what is loaded. With scripts it decides nothing where the page
        itself is shown and none of its anchors leads on: the browser then scrolls to the element, which has to exist.
        """
        found: dict[str, list[str]] = {}
        first: dict[str, str] = {}
        for address in addresses:
            url, _, anchor = address.partition("#")
            alone = scripts and anchor and site.leads_on(url)
            if alone or url not in first:
                found[address] = []
                first.setdefault(url, address)
            else:
                found[first[url]].append(address)
        return found


@pytest.mark.parametrize(("seed", "steps", "articles"), CASES)
def test_after_random_edits_every_address_answers_on_a_host_and_in_a_browser(
    tmp_path: Path, browser: Browser, seed: int, steps: int, articles: int
) -> None:
    """After each accepted build every address ever published is asked for on nginx, and every page is opened in a
    browser, with scripts and without.

    A page is opened again when something has changed that decides what a browser does there: the host's status and
    target, and of each page that it leads over the ids, the kind, the headings of the first level, the target, and the
    scripts with what they read. Where all of that is the same, the words around it can't make another page come up, nor
    can a part that an address names be missing.
    """
    root = tmp_path / "project"
    editors, ever = Editors(root, seed, articles), dict[str, str]()
    assert build_public(root) == ""
    check(root, ever, "the first build")
    with ExitStack() as stack:
        readers = Readers(browser, stack)
        readers.read(root, ever, tmp_path / "nginx", "the first build")
        for step, name, refusal in walk(root, editors, steps):
            if not refusal:
                check(root, ever, (step, name))
                readers.read(root, ever, tmp_path / "nginx", (step, name))
    assert readers.opened >= len({address for address in ever if not address or address.endswith("/")})


def shows_an_answer(tab: Page, site: Published, address: str, owner: str, *, scripts: bool, loaded: bool) -> None:
    """The tab shows a page with a heading, and with scripts the part of it that the address names. If another address
    was ``loaded``, its fragment is not the one that counts."""
    said = site.answer(address, owner)
    url = urlsplit(f"/{address}")
    if said == "redirect" or (scripts and url.fragment):
        expect(tab.locator("#kb--target")).to_have_count(0)
    heading = tab.get_by_role("heading", level=1)
    assert heading.count() == 1, (address, tab.url)
    notice = tab.locator(".kb-page--withdrawn").count() > 0
    assert notice or said != "notice" or not scripts, (address, tab.url)
    shown = tab.locator("[data-article]")
    anchor = unquote(urlsplit(tab.url).fragment if loaded else url.fragment)
    if scripts and url.fragment and anchor and shown.count() and shown.get_attribute("data-article") == owner:
        # Another article, which an old one was merged into, may not have its headings.
        assert tab.evaluate("id => document.getElementById(id) !== null", anchor), (address, tab.url)
