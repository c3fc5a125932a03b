"""Commands that make and check the site: ``build``, ``serve``, ``check``, ``rollback``."""

import ipaddress
import sys
import time
from contextlib import suppress
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from kb_builder.commands.cli_shared import (
    Common,
    common_options,
    count_of,
    moment,
    open_project,
    open_site,
    option,
    print_findings,
    print_json,
    progress_bars,
    resources_of,
    settings_of,
    suggest_ignored_keys,
    without_garbage_collector,
)
from kb_builder.commands.terminal import say
from kb_builder.errors import InputError, Severity, counted

if TYPE_CHECKING:
    from kb_builder.config import Settings


@click.command()
@option("-d", "--site-dir", type=click.Path(path_type=Path), help="Where to publish; site_dir of the configuration.")
@option("--strict", is_flag=True, help="Treat notes as warnings, and publish nothing when there is one.")
@option("--jobs", type=click.IntRange(min=1), help="Worker processes; all cores by default.")
@option(
    "--drafts",
    is_flag=True,
    help="Show drafts, scheduled and expired articles, in a preview that is not for the public.",
)
@option("--audience", type=click.Choice(["public", "staff"]), default="public", show_default=True, help="For whom.")
@option("--cache/--no-cache", default=True, help="Use results of earlier builds, and keep new ones.")
@option("--happening", is_flag=True, help="Publish only what trends change, while the content is as it was built.")
@common_options()
def build(
    common: Common, site_dir: Path | None, strict: bool, jobs: int | None, drafts: bool, audience: str, cache: bool,
    happening: bool,
) -> None:  # fmt: skip
    """Build the site and publish it, all of it or nothing."""
    from kb_builder.publishing.publication import Publication

    if happening and not cache:
        raise InputError("--happening needs the results of earlier builds", hint="leave out --no-cache")
    staff = audience == "staff"
    settings = settings_of(common)
    target = site_dir or settings.site_folder
    if site_dir is None and (staff or drafts):
        target = target.with_name(f"{'draft' if drafts else 'staff'}-{target.name}")
    with (
        without_garbage_collector(),
        progress_bars(common.as_json) as progress,
        Publication.of(settings, target, staff=staff, preview=drafts) as publication,
    ):
        from kb_builder.commands.build import build as publish_site
        from kb_builder.pipeline.project import Project
        from kb_builder.pipeline.search_findings import UNTRAINED

        resources = resources_of(settings, progress, jobs=jobs, cache=cache)
        settings = replace(settings, site_folder=target)
        project = Project(settings, moment(common.clock), staff=staff, preview=drafts, resources=resources)
        site = open_site(project, common.mentions, publication.recorded if happening else None)
        given = common.clock is not None
        built = publish_site(site, publication, strict=strict, clock_given=given, only_trends=happening)
    if common.as_json:
        names = (field.name for field in fields(built) if field.name != "findings")
        print_json({name: getattr(built, name) for name in names})
        return
    kept_out = 0 if drafts else sum(article.draft for article in project.catalogue.articles)
    left_out = f"{counted(kept_out, 'draft')} left out; " if kept_out else ""
    found = count_of(built.findings) + ("; kb check lists them" if built.findings else "")
    say(
        f"{target}: {counted(built.articles, 'article')}, {counted(built.pages, 'page')}, "
        f"{counted(built.pins, 'pin')}, {built.bytes / 1e6:,.1f} MB\n  {counted(built.rendered, 'page')} rendered, "
        f"{built.reused:,} reused, {built.seconds:.1f} s; {left_out}{found}"
    )
    for finding in built.findings:
        if finding.code == UNTRAINED:
            say(f"  {finding.message}\n  {finding.hint}")


@click.command()
@option("-a", "--address", default="127.0.0.1:8000", show_default=True, help="A local address and port.")
@option("--audience", type=click.Choice(["public", "staff"]), default="public", show_default=True, help="For whom.")
@common_options(json=False)
def serve(common: Common, address: str, audience: str) -> None:
    """Preview the site with its drafts, reloaded when you save."""
    from kb_builder.commands import mkdocs_plugin
    from kb_builder.commands.preview import Preview, application

    host, port = _local(address)
    settings = settings_of(common)
    staff = audience == "staff"
    preview = Preview(
        lambda: open_site(open_project(common, staff=staff, preview=True), common.mentions), settings.root
    )

    def once() -> None:
        begun = time.monotonic()
        with without_garbage_collector():
            new = preview.update()
        print_findings(new)
        if preview.errors:
            shown = "shows the last version without them" if preview.works else "begins when they are fixed"
            say(f"{count_of(preview.errors)}; the preview {shown}", err=True)
        else:
            say(f"{time.monotonic() - begun:.1f} s; {count_of(preview.findings)}")

    once()
    watched = [settings.root / "content", Path(common.config_file), *map(Path, settings.template_folders[:1])]
    base = urlsplit(settings.url).path or "/"
    watched = [one for one in watched if one.exists()]
    shown = f"http://{host}:{port}{base} shows the site with its drafts; Ctrl-C ends it"
    mkdocs_plugin.serve(once, application(preview, base), watched, host, port, ready=lambda: say(shown))


def _local(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    try:
        number = int(port) if port.isascii() and port.isdigit() and len(port) <= 5 else 0
        if not 0 < number < 65536:
            raise ValueError
        local = host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        raise InputError(f'"{address}" is not an address', hint="write it like 127.0.0.1:8000") from None
    if not local:
        raise InputError(f"{host} is not a local address", hint="the preview shows drafts; use 127.0.0.1:8000")
    return host.strip("[]"), number


@click.command()
@option("--strict", is_flag=True, help="Treat notes as warnings.")
@option(
    "--format", "form", type=click.Choice(["text", "github", "gitlab", "json"]), default="text", show_default=True,
    help="For people, for annotations of a change on GitHub or GitLab, or for other tools.",
)  # fmt: skip
@option("--external", is_flag=True, help="Also ask other sites whether links to them lead somewhere.")
@option("--site", "every_file", is_flag=True, help="Also read every published file again: disks can lose bits.")
@common_options()
def check(common: Common, strict: bool, form: str, external: bool, every_file: bool) -> None:
    """Find everything that should be fixed, with file and line.

    Headers, links, anchors, overdue reviews, what many ask and no article answers, search that got worse, and the
    weight of the site that is published. https://github.com/kb-builder/kb-builder/blob/main/docs/findings.md
    explains each code.
    """
    from kb_builder.commands.check import check as all_findings
    from kb_builder.commands.check import coming
    from kb_builder.commands.cli_findings import FORMATS
    from kb_builder.parsing.sources import findings_of

    changes = []
    try:
        site = open_site(open_project(common), common.mentions)
        findings = all_findings(site, strict=strict, external=external, every_file=every_file)
        changes = coming(site)
    except InputError as error:
        if not error.findings and not error.where:
            raise
        findings = findings_of(error, "unusable")
    form = "json" if common.as_json else form
    for entry in FORMATS[form](findings):
        say(entry, styled=form == "text")
    if form == "text":
        suggest_ignored_keys(findings, err=False)
        for change in changes:
            say(f"next: {change.at:%Y-%m-%d %H:%M} {change.path} {change.what}")
        say(count_of(findings))
    worst = {finding.severity for finding in findings}
    sys.exit(2 if Severity.ERROR in worst else 1 if Severity.WARNING in worst else 0)


def _hidden_files(common: Common, settings: "Settings", target: Path) -> set[str]:
    """Pages of texts that are withheld from the public now, built or not; none where the content can't be read."""
    from kb_builder.content.visibility import withheld
    from kb_builder.pages.page import file_of

    if target.absolute() != settings.site_folder.absolute():
        return set()
    try:
        languages = open_project(common).languages
        return {one.folder + file_of(item.url) for one in languages for item in withheld(one.catalogue, one.view)}
    except InputError:
        return set()


@click.command()
@option("-d", "--site-dir", type=click.Path(path_type=Path), help="The published site; site_dir by default.")
@option("--yes", is_flag=True, help="Publish again what was withdrawn since.")
@common_options(clock=False, mentions=False)
def rollback(common: Common, site_dir: Path | None, yes: bool) -> None:
    """Put the previous build back in place.

    One that holds an article or an announcement which was withdrawn since is published again only with --yes.
    """
    from kb_builder.publishing import host_copies, publication

    settings = settings_of(common)
    target = site_dir or settings.site_folder
    if not yes and (back := publication.withdrawn_since(target, _hidden_files(common, settings, target))):
        problem = f"the previous build shows what was withdrawn since: {', '.join(f'/{url}' for url in back)}"
        raise InputError(problem, where=str(target), hint="build again instead, or publish it all the same with --yes")
    number = publication.rollback(target, project=settings.root, content=settings.root / "content")
    with suppress(OSError):  # the site is rolled back; these files are for those who use such a host
        host_copies.put_back(settings.root / ".kb", target, number)
    common.show({"build": number}, f"{target} shows build {number} again")
