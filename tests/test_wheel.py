"""What travels in the wheel is enough: theme, search scripts and starter, and nothing called ``theme`` at the top."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        str(folder),
        str(ROOT),
    ]
    subprocess.run([sys.executable, *command], check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_the_theme_inside_the_package(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"kb_builder", "search_index"}
    for needed in (
        "kb_builder/_theme/layout.html",
        "kb_builder/_theme/page.mjs",
        "kb_builder/starter/mkdocs.yml",
        "kb_builder/starter/.gitattributes",
        "kb_builder/starter/.gitignore",
        "kb_builder/py.typed",
        "search_index/browser/index.mjs",
        "search_index/FORMAT.md",
    ):
        assert needed in names


def test_a_newcomer_builds_a_site_from_the_wheel_in_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    installed, home = tmp_path / "installed", tmp_path / "home"
    home.mkdir()
    install = ["-m", "pip", "install", "--quiet", "--no-deps", "--target", str(installed), str(wheel)]
    subprocess.run([sys.executable, *install], check=True, capture_output=True)
    environment = os.environ | {"PYTHONPATH": str(installed)}

    def kb(*words: str, folder: Path) -> str:
        command = [sys.executable, "-m", "kb_builder", *words]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = subprocess.run(
        [sys.executable, "-c", "import kb_builder; print(kb_builder.__file__)"],
        cwd=home, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert where.stdout.startswith(str(installed))
    kb("new", "shop-help", folder=home)
    centre = home / "shop-help"
    kb("build", folder=centre)
    assert "<h1" in (centre / "site/index.html").read_text()
    assert list((centre / "site/assets").resolve().glob("*/search/index.mjs"))
    assert kb("search", "refund", folder=centre).startswith(" 1. ")
    written = {path.name for path in centre.iterdir()} - {
        "content", "mkdocs.yml", ".gitattributes", ".gitignore", "theme", "README.md",
    }  # fmt: skip
    assert written == {"site", ".site.builds", ".kb"}
