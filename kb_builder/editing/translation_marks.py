"""Keeps translations up to date where a command changes links in their sources: the words stay the same."""

from collections.abc import Iterator
from typing import TypeAlias

from kb_builder.content.announcements import read_announcements
from kb_builder.content.articles import Contents
from kb_builder.content.revisions import is_stale, revision
from kb_builder.editing.content_root import ContentRoot
from kb_builder.editing.header_edits import set_key
from kb_builder.model import Announcement, Article
from kb_builder.system import filesystem, source_files

Mark: TypeAlias = tuple[str, str]
"""Id of an article, or path of a translated announcement, and the language of the translation."""


def current(place: ContentRoot, contents: Contents) -> frozenset[Mark]:
    """Each translation, of an article or an announcement, that is marked as made from its source as it is."""
    return frozenset(
        mark for mark, one, source in _pairs(place, contents) if one.translated_from and not is_stale(one, source)
    )


def mark_current(place: ContentRoot, were_current: frozenset[Mark]) -> Iterator[str]:
    """Marks those translations as made from their sources as they are now; yields each changed path."""
    root, contents = place.root, place.contents()
    for mark, one, source in _pairs(place, contents):
        if mark in were_current and is_stale(one, source):
            text = source_files.read_text(root, one.path)
            text = set_key(text, one.path, "translated_from", revision(source))
            filesystem.save_text(root / one.path, text)
            yield one.path


def _pairs(
    place: ContentRoot, contents: Contents
) -> Iterator[tuple[Mark, Article | Announcement, Article | Announcement]]:
    """Each translation with its source."""
    articles = {article.id: article for article in contents.articles}
    for one in contents.translations:
        if one.id in articles:
            yield (one.id, one.language), one, articles[one.id]
    notices = read_announcements(place.root, zone=place.zone, declared=place.declared)[0] if place.declared else ()
    sources = {notice.slug: notice for notice in notices if not notice.language}
    for notice in notices:
        if notice.language:
            yield (notice.path, notice.language), notice, sources[notice.slug]
