"""Builds and publishes a site: read, gate, rank, index, render, audit, swap."""

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain, groupby, islice
from pathlib import Path
from typing import Final

from kb_builder.audit.audit import check_folder
from kb_builder.commands.site_audit import audit_staged
from kb_builder.content.ignored import without_ignored
from kb_builder.content.inventory import PATH as INVENTORY
from kb_builder.content.old_urls import HELP_DESK_URL
from kb_builder.content.redirects import PATH as REDIRECTS
from kb_builder.errors import (
    BUILD_FIRST,
    Finding,
    FindingsError,
    Severity,
    StaleError,
    counted,
    in_order,
    notes_as_warnings,
    refuse_errors,
)
from kb_builder.pages.markdown_copies import llms_full
from kb_builder.pipeline.centre import Centre
from kb_builder.pipeline.previews import Output
from kb_builder.pipeline.project import Project
from kb_builder.pipeline.search_findings import MENTIONS_FOLDER
from kb_builder.pipeline.site import Site
from kb_builder.publishing import host_copies
from kb_builder.publishing.clock_check import check_clock, forget_publication, is_first_of_day, note_publication
from kb_builder.publishing.header_files import (
    HEADERS_FILE,
    Policy,
    apache_headers,
    caddy_headers,
    headers_file,
    host_file,
    nginx_snippet,
    security_headers,
)
from kb_builder.publishing.history import Recorded
from kb_builder.publishing.publication import Publication, audience_of
from kb_builder.publishing.redirect_files import (
    REDIRECTS_FILE,
    STATIC_RULES,
    RedirectTable,
    apache_snippet,
    caddy_rules,
    nginx_map,
    nginx_rules,
    redirects_file,
)
from kb_builder.publishing.staging import damaged_file, share_of
from kb_builder.system import filesystem, source_files
from kb_builder.system.cache_keys import code_fingerprint, hash_of
from kb_builder.system.processes import WORTH_A_PROCESS, spread
from kb_builder.system.progress import StageProgress

_BUILT_OF: Final = "basis"


@dataclass(frozen=True, slots=True)
class Built:
    """The result of a build. ``bytes`` is the size of the whole site; ``rendered`` and ``reused`` count pages."""

    articles: int
    pages: int
    pins: int
    bytes: int
    seconds: float
    rendered: int
    reused: int
    findings: tuple[Finding, ...]


def build(
    site: Site,
    publication: Publication,
    *,
    strict: bool = False,
    clock_given: bool = False,
    only_trends: bool = False,
) -> Built:
    """Publishes all of ``site`` or nothing, within a ``publication`` for the same audience.

    ``clock_given`` means that the moment of the project was given with the command; otherwise it may not be before the
    last one. ``only_trends`` refuses to publish when anything but trends has changed since the last publication.

    Raises :class:`InputError` when the content can't be used, :class:`FindingsError` when it is ``strict`` and there is
    a warning, :class:`StaleError` when more than trends has changed, and what :class:`Publication` and the audit raise.
    Whatever is raised, the published site is unchanged.
    """
    project, centre = site.project, Centre(site)
    _check_target(project, publication, clock_given)
    basis = _unchanged(centre, publication) if only_trends else ""
    findings = tuple(without_ignored(centre.findings, project.items, notes=False))
    _refuse(findings, strict)
    basis = basis or _basis(centre)
    publication.read_again = _read_again(project, publication)
    rendered = _stage(centre, publication)
    publication.tidy()
    report = audit_staged(centre.sites, publication, pages=centre.pages.keys())
    mended = (damaged_file(publication.target, path, "it was written again") for path in publication.damaged)
    searched = (finding for one in centre.sites for finding in one.search.findings)
    findings = in_order((*findings, *searched, *report.findings, *mended))
    _refuse(findings, strict)
    policy = Policy(project.settings.options.feedback.endpoint, report.scripts, report.styles)
    publication.add(HEADERS_FILE, headers_file(publication.staged, policy))
    table = _redirect_table(centre)
    listed, left_out = redirects_file(table)
    publication.add(REDIRECTS_FILE, listed)
    if left_out:
        findings = in_order((*findings, _over_limit(left_out)))
        _refuse(findings, strict)
    check_folder(publication.root, publication.seal())
    published = publication.swap()
    project.addresses.record(centre.entries)
    project.store.put(_BUILT_OF, _base_name(project, publication), f"{published.number} {basis}".encode())
    _note_publication(project, publication, policy, table, published.number, clock_given)
    return Built(
        articles=sum(not article.fallback for one in centre.sites for article in one.project.view.articles),
        pages=len(centre.pages),
        pins=len(site.trends.current.pins),
        bytes=published.size,
        seconds=round(time.monotonic() - publication.begun, 3),
        rendered=rendered,
        reused=len(centre.pages) - rendered,
        findings=notes_as_warnings(findings) if strict else findings,
    )


def _check_target(project: Project, publication: Publication, clock_given: bool) -> None:
    if publication.audience != audience_of(staff=project.staff, preview=project.preview):
        raise ValueError(f"a site for {publication.audience} can't be made of this content")
    if clock_given:
        forget_publication(project.settings.root / ".kb", publication.target)
    else:
        check_clock(project.settings.root / ".kb", publication.target, project.now)


def _read_again(project: Project, publication: Publication) -> Callable[[str], bool] | None:
    """Which published files to compare byte by byte: all without a cache, else a share on each day."""
    if not project.store.persistent:
        return lambda _path: True
    if project.preview or not is_first_of_day(project.settings.root / ".kb", publication.target, project.now):
        return None
    return share_of(project.today)


def _refuse(findings: Iterable[Finding], strict: bool) -> None:
    """Raises the errors among ``findings``; when ``strict`` also warnings and notes."""
    refuse_errors(findings)
    warnings = [finding for finding in findings if finding.severity is not Severity.ERROR] if strict else []
    if warnings:
        problem = f"{counted(len(warnings), 'warning')}; --strict publishes only without warnings"
        raise FindingsError(problem, findings=notes_as_warnings(warnings))


def _stage(centre: Centre, publication: Publication) -> int:
    """Stages every file and returns how many pages had to be made: unchanged ones are kept as published.

    Worker processes make and write copies, previews and pages, in this order; the other files are written here
    meanwhile. They are made before: what the index is made of would be most of the memory that the processes hold
    together. What a worker returns is small, so none waits until it is taken.
    """
    project = centre.project
    outputs, others = centre.outputs, centre.files
    for one in centre.sites:
        one.search.release()
    missing = {output.kind: _not_published(output.keys, project, publication) for output in outputs}
    work = [(output, file) for output in outputs for file in missing[output.kind]]
    if len(missing["pages"]) >= WORTH_A_PROCESS:
        centre.site.renderer.precompile()
    with closing(spread(partial(_staged, publication), work, jobs=project.jobs, waiting=len(work))) as staged:
        first = tuple(islice(staged, 1))  # The workers have started with it.
        for done, (path, data) in enumerate(others.items(), start=1):
            publication.add(path, data)
            project.progress("files", done, len(others))
        results = chain(first, staged)
        for output in outputs:
            files = missing[output.kind]
            progress = StageProgress(project.progress, output.kind, len(output.keys), len(output.keys) - len(files))
            for file, recorded in zip(files, islice(results, len(files)), strict=True):
                publication.record(file, recorded)
                progress(1)
            if output.kind == "copies":
                _stage_full_texts(centre, publication)
    return len(missing["pages"])


def _not_published(keys: Mapping[str, str], project: Project, publication: Publication) -> list[str]:
    """The files among ``keys`` that have to be made, planned; those that are published under their key are kept."""
    published = publication.published if project.store.persistent else {}
    kept = {file for file, key in keys.items() if file in published and published[file].key == key}
    publication.keep(kept)
    missing = [file for file in keys if file not in kept]
    publication.plan(missing)
    return missing


def _staged(publication: Publication, work: Sequence[tuple[Output, str]]) -> list[Recorded]:
    """Makes each file with its neighbours of the same kind, and puts it in place."""
    staged: list[Recorded] = []
    for _, together in groupby(work, key=lambda one: one[0].kind):
        outputs, files = zip(*together, strict=True)
        keys = map(outputs[0].keys.__getitem__, files)
        staged += map(publication.put, files, outputs[0].make(files), keys)
    return staged


def _stage_full_texts(centre: Centre, publication: Publication) -> None:
    """``llms-full.txt`` from the staged copies; it is kept while they are, and an edit makes one of them again."""
    name, full_texts, root = centre.project.settings.name, dict(centre.full_texts), str(publication.root)
    keys = {
        path: hash_of(code_fingerprint(), name, *(publication.staged[copy].sha256 for copy in copies))
        for path, copies in full_texts.items()
    }
    for path in _not_published(keys, centre.project, publication):
        texts = (filesystem.load(f"{root}/{copy}") for copy in full_texts[path])
        publication.record(path, publication.put(path, llms_full(name, texts), keys[path]))


def _redirect_table(centre: Centre) -> RedirectTable:
    return RedirectTable(
        centre.project.settings.url,
        centre.host_redirects,
        centre.host_gone,
        centre.site.retirement.host_help_desk,
        HELP_DESK_URL,
        centre.folders,
    )


def _over_limit(count: int) -> Finding:
    message = f"{count:,} more redirects than the {STATIC_RULES:,} that Cloudflare Pages reads from _redirects"
    return Finding(REDIRECTS, 0, "redirects-over-limit", Severity.NOTE, message, "their redirect pages serve there")


def _note_publication(
    project: Project, publication: Publication, policy: Policy, table: RedirectTable, number: int, clock_given: bool
) -> None:
    """Writes what later commands and the host's administrator need; the site is published, so nothing is raised."""
    folder = project.settings.root / ".kb"
    if not clock_given:
        note_publication(folder, publication.target, project.now)
    project.store.end_run()
    with suppress(OSError):
        filesystem.make_private_folder(folder)
        headers = (("Cache-Control", "no-cache"), *security_headers(policy))
        files = {
            "nginx": nginx_snippet(policy, project.settings.url, table.folders),
            "nginx-map": nginx_map(table),
            "nginx-redirects": nginx_rules(headers),
            "apache": apache_headers(policy, project.settings.url) + apache_snippet(table),
            "caddy": caddy_headers(policy, project.settings.url) + caddy_rules(table),
        }
        named = {host_file(name, publication.audience): data for name, data in files.items()}
        for name, data in named.items():
            filesystem.save(folder / name, data)
        host_copies.keep(folder, publication.target, number, named)


def _unchanged(centre: Centre, publication: Publication) -> str:
    """What the published site was built of. Raises :class:`StaleError` unless it is this content, with this code and
    these settings.

    Articles and notices whose time has come or is over since are a change too.
    """
    stored = centre.project.store.get(_BUILT_OF, _base_name(centre.project, publication))
    number, _, digest = (stored or b"").decode().partition(" ")
    if not digest:
        raise StaleError("there is no build of this site to start from", hint=BUILD_FIRST)
    if number != str(publication.live):
        raise StaleError("the published site is not the last one that was built", hint=BUILD_FIRST)
    if digest != _basis(centre):
        raise StaleError("more than the mentions has changed since the last build", hint=BUILD_FIRST)
    return digest


def _base_name(project: Project, publication: Publication) -> str:
    return hash_of(str(publication.target), publication.audience, str(project.settings.root))


def _basis(centre: Centre) -> str:
    """A hash of all that pages are made of, mentions and the moment left out.

    The inventory is left out as well: builds record its addresses without it.
    """
    project = centre.project
    root, articles = project.settings.root, project.reading.contents.keys
    files = (
        path
        for path in source_files.walk(root, "content").paths
        if path != INVENTORY and not path.startswith(f"{MENTIONS_FOLDER}/")
    )
    return hash_of(
        code_fingerprint(),
        project.settings.fingerprint,
        *(site.theme.fingerprint for site in centre.sites),
        *(f"{path} {articles.get(path) or _content(root / path)}" for path in files),
        *(article.url for site in centre.sites for article in site.project.view.articles),
        *(announcement.url for site in centre.sites for announcement in site.project.view.announcements),
    )


def _content(path: Path) -> str:
    return hashlib.sha256(filesystem.load(path)).hexdigest()
