#!/usr/bin/env python3
"""Prints constraints.txt: the installed version of everything that kb-builder, its extras and its tests need."""

import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent


def main() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"].get("optional-dependencies", {})
    own = [*project["project"]["dependencies"], *(line for lines in extras.values() for line in lines)]
    pending = [(Requirement(line), "") for line in (*own, *project["dependency-groups"]["dev"])]
    versions: dict[str, str] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    while pending:
        wanted, extra = pending.pop()
        name = canonicalize_name(wanted.name)
        if (wanted.marker and not wanted.marker.evaluate({"extra": extra})) or name == "kb-builder":
            continue
        if (name, frozenset(wanted.extras)) in seen:
            continue
        seen.add((name, frozenset(wanted.extras)))
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue  # an extra of an extra that this environment doesn't need
        versions[name] = found.version
        for line in found.requires or ():
            pending += [(Requirement(line), each) for each in ("", *wanted.extras)]
    print(
        "# The versions `make site` and `make test` install. Made by: python scripts/constraints.py > constraints.txt"
    )
    for name, version in sorted(versions.items()):
        print(f"{name}=={version}")


if __name__ == "__main__":
    main()
