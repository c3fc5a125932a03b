"""``kb build``, ``serve`` and ``rollback``: what is published, and what stays as it was."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.centres import CLOCK, MKDOCS, article, put
from tests.invoke import kb, kb_json

pytestmark = pytest.mark.slow


def test_build_reports_what_it_did(centre: Path) -> None:
    first = kb_json("build", "--clock", CLOCK)
    assert set(first) == {"articles", "pages", "pins", "bytes", "seconds", "rendered", "reused"}
    assert first["articles"] == 4
    assert kb_json("build", "--clock", CLOCK)["rendered"] == 0


def test_a_staff_site_and_drafts_never_take_the_place_of_the_public_site(centre: Path) -> None:
    kb("build", "--clock", CLOCK)
    before = (centre / "site/index.html").read_bytes()
    for options in (("--audience", "staff"), ("--drafts",)):
        refused = kb("build", *options, "-d", "site", "--clock", CLOCK)
        assert refused.exit_code == 5
        assert "is for the public" in refused.stderr
    assert (centre / "site/index.html").read_bytes() == before
    assert kb("build", "--drafts", "--clock", CLOCK).exit_code == 0
    assert kb("build", "--audience", "staff", "--clock", CLOCK).exit_code == 0
    assert (centre / "draft-site/index.html").exists()
    assert (centre / "staff-site/index.html").exists()


def test_a_link_into_a_download_keeps_its_place(centre: Path) -> None:
    put(centre, "content/articles/faq/guide.pdf", b"%PDF-1.4")
    put(centre, "content/articles/faq/link.md", article("link", body="[page two](guide.pdf#page=2)\n"))
    assert kb("build").exit_code == 0
    assert 'guide.pdf#page=2"' in (centre / "site/faq/link/index.html").read_text()


def test_strict_publishes_nothing_when_a_review_is_overdue(centre: Path) -> None:
    overdue = article("old", answer="Yes.", owner="Care", last_reviewed_on="2025-01-01", review_in="1 month")
    put(centre, "content/articles/faq/old.md", overdue)
    assert "1 warning" in kb("build", "--clock", CLOCK).stdout
    refused = kb("build", "--strict", "--clock", CLOCK)
    assert refused.exit_code == 1
    assert "content/articles/faq/old.md:7: warning: the review was due on 2025-02-01" in refused.stderr


def test_an_article_that_is_one_picture_is_described_by_its_title(centre: Path) -> None:
    put(centre, "content/articles/faq/picture.md", article("picture", "Where it is", "![The map](gone.png)\n"))
    kb("build", "--clock", CLOCK)
    assert '<meta name="description" content="Where it is">' in (centre / "site/faq/picture/index.html").read_text()


SECTIONS = "\n## How long\n\nFive days.\n\n## What changed\n\nIt was ten days.\n"


def test_rollback_shows_the_build_before(centre: Path) -> None:
    kb("build", "--clock", CLOCK)
    first = (centre / "site/policies/refunds/index.html").read_text()
    put(centre, "content/articles/policies/refunds.md", article("refunds", "Refunds", f"All new.\n{SECTIONS}"))
    kb("build", "--clock", CLOCK)
    assert "All new." in (centre / "site/policies/refunds/index.html").read_text()
    assert kb("rollback").exit_code == 0
    assert (centre / "site/policies/refunds/index.html").read_text() == first
    assert kb("rollback").exit_code == 5


def test_rollback_puts_back_the_files_for_hosts(centre: Path) -> None:
    def hosts() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in (centre / ".kb").glob("*.conf")}

    kb("build", "--clock", CLOCK)
    first = hosts()
    assert len(first) >= 4
    put(centre, "content/redirects.yml", "old/orders/: track-an-order\n")
    kb("build", "--clock", CLOCK)
    assert hosts()["nginx-map.conf"] != first["nginx-map.conf"]
    assert kb("rollback").exit_code == 0
    assert hosts() == first


@pytest.mark.parametrize(
    ("file", "text", "printed"),
    [
        ("home.html", "<h1>\n{% if %}", "mine/home.html:2: error: the template can't be used: "),
        ("home.html", "{{ page.nope.nope }}", "mine/home.html:1: error: the template can't be used: "),
        ("home.html", '{% extends "none.html" %}', "mine/home.html:1: error: the template can't be used: "),
        ("article.html", "\n{{ 1 / 0 }}", "mine/article.html:2: error: the template can't be used: division by zero"),
        ("article.html", b"\xff", "mine/article.html: error: the template can't be used: "),
        ("components/footer/footer.html", "{{ 1 }}", "frame.html:"),
    ],
)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_template_of_ones_own_that_fails_is_reported_with_its_line(
    centre: Path, file: str, text: str | bytes, printed: str, jobs: str
) -> None:
    assert kb("build").exit_code == 0
    before = (centre / "site/index.html").read_bytes()
    put(centre, "mkdocs.yml", MKDOCS.replace("  font: false", "  font: false\n  custom_dir: mine"))
    put(centre, f"mine/{file}", text)
    for number in range(20):
        put(centre, f"content/articles/faq/more-{number}.md", article(f"more-{number}"))
    refused = kb("build", "--jobs", jobs)
    assert refused.exit_code == 2
    assert printed in refused.stderr
    assert len(refused.stderr.splitlines()) == 2
    assert (centre / "site/index.html").read_bytes() == before


def test_a_folder_that_is_not_ours_is_not_published_into(centre: Path) -> None:
    put(centre, "site/precious.txt", "mine")
    refused = kb("build")
    assert refused.exit_code == 5
    assert (centre / "site/precious.txt").read_text() == "mine"
    for target in ("/", str(Path.home()), ".", "content"):
        assert kb("build", "-d", target).exit_code == 5


def test_serve_shows_drafts_and_reloads_what_is_saved(centre: Path) -> None:
    put(centre, "content/articles/faq/soon.md", article("soon", "Soon to come", "First.\n", draft="true"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    log = centre / "printed.txt"
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "kb_builder", "serve", "-a", address],
            cwd=centre, stdout=output, stderr=subprocess.STDOUT, env=os.environ | {"CI": "true"},
        )  # fmt: skip
    try:
        url = f"http://{address}/faq/soon/"
        assert "First." in wait_for(url, "First.")
        put(centre, "content/articles/faq/soon.md", article("soon", "Soon to come", "Second.\n", draft="true"))
        assert "Second." in wait_for(url, "Second.")
        put(centre, "content/articles/faq/soon.md", "---\nid: soon\ntitel: x\n---\n")
        assert "shows the last version without them" in wait_for(log.as_uri(), "without them")
        put(centre, "content/articles/faq/soon.md", article("soon", "Soon to come", "Third.\n", draft="true"))
        assert "Third." in wait_for(url, "Third.")
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=30)
    assert 'unknown key "titel"' in log.read_text()
    assert "Traceback" not in log.read_text()
    assert not (centre / "site").exists()


def wait_for(url: str, text: str) -> str:
    page = ""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                page = response.read().decode()
        except OSError:
            page = ""
        if text in page:
            return page
        time.sleep(0.1)
    return page
