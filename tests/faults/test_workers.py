"""Workers put files in place: where one fails or is killed, the build ends in one line and leaves nothing behind."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from unittest import mock

import pytest

from kb_builder.errors import PublishError
from kb_builder.publishing.history import Recorded
from kb_builder.publishing.publication import Publication
from kb_builder.system import filesystem
from kb_builder.system.processes import spread
from tests.faults.breakage import build, killed, no_space, shown, site

FILES = {f"shared/{number % 9}/{number}/index.html": b"%d" % number for number in range(300)}
JOBS = pytest.mark.parametrize("jobs", [1, 2])


def put(publication: Publication, paths: Sequence[str]) -> list[Recorded]:
    return [publication.put(path, FILES[path]) for path in paths]


def build_in_workers(project: Path, jobs: int) -> None:
    with Publication(project / "site", project=project, content=project / "content") as publication:
        publication.plan(FILES)
        for path, file in zip(FILES, spread(partial(put, publication), list(FILES), jobs=jobs), strict=True):
            publication.record(path, file)
        publication.seal()
        publication.swap()


@JOBS
def test_files_and_folders_are_those_of_one_process(tmp_path: Path, jobs: int) -> None:
    (tmp_path / "content").mkdir()
    for _ in range(2):  # the second one finds everything published
        build_in_workers(tmp_path, jobs)
        assert shown(tmp_path / "site") == FILES


@pytest.mark.parametrize("name", ["write_bytes", "make_folder"])
@pytest.mark.parametrize(
    ("jobs", "happens", "said"),
    [(1, no_space, "no space left"), (2, no_space, "no space left"), (2, killed, "a worker process was killed")],
)
def test_an_operation_that_fails_in_a_worker(
    tmp_path: Path, name: str, jobs: int, happens: Callable[[], None], said: str
) -> None:
    (tmp_path / "content").mkdir()
    build(tmp_path, 1)
    really = getattr(filesystem, name)

    def broken(path: filesystem.Location, *more: object) -> object:
        if "/150" in str(path):
            if name == "write_bytes":
                Path(path).write_bytes(b"half")
            happens()
        return really(path, *more)

    with mock.patch.object(filesystem, name, broken), pytest.raises(PublishError, match=said) as caught:
        build_in_workers(tmp_path, jobs)
    assert caught.value.exit_code == 5
    assert shown(tmp_path / "site") == site(1)
    left = filesystem.paths(tmp_path / ".site.builds/staging")[0]
    assert not left & FILES.keys()
    build(tmp_path, 2)
    assert shown(tmp_path / "site") == site(2)
