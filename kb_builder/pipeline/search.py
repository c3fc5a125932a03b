"""SearchIndex: the index over a project, and the mentions that it matched and learned from."""

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Final

import search_index
from kb_builder.content.visibility import never_released
from kb_builder.errors import Finding
from kb_builder.mentions.counted import Mentions
from kb_builder.mentions.export_names import is_export
from kb_builder.mentions.reader import ExportFiles, Subjects, fingerprint, read_mentions
from kb_builder.mentions.remote import fetch
from kb_builder.mentions.settings import FEWEST_CUSTOMERS
from kb_builder.model import Article
from kb_builder.pipeline.index_builder import IndexBuilder, TeamSynonyms
from kb_builder.pipeline.mention_reading import MentionReading
from kb_builder.pipeline.project import Project
from kb_builder.pipeline.search_findings import MENTIONS_FOLDER, private_synonyms, unread_exports, untrained
from kb_builder.system import source_files
from kb_builder.system.cache_keys import hash_of

ASKED_DAYS: Final = 28
"""Days whose customers lift an article in search."""


class SearchIndex:
    """The index that customers search, whatever the audience of the build.

    Mentions are matched by the index before it learned; then it learns from mentions that named their article.
    """

    def __init__(
        self,
        project: Project,
        mention_files: Sequence[Path] | None = None,
        published: Collection[str] | None = None,
        *,
        source: "SearchIndex | None" = None,
    ) -> None:
        """``mention_files`` are read instead of ``content/mentions``. ``source`` is the index of the language of the
        sources, which counts the mentions of every language together.

        With ``published``, the SHA-256 of the published files, the index that is among them is kept as it is, nothing
        is learned, and gaps are counted for the staff's site only.
        """
        self.project = project
        self._published: Collection[str] | None = source._published if source else published
        self._mention_files = mention_files
        self._source = source or self

    @cached_property
    def languages(self) -> tuple["SearchIndex", ...]:
        """The index of each language, that of the sources first."""
        if self._source is not self:
            return self._source.languages
        return (self, *(SearchIndex(project, source=self) for project in self.project.languages[1:]))

    def in_language(self, code: str) -> "SearchIndex":
        """The index of one language, named as for :meth:`Project.in_language`, which may raise :class:`InputError`."""
        if not code:
            return self._source
        project = self.project.in_language(code)
        return next(index for index in self.languages if index.project is project)

    @cached_property
    def _builder(self) -> IndexBuilder:
        """Of the articles that customers can find, sorted by id."""
        project = self.project
        shown = {article.id for article in project.view.articles}
        found = (item for item in project.public.listed if not item.search_exclude and item.id in shown)
        return IndexBuilder(
            sorted(found, key=lambda article: article.id),
            project.digests,
            TeamSynonyms(project.synonyms, self._private_names),
            settings=project.settings,
            slot=(project.language, str(project.preview)),
            resources=project.resources,
        )

    @property
    def _private_names(self) -> Sequence[str]:
        """Names of what was never released, where they could be among the synonyms."""
        project = self.project
        if not project.synonyms.pairs:
            return ()
        items = never_released(project.catalogue, project.now, preview=project.preview)
        return [f"{item.title} {' '.join(item.asked_as if isinstance(item, Article) else ())}" for item in items]

    @cached_property
    def index(self) -> search_index.IndexFiles:
        """The files that browsers search."""
        builder, progress = self._builder, self.project.progress
        if self._published is not None:
            return builder.published(self._published)
        progress("index", 0, 1)
        asked = self.mentions.recent_customers(ASKED_DAYS, FEWEST_CUSTOMERS) if builder.learns else {}
        examples = self._examples if builder.learns else b""
        found = builder.build(examples, asked) if examples or asked else builder.plain
        progress("index", 1, 1)
        return found

    @property
    def documents(self) -> Mapping[str, int]:
        """The number of each article in the index, by its site-relative url."""
        return {article.url: at for at, article in enumerate(self._builder.articles)}

    def numbers(self, ids: Collection[str]) -> Sequence[int]:
        """The numbers of articles in the index, by their ids."""
        return [at for at, article in enumerate(self._builder.articles) if article.id in ids]

    @cached_property
    def reading(self) -> MentionReading:
        """Reads the mentions of all languages together."""
        if self._source is not self:
            return self._source.reading
        project = self.project
        read = partial(
            read_mentions,
            self._exports,
            Subjects.of(
                {article.id for article in project.public.articles}, {segment.slug for segment in project.segments}
            ),
            progress=lambda done, total: project.progress("mentions", done, total),
            scratch=project.settings.root / ".kb" / "scratch",
        )
        indexes = {one.project.settings.language: one._builder for one in self.languages}
        return MentionReading(read, self._mentions_key, project.now, indexes, project.store)

    @cached_property
    def _exports(self) -> ExportFiles:
        """The files with mentions, and the settings and the moment that they are read with."""
        project, paths = self.project, self._mention_files
        root = project.settings.root
        if paths is None:
            fetched = [path for source in project.trending_settings.sources for path in fetch(source, root)]
            inside = source_files.walk(root, MENTIONS_FOLDER).paths
            paths = [root / path for path in inside if is_export(path)] + fetched
        return ExportFiles(paths, project.trending_settings, project.now, project.zone, root)

    def _mentions_key(self) -> str:
        """A hash of everything that the counts of mentions depend on but the hour."""
        files = self._exports
        articles = (article.id for article in self.project.public.articles)
        keys = (one._builder.key if files.paths else "" for one in self.languages)
        return hash_of(fingerprint(files), *keys, *articles)

    @cached_property
    def mentions(self) -> Mentions:
        """Counts of the mentions in all languages; their words never leave the reader."""
        if self._source is not self:
            return self._source.mentions
        whole = self._published is None
        learns = whole and self._builder.learns and bool(self._exports.paths)
        return self.reading.counted(phrases=whole or self.project.staff, learns=learns)

    @cached_property
    def counts(self) -> Mentions:
        """As :attr:`mentions`, for who needs neither gaps nor examples to learn from: those take half of the time."""
        if self._source is not self:
            return self._source.counts
        return self.mentions if "mentions" in self.__dict__ else self.reading.counted(phrases=False)

    @property
    def _examples(self) -> bytes:
        return self.reading.examples_in(self.project.settings.language, self.mentions.examples)

    @cached_property
    def examples(self) -> search_index.MentionExamples:
        """The examples that search learned from: features of resolved mentions and their customers."""
        return search_index.MentionExamples.from_bytes(self._examples)

    @cached_property
    def reader(self) -> search_index.Reader:
        """Searches as the browser does."""
        return search_index.Reader(self.index.files.__getitem__)

    @cached_property
    def unlearned_reader(self) -> search_index.Reader:
        """Searches as if there were no mentions."""
        return search_index.Reader(self._builder.plain.files.__getitem__)

    @cached_property
    def unweighed_reader(self) -> search_index.Reader:
        """Searches with what was learned, as if no article were asked for more than another."""
        built = self._builder.build(self._examples, {}) if self._examples else self._builder.plain
        return search_index.Reader(built.files.__getitem__)

    @property
    def related(self) -> Mapping[str, Sequence[str]]:
        """Article id → the ids of the most similar articles."""
        return self._builder.related

    @property
    def findings(self) -> tuple[Finding, ...]:
        """That search does not learn for want of a library, and files among the mentions that are not read."""
        private = private_synonyms(self.project.settings.search_language, self._builder.synonyms[1])
        if self._source is not self:
            return private
        unread = unread_exports(self.project.settings.root) if self._mention_files is None else ()
        return (*untrained(self.project.settings.config_file, self.index.unused_questions), *unread, *private)

    def release(self) -> None:
        """Frees what the index was made of: pages need the results only."""
        self._builder.release()
