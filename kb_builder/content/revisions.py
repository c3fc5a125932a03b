"""Revisions: which version of a source a translation was made from.

A revision is a hash of what customers read of an article. A date, a tag or a review doesn't change it, and neither do
notes for staff and comments.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from kb_builder.errors import Finding, Severity
from kb_builder.model import Article
from kb_builder.system.cache_keys import hash_of

_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_LENGTH: Final = 10


def revision(source: Article) -> str:
    """The revision of a source: ten hexadecimal digits, the same on every machine and in every version."""
    action = (source.action.label, source.action.url) if source.action else ()
    words = (source.title, source.nav_title, source.description, source.answer_markdown, *source.must_say, *action)
    replies = (f"{channel}\0{text}" for channel, text in source.replies)
    return hash_of(*words, *replies, _COMMENT.sub("", source.body).strip())[:_LENGTH]


def is_stale(translation: Article, source: Article) -> bool:
    """Whether the source has changed since it was translated; never where the translation doesn't say from what."""
    return bool(translation.translated_from) and translation.translated_from != revision(source)


def is_outdated(translation: Article, source: Article) -> bool:
    """Whether readers are told: an important change is missing in the translation.

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
        message = f"{source.path} has changed since this was translated"
        yield Finding(article.path, line, "translation-stale", Severity.WARNING, message, hint)
    elif not article.translated_from:
        message = "the translation doesn't say from which revision of its source it was made"
        yield Finding(article.path, line, "translation-unmarked", Severity.NOTE, message, hint)
