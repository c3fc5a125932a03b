"""An article in several languages: which of its texts is the source here, and which are translations of it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from kb_builder.importing.exported import Exported, Folder

NOT_IMPORTED: Final = "translation not imported"
OUTDATED: Final = "translation older than its source"
_OF_TEXT: Final = ("language", "title", "html", "markdown", "description", "old_paths", "draft", "file")
"""What each language has of its own; the rest is that of the article."""


def gathered(every: Iterable[Exported]) -> tuple[dict[str, Exported], Counter[str]]:
    """Id → article. What has the id of an earlier one and another language is a translation of it; what has both is
    counted."""
    found: dict[str, Exported] = {}
    repeated = Counter[str]()
    for article in every:
        first = found.get(article.id)
        if not article.id:
            continue
        if first is None:
            found[article.id] = article
        elif article.language and article.language not in (
            first.language,
            *(each.language for each in first.translations),
        ):
            found[article.id] = replace(first, translations=(*first.translations, article))
        else:
            repeated["repeated article not imported"] += 1
    return found, repeated


def in_languages(article: Exported, declared: Sequence[str]) -> Exported:
    """``article`` with its text in the first of the ``declared`` languages, and translations into the others.

    ``language`` of a translation is the declared code. Texts in other languages are counted. An article that is not
    there in the first language keeps the text that its tool calls the source.
    """
    versions = (article, *article.translations)
    chosen: dict[str, Exported] = {}
    for version in versions:
        code = code_of(version.language, declared)
        if code and (version.html or version.markdown).strip():
            chosen.setdefault(code, version)
    source = chosen.get(declared[0], article) if declared else article
    kept = {code: version for code, version in chosen.items() if version is not source}
    losses = Counter(article.losses)
    for version in versions:
        if version is not source and version not in kept.values():
            losses[f"{NOT_IMPORTED}: {version.language or 'unknown language'}"] += 1
    return replace(
        article,
        **{name: getattr(source, name) for name in _OF_TEXT},
        losses=losses,
        folders=tuple(_named(folder, declared) for folder in article.folders),
        translations=tuple(replace(kept[code], language=code, translations=()) for code in sorted(kept)),
    )


def code_of(language: str, declared: Sequence[str]) -> str:
    """The declared code for what a tool calls a language: ``de`` for ``de-AT``; empty for one that is not declared."""
    written = language.replace("_", "-").casefold()
    base = written.partition("-")[0]
    for same in (
        [code for code in declared if code.casefold() == written],
        [code for code in declared if code.casefold() == base],
        [code for code in declared if code.casefold().partition("-")[0] == base],
    ):
        if written and same:
            return same[0]
    return ""


def _named(folder: Folder, declared: Sequence[str]) -> Folder:
    """``folder`` with its name in the first declared language, and its names in the others."""
    names: dict[str, str] = {}
    for language, name in folder.names:
        if code := code_of(language, declared):
            names.setdefault(code, name)
    name = names.pop(declared[0], folder.name) if declared else folder.name
    return replace(folder, name=name, names=tuple(sorted(names.items())))
