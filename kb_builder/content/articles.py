"""Articles and categories of ``content/articles``, and clashes between them."""

import contextlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, Final, NamedTuple, get_args, get_type_hints
from zoneinfo import ZoneInfo

from kb_builder.content import frontmatter, languages, staff_notes
from kb_builder.content.categories import read_categories
from kb_builder.content.frontmatter import Header
from kb_builder.content.inline_markdown import plain_text
from kb_builder.content.placeholders import is_empty, placeholders
from kb_builder.content.revisions import aged
from kb_builder.content.urls import FOLDER, article_urls, folder_urls, id_of
from kb_builder.errors import Finding, InputError, Severity, in_order
from kb_builder.model import Action, Article, Category
from kb_builder.parsing import sources
from kb_builder.system import source_files
from kb_builder.system.cache_keys import hash_of, runs
from kb_builder.system.codec import Codec
from kb_builder.system.processes import spread
from kb_builder.system.store import Store

_OTHER_MARKDOWN: Final = (".markdown", ".mdown", ".mdx")
_KIND: Final = "articles"
_SEEN: Final = "seen"
_BLOCK_WORTH: Final = 4
"""Small pieces of work that the files of a block are worth together."""


class Parsed(NamedTuple):
    """The result of parsing one file: an article, or None with an error among the findings."""

    article: Article | None
    findings: tuple[Finding, ...]


_CODEC: Final = Codec(list[Parsed])
_MOMENTS: Final = tuple(name for name, hint in get_type_hints(Article).items() if datetime in get_args(hint))
"""Fields of an article that hold a time."""
_MADE: Final = frozenset(
    "id type answer replies must_say publish_date expiry_date review_by replaced_by promoted action".split()
)
"""Fields that are made of the key of the same name."""
_TAKEN: Final = tuple(field.name for field in fields(Article) if field.name in Header.model_fields.keys() - _MADE)
"""Those that are taken from it as they are."""


class Kept(NamedTuple):
    """The place where parsed files are kept between commands; ``fingerprint`` is part of their keys."""

    store: Store | None = None
    fingerprint: str = ""


NOT_KEPT: Final = Kept()


class Contents(NamedTuple):
    """Everything below ``content/articles``, sorted by path; articles with errors are left out."""

    articles: tuple[Article, ...]
    categories: tuple[Category, ...]
    findings: tuple[Finding, ...]
    keys: Mapping[str, str]
    """Project path of each readable file → cache key: hash of everything its article and its page depend on."""
    paths: tuple[str, ...]
    """Project path of every file, pictures and downloads included."""
    translations: tuple[Article, ...] = ()
    """Into every other language, with what they take over from their sources."""


def read_articles(
    root: Path,
    *,
    zone: ZoneInfo,
    ignore_keys: Collection[str] = (),
    declared: Sequence[str] = (),
    kept: Kept = NOT_KEPT,
    jobs: int = 1,
) -> Contents:
    """Every article and category of the project in ``root``. ``zone`` is the zone of local times without one.

    ``declared`` are the codes of the help centre's languages, that of the sources first; none for a single language.
    A file whose stamp is the one that is ``kept`` is not opened. Many files are parsed by ``jobs`` worker processes.
    """
    walk = source_files.walk(root, FOLDER)
    files = {path: languages.split_name(path, declared) for path in walk.paths if path.lower().endswith(".md")}
    bases = article_urls({base for base, _ in files.values()})
    urls = {path: bases[base] for path, (base, _) in files.items()}
    store = Store() if kept.store is None else kept.store
    texts = _Texts(root, walk.stamps, store)
    rest = (kept.fingerprint, zone.key, *sorted(ignore_keys))

    def key_of(path: str, digest: str) -> str:
        return hash_of(path, urls[path], digest, *rest)

    def parse(path: str, text: str) -> Parsed:
        language = files[path][1]
        return parse_article(path, urls[path], text, zone=zone, ignore_keys=ignore_keys, language=language)

    keys = {path: key_of(path, digest) for path, digest in texts.digests(urls).items()}
    encoded = partial(_encoded, texts=texts.taken, parse=parse, jobs=jobs)
    read = _read(keys, texts, key_of, encoded, zone, store)
    findings = [*walk.findings, *texts.findings, *(finding for parsed in read for finding in parsed.findings)]
    every_article = [parsed.article for parsed in read if parsed.article is not None]
    articles = [article for article in every_article if not article.language]
    translations, mistakes = languages.translations(every_article, files)
    findings += mistakes
    translations, mistakes = aged(translations, articles)
    findings += mistakes
    findings += languages.doubly_translated(files) if declared else ()
    categories, mistakes = read_categories(root, walk.paths, folder_urls(urls), declared)
    findings += mistakes
    findings += _other_markdown(walk.paths)
    findings += languages.undeclared(files, declared)
    if not urls:
        message, hint = "there are no articles", 'make the first one: kb new article "How do I track my order?"'
        findings.append(Finding(FOLDER, 0, "no-articles", Severity.ERROR, message, hint))
    # Of two files in the same language, which is an error of its own, one has the URL.
    source_urls = {
        path: bases[base] for base, path in {base: path for path, (base, code) in files.items() if not code}.items()
    }
    findings += clashes(articles, source_urls, categories)
    places = source_urls | {folder: category.url for folder, category in categories.items()}
    findings += languages.language_clashes(places, declared)
    by_id = {article.id: article for article in reversed(articles)}
    unique = tuple(article for article in articles if by_id[article.id] is article)
    there = {article.url for article in unique}
    worded = tuple(article for article in translations if article.url in there)
    return Contents(unique, tuple(categories.values()), in_order(findings), keys, walk.paths, worded)


def _read(
    keys: dict[str, str],
    texts: "_Texts",
    key_of: Callable[[str, str], str],
    encoded: Callable[[Sequence[Sequence[str]]], list[bytes]],
    zone: ZoneInfo,
    store: Store,
) -> list[Parsed]:
    """The parsed files of ``keys``, kept under the keys of neighbours together.

    Brings ``keys`` up to date: a file may have changed since its digest was taken.
    """
    every = list(keys)
    blocks = {hash_of(*(keys[path] for path in every[run])): every[run] for run in runs(every)}
    known = store.get_many(_KIND, blocks)
    read = {block: _decoded(known.get(block), len(paths), zone) for block, paths in blocks.items()}
    there: dict[str, list[str]] = {}
    for block, paths in blocks.items():
        if read[block] is None:
            texts.take(paths)
            there[block] = [path for path in paths if path in texts.taken]
            for path in paths:
                del keys[path]
            keys |= {path: key_of(path, digest) for path, digest in texts.digests(there[block]).items()}
    made = dict(zip(there, encoded(list(there.values())), strict=True))
    news = {hash_of(*(keys[path] for path in there[block])): data for block, data in made.items()} | texts.seen()
    if news:
        store.put_many(_KIND, news)
    read |= {block: _decoded(data, len(there[block]), zone) for block, data in made.items()}
    return [parsed for block in blocks for parsed in read[block] or ()]


def _encoded(
    blocks: Sequence[Sequence[str]], texts: Mapping[str, str], parse: Callable[[str, str], Parsed], jobs: int
) -> list[bytes]:
    """The files of each of ``blocks``, parsed by ``jobs`` workers where there are many."""

    def encode(some: Sequence[Sequence[str]]) -> list[bytes]:
        return [_CODEC.encode([parse(path, texts[path]) for path in paths]) for paths in some]

    with contextlib.closing(spread(encode, blocks, jobs=jobs, worth=_BLOCK_WORTH)) as made:
        return list(made)


def _other_markdown(paths: Iterable[str]) -> Iterator[Finding]:
    """Files that their authors may take for articles."""
    for path in paths:
        if path.lower().endswith(_OTHER_MARKDOWN):
            message = f'not read as an article, because its name ends in "{PurePosixPath(path).suffix}"'
            yield Finding(path, 0, "not-an-article", Severity.WARNING, message, "rename it to end in .md")


def parse_article(
    path: str, url: str, text: str, *, zone: ZoneInfo, ignore_keys: Collection[str] = (), language: str = ""
) -> Parsed:
    """The article in the file ``path`` that is published at ``url``. A pure function.

    ``language`` is the code of a translation.
    """
    reading = frontmatter.read(text, path, zone=zone, ignore_keys=ignore_keys, translation=bool(language))
    header = reading.header
    if header is None:
        return Parsed(None, reading.findings)
    findings = reading.findings
    if not header.draft and (unfinished := _unfinished(reading, path, has_answer=bool(header.answer))):
        return Parsed(None, findings + unfinished)
    if header.id is None and not language:
        message = "the article has no id: its short link would break if the file were renamed"
        findings += (Finding(path, 1, "missing-id", Severity.WARNING, message, f"add the line id: {id_of(url)}"),)

    parts = staff_notes.split(reading.body, path, reading.body_line)
    return Parsed(_article(path, url, language, reading, parts, zone), findings + parts.findings)


def _article(
    path: str, url: str, language: str, reading: frontmatter.Reading, parts: staff_notes.Split, zone: ZoneInfo
) -> Article:
    """The article of a header without errors and of the parts of its body; its times become those of ``zone``."""
    header = reading.header
    assert header is not None

    def local(moment: datetime | None) -> datetime | None:
        return moment.astimezone(zone) if moment is not None else None

    taken: dict[str, Any] = {name: getattr(header, name) for name in _TAKEN}
    note = staff_notes.as_block(header.staff) if header.staff else ""
    staff_text = "\n".join(filter(None, (header.staff, parts.private)))
    return Article(
        id=header.id or id_of(url),
        path=path,
        url=url,
        body=parts.public,
        body_line=reading.body_line,
        type=header.type or ("policy" if "/policies/" in path else "faq"),
        answer=plain_text(header.answer),
        answer_markdown=header.answer,
        replies=tuple((channel, text) for channel, text in header.replies if text),
        must_say=tuple(map(plain_text, header.must_say)),
        publish_date=local(header.publish_date),
        expiry_date=local(header.expiry_date),
        review_by=header.due(),
        replaced_by=header.replaced_by or "",
        search_boost=header.search.boost,
        search_exclude=header.search.exclude,
        promoted=header.promoted is not None,
        promoted_until=local(header.promoted.until) if header.promoted else None,
        staff_body=note + reading.body if staff_text else "",
        staff_text=staff_text,
        removed_lines=parts.removed,
        action=Action(header.action.label, header.action.url) if header.action else None,
        has_id=header.id is not None,
        language=language,
        lines=reading.lines,
        **taken,
    )


def _unfinished(reading: frontmatter.Reading, path: str, *, has_answer: bool) -> tuple[Finding, ...]:
    """Errors of an article that is no draft: sentences that `kb new` wrote, or no text at all."""
    found = tuple(placeholders(reading.body, path, reading.body_line))
    if has_answer or not is_empty(reading.body):
        return found
    message, hint = "the article has no text", "write it, or keep draft: true"
    return (*found, Finding(path, reading.body_line, "empty-article", Severity.ERROR, message, hint))


def clashes(
    articles: Iterable[Article], urls: Mapping[str, str], categories: Mapping[str, Category]
) -> tuple[Finding, ...]:
    """Articles that share an id, and files or folders that would be published at the same URL.

    ``urls`` and ``categories`` are keyed by project path. URLs that differ only in case clash: many file systems and
    some hosts can't hold both.
    """
    found: list[Finding] = []
    by_id: dict[str, Article] = {}
    for article in articles:
        other = by_id.setdefault(article.id, article)
        if other is not article:
            place = f"{other.path}:{other.line_of('id')}"
            message = f'the id "{article.id}" is taken by {place}'
            hint = "ids are permanent and never reused: give the newer article another one"
            found.append(Finding(article.path, article.line_of("id"), "duplicate-id", Severity.ERROR, message, hint))
    taken: dict[str, str] = {}
    names = {path: f"the folder {path}" for path in categories}
    for path, url in sorted([*((path, item.url) for path, item in categories.items()), *urls.items()]):
        other_path = taken.setdefault(url.casefold(), path)
        if other_path != path:
            message = f"would be published at /{url}, like {names.get(other_path, other_path)}"
            found.append(Finding(path, 0, "url-clash", Severity.ERROR, message, "rename one of the two"))
    return tuple(found)


def _decoded(known: bytes | None, count: int, zone: ZoneInfo) -> list[Parsed] | None:
    """The ``count`` neighbours that were kept together, times in ``zone``; or nothing."""
    if known is not None:
        with contextlib.suppress(ValueError):
            read = _CODEC.decode(known)
            return [_in_zone(parsed, zone) for parsed in read] if len(read) == count else None
    return None


def _in_zone(parsed: Parsed, zone: ZoneInfo) -> Parsed:
    """``parsed`` with the zone that a codec does not keep."""
    article = parsed.article
    if article is None:
        return parsed
    moments = ((name, getattr(article, name)) for name in _MOMENTS)
    local = {name: moment.astimezone(zone) for name, moment in moments if moment is not None}
    return Parsed(replace(article, **local), parsed.findings) if local else parsed


class _Texts:
    """The texts of files. Files with an unchanged stamp are not opened."""

    def __init__(self, root: Path, stamps: Mapping[str, str], store: Store) -> None:
        self._root = root
        self._stamps = stamps
        self._known = _seen(store.get_many(_KIND, [_SEEN]).get(_SEEN, b""))
        self._digests = {path: seen[:64] for path, seen in self._known.items() if stamps.get(path) == seen[65:]}
        self.taken: dict[str, str] = {}
        self.findings: list[Finding] = []

    def digests(self, paths: Iterable[str]) -> dict[str, str]:
        """Hash of the text of each of ``paths`` that can be read."""
        paths = list(paths)
        self.take(path for path in paths if path not in self._digests)
        return {path: self._digests[path] for path in paths if path in self._digests}

    def take(self, paths: Iterable[str]) -> None:
        """Read those of ``paths`` not read yet; errors go to ``findings``."""
        for path in paths:
            if path not in self.taken:
                try:
                    self.taken[path] = sources.read(self._root, path)
                    self._digests[path] = hash_of(self.taken[path])
                except InputError as error:
                    self._digests.pop(path, None)
                    self.findings += error.findings

    def seen(self) -> dict[str, bytes]:
        """The entry to cache; empty when it is unchanged."""
        digests = self._digests
        found = {path: f"{digests[path]} {stamp}" for path, stamp in self._stamps.items() if path in digests}
        return {} if found == self._known else {_SEEN: json.dumps(found, separators=(",", ":")).encode()}


def _seen(remembered: bytes) -> dict[str, str]:
    """Path of each file → hash of its text and its stamp at that time."""
    try:
        found: dict[str, str] = json.loads(remembered)
        return found if all(isinstance(seen, str) for seen in found.values()) else {}
    except (ValueError, TypeError, AttributeError):
        return {}
