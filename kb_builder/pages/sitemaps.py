"""``sitemap.xml`` and ``robots.txt`` (sitemaps.org 0.9, RFC 9309)."""

import gzip
from collections.abc import Sequence
from datetime import date
from typing import Final
from xml.sax.saxutils import escape

MOST_SITEMAP_URLS: Final = 50_000
"""Of one file, by the protocol of sitemaps.org."""
_SITEMAPS: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"

SitemapEntry = tuple[str, date | None, Sequence[tuple[str, str]]]
"""Full URL, day of the last change, and language and URL of the page in each language."""


def sitemaps(entries: Sequence[SitemapEntry], site_url: str) -> dict[str, bytes]:
    """``sitemap.xml``; with more entries than a sitemap may have, it names the files that hold them.

    The sitemap is the one place that tells search engines about languages: they take it from there or from each page,
    and pages would be a kilobyte longer. Since each entry repeats the addresses in all languages, such entries are in
    packed files, as the protocol allows: a twentieth of the bytes.
    """
    several = any(same for _, _, same in entries)
    if len(entries) <= MOST_SITEMAP_URLS and not several:
        return {"sitemap.xml": _urlset(entries)}
    starts = range(0, len(entries), MOST_SITEMAP_URLS)
    made = (_urlset(entries[start : start + MOST_SITEMAP_URLS]) for start in starts)
    packed = (gzip.compress(part, mtime=0) if several else part for part in made)
    ending = "xml.gz" if several else "xml"
    parts = {f"sitemap-{number}.{ending}": part for number, part in enumerate(packed, start=1)}
    lines = [f"<sitemap><loc>{escape(site_url + path)}</loc></sitemap>" for path in parts]
    head = f'<sitemapindex xmlns="{_SITEMAPS}">'
    return {"sitemap.xml": _xml([head, *lines, "</sitemapindex>"]), **parts}


def _urlset(entries: Sequence[SitemapEntry]) -> bytes:
    languages = ' xmlns:x="http://www.w3.org/1999/xhtml"' if any(same for _, _, same in entries) else ""
    lines = [f'<urlset xmlns="{_SITEMAPS}"{languages}>']
    for url, day, same in entries:
        stamp = f"<lastmod>{day.isoformat()}</lastmod>" if day else ""
        others = (f'<x:link rel="alternate" hreflang="{code}" href="{escape(there)}"/>' for code, there in same)
        lines.append(f"<url><loc>{escape(url)}</loc>{stamp}{''.join(others)}</url>")
    return _xml([*lines, "</urlset>"])


def _xml(lines: Sequence[str]) -> bytes:
    return ("\n".join(['<?xml version="1.0" encoding="UTF-8"?>', *lines]) + "\n").encode()


def robots(site_url: str, *, indexed: bool) -> bytes:
    """``robots.txt``: allow everything and name the sitemap, or disallow everything."""
    rule = f"Allow: /\n\nSitemap: {site_url}sitemap.xml" if indexed else "Disallow: /"
    return f"User-agent: *\n{rule}\n".encode()
