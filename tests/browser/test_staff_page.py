"""The staff page by keyboard alone: find, choose, take the reply for a channel."""

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Host
from tests.browser.example_pages import REPLIES


def test_a_reply_is_taken_by_keyboard(examples_host: Host, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab = context.new_page()
    tab.goto(examples_host.url + "staff/")
    tab.get_by_label("Find an answer").focus()
    tab.keyboard.type("cancel order")
    expect(tab.locator("[data-found] button").first).to_have_text("How do I cancel my order?")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", name="How do I cancel my order?")).to_be_focused()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("tab", name="SMS")).to_be_focused()
    tab.keyboard.press("ArrowRight")
    expect(tab.get_by_role("tab", name="Email")).to_be_focused()
    expect(tab.get_by_role("tabpanel", name="Email")).to_contain_text("Hello,")
    tab.keyboard.press("Home")
    expect(tab.get_by_text("130 characters")).to_be_visible()
    tab.get_by_role("button", name="Copy reply").press("Enter")
    expect(tab.get_by_text("Copied", exact=True)).to_be_visible()
    assert tab.evaluate("navigator.clipboard.readText()") == REPLIES[1]["replies"]["sms"]["text"]  # type: ignore[index]


def test_a_part_of_an_answer_has_its_own_reply_as_text(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url + "staff/")
    tab.get_by_role("button", name="My parcel is late").click()
    tab.get_by_label("Part of the answer").select_option("What it costs")
    expect(tab.get_by_role("tabpanel")).to_contain_text("<script>alert(1)</script>")
    expect(tab.get_by_text("200 characters, 2 messages")).to_be_visible()


def test_lost_replies_are_said(examples_host: Host, tab: Page) -> None:
    tab.route("**/replies.json", lambda route: route.fulfill(status=500))
    tab.goto(examples_host.url + "staff/")
    expect(tab.locator(".kb-problem", has_text="The replies could not be loaded.")).to_be_visible()


def test_titles_are_enough_when_the_index_is_lost(examples_host: Host, tab: Page) -> None:
    tab.route("**/manifest.json", lambda route: route.abort())
    tab.goto(examples_host.url + "staff/")
    tab.get_by_label("Find an answer").fill("islands")
    expect(tab.locator("[data-found] button")).to_have_text(["Delivery to the Scottish islands"])
