"""Pages reflow when the reader's own text size is 24 or 32 px (WCAG 2.2 SC 1.4.4 and 1.4.10)."""

from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.browser.conftest import chromium, host_named
from tests.browser.page_kinds import untouched

NARROW, WIDE = "Roboto", "DejaVu Sans"
"""Where one is missing, the browser takes its own."""
REST = pytest.mark.exhaustive
CUT = """() => [...document.querySelectorAll("h1, h2, h3, p, a, button, summary, dt, dd, label")]
  .filter((element) => element.checkVisibility())
  .filter((element) => !element.closest(".kb-visually-hidden, .kb-skip, .md-typeset__scrollwrap"))
  .filter((element) => !element.closest(".kb-announcement__text"))
  .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map((element) => element.outerHTML.slice(0, 90)).slice(0, 3)"""


@pytest.mark.parametrize(
    ("size", "font"),
    [(24, NARROW), (32, WIDE), pytest.param(24, WIDE, marks=REST), pytest.param(32, NARROW, marks=REST)],
)
@pytest.mark.parametrize(
    "name", ["public", *(pytest.param(name, marks=REST) for name in ("german", "arabic", "staff"))]
)
def test_pages_reflow_at_the_readers_text_size(
    request: pytest.FixtureRequest, playwright: Playwright, tmp_path: Path, size: int, font: str, name: str
) -> None:
    """The size is set as readers set it, in the browser's preferences: CSS `rem` and `em` in media queries follow."""
    preferences = tmp_path / "Default/Preferences"
    preferences.parent.mkdir(parents=True)
    preferences.write_text(f'{{"webkit": {{"webprefs": {{"default_font_size": {size}}}}}}}')
    found = {}
    host = host_named(request, name)
    context = playwright.chromium.launch_persistent_context(
        tmp_path, executable_path=chromium(playwright), args=["--no-sandbox"], viewport={"width": 320, "height": 800}
    )
    page = context.new_page()
    page.goto(host.url)
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") >= size
    for width in (320, 390):
        page.set_viewport_size({"width": width, "height": 800})
        for path in untouched(name):
            page.goto(host.url + path, wait_until="networkidle")
            page.evaluate("font => document.documentElement.style.setProperty('--kb-font', font)", font)
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            cut = page.evaluate(CUT)
            if over > 0 or cut:
                found[f"{path} at {width}"] = (over, cut)
    context.close()
    assert found == {}
