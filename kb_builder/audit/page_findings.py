"""Problems of one page that depend on the other files of the site: links, anchors, weight."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

from kb_builder.audit.file_facts import Facts
from kb_builder.errors import Finding, Severity

ARTICLE_WEIGHT: Final = 30_000
PAGE_WEIGHT: Final = 32_000
"""Bytes on the wire of a first view: the page and every resource a browser fetches to show it."""
REQUESTS: Final = 6

_MEANING_MORE = re.compile("[%#?]")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//")


class Uses(NamedTuple):
    """What files use of others: files they link to or load, files they load (there or not), and anchors that are there,
    as (file, fragment)."""

    files: set[str]
    loaded: set[str]
    anchors: set[tuple[str, str]]


def no_uses() -> Uses:
    """Nothing used yet."""
    return Uses(set(), set(), set())


class StagedSite:
    """All files of a site. ``facts_of`` and ``wire_size_of`` are expensive and called once per file at most."""

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
        self._facts_of = cache(facts_of)
        self._wire_size_of = cache(wire_size_of)
        self.uses = no_uses()
        """What the files examined so far use; may be taken away and replaced, and then tells of files used since."""
        self._used: set[str] = set()
        self.spare = 0
        """Bytes that the page examined last may have on the wire, with what it loads: most pages load the same."""
        self._transitive_loads: dict[str, frozenset[str]] = {}
        # Menus repeat the same URLs on thousands of pages.
        self._parsed = cache(self._parse_url)
        self._file_at = cache(self._file)

    def problems(self, path: str, page: Facts) -> Iterator[Finding]:
        """All findings about one file."""
        yield from self._broken_references(path, page)
        if not page.html:
            return
        if not page.language:
            yield _finding(path, "no-language", Severity.ERROR, "the page has no language")
        if not page.title:
            yield _finding(path, "no-title", Severity.ERROR, "the page has no title")
        if page.levels.count(1) != 1:
            yield _finding(
                path, "not-one-h1", Severity.WARNING, f"{page.levels.count(1)} first-level headings instead of one"
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
            yield _finding(path, "no-contact", Severity.ERROR, "the page has no contact section")
        if any(after > before + 1 for before, after in zip((0, *page.levels), page.levels, strict=False)):
            yield _finding(path, "heading-order", Severity.NOTE, "a heading skips a level")
        yield from self._weight(path, page)

    def _broken_references(self, path: str, page: Facts) -> Iterator[Finding]:
        for url in page.loads:
            target = self.target(path, url)
            if target is None:
                where = "another origin" if page.html else "another place"
                yield _finding(path, "foreign-file", Severity.WARNING, f"{url} is loaded from {where}")
                continue
            self.uses.loaded.add(target)
            if not self._is_there(target):
                yield _finding(path, "missing-file", Severity.WARNING, f"{url} does not exist")
        for url in page.links:
            target = self.target(path, url)
            if target is None:
                continue
            if target not in self._used and not self._is_there(target):
                yield _finding(path, "broken-link", Severity.WARNING, f"the link to {url} leads nowhere")
            elif "#" in url and (fragment := url.partition("#")[2]):
                if not has_anchor(page if target == path else self._facts_of(target), fragment):
                    message = f"the link to {url} leads to a heading that is not there"
                    yield _finding(path, "broken-anchor", Severity.WARNING, message)
                elif target != path:
                    self.uses.anchors.add((target, fragment))

    def _is_there(self, target: str) -> bool:
        if target in self._used:
            return True
        if target not in self._paths:
            return False
        self._used.add(target)
        self.uses.files.add(target)
        return True

    def _weight(self, path: str, page: Facts) -> Iterator[Finding]:
        fetched = self._closure(path, page)
        limit = ARTICLE_WEIGHT if page.article else PAGE_WEIGHT
        sizes = {path: page.size, **{file: self._wire_size_of(file) for file in fetched}}
        weight = sum(sizes.values())
        self.spare = limit - (weight - page.size)
        if weight > limit:
            sizes[path] = self._wire_size_of(path)  # What is noted of a page is more.
            weight = sum(sizes.values())
        if weight > limit:
            heaviest = max(sizes, key=lambda file: (sizes[file], file))
            message = f"the first view weighs {weight / 1000:.0f} KB, more than {limit // 1000}"
            yield Finding(path, 0, "too-heavy", Severity.WARNING, message, f"most of it: {heaviest}")
        if len(fetched) >= REQUESTS:
            message = f"the first view takes {len(fetched) + 1} requests, more than {REQUESTS}"
            yield _finding(path, "too-many-requests", Severity.WARNING, message)

    def _closure(self, path: str, page: Facts) -> set[str]:
        """The files a browser fetches to show a page, including the imports of what it loads."""
        found: set[str] = set()
        for file in self._loaded_files(path, page):
            if file not in self._transitive_loads:
                self._transitive_loads[file] = self._collect_loads(file)
            found |= self._transitive_loads[file]
        return found - {path}

    def _collect_loads(self, start: str) -> frozenset[str]:
        found: set[str] = set()
        pending = [start]
        while pending:
            file = pending.pop()
            if file not in found:
                found.add(file)
                pending += self._loaded_files(file, self._facts_of(file))
        return frozenset(found)

    def _loaded_files(self, path: str, page: Facts) -> Iterator[str]:
        for url in page.loads:
            target = self.target(path, url)
            if target is not None and target in self._paths:
                yield target

    def target(self, path: str, url: str) -> str | None:
        """The site path that a URL on a page refers to, existing or not; None for a URL outside the site."""
        up, rest = self._parsed(url)
        if up is None:
            return rest
        if rest is None:
            return path
        ancestors = _ancestors(path)
        return self._file_at(ancestors[up], rest) if up < len(ancestors) else url

    def _parse_url(self, url: str) -> tuple[int | None, str | None]:
        """Leading ``../`` steps and the rest of a URL; None and the target if it is the same on every page."""
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
        """The site path of a URL without leading ``../``, relative to a folder."""
        page = f"{folder}/{rest}index.html".lstrip("/")
        if rest.endswith("/") and page in self._paths and not _MEANING_MORE.search(rest):
            return page  # As nearly all links are.
        plain = unquote(rest.partition("#")[0].partition("?")[0])
        path = posixpath.normpath(f"{folder}/{plain}".lstrip("/") or ".")
        if not plain or plain.endswith(("/", "/.", "/..")) or plain in (".", ".."):
            return posixpath.normpath(f"{path}/index.html")
        return path if path in self._paths or f"{path}/index.html" not in self._paths else f"{path}/index.html"


@lru_cache(maxsize=16)
def _ancestors(path: str) -> Sequence[str]:
    """The folder of a path and every folder above it; the last is empty."""
    folders = path.split("/")[:-1]
    return ["/".join(folders[:depth]) for depth in range(len(folders), -1, -1)]


def has_anchor(page: Facts, fragment: str) -> bool:
    """Whether a link with this fragment leads to something; a redirect passes it on to its target."""
    return (
        not page.html or page.redirect or fragment == "top" or fragment.startswith(":~:")
        or fragment in page.anchors or unquote(fragment) in page.anchors
    )  # fmt: skip


def joined(findings: Iterable[Finding]) -> Iterator[Finding]:
    """``findings``, but one for all pages that the same file makes too heavy, such as a large logo."""
    heavy: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.code == "too-heavy":
            heavy[finding.hint].append(finding)
        else:
            yield finding
    for same in heavy.values():
        first = min(same, key=lambda finding: finding.path)
        count = len(same) - 1
        others = f"; {count} more page{' is' if count == 1 else 's are'} too heavy for the same reason" if count else ""
        yield replace(first, message=first.message + others)


def _finding(path: str, code: str, severity: Severity, message: str) -> Finding:
    return Finding(path, 0, code, severity, message)
