"""Two small sites, and how the tests of publishing publish them and look at what is shown."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from kb_builder.publishing.publication import MARKER, Publication, Published, rollback

FIRST = {"index.html": b"<p>one", "faq/a/index.html": b"<p>a", "faq/b/index.html": b"<p>b", "assets/x.css": b"x"}
SECOND = {**FIRST, "index.html": b"<p>two", "faq/c/index.html": b"<p>c"}
del SECOND["faq/b/index.html"]
MODES = pytest.mark.parametrize("plain_folder", [False, True], ids=["link", "plain folder"])
_SHA: dict[bytes, str] = {}
"""The hashes that publishing returned for files of earlier builds."""


def publication(project: Path, target: str = "site", *, plain_folder: bool = False) -> Publication:
    return Publication(project / target, project=project, content=project / "content", plain_folder=plain_folder)


def publish(
    project: Path, site: Mapping[str, bytes], target: str = "site", *, plain_folder: bool = False, trust: bool = True
) -> Published:
    """One build; without ``trust`` every file is written again, unchanged ones too."""
    with publication(project, target, plain_folder=plain_folder) as made:
        for path, data in site.items():
            if trust and path in made.published and made.published[path].sha256 == _SHA.get(data):
                made.keep([path])
            else:
                _SHA[data] = made.add(path, data)
        made.seal()
        return made.swap()


def shown(project: Path, target: str = "site") -> dict[str, bytes]:
    """What a visitor gets: path → bytes."""
    root = project / target
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != MARKER
    }


def back(project: Path) -> int:
    """Rolls back; the number of the build that is shown then."""
    return rollback(project / "site", project=project, content=project / "content")
