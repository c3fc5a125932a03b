"""``kb links update``: brings ``content/links.csv`` up to date, and adopts the addresses of an older site."""

import html
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kb_builder.content.inventory import PATH, Entry, write_inventory
from kb_builder.content.old_urls import SiteRoot, parse_place
from kb_builder.errors import InputError
from kb_builder.system import filesystem, source_files
from kb_builder.system.web import split_url

_LOCATION: Final = re.compile(r"<loc>\s*(?:<!\[CDATA\[\s*(.*?)\s*\]\]>|(.*?))\s*</loc>", re.DOTALL)
_GZIP: Final = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Updated:
    """The changes: addresses that are new, lead elsewhere, or are withdrawn; ``total`` is the number of lines."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    withdrawn: tuple[str, ...]
    total: int


def update(
    root: Path, known: Mapping[str, Entry], entries: Mapping[str, Entry], notices: Iterable[str], today: str
) -> Updated:
    """Writes ``entries`` as the inventory. ``known`` is what it holds now; ``notices`` are addresses of notices, which
    are withdrawn from ``today`` on unless a line says since when."""
    made = dict(entries)
    withdrawn = [address for address in notices if address in made and not made[address].withdrawn]
    for address in withdrawn:
        made[address] = made[address]._replace(withdrawn=today)
    data = write_inventory(made.values()).encode()
    if not (root / PATH).exists() or filesystem.load(root / PATH) != data:
        filesystem.save(root / PATH, data)
    changed = (address for address, entry in known.items() if made[address].leads_to != entry.leads_to)
    return Updated(
        tuple(sorted(made.keys() - known.keys())), tuple(sorted(changed)), tuple(sorted(withdrawn)), len(made)
    )


def read_sitemap(path: Path, site_url: str) -> tuple[list[str], Mapping[str, str]]:
    """The addresses in a ``sitemap.xml``, as places of this site; and each URL that can't be one, with the reason.

    The home page is left out: it is always there. Raises InputError for a file that holds no address.
    """
    try:
        data = filesystem.load(path)
    except OSError as error:
        problem = "there is no such file" if isinstance(error, FileNotFoundError) else os.strerror(error.errno or 0)
        raise InputError(problem, where=str(path), hint="save the old site's sitemap.xml here") from None
    if data.startswith(_GZIP):
        raise InputError("the file is compressed", where=str(path), hint="unpack it first: gunzip")
    text = source_files.decode(data, str(path))
    urls = [html.unescape(plain) or verbatim for verbatim, plain in _LOCATION.findall(text) if plain or verbatim]
    if not urls or "<sitemapindex" in text:
        hint = "a sitemap index names other files: save those, and give them one by one" if urls else "it has no <loc>"
        raise InputError("this is not the sitemap of a site", where=str(path), hint=hint)
    root = SiteRoot(site_url)
    places: list[str] = []
    refused: dict[str, str] = {}
    for url in urls:
        split = split_url(url)
        if root.is_home(url) or (split.netloc and split.path in ("", "/") and not split.query):
            continue
        if root.is_out_of_reach(url):
            refused[url] = f"is outside of this site, which is at {site_url}"
            continue
        try:
            places.append(parse_place(url, root).url)
        except InputError as error:
            refused[url] = error.problem
    return places, refused
