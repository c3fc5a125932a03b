"""The demo, mentions and all, built twice in environments that share nothing but the input."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
CLOCK = "2026-11-21T09:00:00Z"


def copied(folder: Path, *, backwards: bool) -> Path:
    """The demo's sources in ``folder``, written in one order or the other: disks list names as they came."""
    names = ("mkdocs.yml", "theme/pages", "content")
    found = [path for name in names for path in (ROOT / name, *sorted((ROOT / name).rglob("*")))]
    files = [path for path in found if path.is_file() and "mentions" not in path.relative_to(ROOT).parts]
    for path in reversed(files) if backwards else files:
        target = folder / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    (folder / "theme/pages").mkdir(parents=True, exist_ok=True)
    return folder


def built(folder: Path, mentions: Path, jobs: int, umask: int, **world: str) -> dict[str, str]:
    """Every file of the site as a hash, with its mode."""
    command = [sys.executable, "-m", "kb_builder", "build", "--clock", CLOCK, "--jobs", str(jobs), "--no-cache"]
    made = subprocess.run(
        [*command, "--mentions", str(mentions)], cwd=folder, env={**os.environ, **world}, umask=umask,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    site = (folder / "site").resolve()
    return {
        path.relative_to(site).as_posix(): f"{path.stat().st_mode:o} {hashlib.sha256(path.read_bytes()).hexdigest()}"
        for path in site.rglob("*")
        if path.is_file()
    }


def test_two_worlds_one_site(tmp_path: Path) -> None:
    mentions = tmp_path / "mentions.csv"
    script = ROOT / "scripts/demo_mentions.py"
    subprocess.run([sys.executable, script, "--out", mentions, "--end", "2026-11-20"], check=True, capture_output=True)
    one = built(
        copied(tmp_path / "a", backwards=False), mentions, jobs=1, umask=0o022,
        PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C",
    )  # fmt: skip
    other = built(
        copied(tmp_path / "somewhere else" / "b", backwards=True), mentions, jobs=3, umask=0o077,
        PYTHONHASHSEED="4711", TZ="Pacific/Auckland", LC_ALL="C.UTF-8",
    )  # fmt: skip
    assert len(one) > 300
    assert one == other
