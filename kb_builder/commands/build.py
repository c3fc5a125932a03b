"""Builds and publishes a site: read, gate, rank, index, render, audit, swap. The sentence that runs it all."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial

from kb_builder.audit.audit import check_folder, unexpected_paths
from kb_builder.commands.check import notes_as_warnings, of_content
from kb_builder.commands.site_audit import audit_staged
from kb_builder.errors import Finding, FindingsError, Severity, in_order, refuse_errors
from kb_builder.pipeline.site import Centre
from kb_builder.publishing.clock_check import check_clock, forget_publication, note_publication
from kb_builder.publishing.host_files import HEADERS_FILE, Policy, headers_file, nginx_snippet
from kb_builder.publishing.publication import Publication, audience_of
from kb_builder.system import filesystem
from kb_builder.system.cache_keys import code_fingerprint, hash_of
from kb_builder.system.processes import WORTH_A_PROCESS, WORTH_AHEAD, Ahead, spread
from kb_builder.system.progress import Count


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


def build(centre: Centre, publication: Publication, *, strict: bool = False, clock_told: bool = False) -> Built:
    """Publishes ``centre``, all of it or nothing, within a ``publication`` for the same audience.

    ``clock_told`` says that somebody named the moment to build for; otherwise it may not be before the last one.

    Raises :class:`InputError` when the content can't be trusted, :class:`FindingsError` when it is ``strict`` and there
    is a warning, and what :class:`Publication` and the audit raise. Whatever is raised, the published site stays.
    """
    if publication.audience != audience_of(staff=centre.staff, preview=centre.preview):
        raise ValueError(f"a site for {publication.audience} can't be made of this content")
    memory = centre.root / ".kb"
    if clock_told:
        forget_publication(memory, publication.target)
    else:
        check_clock(memory, publication.target, centre.now)
    with centre.ahead():
        findings = of_content(centre)
        refuse_errors(findings)
        _refuse_warnings(findings, strict)
        _stage_copies(centre, publication)
        centre.texts  # noqa: B018  (pages wait for what is related, which a process of its own works out)
        rendered = _stage_pages(centre, publication)
        _stage_files(centre, publication)
        findings = in_order((*findings, *centre.search_findings))
    found, policy = _sealed(centre, publication, findings, strict)
    published = publication.swap()
    if not clock_told:
        note_publication(memory, publication.target, centre.now)
    centre.store.end_build()
    with suppress(OSError):
        # For whoever sets up a host; the site is published already, so this is worth no error.
        filesystem.make_folders(memory)
        filesystem.save(memory / "nginx.conf", nginx_snippet(policy, centre.settings.url))
    return Built(
        articles=len(centre.view.articles),
        pages=len(centre.pages),
        pins=len(centre.trends.pins),
        bytes=published.size,
        seconds=round(time.monotonic() - publication.begun, 3),
        rendered=rendered,
        reused=len(centre.pages) - rendered,
        findings=notes_as_warnings(found) if strict else found,
    )


def _refuse_warnings(findings: Iterable[Finding], strict: bool) -> None:
    if strict:
        warnings = [finding for finding in notes_as_warnings(tuple(findings)) if finding.severity is Severity.WARNING]
        if warnings:
            count = len(warnings)
            problem = f"{count} warning{'' if count == 1 else 's'}, and --strict publishes with none"
            raise FindingsError(problem, findings=warnings)


def _stage_pages(centre: Centre, publication: Publication) -> int:
    """Stages every page, and returns how many had to be rendered."""
    words = repr(centre.language_of_pages)
    shell = "\0".join((centre.theme_fingerprint, repr(centre.site), centre.assets.folder, words))
    pages = {page.file: page for page in centre.pages}
    needs = {page.file: page.inputs for page in centre.pages}

    def render(files: Sequence[str]) -> list[bytes]:
        return [centre.render(pages[file]) for file in files]

    return _stage(needs, render, "pages", shell, centre, publication)


def _stage_copies(centre: Centre, publication: Publication) -> None:
    needs = {file: centre.copy_key(article) for file, article in centre.copies.items()}

    def copy(files: Sequence[str]) -> list[bytes]:
        return [centre.copy(centre.copies[file]) for file in files]

    _stage(needs, copy, "copies", centre.settings.url, centre, publication)


def _stage(
    needs: Mapping[str, str], make: Callable[[Sequence[str]], list[bytes]], kind: str, shell: str,
    centre: Centre, publication: Publication,
) -> int:  # fmt: skip
    """Stages files, and returns how many ``make`` had to make: the others are published as they should be.

    ``needs`` tells of each file everything its bytes depend on, ``shell`` what all of them do.
    """
    start = hash_of(code_fingerprint(), shell)
    keys = {file: hash_of(start, told) for file, told in needs.items()}
    published = publication.published if centre.store.lasts else {}
    kept = [file for file, key in keys.items() if file in published and published[file].made_from == key]
    publication.keep(kept)
    unmade = keys.keys() - kept
    missing = [file for file in keys if file in unmade]
    if len(missing) >= WORTH_A_PROCESS:
        centre.renderer.precompile()
    count = Count(centre.tell, kind, len(keys), len(keys) - len(missing))
    made = spread(make, missing, jobs=centre.jobs, progress=count)
    with closing(made):
        for file, data in zip(missing, made, strict=True):
            publication.add(file, data, keys[file])
    return len(missing)


def _stage_files(centre: Centre, publication: Publication) -> None:
    for done, (path, data) in enumerate(centre.files.items(), start=1):
        publication.add(path, data)
        centre.tell("files", done, len(centre.files))


def _sealed(
    centre: Centre, publication: Publication, findings: Iterable[Finding], strict: bool
) -> tuple[tuple[Finding, ...], Policy]:
    """Audits what was staged, adds what hosts read, and proves that the folder holds nothing else."""
    publication.tidy()
    staged = frozenset(publication.staged)
    look = {"odd": partial(unexpected_paths, publication.root, staged)}
    with Ahead(look if len(staged) >= WORTH_AHEAD else {}) as beside:
        with publication.settling():
            report = audit_staged(centre, publication)
        found = in_order((*findings, *report.findings))
        refuse_errors(found)
        _refuse_warnings(found, strict)
        policy = Policy(centre.settings.options.feedback.endpoint, report.scripts, report.styles)
        publication.add(HEADERS_FILE, headers_file(publication.staged, policy))
        planned = publication.seal()
        odd = beside.wait("odd")
    # Whoever looked beside may or may not have seen what was added meanwhile.
    if odd is None or set(odd) - (planned.keys() - staged):
        check_folder(publication.root, planned)
    return found, policy
