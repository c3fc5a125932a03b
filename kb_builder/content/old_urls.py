"""Retired URLs as authors write them, as places of this site; and the ids that URLs of other help desks carry."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

from kb_builder.errors import InputError
from kb_builder.system.web import split_url

ID: Final = re.compile(r"[a-z0-9][a-z0-9-]*")
_UNUSABLE: Final = re.compile(r'[\x00-\x1f\x7f<>"\\|?*#]')
_BAD_ANCHOR: Final = re.compile(r"[\x00-\x20\x7f<>\"']")
_WEB: Final = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_SCHEME: Final = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)
HELP_DESK_URL: Final = r"(?:[^/]+/)*articles/([0-9]{3,})(?:-[^/]*)?/?"
"""Zendesk: ``hc/<locale>/articles/<id>-<slug>``; Intercom: ``<locale>/articles/<id>-<slug>``; Freshdesk:
``<locale>/support/solutions/articles/<id>-<slug>``. Locale and slug may change or be missing."""
_DOWNLOAD: Final = re.compile(r"downloads/[0-9a-f]{12}/")
_HELP_DESK: Final = re.compile(HELP_DESK_URL)


class Place(NamedTuple):
    """A site-relative URL with its last slash, and an anchor or an empty string. ``id`` is what may be an article's id
    instead of a path: a single name without slashes, or the name in ``a/<name>/``."""

    url: str
    anchor: str = ""
    id: str = ""

    def __str__(self) -> str:
        return f"{self.url}#{self.anchor}" if self.anchor else self.url


@dataclass(frozen=True, slots=True)
class SiteRoot:
    """Where the site is on the web. Full URLs below it, and paths that begin with its path, are places of the site."""

    url: str = ""

    @property
    def path(self) -> str:
        """The path of the root, as ``/help/``; ``/`` without one."""
        return urlsplit(self.url).path or "/"

    def is_elsewhere(self, text: str) -> bool:
        """Whether ``text`` is a full URL that is not below the root."""
        return bool(_WEB.match(text)) and not (self._has_host(text) and self._is_below(split_url(text).path or "/"))

    def is_out_of_reach(self, text: str) -> bool:
        """Whether ``text`` is a full URL at which no page of this site can ever be: one of the site's own host that is
        not below the root, or none of the web. Another host may be that of an older site, whose addresses moved here.
        """
        return bool(_SCHEME.match(text)) or (self.is_elsewhere(text) and self._has_host(text))

    def is_home(self, text: str) -> bool:
        """Whether ``text`` is a path or a full URL of the home page."""
        return "/" in text and not self.is_elsewhere(text) and not self.relative(split_url(text).path)

    def _has_host(self, text: str) -> bool:
        return split_url(text).netloc.lower() == urlsplit(self.url).netloc.lower()

    def relative(self, path: str) -> str:
        """``path`` as seen from the root of the site, without slashes at its ends."""
        return (path[len(self.path) - 1 :] if path.startswith("/") and self._is_below(path) else path).strip("/")

    def _is_below(self, path: str) -> bool:
        return path.startswith(self.path) or f"{path}/" == self.path


_MOST_FOLDERS: Final = 100
_LONGEST: Final = 3_000
"""Bytes of a path, which no file system takes more than 4,096 of."""


def parse_place(text: str, root: SiteRoot = SiteRoot()) -> Place:
    """A URL: ``https://old.example.com/faq/x#top`` → ``faq/x/`` and ``top``.

    A name that ends in ``.html`` keeps it, but ``index.html`` is its folder. Raises InputError for the home page and
    for what is no URL of a page, whose problem continues a sentence that begins with the quoted text.
    """
    try:
        split = urlsplit(text.strip())
        whole = unicodedata.normalize("NFC", unquote(split.path, errors="strict"))
        anchor = unicodedata.normalize("NFC", unquote(split.fragment, errors="strict"))
    except ValueError:
        raise InputError("is not a URL") from None
    if split.query:
        raise InputError("has a query", hint="static files can redirect paths only: leave out the part after ?")
    path = root.relative(whole)
    parts = path.removesuffix("index.html").strip("/").split("/")
    if parts == [""] and (whole or split.netloc):
        raise InputError("is the home page, which is always there", hint="write the URL of a page, like faq/old-page/")
    if any(not part or part in {".", ".."} or len(part.encode()) > 200 for part in parts) or _UNUSABLE.search(path):
        raise InputError("is not the URL of a page", hint="write it like faq/old-page/")
    if len(parts) > _MOST_FOLDERS or len(path.encode()) > _LONGEST:
        raise InputError("is too long for a page", hint=f"{_LONGEST} letters in {_MOST_FOLDERS} folders are the most")
    if any(part.endswith(".html") for part in parts[:-1]):
        raise InputError("continues after .html", hint="write it like faq/old-page.html")
    if _BAD_ANCHOR.search(anchor):
        raise InputError("has a fragment that is not an anchor", hint="write it like returns#refunds-by-card")
    url = "/".join(parts) + ("" if is_file("/".join(parts)) else "/")
    name = parts[-1] if len(parts) == 1 and not split.netloc and "/" not in whole else ""
    if len(parts) == 2 and parts[0] == "a":
        name = parts[1]
    return Place(url, anchor, name if ID.fullmatch(name) else "")


def is_file(path: str) -> bool:
    """Whether a site-relative path is a file that is not a folder with a page."""
    return path.endswith((".html", "/index.md")) or path.startswith("feeds/") or is_media(path)


def is_media(path: str) -> bool:
    """Whether a site-relative path is that of a picture or a download. ``downloads`` may be a folder of pages, too."""
    return path.startswith("media/") or _DOWNLOAD.match(path) is not None


def help_desk_id(url: str) -> str:
    """The number by which another help desk's URL names its article; empty for other URLs."""
    found = _HELP_DESK.fullmatch(url)
    return found[1] if found else ""
