"""``kb serve`` as an editor sees it: a tab beside the file that is being written."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.centres import MKDOCS, SMALL, article, put, write

TRACK = "content/articles/faq/orders/track-an-order.md"


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    return write(tmp_path, SMALL, mkdocs=MKDOCS.replace("https://help.example.com/", "https://example.com/help/"))


@pytest.fixture
def url(centre: Path) -> Iterator[str]:
    """The address of the running preview, of a site below a path."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    server = subprocess.Popen(
        [sys.executable, "-m", "kb_builder", "serve", "-a", address, "--clock", "2026-11-21T12:00:00Z"],
        cwd=centre, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | {"CI": "true"},
    )  # fmt: skip
    try:
        _await(f"http://{address}/help/")
        yield f"http://{address}/help/"
    finally:
        server.terminate()
        server.wait(timeout=30)


def _await(url: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(url, timeout=10).close()
        except OSError:
            time.sleep(0.1)
        else:
            return


@pytest.fixture
def tab(tab: Page) -> Page:
    tab.set_default_timeout(30_000)
    expect.set_options(timeout=30_000)
    return tab


def test_a_tab_shows_what_is_saved_and_what_is_wrong_with_it(centre: Path, url: str, tab: Page) -> None:
    tab.goto(f"{url}faq/orders/track-an-order/")
    strip = tab.get_by_role("complementary", name="For the editor")
    expect(strip).to_contain_text(TRACK)
    put(centre, TRACK, article("track-an-order", "Where is it?", "Look at [this][nope].\n", draft="true"))
    expect(tab.get_by_role("heading", name="Where is it?")).to_be_visible()
    expect(strip).to_contain_text("A draft")
    expect(strip).to_contain_text("line 7: [this][nope] is shown as text")


def test_a_broken_header_replaces_the_page_until_it_is_mended(centre: Path, url: str, tab: Page) -> None:
    tab.goto(f"{url}faq/orders/track-an-order/")
    put(centre, TRACK, "---\nid: track-an-order\ntitel: Where is it?\n---\n\nText.\n")
    expect(tab.get_by_role("heading", name="This page can’t be shown yet")).to_be_visible()
    expect(tab.locator("mark").last).to_contain_text("titel: Where is it?")
    put(centre, TRACK, article("track-an-order", "Where is it?"))
    expect(tab.get_by_role("heading", name="Where is it?")).to_be_visible()


def test_a_tab_follows_a_renamed_article(centre: Path, url: str, tab: Page) -> None:
    tab.goto(f"{url}faq/orders/track-an-order/")
    (centre / TRACK).rename(centre / "content/articles/faq/orders/find-a-parcel.md")
    tab.wait_for_url(f"{url}faq/orders/find-a-parcel/")
    expect(tab.get_by_role("heading", name="Where is my parcel?")).to_be_visible()


def test_a_missing_page_opens_when_it_is_written(centre: Path, url: str, tab: Page) -> None:
    tab.goto(f"{url}faq/orders/soon/")
    expect(tab.get_by_role("heading", name="We can’t find that page")).to_be_visible()
    put(centre, "content/articles/faq/orders/soon.md", article("soon", "Soon to come"))
    expect(tab.get_by_role("heading", name="Soon to come")).to_be_visible()
    tab.get_by_role("link", name="Orders").first.click()
    tab.wait_for_url(f"{url}faq/orders/")


def test_search_in_the_preview_finds_what_was_just_written(centre: Path, url: str, tab: Page) -> None:
    put(centre, "content/articles/faq/orders/soon.md", article("soon", "Zebra crossings", draft="true"))
    tab.goto(f"{url}faq/orders/soon/")
    expect(tab.get_by_role("heading", name="Zebra crossings")).to_be_visible()
    tab = tab.context.new_page()  # The first one may be about to follow what was saved, which ends its navigation.
    tab.goto(f"{url}search/?q=zebra")
    expect(tab.get_by_role("main").get_by_role("link", name="Zebra crossings").first).to_be_visible()
