"""The browser reader as it travels: the modules beside this file, without their comments."""

import re
from importlib.resources import files

_COMMENT = re.compile(r"^\s*(?://[^\n]*|/\*\*(?:(?!\*/)[\s\S])*\*/)\n", re.MULTILINE)
_INDENT = re.compile(r"^[ ]+", re.MULTILINE)


def browser_scripts() -> dict[str, bytes]:
    """The modules of the browser reader by file name; ``index.mjs`` is the one to import, the others lie beside it.

    Comments that have lines of their own, and indentation, are left out: a third of the bytes.
    """
    folder = files("search_index") / "browser"
    modules = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".mjs")), key=lambda entry: entry.name)
    return {module.name: _INDENT.sub("", _COMMENT.sub("", module.read_text("utf-8"))).encode() for module in modules}
