"""Pagefind over the same articles: its own command builds, and its own script searches in Chromium."""

import functools
import html
import subprocess
import threading
import time
from collections.abc import Sequence
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from search_index import Document

_SEARCH = """async (query) => {
  const pagefind = (window.pagefind ??= await import("/pagefind/pagefind.js"));
  const found = await pagefind.search(query);
  const shown = await Promise.all(found.results.slice(0, 10).map((result) => result.data()));
  return shown.map((page) => page.url.split("/").filter(Boolean)[0].replace(".html", ""));
}"""
_TIMED = """async (queries) => {
  const times = [];
  for (const query of queries) {
    const asked = performance.now();
    const found = await window.pagefind.search(query);
    await Promise.all(found.results.slice(0, 10).map((result) => result.data()));
    times.push(performance.now() - asked);
  }
  return times;
}"""


class _Counting(SimpleHTTPRequestHandler):
    sent = 0

    def copyfile(self, source: Any, outputfile: Any) -> None:
        data = source.read()
        _Counting.sent += len(data)
        outputfile.write(data)

    def log_message(self, *_: object) -> None:
        return


def write_pages(documents: Sequence[Document], folder: Path) -> None:
    """The articles as plain HTML pages."""
    folder.mkdir(parents=True, exist_ok=True)
    for document in documents:
        body = "".join(
            f'<h2 id="{section.anchor}">{html.escape(section.heading)}</h2><p>{html.escape(section.text)}</p>'
            for section in document.sections
        )
        head = f"<title>{html.escape(document.title)}</title><h1>{html.escape(document.title)}</h1>"
        page = (
            f'<!doctype html><html lang="en"><body data-pagefind-body>{head}<p>{html.escape(document.answer)}</p>{body}'
        )
        (folder / f"{document.id}.html").write_text(page, "utf-8")


def run(
    documents: Sequence[Document], queries: Sequence[str], folder: Path, binary: Path, chromium: str
) -> dict[str, Any]:
    """Build time, bytes, answers and times, as ``search_engines.mjs`` gives them for the others."""
    write_pages(documents, folder)
    started = time.perf_counter()
    subprocess.run([binary, "--site", folder], check=True, capture_output=True)
    built = 1000 * (time.perf_counter() - started)
    (folder / "blank.html").write_text("<!doctype html><title>.</title>", "utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Counting, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/blank.html"
    answers, first, further = [], [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium or None, args=["--no-sandbox"])
        for at, query in enumerate(queries):
            context = browser.new_context()
            page = context.new_page()
            page.goto(address)
            before = _Counting.sent
            answers.append(page.evaluate(_SEARCH, query))
            first.append(_Counting.sent - before)
            before = _Counting.sent
            page.evaluate(_SEARCH, queries[(at + 1) % len(queries)])
            further.append(_Counting.sent - before)
            context.close()
        page = browser.new_page()
        page.goto(address)
        page.evaluate(_SEARCH, queries[0])
        page.evaluate(_TIMED, list(queries))
        times = page.evaluate(_TIMED, list(queries))
        browser.close()
    server.shutdown()
    return {"build": built, "answers": answers, "first": first, "further": further, "times": times}
