"""Names in the content that refer to nothing: unknown articles, undeclared segments and unknown icons."""

from collections.abc import Callable, Collection, Iterable, Iterator
from difflib import get_close_matches

from kb_builder.content.visibility import Catalogue
from kb_builder.errors import Finding, InputError, Severity
from kb_builder.mentions.settings import TrendingSettings
from kb_builder.model import Category, Segment
from kb_builder.rendering import icons

_SEGMENT_HINT = "declare it under segments: in content/trending.yml"
_ARTICLE_HINT = "ids stand in the articles' headers"


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
    lines = text.splitlines()
    for id in sorted(named - known - settings.aliases.keys()):
        line = next((number for number, written in enumerate(lines, start=1) if id in written), 0)
        yield _unknown(path, line, "article", id, known, _ARTICLE_HINT)


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


def _unknown(path: str, line: int, kind: str, name: str, known: Collection[str], hint: str) -> Finding:
    near = get_close_matches(name, known, n=1)
    hint = f'did you mean "{near[0]}"?' if near else hint
    return Finding(path, line, f"unknown-{kind}", Severity.WARNING, f'there is no {kind} "{name}"', hint)
