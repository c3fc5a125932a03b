"""``kb mv``: renames an article or a folder; old URLs, short links and links between articles keep working."""

import posixpath
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kb_builder.content.announcements import FOLDER as ANNOUNCEMENTS
from kb_builder.content.articles import clashes
from kb_builder.content.languages import split_name
from kb_builder.content.old_urls import SiteRoot, parse_place
from kb_builder.content.redirect_chains import Rule
from kb_builder.content.redirects import PATH as REDIRECTS
from kb_builder.content.redirects import read_rules
from kb_builder.content.urls import FOLDER, article_urls, folder_urls
from kb_builder.editing import translation_marks
from kb_builder.editing.content_root import ContentRoot
from kb_builder.editing.header_edits import add_item, add_key, remove_item
from kb_builder.editing.link_rewriting import rewrite_links
from kb_builder.editing.redirect_lines import add_lines
from kb_builder.errors import InputError, Severity, did_you_mean
from kb_builder.model import Article
from kb_builder.system import filesystem, source_files
from kb_builder.system.web import split_url


@dataclass(frozen=True, slots=True)
class Moved:
    """``files`` maps old project paths to new ones, ``redirects`` old URLs to new ones; ``rewritten`` are other files
    whose text was changed: links, and ``redirects.yml``."""

    files: Mapping[str, str]
    redirects: Mapping[str, str]
    rewritten: tuple[str, ...]


def move(place: ContentRoot, old: str, new: str) -> Moved:
    """Renames ``old`` to ``new``.

    ``old`` is an article's path, id or URL, or a folder; ``new`` a path, or with a slash at its end the folder to move
    into. Paths count from ``content/articles`` or from the project. Translations move along. Raises InputError, before
    anything is written, when an article has an error or the new path is taken.
    """
    root, site = place.root, place.site
    contents = place.contents()
    if errors := [finding for finding in contents.findings if finding.severity is Severity.ERROR]:
        raise InputError.of(errors)
    articles = {article.path: article for article in contents.articles}
    translations = [article.path for article in contents.translations]
    all_files = source_files.walk(root, FOLDER).paths
    renamed = _renamed(old, new, articles, all_files, site)
    renamed |= _with_translations(renamed, all_files, place.declared)
    before = article_urls(articles)
    after = article_urls(renamed.get(path, path) for path in articles)
    _refuse_taken(renamed, all_files, after)
    new_urls = {path: after[renamed.get(path, path)] for path in articles}
    moving = {url: articles[path] for path, url in new_urls.items() if url != before[path]}
    restored = _restored(root, articles, moving, {f"{url}/" for url in folder_urls(after).values()}, site)
    texts = {path: source_files.read_text(root, path) for path in (*articles, *translations, *announcements_in(root))}
    changed = _edited(texts, articles, renamed, before, after, all_files)
    lists = _moved_lists(before, after, renamed)
    were_current = translation_marks.current(place, contents)
    for rule in restored:
        text = changed.get(rule.path) or texts.get(rule.path) or source_files.read_text(root, rule.path)
        changed[rule.path] = _without(text, rule)
    _write(root, renamed, changed)
    rewritten = changed.keys() - renamed.keys()
    if add_lines(root, lists):
        rewritten |= {REDIRECTS}
    if were_current:
        rewritten |= {*translation_marks.mark_current(place, were_current)} - {*renamed.values()}
    redirects = {before[path]: url for path, url in new_urls.items() if url != before[path]}
    redirects |= {old.removeprefix("/"): target.removeprefix("/") for old, target in lists.items()}
    return Moved(files=renamed, redirects=redirects, rewritten=tuple(sorted(rewritten)))


def _refuse_taken(renamed: Mapping[str, str], all_files: Collection[str], after: Mapping[str, str]) -> None:
    """Raises InputError when a file would take the place of another, or its URL as ``after`` has them."""
    for target in renamed.values():
        if target in all_files and target not in renamed:
            raise InputError("there is already a file of that name", where=target, hint="choose another name")
    if taken := clashes((), after, {}):
        raise InputError.of(taken)


def _write(root: Path, renamed: Mapping[str, str], changed: Mapping[str, str]) -> None:
    """Writes the ``changed`` texts, each in its new place, and moves the files that have none, such as pictures."""
    for path, text in changed.items():
        filesystem.save_text(root / renamed.get(path, path), text)
    for path, target in renamed.items():
        if path not in changed:
            filesystem.make_folders((root / target).parent)
            filesystem.move(root / path, root / target)
        elif path not in renamed.values():
            filesystem.remove(root / path)


def _with_translations(
    renamed: Mapping[str, str], all_files: Collection[str], declared: Sequence[str]
) -> Mapping[str, str]:
    """Project path of each translation of a file that moves → its new one."""
    found: dict[str, str] = {}
    for path in all_files:
        base, code = split_name(path, declared)
        if code and path not in renamed and base in renamed:
            found[path] = f"{renamed[base].removesuffix('.md')}.{code}.md"
    return found


def _moved_lists(before: Mapping[str, str], after: Mapping[str, str], renamed: Mapping[str, str]) -> dict[str, str]:
    """URL of each category page that moves with its folder → its new URL, as ``redirects.yml`` writes them."""
    old_folders, new_folders = folder_urls(before), folder_urls(after)
    taken = {*new_folders.values(), *(url.rstrip("/") for url in after.values())}
    found = {}
    for folder, url in old_folders.items():
        inside = [path for path in before if path.startswith(f"{folder}/")]
        # Where the folder is now, by the files in it.
        places = {renamed.get(path, path).removesuffix(path.removeprefix(folder)) for path in inside}
        new = new_folders.get(places.pop()) if len(places) == 1 else None
        if new and url not in taken:
            found[f"/{url}/"] = f"/{new}/"
    return found


def _restored(
    root: Path, articles: Mapping[str, Article], moving: Mapping[str, Article], folders: Collection[str], site: SiteRoot
) -> list[Rule]:
    """Redirects from URLs to which their articles or category pages return, the last line first.

    ``moving`` holds the articles that get another URL, by that URL; ``folders`` are the URLs of category pages.
    Raises InputError when an article would take the old URL of another one: readers who follow it would be misled.
    """
    found = []
    for rule in read_rules(root, articles.values())[0]:
        try:
            place = parse_place(rule.old, site)
        except InputError:
            continue
        url = str(place)
        article = moving.get(url)
        if url in folders or (article is not None and article.id == rule.target):
            found.append(rule)
        elif article is not None:
            problem, hint = f"/{url} is an old URL of {rule.target}", "choose another name, or remove that redirect"
            raise InputError(problem, where=f"{rule.path}:{rule.line}", hint=hint)
    return sorted(found, key=lambda rule: -rule.line)


def _without(text: str, rule: Rule) -> str:
    if rule.path != REDIRECTS:
        return remove_item(text, rule.path, "redirect_from", rule.old)
    lines = text.split("\n")
    del lines[rule.line - 1]
    return "\n".join(lines)


def _renamed(
    old: str, new: str, articles: Mapping[str, Article], all_files: Collection[str], site: SiteRoot
) -> dict[str, str]:
    """Project path of each file to move → its new one. A folder moves with all its files."""
    target = posixpath.normpath(f"{FOLDER}/{new.removeprefix(f'{FOLDER}/')}")
    if not target.startswith(f"{FOLDER}/") or new.startswith("/") or "\\" in new or "://" in new:
        raise InputError(f'"{new}" is not a path below {FOLDER}', hint="write it like faq/orders/track-your-order.md")
    source = article_at(old, articles, site)
    if source is not None:
        if new.endswith("/"):
            target = f"{target}/{posixpath.basename(source)}"
        elif not target.lower().endswith(".md"):
            target += ".md"
        if target == source:
            raise InputError(f"{source} has that name already")
        return {source: target}
    folder = f"{FOLDER}/{path_below(old, site)}"
    inside = [file for file in all_files if file.startswith(f"{folder}/")]
    if not inside:
        names = [name for path, item in articles.items() for name in (item.id, path.removeprefix(f"{FOLDER}/"))]
        hint = did_you_mean(old, names, "give the path below content/articles, or the id")
        raise InputError(f'there is no article "{old}"', hint=hint)
    if new.endswith("/"):
        target = f"{target}/{posixpath.basename(folder)}"
    if f"{target}/".startswith(f"{folder}/"):
        raise InputError(f"{target} is inside {folder}", hint="a folder can't be moved into itself")
    return {file: target + file.removeprefix(folder) for file in inside}


def article_at(name: str, articles: Mapping[str, Article], site: SiteRoot) -> str | None:
    """The path of the article that ``name`` (a path, an id, a URL or a short link) refers to; None if there is none."""
    below = path_below(name, site)
    paths = {f"{FOLDER}/{below}", f"{FOLDER}/{below}.md"}
    for article in articles.values():
        if name == article.id or below in (article.url.strip("/"), f"a/{article.id}") or article.path in paths:
            return article.path
    return None


def path_below(name: str, site: SiteRoot) -> str:
    """A path or a URL of the site as seen from its root, or from ``content/articles``, without slashes at its ends.

    A URL of another site stays as it is.
    """
    path = split_url(name).path if "://" in name and not site.is_elsewhere(name) else name
    return site.relative(path).removeprefix(f"{FOLDER}/").strip("/")


def announcements_in(root: Path) -> list[str]:
    """Project paths of the announcements, translations included."""
    return [path for path in source_files.walk(root, ANNOUNCEMENTS).paths if path.lower().endswith(".md")]


def _edited(
    texts: Mapping[str, str],
    articles: Mapping[str, Article],
    renamed: Mapping[str, str],
    before: Mapping[str, str],
    after: Mapping[str, str],
    all_files: Collection[str],
) -> dict[str, str]:
    """Old project path → new text, of every file that changes or moves."""
    in_use, files = set(after.values()), frozenset(all_files)
    changed: dict[str, str] = {}
    for path, text in texts.items():
        here = renamed.get(path, path)
        made = rewrite_links(text, partial(_relinked, path, here, renamed, files))
        if path in before and before[path] != after[here]:
            if not articles[path].has_id:
                made = add_key(made, path, "id", articles[path].id)
            if before[path] not in in_use and f"/{before[path]}" not in articles[path].redirect_from:
                made = add_item(made, path, "redirect_from", f"/{before[path]}")
        if made != text or path in renamed:
            changed[path] = made
    return changed


def _relinked(path: str, here: str, renamed: Mapping[str, str], all_files: Collection[str], written: str) -> str | None:
    """The new target of a link in the file ``path``, which is ``here`` now; None where the old one still works."""
    if ":" in written or written.startswith("//"):
        return None
    rooted, folder = written.startswith("/"), posixpath.dirname(here)
    base = posixpath.normpath(f"{FOLDER}{written}" if rooted else posixpath.join(posixpath.dirname(path), written))
    for ending in ("", ".md", "/index.md"):
        if base + ending in all_files:
            there = renamed.get(base + ending, base + ending)
            if there == base + ending and (rooted or folder == posixpath.dirname(path)):
                return None
            there = there.removesuffix(ending)
            made = f"/{there.removeprefix(f'{FOLDER}/')}" if rooted else posixpath.relpath(there, folder)
            return f"{made}/" if written.endswith("/") else made
    return None
