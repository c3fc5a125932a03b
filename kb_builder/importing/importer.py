"""``kb import``: an export of another tool becomes Markdown, with ids, redirects and working links."""

import csv
import hashlib
import io
import json
import posixpath
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final

from kb_builder.content.articles import Contents, read_articles
from kb_builder.content.categories import CATEGORY_FILE
from kb_builder.content.revisions import revision
from kb_builder.content.urls import FOLDER
from kb_builder.editing.header_edits import set_key
from kb_builder.editing.link_rewriting import rewrite_links
from kb_builder.errors import InputError, refuse_errors
from kb_builder.importing import help_desks, markdown_folders
from kb_builder.importing.exported import STAFF_UNKNOWN, Export, Exported, Folder, one_line
from kb_builder.importing.links import NOT_EXPORTED, ImportedLinks, with_old_host
from kb_builder.importing.locales import OUTDATED, in_languages
from kb_builder.importing.media import MediaCollector
from kb_builder.importing.source_folder import open_source
from kb_builder.importing.tools import HELP_DESKS
from kb_builder.parsing.dates import UTC_ZONE
from kb_builder.parsing.fields import romanised, slug
from kb_builder.system import filesystem, source_files

_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_MARK: Final = re.compile(r"^translated_from:[^\n]*\n", re.M)
RECORD: Final = "content/imports.csv"
"""Path of the record of imports: a later import may replace files that were not edited since."""
EXPORT_LIMIT: Final = 512 * 1024 * 1024
_COLUMNS: Final = ("id", "source", "sha256")
_OF_TRANSLATIONS: Final = ("title", "description", "asked_as", "draft", "redirect_from")
_NO_TEXT: Final = "no text: a draft"


@dataclass(frozen=True, slots=True)
class Imported:
    """The result of an import. Paths are project paths.

    ``kept`` are articles that needed no change, ``conflicts`` those that changed in the source and were edited here.
    ``lost_links`` lead to articles that are not in the export, ``remote_images`` are files that are elsewhere: with the
    other tool, in no folder that was named, or at ``other_hosts``, which a download doesn't ask. ``losses`` maps each
    article's path, or an empty text, to what its source had and it lacks.
    """

    written: tuple[str, ...]
    updated: tuple[str, ...]
    kept: tuple[str, ...]
    conflicts: tuple[str, ...]
    media: tuple[str, ...]
    drafts: int
    staff: int
    lost_links: int
    remote_images: int
    missing_files: tuple[str, ...]
    other_hosts: tuple[str, ...]
    losses: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Source:
    """An export of ``tool``, and where the files of its articles are."""

    tool: str
    export: Path
    media: Path | None = None
    """A folder with the export's pictures and attachments."""
    download: bool = False
    """Whether they are fetched from the old host."""
    public: bool = False
    """Whether everybody may read articles whose permission is not in the export."""


@dataclass
class _Outcome:
    """The files of one import, and what becomes of each."""

    root: Path
    tool: str
    record: dict[tuple[str, str], str]
    paths: dict[str, list[str]] = field(
        default_factory=lambda: {"written": [], "updated": [], "kept": [], "conflicts": []}
    )
    texts: dict[str, str] = field(default_factory=dict)
    """Path → text, for those to write."""
    losses: dict[str, dict[str, int]] = field(default_factory=dict)

    def add(self, key: str, path: str, text: str, lost: Mapping[str, int], *, exists: bool) -> None:
        if lost:
            self.losses[path] = dict(sorted(lost.items()))
        what = _decide(self.root, exists, path, text, self.record.get((key, self.tool)))
        self.paths[what].append(path)
        if what in ("written", "updated"):
            self.texts[path] = text
            self.record[key, self.tool] = _hash(text)

    def write(self) -> None:
        """Writes the texts, and the record by which a later import recognises them."""
        for path, text in self.texts.items():
            filesystem.save_text(self.root / path, text)
        if self.texts:
            filesystem.save_text(self.root / RECORD, _record_text(self.record))


def import_export(
    root: Path, source: Source, *, ignore_keys: Collection[str] = (), languages: Sequence[str] = ()
) -> Imported:
    """Writes the articles of an export into the project in ``root``.

    ``languages`` are the declared codes, that of the sources first: texts in the others become translations beside
    their source.

    A second import of the same export changes nothing. An article that changed in the source replaces what an earlier
    import wrote, unless it was edited here. Raises :class:`InputError` when the export is not one, or when the articles
    that are here can't be trusted.
    """
    exported = _exported(source, languages)
    read_here = partial(read_articles, root, zone=UTC_ZONE, ignore_keys=ignore_keys, declared=languages)
    here = _paths_here(read_here())
    folders = _folder_paths(exported.articles)
    paths = _places(exported.articles, here, folders, set(source_files.walk(root, FOLDER).paths))
    collector = MediaCollector(root, exported.read, folder=source.media, download=source.download, hosts=exported.hosts)
    links = ImportedLinks(source.tool, exported, paths, folders)
    outcome = _Outcome(root, source.tool, _read_record(root))
    drafts = 0
    for key, path, article in _files(exported.articles, paths):
        text, lost = render(article, partial(links.change, article=article, path=path, media=collector), key)
        lost.update(links.lost.get(path, {}))
        drafts += article.draft or _NO_TEXT in lost
        exists = key in here if key == article.id else (root / path).exists()
        outcome.add(key, path, text, lost, exists=exists)
    outcome.write()
    losses = outcome.losses
    if languages:
        current = {path for path in outcome.texts if OUTDATED not in losses.get(path, {})}
        _mark_translations(root, current, read_here())
    _name_folders(root, exported.articles, folders, {posixpath.dirname(path) for path in outcome.paths["written"]})
    general = dict(exported.losses)
    if collector.beyond:
        general["file beyond 1 GB of downloads: import again to go on"] = len(collector.beyond)
    saved = collector.save()
    return Imported(
        **{name: tuple(sorted(found)) for name, found in outcome.paths.items()},
        media=saved,
        drafts=drafts,
        staff=sum(article.staff for article in exported.articles),
        lost_links=sum(found[NOT_EXPORTED] for found in links.lost.values()),
        remote_images=len(collector.missing),
        missing_files=tuple(sorted(collector.missing)),
        other_hosts=collector.other_hosts(),
        losses={"": general, **losses} if general else losses,
    )


def _exported(source: Source, languages: Sequence[str]) -> Export:
    """The export with translations beside their sources, and its articles opened that no permission closes."""
    exported = with_old_host(_read(source.tool, source.export))
    articles = (in_languages(article, languages) for article in exported.articles)
    return replace(exported, articles=tuple(map(_opened, articles) if source.public else articles))


def _paths_here(contents: Contents) -> dict[str, str]:
    """Id → project path of the articles that are here. Raises :class:`InputError` when one has an error."""
    refuse_errors(item for item in contents.findings if item.code != "no-articles")
    return {article.id: article.path for article in contents.articles}


def _read(tool: str, export: Path) -> Export:
    if tool in HELP_DESKS:
        return help_desks.parse_export(tool, _load(export), str(export))
    source = open_source(export)
    html = tool in ("html", "confluence") or (
        tool == "notion" and not any(name.endswith(".md") for name in source.names)
    )
    if not html:
        return markdown_folders.read_markdown(tool, source)
    from kb_builder.importing import html_folders

    return html_folders.read_html(tool, source)


def _files(articles: Iterable[Exported], paths: Mapping[str, str]) -> Iterator[tuple[str, str, Exported]]:
    """Each file to write: the key under which it is recorded, its path, and the article or translation in it."""
    for article in articles:
        path = paths[article.id]
        yield article.id, path, article
        for text in article.translations:
            yield f"{article.id}.{text.language}", f"{path.removesuffix('.md')}.{text.language}.md", text


def _opened(article: Exported) -> Exported:
    if STAFF_UNKNOWN not in article.losses:
        return article
    return replace(
        article, staff=False, losses=article.losses - Counter({STAFF_UNKNOWN: article.losses[STAFF_UNKNOWN]})
    )


def render(article: Exported, change: Callable[[str], str], key: str) -> tuple[str, Counter[str]]:
    """The Markdown file of an article, and what it lacks. A translation, whose ``key`` is not its id, takes over what
    it doesn't say from its source. Raises InputError for HTML that is nested too deeply.
    """
    losses = Counter(article.losses)
    if article.html:
        from kb_builder.importing.html_to_markdown import to_markdown

        try:
            converted = to_markdown(article.html, change)
        except RecursionError:
            raise InputError(f"the HTML of article {article.id} is nested too deeply") from None
        body = converted.markdown
        losses += converted.losses
    else:
        body = rewrite_links(article.markdown, lambda target: None if (new := change(target)) == target else new)
    if not body.strip():
        losses[_NO_TEXT] += 1
    header: dict[str, object] = {
        "id": article.id,
        "title": article.title,
        "description": article.description,
        "asked_as": article.asked_as,
        "tags": article.tags,
        "order": article.order,
        "audience": "staff" if article.staff else "",
        "draft": article.draft or not body.strip() or None,
        "publish_date": article.publish_date,
        "expiry_date": article.expiry_date,
        "unlisted": article.unlisted or None,
        "promoted": article.promoted or None,
        "owner": article.owner,
        "last_reviewed_on": article.edited_on,
        "redirect_from": article.old_paths,
    }
    said = header if key == article.id else {name: header[name] for name in _OF_TRANSLATIONS}
    lines = [f"{name}: {_yaml(value)}" for name, value in said.items() if value not in ("", (), None)]
    return "\n".join(["---", *lines, "---", "", body or "\n"]), losses


def _yaml(value: object) -> str:
    """JSON strings and lists are YAML; text in double quotes is only ever text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str | tuple) else str(value)


def _load(export: Path) -> object:
    text = source_files.decode(source_files.read_named(export, limit=EXPORT_LIMIT), str(export))
    if text.lstrip()[:1] == "<":
        hint = "sign in, or add your token to the request, and save the JSON"
        raise InputError("a web page, perhaps a login page, not an export", where=str(export), hint=hint)
    try:
        return _plain_text(json.loads(text))
    except json.JSONDecodeError as error:
        where = f"{export}:{error.lineno}"
        if not text[error.pos :].strip() or (text.count("\n", error.pos) == 0 and error.msg.startswith("Unterminated")):
            raise InputError("the file ends in the middle", where=where, hint="export it again") from None
        raise InputError(f"not JSON: {error.msg.lower()}", where=where) from None
    except RecursionError:
        raise InputError("not an export: nested too deeply", where=str(export)) from None
    except ValueError:
        raise InputError("not an export: a number of thousands of digits", where=str(export)) from None


def _plain_text(value: object) -> object:
    """The content of an export without control characters and surrogates, which no text file may have."""
    if isinstance(value, str):
        return _UNPRINTABLE.sub("", value)
    if isinstance(value, list):
        return [_plain_text(item) for item in value]
    if isinstance(value, dict):
        return {_UNPRINTABLE.sub("", key): _plain_text(item) for key, item in value.items()}
    return value


def _decide(root: Path, exists: bool, path: str, text: str, before: str | None) -> str:
    """The outcome for an article: ``before`` is the hash of what the last import wrote."""
    if not exists:
        return "written"
    # Which revision a translation was made from is not of the export, and says nothing about an edit.
    current = _MARK.sub("", source_files.read_text(root, path), count=1)
    if before is None or current == text or before == _hash(text):
        return "kept"
    return "updated" if _hash(current) == before else "conflicts"


def _mark_translations(root: Path, written: Collection[str], contents: Contents) -> None:
    """Marks the translations that were ``written`` as made from their sources as they are now."""
    sources = {article.id: article for article in contents.articles}
    for one in contents.translations:
        if one.path in written and not one.translated_from and one.id in sources:
            text = set_key(
                source_files.read_text(root, one.path), one.path, "translated_from", revision(sources[one.id])
            )
            filesystem.save_text(root / one.path, text)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _read_record(root: Path) -> dict[tuple[str, str], str]:
    if not (root / RECORD).exists():
        return {}
    rows = csv.DictReader(io.StringIO(source_files.read_text(root, RECORD)))
    return {(row["id"], row["source"]): row["sha256"] for row in rows if all(row.get(name) for name in _COLUMNS)}


def _record_text(record: Mapping[tuple[str, str], str]) -> str:
    lines = [
        ",".join(_COLUMNS),
        *(f"{article},{source},{digest}" for (article, source), digest in sorted(record.items())),
    ]
    return "\n".join(lines) + "\n"


def _folder_paths(articles: Iterable[Exported]) -> dict[tuple[str, ...], str]:
    """Ids of a folder and those around it → project folder. Two of one name, or without a Latin letter, stay apart."""
    found: dict[tuple[str, ...], str] = {(): FOLDER}
    taken = {FOLDER}
    for article in articles:
        for end in range(1, len(article.folders) + 1):
            trail = tuple(folder.id for folder in article.folders[:end])
            if trail not in found:
                folder = article.folders[end - 1]
                base = f"{found[trail[:-1]]}/{romanised(folder.name) or slug(folder.id) or 'articles'}"
                path, number = base, 2
                while path.casefold() in taken:
                    path, number = f"{base}-{number}", number + 1
                taken.add(path.casefold())
                found[trail] = path
    return found


def _places(
    exported: Iterable[Exported], here: Mapping[str, str], folders: Mapping[tuple[str, ...], str], taken: set[str]
) -> dict[str, str]:
    """Id → project path, for the articles that are here and those to come.

    A page with pages below it goes into their folder, since an article and a folder can't have one address.
    """
    paths = dict(here)
    taken = {path.casefold() for path in taken}
    above = {str(parent) for path in taken for parent in PurePosixPath(path).parents}
    above |= {folder.casefold() for folder in folders.values()}
    for article in exported:
        if article.id in paths:
            continue
        folder = folders[tuple(each.id for each in article.folders)]
        name = romanised(article.title)[:80].strip("-") or article.id
        if f"{folder}/{name}".casefold() in above:
            folder = f"{folder}/{name}"
        path = f"{folder}/{name}.md"
        if path.casefold() in taken or name in {"index", "readme"}:
            path = f"{folder}/{name}-{article.id}.md"
        taken.add(path.casefold())
        paths[article.id] = path
    return paths


def _name_folders(
    root: Path, exported: Iterable[Exported], folders: Mapping[tuple[str, ...], str], written: Collection[str]
) -> None:
    """Gives new folders the names, descriptions and positions they had."""
    for article in exported:
        for end, folder in enumerate(article.folders, start=1):
            path = folders[tuple(each.id for each in article.folders[:end])]
            place = root / path / CATEGORY_FILE
            if any(f"{each}/".startswith(f"{path}/") for each in written) and not place.exists():
                filesystem.save_text(place, _category(folder))


def _category(folder: Folder) -> str:
    lines = [f"title: {_yaml(one_line(folder.name))}"]
    lines += [f"description: {_yaml(folder.description)}"] if folder.description else []
    lines += [f"order: {folder.order}"] if folder.order is not None else []
    if folder.names:
        lines += ["titles:", *(f"  {language}: {_yaml(name)}" for language, name in folder.names)]
    return "\n".join(lines) + "\n"
