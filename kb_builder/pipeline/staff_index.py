"""The index that staff search with Whoosh's query language."""

import search_index
from kb_builder.pipeline.digests import document
from kb_builder.pipeline.project import Project


def staff_index(project: Project) -> "search_index.StaffIndex":
    """The index that ``kb find`` searches, over everything in the project's view, brought up to date."""
    folder = f"whoosh-{project.language}" if project.language else "whoosh"
    index = search_index.StaffIndex(project.settings.root / ".kb" / folder, project.settings.search_language)
    index.update([document(article, project.digests.body(article)) for article in project.view.articles])
    return index


def _private_synonym(project: Project, names: Sequence[str]) -> Finding:
    path = f"content/synonyms/{project.settings.search_language}.txt"
    count = "a synonym is" if len(names) == 1 else f"{len(names)} synonyms are"
    message = (
        f"{count} left out of customers' search, like “{names[0]}”: only articles that are not released are named so"
    )
    hint = "they count as soon as one is released, or as a released article has the word"
    return Finding(path, 0, "private-synonym", Severity.NOTE, message, hint)
