"""The store keeps results of neighbours together, and computes only what it does not have."""

import os
from collections.abc import Sequence
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from kb_builder.system.codec import Codec
from kb_builder.system.store import Store

_NUMBERS = Codec(list[int])


def test_results_of_unchanged_names_are_not_made_again(tmp_path: Path) -> None:
    keys = {f"article-{number:03}": str(number) for number in range(400)}
    made: list[str] = []

    def make(names: Sequence[str]) -> list[int]:
        made.extend(names)
        return [int(keys[name]) for name in names]

    first = Store(tmp_path).of_each("lengths", keys, make, _NUMBERS)
    assert first == {name: int(key) for name, key in keys.items()}
    assert len(made) == 400
    made.clear()
    assert Store(tmp_path).of_each("lengths", keys, make, _NUMBERS) == first
    assert not made
    changed = {**keys, "article-200": "7"}
    keys = changed
    assert Store(tmp_path).of_each("lengths", changed, make, _NUMBERS)["article-200"] == 7
    assert "article-200" in made
    assert len(made) < 130


def test_many_names_are_shared_among_workers(tmp_path: Path) -> None:
    keys = {f"article-{number:04}": str(number) for number in range(1_600)}
    one, several = tmp_path / "one", tmp_path / "several"

    def make(names: Sequence[str]) -> list[tuple[int, int]]:
        return [(int(keys[name]), os.getpid()) for name in names]

    pairs = Codec(list[tuple[int, int]])
    alone = Store(one).of_each("pairs", keys, make, pairs)
    shared = Store(several).of_each("pairs", keys, make, pairs, 2)
    assert {process for _, process in alone.values()} == {os.getpid()}
    assert os.getpid() not in {process for _, process in shared.values()}
    assert [number for number, _ in shared.values()] == [number for number, _ in alone.values()]
    assert list(shared) == list(alone) == list(keys)
    assert Store(several).of_each("pairs", keys, make, pairs) == shared


def test_a_damaged_entry_is_made_again(tmp_path: Path) -> None:
    keys = {"a": "1", "b": "2"}
    store = Store(tmp_path)
    store.of_each("lengths", keys, lambda names: [1] * len(names), Codec(list[int]))
    texts = store.of_each("lengths", keys, list, Codec(list[str]))
    assert texts == {"a": "a", "b": "b"}


@given(st.dictionaries(st.text(), st.integers(0, 99).map(str), max_size=300))
def test_every_name_has_its_own_result(keys: dict[str, str]) -> None:
    store = Store()
    for _ in range(2):
        found = store.of_each("kind", keys, lambda names: [int(keys[name]) for name in names], Codec(list[int]))
        assert found == {name: int(key) for name, key in keys.items()}
