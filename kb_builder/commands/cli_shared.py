"""Shared by the commands: options, opening a help centre, printing, and errors as one clear line."""

import errno
import functools
import gc
import json
import os
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

import click

from kb_builder.commands.cli_findings import as_text
from kb_builder.commands.terminal import say
from kb_builder.errors import Finding, FindingsError, InputError, KbError, Severity, counted
from kb_builder.parsing.dates import UTC_ZONE, parse_moment
from kb_builder.system.progress import Progress, no_progress

if TYPE_CHECKING:
    from kb_builder.config import Settings
    from kb_builder.pipeline.project import Project
    from kb_builder.pipeline.search import SearchIndex
    from kb_builder.pipeline.site import Site
    from kb_builder.pipeline.trends import Trends
    from kb_builder.system.store import Resources
    from kb_builder.translating.status import Standing

_MANY_KEYS: Final = 5
"""Unknown keys beyond which articles come from another tool rather than from a slip."""

_MAY_NOT: Final = "give kb the right to read and write there"
_MAKE_ROOM: Final = "make room, and try again"
_IN_THE_WAY: Final = "something else has this name: move it away"
_DISK_HINTS: Final = {
    errno.EACCES: _MAY_NOT, errno.EPERM: _MAY_NOT, errno.EROFS: _MAY_NOT,
    errno.ENOTDIR: _IN_THE_WAY, errno.EISDIR: _IN_THE_WAY, errno.EEXIST: _IN_THE_WAY, errno.ELOOP: _IN_THE_WAY,
    errno.ENOSPC: _MAKE_ROOM, errno.EDQUOT: _MAKE_ROOM, errno.ENAMETOOLONG: "choose a shorter name",
    errno.EIO: "name an ordinary file, or look at the disk's health",
}  # fmt: skip
"""Errors of a disk rather than of this program, with a hint each."""

Command = TypeVar("Command", bound=Callable[..., Any])


def option(*names: str, **settings: Any) -> Callable[[Command], Command]:
    """``click.option`` with a type that mypy can check."""
    return click.option(*names, **settings)


_CONFIG: Final = option(
    "-f", "--config-file", default="mkdocs.yml", show_default=True, help="The site's configuration."
)
_CLOCK: Final = option("--clock", metavar="RFC3339", help="Use this moment as the current time.")
_MENTIONS: Final = option(
    "--mentions", metavar="GLOB", multiple=True, help="Mention exports, or their addresses, for content/mentions."
)
_JSON: Final = option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
limit_option = option("--limit", type=click.IntRange(1, 100), default=10, show_default=True, help="The most to show.")
language_option = option("--language", metavar="LANG", default="", help="One of the languages of the help centre.")


@dataclass(frozen=True, slots=True)
class Common:
    """The values of the options that commands share; of one that a command has not, the default."""

    config_file: str
    clock: str | None
    mentions: tuple[str, ...]
    as_json: bool

    def show(self, value: Any, text: str) -> None:
        """Prints the answer of a command: with ``--json`` its ``value``, otherwise ``text``."""
        if self.as_json:
            print_json(value)
        else:
            say(text)


def common_options(*, clock: bool = True, mentions: bool = True, json: bool = True) -> Callable[[Command], Command]:
    """The last decorator of a command: gives it ``--config-file`` and the options named, as one :class:`Common`.

    A known error is printed as its one clear line, or as JSON, and the command exits with its code.
    """

    def decorated(command: Command) -> Command:
        @functools.wraps(command)
        def wrapped(
            config_file: str, clock: str | None = None, mentions: tuple[str, ...] = (), as_json: bool = False,
            **options: Any,
        ) -> None:  # fmt: skip
            if not gc.get_freeze_count():  # Once: what is garbage by then is never freed.
                gc.freeze()  # What was imported stays to the end: the garbage collector need not search it.
            try:
                command(Common(config_file, clock, mentions, as_json), **options)
            except KbError as error:
                fail(error, as_json=as_json)
            except OSError as error:
                fail(refusal(error), as_json=as_json)

        made: Any = wrapped
        for add, wanted in ((_JSON, json), (_MENTIONS, mentions), (_CLOCK, clock), (_CONFIG, True)):
            made = add(made) if wanted else made
        return made  # type: ignore[no-any-return]

    return decorated


def refusal(error: OSError) -> InputError:
    """The error of a disk as an :class:`InputError`; other errors are raised again."""
    if error.errno not in _DISK_HINTS:
        raise error
    problem = f"can't read or write: {os.strerror(error.errno).lower()}"
    return InputError(problem, where=str(error.filename or ""), hint=_DISK_HINTS[error.errno])


def is_out_of_memory(error: Exception) -> bool:
    """Python, the system, its loader of libraries and DuckDB each say it in their own way."""
    return (
        isinstance(error, MemoryError)
        or (isinstance(error, OSError) and error.errno == errno.ENOMEM)
        or (isinstance(error, ImportError) and "failed to map segment" in str(error))
        or (isinstance(error, RuntimeError) and "can't start new thread" in str(error))
        or type(error).__name__ == "OutOfMemoryException"
    )


def fail(error: KbError, *, as_json: bool) -> NoReturn:
    """Reports ``error``, with its findings, on stderr or as JSON on stdout, and exits with its exit code."""
    findings = error.findings if isinstance(error, InputError | FindingsError) else ()
    if as_json:
        problem = {"problem": error.problem, "where": error.where, "hint": error.hint}
        print_json({"error": problem, "findings": [asdict(finding) for finding in findings]})
    elif findings:
        print_findings(findings)
        say(f"\n{error.problem}" + (f"; {error.hint}" if error.hint else ""), err=True)
    else:
        say(str(error), err=True)
    sys.exit(error.exit_code)


def moment(clock: str | None) -> datetime:
    """The aware time that ``--clock`` gives (RFC 3339, UTC without an offset), or now. Raises :class:`InputError`."""
    if clock is None:
        return datetime.now(UTC)
    try:
        return parse_moment(clock, UTC_ZONE)
    except InputError as error:
        hint = error.hint or "write it like 2026-11-21T09:00:00Z"
        raise InputError(f"--clock {error.problem}", hint=hint) from None


def _mention_files(patterns: Sequence[str], root: Path) -> list[Path] | None:
    if not patterns:
        return None
    from kb_builder.mentions.remote import fetch, is_address

    found: list[Path] = []
    for pattern in patterns:
        if is_address(pattern):
            found += fetch(pattern, root)
            continue
        whole = Path(pattern)
        start = Path(whole.anchor) if whole.is_absolute() else Path()
        below = whole.relative_to(whole.anchor)
        matches = sorted(start.glob(str(below))) if below.parts else []
        if not matches:
            hint = "relative paths are looked up in the current folder"
            raise InputError("no mention file has this name", where=pattern, hint=hint)
        found += matches
    return found


def open_project(
    common: Common, *, staff: bool = False, preview: bool = False, warn: bool = False,
    progress: Progress = no_progress,
) -> "Project":  # fmt: skip
    """The project of the configuration, at ``--clock`` or now, with results kept in ``.kb``.

    ``warn`` says on stderr that articles are missing, for commands that go on with the others.
    """
    from kb_builder.pipeline.project import Project

    settings = settings_of(common)
    resources = resources_of(settings, progress)
    if not preview:  # One for each saved file would be held until the preview ends.
        click.get_current_context().call_on_close(resources.store.end_run)
    project = Project(settings, moment(common.clock), staff=staff, preview=preview, resources=resources)
    if warn and (count := len({finding.path for finding in project.reading.skipped})):
        what = "1 article was skipped: it has" if count == 1 else f"{count:,} articles were skipped: they have"
        say(f"{what} errors; kb check lists them", err=True)
    return project


def resources_of(
    settings: "Settings", progress: Progress, *, jobs: int | None = None, cache: bool = True
) -> "Resources":
    """Every core without ``jobs``; results in ``.kb``, or without ``cache`` in memory."""
    from kb_builder.system.store import Resources, Store

    context = click.get_current_context(silent=True)  # None in the thread of a preview.
    command = (context and context.info_name) or "serve"
    return Resources(Store(settings.root / ".kb" if cache else None, command), jobs or _cores(), progress)


def open_search(
    project: "Project", mentions: Sequence[str] = (), published: Collection[str] | None = None
) -> "SearchIndex":
    """``mentions`` are patterns or addresses, for ``content/mentions``; ``published`` as in :func:`open_site`."""
    from kb_builder.pipeline.search import SearchIndex

    return SearchIndex(project, _mention_files(mentions, project.settings.root), published)


def open_trends(project: "Project", mentions: Sequence[str] = (), published: Collection[str] | None = None) -> "Trends":
    """Arguments as in :func:`open_search`."""
    from kb_builder.pipeline.trends import Trends

    return Trends(project, open_search(project, mentions, published))


def open_site(project: "Project", mentions: Sequence[str] = (), published: Collection[str] | None = None) -> "Site":
    """``published`` are the hashes of published files, to keep the index that is among them."""
    from kb_builder.pipeline.site import Site

    trends = open_trends(project, mentions, published)
    return Site(project, trends.search, trends)


def standings_of(search: "SearchIndex") -> tuple["Standing", ...]:
    """Every released article in every language but that of the sources."""
    from kb_builder.pipeline.search import ASKED_DAYS
    from kb_builder.translating.status import standings

    project = search.project
    languages = project.settings.languages[1:]
    asked = search.mentions.recent_customers(ASKED_DAYS, 1) if languages else {}
    public = {article.path for one in project.languages[1:] for article in one.public.articles}
    return standings(project.public.articles, project.reading.contents.translations, languages, asked, public)


def settings_of(common: Common) -> "Settings":
    """The checked settings of ``mkdocs.yml``. Raises :class:`InputError`."""
    from kb_builder.commands import mkdocs_config

    return mkdocs_config.load(common.config_file)


def _cores() -> int:
    """The cores this process may use, which in a container are fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def print_json(value: Any) -> None:
    """``value`` on stdout; what JSON has no type for, such as dates and paths, as text."""
    say(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def print_findings(findings: Sequence[Finding]) -> None:
    """The findings on stderr, many of them after a summary."""
    for entry in as_text(findings):
        say(entry, err=True, styled=True)
    suggest_ignored_keys(findings, err=True)


def suggest_ignored_keys(findings: Sequence[Finding], *, err: bool) -> None:
    """Names the setting for keys of another tool, where many headers have them."""
    unknown = [finding for finding in findings if finding.code == "unknown-key" and finding.path.endswith(".md")]
    keys = sorted({finding.message.split('"')[1] for finding in unknown})
    if len(unknown) > _MANY_KEYS:
        say(f"\nkeys of another tool? this ignores all of them:  ignore_keys: [{', '.join(keys)}]", err=err)


def count_of(findings: Sequence[Finding]) -> str:
    """``2 errors, 1 note``, or ``no problems found``."""
    counts = {severity: sum(finding.severity is severity for finding in findings) for severity in Severity}
    counts_in_words = [counted(count, severity) for severity, count in counts.items() if count]
    return ", ".join(counts_in_words) or "no problems found"


@contextmanager
def without_garbage_collector() -> Iterator[None]:
    """A build ends before the garbage collector would free anything. Workers, which convert Markdown and so make
    reference cycles, keep it on."""
    gc.disable()
    try:
        yield
    finally:
        # Without these two, enabling it would begin with a search of everything that the build made.
        gc.freeze()
        gc.unfreeze()
        gc.enable()


@contextmanager
def progress_bars(quiet: bool) -> Iterator[Progress]:
    """A bar a stage on a terminal; nothing elsewhere, and nothing in CI."""
    if quiet or not (sys.stderr and sys.stderr.isatty()) or os.environ.get("CI"):
        yield no_progress
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield show
