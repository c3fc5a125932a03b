"""Keyboard use as docs/look.md lists it, step by step, and a focus that can be seen at each."""

from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import Host

ARTICLE = "faq/orders/cancel-order/"
FOCUSED = "document.activeElement.innerText.trim() || document.activeElement.ariaLabel || 'box'"
RING = "getComputedStyle(document.activeElement).outlineStyle"


def test_from_the_skip_link_to_the_content(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url + ARTICLE)
    skip = tab.get_by_role("link", name="Skip to the content")
    tab.keyboard.press("Tab")
    expect(skip).to_be_focused()
    assert skip.bounding_box()["width"] > 100  # type: ignore[index]
    tab.keyboard.press("Enter")
    expect(tab.locator("#kb--content")).to_be_focused()
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("navigation", name="You are here").get_by_role("link").first).to_be_focused()


def test_through_the_header_in_the_order_it_is_read(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url + ARTICLE)
    seen = []
    for _ in range(6):
        tab.keyboard.press("Tab")
        seen.append(tab.evaluate(FOCUSED).replace("\n", " "))
        assert tab.evaluate(RING) != "none" or tab.locator(".kb-search__box:focus-within").count()
    assert seen == ["Skip to the content", "Harbour & Pine", "Call us: +44 20 7946 0000", "box", "Search", "Menu"]


def test_the_menu_opens_closes_and_gives_focus_back(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url + ARTICLE)
    summary = tab.locator(".kb-menu__summary")
    summary.focus()
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("navigation", name="Main").get_by_role("link", name="Orders")).to_be_focused()
    tab.keyboard.press("Escape")
    expect(summary).to_be_focused()
    expect(tab.locator(".kb-menu")).not_to_have_attribute("open", "")
    tab.keyboard.press("Enter")
    tab.mouse.click(5, 700)
    expect(tab.locator(".kb-menu")).not_to_have_attribute("open", "")


def test_escape_closes_the_menu_though_its_script_comes_after(examples_host: Host, tab: Page) -> None:
    held: list[Route] = []
    tab.route("**/menu.mjs", lambda route: held.append(route))
    tab.goto(examples_host.url + ARTICLE)
    summary = tab.locator(".kb-menu__summary")
    with tab.expect_request("**/menu.mjs"):
        summary.press("Enter")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Escape")
    expect(tab.locator(".kb-menu")).to_have_attribute("open", "")
    held[0].continue_()
    expect(summary).to_be_focused()
    expect(tab.locator(".kb-menu")).not_to_have_attribute("open", "")


def test_the_menu_of_an_old_page_works_without_its_script(examples_host: Host, tab: Page) -> None:
    tab.route("**/*.mjs", lambda route: route.abort())
    tab.goto(examples_host.url + ARTICLE)
    tab.locator(".kb-menu__summary").press("Enter")
    expect(tab.get_by_role("navigation", name="Main").get_by_role("link", name="Contact us")).to_be_visible()


def test_tabs_of_authors_turn_by_arrow_keys(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url + ARTICLE)
    expect(tab.get_by_text("Scan the code at the locker.")).to_be_hidden()
    tab.locator("#__tabbed_1_1").focus()
    tab.keyboard.press("ArrowRight")
    expect(tab.get_by_text("Scan the code at the locker.")).to_be_visible()
    label = tab.locator(".tabbed-labels label").nth(1)
    assert label.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"


def test_an_announcement_is_dismissed_by_keyboard(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url + ARTICLE)
    tab.get_by_role("button", name="Hide “Parcels to Scotland are late”").press("Enter")
    expect(tab.locator("#kb--content")).to_be_focused()
    expect(tab.locator("#kb--status")).to_have_text("Announcement hidden")


def test_did_this_help_is_answered_by_keyboard(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url + ARTICLE)
    tab.get_by_role("button", name="No", exact=True).press("Enter")
    expect(tab.locator("legend", has_text="What went wrong?")).to_be_focused()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Space")
    expect(tab.get_by_label("It doesn’t answer my question")).to_be_checked()
    tab.keyboard.press("Tab")
    expect(tab.get_by_label("Anything else?")).to_be_focused()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("Thank you. We read every answer.")).to_be_focused()


def test_focus_can_be_seen_in_forced_colours(browser: Browser, examples_host: Host) -> None:
    context = browser.new_context(forced_colors="active")
    tab = context.new_page()
    tab.goto(examples_host.url + ARTICLE)
    for _ in range(3):
        tab.keyboard.press("Tab")
        assert tab.evaluate(RING) == "solid"
    assert tab.locator(".kb-button").first.evaluate("element => getComputedStyle(element).borderTopStyle") == "solid"
    context.close()


def test_nothing_moves_for_those_who_asked(browser: Browser, examples_host: Host) -> None:
    context = browser.new_context(reduced_motion="reduce")
    tab = context.new_page()
    tab.goto(examples_host.url)
    seconds = "[...document.querySelectorAll('*')].map((e) => parseFloat(getComputedStyle(e).transitionDuration))"
    assert set(tab.evaluate(seconds)) == {0}
    context.close()
