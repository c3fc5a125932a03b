"""Files that Markdown includes: ``pymdownx.snippets``, and icons of the team's own.

Snippets are put in before anything else looks at a body, by the extension's own code; files are opened by ours, which
follows no link, leaves no project and takes nothing that customers must not see. What is included is part of the cache
key of an article.
"""

import hashlib
import re
from collections.abc import Callable
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any, Final, NamedTuple

from markdown import Markdown
from pymdownx.snippets import SnippetExtension, SnippetMissingError, SnippetPreprocessor

from kb_builder.config import Extensions
from kb_builder.errors import InputError
from kb_builder.system import source_files

SNIPPETS: Final = "pymdownx.snippets"
_ICONS: Final = "pymdownx.emoji"
_ICON: Final = 1024 * 1024
"""Bytes of one icon."""
_MARK: Final = "8<-"
_MISSING: Final = re.compile(r"'(.+)'")
_MOST: Final = 20
_ALWAYS: Final = {"restrict_base_path": True, "url_download": False, "check_paths": True, "encoding": "utf-8"}


class Expanded(NamedTuple):
    """A text after its snippets were put in."""

    text: str
    problems: tuple[tuple[int, str], ...] = ()
    """The place of each snippet that could not be included, and why; ``text`` lacks its lines."""


def any_file(_text: str) -> bool:
    """Lets a body include every file of the project."""
    return True


class Included:
    """``may_include`` says of the text of a file whether customers may see it: the gate has seen the article alone."""

    def __init__(self, extensions: Extensions, may_include: Callable[[str], bool] = any_file) -> None:
        self._root = Path(extensions.root)
        self._icons = extensions.configs.get(_ICONS, {}).get("options", {}).get("custom_icons", ())
        self._snippets = None
        if SNIPPETS in extensions.names:
            self._snippets = _Snippets(self._root, dict(extensions.configs.get(SNIPPETS, {})), may_include)

    def expand(self, text: str) -> Expanded:
        """``text`` with its snippets, and with what is appended to every body."""
        if self._snippets is None or not (_MARK in text or self._snippets.auto_append):
            return Expanded(text)
        lines = text.split("\n")
        starts = [0, *accumulate(len(line) + 1 for line in lines)]
        problems: list[tuple[int, str]] = []
        while True:
            try:
                return Expanded("\n".join(self._snippets.run(list(lines))), tuple(problems))
            except SnippetMissingError as error:
                path = _MISSING.search(str(error))
                wrong = [number for number, line in enumerate(lines) if path and path[1] in line]
                if not wrong or len(problems) == _MOST:
                    # For instance, it is in a file that one of them includes.
                    wrong = [number for number, line in enumerate(lines) if _MARK in line]
                if not wrong:
                    return Expanded("\n".join(lines), (*problems, (0, str(error))))
                problems.append((starts[wrong[0]], str(error)))
                for number in wrong:
                    lines[number] = ""

    def inputs(self, text: str) -> tuple[str, ...]:
        """The inputs of the HTML of ``text`` besides ``text``."""
        expanded = self.expand(text)
        return tuple(part for part in (expanded.text if expanded.text != text else "", self._icon_files) if part)

    @cached_property
    def _icon_files(self) -> str:
        """A hash of the team's own icons; empty if there are none."""
        digest = hashlib.sha256()
        paths = [path for folder in self._icons for path in source_files.walk(self._root, folder).paths]
        for path in paths:
            digest.update(path.encode() + b"\0" + source_files.read_bytes(self._root, path, limit=_ICON))
        return digest.hexdigest() if paths else ""


class _Snippets(SnippetPreprocessor):  # type: ignore[misc]
    def __init__(self, root: Path, config: dict[str, Any], may_include: Callable[[str], bool]) -> None:
        bases = config.pop("base_path", ["."])
        settings = SnippetExtension(**{**config, **_ALWAYS}).getConfigs()
        self._root = root.resolve()
        self._may_include = may_include
        folders = [bases] if isinstance(bases, str) else bases
        super().__init__({**settings, "base_path": [str(self._root / folder) for folder in folders]}, Markdown())

    def get_snippet_path(self, path: str) -> str | None:
        """The file of a snippet, if it may be included."""
        found = super().get_snippet_path(path)
        if found is None:
            return None
        try:
            text = source_files.read_text(self._root, Path(found).relative_to(self._root).as_posix())
        except (InputError, ValueError) as error:
            reason = error.problem if isinstance(error, InputError) else "it is outside the project"
            raise SnippetMissingError(f"Snippet at path '{path}' could not be read: {reason}") from None
        if not self._may_include(text):
            raise SnippetMissingError(
                f"Snippet at path '{path}' could not be read: it is a draft, or has text for staff"
            )
        return str(found)
