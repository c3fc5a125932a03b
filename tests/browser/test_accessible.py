"""axe finds nothing on any kind of page, and nothing sticks out at 320 px, at 200 % zoom or from right to left."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Host
from tests.browser.example_pages import examples, hostile_examples
from tests.browser.render_examples import write_examples

FILES = [example.file for example in examples() if example.kind != "redirect"]
HOSTILE_FILES = [example.file for example in hostile_examples()]
OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def rtl_host(host_of: Any, tmp_path_factory: pytest.TempPathFactory) -> Host:
    folder = tmp_path_factory.mktemp("rtl")
    write_examples(folder, language="ar", direction="rtl")
    host: Host = host_of(folder)
    return host


@pytest.fixture
def page_at(browser: Browser) -> Iterator[Any]:
    contexts = []

    def open_at(width: int, scheme: Any = "light") -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        return context.new_page()

    yield open_at
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_axe_finds_nothing(examples_host: Host, page_at: Any, width: int, scheme: str) -> None:
    page = page_at(width, scheme)
    found = {}
    for file in [*FILES, *HOSTILE_FILES]:
        page.goto(examples_host.url + file, wait_until="networkidle" if "staff" in file else "load")
        for violation in Axe().run(page, options=OPTIONS).response["violations"]:
            found[f"{file}: {violation['id']}"] = [node["html"][:200] for node in violation["nodes"]][:3]
    assert found == {}


@pytest.mark.parametrize("width", [320, 640])
def test_nothing_sticks_out(examples_host: Host, page_at: Any, width: int) -> None:
    assert sticking_out(page_at(width), examples_host.url, [*FILES, *HOSTILE_FILES]) == {}


def test_nothing_sticks_out_from_right_to_left(rtl_host: Host, page_at: Any) -> None:
    assert sticking_out(page_at(320), rtl_host.url, [*FILES, *HOSTILE_FILES]) == {}


def sticking_out(page: Page, url: str, files: list[str]) -> dict[str, int]:
    found = {}
    for file in files:
        page.goto(url + file)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            found[file] = over
    return found


SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, summary, input, select")]
  .filter((element) => element.checkVisibility() && !element.closest("p, .md-typeset li, h2, .kb-topic"))
  .filter((element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > 1 && Math.min(width, height) < 24;
  })
  .map((element) => element.outerHTML.slice(0, 120))"""


def test_targets_are_large_enough_for_a_thumb(examples_host: Host, page_at: Any) -> None:
    """WCAG 2.2 SC 2.5.8: 24 px, links within a sentence or a heading excepted; a card is a target as a whole."""
    page = page_at(320)
    small = {}
    for file in FILES:
        page.goto(examples_host.url + file)
        small[file] = page.evaluate(SMALL_TARGETS)
    assert {file: elements for file, elements in small.items() if elements} == {}


def test_every_page_says_its_language_and_has_one_first_heading(examples_host: Host) -> None:
    for file in FILES:
        html = Path(examples_host.folder, file).read_text()
        assert '<html lang="en" dir="ltr"' in html
        if "staff/" not in file:
            assert html.count("<h1") == 1
