"""Where an article is published: the URL made from its path, and the id made from its URL.

A path that is safe in a URL stays as it is. Anything else becomes ASCII by rule alone, so that no page, feed or map has
to quote an address, every file system can hold it, and the same path has the same address on every machine.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from kb_builder.parsing.fields import plain_letters, slug

FOLDER: Final = "content/articles"
RESERVED: Final = frozenset(
    {"a", "all", "announcements", "api", "assets", "contact", "feeds", "media", "s", "search", "staff", "trending"}
)
"""First steps of addresses that belong to the site itself, whatever their case."""

_SAFE: Final = re.compile(r"[A-Za-z0-9._~-]+")
_INDEXES: Final = frozenset({"index", "readme"})


def article_urls(paths: Iterable[str]) -> Mapping[str, str]:
    """Project path of each article → site-relative URL, directory style.

    ``index.md`` and ``README.md`` that are alone in their folder stand for it: ``faq/refunds/index.md`` is published at
    ``faq/refunds/``. In a folder with other articles that address is the category's, and they are published at
    ``faq/index/``, as they are at the top, where the home page is.
    """
    paths = sorted(paths)
    inhabitants: Counter[str] = Counter()
    for folder, count in Counter(path.rpartition("/")[0] for path in paths).items():
        inhabitants.update(dict.fromkeys(_folders(f"{folder}/"), count))
    urls: dict[str, str] = {}
    homes: dict[str, str] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        stem = name[: -len(".md")]
        if folder == FOLDER:
            urls[path] = _url(path[: -len(".md")])
            continue
        if folder not in homes:
            homes[folder] = _url(folder)
        alone = stem.casefold() in _INDEXES and inhabitants[folder] == 1
        urls[path] = homes[folder] if alone else f"{homes[folder]}{_step(stem)}/"
    return urls


def folder_urls(articles: Mapping[str, str]) -> Mapping[str, str]:
    """Project path of each folder that holds articles → its URL without the last slash.

    ``articles`` is what :func:`article_urls` returns. A folder that an article stands for is not among them.
    """
    homes = {path.rpartition("/")[0]: url for path, url in articles.items()}
    folders = {folder: url for home, url in homes.items() for folder in _folders(f"{home}/")}
    made = {folder: _url(folder) for folder in sorted(folders)}
    return {folder: url.rstrip("/") for folder, url in made.items() if folders[folder] != url}


def id_of(url: str) -> str:
    """The id an article without one has: its address in the letters of an id."""
    return slug(url)


def _folders(path: str) -> Iterator[str]:
    """The folders a file is in, innermost first, without ``content/articles`` itself."""
    while (path := path.rpartition("/")[0]) != FOLDER:
        yield path


def _url(path: str) -> str:
    steps = path.removeprefix(f"{FOLDER}/").split("/")
    made = [_step(step) for step in steps]
    if made[0].casefold() in RESERVED:
        made[0] += "-articles"
    elif re.search(r"\.[A-Za-z]+$", made[0]):
        # Beside llms.txt and sitemap.xml a folder of such a name would be taken for a file.
        made[0] = made[0].replace(".", "-")
    return "".join(f"{step}/" for step in made)


def _step(name: str) -> str:
    if _SAFE.fullmatch(name) and name != "index.html" and not name.endswith("."):
        return name
    plain = plain_letters(name)
    made = re.sub(r"[^A-Za-z0-9_~.]+", "-", plain.replace("index.html", "index-html")).strip("-.")
    if not made or any(character.isalnum() and not character.isascii() for character in plain):
        # Of another script nothing may be left; the digest keeps two such names apart.
        digest = hashlib.sha256(unicodedata.normalize("NFC", name).encode()).hexdigest()[:8]
        made = f"{made}-{digest}".strip("-")
    return made
