#!/usr/bin/env python3
"""Prints constraints.txt: the installed version of everything that kb-builder, its extras and its tests need.

With ``--lowest`` it prints constraints-lowest.txt: the lowest version that pyproject.toml admits of every library that
users install.
"""

import sys
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
    if sys.argv[1:] == ["--lowest"]:
        print_lowest([Requirement(line) for line in own])
    else:
        print_installed([Requirement(line) for line in (*own, *project["dependency-groups"]["dev"])])


def print_lowest(wanted: list[Requirement]) -> None:
    print("# The lowest versions `make lowest-versions` tests. Made by: scripts/constraints.py --lowest")
    for requirement in sorted(wanted, key=lambda each: canonicalize_name(each.name)):
        name = canonicalize_name(requirement.name)
        if name == "kb-builder":
            continue
        (lowest,) = (bound.version for bound in requirement.specifier if bound.operator == ">=")
        print(f"{name}=={lowest}")


def print_installed(wanted: list[Requirement]) -> None:
    pending = [(requirement, "") for requirement in wanted]
    versions: dict[str, str] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    while pending:
        requirement, extra = pending.pop()
        name = canonicalize_name(requirement.name)
        if (requirement.marker and not requirement.marker.evaluate({"extra": extra})) or name == "kb-builder":
            continue
        if (name, frozenset(requirement.extras)) in seen:
            continue
        seen.add((name, frozenset(requirement.extras)))
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue  # an extra of an extra that this environment doesn't need
        versions[name] = found.version
        for line in found.requires or ():
            pending += [(Requirement(line), each) for each in ("", *requirement.extras)]
    print(
        "# The versions `make site` and `make test` install. Made by: python scripts/constraints.py > constraints.txt"
    )
    for name, version in sorted(versions.items()):
        print(f"{name}=={version}")


if __name__ == "__main__":
    main()
