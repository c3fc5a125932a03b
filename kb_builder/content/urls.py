"""URLs of articles, made from their paths, and ids, made from URLs.

A path that is safe in a URL stays as it is. Anything else becomes ASCII by rule alone: no page, feed or map has to
quote a URL, every file system can hold it, and the same path has the same URL on every machine.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from kb_builder.parsing.fields import plain_letters, slug

FOLDER: Final = "content/articles"
PAGES: Final = ("all", "announcements", "contact", "search", "trending")
"""First path components of the pages that every help centre has."""
RESERVED: Final = frozenset({"a", "api", "assets", "feeds", "media", "s", "staff", *PAGES})
"""First path components of the site's own URLs, in any case."""
HOST_FILES: Final = frozenset({"_headers", "_redirects"})
"""Files at the root of the site that hosts read, and that no page can have the name of."""
FEEDS: Final = ("changes", "happening", "announcements")
SUBSCRIBED: Final = frozenset(
    (
        *("sitemap.xml", "llms.txt", "api/articles.json", "api/trending.json"),
        *(f"feeds/{feed}.{ending}" for feed in FEEDS for ending in ("xml", "json")),
    )
)
"""Files whose addresses other programs keep."""

_SAFE: Final = re.compile(r"[A-Za-z0-9._~-]+")
_INDEXES: Final = frozenset({"index", "readme"})


def short_url(site_url: str, article_id: str) -> str:
    """The permanent link of an article."""
    return f"{site_url}a/{article_id}/"


def article_urls(paths: Iterable[str]) -> Mapping[str, str]:
    """Project path of each article → site-relative URL, directory style.

    An ``index.md`` or ``README.md`` that is alone in its folder is published at the folder's URL:
    ``faq/refunds/index.md`` at ``faq/refunds/``. In a folder with other articles that URL is the category's and the
    article is published at ``faq/index/``, as it is at the top, where the home page is.
    """
    paths = sorted(paths)
    article_counts: Counter[str] = Counter()
    for folder, count in Counter(path.rpartition("/")[0] for path in paths).items():
        article_counts.update(dict.fromkeys(_folders(f"{folder}/"), count))
    urls: dict[str, str] = {}
    known: dict[str, str] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        stem = name[: -len(".md")]
        if folder == FOLDER:
            urls[path] = folder_url(path[: -len(".md")])
            continue
        if folder not in known:
            known[folder] = folder_url(folder)
        alone = stem.casefold() in _INDEXES and article_counts[folder] == 1
        urls[path] = known[folder] if alone else f"{known[folder]}{_component(stem)}/"
    return urls


def folder_urls(articles: Mapping[str, str]) -> Mapping[str, str]:
    """Project path of each folder that holds articles → its URL without the last slash.

    ``articles`` is what :func:`article_urls` returns. A folder whose URL is an article's is left out.
    """
    homes = {path.rpartition("/")[0]: url for path, url in articles.items()}
    folders = {folder: url for home, url in homes.items() for folder in _folders(f"{home}/")}
    made = {folder: folder_url(folder) for folder in sorted(folders)}
    return {folder: url.rstrip("/") for folder, url in made.items() if folders[folder] != url}


def id_of(url: str) -> str:
    """The id of an article whose header has none: its URL in the letters of an id."""
    return slug(url)


def _folders(path: str) -> Iterator[str]:
    """The folders a file is in, innermost first, without ``content/articles`` itself."""
    while (path := path.rpartition("/")[0]).startswith(f"{FOLDER}/"):
        yield path


def folder_url(path: str) -> str:
    """The URL made of the names in a project path, that of a folder or a file without its ending."""
    components = path.removeprefix(f"{FOLDER}/").split("/")
    made = [_component(component) for component in components]
    if made[0].casefold() in RESERVED | HOST_FILES:
        made[0] += "-articles"
    elif re.search(r"\.[A-Za-z]+$", made[0]):
        # A top-level folder called “llms.txt” would collide with the site's own files.
        made[0] = made[0].replace(".", "-")
    return "".join(f"{component}/" for component in made)


def _component(name: str) -> str:
    if _SAFE.fullmatch(name) and name != "index.html" and not name.endswith("."):
        return name
    plain = plain_letters(name)
    made = re.sub(r"[^A-Za-z0-9_~.]+", "-", plain.replace("index.html", "index-html")).strip("-.")
    if not made or any(character.isalnum() and not character.isascii() for character in plain):
        # Of a name in another script nothing may be left; the digest keeps two such names apart.
        digest = hashlib.sha256(unicodedata.normalize("NFC", name).encode()).hexdigest()[:8]
        made = f"{made}-{digest}".strip("-")
    return made
