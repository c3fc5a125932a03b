"""The n-th operation on the disk fails, or the process is killed at it, for every n: the site is never half a site."""

import inspect
import shutil
from pathlib import Path

import pytest

from kb_builder.errors import PublishError
from kb_builder.publishing.publication import rollback
from kb_builder.system import filesystem
from tests.faults.breakage import OPERATIONS, at_operation, build, in_child, killed, no_space, shown, site

MODES = pytest.mark.parametrize("plain_folder", [False, True], ids=["link", "plain folder"])
FIRST_BUILDS = pytest.mark.parametrize("builds", [0, 1, 4], ids=["nothing published", "one build", "four builds"])

EACH = pytest.mark.parametrize("step", [17, pytest.param(1, marks=pytest.mark.exhaustive)], ids=["a sample", "each"])


def test_every_operation_can_be_broken() -> None:
    functions = {name: value for name, value in vars(filesystem).items() if inspect.isfunction(value)}
    own = {
        name
        for name, value in functions.items()
        if value.__module__ == filesystem.__name__ and not name.startswith("_")
    }
    assert own | {"sync_disk"} == {*OPERATIONS, "unlock", "as_publish_errors"}


def prepare(folder: Path, builds: int, *, plain_folder: bool) -> tuple[Path, dict[str, bytes]]:
    project = folder / "project"
    (project / "content").mkdir(parents=True)
    for number in range(1, builds + 1):
        build(project, number, plain_folder=plain_folder)
    return project, site(builds) if builds else {}


def operations(folder: Path, builds: int, *, plain_folder: bool) -> int:
    project, _ = prepare(folder / "count", builds, plain_folder=plain_folder)
    with at_operation(0, no_space) as count:
        build(project, 9, plain_folder=plain_folder)
    return count()


def recovers(project: Path, before: dict[str, bytes], *, plain_folder: bool) -> None:
    """The next build works, and the one shown before it can be had back."""
    build(project, 10, plain_folder=plain_folder)
    assert shown(project / "site") == site(10)
    if before:
        rollback(project / "site", project=project, content=project / "content")
        assert shown(project / "site") == before
    shutil.rmtree(project)


@EACH
@MODES
@FIRST_BUILDS
def test_an_operation_that_fails_leaves_the_site_as_it_was(
    tmp_path: Path, plain_folder: bool, builds: int, step: int
) -> None:
    total = operations(tmp_path, builds, plain_folder=plain_folder)
    failed = 0
    for count in range(1, total + 1, step):
        project, before = prepare(tmp_path, builds, plain_folder=plain_folder)
        try:
            with at_operation(count, no_space):
                build(project, 9, plain_folder=plain_folder)
        except PublishError:
            failed += 1
            assert shown(project / "site") == before, count
        else:
            before = site(9)
            assert shown(project / "site") == before, count
        recovers(project, before, plain_folder=plain_folder)
    assert failed > total // step // 3


@EACH
@MODES
@FIRST_BUILDS
def test_a_kill_leaves_the_old_site_or_the_new_one(tmp_path: Path, plain_folder: bool, builds: int, step: int) -> None:
    total = operations(tmp_path, builds, plain_folder=plain_folder)
    outcomes = set()
    for count in [*range(1, total, step), total]:
        project, before = prepare(tmp_path, builds, plain_folder=plain_folder)

        def break_off(project: Path = project, count: int = count) -> None:
            with at_operation(count, killed):
                build(project, 9, plain_folder=plain_folder)

        assert in_child(break_off) == 9
        now = shown(project / "site")
        assert now in (before, site(9)), count
        outcomes.add(now == before)
        recovers(project, now, plain_folder=plain_folder)
    assert outcomes == {True, False}


@EACH
@MODES
def test_a_rollback_that_fails_leaves_the_site_as_it_was(tmp_path: Path, plain_folder: bool, step: int) -> None:
    project, before = prepare(tmp_path / "count", 3, plain_folder=plain_folder)
    with at_operation(0, no_space) as total:
        rollback(project / "site", project=project, content=project / "content")
    failed = 0
    for count in range(1, total() + 1, step):
        project, before = prepare(tmp_path, 3, plain_folder=plain_folder)
        try:
            with at_operation(count, no_space):
                rollback(project / "site", project=project, content=project / "content")
        except PublishError:
            failed += 1
            assert shown(project / "site") == before
        else:
            assert shown(project / "site") == site(2)
        shutil.rmtree(project)
    assert failed > 0
