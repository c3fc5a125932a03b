"""The files of translations: where each is, which pairs there are, and what is written into them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kb_builder.content.languages import split_name
from kb_builder.content.revisions import revision
from kb_builder.editing import header_edits
from kb_builder.errors import Finding, InputError, did_you_mean
from kb_builder.model import Announcement, Article, Category
from kb_builder.parsing import sources
from kb_builder.system import filesystem
from kb_builder.system.cache_keys import hash_of
from kb_builder.translating import documents
from kb_builder.translating.names import Settings, names_of
from kb_builder.translating.status import Source, id_of, path_of
from kb_builder.translating.units import Work
from kb_builder.translating.work import Pair, applied


class Outcome(NamedTuple):
    """The result of an import of texts that a translator sent back."""

    written: list[str]
    """Paths of the translations that changed."""
    untouched: int
    """Texts that are still without a translation."""
    findings: list[Finding]
    """Why others could not be written."""


@dataclass(frozen=True)
class Files:
    """The sources of a project, and their translations. ``languages`` begins with that of the sources."""

    root: Path
    articles: Sequence[Article]
    translations: Sequence[Article]
    languages: Sequence[str]
    zone: ZoneInfo
    ignore_keys: Collection[str] = ()
    notices: Sequence[Announcement] = ()
    """In every language."""
    topics: Sequence[Category] = ()
    settings: Sequence[Settings] = ()

    def language(self, code: str) -> str:
        """A declared language that articles are translated into, as it is declared. Raises InputError for another."""
        found = next((name for name in self.languages[1:] if name.lower() == code.lower()), None)
        if found is None:
            there = ", ".join(self.languages[1:]) or "none"
            hint = f"declared are: {there}; add it in mkdocs.yml to languages:, behind that of the articles"
            raise InputError(f'articles are not translated into "{code}"', hint=hint)
        return found

    def source(self, id: str) -> Source:
        """The article with an id, or what the file with that path has. Raises InputError with the nearest id."""
        named = next((article for article in self.articles if article.id == id), None)
        others: tuple[Source, ...] = (*(one for one in self.notices if not one.language), *self.topics, *self.settings)
        found = named or next((other for other in others if path_of(other) == id), None)
        if found is None:
            known = [article.id for article in self.articles] + [path_of(other) for other in others]
            what = "nothing that is translated has the path" if "/" in id else "no article has the id"
            raise InputError(f'{what} "{id}"', hint=did_you_mean(id, known))
        return found

    def path(self, source: Source, language: str) -> str:
        """Where a translation is, or would be."""
        theirs: Iterable[Article | Announcement] = ()
        if isinstance(source, Article):
            theirs = (one for one in self.translations if one.id == source.id)
        elif isinstance(source, Announcement):
            theirs = (one for one in self.notices if one.slug == source.slug)
        stem, _, ending = split_name(path_of(source), self.languages)[0].rpartition(".")
        return next((one.path for one in theirs if one.language == language), f"{stem}.{language}.{ending}")

    def pair(self, source: Source, language: str) -> Pair:
        """Both files as texts. Raises InputError when one of them can't be read."""
        if isinstance(source, Settings):
            return self._words(source, language)
        target, path = self.path(source, language), path_of(source)
        existing, text = None, ""
        if isinstance(source, Category):
            read = documents.topic(source.title, source.description if source.has_description else "")
            named = source.translation(language)
            existing = documents.topic(named.title, named.description, named.translated_from) if named else None
        else:
            kind: documents.Kind = "article" if isinstance(source, Article) else "announcement"
            read = documents.read(sources.read(self.root, path), path, self.zone, self.ignore_keys, kind)
        if filesystem.kind(self.root / target) != "none":
            text = sources.read(self.root, target)
            existing = documents.read(text, target, self.zone, self.ignore_keys, read.kind)
        return Pair(id_of(source), path, self.languages[0], target, language, revision(source), read, existing, text)

    def _words(self, settings: Settings, language: str) -> Pair:
        names = names_of(self.root, settings, language, self.languages[0])
        words = (f"{name}\0{word}" for name, word in sorted(names.words.items()))
        now = hash_of(*words)[:10]
        return Pair(
            settings.path, settings.path, self.languages[0], names.target, language, now,
            documents.words(names.words), documents.words(names.there, now) if names.there else None, names.text, names,
        )  # fmt: skip

    def incomplete(self, language: str) -> list[str]:
        """Paths of the settings files with words that ``language`` lacks."""
        return [one.path for one in self.settings if not names_of(self.root, one, language, self.languages[0]).complete]

    def start(self, id: str, language: str) -> str:
        """Writes a draft of a translation, with the words of its source; returns its path.

        Raises InputError where there is one already.
        """
        pair = self.pair(self.source(id), language)
        if pair.existing is not None:
            raise InputError("there is a translation already", where=pair.target, hint="edit it")
        read = pair.source
        if read.kind in ("topic", "names"):
            what = "a topic has" if read.kind == "topic" else "settings have"
            hint = f"write {pair.target}" + (" with title: …" if read.kind == "topic" else "")
            raise InputError(f"{what} no drafts", where=pair.path, hint=hint)
        text = documents.new(read.fields, read.body, read.action, pair.revision, read.kind)
        filesystem.save_text(self.root / pair.target, text.replace("---\n", "---\ndraft: true\n", 1))
        return pair.target

    def mark(self, id: str, language: str) -> str:
        """Says that a translation is up to date; returns its path. Raises InputError when there is none."""
        pair = self.pair(self.source(id), language)
        old = pair.existing
        if old is None:
            hint = f"begin it: kb translate new {id} --to {language}"
            raise InputError(f'"{id}" is not translated into {language}', hint=hint)
        if pair.names:
            raise InputError("settings don't say what they are translated from", where=pair.target)
        text = documents.edited(pair.text, pair.target, old, old.fields, old.body, pair.revision)
        if text != pair.text:
            filesystem.save_text(self.root / pair.target, text)
        return pair.target

    def mark_important(self, id: str) -> str:
        """Says that the last change of a source is important; returns its path.

        Raises InputError for what is no article.
        """
        source = self.source(id)
        if not isinstance(source, Article):
            raise InputError("only a change of an article can be marked as important", where=path_of(source))
        text = sources.read(self.root, source.path)
        if source.important != "true":
            text = header_edits.set_key(text, source.path, "important", revision(source))
            filesystem.save_text(self.root / source.path, text)
        return source.path

    def write_all(self, works: Iterable[Work], where: str) -> Outcome:
        """Writes the translations of the XLIFF file ``where``."""
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
                # A file that the next build could not read is not written.
                if not pair.names:
                    documents.read(text, pair.target, self.zone, self.ignore_keys, pair.source.kind)
            except InputError as error:
                place = f"{where}:{work.line}"
                findings += error.findings or sources.findings_of(
                    InputError(error.problem, where=place, hint=error.hint), "bad-xliff"
                )
                continue
            if text != pair.text:
                filesystem.save_text(self.root / pair.target, text)
                written.append(pair.target)
        return Outcome(written, untouched, findings)

    def _pair_of(self, work: Work, where: str) -> Pair:
        if work.source_language.lower() != self.languages[0].lower():
            problem = f'is translated from "{work.source_language}", and articles are in "{self.languages[0]}"'
            raise InputError(problem, where=where)
        return self.pair(self.source(work.id), self.language(work.target_language))
