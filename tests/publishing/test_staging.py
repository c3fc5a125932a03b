"""A folder is made to hold exactly the planned files, whatever it held before, with as few changes as possible."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb_builder.errors import PublishError
from kb_builder.publishing.history import Record
from kb_builder.publishing.staging import NOTHING, Staging, damaged, proof, share_of
from kb_builder.system import filesystem
from tests.flipped_bit import flip

NAMES = st.sampled_from(["a", "b", "c"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)


def without_clashes(site: Mapping[str, bytes]) -> dict[str, bytes]:
    """No path that is a folder of another one."""
    return {path: data for path, data in site.items() if not any(other.startswith(f"{path}/") for other in site)}


SITES = st.dictionaries(PATHS, st.binary(max_size=3), min_size=1, max_size=6).map(without_clashes)


def stage(folder: Path, site: Mapping[str, bytes], base: Path = Path(), record: Record = NOTHING) -> Record:
    staging = Staging(folder, base, record)
    for path, data in site.items():
        staging.add(path, data)
    return staging.finish()


def held(folder: Path) -> dict[str, bytes]:
    return {path: (folder / path).read_bytes() for path in filesystem.stamps(folder)[0]}


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(leftover=st.none() | SITES, published=SITES, wanted=SITES)
def test_any_folder_becomes_any_site(
    tmp_path_factory: pytest.TempPathFactory,
    leftover: dict[str, bytes] | None,
    published: dict[str, bytes],
    wanted: dict[str, bytes],
) -> None:
    folder = tmp_path_factory.mktemp("staging")
    base = folder / "published"
    record = stage(base, published)
    if leftover is not None:
        stage(folder / "staging", leftover)
    finished = stage(folder / "staging", wanted, base, record)
    assert held(folder / "staging") == wanted
    needed = {str(folder) for path in wanted for folder in PurePosixPath(path).parents} - {"."}
    assert set(filesystem.stamps(folder / "staging")[1]) == needed
    assert held(base) == published
    for path, file in finished.files.items():
        assert filesystem.stamp(folder / "staging" / path) == file.stamp


def test_what_is_published_already_is_taken_over(tmp_path: Path) -> None:
    record = stage(tmp_path / "one", {"a/x": b"1", "b": b"2"})
    stage(tmp_path / "two", {"a/x": b"1", "b": b"3"}, tmp_path / "one", record)
    assert filesystem.stamp(tmp_path / "two/a/x") == filesystem.stamp(tmp_path / "one/a/x")
    assert filesystem.stamp(tmp_path / "two/b") != filesystem.stamp(tmp_path / "one/b")


def test_links_and_pipes_in_the_folder_go(tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious/a").write_text("precious")
    (tmp_path / "staging").mkdir()
    (tmp_path / "staging/folder").symlink_to(tmp_path / "precious")
    stage(tmp_path / "staging", {"folder/a": b"new"})
    assert held(tmp_path / "staging") == {"folder/a": b"new"}
    assert (tmp_path / "precious/a").read_text() == "precious"


@pytest.mark.parametrize("paths", [("a", "a/b"), ("a/b", "a"), ("a/b/c", "a/b")])
def test_a_path_is_planned_once_and_as_one_kind(tmp_path: Path, paths: tuple[str, str]) -> None:
    for path in paths:
        for second, problem in ((path, ValueError), (paths[paths[0] == path], PublishError)):
            staging = Staging(tmp_path / "staging", tmp_path)
            staging.plan([path])
            with pytest.raises(problem, match="planned"):
                staging.add(second, b"2")


def test_a_folder_of_another_process_is_used_and_a_link_is_not(tmp_path: Path) -> None:
    staging = Staging(tmp_path / "staging", tmp_path)
    staging.plan(["a/x", "b/x"])
    (tmp_path / "staging/a").mkdir()
    (tmp_path / "staging/b").symlink_to(tmp_path)
    staging.put("a/x", b"1")
    with pytest.raises(FileExistsError):
        staging.put("b/x", b"1")
    assert not (tmp_path / "x").exists()


def test_what_was_written_for_nothing_can_be_taken_away(tmp_path: Path) -> None:
    record = stage(tmp_path / "one", {"a": b"1", "b": b"2"})
    staging = Staging(tmp_path / "two", tmp_path / "one", record)
    staging.keep(["a"])
    staging.add("b", b"3")
    staging.discard()
    assert held(tmp_path / "two") == {"a": b"1"}


def test_proof_by_stamp_by_hash_and_none(tmp_path: Path) -> None:
    recorded = stage(tmp_path / "one", {"a": b"1"}).files["a"]
    assert proof(str(tmp_path / "one/a"), recorded) == recorded
    (tmp_path / "copy").write_bytes(b"1")
    copied = proof(str(tmp_path / "copy"), recorded)
    assert copied is not None
    assert (copied.sha256, copied.stamp) == (recorded.sha256, filesystem.stamp(tmp_path / "copy"))
    (tmp_path / "other").write_bytes(b"2")
    (tmp_path / "closed").write_bytes(b"1")
    (tmp_path / "closed").chmod(0o600)
    (tmp_path / "link").symlink_to("copy")
    for name in ("other", "link", "none", "copy/below", "closed"):
        assert proof(str(tmp_path / name), recorded) is None


def test_a_bit_that_turned_over_is_found_where_it_is_looked_for(tmp_path: Path) -> None:
    site = {"a/x": b"1", "b": b"2", "c": b"3"}
    record = stage(tmp_path / "one", site)
    flip(tmp_path / "one/a/x")
    assert damaged(tmp_path / "one", record, lambda path: path != "b") == ["a/x"]
    assert damaged(tmp_path / "one", record, lambda path: path == "b") == []
    (tmp_path / "one/b").unlink()
    assert damaged(tmp_path / "one", record, lambda _path: True) == ["a/x", "b"]


@pytest.mark.parametrize("linked", [False, True])
def test_a_damaged_file_is_not_taken_over(tmp_path: Path, linked: bool) -> None:
    site = {"a/x": b"1", "b": b"2"}
    record = stage(tmp_path / "one", site)
    if linked:  # the folder that grows still holds the same file, under two names
        stage(tmp_path / "two", site, tmp_path / "one", record)
    flip(tmp_path / "one/a/x")
    staging = Staging(tmp_path / "two", tmp_path / "one", record, lambda _path: True)
    assert staging.damaged == ["a/x"]
    assert set(staging.published) == {"b"}
    for path, data in site.items():
        staging.add(path, data)
    staging.finish()
    assert held(tmp_path / "two") == site
    assert staging.written == {"a/x"}


def test_every_file_has_its_day_whether_one_builds_daily_or_weekly() -> None:
    paths = [f"faq/{number}/index.html" for number in range(200)]
    for step in (1, 7):
        days = [date(2026, 1, 1) + timedelta(days=step * number) for number in range(8)]
        shares = [[path for path in paths if share_of(day)(path)] for day in days]
        assert sorted(path for share in shares for path in share) == sorted(paths)
        assert max(map(len, shares)) < len(paths) / 4
