"""What Firefox and Safari's engine do with the pages; nothing that needs a gesture of the reader waits for a module."""

from collections.abc import Iterator

import pytest

from tests.browser.conftest import Host
from tests.browser.firefox import firefox
from tests.browser.webkit import webkit
from tests.browser.window import Window

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=[firefox, webkit], ids=lambda browser: browser.__name__)
def window(request: pytest.FixtureRequest) -> Iterator[Window]:
    with request.param() as opened:
        yield opened


def test_home_shows_what_happens_and_who_is_open(window: Window, demo_host: Host) -> None:
    window.go(demo_host.url)
    window.wait_for("document.querySelector('.kb-hero .kb-channel__state')?.textContent")
    assert window.run("return document.documentElement.scrollWidth <= innerWidth")


def test_the_box_searches_while_one_types(window: Window, demo_host: Host) -> None:
    window.go(demo_host.url)
    window.type("#kb--search", "parcel late")
    window.wait_for("document.querySelector('[role=option] mark')")
    window.go(demo_host.url + "search/?q=parcel+late")
    window.wait_for("document.querySelector('.kb-results__best')?.textContent.includes('My parcel is late')")


@pytest.mark.parametrize("plain_http", [False, True], ids=["https", "plain http"])
def test_the_first_press_copies_the_short_link(window: Window, demo_host: Host, plain_http: bool) -> None:
    window.go(demo_host.url + "faq/delivery/late-parcel/")
    if plain_http:
        # Browsers offer no clipboard there, except for this computer itself, which is where the tests' server runs.
        window.run("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    window.click("[data-copy]")
    window.wait_for("document.querySelector('[data-copy]').textContent.includes('Copied')")


def test_a_group_is_chosen_and_remembered(window: Window, demo_host: Host) -> None:
    window.go(demo_host.url + "s/business/")
    window.wait_for("document.querySelector('[data-choose]')?.checkVisibility()")
    window.click("[data-choose]")
    window.wait_for("document.querySelector('[data-forget]').checkVisibility()")
    window.go(demo_host.url)
    window.wait_for("document.querySelector('.kb-segments__link[aria-current]')")


def test_feedback_is_sent(window: Window, examples_host: Host) -> None:
    window.go(examples_host.url + "faq/orders/cancel-order/")
    window.click(".kb-feedback button[value=yes]")
    window.wait_for("document.querySelector('.kb-feedback [data-step=thanks]').checkVisibility()")


def test_staff_copy_a_reply_with_the_first_press(window: Window, staff_host: Host) -> None:
    window.go(staff_host.url + "?reply=late-parcel")
    window.wait_for("document.querySelector('[data-text]')?.value.includes('/a/late-parcel/')")
    window.click("[data-copy-reply]")
    window.wait_for("document.body.textContent.includes('Reply copied')")
