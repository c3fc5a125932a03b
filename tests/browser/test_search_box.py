"""The search box with the real reader: keyboard, states, faults, and hostile words."""

import json

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import CLOCK, Host
from tests.browser.example_shop import PINS, TEASERS
from tests.browser.render_examples import write_examples


@pytest.fixture
def host(host_of, tmp_path) -> Host:
    write_examples(tmp_path)
    return host_of(tmp_path)


def ask(tab: Page, words: str) -> None:
    box = tab.get_by_role("combobox")
    box.focus()
    box.fill(words)


def test_results_come_while_typing_and_are_walked_by_arrow_keys(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url)
    ask(tab, "parcel")
    options = tab.get_by_role("option")
    expect(tab.locator("mark").first).to_contain_text("arcel")
    count = options.count()
    box = tab.get_by_role("combobox")
    expect(box).to_have_attribute("aria-expanded", "true")
    tab.keyboard.press("ArrowUp")
    expect(options.nth(count - 1)).to_have_attribute("aria-selected", "true")
    tab.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") is None
    tab.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id") or "")
    expect(box).to_be_focused()
    expect(tab.locator("#kb--status")).to_have_text(f"{count} answer{'' if count == 1 else 's'}")
    target = options.first.get_attribute("href")
    tab.keyboard.press("Enter")
    tab.wait_for_url(target or "")


def test_escape_closes_and_the_arrow_opens_again(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url + "contact/")
    ask(tab, "refund")
    expect(tab.get_by_role("option").first).to_be_visible()
    tab.keyboard.press("Escape")
    expect(tab.get_by_role("option")).to_have_count(0)
    expect(tab.get_by_role("combobox")).to_have_value("refund")
    expect(tab.get_by_role("combobox")).to_have_attribute("aria-expanded", "false")
    tab.keyboard.press("ArrowDown")
    expect(tab.get_by_role("option").first).to_be_visible()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("option")).to_have_count(0)


def test_what_was_typed_last_does_not_open_what_escape_closed(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url + "contact/")
    ask(tab, "refun")
    expect(tab.get_by_role("option").first).to_be_visible()
    tab.keyboard.press("d")
    tab.keyboard.press("Escape")
    tab.wait_for_timeout(600)
    expect(tab.get_by_role("combobox")).to_have_attribute("aria-expanded", "false")


def test_enter_goes_to_the_search_page(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url + "contact/")
    ask(tab, "cancel order")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/search/?q=cancel+order")
    expect(tab.get_by_role("region", name="Results").get_by_role("link").first).to_contain_text("cancel")
    expect(tab.get_by_role("combobox")).to_have_value("cancel order")
    assert "cancel order" in tab.title()


def test_nothing_is_fetched_for_search_before_the_box_gets_focus(examples_host: Host, tab: Page) -> None:
    fetched: list[str] = []
    tab.on("request", lambda request: fetched.append(request.url))
    tab.goto(examples_host.url, wait_until="networkidle")
    assert not [url for url in fetched if "search" in url]
    with tab.expect_response("**/root.bin"):
        tab.get_by_role("combobox").focus()


def test_a_typo_says_what_is_shown_and_lets_the_reader_go_back(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url)
    ask(tab, "cancle")
    expect(tab.get_by_text("Showing results for “cancel”.")).to_be_visible()
    tab.get_by_role("button", name="Search instead for “cancle”").click()
    expect(tab.get_by_text("Nothing found for “cancle”. Ask us:")).to_be_visible()


def test_the_empty_box_shows_what_is_happening(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url + "contact/")
    tab.get_by_role("combobox").focus()
    expect(tab.get_by_role("option")).to_have_text([pin.title for pin in PINS[:4]])


def test_what_is_pinned_for_the_chosen_segment_rises(examples_host: Host, tab: Page) -> None:
    def found() -> list[str]:
        ask(tab, "delivery")
        expect(tab.locator("mark").first).to_be_visible()
        return [option.get_attribute("href") or "" for option in tab.get_by_role("option").all()]

    tab.goto(examples_host.url + "contact/")
    before = found()
    second = tab.evaluate("address => new URL(address).pathname.slice(1)", before[1])
    number = sorted(item.id for item in TEASERS).index(next(item.id for item in TEASERS if item.url == second))
    build = json.loads((examples_host.folder / "search/manifest.json").read_text("utf-8"))["build"]
    news = {"title": "News", "url": "contact/", "segment": None, "until": "2999-01-01T00:00:00Z", "document": None}
    pins = [news, news | {"url": second, "segment": "islands", "document": number}]
    tab.route("**/search/happening.json", lambda route: route.fulfill(json={"index": build, "pins": pins}))
    for chosen, expected in (("", before), ("trade", before), ("islands", [before[1], before[0], *before[2:]])):
        tab.evaluate("chosen => localStorage.setItem('kb-segment', chosen)", chosen)
        tab.reload()
        tab.get_by_role("combobox").focus()
        expect(tab.get_by_role("option").first).to_have_text("News")
        assert found() == expected, chosen


@pytest.mark.parametrize(
    ("now", "first", "count"),
    [("2026-11-24T10:00:00Z", "Call +44 20 7946 0000", 5), ("2026-11-22T03:00:00Z", "Email help@example.com", 1)],
)
def test_nothing_found_shows_the_open_ways_to_reach_a_person(
    host: Host, tab: Page, now: str, first: str, count: int
) -> None:
    tab.clock.set_fixed_time(now)
    host.posted.clear()
    tab.goto(host.url + "contact/")
    with tab.expect_request_finished(lambda request: request.method == "POST"):
        ask(tab, "flux capacitor")
    panel = tab.locator("[data-kb-panel]")
    expect(panel).to_contain_text("Nothing found for “flux capacitor”. Ask us:")
    expect(panel.get_by_role("link").first).to_have_text(first)
    expect(panel.get_by_role("link")).to_have_count(count)
    expect(tab.locator(".kb-contact--highlighted")).to_have_count(1)
    expect(tab.locator("#kb--status")).to_contain_text("Nothing found")
    assert [json.loads(body) for body in host.posted] == [{"search": "flux capacitor"}]


def test_the_search_page_says_when_nothing_is_found(host: Host, tab: Page) -> None:
    tab.goto(host.url + "search/?q=flux+capacitor")
    expect(tab.get_by_role("region", name="Results")).to_contain_text("Nothing found for “flux capacitor”. Ask us:")
    expect(tab.get_by_role("heading", name="Topics")).to_be_visible()
    expect(tab.get_by_role("link", name="All answers, A to Z").first).to_be_visible()
    expect(tab.get_by_role("heading", name="All answers, A to Z")).to_be_hidden()


@pytest.mark.parametrize(
    "words",
    ["<img src=x onerror=alert(1)>", "__proto__", "(.*+?^${}|[]", "‮אבג", "🤷🏽‍♀️", "x" * 10_000, "\\ud800", '"'],
)  # fmt: skip
def test_hostile_words_are_words(examples_host: Host, tab: Page, words: str) -> None:
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.on("dialog", lambda dialog: errors.append(dialog.message))
    tab.goto(examples_host.url)
    ask(tab, words)
    expect(tab.locator("[data-kb-panel]")).to_contain_text("Nothing found")
    assert tab.locator("[data-kb-panel] img").count() == 0
    assert errors == []


@pytest.mark.parametrize(
    ("now", "first"),
    [("2026-11-24T10:00:00Z", "Call +44 20 7946 0000"), ("2026-11-22T03:00:00Z", "Email help@example.com")],
)
@pytest.mark.parametrize("lost", ["**/search/index.mjs", "**/search/root.bin"])
def test_a_lost_index_is_said_and_leads_on(examples_host: Host, tab: Page, lost: str, now: str, first: str) -> None:
    tab.clock.set_fixed_time(now)
    tab.route(lost, lambda route: route.abort())
    tab.goto(examples_host.url)
    ask(tab, "parcel")
    panel = tab.locator("[data-kb-panel]")
    expect(panel).to_contain_text("Search could not be loaded")
    expect(panel.get_by_role("link", name=first)).to_be_visible()
    panel.get_by_role("link", name="All answers, A to Z").click()
    tab.wait_for_url("**/all/")


def test_a_blocked_box_still_submits(examples_host: Host, tab: Page) -> None:
    tab.route("**/search-box.mjs", lambda route: route.abort())
    tab.goto(examples_host.url)
    tab.get_by_role("combobox").focus()
    expect(tab.locator(".kb-search__problem")).to_be_visible()
    expect(tab.locator("#kb--status")).to_have_text("Search could not be loaded. Press Enter to see all answers.")
    tab.get_by_role("combobox").fill("parcel")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/search/?q=parcel")


def test_search_does_without_what_only_feedback_needs(examples_host: Host, tab: Page) -> None:
    tab.route("**/post.mjs", lambda route: route.abort())
    tab.goto(examples_host.url)
    ask(tab, "parcel")
    expect(tab.get_by_role("option").first).to_be_visible()


def test_a_lost_results_script_is_said_outside_the_hidden_results(examples_host: Host, tab: Page) -> None:
    tab.route("**/results-page.mjs", lambda route: route.abort())
    tab.goto(examples_host.url + "search/?q=parcel")
    expect(tab.locator("main").get_by_text("Search could not be loaded. All answers are listed below.")).to_be_visible()
    expect(tab.get_by_role("heading", name="All answers, A to Z")).to_be_visible()


def test_on_a_slow_line_nothing_old_stands_under_what_is_typed(examples_host: Host, tab: Page) -> None:
    tab.route("**/search/root.bin", lambda _route: None)
    tab.goto(examples_host.url + "contact/")
    box = tab.get_by_role("combobox")
    box.focus()
    expect(tab.get_by_role("option").first).to_be_visible()
    box.fill("parcel")
    expect(tab.locator("#kb--status")).to_contain_text("Still searching")
    expect(tab.get_by_role("option")).to_have_count(0)
    expect(tab.locator("[data-kb-panel]")).not_to_contain_text("Happening now")


def test_what_comes_late_opens_nothing_behind_the_reader(examples_host: Host, tab: Page) -> None:
    tab.route("**/search/root.bin", lambda _route: None)
    tab.goto(examples_host.url + "contact/")
    ask(tab, "parcel")
    tab.wait_for_timeout(200)
    tab.keyboard.press("Escape")
    tab.wait_for_timeout(2_800)
    expect(tab.locator("[data-kb-panel]")).to_be_hidden()


def test_nothing_of_search_waits_for_a_module(examples_host: Host, tab: Page) -> None:
    asked: set[str] = set()
    missing: list[str] = []
    tab.on("request", lambda request: asked.add(request.url))
    tab.on("response", lambda response: missing.append(response.url) if response.status >= 400 else None)
    tab.goto(examples_host.url + "contact/", wait_until="networkidle")
    asked.clear()
    ask(tab, "parcel")
    expect(tab.locator("mark").first).to_be_visible()
    needed = set(asked)
    assert missing == []
    asked.clear()
    # Here none of them ever comes, so that none can ask for the next.
    tab.route("**/*.mjs", lambda route: route.continue_() if route.request.url.endswith("/page.mjs") else None)
    tab.goto(examples_host.url + "contact/")
    with tab.expect_request("**/search-box.mjs"):
        ask(tab, "parcel")
    tab.wait_for_timeout(200)
    assert {url.rpartition("/")[2] for url in needed} == {"index.mjs", "search-box.mjs", "root.bin", "happening.json"}
    assert needed <= asked


@pytest.mark.parametrize("typed", ["", "parcel"])
def test_escape_before_the_script_has_come_opens_nothing_after(examples_host: Host, tab: Page, typed: str) -> None:
    held: list[Route] = []
    tab.route("**/search-box.mjs", lambda route: held.append(route))
    tab.goto(examples_host.url + "contact/")
    with tab.expect_request("**/search-box.mjs"):
        ask(tab, typed)
    tab.keyboard.press("Escape")
    held[0].continue_()
    expect(tab.locator("[data-kb-panel]")).to_have_count(1)
    tab.wait_for_timeout(500)
    expect(tab.locator("[data-kb-panel]")).to_be_hidden()


def test_a_second_escape_clears_the_box_and_opens_nothing(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url + "contact/")
    ask(tab, "refund")
    expect(tab.get_by_role("option").first).to_be_visible()
    tab.keyboard.press("Escape")
    tab.keyboard.press("Escape")
    expect(tab.get_by_role("combobox")).to_have_value("")
    tab.wait_for_timeout(500)
    expect(tab.locator("[data-kb-panel]")).to_be_hidden()


def test_an_index_that_never_comes_is_said(examples_host: Host, tab: Page) -> None:
    tab.clock.install()
    tab.route("**/search/root.bin", lambda _route: None)
    tab.goto(examples_host.url)
    ask(tab, "parcel")
    # No time passes until the box has its script.
    expect(tab.locator("[data-kb-panel]")).to_have_count(1)
    tab.clock.run_for(4_000)
    expect(tab.locator("[data-kb-panel]")).to_contain_text("Still searching. The connection seems slow.")
    for _ in range(8):
        # The reader asks a second time before it gives up; each wait starts when the one before has ended.
        tab.clock.run_for(5_000)
        tab.wait_for_timeout(100)
    expect(tab.locator("[data-kb-panel]")).to_contain_text("Search could not be loaded")


def test_a_browser_without_decompression_gets_a_message(examples_host: Host, context: BrowserContext) -> None:
    context.add_init_script("delete globalThis.DecompressionStream")
    tab = context.new_page()
    tab.goto(examples_host.url)
    ask(tab, "parcel")
    expect(tab.locator("[data-kb-panel]")).to_contain_text("This browser cannot search here.")


def test_an_old_address_leads_to_its_article(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url + "hc/en-us/articles/cancel-order?from=mail#costs")
    tab.wait_for_url("**/faq/orders/cancel-order/?from=mail#costs")


def test_a_missing_page_offers_the_nearest_answers(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url + "help/deep/where-is-my-late-parcel.html")
    expect(tab.get_by_role("heading", name="You may be looking for")).to_be_visible()
    expect(tab.locator("[data-list]").get_by_role("link").first).to_have_text("My parcel is late")


def test_a_redirect_keeps_query_and_fragment(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url + "a/cancel-order/?ref=sms#costs")
    tab.wait_for_url("**/faq/orders/cancel-order/?ref=sms#costs")


@pytest.mark.parametrize(
    ("query", "shown"),
    [("What is your phone number?", 1), ("I want to talk to a person", 1), ("change my phone number", 0)],
)
def test_a_query_that_is_a_channel_shows_it(examples_host: Host, tab: Page, query: str, shown: int) -> None:
    tab.goto(examples_host.url + f"search/?q={query.replace(' ', '+')}")
    tab.wait_for_selector(".kb-results__list, .kb-results__channel, .kb-search__message a")
    assert tab.locator(".kb-results__channel").count() == shown


def test_where_nothing_is_found_the_channels_that_are_open_are_offered(demo_host: Host, tab: Page) -> None:
    tab.clock.set_fixed_time(CLOCK)
    offered = []
    for path, place in (("search/?q=zzzz", ".kb-results"), ("", "[data-kb-panel]")):
        block = f"{place} .kb-search__contact"
        tab.goto(demo_host.url + path)
        if not path:
            ask(tab, "zzzz")
        expect(tab.locator(block)).to_be_visible()
        kinds = tab.locator(f"{block} .kb-channel").evaluate_all("all => all.map((one) => one.dataset.kind)")
        offered.append(kinds)
    # Saturday, nine o'clock in London: the social desk is closed.
    assert offered == [["phone", "chat", "sms", "whatsapp", "email"]] * 2


def test_below_a_short_list_of_results_come_the_topics(demo_host: Host, tab: Page) -> None:
    tab.goto(demo_host.url + "search/?q=student+discount")
    best = tab.locator(".kb-results__best")
    expect(best.get_by_role("heading")).to_have_text("Do you have a discount for students, NHS staff or carers?")
    expect(best).to_contain_text("10% off all year")
    expect(tab.get_by_role("heading", name="Topics")).to_be_visible()
    tab.goto(demo_host.url + "search/?q=order")
    expect(tab.locator(".kb-results__list > li").first).to_be_visible()
    expect(tab.get_by_role("heading", name="Topics")).to_be_hidden()
    expect(tab.get_by_role("heading", name="All answers, A to Z")).to_be_hidden()


def test_letters_typed_while_a_search_is_on_its_way_wait_for_a_pause(examples_host: Host, tab: Page) -> None:
    held: list[Route] = []
    tab.route("**/root.bin", lambda route: held.append(route))
    tab.add_init_script(
        "made = 0; AbortController = class extends AbortController { constructor() { super(); made++; } };"
    )
    tab.clock.install(time=CLOCK)
    tab.goto(examples_host.url + "contact/")
    box = tab.get_by_role("combobox")
    box.focus()
    expect(tab.locator("[data-kb-panel]")).to_have_count(1)
    # From here on no time passes but what is run, however slow the machine.
    tab.clock.pause_at("2026-11-21T10:00:00Z")
    box.press("p")
    tab.clock.run_for(100)
    tab.wait_for_function("made > 1")
    before = tab.evaluate("made")
    for letter in "arcel":
        box.press(letter)
        tab.clock.run_for(100)
    assert tab.evaluate("made") == before
    tab.clock.run_for(300)
    assert tab.evaluate("made") == before + 1
    for route in held:
        route.continue_()
    expect(tab.locator("mark").first).to_contain_text("arcel")
