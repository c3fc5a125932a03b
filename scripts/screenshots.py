"""Pictures of every kind of page of a built site, from 320 to 1920 px wide, light and dark.

.venv/bin/python scripts/screenshots.py --site site --staff staff-site --out screenshots --readme docs
"""

import argparse
import shutil
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice, product
from pathlib import Path
from threading import Thread
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

WIDTHS = (320, 390, 768, 1280, 1920)
SCHEMES: tuple[Any, ...] = ("light", "dark")
KINDS = {
    "home": "",
    "contact": "contact/",
    "all": "all/",
    "search": "search/?q=order",
    "search-nothing": "search/?q=flux+capacitor",
    "happening": "trending/",
    "announcements": "announcements/",
    "not-found": "404.html",
    "staff-trends": "staff/trends/",
    "staff-gaps": "staff/gaps/",
    "patterns": "patterns/",
}
FOLDERS = {
    "topic": ("faq/*/index.html", 1),
    "article": ("faq/*/*/index.html", 3),
    "policy": ("policies/*/index.html", 2),
    "group": ("s/*/index.html", 1),
    "announcement": ("announcements/*/index.html", 1),
}
"""Kinds of which a site has many: where they are, and how many to picture."""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


README = {
    "home": ("", 1280, 800),
    "article": ("faq/delivery/late-parcel/", 390, 760),
    "happening": ("trending/", 1280, 640),
}
"""Pictures of the README: URL, width and height."""


FIELDS_PAGE = "faq/orders/change-an-order/"
FIELDS = {
    ".kb-breadcrumb li:last-child a": "title in _category.yml",
    "h1": "title",
    ".kb-answer": "answer",
    ".md-typeset > h2": "the body, below the header",
    ".kb-dates": "last_reviewed_on; effective_date of a policy",
    ".kb-send__link": "id",
    "#kb--related": "related, then what is alike",
}
"""Part of an article's page → the field that it comes from."""
LABEL = """([selector, words]) => {
  const part = document.querySelector(selector);
  part.style.outline = "2px solid #b3261e";
  part.style.outlineOffset = "3px";
  const label = document.body.appendChild(document.createElement("div"));
  const box = part.getBoundingClientRect();
  label.textContent = words;
  label.style.cssText = `position: absolute; left: 660px; top: ${box.top + scrollY + box.height / 2 - 15}px;
    width: 265px; border-top: 2px solid #b3261e; color: #b3261e; background: #fff; font: 600 16px/1.3 sans-serif;
    padding: 5px 0 0 12px`;
}"""
"""Draws a frame around a part of a page, and beside it what the part is."""


def serve(site: Path) -> tuple[ThreadingHTTPServer, str]:
    """A running server of a folder, and its URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
    Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_port}/"


def at(browser: Browser, clock: str, width: int, height: int) -> Page:
    """A new page for which it is ``clock``, if that is not empty: a site of another day looks as on that day."""
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
    if clock:
        page.clock.set_fixed_time(clock)
    return page


def keep(page: Page, file: Path, **options: Any) -> None:
    """A picture that is kept in git: with a palette of 256 colours it takes a third of the bytes and looks the same."""
    page.screenshot(path=file, **options)
    Image.open(file).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(file, optimize=True)


def readme(browser: Browser, base: str, folder: Path, clock: str) -> None:
    """The pictures of the README, but that of a reply."""
    for name, (url, width, height) in README.items():
        page = at(browser, clock, width, height)
        page.goto(base + url, wait_until="networkidle")
        keep(page, folder / f"{name}.png")
        page.close()


def reply(browser: Browser, site: Path, file: Path, clock: str) -> None:
    """The staff page with a reply that is ready to send."""
    server, base = serve(site)
    page = at(browser, clock, 1280, 1000)
    page.goto(base, wait_until="networkidle")
    page.locator("#kb--find").fill("parcel late")
    page.wait_for_timeout(800)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_timeout(400)
    keep(page, file)
    page.close()
    server.shutdown()


def addresses(site: Path) -> Iterator[tuple[str, str]]:
    """Name and URL of each page to picture; kinds the site lacks are left out."""
    for name, url in KINDS.items():
        path = site / url.partition("?")[0]
        if path.is_file() or (path / "index.html").is_file():
            yield name, url
    for name, (pattern, count) in FOLDERS.items():
        for number, file in enumerate(islice(sorted(site.glob(pattern)), count), 1):
            yield f"{name}-{number}", f"{file.parent.relative_to(site).as_posix()}/"


def picture(page: Page, url: str, file: Path) -> None:
    """The whole page, once everything that appears on the way down has come."""
    page.goto(url, wait_until="networkidle")
    page.keyboard.press("End")
    page.wait_for_timeout(150)
    page.keyboard.press("Home")
    page.screenshot(path=file, full_page=True)


def states(page: Page, base: str, out: Path, suffix: str) -> None:
    """States that only appear when somebody does something: the open menu, results, the question after "no"."""
    page.goto(base, wait_until="networkidle")
    page.locator(".kb-menu__summary").click()
    page.screenshot(path=out / f"state-menu-{suffix}.png")
    page.goto(base, wait_until="networkidle")
    page.locator("#kb--search").press_sequentially("order", delay=20)
    page.get_by_role("option").locator("mark").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.screenshot(path=out / f"state-results-{suffix}.png")


def fields(browser: Browser, url: str, file: Path) -> None:
    """The picture of the editors' guide: an article's page, and beside each part the field that it comes from."""
    page = browser.new_page(viewport={"width": 940, "height": 900}, color_scheme="light")
    page.goto(url, wait_until="networkidle")
    page.add_style_tag(
        content="body { width: 640px } .kb-side, .kb-article nav[aria-label] { display: none !important }"
    )
    for selector, words in FIELDS.items():
        page.evaluate(LABEL, [selector, words])
    end = page.locator("#kb--related").bounding_box()
    assert end
    keep(page, file, full_page=True, clip={"x": 0, "y": 0, "width": 940, "height": end["y"] + 70})
    page.close()


def staff_pictures(browser: Browser, site: Path, folder: Path) -> None:
    """The pictures of docs/staff-guide.md, from a staff site."""
    server, base = serve(site)
    page = browser.new_page(viewport={"width": 1100, "height": 960}, color_scheme="light")
    page.goto(base, wait_until="networkidle")
    page.keyboard.type("late parcel")
    page.keyboard.press("Enter")
    page.get_by_role("tab", name="SMS").wait_for()
    keep(page, folder / "staff-composer.png")
    page.goto(f"{base}staff/trends/", wait_until="networkidle")
    keep(page, folder / "staff-trends.png")
    page.close()
    server.shutdown()


def main(arguments: Iterable[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--site", type=Path, default=Path("site"))
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    parser.add_argument("--staff", type=Path, help="The staff site, for the picture of a reply.")
    parser.add_argument("--clock", default="", help="The time of the README's pictures, such as 2026-11-20T10:00:00Z.")
    parser.add_argument("--readme", type=Path, help="Also write the pictures of the README into this folder.")
    parser.add_argument("--editors-guide", type=Path, help="Also write the picture of the editors' guide.")
    parser.add_argument("--staff-guide", type=Path, help="Also write the pictures of the staff guide into this folder.")
    options = parser.parse_args([*arguments])
    site = options.site.resolve()
    if not (site / "index.html").is_file():
        parser.error(f"{options.site} holds no built site; run kb build first")
    if options.staff_guide and not options.staff:
        parser.error("--staff-guide needs --staff")
    options.out.mkdir(parents=True, exist_ok=True)
    server, base = serve(site)
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        browser = playwright.chromium.launch(
            executable_path=own if own.exists() else shutil.which("chromium"), args=["--no-sandbox"]
        )
        for width, scheme in product(WIDTHS, SCHEMES):
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
            for name, url in addresses(site):
                picture(page, base + url, options.out / f"{name}-{width}-{scheme}.png")
            states(page, base, options.out, f"{width}-{scheme}")
            page.close()
        if options.readme:
            readme(browser, base, options.readme, options.clock)
            if options.staff:
                reply(browser, options.staff.resolve(), options.readme / "reply.png", options.clock)
        if options.editors_guide:
            fields(browser, f"{base}{FIELDS_PAGE}", options.editors_guide / "fields.png")
        if options.staff_guide:
            staff_pictures(browser, options.staff.resolve(), options.staff_guide)
        browser.close()
    server.shutdown()
    print(f"{len(list(options.out.glob('*.png')))} pictures in {options.out}")


if __name__ == "__main__":
    main(sys.argv[1:])
