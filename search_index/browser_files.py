"""The browser reader as it is published: the modules beside this file in one, as small as they get."""

import re
from importlib.resources import files

from rjsmin import jsmin  # type: ignore[import-untyped, unused-ignore]

ENTRY = "index.mjs"

_IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+)\.mjs";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)


def browser_scripts() -> dict[str, bytes]:
    """The browser reader by file name: one module, since modules that import each other cost a round of requests each.

    Comments, types, indentation and empty lines are left out: a third of the bytes.
    """
    folder = files("search_index") / "browser"
    sources = {entry.name: entry.read_text("utf-8") for entry in folder.iterdir() if entry.name.endswith(".mjs")}
    scripts: dict[str, str] = {}
    _add(ENTRY, sources, scripts)
    return {ENTRY: str(jsmin("".join(scripts.values()))).encode()}


def _add(name: str, sources: dict[str, str], scripts: dict[str, str]) -> None:
    """Add a module after those it imports, to one scope: what modules have at their top level has different names."""
    for imported in _IMPORT.finditer(sources[name]):
        other = f"{imported[1]}.mjs"
        if other not in scripts:
            _add(other, sources, scripts)
    source = _IMPORT.sub("", sources[name])
    scripts[name] = source if name == ENTRY else _EXPORT.sub("", source)
