"""Errors in a team's own templates, as one line with file and line number."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, TemplateSyntaxError

from kb_builder.config import THEME
from kb_builder.errors import GUIDES, InputError

_HINT: Final = f"kb_builder/pages/contexts.py describes the variables of each template; see {GUIDES}/look.md"


@contextmanager
def template_errors(templates: Environment, name: str) -> Iterator[None]:
    """Raise any failure in the template ``name`` as an :class:`InputError` when the team overrides a template.

    With only bundled templates the failure is a bug, and passes through unchanged.
    """
    try:
        yield
    except Exception as problem:
        assert isinstance(templates.loader, FileSystemLoader)
        folders = [Path(folder) for folder in templates.loader.searchpath]
        own = folders[: folders.index(THEME)] if THEME in folders else folders
        place = _place(problem, own, name)
        if not place or not any(path.suffix == ".html" for folder in own for path in folder.rglob("*.html")):
            raise
        message = " ".join(str(problem).split())
        raise InputError(f"the template can't be used: {message}", where=place, hint=_HINT) from problem


def _place(problem: Exception, own: list[Path], name: str) -> str:
    """``file:line`` of the failing template, preferably one of the team's own; empty when no template is involved."""
    steps = [(step.filename, step.lineno) for step in traceback.extract_tb(problem.__traceback__)]
    if isinstance(problem, TemplateSyntaxError):
        steps.append((problem.filename or "", problem.lineno))
    lines = [(file, line) for file, line in steps if file.endswith(".html")]
    theirs = [(file, line) for file, line in lines if any(Path(file).is_relative_to(folder) for folder in own)]
    for file, line in reversed(theirs or lines):
        return f"{file}:{line}"
    return next((str(folder / name) for folder in own if (folder / name).is_file()), "")
