"""The preview of ``kb serve``: the site as it is now, made in memory, with what its editor should know on each page.

Nothing is published, so a saved file costs what reading it costs. A page is made when somebody looks at it, and what
only publishing needs (the audit, a folder of files, their sync to disk) is left out.
"""

import mimetypes
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Condition
from typing import Any, Final, NamedTuple, TypeAlias
from urllib.parse import quote

from kb_builder.commands.preview_guard import Application
from kb_builder.config import THEME
from kb_builder.content.ignored import without_ignored
from kb_builder.content.urls import article_urls
from kb_builder.content.visibility import Verdict, verdict
from kb_builder.errors import Finding, InputError, KbError, Severity, refuse_errors
from kb_builder.model import Announcement, Article
from kb_builder.pages.markdown_copies import llms_full
from kb_builder.pages.page import file_of
from kb_builder.parsing import sources
from kb_builder.pipeline.centre import Centre
from kb_builder.pipeline.site import Site
from kb_builder.rendering.render import environment

RELOAD: Final = "/.kb-preview/"
"""Below it, a page asks for the version that follows its own."""
_WAIT_SECONDS: Final = 25
_EXCERPT: Final = 3
"""Lines before and after the line of a finding that are shown with it."""
_TYPES: Final = {".mjs": "text/javascript", ".md": "text/markdown", ".webmanifest": "application/manifest+json"}
_NOT_FOUND: Final = "404.html"

_Item: TypeAlias = Article | Announcement


class Answer(NamedTuple):
    """An HTTP response of the preview. ``location`` is the URL of a redirect, or empty."""

    status: str
    type: str
    data: bytes
    location: str = ""


class Source(NamedTuple):
    """A line of a file that could not be read, for the page that says so."""

    number: int
    text: str
    is_meant: bool


@dataclass(frozen=True)
class _Shown:
    """One version of the help centre."""

    centre: Centre
    findings: tuple[Finding, ...]

    @cached_property
    def items(self) -> Mapping[str, _Item]:
        """Project path → what was read from it, shown or not."""
        return {item.path: item for item in self.centre.project.items}

    @cached_property
    def folders(self) -> Mapping[str, str]:
        """Language → the folder of its site."""
        return {site.project.language: site.project.folder for site in self.centre.sites}

    def url_of(self, item: _Item) -> str:
        return self.folders.get(item.language, "") + item.url

    @cached_property
    def addresses(self) -> Mapping[tuple[str, str], str]:
        """Folder and id of each article → its URL."""
        sites = self.centre.sites
        return {
            (site.project.folder, article.id): site.project.folder + article.url
            for site in sites
            for article in site.project.view.articles
        }

    def not_found(self, path: str) -> str:
        """The page that is shown in place of a missing one: that of its language."""
        folders = (folder for folder in self.folders.values() if folder and path.startswith(folder))
        return next(folders, "") + _NOT_FOUND

    def file(self, path: str) -> bytes | None:
        """The bytes of any file that is no page."""
        centre = self.centre
        for site in centre.sites:  # every page asks for these; the others take a while to make
            own = path.removeprefix(site.project.folder)
            if own in site.theme.assets.files and path == site.project.folder + own:
                return site.theme.assets.files[own]
        *outputs, _pages = centre.outputs
        for output in outputs:
            if path in output.keys:
                return output.make([path])[0]
        copies = dict(centre.full_texts).get(path)
        if copies is not None:
            return llms_full(centre.project.settings.name, outputs[0].make(copies))
        return centre.files.get(path)


class Preview:
    """Replaced by :meth:`update` and read by :meth:`answer`, from any thread."""

    def __init__(self, open_site: Callable[[], Site], root: Path) -> None:
        """``root`` is the project folder."""
        self._open = open_site
        self._root = root
        self._shown: _Shown | None = None
        self.errors: tuple[Finding, ...] = ()
        """Those that keep the last version of the content from being shown."""
        self._moved: dict[str, str] = {}
        self._printed: frozenset[tuple[str, str, str]] = frozenset()
        self._changed = Condition()
        # Another process would count from the start again, and pages of this one are still open.
        self._start = secrets.token_hex(4)
        self._count = 0
        # The store of results serves one thread.
        self._worker = ThreadPoolExecutor(max_workers=1)

    @property
    def version(self) -> str:
        """Changes whenever the shown site does; open pages compare it to know when to reload."""
        return f"{self._start}-{self._count}"

    @property
    def works(self) -> bool:
        """Whether there is a version of the site to show."""
        return self._shown is not None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Errors, or else the warnings and notes about what is shown."""
        return self.errors or (self._shown.findings if self._shown else ())

    def update(self) -> tuple[Finding, ...]:
        """Reads everything again. Returns the errors and warnings that the last version had not."""
        self._worker.submit(self._update).result()
        with self._changed:
            self._count += 1
            self._changed.notify_all()
        seen, self._printed = self._printed, frozenset(map(_identity, self.findings))
        severe = (finding for finding in self.findings if finding.severity is not Severity.NOTE)
        return tuple(finding for finding in severe if _identity(finding) not in seen)

    def _update(self) -> None:
        before = self._shown.addresses if self._shown else {}
        try:
            centre = Centre(self._open())
            findings = tuple(without_ignored(centre.findings, centre.project.items, notes=False))
            refuse_errors(findings)
            shown = _Shown(centre, findings)
            _ = centre.pages
        except KbError as error:
            self.errors = _findings_of(error)
            return
        self.errors = ()
        self._shown = shown
        for article, url in before.items():
            now = shown.addresses.get(article, url)
            if now != url:
                self._moved = {old: now if new == url else new for old, new in self._moved.items()} | {url: now}

    def answer(self, path: str) -> Answer:
        """The response for a path below the address of the site, without the first slash."""
        return self._worker.submit(self._answer, path).result()

    def wait(self, version: str) -> str:
        """The version that is shown, as soon as it is another one than ``version`` or after a while."""
        with self._changed:
            self._changed.wait_for(lambda: self.version != version, timeout=_WAIT_SECONDS)
        return self.version

    def _answer(self, path: str) -> Answer:
        if self._shown is None:
            return self._broken(self.errors)
        file = file_of(path) if path.endswith("/") or not path else path
        shown = self._shown
        own = [finding for finding in self.errors if file_of(self._url_of(finding.path)) == file]
        if own:
            return self._broken(own)
        pages = shown.centre.pages
        if file in pages:
            return self._page("200 OK", shown, file)
        if (data := shown.file(file)) is not None:
            return Answer("200 OK", _type_of(file), data)
        if file_of(f"{path}/") in pages:
            return Answer("302 Found", "text/plain", b"", f"{path}/")
        if path in self._moved:
            return Answer("302 Found", "text/plain", b"", self._moved[path])
        hidden = next((item for item in shown.items.values() if shown.url_of(item) == path), None)
        return self._page("404 Not Found", shown, shown.not_found(path), hidden)

    def _url_of(self, path: str) -> str:
        """The URL of an article that can't be read: what it had, or what its path gives."""
        if self._shown and path in self._shown.items:
            return self._shown.url_of(self._shown.items[path])
        return article_urls([path])[path] if path.startswith("content/articles/") and path.endswith(".md") else path

    def _page(self, status: str, shown: _Shown, file: str, hidden: _Item | None = None) -> Answer:
        site, page = shown.centre.pages[file]
        try:
            html = site.renderer.render(page, site.bodies.html(page)).decode()
        except InputError as error:
            return self._broken(_findings_of(error))
        path = page.body.path if page.body else hidden.path if hidden else ""
        item = shown.items.get(path)
        states = _states(item, site) if item else ()
        about = (finding for finding in shown.findings if finding.path == path)
        found = sorted(about, key=lambda finding: list(Severity).index(finding.severity))
        if states or found or self.errors or path:
            strip = _drawn("strip", path=path, states=states, findings=found, errors=self.errors)
            start = html.find(">", html.find("<body")) + 1
            html = html[:start] + strip + html[start:]
        end = html.rfind("</body>")
        return Answer(status, _type_of(_NOT_FOUND), (html[:end] + self._script() + html[end:]).encode())

    def _script(self) -> str:
        return _drawn("reload", version=self.version, address=RELOAD)

    def _broken(self, findings: Sequence[Finding]) -> Answer:
        """The page in place of one that can't be made."""
        excerpts = {finding: _excerpt(finding, self._root) for finding in findings}
        page = _drawn("broken", excerpts=excerpts, script=self._script())
        return Answer("500 Internal Server Error", _type_of(_NOT_FOUND), page.encode())


def application(preview: Preview, base: str) -> Application:
    """``preview`` as WSGI, below the path ``base``, which begins and ends with a slash."""

    def answered(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = str(environ.get("PATH_INFO", "")).encode("latin-1").decode("utf-8", "replace")
        if path.startswith(RELOAD):
            answer = Answer("200 OK", "text/plain", preview.wait(path.removeprefix(RELOAD)).encode())
        elif path.startswith(base):
            answer = preview.answer(path.removeprefix(base))
        else:
            answer = Answer("302 Found", "text/plain", b"")
        headers = [("Content-Type", answer.type), ("Content-Length", str(len(answer.data)))]
        headers.append(("Cache-Control", "no-store"))
        if answer.status.startswith("302"):
            headers.append(("Location", quote(base + answer.location)))
        start_response(answer.status, headers)
        return [answer.data]

    return answered


def _identity(finding: Finding) -> tuple[str, str, str]:
    """Without its line, which moves when something is written above it."""
    return finding.path, finding.code, finding.message


def _findings_of(error: KbError) -> tuple[Finding, ...]:
    if isinstance(error, InputError):
        return sources.findings_of(error, "unusable")
    return (Finding(error.where, 0, "unusable", Severity.ERROR, error.problem, error.hint),)


def _states(item: _Item, site: Site) -> tuple[str, ...]:
    """Why the public does not see what the preview shows."""
    now, zone = site.project.now, site.project.zone
    reason = verdict(item, now)
    if reason is Verdict.DRAFT:
        return ("A draft: take draft: true out to publish it.",)
    if reason is Verdict.STAFF_ONLY:
        return ("For staff only." + ("" if site.project.staff else " To see it: kb serve --audience staff"),)
    if reason is Verdict.RELEASED:
        return ()
    moment = item.start if isinstance(item, Announcement) else item.publish_date
    if reason is Verdict.EXPIRED and isinstance(item, Article):
        moment = item.expiry_date
    assert moment is not None
    there = moment.astimezone(zone)
    when = f"{there.day} {there:%B %Y, %H:%M}"
    return (f"Expired on {when}." if reason is Verdict.EXPIRED else f"Not published before {when}.",)


def _excerpt(finding: Finding, root: Path) -> tuple[Source, ...]:
    if not finding.line:
        return ()
    try:
        lines = sources.read(root, finding.path).split("\n")
    except (InputError, OSError):
        return ()
    first = max(1, finding.line - _EXCERPT)
    near = enumerate(lines[first - 1 : finding.line + _EXCERPT], start=first)
    return tuple(Source(number, text, number == finding.line) for number, text in near)


def _drawn(macro: str, **values: object) -> str:
    module: Any = environment([str(THEME)]).get_template("preview.html").module
    return str(getattr(module, macro)(**values))


def _type_of(path: str) -> str:
    ending = path[path.rfind(".") :].lower()
    known = _TYPES.get(ending) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    is_text = known.startswith("text/") or known.endswith(("json", "xml"))
    return f"{known}; charset=utf-8" if is_text else known
