from pathlib import Path

import pytest


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project's folder with content that nothing is published into."""
    (tmp_path / "shop/content").mkdir(parents=True)
    return tmp_path / "shop"
