"""What every test of this folder needs."""

import os

import pytest

from kb_builder.system import filesystem


@pytest.fixture(autouse=True)
def _wait_for_no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test here cuts the power, and hundreds of builds would wait for minutes."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
    monkeypatch.setattr(filesystem, "sync_disk", lambda _: None)
