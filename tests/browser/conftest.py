"""A real Chromium, a small web server that behaves like a static host, and a site to look at."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.browser.render_examples import write_examples
from tests.made_once import made_once

ROOT = Path(__file__).parents[2]
CLOCK = "2026-11-21T09:00:00Z"
"""The morning after the last day of :func:`demo_mentions`, so that something is happening."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)


@dataclass
class Host:
    """A folder on the web, under its own ``_headers`` or else the strictest policy. ``posted`` is what pages sent."""

    folder: Path
    url: str
    posted: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        written = self.folder / "_headers"
        found = re.search(r"Content-Security-Policy: (.+)", written.read_text("utf-8")) if written.exists() else None
        self.policy = found[1] if found else POLICY


class _Handler(SimpleHTTPRequestHandler):
    host: Host
    release: Event

    def end_headers(self) -> None:
        self.send_header("content-security-policy", self.host.policy)
        self.send_header("cache-control", "no-store")
        super().end_headers()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        if self.path == "/never":
            self.release.wait(60)
        self.host.posted.append(body)
        self.send_response(500 if self.path == "/broken" else 204)
        self.end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = self.host.folder / "404.html"
        if code != 404 or not page.exists():
            return super().send_error(code, message, explain)
        self.send_response(404)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page.read_bytes())
        return None

    def log_message(self, *_: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that closes the connection early is no error; everything else is printed as usual."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@pytest.fixture(scope="session")
def host_of() -> Iterator[Any]:
    """A function from a folder to the :class:`Host` that serves it until the tests are over."""
    running: list[ThreadingHTTPServer] = []
    release = Event()

    def serve(folder: Path) -> Host:
        server = _Server(("127.0.0.1", 0), _Handler)
        host = Host(folder, f"http://127.0.0.1:{server.server_port}/")
        handler = type("Handler", (_Handler,), {"host": host, "release": release})
        server.RequestHandlerClass = partial(handler, directory=str(folder))  # type: ignore[assignment]
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        running.append(server)
        return host

    yield serve
    release.set()
    for server in running:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def examples_host(host_of: Any, tmp_path_factory: pytest.TempPathFactory) -> Host:
    """The example pages, believable and hostile."""
    folder = tmp_path_factory.mktemp("examples")
    write_examples(folder)
    host: Host = host_of(folder)
    return host


@pytest.fixture(scope="session")
def demo_mentions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The demo's made-up mentions, up to the day before ``CLOCK``: a fresh clone has none."""
    script = [sys.executable, ROOT / "scripts/demo_mentions.py", "--end", "2026-11-20", "--out"]

    def make(folder: Path) -> None:
        subprocess.run([*script, folder / "demo.csv"], check=True, capture_output=True)

    with made_once(tmp_path_factory, "mentions", make) as folder:
        yield folder / "demo.csv"


@pytest.fixture(scope="session")
def demo_host(host_of: Any, demo_mentions: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """The repository's own help centre, as ``kb build`` makes it for customers."""
    with made_once(tmp_path_factory, "demo", lambda folder: build(folder, demo_mentions)) as folder:
        yield host_of((folder / "site").resolve())


@pytest.fixture(scope="session")
def staff_host(host_of: Any, demo_mentions: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """The same for staff."""
    with made_once(
        tmp_path_factory, "staff", lambda folder: build(folder, demo_mentions, "--audience", "staff")
    ) as folder:
        yield host_of((folder / "site").resolve())


def host_named(request: pytest.FixtureRequest, name: str) -> Host:
    """The host of the kinds of pages that :mod:`page_kinds` calls ``name``."""
    kind = name.rpartition("-")[2]
    host: Host = request.getfixturevalue(f"{kind if kind in ('staff', 'examples') else 'demo'}_host")
    return host


def build(folder: Path, mentions: Path, *options: str) -> None:
    """Runs ``kb build`` for ``folder/site``."""
    kb = Path(sys.executable).with_name("kb")
    command = [kb, "build", "-d", folder / "site", "--clock", CLOCK, "--mentions", mentions, *options]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr


def chromium(playwright: Playwright) -> str:
    """The path of Playwright's own Chromium where it is installed, otherwise the machine's."""
    own = Path(playwright.chromium.executable_path)
    found = str(own) if own.exists() else shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        pytest.fail("no Chromium: run `python -m playwright install chromium`")
    return found


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    running = playwright.chromium.launch(executable_path=chromium(playwright), args=["--no-sandbox"])
    yield running
    running.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh profile in which nothing takes longer than five seconds."""
    opened = browser.new_context(viewport={"width": 1280, "height": 900})
    opened.set_default_timeout(5_000)
    yield opened
    opened.close()


@pytest.fixture
def tab(context: BrowserContext) -> Page:
    return context.new_page()
