"""The demo as `kb build` makes it, browsed under exactly the headers it came with."""

import gzip
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from tests.browser.conftest import CLOCK, Host

ARTICLE_BUDGET, HOME_BUDGET, REQUESTS = 30_000, 32_000, 7
HOMES = [(f"{folder}index.html", HOME_BUDGET) for folder in ("", "de/", "ar/")]


def every_page(host: Host) -> list[str]:
    """All pages but the short links, which lead on at once."""
    found = (path.relative_to(host.folder).as_posix() for path in sorted(host.folder.rglob("*.html")))
    return [file for file in found if "redirect.mjs" not in Path(host.folder, file).read_text("utf-8")]


def test_the_whole_site_keeps_to_its_own_headers(demo_host: Host, tab: Page) -> None:
    wrong: list[str] = []
    tab.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("request", lambda request: None if request.url.startswith(demo_host.url) else wrong.append(request.url))
    pages = every_page(demo_host)
    assert len(pages) > 100
    for file in pages:
        if not file.endswith("404.html"):  # which asks the host whether its own address is an old id
            tab.goto(demo_host.url + file, wait_until="load")
    assert wrong == []
    assert tab.context.cookies() == []


@pytest.mark.parametrize("step", [12, pytest.param(1, marks=pytest.mark.exhaustive)])
def test_first_views_keep_to_their_budgets(demo_host: Host, context: BrowserContext, step: int) -> None:
    """Every twelfth article, or all, in six requests and the icon; `kb check` weighs all pages without a browser."""
    articles = [file for file in every_page(demo_host) if file.startswith("faq/") and file.count("/") == 3]
    for file, budget in [*HOMES, *((article, ARTICLE_BUDGET) for article in articles[::step])]:
        tab = context.new_page()
        tab.clock.set_fixed_time(CLOCK)
        requests: list[Request] = []
        tab.on("request", lambda request, requests=requests: requests.append(request))
        tab.goto(demo_host.url + file, wait_until="networkidle")
        bodies = [response.body() for request in requests if (response := request.response())]
        tab.close()
        assert len(bodies) <= REQUESTS, file
        assert sum(len(gzip.compress(body, 6)) for body in bodies) <= budget, file


def test_what_is_happening_is_on_top_and_in_the_empty_box(demo_host: Host, tab: Page) -> None:
    tab.clock.set_fixed_time(CLOCK)
    tab.goto(demo_host.url)
    pins = tab.locator(".kb-happening__item:visible .kb-happening__title").all_inner_texts()
    assert 1 <= len(pins) <= 5
    tab.get_by_role("combobox").focus()
    expect(tab.get_by_role("option")).to_have_count(len(pins))
    assert tab.get_by_role("option").locator(".kb-search__title").all_inner_texts() == pins


def test_a_search_opens_the_section_it_names(demo_host: Host, tab: Page) -> None:
    tab.goto(demo_host.url)
    tab.get_by_role("combobox").fill("cancle my ordr")
    first = tab.get_by_role("option").filter(has=tab.locator("mark")).first
    expect(first).to_contain_text("cancel my order")
    first.click()
    expect(tab.locator("h1")).to_have_text("How do I cancel my order?")


def test_staff_take_a_reply(staff_host: Host, tab: Page) -> None:
    tab.goto(staff_host.url)
    expect(tab.get_by_text("Internal – not for customers")).to_be_visible()
    assert tab.title().startswith("Internal")
    tab.get_by_label("Find an answer").fill("cancel order")
    tab.locator("[data-found] button", has_text="How do I cancel my order?").click()
    assert "/a/cancel-order/" in tab.locator("[data-text]").input_value()
    tab.goto(staff_host.url + "staff/trends/")
    expect(tab.get_by_role("img").first).to_be_visible()


def test_the_first_screen_shows_what_it_should(demo_host: Host, tab: Page) -> None:
    """Home on a desktop: question, pins and a first row of topics. An answer on a small phone: in the upper half."""
    tab.clock.set_fixed_time(CLOCK)
    tab.set_viewport_size({"width": 1280, "height": 800})
    tab.goto(demo_host.url, wait_until="networkidle")
    for selector in ("#kb--question", ".kb-happening__item", ".kb-topic", ".kb-hero .kb-card"):
        box = tab.locator(selector).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 800
    for width in (320, 360, 390, 430):
        tab.set_viewport_size({"width": width, "height": 640})
        boxes = [
            tab.locator(part).bounding_box() for part in (".kb-header__name", ".kb-header__phone", ".kb-menu__summary")
        ]
        assert all(box and box["y"] < 60 for box in boxes), f"name, phone number and menu share one row of {width}"
        logo = tab.locator(".kb-header__logo").bounding_box()
        assert logo, width
        assert logo["width"] > 100, width
    tab.goto(demo_host.url + "faq/delivery/late-parcel/", wait_until="networkidle")
    for width in (320, 412, 640, 768):
        tab.set_viewport_size({"width": width, "height": 640})
        logo = tab.locator(".kb-header__logo").bounding_box()
        assert logo, width
        assert logo["width"] > 80, width
    tab.set_viewport_size({"width": 320, "height": 640})
    box = tab.locator(".kb-answer").bounding_box()
    assert box is not None
    assert box["y"] < 320


def test_an_announcement_is_left_out_on_the_article_it_links_to(demo_host: Host, tab: Page) -> None:
    tab.clock.set_fixed_time(CLOCK)
    tab.goto(demo_host.url + "faq/delivery/late-parcel/")
    expect(tab.locator(".kb-announcement__title")).to_have_count(0)
    tab.goto(demo_host.url + "faq/delivery/")
    expect(tab.locator(".kb-announcement__title").first).to_be_visible()


LOOKS = """(part) => {
  const link = part.appendChild(document.createElement("a"));
  link.textContent = "A link that led nowhere";
  const text = part.appendChild(document.createElement("span"));
  text.textContent = "Text";
  return [link, text].map((one) => ["color", "textDecorationLine", "cursor", "fontWeight", "backgroundColor"]
    .map((name) => getComputedStyle(one)[name]));
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("part", [".kb-answer p", ".md-typeset li", ".md-typeset details", ".md-typeset td", "h1"])
def test_a_link_that_was_taken_out_looks_like_text(demo_host: Host, tab: Page, part: str, scheme: Any) -> None:
    tab.emulate_media(color_scheme=scheme)
    tab.goto(demo_host.url + "faq/delivery/late-parcel/")
    link, text = tab.locator(part).first.evaluate(LOOKS)
    assert link == text


@pytest.mark.parametrize("width", [1000, 1200, 1280, 1920])
@pytest.mark.parametrize("path", ["faq/delivery/", "de/faq/delivery/", "ar/faq/delivery/"])
def test_the_header_of_a_wide_screen_is_one_row(demo_host: Host, tab: Page, path: str, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto(demo_host.url + path)
    boxes = tab.locator(".kb-header__row > *, .kb-header__links a, .kb-menu__summary").evaluate_all(
        """all => all.map((one) => one.getBoundingClientRect()).filter(({ width }) => width)
          .map(({ top, bottom, left, right }) => [(top + bottom) / 2, left, right])"""
    )
    assert max(middle for middle, *_ in boxes) - min(middle for middle, *_ in boxes) < 12
    assert min(left for _, left, _ in boxes) >= 0
    assert max(right for *_, right in boxes) <= width


@pytest.mark.parametrize("path", ["faq/delivery/", "ar/faq/delivery/"])
def test_the_header_of_a_narrow_screen_is_two_rows(demo_host: Host, tab: Page, path: str) -> None:
    """Name and phone number, search box and menu: no width leaves one of them a row of its own."""
    tab.goto(demo_host.url + path)
    for width in (320, 360, 390, 430, 599, 600, 700, 768, 895):
        tab.set_viewport_size({"width": width, "height": 640})
        name, phone, search, menu = (
            tab.locator(f".kb-header__row > {part}").evaluate(
                "({ offsetTop, offsetHeight }) => offsetTop + offsetHeight / 2"
            )
            for part in (".kb-header__name", ".kb-header__phone", ".kb-search", ".kb-header__nav")
        )
        assert abs(name - phone) < 12 < search - name, width
        assert abs(search - menu) < 12, width


@pytest.mark.parametrize("path", ["contact/", "de/contact/", "ar/contact/"])
def test_whether_a_channel_is_open_begins_on_its_first_line(demo_host: Host, tab: Page, path: str) -> None:
    """The dot before it is beside the words, however narrow the column is."""
    tab.goto(demo_host.url + path)
    for width in (320, 390, 1280):
        tab.set_viewport_size({"width": width, "height": 640})
        state = tab.locator(".kb-channel__state--open").first
        above = state.evaluate(
            """state => {
                const words = document.createRange();
                words.selectNodeContents(state.firstChild);
                return words.getClientRects()[0].top - state.getBoundingClientRect().top;
            }"""
        )
        assert above < 8, width
