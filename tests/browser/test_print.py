"""On paper: the whole answer, the short link and the phone number; nothing to click."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Host


def test_paper_shows_everything_that_is_closed_on_screen(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url + "faq/orders/cancel-order/", wait_until="networkidle")
    tab.emulate_media(media="print")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(tab.get_by_text("Whoever paid gets the money.")).to_be_visible()
    expect(tab.get_by_text("Scan the code at the locker.")).to_be_visible()
    expect(tab.get_by_role("link", name="help.example.com/a/cancel-order/")).to_be_visible()
    expect(tab.get_by_role("link", name="Call us: +44 20 7946 0000")).to_be_visible()
    for hidden in (".kb-menu", ".kb-search", ".kb-feedback", ".kb-send__ways", ".kb-breadcrumb"):
        expect(tab.locator(hidden).first).to_be_hidden()
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    tab.emulate_media(media="screen")
    expect(tab.get_by_text("Whoever paid gets the money.")).to_be_hidden()


def test_paper_opens_details_without_scripts_too(examples_host: Host, tab: Page) -> None:
    tab.route("**/*.mjs", lambda route: route.abort())
    tab.goto(examples_host.url + "faq/orders/cancel-order/")
    tab.emulate_media(media="print")
    expect(tab.get_by_text("Whoever paid gets the money.")).to_be_visible()
