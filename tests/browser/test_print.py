"""On paper: the whole answer, the short link and the phone number; nothing to click."""

import re

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


def test_an_answer_of_one_screen_takes_one_sheet(demo_host: Host, tab: Page) -> None:
    tab.goto(demo_host.url + "faq/delivery/delivered-not-received/", wait_until="networkidle")
    tab.locator("#kb--contact").scroll_into_view_if_needed()
    expect(tab.locator(".kb-contact .kb-channel__state").first).not_to_be_empty()
    assert len(re.findall(rb"/Type\s*/Page\b", tab.pdf(format="A4"))) == 1
    tab.emulate_media(media="print")
    text = tab.locator("body").inner_text()
    assert text.count("+44 20 7946 0123") == 1, "the phone number stands on top, and is not repeated"
    assert "now, opens" not in text
    assert "Open now" not in text


def test_topics_on_paper_stand_below_their_titles(demo_host: Host, tab: Page) -> None:
    tab.goto(demo_host.url)
    tab.emulate_media(media="print")
    for topic in tab.locator(".kb-topic").all():
        title, line = (topic.locator(part).bounding_box() for part in (".kb-topic__title", ".kb-topic__line"))
        assert title is not None
        assert line is not None
        assert title["x"] == line["x"]
