"""The published files of the theme: style sheet, modules and favicon, in a folder named by their hash."""

import io
import json
import posixpath
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from types import MappingProxyType
from zlib import crc32

from kb_builder.content.interface_words import Text
from kb_builder.rendering.brand import DEFAULT, Brand, brand_css, mixed

TOKENS = "styles/tokens.css"
_PAGE = "page.mjs"
_SEARCH_BOX = "components/search-box/search-box.mjs"
_SEARCH_BOX_PARTS = ("components/search-box/engine.mjs", "components/search-box/results.mjs")
"""Modules that are published as a part of it, in their order."""
_ICON_LIMIT = 4096
"""Pixels of a side beyond which a picture is no icon, and would take much memory."""
_BEFORE_BRAND = ("styles/layers.css", TOKENS)
_AFTER_BRAND = ("styles/base.css", "styles/prose.css", "styles/code.css", "styles/tabs.css")
_LAST = "styles/print.css"

_CSS_COMMENTS = re.compile(r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|/\*.*?\*/""", re.DOTALL)
_IMPORT = re.compile(r"^import ", re.MULTILINE)
_FROM_PAGE = re.compile(r'^import \{ ([^}]*) \} from "../../page\.mjs";\n', re.MULTILINE)
_FROM_NEIGHBOUR = re.compile(r'^import \{[^}]*\} from "\./[\w-]+\.mjs";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)
_NO_WORDS = b"const words = {};"
_NO_FUNCTION_WORDS = b"new Set([])"
_NO_SOURCES = b"const untranslated = {};"
_NO_CHANNEL_WORDS = b"const listed = {};"
_MODULE = re.compile(r'"(\.{1,2}/[\w./-]+\.mjs)"')
_WORDS = re.compile(r'\bword\(\s*"((?:[^"\\\n]|\\.)*)"')
_SCRIPT_COMMENTS = re.compile(r"^[ \t]*(?:/\*\*(?:(?!\*/).)*\*/[ \t]*|//[^\n]*)\n", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Assets:
    """Files by site-relative path. ``folder`` carries a hash of all of them, so they can be cached forever."""

    folder: str
    files: Mapping[str, bytes]
    shared: Mapping[str, str] = field(default_factory=dict)
    """Name of each file that is taken from the site above → its path as seen from this one."""

    def path(self, name: str) -> str:
        """Site-relative path of a theme file: ``kb.css`` → ``assets/3f2a…/kb.css``. An unknown name is a KeyError."""
        path = self.shared.get(name, self.folder + name)
        if name not in self.shared and path not in self.files:
            raise KeyError(name)
        return path

    def below(self, above: "Assets") -> "Assets":
        """The same for a site in a folder of the one that ``above`` belongs to.

        Styles, icons, and modules that have no words of a language come from there: a reader has them already.
        """
        own = {path.removeprefix(self.folder): content for path, content in self.files.items()}
        same = {name for name, content in own.items() if above.files.get(above.folder + name) == content}
        uses = {name: set(_modules_of(name, own[name])) for name in same}
        # A module that uses one with words has to find it beside itself.
        while with_words := {name for name in same if not uses[name] <= same}:
            same -= with_words
        files = {
            name: _MODULE.sub(partial(_from_above, name, same, above.folder), content.decode()).encode()
            if name.endswith(".mjs")
            else content
            for name, content in own.items()
            if name not in same
        }
        return _in_folder(files, {name: f"../{above.folder}{name}" for name in sorted(same)})


def _modules_of(name: str, content: bytes) -> Iterator[str]:
    """The modules that the file ``name`` loads, by their names."""
    if name.endswith(".mjs"):
        for match in _MODULE.finditer(content.decode()):
            yield _resolved(name, match[1])


def _resolved(name: str, reference: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), reference))


def _from_above(name: str, shared: Collection[str], folder: str, match: re.Match[str]) -> str:
    """The import that the module ``name`` of a site has for one that is ``shared`` with the site above."""
    used = _resolved(name, match[1])
    # assets/<hash>/ and the folder of the site are above those of the module.
    return f'"{"../" * (name.count("/") + 3)}{folder}{used}"' if used in shared else match[0]


def _in_folder(files: Mapping[str, bytes], shared: Mapping[str, str] = MappingProxyType({})) -> Assets:
    digest = sha256()
    for path in sorted(files):
        digest.update(f"{path}\0{len(files[path])}\0".encode() + files[path])
    folder = f"assets/{digest.hexdigest()[:12]}/"
    return Assets(folder, {folder + path: files[path] for path in sorted(files)}, shared)


@dataclass(frozen=True, slots=True)
class ScriptLanguage:
    """The data of a language that is written into scripts."""

    words: Mapping[str, Text] = field(default_factory=dict)
    """English → the language of the pages (see :mod:`kb_builder.content.interface_words`)."""
    function_words: Collection[str] = ()
    """Words that search results don't mark."""
    channel_words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Section of the contact page → words with which customers ask for it."""
    sources: tuple[str, str] | None = None
    """Code and direction of the language that articles without a translation are in."""


def collect(
    theme: Mapping[str, bytes],
    search: Mapping[str, bytes],
    brand: Brand,
    language: ScriptLanguage = ScriptLanguage(),
) -> Assets:
    """The theme's files as they are published.

    ``theme`` holds the theme folder's files by relative POSIX path, ``search`` the search reader's modules by name.
    Styles are joined into ``kb.css``: layer order, tokens, brand, base, prose, components by name, print. Modules
    keep their paths, so their relative imports keep working; the search reader's are under ``search/``. A module that
    only its neighbour or ``page.mjs`` imports is put into that one, and so is what search needs at once. Comments are
    removed; nothing else is minified, so the published scripts stay readable.
    """
    files = {"kb.css": _style_sheet(theme, brand)}
    for path, content in (*theme.items(), *((f"search/{name}", content) for name, content in search.items())):
        if path.endswith(".mjs"):
            files[path] = _SCRIPT_COMMENTS.sub("", content.decode()).encode()
        elif path == "favicon.svg":
            files[path] = content.replace(DEFAULT.encode(), brand.light["fill"].encode()).replace(
                b"#ffffff", brand.light["on-fill"].encode()
            )
        elif path == "touch-icon.png":
            files[path] = _recoloured(content, brand.light["fill"], brand.light["on-fill"])
    return _in_folder(_with_search_in_one(_with_merged_modules(_with_language(files, language))))


def _with_language(files: Mapping[str, bytes], language: ScriptLanguage) -> dict[str, bytes]:
    """``files`` with the tables of a language in their places; of its words only those that scripts use."""
    files, words = dict(files), language.words
    used = {
        word for path, content in files.items() if path.endswith(".mjs") for word in interface_strings(content.decode())
    }
    translations = {word: words[word] for word in sorted(used) if words.get(word, word) != word}
    if translations:
        table = json.dumps(translations, ensure_ascii=False, indent=0, default=dict)
        files[_PAGE] = files[_PAGE].replace(_NO_WORDS, f"const words = {table};".encode())
    marking = "components/search-box/words.mjs"
    if language.function_words and marking in files:
        listed = json.dumps(sorted(language.function_words), ensure_ascii=False, separators=(",", ":")).encode()
        files[marking] = files[marking].replace(_NO_FUNCTION_WORDS, b"new Set(" + listed + b")")
    engine = "components/search-box/engine.mjs"
    if language.sources and engine in files:
        table = json.dumps(dict(zip(("lang", "dir"), language.sources, strict=True)))
        files[engine] = files[engine].replace(_NO_SOURCES, f"const untranslated = {table};".encode())
    asking = "components/search-box/channel-query.mjs"
    if language.channel_words and asking in files:
        table = ", ".join(
            f'{section}: "{" ".join(words)}".split(" ")' for section, words in language.channel_words.items()
        )
        files[asking] = files[asking].replace(_NO_CHANNEL_WORDS, f"const listed = {{ {table} }};".encode())
    return files


def _with_merged_modules(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """``files`` with each module that one other imports put into that one, if it is a neighbour or ``page.mjs``.

    That saves a request. Only a module that imports nothing is put into another one.
    """
    merged = dict(files)
    modules = {path: content.decode() for path, content in files.items() if path.endswith(".mjs")}
    for path, text in modules.items():
        folder, _, name = path.rpartition("/")
        importers = [other for other, content in modules.items() if f"/{name}" in content]
        if not folder.startswith("components/") or len(importers) != 1:
            continue
        into = importers[0]
        if into != _PAGE and into.rpartition("/")[0] != folder:
            continue
        written = f"./{path if into == _PAGE else name}"
        importer = merged[into].decode()
        statement = re.search(rf'^import (\{{[^}}]*\}}) from "{re.escape(written)}";$', importer, re.MULTILINE)
        if statement is None or _IMPORT.search(text):
            continue
        inlined = f"const {statement[1]} = (() => {{\n{_EXPORT.sub('', text).strip()}\nreturn {statement[1]};\n}})();"
        merged[into] = importer.replace(statement[0], inlined).encode()
        del merged[path]
    return merged


def _with_search_in_one(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """``files`` with the modules of the search box in one; others have from it what they had from its parts.

    That saves two requests when the box gets the focus. Names at the top level of these modules are different.
    """
    texts = [files[part].decode() for part in (*_SEARCH_BOX_PARTS, _SEARCH_BOX)]
    names = {name for text in texts for listed in _FROM_PAGE.findall(text) for name in listed.split(", ")}
    bodies = [_FROM_NEIGHBOUR.sub("", _FROM_PAGE.sub("", text)).strip() for text in texts]
    statement = f'import {{ {", ".join(sorted(names))} }} from "../../page.mjs";'

    def from_box(path: str, match: re.Match[str]) -> str:
        if _resolved(path, match[1]) not in _SEARCH_BOX_PARTS:
            return match[0]
        return f'"{posixpath.dirname(match[1])}/{posixpath.basename(_SEARCH_BOX)}"'

    others = {
        path: _MODULE.sub(partial(from_box, path), content.decode()).encode() if path.endswith(".mjs") else content
        for path, content in files.items()
        if path not in _SEARCH_BOX_PARTS
    }
    return others | {_SEARCH_BOX: "\n".join((statement, *bodies, "")).encode()}


def interface_strings(source: str) -> set[str]:
    """The English strings that a script or a template translates with ``word("…")``."""
    return {json.loads(f'"{match[1]}"') for match in _WORDS.finditer(source)}


def shortcut_icon(picture: bytes) -> bytes:
    """A PNG as an ICO of 16, 32 and 48 pixels, an ICO as it is; empty for what is neither, such as an SVG."""
    if picture.startswith(b"\0\0\1\0"):
        return picture
    # Imported late: Pillow takes a twentieth of a reply's time. It would load all its formats to find that of an ICO.
    from PIL import IcoImagePlugin  # noqa: F401
    from PIL.Image import Resampling
    from PIL.PngImagePlugin import PngImageFile

    try:
        image = PngImageFile(io.BytesIO(picture))
        if max(image.size) > _ICON_LIMIT:
            return b""
        square = image.convert("RGBA")
    except (OSError, ValueError, SyntaxError):
        return b""
    data = io.BytesIO()
    square.resize((48, 48), Resampling.LANCZOS).save(data, "ICO", sizes=[(16, 16), (32, 32), (48, 48)])
    return data.getvalue()


def _recoloured(png: bytes, paper: str, ink: str) -> bytes:
    """``png``, whose palette runs from paper to ink, with the palette replaced (PNG 1.2, 4.1.2: PLTE)."""
    start = png.index(b"PLTE")
    size = int.from_bytes(png[start - 4 : start], "big")
    shades = size // 3
    palette = b"".join(bytes.fromhex(mixed(ink, paper, shade / (shades - 1))[1:]) for shade in range(shades))
    chunk = b"PLTE" + palette
    return png[:start] + chunk + crc32(chunk).to_bytes(4, "big") + png[start + len(chunk) + 4 :]


def _style_sheet(theme: Mapping[str, bytes], brand: Brand) -> bytes:
    components = sorted(path for path in theme if path.startswith("components/") and path.endswith(".css"))
    parts = [
        *(theme[path] for path in _BEFORE_BRAND),
        brand_css(brand),
        *(theme[path] for path in (*_AFTER_BRAND, *components, _LAST)),
    ]
    text = _CSS_COMMENTS.sub(lambda match: match[1] or "", b"\n".join(parts).decode())
    return "\n".join(filter(None, map(str.strip, text.splitlines()))).encode()
