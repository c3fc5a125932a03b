"""``kb suggest``: phrasings from unresolved mentions, for an editor to tick and reword."""

from pathlib import Path

import click

import search_index
from kb_builder.commands.cli_shared import Common, common_options, open_project, open_search, option
from kb_builder.editing.header_edits import add_item
from kb_builder.errors import InputError, clip, counted
from kb_builder.pipeline.project import Project
from kb_builder.pipeline.search import SearchIndex
from kb_builder.support import suggestions
from kb_builder.system import filesystem, source_files


@click.command()
@click.argument("article_id", metavar="[ID]", required=False)
@option("--limit", type=click.IntRange(1, 50), default=10, show_default=True, help="Phrasings offered per article.")
@option("--accept", type=click.Path(path_type=Path), metavar="FILE", help="Add what is ticked and reworded in FILE.")
@common_options()
def suggest(common: Common, article_id: str | None, limit: int, accept: Path | None) -> None:
    """Offer phrasings from unresolved mentions to an editor.

    Writes suggestions/ID.md for one article, or for each that has mentions near it. The files are for staff: they quote
    customers, and nothing is published before an editor has reworded it.
    """
    project = open_project(common, warn=True)
    if accept is not None:
        path, added = _accept(project, accept)
        done = f"{counted(len(added), 'phrasing')} added; commit the file" if added else "nothing new is ticked"
        common.show({"path": path, "added": added}, f"{path}: {done}")
        return
    if article_id and article_id not in {article.id for article in project.public.articles}:
        raise InputError(f'there is no public article "{clip(article_id)}"', hint="kb search finds its id")
    written = _offer(open_search(project, common.mentions), article_id, limit)
    lines = [f"{path}: {counted(count, 'mention')} to tick and reword" for path, count in written.items()]
    none = f"there is no unresolved mention near {article_id or 'any article'}"
    common.show({"files": written}, "\n".join(lines) or none)


def _offer(search: SearchIndex, article_id: str | None, limit: int) -> dict[str, int]:
    """Writes review files, and returns how many mentions each holds. A file that an editor may be working on stays."""
    project = search.project
    language = project.settings.search_language
    near = search.reading.near(search.index, project.settings.language, [article_id] if article_id else None)
    folder = project.settings.root / suggestions.FOLDER
    written = {}
    for article in project.public.articles:
        known = (article.title, *article.asked_as)
        offered = suggestions.offers(
            near.get(article.id, ()), known, lambda text: search_index.stems(text, language), limit
        )
        path = f"{suggestions.FOLDER}/{article.id}.md"
        if not offered:
            continue
        if filesystem.kind(project.settings.root / path) != "none":
            if article_id:
                raise InputError("this review file exists", where=path, hint="accept it with --accept, or delete it")
            continue
        filesystem.make_private_folder(folder)
        filesystem.save_text(project.settings.root / path, suggestions.review_file(article.id, article.title, offered))
        written[path] = len(offered)
    return written


def _accept(project: Project, file: Path) -> tuple[str, list[str]]:
    """Adds the phrasings of a review file to ``asked_as``; returns the article's path and what was added."""
    if not file.is_file():
        raise InputError("there is no such review file", where=str(file), hint="kb suggest ID writes one")
    accepted = suggestions.read_review(source_files.read_text(file.parent, file.name), str(file))
    article = next((item for item in project.catalogue.articles if item.id == accepted.article_id), None)
    if article is None:
        raise InputError(f'there is no article "{accepted.article_id}"', where=f"{file}:1", hint="it may have moved")
    known = {phrase.casefold() for phrase in article.asked_as}
    added = [phrase for phrase in accepted.phrasings if phrase.casefold() not in known]
    root = project.settings.root
    text = source_files.read_text(root, article.path)
    for phrase in added:
        text = add_item(text, article.path, "asked_as", phrase)
    if added:
        filesystem.save_text(root / article.path, text)
    return article.path, added
