"""The staff's home page by keyboard: find, choose a channel, edit, copy."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from kb_builder.support.channel_text import size
from tests.browser.conftest import Host
from tests.browser.example_staff import REPLIES
from tests.browser.render_examples import assets


def text_of(tab: Page) -> str:
    return tab.locator("[data-text]").input_value()


def test_a_reply_is_copied_in_three_keys_beyond_the_query(examples_host: Host, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab = context.new_page()
    tab.goto(examples_host.url + "staff/")
    expect(tab.get_by_label("Find an answer")).to_be_focused()
    tab.keyboard.type("cancel order")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", name="How do I cancel my order?")).to_be_focused()
    tab.keyboard.press("1")
    tab.keyboard.press("c")
    expect(tab.get_by_text("Copied", exact=True)).to_be_visible()
    assert tab.evaluate("navigator.clipboard.readText()") == REPLIES[1]["replies"]["sms"]["text"]  # type: ignore[index]


def test_tabs_and_lists_work_with_arrow_keys(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url + "staff/")
    tab.get_by_label("Find an answer").fill("cancel order")
    expect(tab.locator("[data-found] button").first).to_have_text("How do I cancel my order?")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    tab.get_by_role("tab", name="SMS").focus()
    tab.keyboard.press("ArrowRight")
    expect(tab.get_by_role("tab", name="Email")).to_be_focused()
    assert text_of(tab).startswith("Hello,")
    tab.keyboard.press("Home")
    expect(tab.get_by_role("tab", name="SMS")).to_be_focused()
    tab.get_by_role("heading", name="How do I cancel my order?").focus()
    tab.keyboard.press("?")
    expect(tab.get_by_text("Take the first answer")).to_be_visible()
    tab.keyboard.press("/")
    expect(tab.get_by_label("Find an answer")).to_be_focused()


def test_names_are_put_in_and_remembered_on_the_device(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url + "staff/?reply=cancel-order")
    tab.get_by_role("tab", name="Email").click()
    tab.get_by_label("Customer's name").fill("Ana {agent} $&")
    tab.get_by_label("Your name").fill("Sam")
    assert text_of(tab).startswith("Hello Ana {agent} $&,\n")
    assert text_of(tab).endswith("\n\nSam, Harbour & Pine")
    tab.get_by_label("Customer's name").fill("")
    assert text_of(tab).startswith("Hello,\n")
    tab.reload()
    expect(tab.get_by_label("Your name")).to_have_value("Sam")
    expect(tab.get_by_role("tab", name="Email")).to_have_attribute("aria-selected", "true")
    assert text_of(tab).endswith("\n\nSam, Harbour & Pine")


def test_an_edited_reply_is_measured_copied_and_opened(examples_host: Host, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab = context.new_page()
    tab.goto(examples_host.url + "staff/?reply=cancel-order")
    tab.get_by_role("tab", name="SMS").click()
    tab.locator("[data-text]").fill("x" * 161)
    expect(tab.get_by_text("161 characters, 2 messages")).to_be_visible()
    tab.locator("[data-text]").fill("a&b\n#c")
    assert tab.locator("[data-open]").get_attribute("href") == "sms:?&body=a%26b%0A%23c"
    tab.get_by_role("button", name="Copy reply").click()
    assert tab.evaluate("navigator.clipboard.readText()") == "a&b\n#c"
    tab.get_by_role("button", name="Copy link").click()
    assert tab.evaluate("navigator.clipboard.readText()") == "https://help.example.com/a/cancel-order/"


def test_an_edit_stays_until_an_answer_is_chosen(examples_host: Host, tab: Page) -> None:
    """Whatever is typed as a name and looked at in between; it is not sent to the next customer."""
    tab.goto(examples_host.url + "staff/?reply=cancel-order")
    tab.get_by_role("tab", name="SMS").click()
    tab.locator("[data-text]").fill("Dear Ana, yes.")
    tab.get_by_label("Customer's name").fill("Ana")
    tab.get_by_role("tab", name="Email").click()
    assert text_of(tab).startswith("Hello Ana,\n")
    tab.get_by_role("tab", name="SMS").click()
    assert text_of(tab) == "Dear Ana, yes."
    tab.get_by_label("Find an answer").fill("cancel order")
    tab.keyboard.press("Enter")
    expect(tab.locator("[data-text]")).to_have_value(REPLIES[1]["replies"]["sms"]["text"])  # type: ignore[index]


def test_a_question_without_an_answer_shows_no_reply(examples_host: Host, tab: Page) -> None:
    """The reply to the question before would be sent to the wrong customer; what was changed in it is kept."""
    tab.goto(examples_host.url + "staff/?reply=cancel-order")
    tab.locator("[data-text]").fill("Dear Ana, yes.")
    tab.get_by_label("Find an answer").fill("flux capacitor")
    expect(tab.get_by_text("Nothing found for “flux capacitor”.")).to_be_visible()
    expect(tab.locator("[data-reply]")).to_be_hidden()
    tab.locator("body").press("2")
    tab.get_by_label("Find an answer").fill("cancel")
    assert text_of(tab) == "Dear Ana, yes."
    expect(tab.locator("[data-reply]")).to_be_visible()


@pytest.mark.parametrize(("width", "size"), [(320, 100), (390, 100), (320, 200)])
def test_names_share_a_line_of_a_phone_that_has_no_keys(
    examples_host: Host, browser: Browser, width: int, size: int
) -> None:
    with browser.new_context(viewport={"width": width, "height": 800}, has_touch=True, is_mobile=True) as phone:
        tab = phone.new_page()
        tab.goto(examples_host.url + "staff/")
        tab.evaluate("size => document.documentElement.style.fontSize = `${size}%`", size)
        expect(tab.locator("#kb--keys")).to_be_hidden()
        name, agent = (tab.get_by_label(label).bounding_box() for label in ("Customer's name", "Your name"))
        assert name
        assert agent
        assert (name["y"] == agent["y"]) == (size == 100)


def test_copying_works_without_a_clipboard(examples_host: Host, tab: Page) -> None:
    tab.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    tab.goto(examples_host.url + "staff/?reply=cancel-order")
    tab.get_by_role("button", name="Copy reply").click()
    expect(tab.get_by_text("Copied", exact=True)).to_be_visible()


def test_an_article_for_staff_cannot_be_sent(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url + "staff/")
    tab.get_by_label("Find an answer").fill("goodwill")
    tab.get_by_role("button", name="How do I grant a goodwill credit?").click()
    expect(tab.get_by_text("Customers can't be sent this article.")).to_be_visible()
    expect(tab.get_by_role("button", name="Copy reply")).to_be_hidden()


def test_notes_for_staff_are_found_by_their_words_and_marked(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url + "staff/")
    tab.get_by_label("Find an answer").fill("redkite first")
    expect(tab.locator("[data-found] button")).to_have_text(["My parcel is late Staff only"])
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("Ask Redkite first.")).to_be_visible()
    expect(tab.get_by_role("button", name="Copy reply")).to_be_hidden()


def test_a_part_of_an_answer_has_its_own_reply_as_text(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url + "staff/")
    tab.get_by_role("button", name="My parcel is late").click()
    tab.get_by_label("Part of the answer").select_option("What it costs")
    assert "<script>alert(1)</script>" in text_of(tab)


@pytest.mark.parametrize("width", [320, 768, 1000])
def test_trends_are_read_without_scrolling_sideways(examples_host: Host, tab: Page, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto(examples_host.url + "staff/trends/")
    wide = "(tables) => tables.map((table) => table.scrollWidth - table.clientWidth)"
    found = tab.locator(".kb-trends").evaluate_all(wide)
    assert found
    assert max(found) <= 0
    numbers = tab.locator(".kb-trends").first.locator("td[data-label]")
    expect(numbers.first).to_be_visible()
    columns = {box["x"] for box in (cell.bounding_box() for cell in numbers.all()) if box}
    assert len(columns) == (2 if width == 320 else 4), "in columns, whatever stands above them"


def test_the_dates_below_a_curve_fit_on_a_line(examples_host: Host, tab: Page) -> None:
    tab.set_viewport_size({"width": 1280, "height": 800})
    tab.goto(examples_host.url + "staff/trends/")
    axis, number = (tab.locator(name).first.bounding_box() for name in (".kb-trends__axis", ".kb-trends__axis strong"))
    assert axis
    assert number
    assert axis["height"] < 1.5 * number["height"]


def test_the_command_for_a_missing_article_is_copied(examples_host: Host, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab = context.new_page()
    tab.goto(examples_host.url + "staff/gaps/")
    tab.get_by_role("button", name="Copy command").click()
    expect(tab.get_by_role("button", name="Copied")).to_be_visible()
    assert tab.evaluate("navigator.clipboard.readText()") == 'kb new article "parental consent form"'


def test_lost_replies_are_said(examples_host: Host, tab: Page) -> None:
    tab.route("**/replies.json", lambda route: route.fulfill(status=500))
    tab.goto(examples_host.url + "staff/")
    expect(tab.locator(".kb-problem", has_text="The replies could not be loaded.")).to_be_visible()


def test_titles_are_enough_when_the_index_is_lost(examples_host: Host, tab: Page) -> None:
    tab.route("**/root.bin", lambda route: route.abort())
    tab.goto(examples_host.url + "staff/")
    tab.get_by_label("Find an answer").fill("islands")
    expect(tab.locator("[data-found] button")).to_have_text(["Delivery to the Scottish islands"])


@pytest.mark.parametrize("channel", ["sms", "twitter", "chat"])
def test_browsers_and_python_measure_alike(examples_host: Host, browser: Browser, channel: str) -> None:
    texts = [
        "", "a" * 160, "a" * 161, "€" * 81, "ç" * 71, "😀" * 36, "ç" * 66 + "😀" + "ç" * 66, "👩‍👩‍👧 漢字 “x”",
        "see https://help.example.com/a/x/ or shop.example.com, help@example.com", "cafe\u0301 – e.g. no.link",
    ]  # fmt: skip
    page = browser.new_page()
    page.goto(examples_host.url)
    module = examples_host.url + assets().path("components/replies/measure.mjs")
    script = "async ([module, texts, channel]) => texts.map((text) => MEASURE(text, channel))"
    script = script.replace("MEASURE", "(await import(module)).measure").replace("(text) =>", "async (text) =>")
    found = page.evaluate(f"async (given) => Promise.all(await ({script})(given))", [module, texts, channel])
    page.close()
    assert [(one["length"], one["segments"]) for one in found] == [size(text, channel) for text in texts]
