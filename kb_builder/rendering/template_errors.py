"""What is wrong with a template of the team's own, in one line with its place."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, TemplateSyntaxError

from kb_builder.config import THEME
from kb_builder.errors import InputError

_HINT = "theme.custom_dir has templates of yours: docs/look.md and kb_builder/pages/contexts.py say what each is given"


@contextmanager
def told_with_their_line(templates: Environment, name: str) -> Iterator[None]:
    """Turns whatever goes wrong in the template ``name`` into an :class:`InputError`, if a template of the team can be
    to blame. Where all of them are ours it is a fault of ours, and stays what it is."""
    try:
        yield
    except Exception as problem:
        assert isinstance(templates.loader, FileSystemLoader)
        folders = [Path(folder) for folder in templates.loader.searchpath]
        own = folders[: folders.index(THEME)] if THEME in folders else folders
        place = _place(problem, own, name)
        if not place or not any(path.suffix == ".html" for folder in own for path in folder.rglob("*.html")):
            raise
        said = " ".join(str(problem).split())
        raise InputError(f"the template can't be used: {said}", where=place, hint=_HINT) from problem


def _place(problem: Exception, own: list[Path], name: str) -> str:
    """``file:line`` of the template that failed, of the team's own if one took part; empty if none did."""
    steps = [(step.filename, step.lineno) for step in traceback.extract_tb(problem.__traceback__)]
    if isinstance(problem, TemplateSyntaxError):
        steps.append((problem.filename or "", problem.lineno))
    lines = [(file, line) for file, line in steps if file.endswith(".html")]
    theirs = [(file, line) for file, line in lines if any(Path(file).is_relative_to(folder) for folder in own)]
    for file, line in reversed(theirs or lines):
        return f"{file}:{line}"
    return next((str(folder / name) for folder in own if (folder / name).is_file()), "")
