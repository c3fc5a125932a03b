"""Resolves the links of articles: to released articles, to pages and files, or to nothing.

Also makes relative URLs from one page of the site to another.
"""

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from urllib.parse import unquote, urlsplit

from kb_builder.errors import Finding, Severity
from kb_builder.model import Announcement, Article, Link, Outline

ARTICLES = "content/articles"
ANNOUNCEMENTS = "content/announcements"
_SOURCES = (".md", ".markdown", ".mdown", ".mdx", ".yml", ".yaml")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")


def relative(page: str, target: str) -> str:
    """``target`` (site-relative, directory style, maybe with a fragment) as seen from the page at URL ``page``.

    External links and bare fragments come back as they are.
    """
    if _SCHEME.match(target) or target.startswith(("#", "//")):
        return target
    path, mark, fragment = target.partition("#")
    here = page.split("/")[:-1]
    there = path.split("/")
    shared = 0
    while shared < min(len(here), len(there) - 1) and here[shared] == there[shared]:
        shared += 1
    route = "../" * (len(here) - shared) + "/".join(there[shared:])
    return (route or "./") + mark + fragment


@dataclass(frozen=True, slots=True)
class ResolvedLinks:
    """The links of one body.

    ``targets`` maps a link as written to a site-relative URL, or to None where it leads nowhere; ``files`` maps a link
    as written to the project path of a file that is published with the article, and the line of the link.
    """

    targets: Mapping[str, str | None]
    files: Mapping[str, tuple[str, int]]
    findings: tuple[Finding, ...]


class LinkMap:
    """Everything a link can lead to, by project path and by URL."""

    def __init__(
        self,
        *,
        released: Iterable[Article | Announcement],
        withheld: Iterable[Article | Announcement],
        outline_of: Callable[[Article | Announcement], Outline],
        files: Iterable[str],
        site_urls: Iterable[str],
        redirects: Mapping[str, str] = MappingProxyType({}),
        site_url: str = "",
    ) -> None:
        """``redirects`` maps old site-relative URLs to new ones, ``files`` are project paths, ``site_urls`` the URLs of
        pages other than articles. Markdown and YAML files among ``files`` are never published as they are."""
        self._by_path = {item.path: item for item in released}
        self._by_url = {url: item for item in self._by_path.values() for url in _urls(item)}
        hidden = tuple(withheld)
        self._withheld = frozenset((*(item.path for item in hidden), *(url for item in hidden for url in _urls(item))))
        self._outline_of = outline_of
        self._files = frozenset(path for path in files if not path.lower().endswith(_SOURCES))
        self._site_urls = frozenset(site_urls)
        self._redirects = redirects
        self._site_url = site_url

    def resolve(self, source: Article | Announcement) -> ResolvedLinks:
        """The links of ``source``, with a finding for each that leads nowhere or to something unreleased."""
        outline = self._outline_of(source)
        targets: dict[str, str | None] = {}
        files: dict[str, tuple[str, int]] = {}
        findings: list[Finding] = []

        def report(link: Link, code: str, severity: Severity, message: str, hint: str) -> None:
            findings.append(Finding(source.path, link.line or source.body_line, code, severity, message, hint))

        for link in outline.refused:
            report(link, "refused-link", Severity.WARNING, f'"{link.target.lower()}:" links are removed',
                   "link to a page, a file, an e-mail address or a telephone number")  # fmt: skip
        for link in outline.links:
            if link.alt == "" and not link.target.startswith("data:"):
                report(link, "missing-alt", Severity.WARNING, f'image "{link.target}" has no alternative text',
                       "say in a few words what the picture shows: ![Where to find the order number](…)")  # fmt: skip
            written = link.target
            if self._site_url and written.startswith(self._site_url):
                written = "/" + written[len(self._site_url) :]
            if not written or _SCHEME.match(written) or written.startswith("//"):
                if link.alt is not None and written.startswith(("http:", "https:", "//")):
                    targets[link.target] = None
                    report(link, "remote-image", Severity.WARNING, f'image "{written}" is on another site',
                           "put the file beside the article; until then the page shows its text")  # fmt: skip
                continue
            path, _, fragment = written.partition("#")
            path = path.partition("?")[0]
            if not path:
                if fragment.startswith("fnref:") and unquote(fragment) not in outline.anchors:
                    targets[link.target] = None
                    mark = f"[^{unquote(fragment).removeprefix('fnref:')}]"
                    line = source.body_line + source.body.count("\n", 0, max(0, source.body.find(f"{mark}:")))
                    report(Link("", line), "unused-footnote", Severity.WARNING, f'nothing refers to footnote "{mark}"',
                           f"put {mark} where it belongs, or remove the footnote")  # fmt: skip
                elif fragment != "top" and unquote(fragment) not in outline.anchors:
                    report(link, "broken-anchor", Severity.WARNING, f'no heading "#{fragment}" on this page',
                           _nearest_anchor(outline, fragment))  # fmt: skip
                continue
            candidates = self._candidates(source.path, unquote(path))
            found = next((self._by_path[path] for path in candidates if path in self._by_path), None)
            found = found or self._by_url.get(self._redirected(path))
            if found is None and (asset := next((path for path in candidates if path in self._files), None)):
                files[link.target] = asset, link.line or source.body_line
            elif found is None and (url := self._page_url(path)) is not None:
                targets[link.target] = url + (f"#{fragment}" if fragment else "")
            elif found is None:
                targets[link.target] = None
                if any(path in self._withheld for path in (*candidates, self._redirected(path))):
                    report(link, "link-to-withheld", Severity.ERROR, f'links to "{written}", which is not published',
                           "publish that article too, or remove the link")  # fmt: skip
                elif link.alt is not None:
                    report(link, "missing-image", Severity.WARNING, f'image "{written}" does not exist',
                           "put the file beside the article; until then the page shows its text")  # fmt: skip
                else:
                    report(link, "broken-link", Severity.WARNING, f'link to "{written}" leads nowhere',
                           "until it is fixed the page shows the words without a link")  # fmt: skip
            else:
                targets[link.target] = found.url + (f"#{fragment}" if fragment else "")
                if not fragment or fragment == "top":
                    continue
                there = self._outline_of(found)
                if unquote(fragment) not in there.anchors:
                    report(link, "broken-anchor", Severity.WARNING, f'no heading "#{fragment}" in {found.path}',
                           _nearest_anchor(there, fragment))  # fmt: skip
        return ResolvedLinks(targets, files, tuple(findings))

    def _candidates(self, source: str, path: str) -> tuple[str, ...]:
        """Project paths that ``path``, as written in the file ``source``, may refer to."""
        if path.startswith("/"):
            base = posixpath.normpath(ARTICLES + "/" + path.lstrip("/"))
        else:
            base = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
        if not base.startswith((ARTICLES + "/", ANNOUNCEMENTS + "/")):
            return ()
        stem = base.removesuffix(".html").removesuffix("/index")
        return (base, f"{base}.md", f"{stem}.md", f"{base}/index.md")

    def _redirected(self, path: str) -> str:
        """The site-relative URL of a path from the site's root, with its last slash, after redirects."""
        if not path.startswith("/"):
            return ""
        name = unquote(urlsplit(path).path).strip("/")
        return self._redirects.get(name) or self._redirects.get(f"{name}/", f"{name}/")

    def _page_url(self, path: str) -> str | None:
        """The URL of a path from the site's root, when that is a page other than an article."""
        url = "" if path == "/" else self._redirected(path)
        return url if path == "/" or url in self._site_urls else None


def _urls(item: Article | Announcement) -> tuple[str, ...]:
    """The URLs of an article (its page and its short link) or of an announcement."""
    return (item.url, f"a/{item.id}/") if isinstance(item, Article) else (item.url,)


def _nearest_anchor(outline: Outline, fragment: str) -> str:
    near = get_close_matches(unquote(fragment).lower(), outline.anchors, n=1)
    return f'did you mean "#{near[0]}"?' if near else "headings are linked by their anchor, as the page shows it"
