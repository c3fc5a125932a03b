"""The files of translations: where each is, which pairs there are, and what is written into them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from kb_builder.content.languages import split_name
from kb_builder.content.revisions import revision
from kb_builder.editing import header_edits
from kb_builder.errors import Finding, InputError
from kb_builder.model import Article
from kb_builder.parsing import sources
from kb_builder.parsing.schemas import nearest
from kb_builder.system import filesystem
from kb_builder.translating import documents
from kb_builder.translating.units import Work
from kb_builder.translating.work import Pair, applied


@dataclass(frozen=True)
class Files:
    """The articles of a project, in the language of its sources and in others. ``languages`` begins with the former."""

    root: Path
    articles: Sequence[Article]
    translations: Sequence[Article]
    languages: Sequence[str]
    zone: ZoneInfo
    ignore_keys: Collection[str] = ()

    def language(self, code: str) -> str:
        """A declared language that articles are translated into, as it is declared."""
        found = next((name for name in self.languages[1:] if name.lower() == code.lower()), None)
        if found is None:
            there = ", ".join(self.languages[1:]) or "none"
            hint = f"declared are: {there}; add it in mkdocs.yml to languages:, behind that of the articles"
            raise InputError(f'articles are not translated into "{code}"', hint=hint)
        return found

    def source(self, id: str) -> Article:
        """The article with an id. Raises InputError with the nearest id."""
        found = next((article for article in self.articles if article.id == id), None)
        if found is None:
            near = nearest(id, [article.id for article in self.articles])
            raise InputError(f'no article has the id "{id}"', hint=f"did you mean {near}?" if near else "")
        return found

    def path(self, source: Article, language: str) -> str:
        """Where the translation of an article is, or would be."""
        there = self._translation(source.id, language)
        return (
            there.path if there else f"{split_name(source.path, self.languages)[0].removesuffix('.md')}.{language}.md"
        )

    def pair(self, source: Article, language: str) -> Pair:
        """Both files as texts. Raises InputError when one of them can't be read."""
        target = self.path(source, language)
        existing, text = None, ""
        if filesystem.kind(self.root / target) != "none":
            text = sources.read(self.root, target)
            existing = documents.read(text, target, self.zone, self.ignore_keys)
        read = documents.read(sources.read(self.root, source.path), source.path, self.zone, self.ignore_keys)
        return Pair(
            source.id, source.path, self.languages[0], target, language, revision(source), read, existing, text
        )  # fmt: skip

    def start(self, id: str, language: str) -> str:
        """Writes a draft of a translation, with the words of its source; returns its path."""
        pair = self.pair(self.source(id), language)
        if pair.existing is not None:
            raise InputError("there is a translation already", where=pair.target, hint="edit it")
        text = documents.new(pair.source.fields, pair.source.body, pair.source.action, pair.revision)
        self._write(pair.target, header_edits.add_key(text, pair.target, "draft", "true"))
        return pair.target

    def mark(self, id: str, language: str) -> str:
        """Says that a translation is up to date; returns its path."""
        pair = self.pair(self.source(id), language)
        old = pair.existing
        if old is None:
            hint = f"begin it: kb translate new {id} --to {language}"
            raise InputError(f'"{id}" is not translated into {language}', hint=hint)
        text = documents.edited(pair.text, pair.target, old, old.fields, old.body, pair.revision)
        if text != pair.text:
            self._write(pair.target, text)
        return pair.target

    def mark_important(self, id: str) -> str:
        """Says that the last change of a source is important; returns its path."""
        source = self.source(id)
        text = sources.read(self.root, source.path)
        if source.important != "true":
            self._write(source.path, header_edits.set_key(text, source.path, "important", revision(source)))
        return source.path

    def take(self, works: Iterable[Work], where: str) -> tuple[list[str], int, list[Finding]]:
        """Writes the translations of an XLIFF file: the paths that changed, the number of articles that nobody began,
        and why others could not be written."""
        written: list[str] = []
        untouched = 0
        findings: list[Finding] = []
        for work in works:
            try:
                pair = self._pair_of(work, where)
                if pair.existing is None and work.untouched:
                    untouched += 1
                    continue
                text = applied(pair, work, where)
                # Nothing is written that the next build could not read.
                documents.read(text, pair.target, self.zone, self.ignore_keys)
            except InputError as error:
                place = f"{where}:{work.line}"
                findings += error.findings or sources.findings_of(
                    InputError(error.problem, where=place, hint=error.hint), "bad-xliff"
                )
                continue
            if text != pair.text:
                self._write(pair.target, text)
                written.append(pair.target)
        return written, untouched, findings

    def _pair_of(self, work: Work, where: str) -> Pair:
        if work.source_language.lower() != self.languages[0].lower():
            problem = f'is translated from "{work.source_language}", and articles are in "{self.languages[0]}"'
            raise InputError(problem, where=where)
        return self.pair(self.source(work.id), self.language(work.target_language))

    def _translation(self, id: str, language: str) -> Article | None:
        return next((one for one in self.translations if (one.id, one.language) == (id, language)), None)

    def _write(self, path: str, text: str) -> None:
        filesystem.make_folders((self.root / path).parent)
        filesystem.save(self.root / path, text.encode())
