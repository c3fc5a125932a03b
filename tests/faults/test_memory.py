"""A machine, or a limit, that leaves too little memory: one clear line, and the published site stays."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.centres import SMALL, article, write

TRAIN = """
import resource
from search_index import linear_machine
pages = int(open("/proc/self/statm").read().split()[0])
limit = pages * resource.getpagesize() + (linear_machine.LEAST_ROOM >> 1)
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
try:
    linear_machine._require_memory()
except MemoryError:
    print("refused")
"""


def kb_build(root: Path, megabytes: int | None) -> subprocess.CompletedProcess[str]:
    def limit() -> None:
        if megabytes is not None:
            resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))

    # A thread of OpenBLAS takes address space of its own: as many of them as there are cores, unless told.
    return subprocess.run(
        [sys.executable, "-m", "kb_builder", "build", "--jobs", "1"],
        cwd=root,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        preexec_fn=limit,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("megabytes", [250, 300, 380])
def test_a_limit_that_is_too_small_is_reported_in_one_line(tmp_path: Path, megabytes: int) -> None:
    phrasings = ["where is it", "has it been sent", "it has not come", "when does it come", "still waiting"]
    write(tmp_path, SMALL | {"late": article("late", "My parcel is late", asked_as=phrasings)})
    assert kb_build(tmp_path, None).returncode == 0
    before = {path: path.read_bytes() for path in (tmp_path / "site").rglob("*.html")}
    write(tmp_path, {"late": article("late", "My parcel is later", asked_as=phrasings)})
    result = kb_build(tmp_path, megabytes)
    assert result.returncode == 5
    assert result.stderr.startswith("error: kb ran out of memory\n")
    assert "Traceback" not in result.stderr
    assert {path: path.read_bytes() for path in (tmp_path / "site").rglob("*.html")} == before


def test_learning_is_refused_before_its_library_asks_for_memory_without_end() -> None:
    result = subprocess.run([sys.executable, "-c", TRAIN], capture_output=True, text=True)
    assert result.stdout == "refused\n", result.stderr
