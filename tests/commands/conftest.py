from pathlib import Path

import pytest

from tests.centres import SMALL, write


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small help centre, and the current directory; modules that need another one have their own fixture."""
    monkeypatch.chdir(tmp_path)
    return write(tmp_path, SMALL)
