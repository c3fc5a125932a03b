"""Commands for editors: ``new``, ``import``, ``schema``."""

import shlex
import sys
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kb_builder.commands.cli_shared import Common, common_options, moment, open_project, option, print_json, settings_of
from kb_builder.commands.terminal import say
from kb_builder.content.inventory import PATH as INVENTORY
from kb_builder.content.urls import FOLDER
from kb_builder.errors import InputError
from kb_builder.importing.tools import TOOLS

if TYPE_CHECKING:
    from kb_builder.pipeline.project import Project

_KINDS: Final = ("article", "policy", "announcement")


@click.command()
@click.argument("what")
@click.argument("title", required=False)
@option("--in", "folder", help="Folder of a new article, below content/articles; asked for on a terminal.")
@common_options(mentions=False, json=False)
def new(common: Common, what: str, title: str | None, folder: str | None) -> None:
    """Start a help centre, an article, a policy or an announcement.

    \b
    kb new shop-help
    kb new article "How do I track my order?" --in faq/delivery
    kb new policy "Returns"
    kb new announcement "Parcels are late"
    """
    from kb_builder.editing import scaffold

    if what in _KINDS and title:
        project = open_project(common)
        now, root = project.now.astimezone(project.zone), project.settings.root
        with_articles = _categories(project)
        folders = (category.folder.removeprefix(f"{FOLDER}/") for category in project.catalogue.categories)
        known = {*with_articles, *folders}
        if what == "announcement":
            path = scaffold.new_announcement(root, title, now)
        else:
            policy = what == "policy"
            in_folder = "policies" if policy else folder or _asked_folder(with_articles)
            path = scaffold.new_article(root, title, in_folder, now.date(), _taken_ids(project), policy=policy)
        made = path.removeprefix(f"{FOLDER}/").rpartition("/")[0]
        new_folder = what == "article" and bool(known) and made not in known
        begun = f"\n  in a new category, {made}: name it in its _category.yml" if new_folder else ""
        if what == "article" and not folder and made not in with_articles and with_articles:
            begun += f"\n  --in chooses another folder, such as --in {with_articles[0]}"
        say(f"{path}{begun}\n  a draft: edit it, look at it with kb serve, and take the line draft: true out")
        return
    if title or what in _KINDS:
        hint = 'kb new shop-help, kb new article "How do I track my order?", or kb new announcement "Parcels are late"'
        raise InputError("it is not clear what to start", hint=hint)
    if " " in what and Path(FOLDER).is_dir() and Path("mkdocs.yml").exists():
        # The name of a folder may be given here, too: the checkout of kb-builder is a help centre itself.
        hint = f"to start an article in it: kb new article {shlex.quote(what)}"
        raise InputError("there is a help centre in this folder already", where=".", hint=hint)
    written = scaffold.new_centre(Path(what), moment(common.clock).date())
    go_there = "" if Path(what).resolve() == Path.cwd() else f"cd {shlex.quote(what)} && "
    say(
        f"{len(written)} files in {what}\n  next: {go_there}kb build, or kb serve to look at it"
        "\n  yours to replace: the examples in content/contact.yml, and site_url in mkdocs.yml"
    )


def _taken_ids(project: "Project") -> dict[str, str]:
    """Id of each article that exists, or was public once → the file that says so."""
    once_public = {entry.id: INVENTORY for entry in project.once_public.values() if entry.id}
    return once_public | {article.id: article.path for article in project.catalogue.articles}


def _categories(project: "Project") -> list[str]:
    """The folders of articles that are no policies, below content/articles."""
    below = (article.path.removeprefix(f"{FOLDER}/").rpartition("/")[0] for article in project.catalogue.articles)
    return sorted({folder for folder in below if folder and not folder.startswith("policies")})


def _asked_folder(folders: Sequence[str]) -> str:
    """The folder of a new article: asked for on a terminal where there is a choice, else the usual one."""
    if len(folders) < 2 or not sys.stdin.isatty():
        return folders[0] if len(folders) == 1 else "faq"
    for number, folder in enumerate(folders, start=1):
        say(f"{number:>3}  {folder}")
    question = "Which category? Type its number, or a new folder such as faq/gifts"
    chosen: str = click.prompt(question, value_proc=partial(_chosen, folders))
    return chosen


def _chosen(folders: Sequence[str], typed: str) -> str:
    numbered = {str(number): folder for number, folder in enumerate(folders, start=1)}
    if typed.isdecimal() and typed not in numbered:
        raise click.BadParameter(f"the numbers are 1 to {len(folders)}")  # click asks again
    return numbered.get(typed, typed)


@click.command("import")
@click.argument("tool", type=click.Choice(TOOLS))
@click.argument("export", type=click.Path(path_type=Path))
@option("--report", "as_report", is_flag=True, help="Print, in Markdown, what each article lost.")
@option("--download", is_flag=True, help="Fetch pictures and attachments from the old host.")
@option("--media", type=click.Path(path_type=Path), help="A folder with the export's pictures and attachments.")
@option(
    "--audience", type=click.Choice(["staff", "public"]), default="staff", show_default=True,
    help="Who may read articles whose permission is not in the export.",
)  # fmt: skip
@common_options(clock=False, mentions=False)
def import_command(
    common: Common, tool: str, export: Path, as_report: bool, download: bool, media: Path | None, audience: str,
) -> None:  # fmt: skip
    """Import the articles of another help centre.

    EXPORT is a file with the JSON of the tool's API, or the folder or ZIP archive of its pages. A second import changes
    nothing; articles that changed in the source replace what you haven't edited.
    """
    try:
        from kb_builder.importing import importer, report
    except ImportError:
        hint = 'pip install "kb-builder[import]"'
        raise InputError("kb import needs a library that is not installed", hint=hint) from None
    settings = settings_of(common)
    source = importer.Source(tool, export, media, download=download, public=audience == "public")
    done = importer.import_export(
        settings.root, source, ignore_keys=settings.options.ignore_keys, languages=settings.languages
    )
    if common.as_json:
        print_json(asdict(done))
    elif as_report:
        say(report.report(done), nl=False)
    else:
        say("\n".join((*done.written, *done.updated, *done.media, report.summary(done))))


@click.command()
@common_options(clock=False, mentions=False)
def schema(common: Common) -> None:
    """Print the JSON Schema of an article's header."""
    from kb_builder.content.frontmatter import json_schema

    made = json_schema()
    if Path(common.config_file).is_file():
        made["properties"] |= {key: {} for key in settings_of(common).options.ignore_keys}
    print_json(made)
