"""The Nu HTML checker finds nothing in what a browser holds once scripts have run, on every kind of page."""

import json
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from scripts.install_checkers import VNU
from tests.browser.conftest import CLOCK, Host

PAGES = ("", "faq/delivery/", "faq/delivery/late-parcel/", "policies/delivery/", "contact/", "all/", "trending/",
         "s/business/", "announcements/", "announcements/2026-11-18-courier-strike/", "search/",
         "search/?q=parcel+late", "search/?q=zzzz", "search/?q=%2B44+20+7946+0123", "404.html",
         "a/late-parcel/")  # fmt: skip
STAFF_PAGES = ("", "staff/trends/", "staff/gaps/")


def findings(folder: Path) -> list[str]:
    """What the checker says about the files in ``folder``, hints included."""
    assert VNU.is_file(), "the checker is missing: make test installs it (scripts/install_checkers.py)"
    command = ["java", "-Xss1m", "-jar", str(VNU), "--format", "json", "--stdout", "--skip-non-html", str(folder)]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return [
        f"{Path(item['url']).stem}: {item['message']}: {item.get('extract', '')}"
        for item in json.loads(said)["messages"]
    ]


def save(tab: Page, file: Path) -> None:
    file.write_text("<!doctype html>" + tab.evaluate("document.documentElement.outerHTML"), encoding="utf-8")


@pytest.mark.slow
def test_pages_are_valid_after_their_scripts(demo_host: Host, staff_host: Host, tab: Page, tmp_path: Path) -> None:
    tab.clock.set_fixed_time(CLOCK)
    for name, host, pages in (("customers", demo_host, PAGES), ("staff", staff_host, STAFF_PAGES)):
        for number, path in enumerate(pages):
            tab.goto(host.url + path, wait_until="networkidle")
            save(tab, tmp_path / f"{name}-{number}.html")
    tab.goto(demo_host.url)
    tab.get_by_role("combobox").fill("parcel late")
    expect(tab.get_by_role("option").locator("mark").first).to_be_visible()
    save(tab, tmp_path / "results.html")
    tab.goto(staff_host.url + "?reply=late-parcel", wait_until="networkidle")
    save(tab, tmp_path / "reply.html")
    assert findings(tmp_path) == []


def test_the_checker_finds_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "wrong.html").write_text(
        '<!doctype html><html lang="en"><title>A</title><input type="search" role="combobox">', encoding="utf-8"
    )
    assert any("combobox" in finding for finding in findings(tmp_path))
