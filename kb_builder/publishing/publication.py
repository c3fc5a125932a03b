"""Puts a finished site in place: all of it in one step, or nothing.

    with Publication(Path("site"), project=project, content=project / "content") as publication:
        publication.keep(unchanged)
        for path, data in rendered: publication.add(path, data)
        publication.seal()
        …                                   # look at publication.root; raise to publish nothing
        publication.swap()

What the target shows is never touched before :meth:`Publication.swap`, and ``swap`` is one rename.
docs/publishing.md describes it for hosts.
"""

import contextlib
import errno
import os
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from kb_builder.config import Settings
from kb_builder.errors import PublishError, clip
from kb_builder.publishing.history import Builds, Record, Recorded
from kb_builder.publishing.staging import NOTHING, Staging, proof
from kb_builder.system import filesystem

_CONTENT = (b" data-article=", b'class="kb-page--announcement"')
_WITHDRAWN = (b'class="kb-page--withdrawn"',)
_UNTRANSLATED = (b"<h1 lang=",)
"""Markup of three kinds of pages: of articles and announcements, of notices, of untranslated texts."""
MARKER = ".kb-site"
"""The file that says a folder is a site made by kb, and may be replaced by kb."""
_FOR = "Made by kb for "
_MARKER_TEXT = _FOR + "{audience}. This folder is replaced as a whole at each build: change nothing in it.\n"


def audience_of(*, staff: bool, preview: bool) -> str:
    """The audience of a site, as its marker names it."""
    return "a look at drafts" if preview else "staff" if staff else "the public"


@dataclass(frozen=True, slots=True)
class Published:
    """The result of a swap. ``size`` is the sum of the bytes of all files of the site."""

    number: int
    files: int
    size: int
    written: int
    kept: int


class Publication:
    """One build in progress. A context manager: holds the lock, and publishes nothing before :meth:`swap`.

    ``plain_folder`` puts a real folder at the target in place of a link, for hosts that don't follow links.
    Every method raises :class:`PublishError` when a file operation fails; entering also :class:`LockedError`.
    """

    def __init__(
        self, target: Path, *, project: Path, content: Path, plain_folder: bool = False, audience: str = "the public"
    ) -> None:
        self.target = self._target = _absolute(target)
        self.audience = audience
        self.begun = time.monotonic()
        self._project = project
        self._content = content
        self._marker = _MARKER_TEXT.format(audience=audience).encode()
        self._plain_folder = plain_folder
        self._builds = Builds.of(self._target)
        self._resources = contextlib.ExitStack()
        self._record: Record | None = None
        self.read_again: Callable[[str], bool] | None = None
        """Which published files are compared byte by byte before they are taken over; set it before staging."""

    @classmethod
    def of(cls, settings: Settings, target: Path, *, staff: bool = False, preview: bool = False) -> Self:
        """The next build of a help centre, for the public, for staff, or a preview with drafts."""
        return cls(
            target,
            project=settings.root,
            content=settings.root / "content",
            plain_folder=settings.options.publish == "folder",
            audience=audience_of(staff=staff, preview=preview),
        )

    def __enter__(self) -> Self:
        with filesystem.as_publish_errors(self._target), self._resources:
            check_target(self._target, project=self._project, content=self._content)
            self._resources.enter_context(self._builds.locked())
            self._builds.recover()
            # After recovery, which may have put back the site that a killed build moved away.
            _check_audience(self._target, self._marker)
            self._number = self._builds.next_number()
            self._before = live = self._builds.live()
            base = live if live is not None else next(iter(self._builds.earlier(None)), None)
            self._base = self._builds.staging if base is None else self._builds.shown_at(base)
            self._kept = None if base is None else self._builds.kept_record(base)
            self._resources = self._resources.pop_all()
        return self

    @cached_property
    def _last(self) -> Record:
        """The record of the published build."""
        return self._kept.read() if self._kept else NOTHING

    @cached_property
    def _staging(self) -> Staging:
        """Made when it is asked for: looking at every file of the last build takes a while, and the lock is taken."""
        with filesystem.as_publish_errors(self._target):
            return Staging(self._builds.staging, self._base, self._last, self.read_again)

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._resources, contextlib.suppress(OSError):
            if kind is not None and "_staging" in self.__dict__:
                self._staging.discard()

    @property
    def live(self) -> int | None:
        """The number of the published build; None when nothing is published."""
        return self._before

    @property
    def recorded(self) -> frozenset[str]:
        """The SHA-256 of every published file, as it was recorded."""
        with filesystem.as_publish_errors(self._target):
            return frozenset(file.sha256 for file in self._last.files.values())

    @property
    def root(self) -> Path:
        """The folder in which the build grows, whole after :meth:`seal`."""
        return self._builds.staging

    @property
    def published(self) -> Mapping[str, Recorded]:
        """The published files that :meth:`keep` can take over, verified on disk, by path."""
        return self._staging.published

    @property
    def damaged(self) -> Sequence[str]:
        """Published files that were read again and have changed though their dates have not."""
        return self._staging.damaged

    @property
    def staged(self) -> Mapping[str, Recorded]:
        """The files staged so far, by path."""
        return self._staging.staged

    def keep(self, paths: Iterable[str]) -> None:
        """Take files over as they are published. Raises :class:`KeyError` if ``published`` hasn't got one of them."""
        with filesystem.as_publish_errors(self._target):
            self._staging.keep(paths)

    def plan(self, paths: Collection[str]) -> None:
        """Claim POSIX paths relative to the site, for files that :meth:`put` makes and :meth:`record` notes."""
        with filesystem.as_publish_errors(self._target):
            self._staging.plan(paths)

    def put(self, path: str, data: bytes, key: str = "") -> Recorded:
        """Stage the bytes of a planned file, here or in a process forked since. ``key`` is kept with them: the next
        build that makes the same of the same can :meth:`keep` the file."""
        with filesystem.as_publish_errors(self._target):
            return self._staging.put(path, data, key)

    def record(self, path: str, file: Recorded) -> None:
        """Note what :meth:`put` returned for ``path``."""
        self._staging.record(path, file)

    def add(self, path: str, data: bytes) -> None:
        """Stage new bytes under a path that is not planned yet."""
        with filesystem.as_publish_errors(self._target):
            self._staging.add(path, data)

    def tidy(self) -> None:
        """Remove the remains of earlier builds: :attr:`root` then contains only staged files."""
        with filesystem.as_publish_errors(self._target):
            self._staging.tidy()

    def seal(self) -> Mapping[str, Recorded]:
        """End staging: the build is complete and synced to disk. Returns all its files."""
        with filesystem.as_publish_errors(self._target):
            self._staging.add(MARKER, self._marker)
            self._record = self._staging.finish()
        return self._record.files

    def swap(self) -> Published:
        """Show the sealed build at the target."""
        if self._record is None:
            raise ValueError("seal the build before it is shown")
        with filesystem.as_publish_errors(self._target):
            check_target(self._target, project=self._project, content=self._content)
            try:
                # Numbered and recorded only now, so that no build that failed its audit can be rolled back to.
                filesystem.move(self._builds.staging, self._builds.place(self._number))
                self._builds.write_record(self._number, self._record)
                _show(self._builds, self._number, plain_folder=self._plain_folder)
            except OSError:
                with contextlib.suppress(OSError):
                    self._builds.forget(self._number)
                raise
        files = self._record.files
        written = len(self._staging.written)
        with contextlib.suppress(OSError):
            self._clear_up()
        size = sum(file.stamp.size for file in files.values())
        return Published(self._number, len(files), size, written, len(files) - written)

    def _clear_up(self) -> None:
        """Drop old builds. Errors are ignored: the site is published, and the next build clears up as well."""
        filesystem.sync_folder(self._target.parent)
        self._builds.recover()
        if self._before is not None and self._record is not None and self._record.files == self._last.files:
            # A rollback to the same site is of no use, and the next build starts from a complete folder.
            self._builds.forget(self._before)
        self._builds.prune(self._number)


def rollback(target: Path, *, project: Path, content: Path) -> int:
    """Show the build before the live one again and return its number; the one that was live is dropped.

    Raises :class:`PublishError` if no earlier build is kept, or a file of it was changed since; :class:`LockedError`.
    """
    target = _absolute(target)
    builds = Builds.of(target)
    with filesystem.as_publish_errors(target):
        check_target(target, project=project, content=content)
        if filesystem.kind(builds.folder) == "none":
            raise _nothing_earlier(target)
        with builds.locked():
            builds.recover()
            plain_folder = filesystem.kind(target) == "folder"
            live = builds.live()
            earlier = [] if live is None else builds.earlier(live)
            if live is None or not earlier:
                raise _nothing_earlier(target)
            _check_whole(builds, earlier[0], live)
            _show(builds, earlier[0], plain_folder=plain_folder)
            with contextlib.suppress(OSError):
                filesystem.sync_folder(target.parent)
                builds.recover()
    return earlier[0]


def withdrawn_since(target: Path, hidden: Collection[str] = ()) -> tuple[str, ...]:
    """URLs of articles and announcements that the build before the live one shows, and that were withdrawn after it.

    ``hidden`` are files of pages that must not be shown now, whatever was built.
    """
    builds = Builds.of(_absolute(target))
    live = builds.live() if filesystem.kind(builds.folder) == "folder" else None
    earlier = builds.earlier(live) if live is not None else []
    if live is None or not earlier:
        return ()
    now, before = builds.record(live), builds.record(earlier[0])
    if now is None or before is None:
        return ()
    found = []
    for path, file in before.files.items():
        changed = path not in now.files or now.files[path].sha256 != file.sha256
        if not path.endswith("index.html") or not (changed or path in hidden):
            continue
        gone = path in hidden or path not in now.files or _has(builds, live, path, _WITHDRAWN)
        own = _has(builds, earlier[0], path, _CONTENT) and not _has(builds, earlier[0], path, _UNTRANSLATED)
        if gone and own:
            found.append(path.removesuffix("index.html"))
    return tuple(sorted(found))


def _has(builds: Builds, number: int, path: str, marks: Iterable[bytes]) -> bool:
    try:
        text = filesystem.load(builds.shown_at(number) / path)
        return any(mark in text for mark in marks)
    except OSError:
        return False


def check_target(target: Path, *, project: Path, content: Path) -> None:
    """Raises :class:`PublishError` unless the target is nothing, an empty folder, or a site that kb made."""
    refused = _reason_to_refuse(_absolute(target), project, content)
    if refused is not None:
        problem, hint = refused
        raise PublishError(problem, where=str(target), hint=hint)


def _check_audience(target: Path, marker: bytes) -> None:
    """A site for staff, or one with drafts, never takes the place of the public one, nor the other way round."""
    try:
        found = filesystem.load(target / MARKER)
    except OSError:
        return
    words = found.decode("utf-8", "replace").partition(". ")[0]
    if found != marker and words.startswith(_FOR):
        problem = f"the site that is published here is for {clip(words.removeprefix(_FOR), 40)}"
        raise PublishError(problem, where=str(target), hint="choose another folder with -d")


def _reason_to_refuse(target: Path, project: Path, content: Path) -> tuple[str, str] | None:
    elsewhere = "choose another folder with -d"
    content = content.resolve()
    precious = {
        "the project folder": project.resolve(),
        "the working folder": Path.cwd(),
        "the content folder": content,
    }
    with contextlib.suppress(RuntimeError):
        precious["the home folder"] = Path.home().resolve()
    for name, folder in precious.items():
        if folder.is_relative_to(target):
            return f"the site can't be published over {name}", elsewhere
    if any((folder / MARKER).is_file() or Builds.is_folder_of_builds(folder) for folder in target.parents):
        return "the site can't be published inside another one", elsewhere
    if target.is_relative_to(content):
        return "the site can't be published inside the content folder", elsewhere
    if kept := next((name for name in (".git", ".kb") if name in target.relative_to(target.anchor).parts), ""):
        return f"the site can't be published inside {kept}", elsewhere
    shown = filesystem.kind(target)
    if shown == "link":
        ours = Builds.of(target).is_live_link()
        return None if ours else ("this is a link that kb didn't make", f"remove it, or {elsewhere}")
    if shown in ("file", "other"):
        return "there is a file where the site should go", f"move it away, or {elsewhere}"
    if shown == "folder":
        names = filesystem.names(target)
        if ".git" in names:
            return "this is a git repository", elsewhere
        if names and MARKER not in names:
            hint = "a site made by `mkdocs build` can be removed; otherwise choose another folder with -d"
            return "this folder has files that kb didn't put there", hint
    return None


def _show(builds: Builds, number: int, *, plain_folder: bool) -> None:
    """Make the target show a build in one step, and keep the one it showed under its own name."""
    if plain_folder:
        new = builds.place(number)
    else:
        new = builds.folder / "next"
        filesystem.remove(new)
        filesystem.symlink(builds.link_text(number), new)
    before = filesystem.kind(builds.target)
    if before == "none" or (before == "link" and not plain_folder):
        filesystem.move(new, builds.target)
        return
    try:
        filesystem.exchange(new, builds.target)
    except OSError as problem:
        if problem.errno not in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
            raise
        _replace_in_two_steps(builds, new, number)


def _replace_in_two_steps(builds: Builds, new: Path, number: int) -> None:
    """For disks that can't exchange: for a moment there is no site, and the next command repairs a crash then."""
    live = builds.live()
    if filesystem.kind(builds.target) == "link":
        away = builds.folder / "next"
    else:
        away = builds.place(number + 1 if live is None else live)
    builds.note_move(away.name)
    filesystem.move(builds.target, away)
    try:
        filesystem.move(new, builds.target)
    except OSError:
        filesystem.move(away, builds.target)
        raise
    builds.note_move(None)


def _check_whole(builds: Builds, number: int, live: int) -> None:
    """Raises :class:`PublishError` unless a build is as it was made, and made for whom the live one is."""
    place = builds.place(number)
    hint = "build again from the content as it was; the published site is unchanged"
    files, shown = ({} if record is None else record.files for record in map(builds.record, (number, live)))
    if MARKER in files and MARKER in shown and files[MARKER].sha256 != shown[MARKER].sha256:
        raise PublishError("the build before this one is for another audience", where=str(place), hint=hint)
    there, strange = filesystem.paths(place)
    changed = [path for path, recorded in files.items() if proof(f"{place}/{path}", recorded) is None]
    for path in sorted({*changed, *strange, *(there - files.keys())}):
        problem = f"the build before this one was changed by hand: {path}"
        raise PublishError(problem, where=str(place), hint=hint)


def _nothing_earlier(target: Path) -> PublishError:
    return PublishError(
        "no earlier build is kept",
        where=str(target),
        hint="build again from the content as it was, for instance from git",
    )


def _absolute(target: Path) -> Path:
    """The target without ``..``; links on the way to it are followed, the target itself may be one."""
    plain = Path(os.path.abspath(target))  # noqa: PTH100  (Path.resolve would follow the target too)
    return plain.parent.resolve() / plain.name
