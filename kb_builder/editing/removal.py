"""``kb rm``: withdraws an article in one step, and leaves a notice at its addresses."""

import posixpath
from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kb_builder.content.old_urls import SiteRoot
from kb_builder.content.redirect_chains import Gone
from kb_builder.content.redirects import PATH as REDIRECTS
from kb_builder.content.redirects import read_rules
from kb_builder.content.urls import FOLDER
from kb_builder.editing import translation_marks
from kb_builder.editing.content_root import ContentRoot
from kb_builder.editing.header_edits import add_item, remove_item
from kb_builder.editing.link_rewriting import rewrite_links
from kb_builder.editing.moves import announcements_in, article_at, path_below
from kb_builder.editing.redirect_lines import add_lines
from kb_builder.errors import InputError, did_you_mean
from kb_builder.model import Article
from kb_builder.system import filesystem, source_files


@dataclass(frozen=True, slots=True)
class Removed:
    """The result of a removal. ``removed`` is the deleted file, empty if it was gone already; ``changed`` are files
    whose text was changed, ``linking`` those that still link to the article, whose readers find the notice."""

    id: str
    removed: str
    changed: tuple[str, ...]
    linking: tuple[str, ...]
    addresses: tuple[str, ...]
    translations: tuple[str, ...] = ()
    """Deleted with it."""
    noticed: bool = True
    """Whether its addresses show a notice: not of an article that was never public, whose existence is private."""
    itself: tuple[str, ...] = ()
    """Files of the replacement that linked to the article, and link to themselves now."""


def remove(
    place: ContentRoot, name: str, why: Gone, *, once_public: Collection[str] = (), never_public: Collection[str] = ()
) -> Removed:
    """Deletes the article that ``name`` (a path, an id or a URL) refers to, and records ``why``.

    ``once_public`` and ``never_public`` are ids. An article that was public once, whose file is gone already, only gets
    its record. Of one that never was, nothing is recorded but the old URLs of other articles that it answered for.
    Raises InputError, before anything is written, when there is no such article or nothing at ``why.replaced_by``.
    """
    root, site = place.root, place.site
    contents = place.contents()
    articles = {article.path: article for article in contents.articles}
    ids = {article.id for article in articles.values()}
    path = article_at(name, articles, site)
    if path is None:
        _check_once_public(name, articles, once_public, site)
    article = articles[path] if path else None
    id = article.id if article else name
    noticed = id not in never_public
    _check_replacement(why.replaced_by, id, ids)
    _check_rules(root, id, site, noticed=noticed)
    replacement = next((item for item in articles.values() if item.id == why.replaced_by), None)
    translations = {item.path: item for item in contents.translations}
    its_own = [other for other, item in translations.items() if item.id == id] if path else []
    others = {other: item for other, item in (articles | translations).items() if other not in (path, *its_own)}
    changed, linking, itself = _mended(root, article, id, replacement, others, site)
    rules: dict[str, str | Gone] = {f"a/{id}/": why} if noticed else {}
    if article and noticed:
        rules |= {f"{article.url}": id} | dict.fromkeys(article.redirect_from, id)
    elif article:
        rules |= dict.fromkeys(article.redirect_from, why.replaced_by or why)
    were_current = translation_marks.current(place, contents)
    for other, text in changed.items():
        filesystem.save_text(root / other, text)
    written = [REDIRECTS] if add_lines(root, rules) else []
    for gone in (path, *its_own) if path else ():
        filesystem.remove(root / gone)
    if were_current:
        changed |= dict.fromkeys(translation_marks.mark_current(place, were_current), "")
    return Removed(
        id, path or "", (*sorted(changed), *written), tuple(linking), tuple(sorted(rules)), tuple(sorted(its_own)),
        noticed, tuple(itself),
    )  # fmt: skip


def _check_once_public(
    name: str, articles: Mapping[str, Article], once_public: Collection[str], site: SiteRoot
) -> None:
    """Raises InputError unless what has no file was an article once."""
    if any(other.startswith(f"{FOLDER}/{path_below(name, site)}/") for other in articles):
        raise InputError(f'"{name}" is a folder', hint="withdraw its articles one by one, each with its reason")
    if name not in once_public:
        known = {*(article.id for article in articles.values()), *once_public}
        raise InputError(f'there is no article "{name}"', hint=did_you_mean(name, known, "give its id or its path"))


def _check_replacement(other: str, id: str, ids: Set[str]) -> None:
    """Raises InputError unless ``other`` is empty or an article that can replace ``id``."""
    if other and (other == id or other not in ids):
        problem = "an article can't replace itself" if other == id else f'there is no article "{other}"'
        hint = did_you_mean(other, ids - {id}, "give the id of the article that answers now")
        raise InputError(problem, hint=hint)


def _check_rules(root: Path, id: str, site: SiteRoot, *, noticed: bool) -> None:
    """Raises InputError where the redirects name the article already, or lead to one that leaves no notice."""
    rules = read_rules(root, ())[0]
    known = {path_below(rule.old, site): rule.line for rule in rules}
    if line := known.get(f"a/{id}") or known.get(id):
        problem = f'a redirect already says what became of "{id}"'
        raise InputError(problem, where=f"{REDIRECTS}:{line}", hint="change that line")
    if not noticed and (leading := next((rule for rule in rules if rule.target == id), None)):
        where = f"{leading.path}:{leading.line}"
        raise InputError(f'"{leading.old}" leads to it', where=where, hint="lead it to another article, or remove it")


def _mended(
    root: Path,
    article: Article | None,
    id: str,
    replacement: Article | None,
    others: Mapping[str, Article],
    site: SiteRoot,
) -> tuple[dict[str, str], list[str], list[str]]:
    """New texts of files that name the article as related or link to it, by path; files whose links stay; and those of
    the replacement, whose links lead to itself now."""
    changed: dict[str, str] = {}
    linking: list[str] = []
    itself: list[str] = []
    for path in (*others, *announcements_in(root)):
        text = made = source_files.read_text(root, path)
        item = others.get(path)
        if item and id in item.related and "related" in dict(item.lines):
            made = remove_item(made, path, "related", id)
            if replacement and replacement.id not in (*item.related, item.id):
                made = add_item(made, path, "related", replacement.id)
        if article:
            seen: list[str] = []
            made = rewrite_links(made, partial(_relinked, path, article, replacement, site, seen))
            if seen and replacement is None:
                linking.append(path)
            elif seen and item and replacement and item.id == replacement.id:
                itself.append(path)
        if made != text:
            changed[path] = made
    return changed, linking, itself


def _relinked(
    path: str, article: Article, replacement: Article | None, site: SiteRoot, seen: list[str], written: str
) -> str | None:
    """The new target of a link to ``article``, which is noted in ``seen``; None to leave the link as it is."""
    if ":" in written or written.startswith("//"):
        return None
    rooted, folder = written.startswith("/"), posixpath.dirname(path)
    below = site.relative(written)
    there = posixpath.normpath(f"{FOLDER}/{below}" if rooted else posixpath.join(folder, written))
    names = {article.path, article.path.removesuffix(".md"), f"{FOLDER}/{article.url.rstrip('/')}"}
    if there not in names and below != f"a/{article.id}":
        return None
    seen.append(written)
    if replacement is None:
        return None
    return f"/{replacement.url}" if rooted else posixpath.relpath(replacement.path, folder)
