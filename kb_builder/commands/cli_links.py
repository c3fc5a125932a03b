"""Commands that keep addresses working: ``links``, ``mv``, ``rm``."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kb_builder.commands.cli_shared import Common, common_options, open_project, open_site, option, print_json
from kb_builder.commands.terminal import say
from kb_builder.content.inventory import PATH, Entry
from kb_builder.content.urls import FOLDER
from kb_builder.errors import InputError, Severity, counted

if TYPE_CHECKING:
    from kb_builder.editing.content_root import ContentRoot
    from kb_builder.pipeline.project import Project

MOST_SHOWN: Final = 50
"""Addresses listed of each kind: the first inventory of a large site has a hundred thousand."""


@click.group()
def links() -> None:
    """Keep the inventory of every address that was ever public."""


@links.command()
@option("--from", "sitemap", type=click.Path(path_type=Path), help="The sitemap.xml of an older site to adopt.")
@common_options(mentions=False)
def update(common: Common, sitemap: Path | None) -> None:
    """Bring content/links.csv up to date.

    Adds the addresses of the site as it would be built now, and never drops one. Commit the file. While an address
    would be lost no build is published, and nothing is added.
    """
    from kb_builder.editing import inventory_update
    from kb_builder.pipeline.centre import Centre

    project = open_project(common)
    if unreadable := project.addresses.inventory.unreadable:
        raise InputError.of(unreadable)  # Rewriting the file would lose the lines that can't be read.
    centre = Centre(open_site(project, ()))
    loses = any(finding.severity is Severity.ERROR for site in centre.sites for finding in site.retirement.findings)
    entries = dict(project.addresses.once_public if loses else centre.entries)
    refused: Mapping[str, str] = {}
    if sitemap:
        places, refused = inventory_update.read_sitemap(sitemap, project.settings.url)
        entries = {**{place: Entry(place, "", project.today.isoformat()) for place in places}, **entries}
    known = project.addresses.inventory.entries
    today = project.today.isoformat()
    done = inventory_update.update(project.settings.root, known, entries, centre.notices, today)
    if common.as_json:
        print_json({**asdict(done), "refused": [*refused]})
        return
    for mark, addresses in (("+", done.added), ("~", done.changed), ("-", done.withdrawn)):
        for address in addresses[:MOST_SHOWN]:
            say(f"{mark} /{address}")
        if (more := len(addresses) - MOST_SHOWN) > 0:
            say(f"{mark} … and {more:,} more, in {PATH}")
    for url, reason in refused.items():
        say(f"{url} {reason}: it was left out", err=True)
    say(
        f"{PATH}: {done.total:,} addresses, {len(done.added):,} of them new, {len(done.changed):,} lead elsewhere, "
        f"{len(done.withdrawn):,} withdrawn\n  next: commit {PATH}"
    )
    if loses or sitemap:
        lost = "new addresses are not added while others would be lost: kb check names those"
        say(f"  {lost if loses else 'kb check names the addresses that lead nowhere'}, and how to keep each", err=True)


@click.command()
@click.argument("old")
@click.argument("new")
@common_options(mentions=False)
def mv(common: Common, old: str, new: str) -> None:
    """Rename an article or a folder, and leave a redirect.

    OLD is a path below content/articles, an id or a URL; NEW a path. Links to it are updated.
    """
    from kb_builder.editing import moves

    project = open_project(common)
    moved = moves.move(_content_root(project), old, new)
    lines = [f"{before} → {after}" for before, after in moved.files.items()]
    at_top = f"{FOLDER}/{new.removesuffix('.md')}.md"
    before = next((path for path, after in moved.files.items() if after == at_top), "")
    folder = before.removeprefix(f"{FOLDER}/").rpartition("/")[0]
    if "/" not in new and folder:
        lines.append(f"  out of its folder, {folder}; kb mv {new} {folder}/ takes it back there")
    lines += (f"{path} (changed)" for path in moved.rewritten)
    lines.append(f"{counted(len(moved.redirects), 'redirect')} to the new place; commit the files above")
    common.show(asdict(moved), "\n".join(lines))


@click.command()
@click.argument("name", metavar="ID")
@option("--replaced-by", metavar="ID2", help="The article that answers now.")
@option("--gone", metavar="REASON", help="Why there is no answer any more, as customers may read it.")
@common_options(mentions=False)
def rm(common: Common, name: str, replaced_by: str | None, gone: str | None) -> None:
    """Withdraw an article, and leave a notice at its addresses.

    ID is an id, a path below content/articles or a URL. Its file is deleted; git still has it.
    """
    from kb_builder.content.redirect_chains import Gone
    from kb_builder.content.visibility import never_released
    from kb_builder.editing import removal
    from kb_builder.model import Article

    if replaced_by and gone:
        raise InputError("an article is either replaced or gone", hint="give one of --replaced-by and --gone")
    project = open_project(common)
    once_public = {entry.id for entry in project.addresses.once_public.values() if entry.id}
    hidden = {item.id for item in never_released(project.catalogue, project.now) if isinstance(item, Article)}
    why = Gone(" ".join((gone or "").split()), replaced_by or "", project.today)
    done = removal.remove(_content_root(project), name, why, once_public=once_public, never_public=hidden - once_public)
    lines = [f"{path} (deleted)" for path in (done.removed, *done.translations) if path]
    lines += (f"{path} (changed)" for path in done.changed)
    lines += (f"{path} still links to it: readers find the notice" for path in done.linking)
    lines += (f"{path} linked to it, and links to itself now: rewrite that sentence" for path in done.itself)
    notice = "the next build shows a notice at its addresses"
    lines += [f"commit the files above; {notice if done.noticed else 'it was never public, so there is no notice'}"]
    common.show(asdict(done), "\n".join(lines))


def _content_root(project: "Project") -> "ContentRoot":
    from kb_builder.editing.content_root import ContentRoot

    settings = project.settings
    return ContentRoot(settings.root, project.zone, settings.options.ignore_keys, settings.languages, settings.url)
