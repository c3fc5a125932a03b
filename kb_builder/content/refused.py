"""Articles that were left out for an error in header or text: what can be checked of their bodies all the same."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from kb_builder.content import frontmatter, staff_notes
from kb_builder.content.urls import article_urls
from kb_builder.errors import Finding, InputError, Severity
from kb_builder.model import Article
from kb_builder.parsing import sources

_PRIVATE: Final = re.compile(r"^(?:draft:\s*[\"']?(?:true|yes|on)\b|audience:\s*[\"']?staff\b)", re.I | re.M)


def refused_articles(root: Path, paths: Iterable[str], findings: Iterable[Finding]) -> Iterator[Article]:
    """The public ones of the articles ``paths``, of which none was read, that have an error among ``findings``.

    Each has its path, URL and body; the rest of it, the id too, is empty.
    """
    wrong = {finding.path for finding in findings if finding.severity is Severity.ERROR}
    refused = [path for path in paths if path in wrong]
    urls = article_urls(set(refused))
    for path in refused:
        try:
            text = sources.read(root, path)
            header, body, line = frontmatter.split(text, path)
        except InputError:
            continue
        if not _PRIVATE.search(header):
            parts = staff_notes.split(body, path, line)
            yield Article("", path, urls[path], "", parts.public, line, removed_lines=parts.removed)
