"""What every test of this folder needs."""

import os
import sys
from pathlib import Path

import pytest

from kb_builder import disk

sys.path.insert(0, str(Path(__file__).parents[1]))


@pytest.fixture(autouse=True)
def _wait_for_no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test here cuts the power, and hundreds of builds would wait for minutes."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
    monkeypatch.setattr(disk, "sync_disk", lambda _: None)
