"""Categories: the folders of ``content/articles``, named by ``_category.yml`` or after themselves."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Final, TypeVar

from pydantic import Field

from kb_builder.content import languages, revisions
from kb_builder.errors import Finding, InputError
from kb_builder.model import Category, CategoryTranslation
from kb_builder.parsing import sources
from kb_builder.parsing.fields import Integer, Line
from kb_builder.parsing.schemas import Schema, validate
from kb_builder.parsing.strict_yaml import load

CATEGORY_FILE: Final = "_category.yml"


class CategoryWords(Schema):
    """``_category.de.yml``: what a folder is called in another language."""

    title: Line | None = None
    description: Line = ""
    translated_from: Line = ""
    """The revision of the words that it was made from."""


class CategoryFile(Schema):
    """``_category.yml``: title, description and position of a folder."""

    title: Line | None = None
    description: Line = ""
    order: Integer | None = None
    icon: Line = ""
    titles: dict[str, Line] = Field(default_factory=dict)
    """Language → title."""
    descriptions: dict[str, Line] = Field(default_factory=dict)
    """Language → description."""


Words = TypeVar("Words", bound=Schema)


def read_categories(
    root: Path, paths: Iterable[str], folders: Mapping[str, str], declared: Sequence[str]
) -> tuple[dict[str, Category], list[Finding]]:
    """Project path of each folder with articles → its category, and the findings of their files.

    ``paths`` are all files, ``folders`` are those with articles, with their URLs without the last slash, ``declared``
    are the languages.
    """
    files: dict[str, CategoryFile] = {}
    words: dict[tuple[str, str], CategoryWords] = {}
    findings: list[Finding] = []
    names = []
    files_of_words: dict[tuple[str, str], str] = {}
    for path in paths:
        base, code = languages.split_name(path, declared)
        folder, _, name = base.rpartition("/")
        if not name.startswith("_category."):
            continue
        names.append(path)
        if name != CATEGORY_FILE:
            continue
        try:
            text = sources.read(root, path)
            if code:
                words[folder, code], warnings = parse_category(path, text, CategoryWords)
                files_of_words[folder, code] = path
            else:
                files[folder], warnings = parse_category(path, text, CategoryFile)
            findings += warnings
        except InputError as error:
            findings += error.findings
    # The translation of a folder without a file of its own counts too.
    sources_of = {f"{path.rpartition('/')[0]}/{CATEGORY_FILE}" for path in names}
    findings += languages.undeclared({*names, *sources_of}, declared)
    made = _categories(folders, files, words)
    for (folder, code), its in words.items():
        if folder in made:
            path = files_of_words[folder, code]
            findings += revisions.changed_since(path, its.translated_from, made[folder], f"{folder}/{CATEGORY_FILE}")
    return made, findings


def parse_category(path: str, text: str, model: type[Words]) -> tuple[Words, tuple[Finding, ...]]:
    """A ``_category.yml`` as a ``model``, with warnings. Raises InputError with every finding."""
    hint = f"its keys are {', '.join(model.model_fields)}"
    return validate(load(text, path, with_mistakes=True), model, path, unknown_hint=hint)


def _categories(
    folders: Mapping[str, str], named: Mapping[str, CategoryFile], words: Mapping[tuple[str, str], CategoryWords]
) -> dict[str, Category]:
    """Project path of each folder with articles → its category. ``words`` are keyed by folder and language."""
    made: dict[str, Category] = {}
    for folder, url in folders.items():
        file = named.get(folder, CategoryFile())
        title = file.title or _title_of(PurePosixPath(folder).name)
        translations = {
            code: CategoryTranslation(code, file.titles.get(code, title), file.descriptions.get(code, ""), "")
            for code in {**file.titles, **file.descriptions}
        }
        translations |= {
            code: CategoryTranslation(code, its.title or title, its.description, its.translated_from)
            for (of, code), its in words.items()
            if of == folder
        }
        path = f"{folder}/{CATEGORY_FILE}" if folder in named else ""
        worded = tuple(translations[code] for code in sorted(translations))
        own = (file.description, file.order, file.icon)
        made[folder] = Category(url, title, *own, path, worded, folder, has_description=bool(file.description))
    return made


def _title_of(folder: str) -> str:
    words = folder if " " in folder else folder.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]
