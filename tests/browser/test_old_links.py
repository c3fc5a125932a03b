"""Old links in a browser: redirects keep query and fragment, moved anchors lead on, withdrawn answers say so."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, expect

from kb_builder.commands.cli import commands
from tests.browser.conftest import Host
from tests.centres import CLOCK, SMALL, article, put, write

RULES = """\
old-cancel: cancel-an-order
old-cancel#prices: refunds#how-long
cancel-an-order#in-the-post: cancel-an-order#after-it-shipped
cancel-an-order#refunds: refunds#how-long
"cancel-an-order#отмена": refunds
a/fax/: {gone: We no longer take orders by fax., replaced_by: cancel-an-order, withdrawn: 2026-03-03}
"""


@pytest.fixture(scope="module")
def old_links(tmp_path_factory: pytest.TempPathFactory, host_of: Any) -> Host:
    root = write(tmp_path_factory.mktemp("old-links"), {**SMALL, "content/redirects.yml": RULES})
    put(root, "content/articles/faq/orders/fax.md", article("unlike-fax"))
    built = CliRunner().invoke(commands, ["build", "--clock", CLOCK, "-f", str(root / "mkdocs.yml")])
    assert built.exit_code == 0, built.output
    host: Host = host_of(Path(root / "site").resolve())
    return host


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a/cancel-an-order/?from=sms#before-it-ships", "faq/orders/cancel-an-order/?from=sms#before-it-ships"),
        ("faq/stop-an-order/?x=1", "faq/orders/cancel-an-order/?x=1"),
        ("a/cancel-an-order/#in-the-post", "faq/orders/cancel-an-order/#after-it-shipped"),
        ("a/old-cancel/#prices", "policies/refunds/#how-long"),
        ("a/old-cancel/#refunds", "policies/refunds/#how-long"),
        ("faq/orders/cancel-an-order/#in-the-post", "faq/orders/cancel-an-order/#after-it-shipped"),
        ("faq/orders/cancel-an-order/?y=2#refunds", "policies/refunds/?y=2#how-long"),
        ("faq/orders/cancel-an-order/#%D0%BE%D1%82%D0%BC%D0%B5%D0%BD%D0%B0", "policies/refunds/"),
        ("faq/orders/cancel-an-order/#constructor", "faq/orders/cancel-an-order/#constructor"),
    ],
)
def test_an_old_link_leads_on(old_links: Host, tab: Page, old: str, new: str) -> None:
    tab.goto(old_links.url + old)
    expect(tab).to_have_url(old_links.url + new)


def test_without_scripts_a_redirect_works_and_a_moved_anchor_opens_the_page(old_links: Host, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False) as plain:
        tab = plain.new_page()
        tab.goto(f"{old_links.url}a/old-cancel/")
        expect(tab).to_have_url(f"{old_links.url}faq/orders/cancel-an-order/")
        tab.goto(f"{old_links.url}faq/orders/cancel-an-order/#refunds")
        expect(tab.get_by_role("heading", level=1)).to_have_text("How do I cancel an order?")
        tab.goto(f"{old_links.url}a/fax/")
        expect(
            tab.get_by_text("This answer was withdrawn on 3 March 2026. We no longer take orders by fax.")
        ).to_be_visible()


def test_the_notice_offers_another_answer_and_a_person(old_links: Host, tab: Page) -> None:
    tab.goto(f"{old_links.url}a/fax/")
    expect(tab.get_by_role("link", name="How do I cancel an order?").first).to_be_visible()
    expect(tab.get_by_role("link", name="+44 20 7946 0000").first).to_be_visible()
    assert Axe().run(tab).violations_count == 0
