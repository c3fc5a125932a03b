"""``kb import``: an export of another tool becomes Markdown, with ids, redirects and links that live on."""

import json
import posixpath
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from kb_builder.content.articles import CATEGORY_FILE, read_articles
from kb_builder.content.urls import FOLDER
from kb_builder.editing.help_desks import LINKS, Exported, one_line, parse_export
from kb_builder.errors import InputError, Severity
from kb_builder.parsing.dates import UTC_ZONE
from kb_builder.parsing.fields import romanised
from kb_builder.system import filesystem, source_files

EXPORT_LIMIT: Final = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Imported:
    """What was done. ``kept`` are articles that were here already; ``lost_links`` lead to articles that are not in the
    export; ``remote_images`` still lie with the other tool."""

    written: tuple[str, ...]
    kept: tuple[str, ...]
    drafts: int
    staff: int
    lost_links: int
    remote_images: int


def import_export(root: Path, tool: str, export: Path, *, ignore_keys: Collection[str] = ()) -> Imported:
    """Writes the articles of an export into the project in ``root``.

    An article whose id is here already is left as it is, so a second import changes nothing. Raises InputError when the
    export is not one, or when the articles that are here can't be trusted.
    """
    exported = parse_export(tool, _load(export), str(export))
    contents = read_articles(root, zone=UTC_ZONE, ignore_keys=ignore_keys)
    errors = [item for item in contents.findings if item.severity is Severity.ERROR and item.code != "no-articles"]
    if errors:
        raise InputError.of(errors)
    here = {article.id: article.path for article in contents.articles}
    paths = _places(exported, here, set(source_files.walk(root, FOLDER).paths))
    counts = {"lost": 0, "remote": 0}
    texts: dict[str, str] = {}
    for article in exported:
        if article.id not in here:
            path = paths[article.id]
            texts[path] = render(article, _Linker(tool, posixpath.dirname(path), paths, counts))
    for path, text in texts.items():
        filesystem.make_folders((root / path).parent)
        filesystem.save(root / path, text.encode())
    _name_folders(root, exported, texts, paths)
    return Imported(
        written=tuple(sorted(texts)),
        kept=tuple(sorted(here[article.id] for article in exported if article.id in here)),
        drafts=sum(article.draft for article in exported),
        staff=sum(article.staff for article in exported),
        lost_links=counts["lost"],
        remote_images=counts["remote"],
    )


def render(article: Exported, link: Callable[[str], str]) -> str:
    """The Markdown file of an article."""
    try:
        from kb_builder.editing.html_to_markdown import to_markdown
    except ImportError:
        raise InputError("importing needs two more packages", hint="pip install 'kb-builder[import]'") from None
    header: dict[str, object] = {
        "id": article.id,
        "title": article.title,
        "description": article.description,
        "asked_as": article.asked_as,
        "tags": article.tags,
        "order": article.order,
        "audience": "staff" if article.staff else "",
        "draft": article.draft or None,
        "promoted": article.promoted or None,
        "redirect_from": article.old_paths,
    }
    lines = [f"{key}: {_yaml(value)}" for key, value in header.items() if value not in ("", (), None)]
    try:
        body = to_markdown(article.html, link)
    except RecursionError:
        raise InputError(f"the HTML of article {article.id} is nested too deeply") from None
    return "\n".join(["---", *lines, "---", "", body])


def _yaml(value: object) -> str:
    """JSON strings and lists are YAML; text in double quotes is only ever text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str | tuple) else str(value)


def _load(export: Path) -> object:
    whole = export.resolve()
    try:
        text = source_files.decode(source_files.read_bytes(whole.parent, whole.name, limit=EXPORT_LIMIT), str(export))
    except InputError as error:
        raise InputError(
            error.problem, where=error.where if ":" in error.where else str(export), hint=error.hint
        ) from None
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"not JSON: {error.msg.lower()}", where=f"{export}:{error.lineno}") from None
    except RecursionError:
        raise InputError("not an export: nested too deeply", where=str(export)) from None


def _places(exported: Iterable[Exported], here: Mapping[str, str], taken: set[str]) -> dict[str, str]:
    """Id → project path, for the articles that are here and those to come."""
    paths = dict(here)
    taken = {path.casefold() for path in taken}
    for article in exported:
        if article.id in paths:
            continue
        folder = "/".join([FOLDER, *(romanised(name) or "articles" for name in article.folders)])
        name = romanised(article.title)[:80].strip("-") or article.id
        path = f"{folder}/{name}.md"
        if path.casefold() in taken or name in {"index", "readme"}:
            path = f"{folder}/{name}-{article.id}.md"
        taken.add(path.casefold())
        paths[article.id] = path
    return paths


def _name_folders(root: Path, exported: Iterable[Exported], written: Collection[str], paths: Mapping[str, str]) -> None:
    """Gives new folders the names they had."""
    for article in exported:
        if paths[article.id] in written:
            folder = FOLDER
            for name in article.folders:
                folder += f"/{romanised(name) or 'articles'}"
                place = root / folder / CATEGORY_FILE
                if not place.exists():
                    filesystem.save(place, f"title: {_yaml(one_line(name))}\n".encode())


class _Linker:
    """New targets: articles of the export by their path here, everything else as it was."""

    def __init__(self, tool: str, folder: str, paths: Mapping[str, str], counts: dict[str, int]) -> None:
        self.pattern = LINKS[tool]
        self.folder = folder
        self.paths = paths
        self.counts = counts

    def __call__(self, target: str) -> str:
        match = self.pattern.search(urlsplit(target).path if "://" in target else target.partition("#")[0])
        if match and match[1] in self.paths:
            fragment = target.partition("#")[2]
            return posixpath.relpath(self.paths[match[1]], self.folder) + (f"#{fragment}" if fragment else "")
        self.counts["lost"] += match is not None
        self.counts["remote"] += "attachments/" in target or target.lower().endswith((".png", ".jpg", ".jpeg", ".gif"))
        return target
