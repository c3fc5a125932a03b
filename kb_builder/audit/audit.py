"""Audits a staged site: leaks, broken links, incomplete or heavy pages, and files that were not planned.

The audit reads the files on disk and shares no code with what rendered them. Facts about a file are cached under its
SHA-256. A file that passed before is examined again only if something it may link to was removed, or if there are new
phrases to look for.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from kb_builder.audit.file_facts import READ, Facts, facts_of_all, suffix_of, wire_size
from kb_builder.audit.leaks import Phrases
from kb_builder.audit.page_findings import StagedSite, Uses, has_anchor, joined, no_uses
from kb_builder.errors import Finding, LeakError, PublishError, in_order
from kb_builder.publishing.history import Recorded
from kb_builder.system import filesystem
from kb_builder.system.codec import Codec
from kb_builder.system.processes import WORTH_A_PROCESS, spread
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
    before = dict(previous.files)
    gone = before.keys() - files.keys()
    new = {path for path, sha256 in files.items() if before.get(path) != sha256}
    unread = new if plan.phrases.digests <= previous.phrases else files.keys()
    examiner = _Examiner(root, files, plan, store, previous.anchors)
    # A finding about an unchanged file may have been fixed in another file.
    examined = examiner.examine(unread, previous.findings.keys() & files.keys())
    lost = any(examined[path].lost for path in new)
    if lost or gone - previous.unused or new & previous.loaded:
        examined |= examiner.examine((), files.keys() - examined.keys())
        previous, before = _PreviousAudit(), {}
    stale = examined.keys() | gone
    findings = {path: found for path, found in previous.findings.items() if path not in stale}
    policy = {path: hashes for path, hashes in previous.policy.items() if path not in stale}
    findings |= {path: one.findings for path, one in examined.items() if one.findings}
    policy |= {path: one.policy for path, one in examined.items() if any(one.policy)}
    uses = zip(_NO_USES, *(one.uses for one in examined.values()), strict=True)
    used, loaded, anchors = (set().union(*each) for each in uses)
    unused = (previous.unused | (files.keys() - before.keys())) & files.keys() - used
    if new or gone or plan.phrases.digests != previous.phrases:
        outcome = _PreviousAudit(
            tuple(files.items()),
            plan.phrases.digests,
            unused,
            previous.loaded | loaded,
            previous.anchors | anchors,
            findings,
            policy,
        )
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

    files: tuple[tuple[str, str], ...] = ()
    """Paths and their SHA-256; not a mapping, whose keys would be sorted for the cache."""
    phrases: frozenset[str] = frozenset()
    unused: frozenset[str] = frozenset()
    """Files that no other links to or loads."""
    loaded: frozenset[str] = frozenset()
    """A superset of the files that pages load, and whose size therefore counts for those pages."""
    anchors: frozenset[tuple[str, str]] = frozenset()
    """A superset of the anchors (path, fragment) to which other files link."""
    findings: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
    policy: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)


_FACTS: Final = Codec(Facts)
_OUTCOME: Final = Codec(_PreviousAudit)


def _wire_size(root: Path, path: str) -> int:
    return wire_size(path, filesystem.load(root / path))


def _outcome_key(root: Path, plan: Plan) -> str:
    return hashlib.sha256(f"{plan.code}\0{plan.site_url}\0{root}".encode()).hexdigest()


_NO_USES: Final = no_uses()


class _Examined(NamedTuple):
    """What was found in one file. ``facts`` are encoded, and empty if they are kept already."""

    facts: bytes
    phrases: tuple[int, ...]
    """Indexes of the phrases that it contains."""
    lost: bool
    """Whether it lacks an anchor that another file used in the last audit."""
    findings: tuple[Finding, ...]
    policy: tuple[tuple[str, ...], tuple[str, ...]]
    """Hashes of its inline scripts and styles."""
    uses: Uses = _NO_USES
    """What is used by the files of its chunk, with the last of them."""


class _Examiner:
    """Examines files in worker processes, by facts from the cache or from the files themselves."""

    def __init__(
        self, root: Path, files: Mapping[str, str], plan: Plan, store: Store, anchors: Iterable[tuple[str, str]]
    ) -> None:
        self._root = str(root)
        self._files = files
        self._plan = plan
        self._store = store
        self._used_anchors: dict[str, list[str]] = defaultdict(list)
        for path, fragment in anchors:
            self._used_anchors[path].append(fragment)
        self._at_hand: dict[str, Facts] = {}
        self._site = StagedSite(plan.site_url, files.keys(), self._facts_of, partial(_wire_size, root))

    def examine(self, unread: Collection[str], again: Collection[str]) -> dict[str, _Examined]:
        """Reads the files in ``unread`` and searches them for leaks; of those in ``again`` kept facts are enough."""
        keys = {path: self._key(path) for path in again if path not in unread and suffix_of(path) in READ}
        kept = self._store.load_many("facts", keys.values(), _FACTS)
        known = {path: kept[key] for path, key in keys.items() if key in kept}
        work = [(path, known.get(path)) for path in sorted({*unread, *keys})]
        # Other files are looked at faster than processes start, if there is nothing to look for.
        slow = work if self._plan.phrases.phrases else [path for path, _ in work if suffix_of(path) in READ]
        jobs = self._plan.jobs if len(slow) >= WORTH_A_PROCESS else 1
        examined: dict[str, _Examined] = {}
        fresh: dict[str, bytes] = {}
        for (path, _), one in zip(work, spread(self._examine, work, jobs=jobs), strict=True):
            if one.facts:
                fresh[self._key(path)] = one.facts
            if len(fresh) == _WRITE_BATCH:
                self._store.put_many("facts", fresh)
                fresh.clear()
            examined[path] = one._replace(facts=b"") if one.facts else one
        self._store.put_many("facts", fresh)
        _refuse_leaks([(path, phrase) for path, one in examined.items() for phrase in one.phrases], self._plan)
        return examined

    def _examine(self, files: Sequence[tuple[str, Facts | None]]) -> list[_Examined]:
        loaded = [(path, filesystem.load(f"{self._root}/{path}")) for path, known in files if known is None]
        for path, data in loaded:
            if hashlib.sha256(data).hexdigest() != self._files[path]:
                raise PublishError(
                    f"{path} has other bytes than were written",
                    where=self._root,
                    hint="kb build --no-cache reads every published file and writes what changed again",
                )
        read = dict(loaded)
        self._at_hand = dict(zip(read, facts_of_all(loaded, self._site.spare), strict=True))
        found: list[_Examined] = []
        for path, known in files:
            facts = known or self._at_hand[path]
            stored = _FACTS.encode(facts) if path in read and suffix_of(path) in READ else b""
            phrases = self._plan.phrases.found_in(path, read[path]) if path in read else ()
            lost = any(not has_anchor(facts, fragment) for fragment in self._used_anchors.get(path, ()))
            findings = tuple(self._site.problems(path, facts))
            found.append(_Examined(stored, phrases, lost, findings, (facts.scripts, facts.styles)))
        found[-1] = found[-1]._replace(uses=self._site.uses)
        self._site.uses = no_uses()
        return found

    def _facts_of(self, path: str) -> Facts:
        known = self._at_hand.get(path) or self._store.load("facts", self._key(path), _FACTS)
        return known or facts_of_all([(path, filesystem.load(f"{self._root}/{path}"))])[0]

    def _key(self, path: str) -> str:
        return f"{self._plan.code}{self._files[path]}{suffix_of(path)}"


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
