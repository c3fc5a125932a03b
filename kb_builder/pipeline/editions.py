"""The editions of a project, one a language, as their pages refer to each other."""

from kb_builder.content.languages import own_name
from kb_builder.pages.other_languages import Edition, OtherLanguages, pages_of
from kb_builder.pipeline.project import Project


def other_languages(project: Project) -> OtherLanguages:
    """Where the pages of ``project`` are in the other languages."""
    projects = project.languages
    if len(projects) == 1:
        return OtherLanguages()
    editions = tuple(
        Edition(
            one.settings.language, own_name(one.settings.language), one.settings.direction, one.folder,
            pages_of(one.view, [segment.url for segment in one.segments]),
        )
        for one in projects
    )  # fmt: skip
    return OtherLanguages(project.source.settings.url, project.folder, editions)


def source_edition(project: Project) -> dict[str, str]:
    """For a project in another language, what its pages say about the language of the sources."""
    source = project.source.settings
    if not project.language:
        return {}
    return {"source_url": source.url, "source_language": source.language, "source_direction": source.direction}
