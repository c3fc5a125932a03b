"""The languages of a help centre: which one a file is in, and what a translation takes over from its source.

``track-order.de.md`` is the German translation of ``track-order.md`` where ``de`` is declared. Everywhere here
``languages`` are the declared codes, the source language first; none means a help centre in one language.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Final

from kb_builder.errors import Finding, Severity
from kb_builder.model import Announcement, Article

_SUFFIXED: Final = re.compile(r"(?P<stem>.*[^/])\.(?P<code>[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)(?P<ending>\.[a-z]+)")
_OWN: Final = frozenset(
    (
        "id", "path", "url", "title", "body", "body_line", "description", "nav_title", "answer", "answer_markdown",
        "replies", "must_say", "asked_as", "action", "staff_body", "staff_text", "removed_lines", "redirect_from",
        "audience", "draft", "unlisted", "publish_date", "expiry_date", "search_exclude", "review_by", "has_id",
        "language", "fallback", "important", "translated_from", "outdated", "lines",
    )
)  # fmt: skip
"""Fields of an article that a translation has for itself, or by the stricter of two gates. It inherits all others."""
_KEYS: Final = {"search_boost": "search", "promoted_until": "promoted"}
"""Field → the key of the header that it is made of, where that has another name."""
_INHERITED: Final = tuple(
    (field.name, _KEYS.get(field.name, field.name)) for field in fields(Article) if field.name not in _OWN
)
_IN_WORDS: Final = ("answer", "must_say", "replies", "asked_as", "action", "staff")
"""Keys whose words a translation has to say itself."""


def split_name(path: str, languages: Sequence[str]) -> tuple[str, str]:
    """``path`` without the code of a declared language, and that code: empty for the source language."""
    found = _SUFFIXED.fullmatch(path) if languages else None
    if found is None:
        return path, ""
    declared = {code.casefold(): code for code in languages}
    code = declared.get(found["code"].casefold())
    if code is None:
        return path, ""
    return found["stem"] + found["ending"], "" if code == languages[0] else code


def folder_of(code: str) -> str:
    """Where the pages in a language other than the source's are: ``de/``."""
    return f"{code.lower()}/"


def is_known(code: str) -> bool:
    """Whether CLDR has the language."""
    from babel import localedata

    return localedata.exists(code.split("-")[0].lower())


def own_name(code: str) -> str:
    """The name of a language in itself: ``Deutsch``; the code of one that CLDR does not have."""
    from babel import Locale, UnknownLocaleError  # a help centre in one language needs no names of languages

    try:
        name = Locale.parse(code, sep="-").get_display_name() or code
    except (UnknownLocaleError, ValueError):
        return code
    return name[:1].upper() + name[1:]


def undeclared(paths: Collection[str], languages: Sequence[str]) -> Iterator[Finding]:
    """Warnings for files that look like translations into a language that is not declared."""
    from babel import localedata

    known = {code.casefold() for code in languages}
    for path in sorted(paths):
        found = _SUFFIXED.fullmatch(path)
        if found is None or found["code"].casefold() in known or found["stem"] + found["ending"] not in paths:
            continue
        code = found["code"]
        if localedata.exists(code.replace("-", "_")):
            so = "it is a page of its own" if path.endswith(".md") else "it is not read"
            message = f'looks like a translation into "{code}", which is not declared: {so}'
            declared = ", ".join((*(languages or ("en",)), code))
            hint = f"declare the languages in mkdocs.yml, the source first:  languages: [{declared}]"
            yield Finding(path, 0, "undeclared-language", Severity.WARNING, message, hint)


def doubly_translated(files: Mapping[str, tuple[str, str]]) -> Iterator[Finding]:
    """Errors for files that claim one language of one text; ``files`` maps paths to what :func:`split_name` returns."""
    first: dict[tuple[str, str], str] = {}
    for path, (base, code) in files.items():
        other = first.setdefault((base.casefold(), code), path)
        if other.casefold() != path.casefold():
            message = f"is in the same language as {other}"
            yield Finding(path, 0, "same-language", Severity.ERROR, message, "keep one of the two")


def without_source(path: str, base: str, paths: Iterable[str]) -> Finding:
    """The error for a translation whose source does not exist."""
    folder, _, name = base.rpartition("/")
    named: dict[str, str] = {}
    for place in sorted(paths, key=lambda place: place.startswith(f"{folder}/")):
        if place.endswith(".md"):
            named[place.rpartition("/")[2]] = place
    near = get_close_matches(name, named, n=1, cutoff=0.7)
    there = named[near[0]] if near else ""
    meant = f"; did you mean {near[0] if there == f'{folder}/{near[0]}' else there}?" if near else ""
    message = f"translates {name}, which does not exist"
    hint = f"a translation has the name of its source and its language{meant}"
    return Finding(path, 0, "translation-without-source", Severity.ERROR, message, hint)


def _claims(article: Article, source: Article, files: Mapping[str, tuple[str, str]]) -> Finding:
    """The error for a translation that says the id of ``source`` and is not named like it."""
    own = (source.path, article.language)
    there = next((path for path, (base, code) in files.items() if (base, code) == own), "")
    stem, _, ending = source.path.rpartition(".")
    message = f'has the id "{source.id}" of {source.path}, but is not named as its translation'
    hint = f"{there} is its translation already: keep one" if there else f"call it {stem}.{article.language}.{ending}"
    line = article.line_of("id")
    return Finding(article.path, line, "translation-without-source", Severity.ERROR, message, hint)


def _another_id(article: Article, source: Article) -> Finding:
    """The error for a translation with an id of its own."""
    message = f'a translation has the id of its source, "{source.id}", and this one says "{article.id}"'
    hint = "remove the line id:, which a translation doesn't need; or give the file another name"
    return Finding(article.path, article.line_of("id"), "translation-id", Severity.ERROR, message, hint)


def translated(article: Article, source: Article) -> Article:
    """``article`` with everything that it doesn't say taken from ``source``; of what keeps a text in, the stricter."""
    said = dict(article.lines)
    taken: dict[str, Any] = {field: getattr(source, field) for field, key in _INHERITED if key not in said}
    return replace(
        article,
        id=source.id,
        has_id=True,
        audience="staff" if "staff" in (article.audience, source.audience) else "public",
        draft=article.draft or source.draft,
        unlisted=article.unlisted or source.unlisted,
        search_exclude=article.search_exclude or source.search_exclude,
        publish_date=max(filter(None, (article.publish_date, source.publish_date)), default=None),
        expiry_date=_earlier(article.expiry_date, source.expiry_date),
        **taken,
    )


def translated_notice(notice: Announcement, source: Announcement, said: Collection[str]) -> Announcement:
    """An announcement with everything that it doesn't say in its header (``said``) taken from ``source``."""
    taken: dict[str, Any] = {
        field: getattr(source, field) for field in ("severity", "start", "updated", "segments") if field not in said
    }
    return replace(
        notice,
        slug=source.slug,
        audience="staff" if "staff" in (notice.audience, source.audience) else "public",
        draft=notice.draft or source.draft,
        end=_earlier(notice.end, source.end),
        **taken,
    )


def _lacking(article: Article, source: Article) -> Iterator[Finding]:
    """A note about words that the source has beside its body and the translation has not."""
    there, here = dict(source.lines), dict(article.lines)
    if missing := [key for key in _IN_WORDS if key in there and key not in here]:
        message = f"the translation has no {', '.join(missing)}, which its source has"
        hint = "these are not inherited from the source: translate them too"
        yield Finding(article.path, 1, "partly-translated", Severity.NOTE, message, hint)


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min(filter(None, (one, other)), default=None)


def translations(
    articles: Iterable[Article], files: Mapping[str, tuple[str, str]]
) -> tuple[list[Article], list[Finding]]:
    """Every translation with what it has from its source, and what is wrong with them; ``files`` maps paths to the
    path of their source and their language."""
    articles = tuple(articles)
    sources = {files[article.path][0]: article for article in articles if not article.language}
    in_source_language = {base for base, code in files.values() if not code}
    found: list[Article] = []
    by_id = {source.id: source for source in sources.values()}
    said = {article.path: article for article in articles if article.language and article.has_id}
    findings = [
        _claims(said[path], by_id[said[path].id], files)
        if path in said and said[path].id in by_id
        else without_source(path, base, in_source_language)
        for path, (base, code) in files.items()
        if code and base not in in_source_language
    ]
    taken: set[tuple[str, str]] = set()
    for article in articles:
        source = sources.get(files[article.path][0])
        if not article.language or source is None or (source.id, article.language) in taken:
            continue  # The error of the source, or of the other file, is among the findings.
        if article.has_id and article.id != source.id:
            findings.append(_another_id(article, source))
            continue
        taken.add((source.id, article.language))
        findings += _lacking(article, source)
        found.append(translated(article, source))
    return found, findings


def language_clashes(urls: Mapping[str, str], declared: Sequence[str]) -> Iterator[Finding]:
    """Errors for folders and articles that would be published where the pages of a language are.

    ``urls`` maps project paths to site-relative URLs.
    """
    codes = {folder_of(code): code for code in declared[1:]}
    for path, url in urls.items():
        if code := codes.get(url.casefold()):
            message = f"would be published at /{url}, where the help centre in {code} is"
            hint = f"rename it; a translation is beside its source: track-order.{code}.md beside track-order.md"
            yield Finding(path, 0, "url-clash", Severity.ERROR, message, hint)
