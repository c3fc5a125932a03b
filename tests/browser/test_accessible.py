"""Three checkers find nothing on any kind of page, and nothing sticks out at 320 px (400 % zoom) or right to left."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.checkers import faults
from tests.browser.conftest import CLOCK, Host, host_named
from tests.browser.example_pages import examples, hostile_examples
from tests.browser.page_kinds import KINDS, Kind
from tests.browser.render_examples import write_examples

FILES = [example.file for example in examples() if example.kind != "redirect"]
HOSTILE_FILES = [example.file for example in hostile_examples()]
LOOKS = [(width, scheme) for width in (320, 768, 1280) for scheme in ("light", "dark")]
SAMPLE = {
    ("public", 1280, "light"), ("public", 320, "dark"), ("german", 320, "dark"), ("arabic", 320, "light"),
    ("staff", 1280, "dark"), ("staff", 320, "light"), ("examples", 1280, "light"), ("examples", 320, "dark"),
    ("languages-staff", 1280, "light"),
}  # fmt: skip
"""What `make test` looks at; `make exhaustive` takes all."""


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


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "width", "scheme"),
    [
        pytest.param(name, *look, marks=[] if (name, *look) in SAMPLE else pytest.mark.exhaustive)
        for name in KINDS
        for look in LOOKS
    ],
)
def test_checkers_find_nothing_and_nothing_sticks_out(
    request: pytest.FixtureRequest, page_at: Any, name: str, width: int, scheme: str
) -> None:
    page = page_at(width, scheme)
    assert found_on(page, host_named(request, name), KINDS[name]) == {}


@pytest.mark.slow
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_checkers_find_nothing_in_hostile_data(examples_host: Host, page_at: Any, width: int, scheme: str) -> None:
    page = page_at(width, scheme)
    assert found_on(page, examples_host, [Kind(file) for file in HOSTILE_FILES]) == {}


def found_on(page: Page, host: Host, kinds: Iterable[Kind]) -> dict[str, list[str]]:
    page.clock.set_fixed_time(CLOCK)
    found = {}
    for kind in kinds:
        kind.open(page, host.url)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wrong := [*faults(page), *([f"sticks out by {over} px"] if over > 0 else [])]:
            found[str(kind)] = wrong
    return found


def test_the_checkers_find_what_is_wrong(page_at: Any) -> None:
    page = page_at(1280)
    page.set_content(
        '<title>A</title><main><h1>A</h1><img src="data:,"><a href="#none">Here</a>'
        '<p style="background: #fff; color: #eee"><input aria-label="B" style="color: inherit; background: none"></p>'
    )
    found = faults(page)
    for checker in ("axe: image-alt", "IBM: img_alt_valid", "pa11y: WCAG2AA.Principle1.Guideline1_1.1_1_1.H37",
                    "text of a field: 1."):  # fmt: skip
        assert any(fault.startswith(checker) for fault in found), (checker, found)


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
