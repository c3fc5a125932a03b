"""Images and other files that articles refer to: their published names, and the size of pictures."""

import hashlib
import io
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import imagesize

from kb_builder.errors import Finding, InputError, Severity
from kb_builder.pages.attachments import folder_for, type_of
from kb_builder.pages.svg import safe_svg
from kb_builder.parsing.fields import romanised
from kb_builder.system import source_files

LARGE: Final = 300_000
"""Bytes above which a file is reported: about ten seconds on a weak mobile connection."""
_LIMIT: Final = 25_000_000
_PLAIN: Final = re.compile(r"[a-z0-9][a-z0-9._-]*")
_SUFFIX: Final = re.compile(r"\.[a-z0-9]{1,10}")
_PICTURES: Final = frozenset(("png", "jpg", "jpeg", "gif", "webp", "avif"))
_PICTURE: Final = re.compile(
    rb"\x89PNG|\xff\xd8\xff|GIF8|BM|\x00\x00\x01\x00|RIFF....WEBP|....ftyp(?:avi[fs]|mif1|msf1)", re.DOTALL
)
"""How a picture begins: browsers go by this, not by the name (WHATWG, MIME Sniffing Standard, section 6.1)."""
_POINTER: Final = b"version https://git-lfs"


@dataclass
class Media:
    """Files of a project that pages refer to, each read once and published under a name with its hash."""

    root: Path
    allowed: frozenset[str] = frozenset()
    """Extensions that the team publishes beside those every site may."""
    published: dict[str, bytes] = field(default_factory=dict)
    """Site path → bytes."""
    findings: list[Finding] = field(default_factory=list)
    _known: dict[str, tuple[str, tuple[int, int] | None]] = field(default_factory=dict)

    def add(
        self, path: str, *, where: str, line: int = 0, required: bool = False
    ) -> tuple[str, tuple[int, int] | None]:
        """Site path and, for a picture, width and height in pixels of the file at project path ``path``.

        ``where`` and ``line`` are the reference, for findings. An unreadable file comes back as an empty path,
        with a warning: an article may become public by its date alone. One that is ``required`` is an error.
        """
        if path not in self._known:
            self._known[path] = self._read(path, where, line, Severity.ERROR if required else Severity.WARNING)
        return self._known[path]

    @property
    def sources(self) -> dict[str, str]:
        """Site path of each published file → its project path, the first where the same file is there twice."""
        return {target: path for path, (target, _) in sorted(self._known.items(), reverse=True) if target}

    def target(self, path: str) -> str:
        """The site path of an added file; empty where it can't be read or was not added."""
        return self._known.get(path, ("", None))[0]

    def size(self, path: str) -> tuple[int, int] | None:
        """Width and height of an added picture in pixels, where known."""
        return self._known.get(path, ("", None))[1]

    def sizes(self, targets: Mapping[str, str]) -> dict[str, tuple[int, int]]:
        """The sizes of those ``targets`` (what an author wrote → project path) that are pictures, once added."""
        return {
            written: size
            for written, path in targets.items()
            if path in self._known and (size := self._known[path][1]) is not None
        }

    def _read(self, path: str, where: str, line: int, severity: Severity) -> tuple[str, tuple[int, int] | None]:
        folder = folder_for(path, self.allowed)
        if not folder:
            extension = type_of(path)
            message = f'"{path}" is not published, since files of type “{extension}” are not'
            hint = f"if customers should save such files, add to the kb plugin:  attachments: [{extension or 'ext'}]"
            self.findings.append(Finding(where, line, "attachment-type", Severity.WARNING, message, hint))
            return "", None
        try:
            data = source_files.read_bytes(self.root, path, limit=_LIMIT)
        except InputError as error:
            without = "until it can be read, pages are made without it"
            found_from = "its path is written from the folder of the configuration"
            hint = error.hint or (found_from if severity is Severity.ERROR else without)
            problem = "; ".join(finding.message for finding in error.findings) or error.problem
            message = f'"{path}" can\'t be used: {problem}'
            self.findings.append(Finding(where, line, "unreadable-file", severity, message, hint))
            return "", None
        if type_of(path) == "svg":
            try:
                data, removed = safe_svg(data)
            except ValueError as error:
                message, hint = f'"{path}" is not published: it is not an SVG picture: {error}', "export it again"
                self.findings.append(Finding(where, line, "bad-svg", Severity.WARNING, message, hint))
                return "", None
            if removed:
                message = f'"{path}" is published without {", ".join(removed)}'
                hint = "pictures may not run code or load files; save it as plain SVG"
                self.findings.append(Finding(where, line, "unsafe-svg", Severity.WARNING, message, hint))
        if type_of(path) in _PICTURES and not _PICTURE.match(data):
            pointer = data.startswith(_POINTER)
            message = f'"{path}" is {"a pointer of Git LFS" if pointer else "not a picture that browsers can show"}'
            hint = "git lfs pull fetches the picture" if pointer else "export it again as PNG, JPEG, WebP, GIF or AVIF"
            self.findings.append(Finding(where, line, "not-a-picture", Severity.WARNING, message, hint))
        if len(data) > LARGE:
            message = f'"{path}" has {len(data) // 1000:,} KB'
            hint = f"make it smaller than {LARGE // 1000} KB: customers may be on a slow connection"
            self.findings.append(Finding(where, line, "large-file", Severity.WARNING, message, hint))
        target = f"{folder}/{hashlib.sha256(data).hexdigest()[:12]}/{_published_name(path)}"
        self.published[target] = data
        width, height = imagesize.get(io.BytesIO(data))
        return target, (int(width), int(height)) if width > 0 and height > 0 else None


def _published_name(path: str) -> str:
    """The name of a file in ASCII, with its extension: ``Карта 2.SVG`` → ``karta-2.svg``."""
    stem, suffix = posixpath.splitext(path.rpartition("/")[2])
    suffix = suffix.lower() if _SUFFIX.fullmatch(suffix.lower()) else ""
    return (stem.lower() if _PLAIN.fullmatch(stem.lower()) else romanised(stem) or "file") + suffix
