"""What is wrong with a page of a finished site, seen among all its files."""

import posixpath
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache, lru_cache
from typing import Final
from urllib.parse import unquote, urlsplit

from kb_builder.audit.page import Facts
from kb_builder.errors import Finding, Severity

ARTICLE_WEIGHT: Final = 45_000
PAGE_WEIGHT: Final = 50_000
"""Bytes on the wire of a first view: the page and all that a browser fetches to show it."""
REQUESTS: Final = 8

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//")


class Site:
    """All files of a site; ``facts_of`` and ``wire_size_of`` tell of one, and are asked as little as can be."""

    def __init__(
        self,
        site_url: str,
        paths: Collection[str],
        facts_of: Callable[[str], Facts],
        wire_size_of: Callable[[str], int],
    ) -> None:
        self._url = site_url
        self._base = urlsplit(site_url).path or "/"
        self._paths = paths
        self._facts_of = facts_of
        self._wire_size_of = cache(wire_size_of)
        self.counted_on: set[str] = set()
        self.loaded: set[str] = set()
        """Every file that one of those asked about so far links to or loads."""
        self._reached: dict[str, frozenset[str]] = {}
        # Menus repeat the same few, on thousands of pages.
        self._read: dict[str, tuple[int | None, str | None]] = {}
        self._files: dict[tuple[str, str], str] = {}

    def problems(self, path: str, page: Facts) -> Iterator[Finding]:
        """Everything that is wrong with one file."""
        yield from self._lost_links(path, page)
        if not page.html:
            return
        if not page.language:
            yield _finding(path, "no-language", Severity.ERROR, "the page doesn't say its language")
        if not page.title:
            yield _finding(path, "no-title", Severity.ERROR, "the page has no title")
        if page.levels.count(1) != 1:
            yield _finding(
                path, "not-one-h1", Severity.WARNING, f"{page.levels.count(1)} first-level headings, not one"
            )
        for what in page.refused:
            yield _finding(path, "refused-by-policy", Severity.WARNING, f"browsers will refuse {what}")
        for one in page.repeated:
            yield _finding(path, "repeated-id", Severity.WARNING, f"the id “{one}” occurs more than once")
        if page.redirect:
            return
        if not page.described:
            yield _finding(path, "no-description", Severity.WARNING, "the page has no description")
        if not page.contact:
            yield _finding(path, "no-contact", Severity.ERROR, "the page doesn't say how to reach a person")
        if any(after > before + 1 for before, after in zip((0, *page.levels), page.levels, strict=False)):
            yield _finding(path, "heading-order", Severity.NOTE, "a heading skips a level")
        yield from self._weight(path, page)

    def _lost_links(self, path: str, page: Facts) -> Iterator[Finding]:
        for url in page.loads:
            target = self.target(path, url)
            if target is None:
                where = "another origin" if page.html else "another place"
                yield _finding(path, "foreign-file", Severity.WARNING, f"{url} is loaded from {where}")
                continue
            self.counted_on.add(target)
            self.loaded.add(target)
            if target not in self._paths:
                yield _finding(path, "missing-file", Severity.WARNING, f"{url} is not there")
        for url in page.links:
            target = self.target(path, url)
            if target is None:
                continue
            self.counted_on.add(target)
            if target not in self._paths:
                yield _finding(path, "broken-link", Severity.WARNING, f"the link to {url} leads nowhere")
            elif (fragment := url.partition("#")[2]) and not self._has_anchor(target, page, path, fragment):
                yield _finding(path, "broken-anchor", Severity.WARNING, f"the link to {url} leads to no such heading")

    def _has_anchor(self, target: str, page: Facts, path: str, fragment: str) -> bool:
        found = page if target == path else self._facts_of(target)
        # A redirect hands the fragment on to a page that a link can't name.
        return (
            not found.html or found.redirect or fragment == "top" or fragment.startswith(":~:")
            or fragment in found.anchors or unquote(fragment) in found.anchors
        )  # fmt: skip

    def _weight(self, path: str, page: Facts) -> Iterator[Finding]:
        fetched = self._closure(path, page)
        limit = ARTICLE_WEIGHT if page.article else PAGE_WEIGHT
        weight = sum(map(self._wire_size_of, fetched))
        # Most pages pass uncompressed, and compressing costs more than all the rest of this.
        weight += page.size if weight + page.size <= limit else self._wire_size_of(path)
        if weight > limit:
            heaviest = max((path, *fetched), key=lambda file: (self._wire_size_of(file), file))
            message = f"the first view weighs {weight / 1000:.0f} KB, more than {limit // 1000}; most of it: {heaviest}"
            yield _finding(path, "too-heavy", Severity.WARNING, message)
        if len(fetched) >= REQUESTS:
            message = f"the first view takes {len(fetched) + 1} requests, more than {REQUESTS}"
            yield _finding(path, "too-many-requests", Severity.WARNING, message)

    def _closure(self, path: str, page: Facts) -> set[str]:
        """The files a browser fetches to show a page: those it names, and what they name in turn."""
        found: set[str] = set()
        for file in self._named(path, page):
            if file not in self._reached:
                self._reached[file] = self._reach(file)
            found |= self._reached[file]
        return found - {path}

    def _reach(self, start: str) -> frozenset[str]:
        found: set[str] = set()
        pending = [start]
        while pending:
            file = pending.pop()
            if file not in found:
                found.add(file)
                pending += self._named(file, self._facts_of(file))
        return frozenset(found)

    def _named(self, path: str, page: Facts) -> Iterator[str]:
        for url in page.loads:
            target = self.target(path, url)
            if target is not None and target in self._paths:
                yield target

    def target(self, path: str, url: str) -> str | None:
        """The file that a URL on a page leads to, whether it is there or not; None if it leads out of the site."""
        read = self._read.get(url)
        if read is None:
            read = self._read[url] = self._take_apart(url)
        up, rest = read
        if up is None:
            return rest
        if rest is None:
            return path
        above = _above(path)
        if up >= len(above):
            return url
        known = self._files.get((above[up], rest))
        if known is None:
            known = self._files[above[up], rest] = self._file(above[up], rest)
        return known

    def _take_apart(self, url: str) -> tuple[int | None, str | None]:
        """How many folders a URL goes up and what follows; None and the target if that is the same on every page."""
        if url.startswith(self._url):
            return None, self._file("", url[len(self._url) :])
        if not url or url[0] in "#?":
            return 0, None
        if _SCHEME.match(url):
            return None, None
        if url[0] == "/":
            return None, self._file("", url[len(self._base) :]) if f"{url}/".startswith(self._base) else None
        up = 0
        while url.startswith("../", 3 * up):
            up += 1
        return up, url[3 * up :]

    def _file(self, folder: str, rest: str) -> str:
        """The file behind a URL without leading ``../``, as seen from a folder."""
        plain = unquote(rest.partition("#")[0].partition("?")[0])
        path = posixpath.normpath(f"{folder}/{plain}".lstrip("/") or ".")
        if not plain or plain.endswith(("/", "/.", "/..")) or plain in (".", ".."):
            return posixpath.normpath(f"{path}/index.html")
        return path if path in self._paths or f"{path}/index.html" not in self._paths else f"{path}/index.html"


@lru_cache(maxsize=16)
def _above(path: str) -> Sequence[str]:
    """The folder of a path and every folder above it; the last is empty."""
    folders = path.split("/")[:-1]
    return ["/".join(folders[:depth]) for depth in range(len(folders), -1, -1)]


def _finding(path: str, code: str, severity: Severity, message: str) -> Finding:
    return Finding(path, 0, code, severity, message)
