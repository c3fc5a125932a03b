"""Keeps translations up to date where a command changes links in their sources: the words stay the same."""

from collections.abc import Iterator
from pathlib import Path

from kb_builder.content.articles import Contents
from kb_builder.content.revisions import is_stale, revision
from kb_builder.editing.header_edits import set_key
from kb_builder.system import filesystem, source_files


def current(contents: Contents) -> frozenset[tuple[str, str]]:
    """Id and language of each translation that is marked as made from its source as it is."""
    sources = {article.id: article for article in contents.articles}
    return frozenset(
        (one.id, one.language)
        for one in contents.translations
        if one.translated_from and one.id in sources and not is_stale(one, sources[one.id])
    )


def renew(root: Path, contents: Contents, were_current: frozenset[tuple[str, str]]) -> Iterator[str]:
    """Marks those translations as made from their sources as ``contents`` has them; yields each changed path."""
    sources = {article.id: article for article in contents.articles}
    for one in contents.translations:
        if (one.id, one.language) in were_current and is_stale(one, sources[one.id]):
            text = source_files.read_text(root, one.path)
            text = set_key(text, one.path, "translated_from", revision(sources[one.id]))
            filesystem.save(root / one.path, text.encode())
            yield one.path
