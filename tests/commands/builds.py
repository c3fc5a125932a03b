"""A build within the process of the test, and what it published."""

import hashlib
from datetime import datetime
from pathlib import Path

from kb_builder.commands.build import Built, build
from kb_builder.publishing.publication import Publication
from kb_builder.system.store import Store
from tests.centres import NOW, open_site


def built(root: Path, *, now: datetime = NOW, cache: bool = True, jobs: int = 1, **options: object) -> Built:
    """Builds ``root``; ``options`` are those of ``build`` and ``Project``, and ``target``, a folder below ``root``."""
    how = {name: bool(options.pop(name, False)) for name in ("strict", "clock_given")}
    target = root / str(options.pop("target", "site"))
    store = Store(root / ".kb") if cache else Store()
    site = open_site(root, now, jobs=jobs, store=store, **options)
    project = site.project
    with Publication.of(project.settings, target, staff=project.staff, preview=project.preview) as publication:
        return build(site, publication, **how)


def contents(folder: Path) -> dict[str, str]:
    """Every file of a folder, by relative path, as a hash."""
    root = folder.resolve()
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }
