"""The Markdown copy of each article, which readers and programs can ask for beside its page."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from kb_builder.markdown.body_html import rewrite_targets
from kb_builder.model import Article, Body
from kb_builder.pages import markdown_copies
from kb_builder.pages.page import BodySource
from kb_builder.pipeline.previews import Output
from kb_builder.pipeline.project import Project
from kb_builder.system.cache_keys import code_fingerprint, hash_of


class Copies:
    """Of every article in the project's view."""

    def __init__(self, project: Project, bodies: Mapping[str, BodySource]) -> None:
        """``bodies`` are what pages show, by project path."""
        self._project = project
        self._bodies = bodies

    @cached_property
    def output(self) -> Output:
        """All copies."""
        url, digests = self._project.settings.url, self._project.digests
        start = hash_of(code_fingerprint(), url)
        articles = {f"{article.url}index.md": article for article in self._project.view.articles}
        keys = {
            file: hash_of(start, digests.key_of(article), repr(self._bodies[article.path].targets))
            for file, article in articles.items()
        }

        def make(files: Sequence[str]) -> list[bytes]:
            chosen = [articles[file] for file in files]
            return list(map(self._of, chosen, digests.bodies(chosen)))

        return Output("copies", keys, make)

    @property
    def listed(self) -> Sequence[str]:
        """The paths of the copies that ``llms-full.txt`` joins, in its order."""
        return [f"{article.url}index.md" for article in self._project.view.own]

    def of(self, article: Article) -> bytes:
        """The Markdown copy of one article, in UTF-8."""
        return self._of(article, self._project.digests.body(article))

    def _of(self, article: Article, body: Body) -> bytes:
        url = self._project.settings.url

        def absolute(target: str | None) -> str | None:
            return target if target is None or target.startswith("#") or ":" in target else url + target

        targets = {written: absolute(target) for written, target in self._bodies[article.path].targets}
        return markdown_copies.markdown_copy(article, rewrite_targets(body.html, targets), url)
