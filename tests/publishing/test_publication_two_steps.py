"""Disks that can't exchange two names: a plain folder is replaced in two steps, and a crash may come between them."""

import errno
from pathlib import Path

import pytest

from kb_builder.errors import PublishError
from kb_builder.publishing.publication import Publication
from kb_builder.system import filesystem
from tests.publishing.small_sites import FIRST, MODES, SECOND, back, publication, publish, shown


@pytest.fixture
def no_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(one: filesystem.Location, other: filesystem.Location) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(filesystem, "exchange", refuse)


@pytest.mark.usefixtures("no_exchange")
def test_a_plain_folder_is_replaced_in_two_steps_where_it_must(project: Path) -> None:
    for site in (FIRST, SECOND, FIRST, SECOND, FIRST):
        publish(project, site, plain_folder=True)
        assert shown(project) == site
    back(project)
    assert shown(project) == SECOND
    publish(project, FIRST, plain_folder=False)
    assert shown(project) == FIRST
    publish(project, SECOND, plain_folder=True)
    assert shown(project) == SECOND


def crash_between_the_two_steps(project: Path, monkeypatch: pytest.MonkeyPatch, *, plain_folder: bool) -> None:
    really_move = filesystem.move

    def crash(source: filesystem.Location, path: filesystem.Location) -> None:
        if Path(path) == project / "site":
            raise KeyboardInterrupt
        really_move(source, path)

    monkeypatch.setattr(filesystem, "move", crash)
    with pytest.raises(KeyboardInterrupt):
        publish(project, SECOND, plain_folder=plain_folder)
    assert not (project / "site").exists()
    monkeypatch.setattr(filesystem, "move", really_move)


@pytest.mark.usefixtures("no_exchange")
@MODES
def test_after_a_crash_between_the_two_steps_staff_still_take_no_place_of_the_public(
    project: Path, plain_folder: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(project, FIRST, plain_folder=not plain_folder)
    crash_between_the_two_steps(project, monkeypatch, plain_folder=plain_folder)
    for audience in ("staff", "a look at drafts"):
        with pytest.raises(PublishError, match="the site that is published here is for the public"):
            Publication(
                project / "site", project=project, content=project / "content", plain_folder=plain_folder,
                audience=audience,
            ).__enter__()  # fmt: skip
        assert shown(project) == FIRST


@pytest.mark.usefixtures("no_exchange")
@MODES
def test_a_crash_between_the_two_steps_is_mended_by_the_next_command(
    project: Path, plain_folder: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(project, FIRST, plain_folder=not plain_folder)
    crash_between_the_two_steps(project, monkeypatch, plain_folder=plain_folder)
    with publication(project):
        assert shown(project) == FIRST
    publish(project, SECOND, plain_folder=plain_folder)
    assert shown(project) == SECOND
