"""Revisions: which version of a source a translation was made from.

A revision is a hash of what customers read of an article, an announcement or a topic. A date, a tag or a review doesn't
change it, and neither do notes for staff and comments.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from kb_builder.errors import Finding, Severity
from kb_builder.model import Announcement, Article, Category
from kb_builder.system.cache_keys import hash_of

_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_LENGTH: Final = 10


def revision(source: Article | Announcement | Category) -> str:
    """The revision of a source: ten hexadecimal digits, the same on every machine and in every version."""
    if isinstance(source, Category):
        return hash_of(source.title, source.description)[:_LENGTH]
    replies = (f"{channel}\0{text}" for channel, text in source.replies)
    body = _COMMENT.sub("", source.body).strip()
    if isinstance(source, Announcement):
        return hash_of(source.title, source.summary, *replies, body)[:_LENGTH]
    action = (source.action.label, source.action.url) if source.action else ()
    words = (source.title, source.nav_title, source.description, source.answer_markdown, *source.must_say, *action)
    return hash_of(*words, *replies, body)[:_LENGTH]


def is_stale(translation: Article | Announcement, source: Article | Announcement) -> bool:
    """Whether the source has changed since it was translated; never where the translation doesn't say from what."""
    return bool(translation.translated_from) and translation.translated_from != revision(source)


def is_outdated(translation: Article, source: Article) -> bool:
    """Whether readers see a note about it: an important change is missing in the translation.

    ``important: true`` makes every change of a source important; a revision there, the change that led to it.
    """
    return is_stale(translation, source) and source.important not in ("", translation.translated_from)


def aged(translations: Iterable[Article], sources: Iterable[Article]) -> tuple[list[Article], list[Finding]]:
    """``translations``, those that readers are warned of marked, and a finding for each that is not up to date."""
    by_id = {source.id: source for source in sources}
    found: list[Article] = []
    findings: list[Finding] = []
    for article in translations:
        source = by_id[article.id]
        found.append(replace(article, outdated=True) if is_outdated(article, source) else article)
        findings += _age(article, source)
    return found, findings


def _age(article: Article, source: Article) -> Iterator[Finding]:
    """A warning for a translation that is older than its source, and a note where that is not known."""
    line = article.line_of("translated_from")
    hint = f"bring it up to date, then: kb translate mark {source.id} --to {article.language}"
    if is_stale(article, source):
        yield _stale(article.path, line, source.path, hint)
    elif not article.translated_from:
        message = "the translation doesn't say from which revision of its source it was made"
        yield Finding(article.path, line, "translation-unmarked", Severity.NOTE, message, hint)


def changed_since(
    path: str, translated_from: str, source: Announcement | Category, source_path: str
) -> Iterator[Finding]:
    """A warning for an announcement or words of a topic that are older than their source."""
    if translated_from and translated_from != revision(source):
        hint = f"bring it up to date, then: kb translate mark {source_path} --to LANGUAGE"
        yield _stale(path, 1, source_path, hint)


def _stale(path: str, line: int, source: str, hint: str) -> Finding:
    message = f"{source} has changed since this was translated"
    return Finding(path, line, "translation-stale", Severity.WARNING, message, hint)
