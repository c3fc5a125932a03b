"""Articles and categories of ``content/articles``, and everything that makes two of them one."""

import contextlib
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import Any, Final, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from kb_builder import files, frontmatter, sources
from kb_builder.addresses import FOLDER, article_urls, folder_urls, id_of
from kb_builder.errors import Finding, InputError, Severity, in_order
from kb_builder.fields import Integer, Line
from kb_builder.model import Article, Category
from kb_builder.schemas import Schema, validate
from kb_builder.strict_yaml import load

CATEGORY_FILE: Final = "_category.yml"
_OTHER_MARKDOWN: Final = (".markdown", ".mdown", ".mdx")
_FORMAT: Final = 2

_FIELDS: Final = tuple(field.name for field in fields(Article))
_LISTS, _MOMENTS, _DATES = (
    tuple(map(_FIELDS.index, names))
    for names in (
        ("asked_as", "tags", "segments", "redirect_from", "related"),
        ("publish_date", "expiry_date", "promoted_until"),
        ("effective_date", "last_reviewed_on", "review_by"),
    )
)
_LINES: Final = _FIELDS.index("lines")


class Parsed(NamedTuple):
    """One file read: an article, unless an error among the findings says why there is none."""

    article: Article | None
    findings: tuple[Finding, ...]


class Contents(NamedTuple):
    """Everything below ``content/articles``, sorted by path; articles whose files can't be trusted are left out."""

    articles: tuple[Article, ...]
    categories: tuple[Category, ...]
    findings: tuple[Finding, ...]
    keys: Mapping[str, str]
    """Project path of each file that could be read → everything its article was read from, as a hash."""
    paths: tuple[str, ...]
    """Project path of every file there is, pictures and downloads included."""


class ParseCache(Protocol):
    """Remembers texts by key. What it returns may be damaged: that is noticed, and the file is parsed again."""

    def recall(self, keys: Collection[str], /) -> Mapping[str, str]: ...

    def remember(self, entries: Mapping[str, str], /) -> None: ...


class CategoryFile(Schema):
    """``_category.yml``: what a folder is called, and where it stands."""

    title: Line | None = None
    description: Line = ""
    order: Integer | None = None


def read_articles(
    root: Path, *, zone: ZoneInfo, ignore_keys: Collection[str] = (), cache: ParseCache | None = None
) -> Contents:
    """Every article and category of the project in ``root``. ``zone`` is the zone of local times that name none."""
    walk = files.walk(root, FOLDER)
    findings = list(walk.findings)
    urls = article_urls(path for path in walk.paths if path.lower().endswith(".md"))
    texts: dict[str, str] = {}
    for path in urls:
        try:
            texts[path] = sources.read(root, path)
        except InputError as error:
            findings += error.findings
    keys = {path: _key(path, urls[path], text, zone, ignore_keys) for path, text in texts.items()}
    known = {} if cache is None else cache.recall(keys.values())
    fresh: dict[str, str] = {}
    articles: list[Article] = []
    for path, text in texts.items():
        parsed = _recalled(known.get(keys[path]), zone)
        if parsed is None:
            parsed = parse_article(path, urls[path], text, zone=zone, ignore_keys=ignore_keys)
            fresh[keys[path]] = to_json(parsed)
        findings += parsed.findings
        if parsed.article is not None:
            articles.append(parsed.article)
    if cache is not None and fresh:
        cache.remember(fresh)
    category_files: dict[str, CategoryFile] = {}
    for path in walk.paths:
        folder, _, name = path.rpartition("/")
        if name == CATEGORY_FILE:
            try:
                category_files[folder] = parse_category(path, sources.read(root, path))
            except InputError as error:
                findings += error.findings
        elif name.lower().endswith(_OTHER_MARKDOWN):
            message = f'not read as an article, because its name ends in "{PurePosixPath(name).suffix}"'
            findings.append(Finding(path, 0, "not-an-article", Severity.WARNING, message, "rename it to end in .md"))
    if not urls:
        message, hint = "there are no articles", 'make the first one: kb new article "How do I track my order?"'
        findings.append(Finding(FOLDER, 0, "no-articles", Severity.ERROR, message, hint))
    categories = _categories(urls, category_files)
    findings += clashes(articles, urls, categories)
    # Everything that comes after knows an article by its id.
    by_id = {article.id: article for article in reversed(articles)}
    told_apart = tuple(article for article in articles if by_id[article.id] is article)
    return Contents(told_apart, tuple(categories.values()), in_order(findings), keys, walk.paths)


def parse_article(path: str, url: str, text: str, *, zone: ZoneInfo, ignore_keys: Collection[str] = ()) -> Parsed:
    """The article in the file ``path`` that is published at ``url``. Pure: the same arguments, the same result."""
    reading = frontmatter.read(text, path, zone=zone, ignore_keys=ignore_keys)
    header = reading.header
    if header is None:
        return Parsed(None, reading.findings)
    findings = reading.findings
    if header.id is None:
        message = "the article has no id, so its short link would die when the file is renamed"
        findings += (Finding(path, 1, "missing-id", Severity.WARNING, message, f"add the line id: {id_of(url)}"),)

    def local(moment: datetime | None) -> datetime | None:
        return moment.astimezone(zone) if moment is not None else None

    article = Article(
        id=header.id or id_of(url),
        path=path,
        url=url,
        title=header.title,
        body=reading.body,
        body_line=reading.body_line,
        type=header.type or ("policy" if "/policies/" in path else "faq"),
        description=header.description,
        nav_title=header.nav_title,
        answer=header.answer,
        asked_as=header.asked_as,
        tags=header.tags,
        segments=header.segments,
        order=header.order,
        audience=header.audience,
        draft=header.draft,
        unlisted=header.unlisted,
        publish_date=local(header.publish_date),
        expiry_date=local(header.expiry_date),
        effective_date=header.effective_date,
        last_reviewed_on=header.last_reviewed_on,
        review_by=header.due(),
        owner=header.owner,
        redirect_from=header.redirect_from,
        related=header.related,
        search_boost=header.search.boost,
        search_exclude=header.search.exclude,
        promoted=header.promoted is not None,
        promoted_until=local(header.promoted.until) if header.promoted else None,
        trending=header.trending,
        has_id=header.id is not None,
        lines=reading.lines,
    )
    return Parsed(article, findings)


def parse_category(path: str, text: str) -> CategoryFile:
    """A ``_category.yml``. Raises InputError with its findings."""
    category, findings = validate(load(text, path), CategoryFile, path)
    if category is None:
        raise InputError.of(findings)
    return category


def clashes(
    articles: Iterable[Article], urls: Mapping[str, str], categories: Mapping[str, Category]
) -> tuple[Finding, ...]:
    """Articles that share an id, and files or folders that would be published at one address.

    ``urls`` and ``categories`` are keyed by project path. Addresses that differ in case only are one address: many
    disks and some hosts can't hold both.
    """
    found: list[Finding] = []
    by_id: dict[str, Article] = {}
    for article in articles:
        other = by_id.setdefault(article.id, article)
        if other is not article:
            place = f"{other.path}:{other.line_of('id')}"
            message = f'the id "{article.id}" is taken by {place}'
            hint = "ids are permanent and never used again: give the newer article another one"
            found.append(Finding(article.path, article.line_of("id"), "duplicate-id", Severity.ERROR, message, hint))
    taken: dict[str, str] = {}
    names = {path: f"the folder {path}" for path in categories}
    for path, url in sorted([*((path, item.url) for path, item in categories.items()), *urls.items()]):
        other_path = taken.setdefault(url.casefold(), path)
        if other_path != path:
            message = f"would be published at /{url}, like {names.get(other_path, other_path)}"
            found.append(Finding(path, 0, "url-clash", Severity.ERROR, message, "rename one of the two"))
    return tuple(found)


def to_json(parsed: Parsed) -> str:
    """``parsed`` as text that :func:`from_json` reads; the same for the same value."""
    article = parsed.article
    data = [
        _FORMAT,
        [getattr(article, name) for name in _FIELDS] if article else None,
        [[getattr(finding, field.name) for field in fields(finding)] for finding in parsed.findings],
    ]
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=lambda value: value.isoformat())


def from_json(text: str, zone: ZoneInfo) -> Parsed:
    """What :func:`to_json` was given, times in ``zone``. Raises ValueError when ``text`` is anything else."""
    try:
        form, values, told = json.loads(text)
        if form != _FORMAT:
            raise ValueError("another format")
        findings = tuple(
            Finding(path, line, code, Severity(severity), message, hint)
            for path, line, code, severity, message, hint in told
        )
        return Parsed(_article_from(values, zone) if values else None, findings)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise ValueError("not a parsed article") from error


def _article_from(values: list[Any], zone: ZoneInfo) -> Article:
    for place in _LISTS:
        values[place] = tuple(values[place])
    values[_LINES] = tuple(map(tuple, values[_LINES]))
    for place in _MOMENTS:
        if values[place] is not None:
            values[place] = datetime.fromisoformat(values[place]).astimezone(zone)
    for place in _DATES:
        if values[place] is not None:
            values[place] = date.fromisoformat(values[place])
    return Article(*values)


def _key(path: str, url: str, text: str, zone: ZoneInfo, ignore_keys: Collection[str]) -> str:
    read_from = "\0".join((path, url, zone.key, *sorted(ignore_keys), "", text))
    return hashlib.sha256(read_from.encode()).hexdigest()


def _recalled(known: str | None, zone: ZoneInfo) -> Parsed | None:
    if known is not None:
        with contextlib.suppress(ValueError):
            return from_json(known, zone)
    return None


def _categories(urls: Mapping[str, str], named: Mapping[str, CategoryFile]) -> dict[str, Category]:
    """Project path of each folder with articles → its category."""
    made: dict[str, Category] = {}
    for folder, url in folder_urls(urls).items():
        file = named.get(folder, CategoryFile())
        title = file.title or _title_of(PurePosixPath(folder).name)
        made[folder] = Category(url, title, file.description, file.order)
    return made


def _title_of(folder: str) -> str:
    words = folder if " " in folder else folder.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]
