"""Pins and announcements go by the reader's clock, the group they chose, and what they put away."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Host
from tests.browser.example_shop import ALL_BANNERS, ISLANDS, PINS, pin
from tests.browser.render_examples import write_examples

NO_STORAGE = (
    "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError') } })"
)


@pytest.fixture(scope="module")
def announced(host_of, tmp_path_factory: pytest.TempPathFactory) -> Host:
    folder = tmp_path_factory.mktemp("announced")
    write_examples(folder, banners=ALL_BANNERS)
    return host_of(folder)


def titles(page: Page) -> list[str]:
    return page.locator(".kb-happening__item:visible .kb-happening__title").all_inner_texts()


def test_an_expired_pin_is_not_shown(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url)
    expect(tab.get_by_text("Expired long ago")).to_be_hidden()
    assert titles(tab) == [pin.title for pin in PINS[:4]]


def test_a_manual_pin_without_a_reason_shows_its_answer(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url)
    item = tab.locator(".kb-happening__item", has_text=PINS[3].title)
    expect(item.locator(".kb-happening__why")).to_contain_text("Yes, until the order is packed")


def test_the_heading_goes_with_the_last_pin(examples_host: Host, tab: Page) -> None:
    tab.clock.set_fixed_time("3000-01-01T00:00:00Z")
    tab.goto(examples_host.url)
    expect(tab.get_by_role("heading", name="Happening now")).to_be_hidden()
    tab.goto(examples_host.url + "faq/orders/cancel-order/")
    expect(tab.locator(".kb-pinned")).to_be_hidden()


@pytest.mark.parametrize("path", ["trending/", "s/islands/"])
def test_a_list_that_ran_out_says_so(examples_host: Host, tab: Page, path: str) -> None:
    words = tab.get_by_text("Nothing unusual is happening today.")
    tab.goto(examples_host.url + path)
    expect(tab.locator(".kb-happening__item:visible").first).to_be_visible()
    expect(words).to_be_hidden()
    tab.clock.set_fixed_time("3000-01-01T00:00:00Z")
    tab.reload()
    expect(words).to_be_visible()


@pytest.mark.parametrize(("path", "words"), [("announcements/", "Ended"), ("announcements/storm/", "Ended")])
def test_an_announcement_says_when_it_is_over(examples_host: Host, tab: Page, path: str, words: str) -> None:
    said = tab.locator("main [data-kb-after]", has_text=words).first
    tab.goto(examples_host.url + path)
    expect(said).to_be_hidden()
    tab.clock.set_fixed_time("3000-01-01T00:00:00Z")
    tab.reload()
    expect(said).to_be_visible()


def test_a_pin_goes_while_the_page_is_open(examples_host: Host, tab: Page) -> None:
    tab.clock.install(time="2998-12-31T23:59:00Z")
    tab.goto(examples_host.url)
    expect(tab.get_by_role("heading", name="Happening now")).to_be_visible()
    tab.clock.run_for(120_000)
    expect(tab.get_by_role("heading", name="Happening now")).to_be_hidden()


def test_a_chosen_group_sees_its_own_pins_first(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url, wait_until="networkidle")
    tab.get_by_role("link", name="Scottish islands").click()
    tab.wait_for_url("**/s/islands/")
    tab.goto(examples_host.url)
    expect(tab.get_by_text("Delivery to the Scottish islands")).to_be_visible()
    assert titles(tab)[0] == PINS[5].title
    tab.get_by_role("button", name="Everyone").click()
    expect(tab.get_by_text("Delivery to the Scottish islands")).to_be_hidden()


@pytest.fixture
def crowded(tab: Page) -> Page:
    """A home page on which everybody has five pins and the islands three, one of them about the same article."""
    own = [
        replace(pin(at, "Many customers this week", ISLANDS), url=f"faq/{at}/", title=f"Islands {at}") for at in (1, 2)
    ]
    everybody = [
        replace(pin(at, "Many customers this week"), url=f"faq/all-{at}/", title=f"All {at}") for at in range(5)
    ]
    twin = replace(everybody[0], title="All 0 on the islands", segment=ISLANDS.slug, segment_name=ISLANDS.name)
    items = "".join(
        f'<li class="kb-happening__item" data-kb-when data-until="{item.until.isoformat()}"'
        + (f' data-segment="{item.segment}" hidden>' if item.segment else ">")
        + f'<a class="kb-happening__title" href="{item.url}">{item.title}</a></li>'
        for item in (*everybody, *own, twin)
    )
    body = f'<ol class="kb-happening__list">{items}</ol>'
    tab.route(
        "**/",
        lambda route: route.fulfill(
            response=(page := route.fetch()),
            body=re.sub(r'<ol class="kb-happening__list">.*?</ol>', body, page.text(), count=1, flags=re.DOTALL),
        ),
    )
    return tab


def test_everybody_sees_five_pins(examples_host: Host, crowded: Page) -> None:
    crowded.goto(examples_host.url)
    expect(crowded.get_by_text("Islands 1")).to_be_hidden()
    assert titles(crowded) == [f"All {at}" for at in range(5)]


def test_a_groups_pins_keep_their_order_and_the_focus_while_time_passes(examples_host: Host, crowded: Page) -> None:
    crowded.add_init_script("localStorage.setItem('kb-segment', 'islands')")
    crowded.clock.install()
    crowded.goto(examples_host.url)
    expect(crowded.get_by_text("Islands 1")).to_be_visible()
    expected = ["Islands 1", "Islands 2", "All 0 on the islands", "All 1", "All 2"]
    assert titles(crowded) == expected
    second = crowded.get_by_role("link", name="Islands 2")
    second.focus()
    crowded.clock.run_for(65_000)
    assert titles(crowded) == expected
    expect(second).to_be_focused()


def test_the_order_of_the_build_comes_back_with_everybody(examples_host: Host, crowded: Page) -> None:
    crowded.goto(examples_host.url)
    crowded.evaluate("localStorage.setItem('kb-segment', 'islands')")
    crowded.reload()
    expect(crowded.get_by_text("Islands 1")).to_be_visible()
    crowded.get_by_role("button", name="Everyone").click()
    assert titles(crowded) == [f"All {at}" for at in range(5)]


def test_the_group_page_keeps_focus_when_the_choice_changes(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url + "s/islands/")
    tab.get_by_role("button", name="Show these updates on the home page").press("Enter")
    expect(tab.get_by_role("button", name="Stop showing them there")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("button", name="Show these updates on the home page")).to_be_focused()


def test_announcements_are_hidden_until_their_text_changes(announced: Host, tab: Page) -> None:
    tab.goto(announced.url)
    expect(tab.locator(".kb-announcement__title", has_text="This was over long ago")).to_be_hidden()
    tab.get_by_role("button", name="Hide “Parcels to Scotland are late”").click()
    expect(tab.locator(".kb-announcement__title", has_text="Parcels to Scotland are late")).to_be_hidden()
    expect(tab.locator("#kb--content")).to_be_focused()
    tab.reload()
    expect(tab.locator(".kb-announcement__title", has_text="You can now change addresses yourself")).to_be_visible()
    expect(tab.locator(".kb-announcement__title", has_text="Parcels to Scotland are late")).to_be_hidden()
    tab.route(
        "**/",
        lambda route: route.fulfill(response=(own := route.fetch()), body=own.text().replace("storm 1f3a", "storm 2b")),
    )
    tab.reload()
    expect(tab.locator(".kb-announcement__title", has_text="Parcels to Scotland are late")).to_be_visible()


def test_without_its_script_no_announcement_offers_to_be_hidden(announced: Host, tab: Page) -> None:
    tab.route("**/page.mjs", lambda route: route.abort())
    tab.goto(announced.url, wait_until="networkidle")
    expect(tab.locator(".kb-announcement__title", has_text="Parcels to Scotland are late")).to_be_visible()
    expect(tab.get_by_role("button", name="Hide “")).to_have_count(0)


def test_the_most_severe_cannot_be_hidden(announced: Host, tab: Page) -> None:
    tab.goto(announced.url)
    notice = tab.locator(".kb-announcement--critical")
    expect(notice).to_contain_text("Card payments fail at the moment")
    expect(notice.get_by_role("button")).to_have_count(0)


def test_another_groups_announcement_is_not_shown_to_who_chose(announced: Host, tab: Page) -> None:
    tab.goto(announced.url, wait_until="networkidle")
    christmas = tab.locator(".kb-announcement__title", has_text="Order by 18 December for Christmas")
    expect(christmas).to_be_visible()
    tab.get_by_role("link", name="Trade customers").click()
    tab.wait_for_url("**/s/trade/")
    expect(tab.locator("h1")).to_have_text("Trade customers")
    expect(christmas).to_be_hidden()


def test_everything_works_without_storage(announced: Host, context: BrowserContext) -> None:
    context.add_init_script(NO_STORAGE)
    tab = context.new_page()
    tab.goto(announced.url + "s/islands/")
    tab.get_by_role("button", name="Show these updates on the home page").click()
    expect(tab.get_by_role("button", name="Stop showing them there")).to_be_visible()
    tab.get_by_role("button", name="Hide “Parcels to Scotland are late”").click()
    expect(tab.locator(".kb-announcement__title", has_text="Parcels to Scotland are late")).to_be_hidden()


def test_a_script_that_did_not_come_is_tried_again_by_itself(examples_host: Host, tab: Page) -> None:
    tab.route("**/contact.mjs*", lambda route: route.abort())
    tab.goto(examples_host.url + "contact/", wait_until="networkidle")
    state = tab.locator(".kb-contact [data-kb-state]").first
    expect(state).to_be_empty()
    tab.unroute("**/contact.mjs*")
    tab.evaluate("dispatchEvent(new Event('online'))")
    expect(state).not_to_be_empty()


def test_the_edge_marks_the_worst_that_was_counted(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url)
    tab.evaluate("list => list.prepend(list.children[3])", tab.locator(".kb-happening__list").first.element_handle())
    edges = tab.locator(".kb-happening__item:visible").evaluate_all(
        "items => items.map((item) => getComputedStyle(item).borderInlineStartColor)"
    )
    assert edges[0] == edges[2] != edges[1]


def test_a_shop_s_name_is_not_broken_by_letters_in_large_text(examples_host: Host, tab: Page) -> None:
    tab.set_viewport_size({"width": 320, "height": 700})
    tab.goto(examples_host.url)
    tab.evaluate("document.styleSheets[0].insertRule('html { font-size: 200% !important }', 0)")
    tab.locator(".kb-header__name span").evaluate("name => name.textContent = 'Kettlemoor'")
    lines = "name => name.getClientRects()[0].height / parseFloat(getComputedStyle(name).lineHeight)"
    assert tab.locator(".kb-header__name span").evaluate(lines) < 1.5
