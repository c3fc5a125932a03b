"""The jobs of docs/ci: files that a service accepts, with commands and options that exist."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from kb_builder.commands.cli import commands

JOBS = sorted((Path(__file__).parents[1] / "docs/ci").glob("*.yml"))


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts(inner)


@pytest.mark.parametrize("path", JOBS, ids=lambda path: path.stem)
def test_every_command_of_a_job_exists_with_its_options(path: Path) -> None:
    job = yaml.safe_load(path.read_text(encoding="utf-8"))
    lines = [line for text in texts(job) for line in text.splitlines() if re.match(r"\s*kb ", line)]
    assert {line.split()[1] for line in lines} <= {"build", "check", "links", "trends"}
    for line in lines:
        _, name, *arguments = shlex.split(line.partition(">>")[0])
        with click.Context(commands) as parent:
            command = commands.get_command(parent, name)
            assert command is not None, f"there is no command kb {name}"
            command.make_context(name, arguments, parent=parent)


def test_github_finds_a_file_to_key_its_package_cache_by() -> None:
    (path,) = (path for path in JOBS if path.stem == "github-pages")
    job = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]["publish"]
    (python,) = (step["with"] for step in job["steps"] if step.get("uses", "").startswith("actions/setup-python"))
    # A help centre has neither requirements.txt nor pyproject.toml, and without either the step fails.
    assert python["cache-dependency-path"] == "mkdocs.yml"


def test_gitlab_publishes_a_plain_folder_called_public() -> None:
    (path,) = (path for path in JOBS if path.stem == "gitlab-ci")
    pages = yaml.safe_load(path.read_text(encoding="utf-8"))["pages"]
    assert pages["artifacts"]["paths"] == ["public"]
    assert "cp --recursive --dereference site public" in pages["script"]


@pytest.mark.parametrize("path", JOBS, ids=lambda path: path.stem)
def test_a_job_runs_only_what_is_pinned(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for action in re.findall(r"uses: (.+)", text):
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action
    installs = re.findall(r"pip install (.+)", text)
    assert installs
    assert set(installs) == {f'"kb-builder[all]=={project["version"]}"'}
