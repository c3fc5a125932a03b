"""What Safari's engine does with the pages: nothing that needs the reader's gesture may wait for a module."""

from collections.abc import Iterator

import pytest

from tests.browser.conftest import Host
from tests.browser.webkit import WebKit, webkit

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def safari() -> Iterator[WebKit]:
    with webkit() as browser:
        yield browser


def test_home_shows_what_happens_and_who_is_open(safari: WebKit, demo_host: Host) -> None:
    safari.go(demo_host.url)
    safari.wait_for("document.querySelector('.kb-hero .kb-channel__state')?.textContent")
    assert safari.run("return document.documentElement.scrollWidth <= innerWidth")


def test_the_box_searches_while_one_types(safari: WebKit, demo_host: Host) -> None:
    safari.go(demo_host.url)
    safari.type("#kb--search", "parcel late")
    safari.wait_for("document.querySelector('[role=option] mark')")
    safari.go(demo_host.url + "search/?q=parcel+late")
    safari.wait_for("document.querySelector('.kb-results__best')?.textContent.includes('My parcel is late')")


def test_the_first_press_copies_the_short_link(safari: WebKit, demo_host: Host) -> None:
    safari.go(demo_host.url + "faq/delivery/late-parcel/")
    safari.click("[data-copy]")
    safari.wait_for("document.querySelector('[data-copy]').textContent.includes('Copied')")


def test_a_group_is_chosen_and_remembered(safari: WebKit, demo_host: Host) -> None:
    safari.go(demo_host.url + "s/business/")
    safari.wait_for("document.querySelector('[data-choose]')?.checkVisibility()")
    safari.click("[data-choose]")
    safari.wait_for("document.querySelector('[data-forget]').checkVisibility()")
    safari.go(demo_host.url)
    safari.wait_for("document.querySelector('.kb-segments__link[aria-current]')")


def test_feedback_is_sent(safari: WebKit, examples_host: Host) -> None:
    safari.go(examples_host.url + "faq/orders/cancel-order/")
    safari.click(".kb-feedback button[value=yes]")
    safari.wait_for("document.querySelector('.kb-feedback [data-step=thanks]').checkVisibility()")


def test_staff_copy_a_reply_with_the_first_press(safari: WebKit, staff_host: Host) -> None:
    safari.go(staff_host.url + "?reply=late-parcel")
    safari.wait_for("document.querySelector('[data-text]')?.value.includes('/a/late-parcel/')")
    safari.click("[data-copy-reply]")
    safari.wait_for("document.body.textContent.includes('Reply copied')")
