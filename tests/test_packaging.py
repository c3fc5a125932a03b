"""The pinned versions are within the bounds that users get, and name everything the two commands install."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
REQUIREMENTS = [
    Requirement(line)
    for line in (
        *PROJECT["project"]["dependencies"],
        *(line for lines in PROJECT["project"]["optional-dependencies"].values() for line in lines),
        *PROJECT["dependency-groups"]["dev"],
    )
    if not line.startswith("kb-builder")
]


def pinned() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if not line.startswith("#"))


def test_constraints_are_names_and_versions() -> None:
    for name, version in pinned().items():
        assert canonicalize_name(name) == name
        assert re.fullmatch(r"[\w.+!-]+", version), f"{name}: {version}"


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=str)
def test_each_pinned_version_is_within_its_bounds(requirement: Requirement) -> None:
    version = pinned().get(canonicalize_name(requirement.name))
    assert version, f"{requirement.name} is not pinned: run python scripts/constraints.py > constraints.txt"
    assert requirement.specifier.contains(version, prereleases=True), f"{requirement} is pinned to {version}"


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=str)
def test_each_requirement_has_a_lower_bound(requirement: Requirement) -> None:
    assert any(bound.operator in (">=", "==", "~=") for bound in requirement.specifier), str(requirement)


def test_the_lowest_versions_are_those_of_the_bounds() -> None:
    made = subprocess.run(
        [sys.executable, "scripts/constraints.py", "--lowest"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert (ROOT / "constraints-lowest.txt").read_text(encoding="utf-8") == made, (
        "run python scripts/constraints.py --lowest > constraints-lowest.txt"
    )
    lines = [line for line in made.splitlines() if not line.startswith("#")]
    assert "nh3==0.3.8" in lines  # older ones have no Cleaner, or don't escape attributes
