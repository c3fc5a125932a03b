"""Links to other sites: asked on request, remembered for a week, reported only when they are surely gone."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from kb_builder.commands.external_links import CACHE, dead_links
from kb_builder.model import Link
from kb_builder.system import web

TODAY = date(2026, 11, 21)
PATH = "content/articles/a.md"


class Pages(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self.answer(405 if self.path == "/no-head" else None)

    def do_GET(self) -> None:
        self.answer(None)

    def answer(self, status: int | None) -> None:
        status = status or {"/gone": 410, "/missing": 404, "/broken": 500, "/moved": 302}.get(self.path, 200)
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/missing")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_statuses_of_pages(host: str) -> None:
    expected = {"/": 200, "/no-head": 200, "/gone": 410, "/missing": 404, "/moved": 404, "/broken": 500}
    found = web.statuses((host + path for path in expected), local=True)
    assert found == {host + path: status for path, status in expected.items()}


def test_private_hosts_are_not_asked(host: str) -> None:
    assert web.statuses([f"{host}/missing", "http://localhost/", "file:///etc/hosts"]) == {
        f"{host}/missing": None,
        "http://localhost/": None,
        "file:///etc/hosts": None,
    }


def check(root: Path, today: date = TODAY, **statuses: int | None) -> tuple[list[tuple[str, int]], list[str]]:
    """The dead links, and what was asked."""
    asked: list[str] = []

    def ask(urls: Iterable[str]) -> dict[str, int | None]:
        asked.extend(urls)
        return {url: statuses[url.rpartition("/")[2]] for url in asked}

    links = {PATH: [Link(f"https://shop.example.com/{name}", 3) for name in statuses]}
    found = dead_links(links, site_url="https://help.example.com/", root=root, today=today, ask=ask)
    return [(finding.message, finding.line) for finding in found], asked


def test_only_what_is_surely_gone_is_reported(tmp_path: Path) -> None:
    found, _ = check(tmp_path, fine=200, gone=410, missing=404, refused=403, broken=500, silent=None, nowhere=0)
    assert [message.split('" ')[1] for message, _ in found] == [
        "is gone (410)",
        "is not found (404)",
        "is on a host that does not exist",
    ]


def test_answers_are_remembered_for_a_week(tmp_path: Path) -> None:
    assert check(tmp_path, fine=200, missing=404)[1] == [
        f"https://shop.example.com/{name}" for name in ("fine", "missing")
    ]
    assert check(tmp_path, fine=200, missing=404)[1] == ["https://shop.example.com/missing"]
    assert len(check(tmp_path, TODAY + timedelta(days=7), fine=200, missing=404)[1]) == 2


@pytest.mark.parametrize("damage", [b"", b"[1]", b'{"https://shop.example.com/fine": "no day"}'])
def test_a_damaged_cache_is_made_again(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / CACHE).parent.mkdir()
    (tmp_path / CACHE).write_bytes(damage)
    assert len(check(tmp_path, fine=200)[1]) == 1


def test_own_pages_and_other_schemes_are_not_asked(tmp_path: Path) -> None:
    links = {PATH: [Link("https://help.example.com/faq/", 1), Link("mailto:a@example.com", 2), Link("b.md", 3)]}
    asked: list[str] = []

    def ask(urls: Iterable[str]) -> dict[str, int | None]:
        asked.extend(urls)
        return {}

    assert not list(dead_links(links, site_url="https://help.example.com/", root=tmp_path, today=TODAY, ask=ask))
    assert asked == []
