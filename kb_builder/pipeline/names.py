"""Names in the content that refer to nothing: unknown articles, undeclared segments and unknown icons."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from kb_builder.config import SiteLink
from kb_builder.content.contact import path_of as contact_path
from kb_builder.content.languages import is_known
from kb_builder.content.visibility import Catalogue
from kb_builder.errors import Finding, InputError, Severity, did_you_mean
from kb_builder.mentions.settings import TrendingSettings
from kb_builder.model import Announcement, Category, Contact, Segment
from kb_builder.parsing.strict_yaml import Mapping as YamlMapping
from kb_builder.parsing.strict_yaml import load, values_of
from kb_builder.rendering import icons
from kb_builder.support.templates import templates_without

_SEGMENT_HINT = "declare it under segments: in content/trending.yml"
_ARTICLE_HINT = "the id of an article is in its header"
_WITH_ARTICLES = ("pin", "never", "suppress", "tags", "aliases")
"""Keys of ``trending.yml`` with ids of articles."""
_IN_LANGUAGES = ("content/contact.*.yml", "content/synonyms/*.txt", "content/replies/*.*.txt")
"""Files with the code of a language before their ending."""


def unknown_names(catalogue: Catalogue, declared: Collection[Segment]) -> Iterator[Finding]:
    """Undeclared segments and unknown related articles in headers."""
    segments = {segment.slug for segment in declared}
    ids = {article.id for article in catalogue.articles}
    for item in catalogue.announcements:
        for name in sorted(set(item.segments) - segments):
            yield _unknown(item.path, 0, "segment", name, segments, _SEGMENT_HINT)
    for article in catalogue.articles:
        for name in sorted(set(article.segments) - segments):
            yield _unknown(article.path, article.line_of("segments"), "segment", name, segments, _SEGMENT_HINT)
        for name in sorted(set(article.related) - ids):
            yield _unknown(article.path, article.line_of("related"), "article", name, ids, _ARTICLE_HINT)


def unknown_settings(settings: TrendingSettings, catalogue: Catalogue, text: str, path: str) -> Iterator[Finding]:
    """Unknown articles in ``trending.yml``, whose content is ``text``."""
    named = {
        *(pin.id for pin in settings.pin),
        *(rule.id for rule in settings.suppress),
        *settings.never,
        *settings.tags.values(),
        *settings.aliases.values(),
    }
    known = {article.id for article in catalogue.articles}
    if unknown := sorted(named - known - settings.aliases.keys()):
        node = load(text, path, with_mistakes=True)
        places = [(key, node.get(key)) for key in _WITH_ARTICLES] if isinstance(node, YamlMapping) else []
        found = [value for key, place in places for inner, value in values_of(place, key) if inner != "segment"]
        lines = {id.strip(): value.line for value in reversed(found) for id in value.text.split(",")}
        for id in unknown:
            yield _unknown(path, lines.get(id, 0), "article", id, known, _ARTICLE_HINT)


def unknown_icons(categories: Iterable[Category], read: Callable[[str], str]) -> Iterator[Finding]:
    """Icons that Material's sets don't have; ``read`` returns the text of a project file."""
    for category in categories:
        if not category.icon:
            continue
        try:
            icons.check(category.icon)
        except InputError as error:
            lines = enumerate(read(category.file).splitlines(), start=1)
            line = next((number for number, text in lines if text.startswith("icon:")), 0)
            yield Finding(category.file, line, "unknown-icon", Severity.ERROR, error.problem, error.hint)


def untranslated_names(
    language: str, categories: Iterable[Category], settings: TrendingSettings, path: str
) -> Iterator[Finding]:
    """Topics and segments without their words in ``language``; ``path`` is that of the settings."""
    for category in categories:
        where = category.file or f"content/articles/{category.path}"
        translation = category.translation(language)
        if translation is None:
            message = f'the topic "{category.title}" has no title in "{language}": its lists and menus show this one'
            yield _untranslated(where, message, f"add to it:  titles: {{{language}: …}}")
        elif category.has_description and not translation.description:
            message = f'the topic "{category.title}" has no description in "{language}"'
            yield _untranslated(where, message, f"add to it:  descriptions: {{{language}: …}}")
    for slug, name in settings.segments.items():
        if slug not in settings.titles.get(language, {}):
            message = f'the segment "{name}" has no name in "{language}"'
            yield _untranslated(path, message, f"add to it:  titles: {{{language}: {{{slug}: …}}}}")


def untranslated_parts(
    language: str,
    contact: Contact | None,
    notices: Iterable[Announcement],
    links: Mapping[str, SiteLink],
    config: str,
) -> Iterator[Finding]:
    """Findings of texts that pages in ``language`` show in that of the sources: words of ``contact``, announcements,
    and the labels of ``links``, which are in the file ``config``."""
    channels = contact.channels if contact else ()
    spoken = [words for one in channels for words in (one.label if one.own_label else "", one.cost) if words]
    spoken += [contact.no_phone] if contact and contact.no_phone else []
    if spoken:
        message = f'the channels are described in another language than "{language}": “{spoken[0]}”'
        yield _untranslated(contact_path(""), message, f"write {contact_path(language)}, with all channels")
    for notice in notices:
        message = f'the announcement "{notice.title}" is not translated into "{language}", and is shown there as it is'
        yield _untranslated(notice.path, message, f"write {notice.path.removesuffix('.md')}.{language}.md")
    for name, link in links.items():
        if language not in link.label:
            message = f'the link "{name}" has no label in "{language}"'
            yield _untranslated(config, message, f"add to it:  label: {{{language}: …}}")


def untranslated_files(root: Path, language: str, source: str) -> Iterator[Finding]:
    """Reply templates, and synonyms of the language of the sources, that ``language`` has none of."""
    for path, channel in templates_without(root, language):
        message = f'the reply template "{channel}" is not written in "{language}": replies in it use this one'
        yield _untranslated(path, message, f"write {path.removesuffix('.txt')}.{language}.txt")
    own, theirs = (f"content/synonyms/{code}.txt" for code in (source, language))
    if (root / own).exists() and not (root / theirs).exists():
        message = f'search knows the synonyms of "{source}", and none of "{language}"'
        yield _untranslated(own, message, f"write {theirs}, with what customers type in that language")


def _untranslated(path: str, message: str, hint: str) -> Finding:
    return Finding(path, 0, "untranslated-name", Severity.NOTE, message, hint)


def undeclared_names(codes: Iterable[str], declared: Collection[str], path: str) -> Iterator[Finding]:
    """Names that are given in a language of which there is no help centre."""
    for code in sorted(set(codes) - set(declared)):
        message = f'names are given in the language "{code}", which is not declared'
        hint = (
            f"declared: {', '.join(declared)}"
            if declared
            else "declare the languages in mkdocs.yml: languages: [en, de]"
        )
        yield Finding(path, 0, "undeclared-language", Severity.WARNING, message, hint)


def undeclared_files(root: Path, declared: Sequence[str]) -> Iterator[Finding]:
    """Channels, synonyms and reply templates in a language of which there is no help centre."""
    known = {code.split("-")[0].lower() for code in declared}
    for path in sorted(path for pattern in _IN_LANGUAGES for path in root.glob(pattern)):
        code = path.stem.rpartition(".")[2]
        if code.split("-")[0].lower() not in known and is_known(code):
            message = f'is in the language "{code}", which is not declared: it is not read'
            hint = (
                f"declare the languages in mkdocs.yml, the source first:  languages: [{', '.join((*declared, code))}]"
            )
            yield Finding(path.relative_to(root).as_posix(), 0, "undeclared-language", Severity.WARNING, message, hint)


def _unknown(path: str, line: int, kind: str, name: str, known: Collection[str], hint: str) -> Finding:
    hint = did_you_mean(name, known, hint)
    return Finding(path, line, f"unknown-{kind}", Severity.WARNING, f'there is no {kind} "{name}"', hint)
