"""Scratch folders: gone at the end, gone after an error, and gone after a kill by the next one that is asked for."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kb_builder.system.scratch import scratch_folder

HOLDER = """
import sys, time
from pathlib import Path
from kb_builder.system.scratch import scratch_folder
with scratch_folder(Path(sys.argv[1])) as folder:
    (folder / "spilled").write_text("x")
    print("held", flush=True)
    time.sleep(60)
"""


def folders(parent: Path) -> list[Path]:
    return [path for path in parent.iterdir() if path.is_dir()]


def test_a_folder_is_gone_at_the_end_and_after_an_error(tmp_path: Path) -> None:
    with scratch_folder(tmp_path / "scratch") as folder:
        (folder / "file").write_text("x")
    with pytest.raises(KeyError), scratch_folder(tmp_path / "scratch") as other:
        raise KeyError
    assert folder != other
    assert folders(tmp_path / "scratch") == []


def test_what_a_killed_process_left_is_removed_and_what_a_living_one_holds_stays(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        (held,) = folders(tmp_path)
        with scratch_folder(tmp_path):
            assert (held / "spilled").exists()
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert held.exists()
    with scratch_folder(tmp_path) as folder:
        assert folders(tmp_path) == [folder]


def test_links_lead_nowhere_else(tmp_path: Path) -> None:
    parent, elsewhere = tmp_path / "scratch", tmp_path / "elsewhere"
    parent.mkdir()
    elsewhere.mkdir()
    (parent / "left").symlink_to(elsewhere)
    with scratch_folder(parent) as folder:
        assert folder.parent == parent
    assert list(elsewhere.iterdir()) == []
    (parent / "lock").unlink()
    (parent / "lock").symlink_to(elsewhere / "made")
    with scratch_folder(parent) as folder:
        assert folder.parent != parent
    assert not folder.exists()
    assert list(elsewhere.iterdir()) == []


def test_nothing_of_others_is_removed(tmp_path: Path) -> None:
    elsewhere, parent = tmp_path / "elsewhere", tmp_path / "scratch"
    (elsewhere / "photos").mkdir(parents=True)
    parent.symlink_to(elsewhere)
    with scratch_folder(parent) as folder:
        assert folder.parent not in (parent, elsewhere)
    assert [path.name for path in elsewhere.rglob("*")] == ["photos"]
    with scratch_folder(elsewhere):
        assert (elsewhere / "photos").is_dir()
    assert (elsewhere / "photos").is_dir()
