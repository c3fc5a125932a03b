"""Rolling back shows an earlier build as it was, to the audience it was made for."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kb_builder.errors import PublishError
from kb_builder.publishing.publication import Publication
from tests.publishing.small_sites import FIRST, MODES, SECOND, back, publication, publish, shown


@MODES
def test_rollback_goes_back_one_build_at_a_time_as_far_as_builds_are_kept(project: Path, plain_folder: bool) -> None:
    for number in range(6):
        publish(project, {"index.html": b"%d" % number}, plain_folder=plain_folder)
    assert back(project) == 5
    assert shown(project) == {"index.html": b"4"}
    assert back(project) == 4
    assert shown(project) == {"index.html": b"3"}
    with pytest.raises(PublishError, match="no earlier build is kept"):
        back(project)
    assert shown(project) == {"index.html": b"3"}
    publish(project, {"index.html": b"new"}, plain_folder=plain_folder)
    assert back(project) == 4
    assert shown(project) == {"index.html": b"3"}


@MODES
def test_builds_that_changed_nothing_are_no_steps_back(project: Path, plain_folder: bool) -> None:
    first, second = ({"index.html": b"%d" % number, "same.css": b"s"} for number in range(2))
    for site in (first, second, second, second):
        publish(project, site, plain_folder=plain_folder)
    # What was live is whole, and the next build can start from it.
    staging = project / ".site.builds/staging"
    assert {path.name: path.read_bytes() for path in staging.iterdir() if path.name in second} == second
    back(project)
    assert shown(project) == first


def test_rollback_of_nothing_says_so_and_makes_nothing(project: Path) -> None:
    with pytest.raises(PublishError, match="no earlier build is kept"):
        back(project)
    assert sorted(os.listdir(project)) == ["content"]  # noqa: PTH208


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda build: (build / "index.html").write_bytes(b"<p>hand"), r"changed by hand: index\.html"),
        (lambda build: (build / "index.html").unlink(), r"changed by hand: index\.html"),
        (lambda build: (build / "index.html").chmod(0o600), r"changed by hand: index\.html"),
        (lambda build: (build / "faq/more.html").write_bytes(b"more"), r"changed by hand: faq/more\.html"),
        (lambda build: (build / "faq/etc").symlink_to("/etc"), r"changed by hand: faq/etc"),
        (lambda build: build.with_suffix(".json").write_bytes(b"{}"), "no earlier build is kept"),
    ],
)
def test_rollback_refuses_a_build_that_was_changed_by_hand(
    project: Path, change: Callable[[Path], object], told: str
) -> None:
    publish(project, FIRST)
    publish(project, SECOND)
    change(project / ".site.builds/000001")
    with pytest.raises(PublishError, match=told):
        back(project)
    assert shown(project) == SECOND


@MODES
def test_rollback_refuses_a_site_for_another_audience(project: Path, plain_folder: bool) -> None:
    for audience in ("staff", "the public"):
        with Publication(
            project / "site", project=project, content=project / "content", plain_folder=plain_folder, audience=audience
        ) as made:
            made.add("index.html", audience.encode())
            made.seal()
            made.swap()
        if audience == "staff":
            (project / "site").rename(project / ".site.builds/000001") if plain_folder else (project / "site").unlink()
    with pytest.raises(PublishError, match="the build before this one is for another audience"):
        back(project)
    assert shown(project) == {"index.html": b"the public"}


def test_a_build_that_failed_its_audit_can_not_be_rolled_back_to(project: Path) -> None:
    publish(project, FIRST)
    with publication(project) as made:
        made.add("index.html", b"leak")
        made.seal()
    publish(project, SECOND)
    back(project)
    assert shown(project) == FIRST
