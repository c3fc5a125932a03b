"""Copies of the files for hosts, one set a build, so that a rollback puts back those of the build it shows."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from kb_builder.publishing.history import Builds
from kb_builder.system import filesystem


def keep(folder: Path, target: Path, number: int, files: Mapping[str, bytes]) -> None:
    """Keeps the ``files`` (name → bytes) of a build below ``folder``, and drops those of builds that are gone."""
    copies = _copies(folder, target)
    own = copies / str(number)
    for place in (copies.parent, copies, own):
        if filesystem.kind(place) == "link":
            filesystem.remove(place)  # The target of a link is not ours to write in or to remove.
    filesystem.make_folders(own)
    for name, data in files.items():
        filesystem.save(own / name, data)
    kept = {str(number), *map(str, Builds.of(target).earlier(number))}
    for name in filesystem.names(copies):
        if name not in kept:
            filesystem.remove_tree(copies / name)


def put_back(folder: Path, target: Path, number: int) -> None:
    """Makes the files of a build those of ``folder`` again. Raises :class:`OSError` if they were not kept."""
    own = _copies(folder, target) / str(number)
    for name in filesystem.names(own):
        filesystem.save(folder / name, filesystem.load(own / name))


def _copies(folder: Path, target: Path) -> Path:
    return (
        folder
        / "hosts"
        / hashlib.sha256(str(target.absolute().parent.resolve() / target.name).encode()).hexdigest()[:12]
    )
