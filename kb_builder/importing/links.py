"""Links of imported articles: to articles, sections and pages at their places here, or to files."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import unquote

from kb_builder.content.urls import FOLDER
from kb_builder.importing import help_desks
from kb_builder.importing.exported import Export, Exported
from kb_builder.importing.media import MediaCollector
from kb_builder.system.web import split_url

NOT_EXPORTED: Final = "link to an article that is not in the export"
NOT_HERE: Final = "link to another page of the old help centre"
TO_CLOSED: Final = "link to a draft or a staff article, which a build refuses"
_ADDRESS: Final = re.compile(r"https?://([\w.-]+)(/(?:[\w-]+/)*articles?/)(\d{5,})")
"""A link to an article of a hosted help centre: host, path in front of the id, and id."""
_INDEX: Final = ("index.", "_index.", "readme.")
_PARTS: Final = 3
"""Parts of the longest path of an old page, ``/support/tickets/new``."""
_SUFFIXES: Final = ("", ".md", ".mdx", ".markdown", ".html", "/index.md", "/index.html", "/README.md")
_NEVER: Final = re.compile(r"(?!)")


def with_old_host(export: Export) -> Export:
    """``export`` with the host and the old addresses of articles that a folder names by their ids alone.

    The host is found from its links: one that leads to the id of an article of the folder names the host of all.
    """
    ids = {article.id for article in export.articles}
    homes = Counter(
        (found[1].lower(), found[2])
        for article in export.articles
        for found in _ADDRESS.finditer(article.markdown or article.html)
        if found[3] in ids
    )
    if export.hosts or not homes:
        return export
    host, before = homes.most_common(1)[0][0]
    return replace(export, hosts=frozenset({host}), articles=tuple(_addressed(export.articles, before)))


def _addressed(articles: Iterable[Exported], before: str) -> Iterable[Exported]:
    for article in articles:
        old = (f"{before}{article.id}",) if re.fullmatch(r"\d{5,}", article.id) else ()
        yield replace(article, old_paths=tuple(dict.fromkeys((*article.old_paths, *old))))


class ImportedLinks:
    """New targets: articles, sections and pages of the old help centre by their path here, files beside the article."""

    def __init__(
        self, tool: str, export: Export, paths: Mapping[str, str], folders: Mapping[tuple[str, ...], str]
    ) -> None:
        self._pattern = help_desks.TOOLS[tool].link if tool in help_desks.TOOLS else None
        self._of_folders = re.compile(r"/articles?/(\d{5,})") if export.hosts and not self._pattern else None
        self._hosts = export.hosts
        self._paths = paths
        self._pages = export.pages
        self._by_file = {posixpath.normpath(article.file): article.id for article in export.articles if article.file}
        names = Counter(map(posixpath.basename, self._by_file))
        self._by_name = {
            name: article_id
            for file, article_id in self._by_file.items()
            if names[name := posixpath.basename(file)] == 1 and not name.lower().startswith(_INDEX)
        }
        """A file that was moved is found by its name, if no other has that name."""
        self._closed = {article.id for article in export.articles if article.draft or article.staff}
        self._folder_of = {trail[-1]: path for trail, path in folders.items() if trail}
        self.lost: dict[str, Counter[str]] = {}
        """Project path → kinds of links that lead nowhere here."""

    def change(self, target: str, article: Exported, path: str, media: MediaCollector) -> str:
        """``target`` of ``article``, which becomes the file ``path``, as it is written there."""
        parts = split_url(target)
        folder = posixpath.dirname(path)
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        named = (parts.hostname or "") in self._hosts
        own = (not parts.scheme and not parts.netloc) or named or not self._hosts
        if parts.scheme not in ("", "http", "https") and not target.startswith("data:"):
            return target
        pattern = self._pattern if own else None
        match = (self._of_folders if named and self._of_folders else pattern or _NEVER).search(parts.path)
        other = match[1] if match else self._file(article, parts.path) if article.file and not parts.scheme else ""
        if other in self._paths:
            if other in self._closed and article.id not in self._closed:
                self.lost.setdefault(path, Counter())[TO_CLOSED] += 1
            return posixpath.relpath(self._paths[other], folder) + fragment
        page = self._page(parts.path) if self._pattern and own else ""
        if page:
            return page
        kept = media.place(target, article.file, folder)
        if kept:
            return kept
        page_file = article.file and not parts.scheme and parts.path.endswith((".md", ".mdx", ".html"))
        what = NOT_EXPORTED if match or page_file else NOT_HERE if named and target not in media.missing else ""
        if what:
            self.lost.setdefault(path, Counter())[what] += 1
        return target

    def _file(self, article: Exported, path: str) -> str:
        """Id of the article whose file a relative link of ``article`` names, with or without its suffix."""
        written = unquote(path)
        if not written:
            return ""
        base = posixpath.normpath(posixpath.join(posixpath.dirname(article.file), written.lstrip("/")))
        for place in (base, posixpath.normpath(written.lstrip("/"))):
            for suffix in _SUFFIXES:
                if place + suffix in self._by_file:
                    return self._by_file[place + suffix]
        return self._by_name.get(posixpath.basename(base), "")

    def _page(self, path: str) -> str:
        """Where an old section, category or request page is now. A name behind its id, ``/sections/1-orders``, may be
        another one since."""
        parts = path.split("/")
        for start in range(1, len(parts)):
            for end in range(start, min(start + _PARTS, len(parts))):
                before = "".join(f"/{part}" for part in parts[start:end])
                names = (parts[end], parts[end].partition("-")[0])
                folder = next((found for name in names if (found := self._pages.get(f"{before}/{name}"))), "")
                if folder == "contact":
                    return "/contact/"
                if folder in self._folder_of:
                    return "/" + self._folder_of[folder].removeprefix(f"{FOLDER}/") + "/"
        return ""
