"""However a help centre got where it is, the next build gives what a build from nothing gives, byte for byte."""

import os
import random
import re
import shutil
import sys
from pathlib import Path

import pytest

from kb_builder.commands.cli import main
from tests.faults.breakage import in_child
from tests.faults.walking import Walk

MADE = ("site", "staff-site", "draft-site", "other", ".kb", ".*.builds")
TARGETS = {"site": (), "staff-site": ("--audience", "staff"), "draft-site": ("--drafts",), "other": ("-d", "other")}
LONG = [pytest.param(seed, 40, 60, marks=pytest.mark.exhaustive) for seed in range(20)]
EFFORT = re.compile(r"[\d,]+ pages? rendered, [\d,]+ reused, [\d.]+ s")


def kb(project: Path, *words: str) -> tuple[int, str]:
    """Exit code of a command in a child process, and what it said but for the effort it took."""
    said = project.parent / "said"

    def child() -> None:
        os.chdir(project)
        sys.argv = ["kb", *words]
        sys.stdout = sys.stderr = said.open("w", buffering=1)
        try:
            main()
        except SystemExit as end:
            os._exit(int(end.code or 0))

    code = in_child(child)
    return code, EFFORT.sub("", said.read_text()).replace(str(project), "")


def contents(target: Path) -> dict[str, tuple[bytes, int]]:
    """Bytes and mode of every file."""
    root = target.resolve()
    files = (path for path in sorted(root.rglob("*")) if path.is_file())
    return {path.relative_to(root).as_posix(): (path.read_bytes(), path.stat().st_mode) for path in files}


def harm(project: Path, chance: random.Random) -> str:
    """Now and then something happens between two builds that is no edit."""
    happens = chance.random()
    site = project / "site"
    if happens < 0.06:
        return kb(project, "rollback")[1]
    if happens < 0.1:
        shutil.rmtree(project / ".kb", ignore_errors=True)
    elif happens < 0.2 and site.exists():
        file = chance.choice([path for path in sorted(site.resolve().rglob("*")) if path.is_file()])
        chance.choice((file.unlink, lambda: file.write_bytes(b"by hand"), lambda: file.chmod(0o600)))()
    return ""


@pytest.mark.parametrize(("seed", "steps", "articles"), [(3, 6, 20), *LONG])
def test_each_build_of_a_random_walk_is_what_a_build_from_nothing_gives(
    tmp_path: Path, seed: int, steps: int, articles: int
) -> None:
    walk, chance = Walk(tmp_path / "walk", seed, articles), random.Random(seed)
    project, scratch = tmp_path / "walk", tmp_path / "scratch"
    published = 0
    for step in range(steps):
        edits = walk.step()
        assert "Traceback" not in harm(project, chance)
        # Edits at random break promises, which is another test's subject.
        for record in (project / ".kb").glob("links-*.csv"):
            record.unlink()
        (target,) = chance.choices(tuple(TARGETS), (6, 2, 1, 1))
        strict = ("--strict",) if chance.random() < 0.1 else ()
        command = ("build", "--clock", f"{walk.now:%Y-%m-%dT%H:%M:%SZ}", *TARGETS[target], *strict)
        cache = ("--no-cache",) if chance.random() < 0.1 else ()
        told = kb(project, *command, "--jobs", chance.choice("125"), *cache)
        shutil.rmtree(scratch, ignore_errors=True)
        shutil.copytree(project, scratch, ignore=shutil.ignore_patterns(*MADE))
        assert told == kb(scratch, *command, "--no-cache", "--jobs", chance.choice("12")), (step, edits)
        assert told[0] in (0, 1, 2), told
        if told[0] == 0:
            published += 1
            assert contents(project / target) == contents(scratch / target), (step, edits)
        walk.obey(told[1])
    assert published >= steps // 3
