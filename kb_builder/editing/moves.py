"""``kb mv``: renames an article or a folder of them; old addresses, short links and links between articles live on."""

import posixpath
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from kb_builder.content.announcements import FOLDER as ANNOUNCEMENTS
from kb_builder.content.articles import clashes, read_articles
from kb_builder.content.redirects import PATH as REDIRECTS
from kb_builder.content.redirects import Wish, old_url, read_wishes
from kb_builder.content.urls import FOLDER, article_urls
from kb_builder.editing.header_edits import add_item, add_key, remove_item
from kb_builder.editing.link_rewriting import rewrite_links
from kb_builder.errors import InputError, Severity
from kb_builder.model import Article
from kb_builder.parsing.schemas import nearest
from kb_builder.system import filesystem, source_files


@dataclass(frozen=True, slots=True)
class Moved:
    """What was done. ``files`` maps old project paths to new ones, ``redirects`` old URLs to new ones; ``rewritten``
    are other files whose links were changed."""

    files: Mapping[str, str]
    redirects: Mapping[str, str]
    rewritten: tuple[str, ...]


def move(root: Path, old: str, new: str, *, zone: ZoneInfo, ignore_keys: Collection[str] = ()) -> Moved:
    """Renames ``old`` to ``new`` in the project in ``root``.

    ``old`` is an article's path, id or URL, or a folder; ``new`` a path, or with a slash at its end the folder to move
    into. Paths count from ``content/articles`` or from the project. Raises InputError, before anything is written, when
    the articles can't be trusted or the new place is taken.
    """
    contents = read_articles(root, zone=zone, ignore_keys=ignore_keys)
    if errors := [finding for finding in contents.findings if finding.severity is Severity.ERROR]:
        raise InputError.of(errors)
    articles = {article.path: article for article in contents.articles}
    everything = source_files.walk(root, FOLDER).paths
    renamed = _renamed(old, new, articles, everything)
    for target in renamed.values():
        if target in everything and target not in renamed:
            raise InputError("there is already a file of that name", where=target, hint="choose another name")
    before = article_urls(articles)
    after = article_urls(renamed.get(path, path) for path in articles)
    if taken := clashes((), after, {}):
        raise InputError.of(taken)
    new_urls = {path: after[renamed.get(path, path)] for path in articles}
    moving = {url: articles[path] for path, url in new_urls.items() if url != before[path]}
    returned = _returned(root, articles, moving)
    texts = {path: source_files.read_text(root, path) for path in (*articles, *_announcements(root))}
    changed = _edited(texts, articles, renamed, before, after, everything)
    for wish in returned:
        text = changed.get(wish.path) or texts.get(wish.path) or source_files.read_text(root, wish.path)
        changed[wish.path] = _without(text, wish)
    for path, text in changed.items():
        place = root / renamed.get(path, path)
        filesystem.make_folders(place.parent)
        filesystem.save(place, text.encode())
    for path, target in renamed.items():
        if path not in texts:
            filesystem.make_folders((root / target).parent)
            filesystem.move(root / path, root / target)
        elif path not in renamed.values():
            filesystem.remove(root / path)
    return Moved(
        files=renamed,
        redirects={before[path]: url for path, url in new_urls.items() if url != before[path]},
        rewritten=tuple(sorted(changed.keys() - renamed.keys() - {REDIRECTS})),
    )


def _returned(root: Path, articles: Mapping[str, Article], moving: Mapping[str, Article]) -> list[Wish]:
    """Redirects from addresses that their articles have again, the last line first.

    ``moving`` holds the articles that get another URL, by that URL.
    Raises InputError when an article would take the old address of another one: who follows it must not be misled.
    """
    found = []
    for wish in read_wishes(root, articles.values())[0]:
        try:
            url = old_url(wish.old)
        except InputError:
            continue
        article = moving.get(url)
        if article is not None and article.id == wish.target:
            found.append(wish)
        elif article is not None:
            problem = f"/{url} is an old address of {wish.target}"
            raise InputError(
                problem, where=f"{wish.path}:{wish.line}", hint="choose another name, or take it out there"
            )
    return sorted(found, key=lambda wish: -wish.line)


def _without(text: str, wish: Wish) -> str:
    if wish.path != REDIRECTS:
        return remove_item(text, wish.path, "redirect_from", wish.old)
    lines = text.split("\n")
    del lines[wish.line - 1]
    return "\n".join(lines)


def _renamed(old: str, new: str, articles: Mapping[str, Article], everything: Collection[str]) -> dict[str, str]:
    """Project path of each file to move → its new one. A folder moves with all that is in it."""
    target = posixpath.normpath(f"{FOLDER}/{new.removeprefix(f'{FOLDER}/')}")
    if not target.startswith(f"{FOLDER}/") or new.startswith("/") or "\\" in new:
        raise InputError(f'"{new}" is not a place below {FOLDER}', hint="write it like faq/orders/track-your-order.md")
    source = _article_at(old, articles)
    if source is not None:
        if new.endswith("/"):
            target = f"{target}/{posixpath.basename(source)}"
        elif not target.lower().endswith(".md"):
            target += ".md"
        if target == source:
            raise InputError(f"{source} has that name already")
        return {source: target}
    folder = f"{FOLDER}/{old.removeprefix(f'{FOLDER}/').strip('/')}"
    inside = [file for file in everything if file.startswith(f"{folder}/")]
    if not inside:
        names = [
            *(article.id for article in articles.values()),
            *(path.removeprefix(f"{FOLDER}/") for path in articles),
        ]
        meant = nearest(old, names)
        hint = f'did you mean "{meant}"?' if meant else "give the path below content/articles, or the id"
        raise InputError(f'there is no article "{old}"', hint=hint)
    if new.endswith("/"):
        target = f"{target}/{posixpath.basename(folder)}"
    if f"{target}/".startswith(f"{folder}/"):
        raise InputError(f"{target} lies inside {folder}", hint="a folder can't be moved into itself")
    return {file: target + file.removeprefix(folder) for file in inside}


def _article_at(name: str, articles: Mapping[str, Article]) -> str | None:
    """The path of the article that ``name`` (a path, an id or a URL) means."""
    below = name.removeprefix(f"{FOLDER}/").strip("/")
    paths = {f"{FOLDER}/{below}", f"{FOLDER}/{below}.md"}
    return next(
        (
            article.path
            for article in articles.values()
            if name == article.id or below == article.url.strip("/") or article.path in paths
        ),
        None,
    )


def _announcements(root: Path) -> list[str]:
    return [path for path in source_files.walk(root, ANNOUNCEMENTS).paths if path.lower().endswith(".md")]


def _edited(
    texts: Mapping[str, str],
    articles: Mapping[str, Article],
    renamed: Mapping[str, str],
    before: Mapping[str, str],
    after: Mapping[str, str],
    everything: Collection[str],
) -> dict[str, str]:
    """Old project path → new text, of every file that changes or moves."""
    in_use = set(after.values())
    changed: dict[str, str] = {}
    for path, text in texts.items():
        here = renamed.get(path, path)
        made = rewrite_links(text, _Relinker(path, here, renamed, frozenset(everything)))
        if path in before and before[path] != after[here]:
            if not articles[path].has_id:
                made = add_key(made, path, "id", articles[path].id)
            if before[path] not in in_use and f"/{before[path]}" not in articles[path].redirect_from:
                made = add_item(made, path, "redirect_from", f"/{before[path]}")
        if made != text or path in renamed:
            changed[path] = made
    return changed


class _Relinker:
    """The new target of a link in a file, or None where the old one still leads there."""

    def __init__(self, path: str, here: str, renamed: Mapping[str, str], everything: Collection[str]) -> None:
        self.old_folder = posixpath.dirname(path)
        self.folder = posixpath.dirname(here)
        self.renamed = renamed
        self.everything = everything

    def __call__(self, written: str) -> str | None:
        if ":" in written or written.startswith("//"):
            return None
        rooted = written.startswith("/")
        base = posixpath.normpath(f"{FOLDER}{written}" if rooted else posixpath.join(self.old_folder, written))
        for ending in ("", ".md", "/index.md"):
            if base + ending in self.everything:
                there = self.renamed.get(base + ending, base + ending)
                if there == base + ending and (rooted or self.folder == self.old_folder):
                    return None
                there = there.removesuffix(ending) if ending else there
                made = f"/{there.removeprefix(f'{FOLDER}/')}" if rooted else posixpath.relpath(there, self.folder)
                return f"{made}/" if written.endswith("/") else made
        return None
