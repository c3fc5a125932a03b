"""Builds and publishes a site: read, gate, rank, index, render, audit, swap. The sentence that runs it all."""

import hashlib
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kb_builder import disk
from kb_builder.audit import Plan, Report, audit, check_folder
from kb_builder.audit_leaks import Marks, texts_of, unreleased
from kb_builder.centre import Centre
from kb_builder.check import lifted, of_content
from kb_builder.embargo import check_clock, forget_publication, note_publication
from kb_builder.errors import Finding, FindingsError, Severity, in_order, refuse_errors
from kb_builder.fingerprints import code_fingerprint
from kb_builder.hosting import HEADERS_FILE, Policy, headers_file, nginx_snippet
from kb_builder.model import Announcement, Article
from kb_builder.pages import Page
from kb_builder.progress import Count
from kb_builder.publish import Publication
from kb_builder.workers import spread

_RENDERED: Final = "page"


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did. ``bytes`` is the size of the whole site; ``rendered`` and ``reused`` count pages."""

    articles: int
    pages: int
    pins: int
    bytes: int
    seconds: float
    rendered: int
    reused: int
    findings: tuple[Finding, ...]


def build(centre: Centre, target: Path, *, strict: bool = False, clock_told: bool = False) -> Built:
    """Publishes ``centre`` at ``target``, all of it or nothing.

    ``clock_told`` says that somebody named the moment to build for; otherwise it may not be before the last one.

    Raises :class:`InputError` when the content can't be trusted, :class:`FindingsError` when it is ``strict`` and there
    is a warning, and what :class:`Publication` and the audit raise. Whatever is raised, the published site stays.
    """
    started = time.monotonic()
    plain = centre.settings.options.publish == "folder"
    memory = centre.root / ".kb"
    audience = "a look at drafts" if centre.preview else "staff" if centre.staff else "the public"
    content = centre.root / "content"
    with Publication(
        target, project=centre.root, content=content, plain_folder=plain, audience=audience
    ) as publication:
        if clock_told:
            forget_publication(memory, target)
        else:
            check_clock(memory, target, centre.now)
        findings = of_content(centre)
        refuse_errors(findings)
        _refuse_warnings(findings, strict)
        rendered = _stage_pages(centre, publication)
        _stage_files(centre, publication)
        report = _audited(centre, publication)
        found = in_order((*findings, *report.findings))
        refuse_errors(found)
        _refuse_warnings(found, strict)
        policy = Policy(centre.settings.options.feedback.endpoint, report.scripts, report.styles)
        publication.add(HEADERS_FILE, headers_file(publication.staged, policy))
        check_folder(publication.root, publication.seal())
        published = publication.swap()
        if not clock_told:
            note_publication(memory, target, centre.now)
    centre.store.end_build()
    with suppress(OSError):
        # For whoever sets up a host; the site is published already, so this is worth no error.
        disk.make_folders(memory)
        disk.save(memory / "nginx.conf", nginx_snippet(policy, centre.settings.url))
    return Built(
        articles=len(centre.view.articles),
        pages=len(centre.pages),
        pins=len(centre.trends.pins),
        bytes=published.size,
        seconds=round(time.monotonic() - started, 3),
        rendered=rendered,
        reused=len(centre.pages) - rendered,
        findings=lifted(found) if strict else found,
    )


def _refuse_warnings(findings: Iterable[Finding], strict: bool) -> None:
    if strict:
        warnings = [finding for finding in lifted(tuple(findings)) if finding.severity is Severity.WARNING]
        if warnings:
            count = len(warnings)
            problem = f"{count} warning{'' if count == 1 else 's'}, and --strict publishes with none"
            raise FindingsError(problem, findings=warnings)


def _stage_pages(centre: Centre, publication: Publication) -> int:
    """Stages every page, and returns how many had to be rendered: the others are published as they should be."""
    keys = _page_keys(centre)
    known = centre.store.get_many(_RENDERED, keys.values())
    missing: list[Page] = []
    for page in centre.pages:
        sha256 = known.get(keys[page.file], b"").decode("ascii", "replace")
        published = publication.published.get(page.file)
        if published is not None and published.sha256 == sha256:
            publication.keep(page.file)
        else:
            missing.append(page)
    count = Count(centre.tell, "pages", len(centre.pages), len(centre.pages) - len(missing))
    made: dict[str, bytes] = {}
    rendered = spread(_render, missing, jobs=centre.jobs, set_up=_set_up, state=(centre,), progress=count)
    for page, data in zip(missing, rendered, strict=True):
        made[keys[page.file]] = publication.add(page.file, data).encode()
    centre.store.put_many(_RENDERED, made)
    return len(missing)


def _page_keys(centre: Centre) -> dict[str, str]:
    """File of each page → everything its bytes depend on, as a hash."""
    shell = "\0".join((code_fingerprint(), centre.theme_fingerprint, repr(centre.site), centre.assets.folder))
    start = hashlib.sha256(shell.encode())

    def key(page: Page) -> str:
        digest = start.copy()
        digest.update(repr(page).encode("utf-8", "surrogatepass"))
        return digest.hexdigest()

    return {page.file: key(page) for page in centre.pages}


_centre: Centre | None = None


def _set_up(centre: Centre) -> None:
    global _centre
    _centre = centre
    centre.store.reopen()


def _render(pages: Sequence[Page]) -> list[bytes]:
    assert _centre is not None
    return [_centre.render(page) for page in pages]


def _stage_files(centre: Centre, publication: Publication) -> None:
    for done, (path, data) in enumerate(centre.files.items(), start=1):
        publication.add(path, data)
        centre.tell("files", done, len(centre.files))


def _audited(centre: Centre, publication: Publication) -> Report:
    centre.tell("audit", 0, 1)
    items: tuple[Article | Announcement, ...] = (*centre.catalogue.articles, *centre.catalogue.announcements)
    # Judged again from the headers: the view is what the audit is to prove.
    hidden = unreleased(items, centre.now, staff=centre.staff, preview=centre.preview)
    paths = {item.path for item in hidden}
    plan = Plan(
        site_url=centre.settings.url,
        marks=Marks.of(hidden),
        public=lambda: [text for item in items if item.path not in paths for text in texts_of(item)],
        maker=code_fingerprint(),
        jobs=centre.jobs,
    )
    report = audit(publication.root, publication.staged, plan, centre.store)
    centre.tell("audit", 1, 1)
    return report
