"""The context that all pages of a site share: its name, navigation, contact channels and banners."""

from collections.abc import Mapping
from typing import Final

import search_index
from kb_builder.content.interface_language import Language
from kb_builder.model import Contact
from kb_builder.pages import elements, feeds, page
from kb_builder.pages.links import ResolvedLinks
from kb_builder.pages.media import Media
from kb_builder.pipeline.editions import source_edition
from kb_builder.pipeline.project import Project

SEARCH_FOLDER: Final = "search/index/"
# Ad blockers block "trending", but not this.
HAPPENING_FILE: Final = "api/happening.json"
FOOTER_LINKS: Final = ("imprint", "privacy", "terms")


def shared_context(
    project: Project,
    media: Media,
    links: Mapping[str, ResolvedLinks],
    language: Language,
    contact: Contact,
    social_image: str,
) -> elements.Site:
    """The context that all pages of ``project`` share. ``links`` are those of :class:`Links`, ``social_image`` is the
    site path of the preview image."""
    settings = project.settings
    topics = page.cards(project.view, language.word("Other questions"))
    return elements.Site(
        name=settings.name,
        url=settings.url,
        language=settings.language,
        direction=settings.direction,
        logo=media.target(settings.logo),
        logo_size=media.size(settings.logo),
        favicon=media.target(settings.favicon),
        contact=contact,
        categories=topics[: page.MENU_CATEGORIES],
        more_categories=len(topics) > page.MENU_CATEGORIES,
        policies=next((elements.Crumb(c.title, c.url) for c in project.view.categories if c.path == "policies"), None),
        segments=project.segments,
        banners=page.banners(project.view.announcements, project.view, _announced_articles(project, links)),
        feedback=settings.options.feedback,
        search_root=SEARCH_FOLDER + search_index.ROOT,
        staff=project.staff,
        preview=project.preview,
        happening=HAPPENING_FILE,
        feeds=feeds.linked(settings.name, language),
        links=tuple(
            elements.SiteLink(
                *link.in_language(settings.language, project.source.settings.language), key in FOOTER_LINKS
            )
            for key, link in settings.options.links.items()
        ),
        social_image=social_image,
        **source_edition(project),
    )


def _announced_articles(project: Project, links: Mapping[str, ResolvedLinks]) -> Mapping[str, tuple[str, ...]]:
    """Slug of an announcement → URLs of the articles it links to."""
    urls = {article.url for article in project.view.articles}
    return {
        item.slug: tuple(sorted({target for target in links[item.path].targets.values() if target in urls}))
        for item in project.view.announcements
        if item.path in links
    }
