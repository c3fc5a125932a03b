"""``kb build`` itself, broken and killed: the exit code says why, and the published site is the old or the new one."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kb_builder.commands.cli import main
from kb_builder.publishing.publication import Publication
from tests.centres import CLOCK, SMALL, article, write
from tests.faults.breakage import at_operation, give_up_powers, in_child, no_space, shown

MODES = pytest.mark.parametrize("mode", ["symlink", "folder"])
EACH = pytest.mark.parametrize("step", [60, pytest.param(1, marks=pytest.mark.exhaustive)], ids=["a sample", "each"])
KB = [sys.executable, "-c", "from kb_builder.commands.cli import main; main()"]
BUILD = ("build", "--clock", CLOCK, "--jobs", "1")


@pytest.fixture
def centre(tmp_path: Path, mode: str) -> Path:
    """A help centre that was built once and edited since."""
    mkdocs = (
        "site_name: Corner Shop\nsite_url: https://help.example.com/\ntheme: {name: material, font: false}\n"
        f"plugins: [kb: {{publish: {mode}}}]\n"
    )
    project = write(tmp_path / "centre", SMALL, mkdocs=mkdocs)
    assert kb(project) == 0
    write(project, {"faq/orders/new": article("new", "Is this new?")}, mkdocs=mkdocs)
    return project


def said(project: Path) -> str:
    return (project.parent / "said").read_text()


def kb(project: Path, *, break_at: int = 0, powerless: bool = False) -> int:
    """The exit code of ``kb build`` in a child process; what it said, and of how many operations, goes to files."""
    said, operations = project.parent / "said", project.parent / "operations"

    def child() -> None:
        os.chdir(project)
        sys.argv = ["kb", *BUILD]
        sys.stdout = sys.stderr = said.open("w", buffering=1)
        if powerless:
            give_up_powers()
        with at_operation(break_at, no_space) as count:
            try:
                main()
            except SystemExit as end:
                operations.write_text(str(count()))
                os._exit(int(end.code or 0))

    return in_child(child)


def expected(centre: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the build under test would publish, built undisturbed somewhere else."""
    other = tmp_path_factory.mktemp("undisturbed") / "centre"
    other.mkdir()
    subprocess.run(["cp", "-r", centre / "content", centre / "mkdocs.yml", other], check=True)
    assert kb(other) == 0
    return shown(other / "site")


@EACH
@MODES
def test_an_operation_that_fails_is_reported_and_nothing_is_published(
    centre: Path, tmp_path_factory: pytest.TempPathFactory, step: int
) -> None:
    before, after = shown(centre / "site"), expected(centre, tmp_path_factory)
    shutil.copytree(centre, centre.parent / "prepared", symlinks=True)
    assert kb(centre) == 0
    total = int((centre.parent / "operations").read_text())
    failed = 0
    for count in range(1, total + 1, step):
        if shown(centre / "site") == after:
            shutil.rmtree(centre)
            shutil.copytree(centre.parent / "prepared", centre, symlinks=True)
        code = kb(centre, break_at=count)
        assert code in (0, 5), said(centre)
        assert shown(centre / "site") == (before if code else after), (count, said(centre))
        if code:
            failed += 1
            assert "no space left on device" in said(centre)
            assert "Traceback" not in said(centre)
    assert failed > 0
    assert kb(centre) == 0
    assert shown(centre / "site") == after


@MODES
@pytest.mark.parametrize("kills", [3, pytest.param(50, marks=pytest.mark.exhaustive)])
def test_sigkill_at_random_moments(centre: Path, tmp_path_factory: pytest.TempPathFactory, kills: int) -> None:
    moments = random.Random(20261121)
    started = time.monotonic()
    assert kb(centre) == 0
    whole = time.monotonic() - started
    for number in range(kills):
        text = article("new", "Is this new?", f"Edit {number}.\n")
        (centre / "content/articles/faq/orders/new.md").write_text(text)
        before, after = shown(centre / "site"), expected(centre, tmp_path_factory)
        with subprocess.Popen([*KB, *BUILD], cwd=centre, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as build:
            time.sleep(moments.uniform(0.2, 1.5) * whole)
            build.send_signal(signal.SIGKILL)
        assert shown(centre / "site") in (before, after)
    assert kb(centre) == 0
    assert shown(centre / "site") == after


@MODES
def test_a_second_build_is_refused_while_one_runs(centre: Path) -> None:
    before = shown(centre / "site")
    with Publication(centre / "site", project=centre, content=centre / "content"):
        assert kb(centre) == 4
    assert "another build of this site is running" in said(centre)
    assert shown(centre / "site") == before


@MODES
def test_a_folder_that_can_not_be_written(centre: Path) -> None:
    before = shown(centre / "site")
    centre.chmod(0o555)
    (centre / ".site.builds").chmod(0o555)
    try:
        assert kb(centre, powerless=True) == 5
    finally:
        (centre / ".site.builds").chmod(0o755)
        centre.chmod(0o755)
    assert "permission denied" in said(centre)
    assert shown(centre / "site") == before


@pytest.mark.parametrize("mode", ["symlink"])
def test_a_target_that_is_a_file_stays_that_file(centre: Path) -> None:
    (centre / "site").unlink()
    (centre / "site").write_text("precious")
    assert kb(centre) == 5
    assert "there is a file where the site should go" in said(centre)
    assert (centre / "site").read_text() == "precious"
