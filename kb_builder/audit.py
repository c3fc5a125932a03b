"""Proves a finished site: no leak, every link leads somewhere, every page whole and light, and no file too many.

It looks at the files as they lie on the disk and knows nothing of how they were made. What it learned of a file is kept
under the file's hash. A file that went through before is not looked at again, unless something it could link to is gone
or there are new secrets to look for.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final, Protocol

from kb_builder import disk
from kb_builder.audit_leaks import Marks
from kb_builder.audit_page import Facts, facts
from kb_builder.audit_site import Site
from kb_builder.builds import Recorded
from kb_builder.errors import Finding, LeakError, PublishError, Severity, in_order
from kb_builder.workers import spread

_SHOWN_LEAKS: Final = 5


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
    earlier = _Earlier.read(root, plan, memory)
    through = {path for path, file in staged.items() if earlier.files.get(path) == file.sha256}
    scan = staged.keys() - (through if plan.marks.digests <= earlier.marks else set())
    facts_of = _learn(root, staged, scan, staged.keys() - through, plan, memory)

    changed = staged.keys() - through
    if _something_is_gone(earlier, staged, changed, facts_of, plan, memory):
        changed = set(staged)
    site = Site(plan.site_url, staged.keys(), facts_of)
    kept = through - changed
    findings = {path: found for path, found in earlier.findings.items() if path in kept}
    policy = {path: hashes for path, hashes in earlier.policy.items() if path in kept}
    for path in sorted(changed):
        page = facts_of(path)
        if problems := tuple(site.problems(path, page)):
            findings[path] = problems
        if page.scripts or page.styles:
            policy[path] = (page.scripts, page.styles)
    now = _Earlier({path: file.sha256 for path, file in staged.items()}, plan.marks.digests, findings, policy)
    now.write(root, plan, memory)
    return Report(
        in_order(finding for found in findings.values() for finding in found),
        tuple(sorted({script for scripts, _ in policy.values() for script in scripts})),
        tuple(sorted({style for _, styles in policy.values() for style in styles})),
    )


def check_folder(root: Path, planned: Collection[str]) -> None:
    """Raises :class:`PublishError` unless ``root`` holds exactly the planned files, and nothing that is no file."""
    there, _, strange = disk.stamps(root)
    odd = sorted({*there.keys() ^ set(planned), *strange})
    if odd:
        what = "is missing" if odd[0] not in there and odd[0] not in strange else "was not planned"
        raise PublishError(
            f"the finished site is not what was planned: {odd[0]} {what}",
            where=str(root),
            hint="The published site is unchanged. Build again; if it happens again, this is a fault of kb.",
        )


@dataclass(frozen=True, slots=True)
class _Earlier:
    """The outcome of an audit that found no leak: what went through, and what was said about it."""

    files: Mapping[str, str]
    """Path → SHA-256."""
    marks: frozenset[str]
    findings: Mapping[str, tuple[Finding, ...]]
    policy: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]

    @classmethod
    def read(cls, root: Path, plan: Plan, memory: Memory) -> "_Earlier":
        key = _outcome_key(root, plan)
        kept = memory.get_many("audit", (key,)).get(key)
        if kept is None:
            return cls({}, frozenset(), {}, {})
        read: dict[str, Any] = json.loads(kept)
        return cls(
            read["files"],
            frozenset(read["marks"]),
            {path: tuple(map(_finding, found)) for path, found in read["findings"].items()},
            {path: (tuple(scripts), tuple(styles)) for path, (scripts, styles) in read["policy"].items()},
        )

    def write(self, root: Path, plan: Plan, memory: Memory) -> None:
        findings = {path: [astuple(finding) for finding in found] for path, found in self.findings.items()}
        value = {"files": self.files, "marks": sorted(self.marks), "findings": findings, "policy": self.policy}
        memory.put_many("audit", {_outcome_key(root, plan): json.dumps(value).encode()})


def _finding(values: Sequence[Any]) -> Finding:
    path, line, code, severity, message, hint = values
    return Finding(path, line, code, Severity(severity), message, hint)


def _outcome_key(root: Path, plan: Plan) -> str:
    return hashlib.sha256(f"{plan.maker}\0{plan.site_url}\0{root}".encode()).hexdigest()


def _facts_key(path: str, sha256: str, plan: Plan) -> str:
    return f"{plan.maker}{sha256}{PurePosixPath(path).suffix.lower()}"


def _learn(
    root: Path,
    staged: Mapping[str, Recorded],
    scan: Collection[str],
    wanted: Collection[str],
    plan: Plan,
    memory: Memory,
) -> Callable[[str], Facts]:
    """Read what must be read, refuse leaks, keep the facts, and return how to get at those of any file."""
    keys = {path: _facts_key(path, file.sha256, plan) for path, file in staged.items()}
    learned: dict[str, Facts] = {}

    def recall(paths: Collection[str]) -> None:
        kept = memory.get_many("facts", (keys[path] for path in paths))
        for path in paths:
            if keys[path] in kept and (found := Facts.from_json(kept[keys[path]])) is not None:
                learned[path] = found

    recall([path for path in wanted if path not in scan])
    unread = sorted({*scan, *(path for path in wanted if path not in learned)})
    jobs = [(path, staged[path].sha256) for path in unread]
    results = spread(_examine, jobs, jobs=plan.jobs, set_up=_set_up, state=(str(root), plan.marks))
    fresh: dict[str, bytes] = {}
    hits: list[tuple[str, int]] = []
    for path, (found, marks) in zip(unread, results, strict=True):
        learned[path] = found
        fresh[keys[path]] = found.to_json()
        hits += ((path, mark) for mark in marks)
    _refuse_leaks(hits, plan)
    memory.put_many("facts", fresh)

    def facts_of(path: str) -> Facts:
        if path not in learned:
            recall([path])
        if path not in learned:
            learned[path] = facts(path, disk.load(root / path))
        return learned[path]

    return facts_of


# One value a worker, set before its first task.
_place: tuple[str, Marks] = ("", Marks(()))


def _set_up(root: str, marks: Marks) -> None:
    global _place
    _place = (root, marks)


def _examine(files: Sequence[tuple[str, str]]) -> list[tuple[Facts, tuple[int, ...]]]:
    root, marks = _place
    results = []
    for path, sha256 in files:
        data = disk.load(f"{root}/{path}")
        if hashlib.sha256(data).hexdigest() != sha256:
            raise PublishError(
                f"{path} changed while the site was being built", where=root, hint="The published site is unchanged."
            )
        results.append((facts(path, data), marks.found_in(path, data)))
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


def _something_is_gone(
    earlier: _Earlier,
    staged: Mapping[str, Recorded],
    changed: Collection[str],
    facts_of: Callable[[str], Facts],
    plan: Plan,
    memory: Memory,
) -> bool:
    """Whether a file or an anchor that an unchanged page may link to isn't there any more, or is heavier."""
    if earlier.files.keys() - staged.keys():
        return True
    old = {path: _facts_key(path, earlier.files[path], plan) for path in changed if path in earlier.files}
    kept = memory.get_many("facts", old.values())
    for path, key in old.items():
        before = Facts.from_json(kept[key]) if key in kept else None
        after = facts_of(path)
        if before is None or set(before.anchors) - set(after.anchors) or before.loads != after.loads:
            return True
        if not after.html and after.wire > before.wire:
            return True
    return False
