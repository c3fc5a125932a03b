"""The text of an authored file, with what is wrong with the file told as findings."""

import re
from pathlib import Path
from typing import Final

from kb_builder import files
from kb_builder.errors import Finding, InputError, Severity

_PLACE: Final = re.compile(r"(?P<path>.*?)(?::(?P<line>\d+))?", re.DOTALL)


def read(root: Path, path: str) -> str:
    """The text of ``path``. Raises InputError whose findings are never empty."""
    try:
        return files.read_text(root, path)
    except InputError as error:
        raise InputError.of(error.findings or [_finding(error)]) from None


def _finding(error: InputError) -> Finding:
    place = _PLACE.fullmatch(error.where)
    path, line = (place["path"], int(place["line"] or 0)) if place else (error.where, 0)
    return Finding(path, line, "unreadable", Severity.ERROR, error.problem, error.hint)
