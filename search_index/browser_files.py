"""The browser reader as it is published: the modules beside this file in one, without their comments."""

import re
from importlib.resources import files

ENTRY = "index.mjs"

_COMMENT = re.compile(r"^\s*(?://[^\n]*|/\*\*(?:(?!\*/)[\s\S])*\*/)\n", re.MULTILINE)
_INDENT = re.compile(r"^[ ]+", re.MULTILINE)
_IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./(\w+)\.mjs";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|class|const) (\w+))", re.MULTILINE)


def browser_scripts() -> dict[str, bytes]:
    """The browser reader by file name: one module, since modules that import each other cost a round of requests each.

    Comments on lines of their own, and indentation, are left out: a third of the bytes.
    """
    folder = files("search_index") / "browser"
    sources = {entry.name: entry.read_text("utf-8") for entry in folder.iterdir() if entry.name.endswith(".mjs")}
    scripts: dict[str, str] = {}
    _add(ENTRY, sources, scripts)
    return {ENTRY: "".join(scripts.values()).encode()}


def _add(name: str, sources: dict[str, str], scripts: dict[str, str]) -> None:
    """Add a module after those it imports; each but the entry becomes a function that returns its exports."""
    source = _INDENT.sub("", _COMMENT.sub("", sources[name]))
    for imported in _IMPORT.finditer(source):
        other = f"{imported[2]}.mjs"
        if other not in scripts:
            _add(other, sources, scripts)
    source = _IMPORT.sub(lambda match: f"const {match[1]} = ${match[2]};\n", source)
    if name != ENTRY:
        exports = ", ".join(match[2] for match in _EXPORT.finditer(source))
        body = _EXPORT.sub(r"\1", source)
        source = f"const ${name.removesuffix('.mjs')} = (() => {{\n{body}return {{ {exports} }};\n}})();\n"
    scripts[name] = source
