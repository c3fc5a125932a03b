"""The editions of a project, one a language, as their pages refer to each other."""

from collections.abc import Collection

from kb_builder.content.languages import own_name
from kb_builder.content.urls import PAGES
from kb_builder.pages.other_languages import Edition, OtherLanguages
from kb_builder.pipeline.project import Project


def other_languages(project: Project) -> OtherLanguages:
    """Where the pages of ``project`` are in the other languages."""
    projects = project.languages
    if len(projects) == 1:
        return OtherLanguages()
    editions = tuple(
        Edition(
            one.settings.language, own_name(one.settings.language), one.settings.direction, one.folder,
            _pages_of(one),
        )
        for one in projects
    )  # fmt: skip
    return OtherLanguages(project.folder, editions)


def source_edition(project: Project) -> dict[str, str]:
    """For a project in another language, what its pages say about the language of the sources."""
    source = project.source.settings
    if not project.language:
        return {}
    return {"source_url": source.url, "source_language": source.language, "source_direction": source.direction}


def _pages_of(project: Project) -> Collection[str]:
    """URL of each page that other languages may have too, further pages of lists left out."""
    view = project.view
    segments, categories = (item.url for item in project.segments), (item.url for item in view.categories)
    notices, articles = (item.url for item in view.announcements), (item.url for item in view.articles)
    return frozenset(("", *(f"{page}/" for page in PAGES), *segments, *categories, *notices, *articles))
