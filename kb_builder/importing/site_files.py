"""The pages among the files of a site's folder: their languages, drafts and partials, and the navigation of MkDocs."""

import fnmatch
import posixpath
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kb_builder.content.languages import is_known
from kb_builder.errors import InputError
from kb_builder.importing.exported import Folder
from kb_builder.importing.source_folder import SourceFolder
from kb_builder.parsing import strict_yaml

_CODE: Final = r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?"
_SUFFIXED: Final = re.compile(rf"(.+)\.({_CODE})(\.[a-z]+)")
_I18N: Final = re.compile(rf"(?:.*/)?i18n/({_CODE})/docusaurus-plugin-content-(docs/current|blog)/(.+)")


@dataclass(frozen=True, slots=True)
class Page:
    """A page in one language. ``name`` is its path in the source, ``plain`` what it would be with one language."""

    name: str
    plain: str
    language: str = ""


def pages(names: Sequence[str], root: str) -> tuple[list[Page], str, int]:
    """The pages below ``root`` (empty for the whole source) among Markdown files, the folder of the source language,
    and how many files are outside. A page comes before its translations."""
    below = [name for name in names if not root or name.startswith(f"{root}/")]
    translated = [
        Page(name, posixpath.join("blog" if found[2] == "blog" else "docs", found[3]), found[1])
        for name in names
        if root in ("docs", "blog") and (found := _I18N.fullmatch(name))
    ]
    codes = _language_folders(below, root)
    if codes:
        first = f"{root}/{codes[0]}".lstrip("/")
        made = [
            Page(name, posixpath.join(root, rest), code)
            for code in codes
            for name in below
            if (rest := _below(name, posixpath.join(root, code)))
        ]
        in_languages = {page.name for page in made}
        made += [Page(name, name) for name in below if name not in in_languages]
        return made, first, len(names) - len(below)
    there = set(below)
    made, suffixed = [], []
    for name in below:
        found = _SUFFIXED.fullmatch(name)
        if found and found[1] + found[3] in there and is_known(found[2]):
            suffixed.append(Page(name, found[1] + found[3], found[2]))
        else:
            made.append(Page(name, name))
    return [*made, *suffixed, *translated], root, len(names) - len(below) - len(translated)


def _below(name: str, folder: str) -> str:
    return name.removeprefix(f"{folder}/") if name.startswith(f"{folder}/") else ""


def _language_folders(names: Sequence[str], root: str) -> list[str]:
    """Codes of folders that hold the same pages in several languages: English first, else the fullest."""
    files: dict[str, set[str]] = {}
    for name in names:
        code, _, rest = (_below(name, root) if root else name).partition("/")
        if rest and re.fullmatch(_CODE, code) and is_known(code):
            files.setdefault(code, set()).add(rest)
    shared = {code for code in files if any(files[code] & files[other] for other in files if other != code)}
    return sorted(shared, key=lambda code: (code.partition("-")[0] != "en", -len(files[code]), code))


@dataclass(frozen=True, slots=True)
class Place:
    """Where the navigation of MkDocs shows a page."""

    title: str
    folders: tuple[Folder, ...]
    order: int


class Navigation:
    """``nav``, ``exclude_docs`` and ``draft_docs`` of the ``mkdocs.yml`` of ``source``; empty where there is none."""

    def __init__(self, source: SourceFolder) -> None:
        text = source.text("mkdocs.yml") if "mkdocs.yml" in source else ""
        self.places: Mapping[str, Place] = dict(_places(_value(text, "nav"), ()))
        self._withheld = [
            line.strip()
            for key in ("exclude_docs", "draft_docs")
            for line in str(_value(text, key) or "").splitlines()
            if line.strip() and not line.lstrip().startswith("#")
        ]

    def withholds(self, path: str) -> bool:
        """Whether the site leaves out the file ``path``, relative to its pages."""
        held = False
        for pattern in self._withheld:
            if _matches(path, pattern.removeprefix("!")):
                held = not pattern.startswith("!")
        return held


def _value(text: str, key: str) -> object:
    """The value of a key of ``mkdocs.yml``, whose other parts may have tags that run code."""
    found = re.search(rf"^{key}:.*(?:\n(?:[ \t-].*)?)*", text, re.MULTILINE)
    try:
        loaded = strict_yaml.plain(strict_yaml.load(found[0], "mkdocs.yml")) if found else None
    except InputError:
        return None
    return loaded.get(key) if isinstance(loaded, dict) else None


def _places(items: object, folders: tuple[Folder, ...]) -> Iterator[tuple[str, Place]]:
    for number, item in enumerate(items if isinstance(items, list) else [], start=1):
        for title, inside in item.items() if isinstance(item, dict) else [("", item)]:
            if isinstance(inside, list):
                name = " ".join(str(title).split())
                trail = "/".join((*(folder.name for folder in folders), name))
                yield from _places(inside, (*folders, Folder(f"nav:{trail}", name, number)))
            elif isinstance(inside, str):
                yield posixpath.normpath(inside), Place(" ".join(str(title).split()), folders, number)


def _matches(path: str, pattern: str) -> bool:
    """Whether a line of ``.gitignore`` form names ``path`` or a folder around it."""
    folder = pattern.endswith("/")
    bare = pattern.strip("/")
    parts = path.split("/")
    places: Collection[str] = ["/".join(parts[:end]) for end in range(1, len(parts) + (not folder))]
    if "/" not in pattern.rstrip("/"):
        return any(fnmatch.fnmatch(posixpath.basename(place), bare) for place in places)
    return any(fnmatch.fnmatch(place, bare) for place in places)
