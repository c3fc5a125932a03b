"""What a first view costs, and how long it takes on a bad line."""

import gzip

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import Host, host_named

BUDGETS = [
    ("examples", "", 32_000),
    ("examples", "faq/orders/cancel-order/", 30_000),
    ("examples", "policies/returns-policy/", 30_000),
    ("public", "", 32_000),
    ("public", "faq/delivery/late-parcel/", 30_000),
    ("public", "policies/delivery/", 30_000),
    ("public", "ar/faq/account/create-an-account/", 30_000),
]
"""Kind of site, page and bytes; the demo has a logo and announcements."""
REQUESTS = 6
FIRST_PAINT = """() => new Promise((resolve) => new PerformanceObserver((list) => {
  for (const { name, startTime } of list.getEntries()) if (name === "first-contentful-paint") resolve(startTime);
}).observe({ type: "paint", buffered: true }))"""
BAD_LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}


@pytest.mark.parametrize("width", [320, 1280, 1920])
@pytest.mark.parametrize(("site", "path", "budget"), BUDGETS)
def test_the_first_view_keeps_to_its_budget(
    request: pytest.FixtureRequest, tab: Page, site: str, path: str, budget: int, width: int
) -> None:
    requests: list[Request] = []
    tab.set_viewport_size({"width": width, "height": 800})
    tab.on("request", lambda request: requests.append(request))
    tab.goto(host_named(request, site).url + path, wait_until="networkidle")
    loaded = {request.url: request.response() for request in requests}
    # The icon is fetched by browsers with a tab strip only; it counts all the same.
    icon = tab.locator("link[rel=icon]").evaluate("link => link.href")
    bodies = [response.body() for url, response in loaded.items() if response and url != icon]
    bodies.append(tab.request.get(icon).body())
    assert len(bodies) <= REQUESTS, [*loaded]
    assert sum(len(gzip.compress(body, 6)) for body in bodies) <= budget


def test_the_answer_is_there_within_three_seconds_on_a_bad_line(examples_host: Host, tab: Page) -> None:
    session = tab.context.new_cdp_session(tab)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", BAD_LINE)
    tab.goto(examples_host.url + "faq/orders/cancel-order/", wait_until="commit")
    expect(tab.locator(".kb-answer")).to_be_visible()
    assert tab.evaluate(FIRST_PAINT) <= 3_000


def test_nothing_jumps_while_scripts_come(examples_host: Host, tab: Page) -> None:
    tab.goto(examples_host.url + "faq/orders/cancel-order/", wait_until="networkidle")
    shift = tab.evaluate(
        """() => new Promise((resolve) => {
             let total = 0;
             new PerformanceObserver((list) => { for (const entry of list.getEntries()) total += entry.value })
               .observe({ type: "layout-shift", buffered: true });
             setTimeout(() => resolve(total), 200);
           })"""
    )
    assert shift <= 0.02


@pytest.mark.parametrize(("width", "shown"), [(320, 10), (1280, 40)])
def test_a_long_table_of_contents_keeps_to_main_headings_before_the_text(
    examples_host: Host, tab: Page, width: int, shown: int
) -> None:
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto(examples_host.url + "faq/delivery/everything/")
    expect(tab.locator(".kb-toc__list li:visible")).to_have_count(shown)
