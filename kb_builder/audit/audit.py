"""Proves a finished site: no leak, every link leads somewhere, every page whole and light, and no file too many.

It looks at the files as they lie on the disk and knows nothing of how they were made. What it learned of a file is kept
under the file's hash. A file that went through before is not looked at again, unless something it could link to is gone
or there are new secrets to look for.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from kb_builder.audit.leaks import Marks
from kb_builder.audit.page import Facts, ending_of, facts, wire_size
from kb_builder.audit.site import Site
from kb_builder.errors import Finding, LeakError, PublishError, Severity, in_order
from kb_builder.publishing.history import Recorded
from kb_builder.system import filesystem
from kb_builder.system.processes import spread

_SHOWN_LEAKS: Final = 5
_KEPT_AT_ONCE: Final = 2_000
"""Facts kept while others are still looked for: what is done at the end is done by one process."""


class Memory(Protocol):
    """Where facts are kept between builds."""

    def get_many(self, kind: str, keys: Iterable[str], /) -> dict[str, bytes]: ...

    def put_many(self, kind: str, entries: Mapping[str, bytes], /) -> None: ...


@dataclass(frozen=True, slots=True)
class Plan:
    """What the finished site is measured against.

    ``site_url`` is absolute, with a trailing slash. ``public`` gives every text that may be seen; it is called only
    when something looks like a leak. ``maker`` is a fingerprint of the code: what other code learned is not used.
    """

    site_url: str
    marks: Marks
    public: Callable[[], Iterable[str]]
    maker: str
    jobs: int = 1


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, and the hashes a Content-Security-Policy must allow: none, as long as nothing is inline."""

    findings: tuple[Finding, ...]
    scripts: tuple[str, ...]
    styles: tuple[str, ...]


def audit(root: Path, staged: Mapping[str, Recorded], plan: Plan, memory: Memory) -> Report:
    """Look at the files of ``staged`` below ``root``. Findings name files of the site, relative to it.

    Raises :class:`LeakError` when a file shows something of an unreleased article, and :class:`PublishError` when a
    file isn't what was staged.
    """
    with filesystem.told_as_publish_error(root):
        return _audit(root, staged, plan, memory)


def _audit(root: Path, staged: Mapping[str, Recorded], plan: Plan, memory: Memory) -> Report:
    earlier = _Earlier.read(root, plan, memory)
    files = {path: file.sha256 for path, file in staged.items()}
    unseen = {path for path, sha256 in files.items() if earlier.files.get(path) != sha256}
    gone = earlier.files.keys() - files.keys()
    scan = unseen if plan.marks.digests <= earlier.marks else set(files)
    # What was wrong with a file that did not change may have been mended elsewhere.
    changed = unseen | (files.keys() & earlier.findings.keys())
    knowledge = _Knowledge(root, staged, plan, memory)
    knowledge.learn(scan, changed)
    if _something_is_gone(earlier, gone, changed, knowledge):
        changed = set(files)
        knowledge.learn((), changed)
        earlier = _Earlier()
    site = Site(plan.site_url, staged.keys(), knowledge.of, lambda path: wire_size(path, filesystem.load(root / path)))
    lost = changed | gone
    findings = {path: found for path, found in earlier.findings.items() if path not in lost}
    policy = {path: hashes for path, hashes in earlier.policy.items() if path not in lost}
    for path in sorted(changed):
        page = knowledge.of(path)
        if problems := tuple(site.problems(path, page)):
            findings[path] = problems
        if page.scripts or page.styles:
            policy[path] = (page.scripts, page.styles)
    counted_on = (earlier.counted_on - gone) | (site.counted_on & files.keys())
    loaded = (earlier.loaded - gone) | (site.loaded & files.keys())
    outcome = _Earlier(files, plan.marks.digests, counted_on, loaded, findings, policy)
    if outcome != earlier:
        outcome.write(root, plan, memory)
    return Report(
        in_order(finding for found in findings.values() for finding in found),
        tuple(sorted({script for scripts, _ in policy.values() for script in scripts})),
        tuple(sorted({style for _, styles in policy.values() for style in styles})),
    )


def check_folder(root: Path, planned: Collection[str]) -> None:
    """Raises :class:`PublishError` unless ``root`` holds exactly the planned files, and nothing that is no file."""
    if odd := oddities(root, planned):
        what = "is missing" if odd[0] in planned and filesystem.kind(root / odd[0]) == "none" else "was not planned"
        raise PublishError(
            f"the finished site is not what was planned: {odd[0]} {what}",
            where=str(root),
            hint="The published site is unchanged. Build again; if it happens again, this is a fault of kb.",
        )


def oddities(root: Path, planned: Collection[str]) -> Sequence[str]:
    """Paths below ``root`` that are no planned file, and planned files that aren't there, sorted."""
    with filesystem.told_as_publish_error(root):
        there, strange = filesystem.paths(root)
    return sorted((there ^ set(planned)) | strange)


@dataclass(frozen=True, slots=True)
class _Earlier:
    """The outcome of an audit that found no leak: what went through, and what was said about it."""

    files: Mapping[str, str] = field(default_factory=dict)
    """Path → SHA-256."""
    marks: frozenset[str] = frozenset()
    counted_on: Set[str] = frozenset()
    """Files that others link to or load, and maybe some that nothing does any more."""
    loaded: Set[str] = frozenset()
    """Those of them that are loaded, and so weigh on the pages that do."""
    findings: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
    policy: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)

    @classmethod
    def read(cls, root: Path, plan: Plan, memory: Memory) -> "_Earlier":
        key = _outcome_key(root, plan)
        kept = memory.get_many("audit", (key,)).get(key)
        if kept is None:
            return cls()
        told, paths, hashes, idle = (part.split("\n") for part in kept.decode().split("\n\n"))
        read: dict[str, Any] = json.loads(told[0])
        files = dict(zip(paths, hashes, strict=True))
        return cls(
            files,
            frozenset(read["marks"]),
            files.keys() - idle,
            frozenset(read["loaded"]),
            {path: tuple(map(_finding, found)) for path, found in read["findings"].items()},
            {path: (tuple(scripts), tuple(styles)) for path, (scripts, styles) in read["policy"].items()},
        )

    def write(self, root: Path, plan: Plan, memory: Memory) -> None:
        """A line a path, since there are thousands: no path of a site has a line feed. Most files are counted on."""
        findings = {path: [astuple(finding) for finding in found] for path, found in self.findings.items()}
        few = {"marks": sorted(self.marks), "loaded": sorted(self.loaded), "findings": findings, "policy": self.policy}
        idle = self.files.keys() - self.counted_on
        parts = ((json.dumps(few),), self.files, self.files.values(), idle)
        memory.put_many("audit", {_outcome_key(root, plan): "\n\n".join(map("\n".join, parts)).encode()})


def _finding(values: Sequence[Any]) -> Finding:
    path, line, code, severity, message, hint = values
    return Finding(path, line, code, Severity(severity), message, hint)


def _outcome_key(root: Path, plan: Plan) -> str:
    return hashlib.sha256(f"{plan.maker}\0{plan.site_url}\0{root}".encode()).hexdigest()


class _Knowledge:
    """The facts of the staged files: out of the memory, or from the files themselves."""

    def __init__(self, root: Path, staged: Mapping[str, Recorded], plan: Plan, memory: Memory) -> None:
        self._root = root
        self._staged = staged
        self._plan = plan
        self._memory = memory
        self._facts: dict[str, Facts] = {}

    def of(self, path: str) -> Facts:
        if path not in self._facts:
            self.learn((), (path,))
        return self._facts[path]

    def learn(self, scan: Collection[str], wanted: Collection[str]) -> None:
        """Get to know the wanted files, and read all of ``scan`` for leaks."""
        remembered = [path for path in wanted if path not in scan and path not in self._facts]
        self._facts.update(self.remember({path: self._staged[path].sha256 for path in remembered}))
        unread = sorted({*scan, *(path for path in remembered if path not in self._facts)})
        work = [(path, self._staged[path].sha256) for path in unread]
        state = (str(self._root), self._plan.marks)
        results = spread(_examine, work, jobs=self._plan.jobs, set_up=_set_up, state=state)
        hits: list[tuple[str, int]] = []
        fresh: dict[str, bytes] = {}
        for (path, sha256), (told, marks) in zip(work, results, strict=True):
            found = Facts.from_json(told)
            assert found is not None
            self._facts[path] = found
            fresh[self._key(path, sha256)] = told
            if len(fresh) == _KEPT_AT_ONCE:
                self._memory.put_many("facts", fresh)
                fresh = {}
            hits += ((path, mark) for mark in marks)
        self._memory.put_many("facts", fresh)
        _refuse_leaks(hits, self._plan)

    def remember(self, files: Mapping[str, str]) -> dict[str, Facts]:
        """Facts of files given by path and SHA-256, as far as they were kept."""
        keys = {path: self._key(path, sha256) for path, sha256 in files.items()}
        kept = self._memory.get_many("facts", keys.values())
        read = {path: Facts.from_json(kept[key]) for path, key in keys.items() if key in kept}
        return {path: found for path, found in read.items() if found is not None}

    def _key(self, path: str, sha256: str) -> str:
        return f"{self._plan.maker}{sha256}{ending_of(path)}"


# One value a worker, set before its first task.
_place: tuple[str, Marks] = ("", Marks(()))


def _set_up(root: str, marks: Marks) -> None:
    global _place
    _place = (root, marks)


def _examine(files: Sequence[tuple[str, str]]) -> list[tuple[bytes, tuple[int, ...]]]:
    """The facts of each file as they are kept, and which marks it shows."""
    root, marks = _place
    results = []
    for path, sha256 in files:
        data = filesystem.load(f"{root}/{path}")
        if hashlib.sha256(data).hexdigest() != sha256:
            raise PublishError(
                f"{path} changed while the site was being built", where=root, hint="The published site is unchanged."
            )
        results.append((facts(path, data).to_json(), marks.found_in(path, data)))
    return results


def _refuse_leaks(hits: Sequence[tuple[str, int]], plan: Plan) -> None:
    real = plan.marks.unexcused({mark for _, mark in hits}, plan.public)
    leaks = sorted({(path, plan.marks.marks[mark].path) for path, mark in hits if mark in real})
    if leaks:
        shown = "; ".join(f"{path} shows text of {source}" for path, source in leaks[:_SHOWN_LEAKS])
        more = f"; and {len(leaks) - _SHOWN_LEAKS} more" if len(leaks) > _SHOWN_LEAKS else ""
        raise LeakError(
            f"the finished site would show what is not released: {shown}{more}",
            where=leaks[0][1],
            hint="Nothing was published. Either the text is repeated in a released file, or this is a fault of kb.",
        )


def _something_is_gone(earlier: _Earlier, gone: Set[str], changed: Collection[str], knowledge: _Knowledge) -> bool:
    """Whether a file or an anchor that an unchanged file may count on isn't there any more, or weighs more."""
    if gone & earlier.counted_on:
        return True
    were = {path: earlier.files[path] for path in changed if path in earlier.files}
    remembered = knowledge.remember(were)
    for path in were:
        before, after = remembered.get(path), knowledge.of(path)
        if before is None or set(before.anchors) - set(after.anchors):
            return True
        heavier = after.size > before.size or after.loads != before.loads
        if heavier and not after.html and path in earlier.loaded:
            return True
    return False
