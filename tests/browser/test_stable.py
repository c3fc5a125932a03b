"""Nothing moves by itself: cumulative layout shift (web.dev/cls) of every kind of page, scripts fast or late."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.conftest import CLOCK, host_named
from tests.browser.page_kinds import untouched

MOST = 0.02
REST = pytest.mark.exhaustive
NAMES = ["public", *(pytest.param(name, marks=REST) for name in ("german", "arabic", "staff", "examples"))]
COLLECT = """window.shift = 0; window.moved = []; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (entry.hadRecentInput) continue;
    window.shift += entry.value;
    for (const { node } of entry.sources) window.moved.push((node?.parentElement ?? node)?.className ?? "");
  }
}).observe({ type: "layout-shift", buffered: true })"""
LATE = 600
"""Milliseconds by which each script and data file is late."""


def shift_of(page: Page, url: str) -> tuple[float, str]:
    """How much moved, and the classes of what did."""
    page.goto(url, wait_until="networkidle")
    page.wait_for_timeout(150)
    return page.evaluate("window.shift"), page.evaluate("window.moved.join(', ')")


@pytest.mark.parametrize("width", [320, pytest.param(768, marks=REST), 1280])
@pytest.mark.parametrize("late", [False, True], ids=["fast", "late"])
@pytest.mark.parametrize("name", NAMES)
def test_nothing_jumps(request: pytest.FixtureRequest, browser: Browser, name: str, width: int, late: bool) -> None:
    host = host_named(request, name)
    context = browser.new_context(viewport={"width": width, "height": 800})
    context.add_init_script(COLLECT)
    if late:

        def hold(route: Route, *_: Any) -> None:
            page.wait_for_timeout(LATE)
            route.continue_()

        context.route("**/*.mjs", hold)
    page = context.new_page()
    page.clock.set_fixed_time(CLOCK)
    shifts = {path: shift_of(page, host.url + path) for path in untouched(name)}
    assert {path: shift for path, shift in shifts.items() if shift[0] > MOST} == {}
    context.close()
