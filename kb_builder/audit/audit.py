"""Audits a staged site: leaks, broken links, incomplete or heavy pages, and files that were not planned.

The audit reads the files on disk and shares no code with what rendered them. Facts about a file are cached under its
SHA-256. A file that passed before is examined again only if something it may link to was removed, or if there are new
phrases to look for.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from kb_builder.audit.file_facts import Facts, facts_of_all, suffix_of, wire_size
from kb_builder.audit.leaks import Phrases
from kb_builder.audit.page_findings import StagedSite, joined
from kb_builder.errors import Finding, LeakError, PublishError, in_order
from kb_builder.publishing.history import Recorded
from kb_builder.system import filesystem
from kb_builder.system.codec import Codec
from kb_builder.system.processes import spread
from kb_builder.system.store import Store

_SHOWN_LEAKS: Final = 5
_SHOWN_LETTERS: Final = 120
"""Of a phrase that is named; a sentence can be long."""
_WRITE_BATCH: Final = 2_000
"""Facts are written to the cache in batches while worker processes examine other files."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The expectations that the staged site is checked against.

    ``site_url`` is absolute, with a trailing slash. ``released`` gives every text that is released, as HTML; it is
    called only when a phrase was found. ``pages`` are the files that the theme rendered. ``code`` is the fingerprint of
    this program's code and part of every cache key.
    """

    site_url: str
    phrases: Phrases
    released: Callable[[], Iterable[str]]
    code: str
    pages: Set[str] = frozenset()
    jobs: int = 1


@dataclass(frozen=True, slots=True)
class Report:
    """The findings, and the ``sha256-…`` hashes of inline code that a Content-Security-Policy must allow."""

    findings: tuple[Finding, ...]
    scripts: tuple[str, ...]
    styles: tuple[str, ...]


def audit(root: Path, staged: Mapping[str, Recorded], plan: Plan, store: Store) -> Report:
    """Audits the files of ``staged`` below ``root``. Paths of findings are relative to the site.

    Raises :class:`LeakError` if a file contains text of an unreleased article, and :class:`PublishError` if a file
    differs from what was staged.
    """
    with filesystem.as_publish_errors(root):
        return _audit(root, staged, plan, store)


def _audit(root: Path, staged: Mapping[str, Recorded], plan: Plan, store: Store) -> Report:
    previous = store.load("audit", _outcome_key(root, plan), _OUTCOME) or _PreviousAudit()
    files = {path: file.sha256 for path, file in staged.items()}
    new = {path for path, sha256 in files.items() if previous.files.get(path) != sha256}
    gone = previous.files.keys() - files.keys()
    scan = new if plan.phrases.digests <= previous.phrases else set(files)
    # A finding about an unchanged file may have been fixed in another file.
    changed = new | (files.keys() & previous.findings.keys())
    facts = _FactReader(root, staged, plan, store)
    facts.load(scan, changed)
    if _targets_lost(previous, gone, changed, facts):
        changed = set(files)
        facts.load((), changed)
        previous = _PreviousAudit()
    site = StagedSite(plan.site_url, staged.keys(), facts.of, partial(_wire_size, root))
    stale = changed | gone
    findings = {path: found for path, found in previous.findings.items() if path not in stale}
    policy = {path: hashes for path, hashes in previous.policy.items() if path not in stale}
    for path in sorted(changed):
        page = facts.of(path)
        if problems := tuple(site.problems(path, page)):
            findings[path] = problems
        if page.scripts or page.styles:
            policy[path] = (page.scripts, page.styles)
    referenced = (previous.referenced - gone) | (site.referenced & files.keys())
    loaded = (previous.loaded - gone) | (site.loaded & files.keys())
    outcome = _PreviousAudit(files, plan.phrases.digests, referenced, loaded, findings, policy)
    if outcome != previous:
        store.save("audit", _outcome_key(root, plan), outcome, _OUTCOME)
    return Report(
        in_order(joined(finding for found in findings.values() for finding in found)),
        # A file that an author added adds nothing to the policy.
        tuple(sorted({script for path in policy.keys() & plan.pages for script in policy[path][0]})),
        tuple(sorted({style for path in policy.keys() & plan.pages for style in policy[path][1]})),
    )


def check_folder(root: Path, planned: Collection[str]) -> None:
    """Raises :class:`PublishError` unless ``root`` contains exactly the planned files and only regular files."""
    if unexpected := unexpected_paths(root, planned):
        first = unexpected[0]
        what = "is missing" if first in planned and filesystem.kind(root / first) == "none" else "was not planned"
        raise PublishError(
            f"the finished site is not what was planned: {first} {what}",
            where=str(root),
            hint="the published site is unchanged; build again, and if it happens again, it is a bug in kb",
        )


def unexpected_paths(root: Path, planned: Collection[str]) -> Sequence[str]:
    """Paths below ``root`` that are not planned regular files, and planned files that are missing, sorted."""
    with filesystem.as_publish_errors(root):
        files, others = filesystem.paths(root)
    return sorted((files ^ set(planned)) | others)


@dataclass(frozen=True, slots=True)
class _PreviousAudit:
    """The outcome of an audit that found no leak."""

    files: Mapping[str, str] = field(default_factory=dict)
    """Path → SHA-256."""
    phrases: frozenset[str] = frozenset()
    referenced: frozenset[str] = frozenset()
    """A superset of the files that others link to or load."""
    loaded: frozenset[str] = frozenset()
    """A superset of the files that pages load, and whose size therefore counts for those pages."""
    findings: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
    policy: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)


_FACTS: Final = Codec(Facts)
_OUTCOME: Final = Codec(_PreviousAudit)


def _wire_size(root: Path, path: str) -> int:
    return wire_size(path, filesystem.load(root / path))


def _outcome_key(root: Path, plan: Plan) -> str:
    return hashlib.sha256(f"{plan.code}\0{plan.site_url}\0{root}".encode()).hexdigest()


class _FactReader:
    """The facts of the staged files, from the cache or from the files themselves."""

    def __init__(self, root: Path, staged: Mapping[str, Recorded], plan: Plan, store: Store) -> None:
        self._root = root
        self._staged = staged
        self._plan = plan
        self._store = store
        self._facts: dict[str, Facts] = {}

    def of(self, path: str) -> Facts:
        if path not in self._facts:
            self.load((), (path,))
        return self._facts[path]

    def load(self, scan: Collection[str], wanted: Collection[str]) -> None:
        """Loads the facts of the ``wanted`` files, and searches all files of ``scan`` for leaks."""
        cached = [path for path in wanted if path not in scan and path not in self._facts]
        self._facts.update(self.cached({path: self._staged[path].sha256 for path in cached}))
        unread = sorted({*scan, *(path for path in cached if path not in self._facts)})
        work = [(path, self._staged[path].sha256) for path in unread]
        task = partial(_inspect_files, root=str(self._root), phrases=self._plan.phrases)
        results = spread(task, work, jobs=self._plan.jobs)
        hits: list[tuple[str, int]] = []
        fresh: dict[str, bytes] = {}
        for (path, sha256), (stored, phrases) in zip(work, results, strict=True):
            self._facts[path] = _FACTS.decode(stored)
            fresh[self._key(path, sha256)] = stored
            if len(fresh) == _WRITE_BATCH:
                self._store.put_many("facts", fresh)
                fresh = {}
            hits += ((path, phrase) for phrase in phrases)
        self._store.put_many("facts", fresh)
        _refuse_leaks(hits, self._plan)

    def cached(self, files: Mapping[str, str]) -> dict[str, Facts]:
        """The cached facts of files (path → SHA-256); files without an entry are left out."""
        keys = {path: self._key(path, sha256) for path, sha256 in files.items()}
        stored = self._store.load_many("facts", keys.values(), _FACTS)
        return {path: stored[key] for path, key in keys.items() if key in stored}

    def _key(self, path: str, sha256: str) -> str:
        return f"{self._plan.code}{sha256}{suffix_of(path)}"


def _inspect_files(
    files: Sequence[tuple[str, str]], root: str, phrases: Phrases
) -> list[tuple[bytes, tuple[int, ...]]]:
    """For each (path, SHA-256): its encoded facts, and the indexes of the phrases it contains."""
    loaded = [(path, filesystem.load(f"{root}/{path}")) for path, _ in files]
    for (path, data), (_, sha256) in zip(loaded, files, strict=True):
        if hashlib.sha256(data).hexdigest() != sha256:
            raise PublishError(
                f"{path} has other bytes than were written",
                where=root,
                hint="kb build --no-cache reads every published file and writes what changed again",
            )
    encoded = list(map(_FACTS.encode, facts_of_all(loaded)))
    return [(facts, phrases.found_in(path, data)) for facts, (path, data) in zip(encoded, loaded, strict=True)]


def _refuse_leaks(hits: Sequence[tuple[str, int]], plan: Plan) -> None:
    leaked = plan.phrases.leaked({phrase for _, phrase in hits}, plan.released)
    # One phrase of each pair of files: the longest tells an editor most.
    leaks: dict[tuple[str, str], str] = {}
    for path, hit in sorted(hits):
        if hit in leaked:
            phrase = plan.phrases.phrases[hit]
            leaks[path, phrase.path] = max(leaks.get((path, phrase.path), ""), phrase.text, key=len)
    if leaks:
        shown = "; ".join(
            f"{path} contains “{text[:_SHOWN_LETTERS]}” of {source}"
            for (path, source), text in [*leaks.items()][:_SHOWN_LEAKS]
        )
        more = f"; and {len(leaks) - _SHOWN_LEAKS} more" if len(leaks) > _SHOWN_LEAKS else ""
        raise LeakError(
            f"the finished site would show unreleased text: {shown}{more}",
            where=next(iter(leaks))[1],
            hint="nothing was published; release that article, or take its text out of what the page is made of",
        )


def _targets_lost(previous: _PreviousAudit, gone: Set[str], changed: Collection[str], facts: _FactReader) -> bool:
    """Whether a file or anchor that an unchanged file may refer to was removed, or became heavier."""
    if gone & previous.referenced:
        return True
    former = {path: previous.files[path] for path in changed if path in previous.files}
    cached = facts.cached(former)
    for path in former:
        before, after = cached.get(path), facts.of(path)
        if before is None or set(before.anchors) - set(after.anchors):
            return True
        heavier = after.size > before.size or after.loads != before.loads
        if heavier and not after.html and path in previous.loaded:
            return True
    return False
