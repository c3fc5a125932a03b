"""After random edits every address that was ever published answers on a real host and in a browser."""

import http.client
import random
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.nginx import serving
from tests.walk import Editors, Published, build_public, check, walk

CASES = [
    pytest.param(3, 10, 8),
    *(pytest.param(seed, 200, 60, marks=pytest.mark.exhaustive) for seed in range(3, 6)),
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


def wrong_on_host(server: str, ever: dict[str, str]) -> Iterator[tuple[str, object]]:
    """Addresses, without their fragments, that are neither a page nor one redirect away from one, nor gone."""
    for address in sorted({address.partition("#")[0] for address in ever}):
        status, location = answer(server, f"/{address}?from=sms")
        if status == 301:
            if "from=sms" not in location:
                yield address, f"loses the query: {location}"
            status, onward = answer(server, location.partition("#")[0])
            if status == 301:
                yield address, f"a second redirect, to {onward}"
        if status not in (200, 410):
            yield address, status


@pytest.mark.parametrize(("seed", "steps", "articles"), CASES)
def test_after_random_edits_every_address_answers_on_a_host_and_in_a_browser(
    tmp_path: Path, browser: Browser, seed: int, steps: int, articles: int
) -> None:
    root = tmp_path / "project"
    editors, ever = Editors(root, seed, articles), dict[str, str]()
    assert build_public(root) == ""
    check(root, ever, "the first build")
    for step, name, refusal in walk(root, editors, steps):
        if not refusal:
            check(root, ever, (step, name))
            with serving(root / "site", root / ".kb", tmp_path / "nginx") as server:
                assert list(wrong_on_host(server, ever)) == [], (step, name)
    pages = sorted(address for address in ever if not address or address.partition("#")[0].endswith("/"))
    asked = random.Random(seed).sample(pages, min(len(pages), 40))
    site = Published(root / "site")
    with serving(root / "site", root / ".kb", tmp_path / "nginx") as server:
        for scripts in (True, False):
            with browser.new_context(java_script_enabled=scripts) as context:
                tab = context.new_page()
                for address in asked:
                    tab.goto("about:blank")  # Another fragment of the same page would not load it again.
                    tab.goto(f"{server}/{quote(address, safe='/#%')}")
                    shows_an_answer(tab, site, address, ever[address], scripts=scripts)


def shows_an_answer(tab: Page, site: Published, address: str, owner: str, *, scripts: bool) -> None:
    """The tab shows a page with a heading, and with scripts the part of it that the address names."""
    said = site.answer(address, owner)
    url = urlsplit(f"/{address}")
    if said == "redirect" or (scripts and url.fragment):
        expect(tab.locator("#kb--target")).to_have_count(0)
    heading = tab.get_by_role("heading", level=1)
    assert heading.count() == 1, (address, tab.url)
    notice = tab.locator(".kb-page--withdrawn").count() > 0
    assert notice or said != "notice" or not scripts, (address, tab.url)
    shown = tab.locator("[data-article]")
    anchor = unquote(urlsplit(tab.url).fragment)
    if scripts and url.fragment and anchor and shown.count() and shown.get_attribute("data-article") == owner:
        # Another article, which an old one was merged into, may not have its headings.
        assert tab.evaluate("id => document.getElementById(id) !== null", anchor), (address, tab.url)
