"""The browser reader as it is published: the modules beside this file in one, without their comments."""

import re
from importlib.resources import files

ENTRY = "index.mjs"

_COMMENT = re.compile(r"^\s*(?://[^\n]*|/\*\*(?:(?!\*/)[\s\S])*\*/)\n", re.MULTILINE)
_TYPE = re.compile(r"/\*\* @(?:(?!\*/)[^\n])*\*/ ?")
_INDENT = re.compile(r"^[ ]+|^\n", re.MULTILINE)
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+)\.mjs";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)


def browser_scripts() -> dict[str, bytes]:
    """The browser reader by file name: one module, since modules that import each other cost a round of requests each.

    Comments on lines of their own, types, indentation and empty lines are left out: a third of the bytes.
    """
    folder = files("search_index") / "browser"
    sources = {entry.name: entry.read_text("utf-8") for entry in folder.iterdir() if entry.name.endswith(".mjs")}
    scripts: dict[str, str] = {}
    _add(ENTRY, sources, scripts)
    return {ENTRY: "".join(scripts.values()).encode()}


def _add(name: str, sources: dict[str, str], scripts: dict[str, str]) -> None:
    """Add a module after those it imports, to one scope: what modules have at their top level has different names."""
    source = _INDENT.sub("", _TYPE.sub("", _COMMENT.sub("", sources[name])))
    for imported in _IMPORT.finditer(source):
        other = f"{imported[1]}.mjs"
        if other not in scripts:
            _add(other, sources, scripts)
    source = _IMPORT.sub("", source)
    scripts[name] = source if name == ENTRY else _EXPORT.sub("", source)
