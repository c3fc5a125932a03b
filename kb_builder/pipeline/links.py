"""Links: where the links of a project's texts lead, and what is wrong with them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from kb_builder.content.languages import split_name
from kb_builder.content.refused import refused_articles
from kb_builder.content.urls import PAGES, SUBSCRIBED
from kb_builder.content.visibility import withheld, withheld_by_clock
from kb_builder.errors import Finding, Severity
from kb_builder.markdown.autolinks import may_have
from kb_builder.model import Announcement, Article, Body, Link, Outline
from kb_builder.pages.links import LinkedTexts, LinkMap, OldTargets, ResolvedLinks, may_link_to
from kb_builder.pipeline.digests import ShortText
from kb_builder.pipeline.project import Project


@dataclass(frozen=True)
class Links:
    """The links of articles and announcements, and the bodies that hold them."""

    project: Project
    old_targets: Callable[[], OldTargets]
    """Where links to addresses that were published once lead."""

    @cached_property
    def notices(self) -> Mapping[str, Body]:
        """Project path of each announcement → its body."""
        return self.project.digests.short({item.path: ShortText.of(item) for item in self.project.view.announcements})

    @cached_property
    def answers(self) -> Mapping[str, Body]:
        """Project path of each article whose answer has inline Markdown or an address → the answer as HTML."""
        return self.project.digests.short(
            {
                article.path: ShortText(article.answer_markdown, "", article.line_of("answer"))
                for article in self.project.view.articles
                if article.answer_markdown != article.answer or may_have(article.answer)
            }
        )

    def _header_links(self, item: Article | Announcement) -> tuple[Link, ...]:
        """The links of an article's header: in its answer, and its main button."""
        answer = self.answers.get(item.path)
        action = item.action if isinstance(item, Article) else None
        button = (Link(action.url, item.line_of("action")),) if action and isinstance(item, Article) else ()
        return (*(answer.outline.links if answer else ()), *button)

    def outline(self, item: Article | Announcement) -> Outline:
        """Its headings, links and findings; an article that was refused has no digest."""
        digests = self.project.digests
        if isinstance(item, Article) and item.id in digests.outlines:
            return digests.outlines[item.id]
        if isinstance(item, Article):
            return digests.convert(item).outline
        notice = self.notices.get(item.path)
        return (notice or digests.converter.convert(item.body, title=item.title, first_line=item.body_line)).outline

    @cached_property
    def resolved(self) -> Mapping[str, ResolvedLinks]:
        """Project path of each article and announcement with links → their targets."""
        view = self.project.view
        released: tuple[Article | Announcement, ...] = (*view.articles, *view.announcements)
        linking = [item for item in released if self.outline(item).has_links or self._header_links(item)]
        # Collecting the possible targets would take longer than anything else here.
        return {item.path: self._link_map.resolve(item) for item in linking} if linking else {}

    @cached_property
    def _link_map(self) -> LinkMap:
        project, view = self.project, self.project.view
        own = {f"{page}/" for page in PAGES}
        # A preview has no sitemap.
        own |= SUBSCRIBED - {"sitemap.xml"}
        return LinkMap(
            LinkedTexts(
                released=(*view.articles, *view.announcements),
                withheld=withheld(project.catalogue, view),
                outline_of=self.outline,
                header_links=self._header_links,
            ),
            project.reading.contents.paths,
            pages=own | {category.url for category in view.categories} | {segment.url for segment in project.segments},
            folders={category.folder: category.url for category in view.categories},
            site_url=project.settings.url,
            old=self.old_targets(),
            aliases=self._aliases,
            elsewhere=self._elsewhere,
            source_url=project.source.settings.url,
        )

    @cached_property
    def _aliases(self) -> Mapping[str, str]:
        """Project path of each translation, and of what it translates → the path of the text that is released here."""
        project, declared = self.project, self.project.settings.languages
        if not declared:
            return {}
        here = {split_name(item.path, declared)[0]: item.path for item in project.view.articles}
        same = ((path, split_name(path, declared)[0]) for path in project.reading.contents.paths)
        return here | {path: here[base] for path, base in same if base in here}

    @cached_property
    def _elsewhere(self) -> Mapping[str, str]:
        """Path and URL of each article that is in the language of the sources only → where it is."""
        project = self.project
        if not project.language:
            return {}
        shown = {article.url for article in project.view.articles}
        others = [article for article in project.source.view.articles if article.url not in shown]
        return {key: f"../{article.url}" for article in others for key in (article.path, article.url)}

    def findings(self) -> Iterator[Finding]:
        """Findings in links. Those of a text in place of a translation are reported for the source."""
        shown_for_another = {article.path for article in self.project.view.articles if article.fallback}
        for path, links in self.resolved.items():
            if path not in shown_for_another:
                yield from links.findings
        for path, answer in self.answers.items():
            if path not in shown_for_another:
                yield from (replace(finding, path=path) for finding in answer.outline.findings)

    def findings_of_refused(self) -> Iterator[Finding]:
        """Findings in bodies of articles that have an error elsewhere, so that their authors see everything at
        once."""
        contents = self.project.reading.contents
        read = {article.path for article in (*contents.articles, *contents.translations)}
        left_out = [path for path in contents.paths if path.lower().endswith(".md") and path not in read]
        if left_out and not self.project.language:
            for article in refused_articles(self.project.settings.root, left_out, contents.findings):
                yield from self._link_map.resolve(article).findings

    def findings_at_other_times(self) -> Iterator[Finding]:
        """Errors in the links of what is withheld only by its dates, so that no date can stop a later build."""
        by_clock = withheld_by_clock(self.project.catalogue, self.project.view)
        hidden = withheld(self.project.catalogue, self.project.view)
        forbidden = [item for item in hidden if item.path not in by_clock]
        for item in hidden:
            if item.path in by_clock and may_link_to(item, forbidden):
                found = self._link_map.resolve(item).findings
                yield from (finding for finding in found if finding.severity is Severity.ERROR)
