"""A cache key changes with everything that a result depends on."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.system.cache_keys import code_fingerprint, hash_of, installed_distributions, runs


def install(folder: Path, name: str, version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes Python find a distribution, as pip would, and keys be computed again."""
    (folder / f"{name}-{version}.dist-info").mkdir()
    monkeypatch.syspath_prepend(str(folder))
    code_fingerprint.cache_clear()


@pytest.fixture(autouse=True)
def _fresh_fingerprint() -> None:
    code_fingerprint.cache_clear()


@pytest.mark.parametrize("name", ["scikit_learn", "duckdb", "pyyaml", "mkdocs_material", "own_markdown_extension"])
def test_a_distribution_that_appears_changes_the_fingerprint(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = code_fingerprint()
    install(tmp_path, name, "99.0", monkeypatch)
    assert f"{name}-99.0.dist-info" in installed_distributions()
    assert code_fingerprint() != before
    code_fingerprint.cache_clear()


def test_every_dependency_is_part_of_the_fingerprint() -> None:
    found = {name.split("-")[0].lower().replace("_", "-") for name in installed_distributions()}
    assert {"scikit-learn", "duckdb", "selectolax", "pyyaml", "pydantic", "mkdocs-material", "scipy"} <= found


@given(st.lists(st.text(st.characters(exclude_characters="\0")), max_size=4).map(tuple))
def test_where_a_part_ends_counts(parts: tuple[str, ...]) -> None:
    assert len({hash_of(*parts), hash_of(*parts, ""), hash_of("x", *parts)}) == 3 or not parts


@given(st.lists(st.text(max_size=6), unique=True, max_size=300), st.integers(2, 64))
def test_runs_cover_all_names_and_only_the_last_is_short(names: list[str], length: int) -> None:
    found = list(runs(names, length))
    assert [name for run in found for name in names[run]] == names
    assert all(run.stop - run.start >= length // 2 for run in found[:-1])
