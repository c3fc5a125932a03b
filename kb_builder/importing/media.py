"""Pictures and attachments of an import: out of the source, out of a local folder, or from the old host."""

import base64
import binascii
import hashlib
import mimetypes
import posixpath
import re
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from kb_builder.parsing.fields import slug
from kb_builder.system import filesystem, source_files, web
from kb_builder.system.web import split_url

LIMIT: Final = 25_000_000
"""Bytes of one file; a larger one can't be published either."""
DOWNLOADS: Final = 1_000_000_000
"""Bytes of all downloads of one import; they are kept until it is sure of everything."""
TYPES: Final = frozenset(
    """png jpg jpeg gif webp avif svg pdf doc docx xls xlsx ppt pptx odt ods odp csv txt zip mp3 mp4 webm ogg""".split()
)
VENDOR_HOSTS: Final = (
    "zendesk.com", "zdassets.com", "zendeskusercontent.com", "intercomcdn.com", "intercomassets.com",
    "intercom-attachments.com", "freshdesk.com", "cdn.freshdesk.com", "helpscoutdocs.com", "helpscout.net",
    "cloudfront.net", "amazonaws.com",
)  # fmt: skip
"""Where the vendors keep uploads. A download asks no host but these and the old help centre itself."""
_ATTACHMENT: Final = re.compile(r"attachments/|intercomcdn|/attachment/|helpscoutdocs\.com/", re.IGNORECASE)


class MediaCollector:
    """Finds the file behind each target of an article and keeps it below ``media/`` beside the article.

    ``read`` gives the bytes of a file in the source. Nothing is written before :meth:`save`.
    """

    def __init__(
        self,
        root: Path,
        read: Callable[[str], bytes | None],
        *,
        folder: Path | None = None,
        download: bool = False,
        hosts: Collection[str] = (),
    ) -> None:
        self._root = root
        self._read = read
        self._local = (
            {path.name.lower(): path for path in sorted(folder.rglob("*")) if path.is_file()} if folder else {}
        )
        self._download = download
        self._hosts = frozenset(hosts)
        self.found: dict[str, bytes] = {}
        """Project path → bytes, of files that aren't in the project yet."""
        self.beyond: set[str] = set()
        """Addresses that were not asked because enough had been downloaded."""
        self._downloaded = 0
        self.missing: set[str] = set()
        """Targets that are still on the host of the other tool."""

    def place(self, target: str, source: str, folder: str) -> str | None:
        """``target``, as an article of the source file ``source`` names it, relative to the project folder ``folder``.

        None when it is no file, or when the file can't be had: then it counts as missing.
        """
        if target.startswith("data:"):
            return self._embedded(target, folder)
        try:
            parts = split_url(target)
        except ValueError:
            return None
        name = posixpath.basename(unquote(parts.path))
        if parts.scheme or target.startswith("//"):
            return self._remote(f"https:{target}" if target.startswith("//") else target, name, folder)
        inside = posixpath.normpath(posixpath.join(posixpath.dirname(source), unquote(parts.path).lstrip("/")))
        roots = (inside, unquote(parts.path).lstrip("/"), f"static/{unquote(parts.path).lstrip('/')}")
        data = next((data for path in roots if (data := self._read(path)) is not None), None)
        data = self._from_folder(name) if data is None else data
        if data is None:
            if _is_file(name) or _ATTACHMENT.search(target):
                self.missing.add(target)
            return None
        return self._keep(name, data, folder) if _is_file(name) else None

    def _remote(self, url: str, name: str, folder: str) -> str | None:
        is_upload = bool(_ATTACHMENT.search(url))
        if not _is_file(name) and not is_upload:
            return None
        local = self._from_folder(name)
        if local is not None:
            return self._keep(name, local, folder)
        known = self._earlier(url, name, folder)
        if known:
            return known
        if not self._download or not self._allowed(url):
            if is_upload or _is_picture(name):
                self.missing.add(url)
            return None
        fetched = web.fetch(url, limit=LIMIT, allowed=self._allowed) if self._downloaded < DOWNLOADS else None
        if fetched is None:
            self.missing.add(url)
            self.beyond.update({url} if self._downloaded >= DOWNLOADS else ())
            return None
        data, kind = fetched
        self._downloaded += len(data)
        suffix = posixpath.splitext(name)[1].lstrip(".").lower()
        if suffix not in TYPES:
            suffix = (mimetypes.guess_extension(kind) or "").lstrip(".")
        if suffix not in TYPES or kind == "text/html":
            self.missing.add(url)
            return None
        return self._keep(f"{posixpath.splitext(name)[0]}.{suffix}", data, folder, mark=_mark(url))

    def _from_folder(self, name: str) -> bytes | None:
        """The bytes of the file of this name in the folder that holds the export's files."""
        path = self._local.get(name.lower())
        return source_files.read_bytes(path.parent, path.name, limit=LIMIT) if path is not None else None

    def _earlier(self, url: str, name: str, folder: str) -> str | None:
        """A file that an earlier run brought from ``url``: its name holds a mark of it, so a download goes on."""
        there = (self._root / folder / "media").glob(f"{_stem(name)}-{_mark(url)}.*")
        first = min((path.name for path in there), default="")
        return f"media/{first}" if first else None

    def _embedded(self, target: str, folder: str) -> str | None:
        match = re.match(r"data:image/(png|jpeg|gif|webp);base64,(.*)", target, re.S)
        try:
            data = base64.b64decode(match[2], validate=True) if match else b""
        except binascii.Error:
            data = b""
        return self._keep(f"picture.{match[1]}", data, folder) if match and data else None

    def other_hosts(self) -> tuple[str, ...]:
        """The hosts of missing files that a download doesn't ask."""
        return tuple(
            sorted({split_url(url).hostname or "" for url in self.missing if "://" in url and not self._allowed(url)})
        )

    def _allowed(self, url: str) -> bool:
        parts = split_url(url)
        host = (parts.hostname or "").lower()
        return parts.scheme in ("http", "https") and (
            host in self._hosts or any(host == known or host.endswith(f".{known}") for known in VENDOR_HOSTS)
        )

    def _keep(self, name: str, data: bytes, folder: str, mark: str = "") -> str | None:
        suffix = posixpath.splitext(name)[1].lower()
        if len(data) > LIMIT:
            self.missing.add(name)
            return None
        mark = mark or hashlib.sha256(data).hexdigest()[:8]
        path = f"media/{_stem(name)}-{mark}{suffix}"
        if not (self._root / folder / path).exists():
            self.found[f"{folder}/{path}"] = data
        return path

    def save(self) -> tuple[str, ...]:
        """Writes what was found, and returns the project paths."""
        for path, data in self.found.items():
            filesystem.make_folders((self._root / path).parent)
            filesystem.save(self._root / path, data)
        return tuple(sorted(self.found))


def _stem(name: str) -> str:
    return slug(posixpath.splitext(name)[0])[:60].strip("-") or "file"


def _mark(url: str) -> str:
    """Eight digits that distinguish files of one name; a signature in the query changes and says nothing."""
    return hashlib.sha256(url.partition("?")[0].encode()).hexdigest()[:8]


def _is_file(name: str) -> bool:
    return posixpath.splitext(name)[1].lstrip(".").lower() in TYPES


def _is_picture(name: str) -> bool:
    return name.lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif"))
