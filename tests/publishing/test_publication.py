"""A finished site appears as a whole or not at all, and nothing that isn't ours is ever replaced."""

import os
import shutil
from pathlib import Path

import pytest

from kb_builder.errors import LockedError, PublishError
from kb_builder.publishing.publication import MARKER, rollback
from tests.publishing.small_sites import FIRST, MODES, SECOND, publication, publish, shown


def refusal(project: Path, target: str) -> str:
    with pytest.raises(PublishError) as caught, publication(project, target):
        raise AssertionError("entered")
    assert caught.value.hint
    return caught.value.problem


@MODES
def test_each_build_replaces_the_one_before_as_a_whole(project: Path, plain_folder: bool) -> None:
    for site in (FIRST, SECOND, FIRST, SECOND, SECOND, FIRST):
        publish(project, site, plain_folder=plain_folder)
        assert shown(project) == site
        assert (project / "site").is_symlink() is not plain_folder
        assert (project / "site" / MARKER).is_file()


@MODES
def test_what_is_given_is_counted(project: Path, plain_folder: bool) -> None:
    publish(project, FIRST, plain_folder=plain_folder)
    result = publish(project, SECOND, plain_folder=plain_folder)
    marker = (project / "site" / MARKER).stat().st_size
    assert (result.files, result.written, result.kept) == (5, 2, 3)
    assert result.size == sum(map(len, SECOND.values())) + marker


@MODES
def test_unchanged_files_are_the_same_file_and_changed_ones_are_not(project: Path, plain_folder: bool) -> None:
    publish(project, FIRST, plain_folder=plain_folder)
    before = (project / "site/assets/x.css").stat(), (project / "site/index.html").stat()
    for _ in range(5):
        publish(project, SECOND, plain_folder=plain_folder, trust=False)
    after = (project / "site/assets/x.css").stat(), (project / "site/index.html").stat()
    assert before[0].st_ino == after[0].st_ino
    assert before[1].st_ino != after[1].st_ino


@pytest.mark.parametrize(("earlier", "later"), [(False, True), (True, False)])
def test_a_site_can_change_between_link_and_plain_folder(project: Path, earlier: bool, later: bool) -> None:
    publish(project, FIRST, plain_folder=earlier)
    publish(project, SECOND, plain_folder=later)
    assert shown(project) == SECOND
    assert (project / "site").is_symlink() is not later
    rollback(project / "site", project=project, content=project / "content")
    assert shown(project) == FIRST


@MODES
def test_an_empty_folder_is_taken_over(project: Path, plain_folder: bool) -> None:
    (project / "site").mkdir()
    publish(project, FIRST, plain_folder=plain_folder)
    assert shown(project) == FIRST


@MODES
def test_missing_parents_are_made(project: Path, plain_folder: bool) -> None:
    publish(project, FIRST, "out/deep/site", plain_folder=plain_folder)
    assert shown(project, "out/deep/site") == FIRST


def test_folders_and_files_can_change_places(project: Path) -> None:
    sites = [{"a/b/index.html": b"1", "c": b"2"}, {"a": b"3", "c/d/index.html": b"4"}, {"a/b": b"5", "c/d": b"6"}]
    for site in sites * 3:
        publish(project, site)
        assert shown(project) == site


def test_nothing_is_shown_without_a_swap(project: Path) -> None:
    publish(project, FIRST)
    with publication(project) as made:
        made.add("index.html", b"leak")
        made.seal()
    assert shown(project) == FIRST
    publish(project, SECOND)
    assert shown(project) == SECOND


def test_files_have_the_same_mode_whatever_the_umask(project: Path) -> None:
    before = os.umask(0o077)
    try:
        publish(project, FIRST)
    finally:
        os.umask(before)
    assert (project / "site/faq/a/index.html").stat().st_mode & 0o777 == 0o644
    for folder in ("site", "site/faq/a", ".site.builds"):
        assert (project / folder).stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../x", "a/../../x", "a//b", "./a"])
def test_no_file_is_staged_outside(project: Path, path: str) -> None:
    with publication(project) as made, pytest.raises(ValueError, match="no path inside a site"):
        made.add(path, b"")


def test_a_path_is_given_once_and_is_a_file_or_a_folder(project: Path) -> None:
    with publication(project) as made:
        made.add("a/b", b"1")
        with pytest.raises(ValueError, match="planned"):
            made.add("a/b", b"2")
        for path in ("a", "a/b/c"):
            with pytest.raises(PublishError, match="planned as a file and as a folder"):
                made.add(path, b"2")


def test_git_leaves_the_builds_alone(project: Path) -> None:
    publish(project, FIRST)
    assert (project / ".site.builds/.gitignore").read_text() == "*\n"


# --- what may be taken over from the published site


@MODES
@pytest.mark.parametrize("builds", [1, 5], ids=["just after a full build", "over an old build"])
def test_a_file_changed_by_hand_is_not_taken_over(project: Path, plain_folder: bool, builds: int) -> None:
    for _ in range(builds):
        publish(project, FIRST, plain_folder=plain_folder)
    (project / "site/faq/a/index.html").write_bytes(b"<p>X")
    (project / "site/faq/b/index.html").unlink()
    (project / "site/faq/b/index.html").symlink_to("/etc/passwd")
    (project / "site/extra.html").write_bytes(b"extra")
    with publication(project, plain_folder=plain_folder) as made:
        taken = set(made.published)
    publish(project, FIRST, plain_folder=plain_folder)
    assert "faq/a/index.html" not in taken
    assert "assets/x.css" in taken
    assert shown(project) == FIRST


@MODES
@pytest.mark.parametrize("builds", [1, 5], ids=["just after a full build", "over an old build"])
def test_a_file_made_unreadable_is_readable_in_the_next_build(project: Path, plain_folder: bool, builds: int) -> None:
    for _ in range(builds):
        publish(project, FIRST, plain_folder=plain_folder)
    for closed in ("site/faq/a/index.html", ".site.builds/staging/faq/b/index.html"):
        if (project / closed).exists():
            (project / closed).chmod(0o600)
    publish(project, FIRST, plain_folder=plain_folder)
    assert {path.stat().st_mode & 0o777 for path in (project / "site").rglob("*.html")} == {0o644}


def test_an_unreadable_build_makes_no_later_one_unreadable(project: Path) -> None:
    for _ in range(5):
        for path in (project / "site").rglob("*"):
            path.chmod(path.stat().st_mode & 0o700)
        if (project / "site").exists():
            (project / "site").chmod(0o700)
        publish(project, FIRST)
        modes = {path.stat().st_mode & 0o777 for path in [project / "site", *(project / "site").rglob("*")]}
        assert modes == {0o755, 0o644}


def test_a_copied_site_is_read_before_it_is_trusted(project: Path, tmp_path: Path) -> None:
    publish(project, FIRST)
    shutil.copytree(project, tmp_path / "copy", symlinks=True)
    copy = tmp_path / "copy"
    (copy / "site/assets/x.css").write_bytes(b"y")
    with publication(copy) as made:
        assert set(made.published) == {*FIRST, MARKER} - {"assets/x.css"}
    publish(copy, SECOND)
    assert shown(copy) == SECOND


@pytest.mark.parametrize("damage", [b"", b"x", b"[]"])
def test_a_damaged_record_is_not_trusted(project: Path, damage: bytes) -> None:
    publish(project, FIRST)
    record = project / ".site.builds/000001.json"
    record.write_bytes(record.read_bytes()[:-40] + damage)
    with publication(project) as made:
        assert made.published == {}
    publish(project, SECOND)
    assert shown(project) == SECOND


@MODES
def test_the_builds_folder_may_be_deleted(project: Path, plain_folder: bool) -> None:
    publish(project, FIRST, plain_folder=plain_folder)
    shutil.rmtree(project / ".site.builds")
    publish(project, SECOND, plain_folder=plain_folder)
    assert shown(project) == SECOND


@MODES
def test_the_site_may_be_deleted(project: Path, plain_folder: bool) -> None:
    publish(project, FIRST, plain_folder=plain_folder)
    shutil.rmtree(project / "site") if plain_folder else (project / "site").unlink()
    publish(project, SECOND, plain_folder=plain_folder)
    assert shown(project) == SECOND


# --- refusals


def test_precious_folders_are_refused(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(project / "home/ann"))
    (project / "home/ann").mkdir(parents=True)
    (project / "work").mkdir()
    monkeypatch.chdir(project / "work")
    assert refusal(project, "/") == "the site can't be published over the project folder"
    assert refusal(project, ".") == "the site can't be published over the project folder"
    assert refusal(project, "work/..") == "the site can't be published over the project folder"
    assert refusal(project, "work") == "the site can't be published over the working folder"
    assert refusal(project, "home/ann") == "the site can't be published over the home folder"
    assert refusal(project, "home") == "the site can't be published over the home folder"
    assert refusal(project, "content") == "the site can't be published over the content folder"
    assert refusal(project, "content/site") == "the site can't be published inside the content folder"


def test_what_kb_did_not_make_is_refused(project: Path) -> None:
    (project / "git/.git").mkdir(parents=True)
    (project / "git" / MARKER).touch()
    (project / "file").write_text("precious")
    (project / "mkdocs/search").mkdir(parents=True)
    (project / "elsewhere").symlink_to("mkdocs")
    assert refusal(project, "git") == "this is a git repository"
    assert refusal(project, "file") == "there is a file where the site should go"
    assert refusal(project, "mkdocs") == "this folder has files that kb didn't put there"
    assert refusal(project, "elsewhere") == "this is a link that kb didn't make"
    assert not list(project.glob(".*.builds"))


@MODES
def test_no_site_is_published_inside_another(project: Path, plain_folder: bool) -> None:
    publish(project, FIRST, plain_folder=plain_folder)
    for target in ("site/staff", "site/faq/staff", ".site.builds/staging", ".site.builds/staging/staff"):
        assert refusal(project, target) == "the site can't be published inside another one"
    assert shown(project) == FIRST


@pytest.mark.parametrize("builds", [1, 5], ids=["just after a full build", "over an old build"])
@pytest.mark.parametrize("left", ["a link out of here", "a link to nothing", "a file"])
def test_anything_in_the_place_of_the_next_build_is_removed(project: Path, builds: int, left: str) -> None:
    for _ in range(builds):
        publish(project, FIRST)
    (project / "outside").mkdir()
    (project / "outside/precious.txt").write_text("precious")
    staging = project / ".site.builds/staging"
    if staging.exists():
        shutil.rmtree(staging)
    staging.write_text("") if left == "a file" else staging.symlink_to(
        project / left.replace("a link out of here", "outside")
    )
    publish(project, SECOND)
    assert shown(project) == SECOND
    assert shown(project, "outside") == {"precious.txt": b"precious"}


@pytest.mark.parametrize("damage", [b"../../../outside", b"\xff\xfe", b"", b"staging", b"lock"])
def test_a_note_of_a_move_that_we_did_not_write_moves_nothing(project: Path, damage: bytes) -> None:
    publish(project, FIRST)
    (project.parent / "outside").mkdir()
    (project / "site").unlink()
    (project / ".site.builds/moving").write_bytes(damage)
    publish(project, SECOND)
    assert shown(project) == SECOND
    assert (project.parent / "outside").is_dir()


def test_a_target_that_turns_into_a_file_while_building_is_refused(project: Path) -> None:
    with publication(project) as made:
        made.add("index.html", b"1")
        made.seal()
        (project / "site").write_text("precious")
        with pytest.raises(PublishError, match="there is a file"):
            made.swap()
    assert (project / "site").read_text() == "precious"


def test_a_second_build_of_the_same_target_is_refused_while_one_runs(project: Path) -> None:
    (project / "other").symlink_to(".")
    with publication(project):
        for target in ("site", "other/site", "content/../site"):
            with pytest.raises(LockedError, match="another build"), publication(project, target):
                raise AssertionError("entered")
        publish(project, FIRST, "staff-site")
    publish(project, FIRST)


def test_thousands_of_files_are_looked_at_as_few_are(project: Path) -> None:
    site = {f"p/{number}/index.html": b"%d" % number for number in range(1_500)}
    publish(project, site)
    live = (project / "site").resolve()
    (live / "p/7/index.html").unlink()
    (live / "p/7/index.html").write_bytes(b"changed by hand")
    (live / "p/8/index.html").unlink()
    (live / "p/9/index.html").rename(live / "p/9/moved.html")
    shutil.copyfile(live / "p/10/index.html", project / "copy")
    (project / "copy").rename(live / "p/10/index.html")
    with publication(project) as made:
        assert made.published.keys() >= site.keys() - {f"p/{number}/index.html" for number in (7, 8, 9)}
        made.keep(site.keys() & made.published.keys())
        for path in site.keys() - made.staged.keys():
            made.add(path, site[path])
        made.seal()
        made.swap()
    assert shown(project) == site


def test_a_folder_may_be_called_as_ours_are(tmp_path: Path) -> None:
    for name in (".shop.builds", "ci.builds"):
        (tmp_path / name / "content").mkdir(parents=True)
        publish(tmp_path / name, FIRST)
        assert shown(tmp_path / name) == FIRST
