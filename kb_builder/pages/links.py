"""Resolves the links and pictures of articles: to released articles, to pages and files, or to nothing."""

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property
from typing import TypeVar
from urllib.parse import SplitResult, quote, unquote, urlsplit

from kb_builder.content.announcements import FOLDER as ANNOUNCEMENTS
from kb_builder.content.urls import FOLDER as ARTICLES
from kb_builder.content.urls import article_urls
from kb_builder.errors import Finding, Severity
from kb_builder.markdown.anchors import find_anchor, nearest_anchor
from kb_builder.model import Announcement, Article, Link, Outline
from kb_builder.pages.relative_urls import SCHEME, encoded
from kb_builder.system.web import split_url

_SOURCES = (".md", ".markdown", ".mdown", ".mdx", ".yml", ".yaml")
Found = TypeVar("Found")
_WEB = re.compile(r"(?:https?:)?//", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ResolvedLinks:
    """The links of one body.

    ``targets`` maps a link as written to a site-relative URL, or to None where it leads nowhere; ``files`` maps a link
    as written to the project path of a file that is published with the article, and the line of the link.
    """

    targets: Mapping[str, str | None]
    files: Mapping[str, tuple[str, int]]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class LinkedTexts:
    """The texts that links are in and lead to. ``header_links`` returns the links outside the body: those of the answer
    and the main button."""

    released: Iterable[Article | Announcement]
    withheld: Iterable[Article | Announcement]
    outline_of: Callable[[Article | Announcement], Outline]
    header_links: Callable[[Article | Announcement], Iterable[Link]] = lambda _: ()


@dataclass(frozen=True, slots=True)
class OldTargets:
    """Where links to what was published once lead.

    ``redirects`` maps old site-relative URLs, with an anchor or without, to new ones. ``notices`` maps project paths of
    withheld articles, and URLs of removed ones, to the URL of the notice in their place, empty where there is none: a
    link to one of them is a warning, to any other withheld article an error.
    """

    redirects: Mapping[str, str] = field(default_factory=dict)
    notices: Mapping[str, str] = field(default_factory=dict)


def first_of(keys: Iterable[str], found: Mapping[str, Found]) -> Found | None:
    """What the first of ``keys`` that is in ``found`` stands for."""
    return next((found[key] for key in keys if key in found), None)


@dataclass(eq=False)
class LinkMap:
    """Everything a link can lead to, by project path and by URL."""

    texts: LinkedTexts
    all_files: Collection[str]
    """Project paths; Markdown and YAML files among them are never published as they are."""
    pages: Collection[str] = ()
    """URLs of pages other than articles."""
    folders: Mapping[str, str] = field(default_factory=dict)
    """Project path of each folder → the URL of its page."""
    site_url: str = ""
    old: OldTargets = OldTargets()
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Path of a text in another language → path of the same text that is released in this one."""
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    """Path and URL of what is in the language of the sources only → where it is, as seen from this one."""
    source_url: str = ""
    """The root of that language."""

    def __post_init__(self) -> None:
        self.by_path = {item.path: item for item in self.texts.released}
        self.by_url = {url: item for item in self.by_path.values() for url in _urls(item)}
        same = self.aliases.items()
        self.by_path |= {alias: self.by_path[path] for alias, path in same if path in self.by_path}
        self.withheld = {key: item.path for item in self.texts.withheld for key in (item.path, *_urls(item))}
        self.all_files = frozenset(self.all_files)
        self.files = {path: path for path in self.all_files if not path.lower().endswith(_SOURCES)}
        self.folders = {ARTICLES: "", **self.folders}
        self._site = urlsplit(self.site_url)
        self.base = self._site.path or "/"
        """The path of the site on its host, with slashes at both ends."""
        source = urlsplit(self.source_url).path or "/" if self.source_url else self.base
        self._bases = tuple(dict.fromkeys((self.base, source)))

    def resolve(self, source: Article | Announcement) -> ResolvedLinks:
        """The links of ``source``, with a finding for each that leads nowhere or to something unreleased."""
        return _Resolution(self, source, self.texts.outline_of(source)).resolve()

    def candidates(self, source: str, path: str) -> tuple[str, ...]:
        """Project paths that ``path``, as written in the file ``source``, may refer to."""
        if path.startswith("/"):
            base = posixpath.normpath(ARTICLES + "/" + path.lstrip("/"))
        else:
            base = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
        if base == ARTICLES:
            return (base,)
        if not base.startswith((ARTICLES + "/", ANNOUNCEMENTS + "/")):
            return ()
        stem = base.removesuffix(".html").removesuffix("/index")
        return (base, f"{base}.md", f"{stem}.md", f"{base}/index.md")

    def below_root(self, written: str) -> str:
        """``written`` as a path from the root of the site, where it is a URL of this site; else as it is."""
        split = split_url(f"https:{written}" if written.startswith("//") else written) if _WEB.match(written) else None
        if split is not None:
            if not self._site.netloc or _host(split) != _host(self._site):
                return written
            path = split.path or "/"
        elif written.startswith("/") and not written.startswith("//"):
            path = written.partition("#")[0].partition("?")[0]
        else:
            return written
        for base in self._bases:
            if f"{path}/" == base or path.startswith(base):
                start = written.index("//") + 2 + len(split.netloc) if split else 0
                return "/" + written[start + len(base) :].lstrip("/")
        return written

    def redirected(self, path: str, anchor: str = "") -> str:
        """The site-relative URL of a path from the site's root, with its last slash, after redirects."""
        if not path.startswith("/"):
            return ""
        name = unquote(path).strip("/")
        for url in (name, f"{name}/"):
            moved = anchor and self.old.redirects.get(f"{url}#{anchor}")
            if found := moved or self.old.redirects.get(url):
                return found
        return f"{name}/" if name else ""

    def page(self, path: str, url: str) -> str | None:
        """The page, or the file of the site's own, at a path from its root, whose URL would be ``url``."""
        file = unquote(path).strip("/")
        return next((one for one in (url, file) if not one or one in self.pages), None)

    def notice_of_gone(self, candidates: Iterable[str], url: str) -> str | None:
        """The URL of the notice for an article that was removed, by the URL its path had or by ``url``."""
        paths = [path for path in candidates if path.endswith(".md") and path.startswith(f"{ARTICLES}/")]
        return first_of((*(article_urls((path,))[path] for path in paths), url), self.old.notices)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Name of each released article's file, without its suffix → its project path."""
        return {_name(path): path for path in sorted(self.by_path, reverse=True)}

    @cached_property
    def file_names(self) -> Mapping[str, str]:
        """The same of files that are published as they are."""
        return {_name(path): path for path in sorted(self.files, reverse=True)}


class _Resolution:
    """Resolves the links of one source."""

    def __init__(self, links: LinkMap, source: Article | Announcement, outline: Outline) -> None:
        self.links = links
        self.source = source
        self.outline = outline
        self.targets: dict[str, str | None] = {}
        self.files: dict[str, tuple[str, int]] = {}
        self.findings: list[Finding] = []

    def resolve(self) -> ResolvedLinks:
        self.findings += (replace(finding, path=self.source.path) for finding in self.outline.findings)
        for link in (*self.outline.links, *self.links.texts.header_links(self.source)):
            if link.alt == "" and not link.target.startswith("data:"):
                hint = "say in a few words what the picture shows: ![Where to find the order number](…)"
                self._warn(link, "missing-alt", f'image "{link.target}" has no alternative text', hint)
            written = self.links.below_root(link.target)
            if written in ("", "#"):
                self.targets[link.target] = None
            elif SCHEME.match(written) or written.startswith("//"):
                self._external(link, written)
            elif written.startswith("#"):
                self._on_this_page(link, written[1:])
            else:
                self._internal(link, written)
        return ResolvedLinks(self.targets, self.files, tuple(self.findings))

    def _external(self, link: Link, written: str) -> None:
        if link.alt is not None and written.startswith(("http:", "https:", "//")):
            self.targets[link.target] = None
            self._warn(link, "remote-image", f'image "{written}" is on another site',
                       "put the file beside the article; until then the page shows its text")  # fmt: skip

    def _on_this_page(self, link: Link, fragment: str) -> None:
        if fragment.startswith("fnref:") and unquote(fragment) not in self.outline.anchors:
            self.targets[link.target] = None
            mark = f"[^{unquote(fragment).removeprefix('fnref:')}]"
            body = self.source.body
            line = self.source.body_line + body.count("\n", 0, max(0, body.find(f"{mark}:")))
            self._warn(Link("", line), "unused-footnote", f'nothing refers to footnote "{mark}"',
                       f"put {mark} where it belongs, or remove the footnote")  # fmt: skip
        else:
            found = self._anchor(link, self.source, fragment)
            if found != f"#{fragment}":
                self.targets[link.target] = found if found.startswith("#") else found or "#"

    def _internal(self, link: Link, written: str) -> None:
        rest, _, fragment = written.partition("#")
        path, mark, query = rest.partition("?")
        candidates = self.links.candidates(self.source.path, unquote(path))
        url = self.links.redirected(path, unquote(fragment))
        url, _, anchor = url.partition("#")
        item = first_of(candidates, self.links.by_path) or self.links.by_url.get(url)
        withheld = None if item else first_of((*candidates, url), self.links.withheld)
        if item is not None:
            found = f"#{quote(anchor)}" if anchor else self._anchor(link, item, fragment)
            self.targets[link.target] = (
                f"{item.url}{mark}{query}{found}" if found.startswith(("#", ":")) or not found else found
            )
        elif withheld is not None:
            self._unreleased(link, written, self.links.old.notices.get(withheld))
        elif other := first_of((*candidates, url), self.links.elsewhere):
            self.targets[link.target] = other + mark + query + (f"#{fragment}" if fragment else "")
        elif notice := self.links.notice_of_gone(candidates, url):
            self._unreleased(link, written, notice)
        elif asset := first_of(candidates, self.links.files):
            self.files[link.target] = asset, link.line or self.source.body_line
        elif (page := first_of(candidates, self.links.folders)) is not None:
            self.targets[link.target] = page + mark + query + (f"#{fragment}" if fragment else "")
        elif path.startswith("/") and (page := self.links.page(path, url)) is not None:
            self.targets[link.target] = page + mark + query + (f"#{anchor or fragment}" if anchor or fragment else "")
        elif any(path.lower().endswith(".md") and path in self.links.all_files for path in candidates):
            self.targets[link.target] = None  # An article that was left out, which is an error by itself.
        else:
            self._broken(link, written)

    def _anchor(self, link: Link, item: Article | Announcement, fragment: str) -> str:
        """``fragment`` as it is on the page of ``item``, with its ``#``, or the URL to which that anchor has moved."""
        name, directive, text = fragment.partition(":~:")
        if not name or name == "top":
            return f"#{fragment}" if fragment else ""
        outline = self.links.texts.outline_of(item)
        found = find_anchor(outline, name)
        if found is None and (moved := self.links.old.redirects.get(f"{item.url}#{unquote(name)}")):
            return encoded(moved)
        if found is None:
            where = "on this page" if item is self.source else f"in {item.path}"
            self._warn(link, "broken-anchor", f'no heading "#{name}" {where}', nearest_anchor(outline, name))
            return f"#{fragment}"
        same = found == unquote(name)
        return f"#{name if same else quote(found)}{directive}{text}"

    def _unreleased(self, link: Link, written: str, notice: str | None) -> None:
        self.targets[link.target] = notice or None
        if notice is None:
            message = f'links to "{written}", which is not published'
            hint = "publish that article too, or remove the link"
            # Until now an address without brackets was text: an error from the next version on.
            self._report(link, "link-to-withheld", Severity.WARNING if link.bare else Severity.ERROR, message, hint)
        elif notice:
            self._warn(link, "link-to-withdrawn", f'links to "{written}", which is withdrawn',
                       "the link leads to a notice; link to another answer")  # fmt: skip
        else:
            self._warn(link, "link-to-withdrawn", f'links to "{written}", which is not public now',
                       "the page shows the words without a link until it is")  # fmt: skip

    def _broken(self, link: Link, written: str) -> None:
        self.targets[link.target] = None
        if link.alt is not None:
            hint = "put the file beside the article; until then the page shows its text"
            if meant := _nearest(self.links.file_names, self.source, written):
                hint = f'did you mean "{meant}"?'
            self._warn(link, "missing-image", f'image "{written}" does not exist', hint)
            return
        hint = "until it is fixed the page shows the words without a link"
        names = (self.links.names, self.links.file_names)
        if meant := next(filter(None, (_nearest(known, self.source, written) for known in names)), ""):
            hint = f'did you mean "{meant}"?'
        elif link.target.startswith("/") and self.links.base != "/":
            hint = f"the help centre is at {self.links.base}: write the full address of a page outside it"
        self._warn(link, "broken-link", f'link to "{written}" leads nowhere', hint)

    def _warn(self, link: Link, code: str, message: str, hint: str) -> None:
        self._report(link, code, Severity.WARNING, message, hint)

    def _report(self, link: Link, code: str, severity: Severity, message: str, hint: str) -> None:
        line = link.line or self.source.body_line
        self.findings.append(Finding(self.source.path, line, code, severity, message, hint))


def _host(split: SplitResult) -> str:
    """The host of a web address, with its port where that is no usual one."""
    name = split.netloc.rpartition("@")[2].lower()
    return name.removesuffix(":443").removesuffix(":80")


def _name(path: str) -> str:
    """The common part of all spellings of a file's name."""
    name = posixpath.basename(path.replace("\\", "/").partition("#")[0].partition("?")[0].rstrip("/"))
    return unquote(name).casefold().removesuffix(".html").removesuffix(".md")


def _nearest(names: Mapping[str, str], source: Article | Announcement, written: str) -> str:
    """Which of the files ``names`` is most like ``written``, as ``source`` would link to it."""
    name = _name(written)
    # Most of a mistyped name is right: comparing every name with every broken link takes long.
    alike = [known for known in names if abs(len(known) - len(name)) <= 2 and known[:1] == name[:1]]
    near = get_close_matches(name, alike, n=1, cutoff=0.75)
    return posixpath.relpath(names[near[0]], posixpath.dirname(source.path)) if near else ""


def _urls(item: Article | Announcement) -> tuple[str, ...]:
    """The URLs of an article (its page and its short link) or of an announcement."""
    return (item.url, f"a/{item.id}/") if isinstance(item, Article) else (item.url,)


def may_link_to(source: Article | Announcement, items: Iterable[Article | Announcement]) -> bool:
    """Whether the body of ``source`` has the name of one of ``items`` in it, as every link to it does."""
    return any(name in source.body for item in items for name in _names(item))


def _names(item: Article | Announcement) -> tuple[str, ...]:
    folder, _, name = item.path.removesuffix(".md").rpartition("/")
    stem = folder.rpartition("/")[2] if name.lower() in ("index", "readme") else name
    return (stem, quote(stem), item.id) if isinstance(item, Article) else (stem, quote(stem))
