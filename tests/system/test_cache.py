"""The cache finds what was kept, drops what is unused, and at its worst costs time."""

import multiprocessing
import os
import sqlite3
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb_builder.system.cache import BUILD, RUNS_KEPT, Cache
from kb_builder.system.store import Store

pytestmark = pytest.mark.slow

PROCESSES = 4
FOLDERS = 30
ENTRIES = {f"key-{number}": b"%d" % number * 100 for number in range(700)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / ".kb"


def fill(folder: Path) -> None:
    with Cache(folder) as cache:
        cache.put_many("pages", ENTRIES)
        cache.end_run()


def held(folder: Path) -> dict[str, bytes]:
    with Cache(folder) as cache:
        return cache.get_many("pages", ENTRIES)


def works_again(folder: Path) -> bool:
    fill(folder)
    return held(folder) == ENTRIES


def test_what_was_put_is_found_by_the_next_run(folder: Path) -> None:
    fill(folder)
    with Cache(folder) as cache:
        assert cache.get_many("pages", [*ENTRIES, "unknown"]) == ENTRIES


def test_namespaces_do_not_mix_and_the_last_value_counts(folder: Path) -> None:
    with Cache(folder) as cache:
        cache.put_many("a", {"bc": b"1"})
        cache.put_many("ab", {"c": b"2"})
        cache.put_many("a", {"bc": b"3"})
        assert cache.get_many("a", ["bc", "c"]) == {"bc": b"3"}
        assert cache.get_many("ab", ["bc", "c"]) == {"c": b"2"}


def test_entries_that_the_last_builds_did_not_use_are_dropped(folder: Path) -> None:
    fill(folder)
    for number in range(RUNS_KEPT):
        assert held(folder) == ENTRIES
        with Cache(folder) as cache:
            cache.get_many("pages", ["key-7"])
            cache.touch("pages", ["key-8"])
            cache.put_many("more", {f"{number}": b"x" * 100_000})
            cache.end_run()
    assert held(folder) == {key: ENTRIES[key] for key in ("key-7", "key-8")}


def test_builds_that_add_little_are_not_counted(folder: Path) -> None:
    fill(folder)
    for number in range(RUNS_KEPT + 2):
        with Cache(folder) as cache:
            cache.put_many("pages", {"key-7": b"%d" % number})
            cache.end_run()
    assert held(folder).keys() == ENTRIES.keys()
    for number in range(RUNS_KEPT):
        with Cache(folder) as cache:
            cache.put_many("more", {f"{number}": b"x" * 100_000})
            cache.end_run()
    assert held(folder) == {"key-7": b"5"}


def test_a_run_that_did_not_end_drops_nothing(folder: Path) -> None:
    fill(folder)
    for _ in range(RUNS_KEPT + 1):
        with Cache(folder) as cache:
            cache.get_many("pages", ["key-7"])
    assert held(folder) == ENTRIES


def test_a_week_of_commands_is_bounded_and_takes_nothing_from_builds(folder: Path) -> None:
    fill(folder)
    for quarter in range(7 * 24 * 4):
        for command in ("trends", "reply") if quarter % 9 == 0 else ("trends",):
            with Cache(folder, command) as cache:
                if not cache.get_many(command, ["past"]):
                    assert quarter == 0
                    cache.put_many(command, {"past": b"p"})
                cache.put_many(command, {f"now {quarter}": bytes(20_000)})
                cache.end_run()
    with Cache(folder) as cache:
        assert cache.get_many("pages", ENTRIES) == ENTRIES
        for command in ("trends", "reply"):
            left = cache.get_many(command, [f"now {quarter}" for quarter in range(7 * 24 * 4)])
            assert len(left) <= 4 * RUNS_KEPT  # Not every run adds a twentieth.
    assert (folder / "cache.sqlite").stat().st_size < 2_000_000  # of fifteen that were put


_RUNS = st.tuples(
    st.sampled_from((BUILD, BUILD, "trends", "reply")),
    st.sets(st.integers(0, 9), max_size=4),
    st.dictionaries(st.integers(0, 9), st.integers(0, 30_000), max_size=3),
)


@settings(max_examples=60, deadline=None)
@given(runs=st.lists(_RUNS, min_size=5, max_size=25))
def test_what_the_last_build_used_outlasts_every_other_command(
    tmp_path_factory: pytest.TempPathFactory, runs: list[tuple[str, set[int], dict[int, int]]]
) -> None:
    folder = tmp_path_factory.mktemp("cache")
    needed: dict[str, set[str]] = {}
    for command, asked, made in runs:
        with Cache(folder, command) as cache:
            found = cache.get_many("any", map(str, asked))
            cache.put_many("any", {str(number): bytes(size) for number, size in made.items()})
            cache.end_run()
        needed[command] = {*found, *map(str, made)}
        if command == BUILD:
            needed = {BUILD: needed[BUILD]}
        with Cache(folder, "looks") as cache:
            for used in needed.values():
                assert cache.get_many("any", used).keys() == used


@pytest.mark.parametrize("keep", [0, 1, 100, 5000, 40_000])
def test_a_truncated_cache_is_rebuilt(folder: Path, keep: int) -> None:
    fill(folder)
    database = folder / "cache.sqlite"
    database.write_bytes(database.read_bytes()[:keep])
    assert held(folder).items() <= ENTRIES.items()
    assert works_again(folder)


@settings(max_examples=30)
@given(damage=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=40)), min_size=1))
def test_a_damaged_entry_is_a_missing_one(
    tmp_path_factory: pytest.TempPathFactory, damage: list[tuple[float, bytes]]
) -> None:
    folder = tmp_path_factory.mktemp("cache")
    fill(folder)
    database = folder / "cache.sqlite"
    data = bytearray(database.read_bytes())
    for where, junk in damage:
        start = int(where * len(data))
        data[start : start + len(junk)] = junk
    database.write_bytes(data)
    assert held(folder).items() <= ENTRIES.items()
    with Cache(folder) as cache:
        cache.put_many("pages", {"new": b"new"})
        cache.end_run()
        assert cache.get_many("pages", ["new"]).get("new", b"new") == b"new"


def test_a_foreign_database_and_a_later_version_are_replaced(folder: Path) -> None:
    folder.mkdir()
    with sqlite3.connect(folder / "cache.sqlite") as foreign:
        foreign.execute("CREATE TABLE entries (id BLOB PRIMARY KEY, checksum TEXT, value TEXT)")
    foreign.close()
    assert works_again(folder)
    with sqlite3.connect(folder / "cache.sqlite") as later:
        later.execute("PRAGMA user_version = 99")
    later.close()
    assert held(folder) == {}
    assert works_again(folder)


@pytest.mark.parametrize(
    "damage", ["DROP TABLE entries", "DROP TABLE uses", "DROP TABLE runs", "ALTER TABLE entries DROP COLUMN checksum"]
)
def test_a_database_of_ours_with_other_tables_is_replaced(folder: Path, damage: str) -> None:
    fill(folder)
    with sqlite3.connect(folder / "cache.sqlite") as database:
        database.execute(damage)
    database.close()
    fill(folder)
    assert works_again(folder)


def test_an_entry_swapped_for_another_is_missing(folder: Path) -> None:
    fill(folder)
    with sqlite3.connect(folder / "cache.sqlite") as database:
        database.execute("UPDATE entries SET (checksum, value) = (SELECT checksum, value FROM entries LIMIT 1)")
    database.close()
    assert len(held(folder)) == 1


def test_a_cache_that_can_not_be_made_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file/below", Path("/proc/kb")):
        with Cache(folder) as cache:
            cache.put_many("pages", ENTRIES)
            cache.end_run()
            assert cache.get_many("pages", ENTRIES) == {}
    (tmp_path / "odd/cache.sqlite").mkdir(parents=True)
    assert held(tmp_path / "odd") == {}


def _put(parent: Path, number: int, together: Barrier) -> None:
    for folder in range(FOLDERS):
        together.wait()
        with Cache(parent / f"{folder}") as cache:
            for part in range(20):
                cache.put_many(f"process {number}", {f"{part}": b"%d" % part})
            cache.end_run()


def test_a_forked_process_goes_on_when_its_parent_lets_go(folder: Path) -> None:
    """A connection that crossed the fork would write over what others wrote since: it has no lock of its own."""
    cache = Cache(folder)
    cache.put_many("parent", {"before": b"1"})
    begun, others_wrote = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        cache.put_many("child", {"first": b"1"})
        os.write(begun[1], b".")
        os.read(others_wrote[0], 1)
        for number in range(40):
            cache.put_many("child", {f"{number}": bytes(100_000)})
        os._exit(0)
    os.read(begun[0], 1)
    cache.close()
    with Cache(folder) as other:
        other.put_many("other", ENTRIES)
    os.write(others_wrote[1], b".")
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    database = sqlite3.connect(folder / "cache.sqlite")
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database.close()
    with Cache(folder) as found:
        assert len(found.get_many("child", [*map(str, range(40)), "first"])) == 41
        assert found.get_many("other", ENTRIES) == ENTRIES


def test_without_a_usable_folder_a_store_keeps_things_while_it_lasts(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = Store(tmp_path / "file")
    store.put("page", "a", b"1")
    assert store.get("page", "a") == b"1"
    assert not store.persistent


def test_processes_that_make_it_at_once_lose_nothing(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    together = context.Barrier(PROCESSES)
    processes = [context.Process(target=_put, args=(tmp_path, number, together)) for number in range(PROCESSES)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * PROCESSES
    for folder in range(FOLDERS):
        with Cache(tmp_path / f"{folder}") as cache:
            for number in range(PROCESSES):
                assert len(cache.get_many(f"process {number}", map(str, range(20)))) == 20


@pytest.mark.parametrize("ending", ["", "-journal", "-wal", "-shm"])
def test_a_link_is_replaced_and_what_it_leads_to_is_not_touched(tmp_path: Path, ending: str) -> None:
    there, new = tmp_path / "there", tmp_path / "new"
    there.write_bytes(b"")
    for target in (there, new):
        folder = tmp_path / f"{target.name}.kb"
        folder.mkdir()
        (folder / f"cache.sqlite{ending}").symlink_to(target)
        with Cache(folder) as cache:
            cache.put_many("a", {"key": b"value"})
            assert cache.get_many("a", ["key"]) == {"key": b"value"}
        assert not (folder / f"cache.sqlite{ending}").is_symlink()
    assert there.read_bytes() == b""
    assert not new.exists()
