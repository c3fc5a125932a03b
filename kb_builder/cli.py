"""The commands. Each opens a help centre, asks it for one thing and prints it; nothing is decided here.

One long file, since click has one door: what a command does lies in the module it calls. That is imported where it is
called: a third of a second that ``kb --help`` doesn't take, and no command takes for another one's modules.
"""

import atexit
import errno
import functools
import gc
import ipaddress
import json
import os
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

import click

from kb_builder import exports, reply
from kb_builder.dates import UTC_ZONE, parse_moment
from kb_builder.errors import Finding, FindingsError, InputError, KbError, Severity
from kb_builder.posts import POST_CHANNELS
from kb_builder.progress import Tell

if TYPE_CHECKING:
    from kb_builder.build import Built
    from kb_builder.centre import Centre
    from kb_builder.config import Settings

_MANY_KEYS: Final = 5
"""Unknown keys beyond which articles come from another tool rather than from a slip."""

_MAY_NOT: Final = "give kb the right to read and write there"
_MAKE_ROOM: Final = "make room, and try again"
_IN_THE_WAY: Final = "something else has this name: move it away"
_DISK_SAYS_NO: Final = {
    errno.EACCES: _MAY_NOT, errno.EPERM: _MAY_NOT, errno.EROFS: _MAY_NOT,
    errno.ENOTDIR: _IN_THE_WAY, errno.EISDIR: _IN_THE_WAY, errno.EEXIST: _IN_THE_WAY, errno.ELOOP: _IN_THE_WAY,
    errno.ENOSPC: _MAKE_ROOM, errno.EDQUOT: _MAKE_ROOM, errno.ENAMETOOLONG: "choose a shorter name",
}  # fmt: skip
"""What may be wrong with a disk rather than with us, and what to do about it."""

Command = TypeVar("Command", bound=Callable[..., Any])


def main() -> NoReturn:
    """The entry point of ``kb``. Ends the process without taking it apart: a tenth of the time of an edit.

    What writes something at the end by other ways than ``atexit``, like a profiler, calls :func:`run`.
    """
    try:
        run()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    atexit._run_exitfuncs()
    # A stream that was closed before we began is None.
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except (OSError, ValueError):
            # Nobody reads it any more, or the disk it goes to is full.
            status = status or 1
    os._exit(status)


def run() -> NoReturn:
    """Does what the command line asks for, and exits. With ``--json`` a wrong option is told in JSON too."""
    # A help centre is many values that live to the end of the command. Looking among them for circles that nobody
    # needs, as often as Python does by itself, takes a sixth of a large build.
    gc.set_threshold(100_000, 50, 100)
    try:
        status = commands.main(prog_name="kb", standalone_mode=False)
    except click.UsageError as error:
        if "--json" in sys.argv:
            _fail(
                InputError(" ".join(error.format_message().split()), hint="kb COMMAND --help names the options"),
                as_json=True,
            )
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read this has seen enough.
        sys.exit(1)
    except OSError as error:
        _fail(_refusal(error), as_json=False)
    sys.exit(status if isinstance(status, int) else 0)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="kb-builder", prog_name="kb")
def commands() -> None:
    """Build a help centre that answers: quick pages, search that forgives, and what hurts today on top."""


def _told(command: Command) -> Command:
    """Prints a known error as its one clear line, or as JSON, and exits with its code."""

    @functools.wraps(command)
    def wrapped(*args: Any, **options: Any) -> Any:
        try:
            return command(*args, **options)
        except KbError as error:
            _fail(error, as_json=bool(options.get("as_json")))
        except OSError as error:
            _fail(_refusal(error), as_json=bool(options.get("as_json")))

    return wrapped  # type: ignore[return-value]


def _refusal(error: OSError) -> InputError:
    """What a disk says that will not do as it is told. Raises what is none of that."""
    if error.errno not in _DISK_SAYS_NO:
        raise error
    problem = f"the disk says no: {os.strerror(error.errno).lower()}"
    return InputError(problem, where=str(error.filename or ""), hint=_DISK_SAYS_NO[error.errno])


def _fail(error: KbError, *, as_json: bool) -> NoReturn:
    findings = error.findings if isinstance(error, InputError | FindingsError) else ()
    if as_json:
        told = {"problem": error.problem, "where": error.where, "hint": error.hint}
        _print_json({"error": told, "findings": [asdict(finding) for finding in findings]})
    elif findings:
        _print_findings(findings)
        click.echo(f"\n{error.problem}" + (f"; {error.hint}" if error.hint else ""), err=True)
    else:
        click.echo(str(error), err=True)
    sys.exit(error.exit_code)


def _option(*names: str, **settings: Any) -> Callable[[Command], Command]:
    return click.option(*names, **settings)


_config = _option("-f", "--config-file", default="mkdocs.yml", show_default=True, help="The site's configuration.")
_clock = _option("--clock", metavar="RFC3339", help="Pretend that it is now this moment.")
_mentions = _option("--mentions", metavar="GLOB", multiple=True, help="Mention exports, instead of content/mentions.")
_limit = _option("--limit", type=click.IntRange(1, 100), default=10, show_default=True, help="The most to show.")
_json = _option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")


def _now(clock: str | None) -> datetime:
    if clock is None:
        return datetime.now(UTC)
    try:
        return parse_moment(clock, UTC_ZONE)
    except InputError as error:
        hint = error.hint or "write it like 2026-11-21T09:00:00Z"
        raise InputError(f"--clock {error.problem}", hint=hint) from None


def _globbed(patterns: Sequence[str]) -> list[Path] | None:
    if not patterns:
        return None
    found: list[Path] = []
    for pattern in patterns:
        whole = Path(pattern)
        start = Path(whole.anchor) if whole.is_absolute() else Path()
        matches = sorted(start.glob(str(whole.relative_to(whole.anchor))))
        if not matches:
            raise InputError("no mention file has this name", where=pattern, hint="relative paths count from here")
        found += matches
    return found


def _centre(
    config: "str | Settings",
    clock: str | None,
    mentions: Sequence[str] = (),
    *,
    staff: bool = False,
    preview: bool = False,
    jobs: int | None = None,
    cache: bool = True,
    tell: Tell | None = None,
) -> "Centre":
    from kb_builder.centre import Centre
    from kb_builder.store import Store

    settings = _settings(config) if isinstance(config, str) else config
    return Centre(
        settings,
        _now(clock),
        staff=staff,
        preview=preview,
        mentions=_globbed(mentions),
        jobs=jobs or _cores(),
        store=Store(settings.root / ".kb") if cache else Store(None),
        **({"tell": tell} if tell else {}),
    )


def _settings(config_file: str) -> "Settings":
    from kb_builder import site

    return site.load(config_file)


def _cores() -> int:
    """The cores this process may use, which in a container are fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _tell_missing(centre: "Centre") -> None:
    """Says on stderr that articles are missing, for commands that go on with the others."""
    if count := len(centre.unreadable):
        many = f"{count} errors keep articles" if count > 1 else "an error keeps an article"
        click.echo(f"{many} out of this; kb check names the place", err=True)


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def _print_findings(findings: Sequence[Finding], *, err: bool = True) -> None:
    for finding in findings:
        click.echo(str(finding), err=err)
    unknown = [finding for finding in findings if finding.code == "unknown-key" and finding.path.endswith(".md")]
    keys = sorted({finding.message.split('"')[1] for finding in unknown})
    if len(unknown) > _MANY_KEYS:
        click.echo(f"\nkeys of another tool? this passes over all of them:  ignore_keys: [{', '.join(keys)}]", err=err)


def _counted(findings: Sequence[Finding]) -> str:
    counts = {severity: sum(finding.severity is severity for finding in findings) for severity in Severity}
    told = [_many(count, severity) for severity, count in counts.items() if count]
    return ", ".join(told) or "nothing to mend"


@contextmanager
def _no_circles() -> Iterator[None]:
    """Nobody looks for circles of values: a build ends before that is worth it. Workers, who convert Markdown, do."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def _progress(quiet: bool) -> Iterator[Tell]:
    """A bar a stage on a terminal; nothing elsewhere, and nothing in CI."""
    if quiet or not (sys.stderr and sys.stderr.isatty()) or os.environ.get("CI"):
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield tell


@commands.command()
@click.argument("what")
@click.argument("title", required=False)
@_option("--in", "folder", default="faq", show_default=True, help="Folder of a new article, below content/articles.")
@_config
@_clock
@_told
def new(what: str, title: str | None, folder: str, config_file: str, clock: str | None) -> None:
    """Start a help centre, an article or an announcement.

    \b
    kb new shop-help
    kb new article "How do I track my order?" --in faq/delivery
    kb new announcement "Parcels are late"
    """
    from kb_builder import scaffold

    if what in ("article", "announcement") and title:
        centre = _centre(config_file, clock)
        now = centre.now.astimezone(centre.zone)
        if what == "article":
            path = scaffold.new_article(centre.root, title, folder, now.date())
        else:
            path = scaffold.new_announcement(centre.root, title, now)
        click.echo(f"{path}\n  a draft: edit it, look at it with kb serve, and take the line draft: true out")
        return
    if title or what in ("article", "announcement"):
        hint = 'kb new shop-help, kb new article "How do I track my order?", or kb new announcement "Parcels are late"'
        raise InputError("it is not clear what to start", hint=hint)
    written = scaffold.new_centre(Path(what), _now(clock).date())
    go_there = "" if Path(what).resolve() == Path.cwd() else f"cd {shlex.quote(what)} && "
    click.echo(f"{len(written)} files in {what}\n  next: {go_there}kb build, or kb serve to look at it")


@commands.command()
@_option("-d", "--site-dir", type=click.Path(path_type=Path), help="Where to publish; site_dir of the configuration.")
@_option("--strict", is_flag=True, help="Take notes for warnings, and publish nothing when there is one.")
@_option("--jobs", type=click.IntRange(min=1), help="Worker processes; all cores by default.")
@_option("--drafts", is_flag=True, help="Show drafts, scheduled and expired articles: for a look, not for the public.")
@_option("--audience", type=click.Choice(["public", "staff"]), default="public", show_default=True, help="For whom.")
@_option("--cache/--no-cache", default=True, help="Use and keep what earlier builds worked out.")
@_config
@_clock
@_mentions
@_json
@_told
def build(
    site_dir: Path | None, strict: bool, jobs: int | None, drafts: bool, audience: str, cache: bool,
    config_file: str, clock: str | None, mentions: tuple[str, ...], as_json: bool,
) -> None:  # fmt: skip
    """Build the site and publish it, all of it or nothing."""
    from kb_builder.publish import Publication

    staff = audience == "staff"
    settings = _settings(config_file)
    target = site_dir or settings.site_folder
    if site_dir is None and (staff or drafts):
        target = target.with_name(f"{'draft' if drafts else 'staff'}-{target.name}")
    with (
        _no_circles(),
        _progress(as_json) as tell,
        Publication.of(settings, target, staff=staff, preview=drafts) as publication,
    ):
        # Half of what a command imports, while a process of its own looks at what is published.
        from kb_builder.build import build as publish_site

        centre = _centre(
            settings, clock, mentions, staff=staff, preview=drafts, jobs=jobs, cache=cache, tell=tell
        )  # fmt: skip
        built = publish_site(centre, publication, strict=strict, clock_told=clock is not None)
    if as_json:
        told = (field.name for field in fields(built) if field.name != "findings")
        _print_json({name: getattr(built, name) for name in told})
        return
    click.echo(
        f"{target}: {built.articles:,} articles, {built.pages:,} pages, {built.pins} pins, "
        f"{built.bytes / 1e6:,.1f} MB\n  {_effort(built)}; {_counted(built.findings)}"
        + ("; kb check lists them" if built.findings else "")
    )


@commands.command()
@_option("-a", "--address", default="127.0.0.1:8000", show_default=True, help="A local address and port.")
@_config
@_clock
@_mentions
@_told
def serve(address: str, config_file: str, clock: str | None, mentions: tuple[str, ...]) -> None:
    """Preview the site with its drafts, reloaded when you save."""
    from kb_builder import site
    from kb_builder.build import build as publish_site
    from kb_builder.publish import Publication

    host, port = _local(address)
    settings = _settings(config_file)
    folder = settings.root / ".kb" / "preview" / "site"
    works = folder.exists()

    def once() -> None:
        nonlocal works
        try:
            settings = _settings(config_file)
            with Publication.of(settings, folder, preview=True) as publication:
                built = publish_site(
                    _centre(settings, clock, mentions, preview=True), publication, clock_told=True
                )  # fmt: skip
        except KbError as error:
            shown = "shows the last build that worked" if works else "begins when this is mended"
            click.echo(f"{error}\n  the preview {shown}", err=True)
        else:
            works = True
            findings = [finding for finding in built.findings if finding.severity is not Severity.NOTE]
            _print_findings(findings)
            click.echo(_effort(built))

    once()
    watched = [settings.root / "content", Path(config_file), *map(Path, settings.template_folders[:1])]
    click.echo(f"http://{host}:{port}/ shows the site with its drafts; Ctrl-C ends it")
    site.serve(once, folder, [path for path in watched if path.exists()], host, port)


def _effort(built: "Built") -> str:
    return f"{built.rendered:,} pages rendered, {built.reused:,} reused, {built.seconds:.1f} s"


def _local(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    try:
        number = int(port)
        local = host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        raise InputError(f'"{address}" is no address', hint="write it like 127.0.0.1:8000") from None
    if not local:
        raise InputError(f"{host} is not a local address", hint="the preview shows drafts; use 127.0.0.1:8000")
    return host.strip("[]"), number


@commands.command()
@_option("--strict", is_flag=True, help="Take notes for warnings.")
@_config
@_clock
@_mentions
@_json
@_told
def check(strict: bool, config_file: str, clock: str | None, mentions: tuple[str, ...], as_json: bool) -> None:
    """Find everything that should be mended, with file and line.

    Headers, links, anchors, overdue reviews, what many ask and no article answers, search that got worse, and the
    weight of the site that is published.
    """
    from kb_builder.check import check as all_findings
    from kb_builder.sources import findings_of

    try:
        findings = all_findings(_centre(config_file, clock, mentions), strict=strict)
    except InputError as error:
        if not error.findings and not error.where:
            raise
        findings = findings_of(error, "unusable")
    if as_json:
        _print_json({"findings": [asdict(finding) for finding in findings]})
    else:
        _print_findings(findings, err=False)
        click.echo(_counted(findings))
    worst = {finding.severity for finding in findings}
    sys.exit(2 if Severity.ERROR in worst else 1 if Severity.WARNING in worst else 0)


@commands.command()
@click.argument("words", nargs=-1, required=True)
@_limit
@_config
@_clock
@_mentions
@_json
@_told
def search(
    words: tuple[str, ...], limit: int, config_file: str, clock: str | None, mentions: tuple[str, ...], as_json: bool
) -> None:
    """Search as a customer would: exactly what the browser shows."""
    centre = _centre(config_file, clock, mentions)
    _tell_missing(centre)
    found = centre.reader.search(" ".join(words), limit=limit)
    if as_json:
        fields = ("id", "title", "url", "section", "excerpt", "score")
        results = [{field: getattr(hit, field) for field in fields} for hit in found.hits]
        _print_json({"query": found.query, "corrected": found.corrected, "results": results})
        return
    if found.corrected:
        click.echo(f"Showing results for “{found.corrected}”.")
    for place, hit in enumerate(found.hits, start=1):
        anchor = f"#{hit.section}" if hit.section else ""
        click.echo(f"{place:>2}. {hit.title}  [{hit.id}]\n    {hit.url}{anchor}\n    {hit.excerpt}")
    if not found.hits:
        click.echo(f"Nothing found for “{found.query}”.")


@commands.command()
@click.argument("query", nargs=-1, required=True)
@_limit
@_config
@_clock
@_json
@_told
def find(query: tuple[str, ...], limit: int, config_file: str, clock: str | None, as_json: bool) -> None:
    """Find articles as staff do, staff-only ones included.

    QUERY is Whoosh's query language: title:refund AND "30 days", audience:staff, refund*
    """
    centre = _centre(config_file, clock, staff=True)
    _tell_missing(centre)
    asked = " ".join(query)
    found = centre.staff_index.find(asked, limit=limit)
    if as_json:
        _print_json(asdict(found))
        return
    if found.corrected:
        click.echo(f"Did you mean “{found.corrected}”?")
    for place, hit in enumerate(found.hits, start=1):
        click.echo(f"{place:>2}. {hit.title}  [{hit.id}]\n    {hit.url}\n    {hit.highlight}")
    if not found.hits:
        click.echo(f"Nothing found for “{asked}”.")


@commands.command()
@_option("--history", type=click.IntRange(0, 400), default=0, help="Also the pins of each of the last N days.")
@_option("--post", type=click.Choice(POST_CHANNELS), help="A text ready to publish for each pin and segment.")
@_config
@_clock
@_mentions
@_json
@_told
def trends(
    history: int, post: str | None, config_file: str, clock: str | None, mentions: tuple[str, ...], as_json: bool
) -> None:
    """Show what hurts today, why, and until when."""
    from kb_builder import trend_report

    with _progress(as_json) as tell:
        centre = _centre(config_file, clock, mentions, tell=tell)
        _tell_missing(centre)
        found = centre.trends_of(history)
        articles = {article.id: article for article in centre.public.articles}
    if as_json:
        _print_json(trend_report.to_json(found, articles, centre.settings.url, history=history))
    elif post:
        posts = trend_report.posts(found, articles, centre.settings.url, post)
        click.echo(posts or "Nothing is pinned; kb trends says why.")
    else:
        click.echo(trend_report.text(found, articles, history=history))


@commands.command()
@_config
@_clock
@_mentions
@_json
@_told
def gaps(config_file: str, clock: str | None, mentions: tuple[str, ...], as_json: bool) -> None:
    """Show what many customers ask and no article answers. For staff."""
    from kb_builder import trend_report

    with _progress(as_json) as tell:
        centre = _centre(config_file, clock, mentions, tell=tell)
        _tell_missing(centre)
        found = centre.trends.gaps
    if as_json:
        _print_json({"gaps": [asdict(gap) for gap in found]})
    else:
        click.echo(trend_report.gaps_text(found))


@commands.command("reply")
@click.argument("words", nargs=-1, required=True)
@_option("--channel", type=click.Choice(reply.CHANNELS), required=True)
@_option("--name", default="", help="The customer's name, for a greeting.")
@_option("--section", default="", metavar="ANCHOR", help="Answer with this section of the article.")
@_config
@_clock
@_mentions
@_json
@_told
def reply_command(
    words: tuple[str, ...], channel: str, name: str, section: str, config_file: str, clock: str | None,
    mentions: tuple[str, ...], as_json: bool,
) -> None:  # fmt: skip
    """Write a reply that carries the answer, sized for its channel.

    WORDS is the id of an article, or what a customer would say: kb reply where is my parcel --channel sms
    """
    centre = _centre(config_file, clock, mentions)
    _tell_missing(centre)
    asked = " ".join(words)
    article = centre.article_for(asked)
    if article is None:
        if as_json:
            _print_json({"id": None, "channel": channel, "text": "", "length": 0, "segments": 0, "url": ""})
        else:
            click.echo(f"No public article answers “{asked}”; kb find looks through all of them.", err=True)
        return
    made = reply.reply(
        article, centre.body(article), channel, short_url=centre.short_url(article), name=name, section=section
    )  # fmt: skip
    if as_json:
        _print_json(asdict(made))
    else:
        click.echo(made.text)
        parts = f", {made.segments} messages" if made.segments and made.segments > 1 else ""
        click.echo(f"\n{article.id}: {made.length} characters{parts}", err=True)


@commands.command()
@click.argument("article_id", metavar="ARTICLE")
@_option("--query", default="", help="What contributed to the score of this query.")
@_config
@_clock
@_mentions
@_json
@_told
def explain(
    article_id: str, query: str, config_file: str, clock: str | None, mentions: tuple[str, ...], as_json: bool
) -> None:
    """Say why an article is, or isn't, public, pinned and found.

    ARTICLE is an id, a path or an address.
    """
    from kb_builder import explanation

    centre = _centre(config_file, clock, mentions)
    _tell_missing(centre)
    told = explanation.explain(centre, article_id, query)
    if as_json:
        _print_json(asdict(told))
    else:
        click.echo("\n".join(told.lines))


@commands.command()
@click.argument("old")
@click.argument("new")
@_config
@_clock
@_json
@_told
def mv(old: str, new: str, config_file: str, clock: str | None, as_json: bool) -> None:
    """Rename an article or a folder, and leave a redirect.

    OLD is a path below content/articles, an id or an address; NEW a path. Links to it are mended.
    """
    from kb_builder import moves

    centre = _centre(config_file, clock)
    moved = moves.move(centre.root, old, new, zone=centre.zone, ignore_keys=centre.settings.options.ignore_keys)
    if as_json:
        _print_json(asdict(moved))
        return
    for before, after in moved.files.items():
        click.echo(f"{before} → {after}")
    mended = f"links mended in {_many(len(moved.rewritten), 'file')}; " if moved.rewritten else ""
    click.echo(f"{mended}the old address leads to the new one")


@commands.command("import")
@click.argument("tool", type=click.Choice(exports.TOOLS))
@click.argument("export", type=click.Path(path_type=Path))
@_config
@_json
@_told
def import_command(tool: str, export: Path, config_file: str, as_json: bool) -> None:
    """Bring over the articles of another help centre.

    EXPORT is a file with the JSON of the tool's API. A second import changes nothing.
    """
    try:
        from kb_builder import importers
    except ImportError:
        raise InputError("kb import needs more than is installed", hint='pip install "kb-builder[import]"') from None
    settings = _settings(config_file)
    done = importers.import_export(settings.root, tool, export, ignore_keys=settings.options.ignore_keys)
    if as_json:
        _print_json(asdict(done))
        return
    for path in done.written:
        click.echo(path)
    click.echo(
        f"{_many(len(done.written), 'article')} written, {len(done.kept)} here already\n"
        f"  of all of them: {_many(done.drafts, 'draft')}, {done.staff} for staff only\n"
        f"  {_many(done.lost_links, 'link')} to articles that are not in the export, "
        f"{_many(done.remote_images, 'picture')} still with {tool.capitalize()}\n  next: kb check"
    )


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


@commands.command("eval")
@click.argument("queries", type=click.Path(path_type=Path))
@_config
@_clock
@_mentions
@_json
@_told
def evaluate(queries: Path, config_file: str, clock: str | None, mentions: tuple[str, ...], as_json: bool) -> None:
    """Measure search with questions whose right article is known.

    QUERIES is a CSV or JSON-lines file with text and article_id.
    """
    from kb_builder import evaluation

    rows = evaluation.read_queries(queries)
    centre = _centre(config_file, clock, mentions)
    _tell_missing(centre)
    known = {article.id for article in centre.catalogue.articles}
    if strange := sum(not known & set(row.article_ids) for row in rows):
        click.echo(f"{strange} of the rows name no article of this help centre; they count as not found", err=True)
    scores = evaluation.evaluate(centre.reader, rows)
    if as_json:
        _print_json(asdict(scores))
    else:
        click.echo(
            f"{scores.queries:,} queries: right at once {scores.success_at_1:.3f}, in the first three "
            f"{scores.success_at_3:.3f}, MRR@10 {scores.mrr_at_10:.3f}, nothing found {scores.no_result:.3f}"
        )


@commands.command("report")
@_option("--feedback", type=click.Path(path_type=Path), multiple=True, help="Logs of “did this help?”, JSON lines.")
@_option("--searches", type=click.Path(path_type=Path), multiple=True, help="Logs of searches without a result.")
@_config
@_clock
@_mentions
@_json
@_told
def report_command(
    feedback: tuple[Path, ...], searches: tuple[Path, ...], config_file: str, clock: str | None,
    mentions: tuple[str, ...], as_json: bool,
) -> None:  # fmt: skip
    """Tell what needs upkeep.

    Overdue reviews, what readers said, what they did not find, what no article answers.
    """
    from kb_builder import report

    centre = _centre(config_file, clock, mentions)
    made = report.report(
        centre.public.articles, centre.today, feedback=feedback, searches=searches, gaps=centre.trends.gaps
    )  # fmt: skip
    if as_json:
        _print_json(asdict(made))
    else:
        click.echo(report.render(made))


@commands.command()
@_config
@_json
@_told
def schema(config_file: str, as_json: bool) -> None:  # noqa: ARG001
    """Print the JSON Schema of an article's header."""
    from kb_builder.frontmatter import json_schema

    made = json_schema()
    if Path(config_file).is_file():
        made["properties"] |= {key: {} for key in _settings(config_file).options.ignore_keys}
    _print_json(made)


@commands.command()
@_option("-d", "--site-dir", type=click.Path(path_type=Path), help="The published site; site_dir by default.")
@_config
@_json
@_told
def rollback(site_dir: Path | None, config_file: str, as_json: bool) -> None:
    """Put the previous build back in place."""
    from kb_builder import publish

    settings = _settings(config_file)
    target = site_dir or settings.site_folder
    number = publish.rollback(target, project=settings.root, content=settings.root / "content")
    if as_json:
        _print_json({"build": number})
    else:
        click.echo(f"{target} shows build {number} again")
