"""Hostile data stays text, the strict policy holds on every page, and no blocked file costs the answer."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Host
from tests.browser.example_pages import examples, hostile_examples
from tests.browser.example_shop import ANSWERS, LONG_WORD
from tests.browser.render_examples import assets

PAGES = [example.file for example in (*examples(), *hostile_examples()) if example.kind != "redirect"]
ARTICLE = "faq/orders/cancel-order/"
LOADED = [
    "kb.css",
    *sorted(name.partition("/")[2].partition("/")[2] for name in assets().files if name.endswith(".mjs")),
]
BLOCKED_WORDS = ("ads", "analytics", "stats", "track", "tracking", "trending", "popular", "feedback", "banner")


def test_every_page_keeps_to_the_policy_and_to_its_own_origin(examples_host: Host, tab: Page) -> None:
    wrong: list[str] = []
    tab.on("console", lambda message: wrong.append(message.text) if "Content Security Policy" in message.text else None)
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("dialog", lambda dialog: wrong.append(dialog.message))
    tab.on("request", lambda request: None if request.url.startswith(examples_host.url) else wrong.append(request.url))
    for file in PAGES:
        tab.goto(examples_host.url + file, wait_until="load")
        tab.keyboard.press("End")
    assert wrong == []
    assert tab.context.cookies() == []


def test_hostile_data_makes_no_element(examples_host: Host, tab: Page) -> None:
    for example in hostile_examples():
        tab.goto(examples_host.url + example.file)
        assert tab.locator("img[src=x], script:not([src])").count() == 0
        assert tab.locator("[onerror], [style], a[href^='javascript:']").count() == 0
        expect(tab.locator("body")).to_contain_text("<script>alert(1)</script>")


def test_no_page_has_inline_style_or_script(examples_host: Host) -> None:
    for file in PAGES:
        html = Path(examples_host.folder, file).read_text()
        assert "<style" not in html
        assert " style=" not in html
        assert "<script>" not in html


@pytest.mark.parametrize("name", LOADED)
def test_any_one_blocked_file_leaves_the_answer(examples_host: Host, tab: Page, name: str) -> None:
    unhandled: list[str] = []
    tab.on("pageerror", lambda error: unhandled.append(str(error)))
    tab.route(f"**/{name}", lambda route: route.abort())
    tab.goto(examples_host.url + ARTICLE)
    expect(tab.locator("h1")).to_have_text("How do I cancel my order?")
    expect(tab.get_by_text(ANSWERS[1])).to_be_visible()
    expect(tab.get_by_role("link", name="Call us: +44 20 7946 0000")).to_be_visible()
    expect(tab.get_by_role("heading", name="Ways to contact us")).to_be_visible()
    tab.get_by_role("searchbox").or_(tab.get_by_role("combobox")).focus()
    assert unhandled == []


def test_everything_is_read_without_scripts(browser: Browser, examples_host: Host) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 800})
    tab = context.new_page()
    tab.goto(examples_host.url + ARTICLE)
    expect(tab.get_by_text(ANSWERS[1])).to_be_visible()
    expect(tab.get_by_role("link", name="Call us: +44 20 7946 0000")).to_be_in_viewport()
    for ours in ("help@example.com", "+44 7700 900123", "@harbourpine"):
        expect(tab.get_by_role("link", name=ours)).to_be_visible()
    expect(tab.get_by_role("button", name="Yes")).to_be_hidden()
    expect(tab.get_by_role("link", name="Tell us by email what is missing")).to_be_visible()
    tab.get_by_role("searchbox").fill("parcel")
    tab.get_by_role("searchbox").press("Enter")
    tab.wait_for_url("**/search/?q=parcel")
    expect(tab.get_by_role("link", name="Can I change the delivery address?")).to_be_visible()
    tab.goto(examples_host.url + "a/cancel-order/")
    tab.wait_for_url(f"**/{ARTICLE}")
    context.close()


def test_a_page_keeps_working_when_the_connection_is_gone(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url + ARTICLE, wait_until="networkidle")
    tab.context.set_offline(True)
    tab.get_by_role("combobox").fill("parcel")
    expect(tab.locator("[data-kb=search]")).to_contain_text("Search could not be loaded")
    tab.get_by_role("button", name="Yes").click()
    expect(tab.locator(".kb-feedback__message--problem")).to_be_visible()
    tab.locator(".kb-menu__summary").click()
    expect(tab.get_by_role("link", name="Announcements").first).to_be_visible()


def test_no_path_that_pages_load_is_blocked_by_filter_lists() -> None:
    for path in assets().files:
        words = path.replace(".", "/").replace("-", "/").replace("_", "/").split("/")
        assert not set(words) & set(BLOCKED_WORDS), path


def test_a_long_word_is_there_in_full(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url + "hostile/home/")
    expect(tab.get_by_role("link", name=f"{LONG_WORD} 3")).to_be_visible()
