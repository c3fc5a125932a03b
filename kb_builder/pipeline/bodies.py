"""The texts that pages show: articles and announcements with their links, and the files these refer to."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from kb_builder.model import Announcement, Article
from kb_builder.pages.links import OldTargets
from kb_builder.pages.media import Media
from kb_builder.pages.page import BodySource, Page, changes_anchor
from kb_builder.pipeline.links import Links
from kb_builder.pipeline.project import Project
from kb_builder.system.cache_keys import hash_of


class Bodies:
    """Of everything in the project's view."""

    def __init__(self, project: Project, old_targets: Callable[[], OldTargets]) -> None:
        """``old_targets`` as in :class:`Links`."""
        self.links = Links(project, old_targets)
        self._project = project

    @cached_property
    def media(self) -> Media:
        """The files that articles, announcements and the configuration refer to."""
        settings = self._project.settings
        media = Media(settings.root, frozenset(settings.options.attachments))
        for source, links in self.links.resolved.items():
            for path, line in links.files.values():
                media.add(path, where=source, line=line)
        for name, path in (("logo", settings.logo), ("favicon", settings.favicon)):
            if path:
                media.add(path, where=settings.config_file, line=settings.lines[name], required=True)
        return media

    @cached_property
    def sources(self) -> Mapping[str, BodySource]:
        """Project path → the body that a page shows."""
        sources = {}
        for article in self._project.view.articles:
            changes = changes_anchor(self.links.outline(article)) if article.type == "policy" else ""
            sources[article.path] = self._body_source(article, self._project.digests.key_of(article), changes)
        for item in self._project.view.announcements:
            key = hash_of(item.version, *self._project.digests.inputs(item.body))
            sources[item.path] = self._body_source(item, key, "")
        return sources

    def _body_source(self, item: Article | Announcement, key: str, changes: str) -> BodySource:
        links = self.links.resolved.get(item.path)
        if links is None:
            return BodySource(item.path, key, (), (), changes)
        targets = dict(links.targets)
        for written, (path, line) in links.files.items():
            published = self.media.add(path, where=item.path, line=line)[0]
            _, mark, fragment = written.partition("#")
            targets[written] = published + mark + fragment if published else None
        sizes = self.media.sizes({written: path for written, (path, _) in links.files.items()})
        return BodySource(item.path, key, tuple(sorted(targets.items())), tuple(sorted(sizes.items())), changes)

    def html(self, page: Page) -> str:
        """The body a page shows, with its author's links; empty for pages without one."""
        return self.htmls([page])[0]

    def htmls(self, pages: Iterable[Page]) -> list[str]:
        """The same for each page; the bodies of all articles among them are read together."""
        paths = [page.body.path if page.body else "" for page in pages]
        notices = self.links.notices
        articles = [self._articles_by_path[path] for path in paths if path and path not in notices]
        bodies = self._project.digests.bodies(articles)
        shown = {**notices, **{article.path: body for article, body in zip(articles, bodies, strict=True)}}
        return [shown[path].html if path else "" for path in paths]

    @cached_property
    def _articles_by_path(self) -> Mapping[str, Article]:
        return {article.path: article for article in self._project.view.articles}
