"""The Nu HTML checker finds nothing in what a browser holds once scripts have run, on every kind of page."""

import json
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page

from scripts.install_checkers import VNU
from tests.browser.conftest import CLOCK, Host
from tests.browser.page_kinds import (
    ARABIC,
    EXAMPLES,
    GERMAN,
    PUBLIC,
    STAFF,
    STAFF_IN_LANGUAGES,
    STATES_IN_LANGUAGES,
)

JAVA = ("-Xss4m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""The schemas need a deep stack; it is over before the second compiler of Java has made anything faster."""
SITES = {
    "demo": (*PUBLIC, *GERMAN, *ARABIC, *STATES_IN_LANGUAGES),
    "staff": (*STAFF, *STAFF_IN_LANGUAGES),
    "examples": EXAMPLES,
}


def findings(folder: Path) -> list[str]:
    """What the checker says about the files in ``folder``, hints included."""
    assert VNU.is_file(), "the checker is missing: make test installs it (scripts/install_checkers.py)"
    command = ["java", *JAVA, "-jar", str(VNU), "--format", "json", "--stdout", "--skip-non-html", str(folder)]
    messages = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)["messages"]
    return [f"{page_of(found['url'])}: {found['message']}: {found.get('extract', '')}" for found in messages]


def page_of(file: str) -> str:
    """The kind that was saved in ``file``."""
    name, _, number = Path(file).stem.partition("-")
    return f"{name} {SITES[name][int(number)]}" if number else name


@pytest.mark.slow
def test_pages_are_valid_after_their_scripts(
    demo_host: Host, staff_host: Host, examples_host: Host, tab: Page, tmp_path: Path
) -> None:
    tab.clock.set_fixed_time(CLOCK)
    for host, (name, kinds) in zip((demo_host, staff_host, examples_host), SITES.items(), strict=True):
        for number, kind in enumerate(kinds):
            kind.open(tab, host.url)
            html = "<!doctype html>" + tab.evaluate("document.documentElement.outerHTML")
            (tmp_path / f"{name}-{number}.html").write_text(html, encoding="utf-8")
    assert findings(tmp_path) == []


def test_the_checker_finds_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "wrong.html").write_text(
        '<!doctype html><html lang="en"><title>A</title><input type="search" role="combobox">', encoding="utf-8"
    )
    assert any("combobox" in finding for finding in findings(tmp_path))
