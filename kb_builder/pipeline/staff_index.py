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
