"""A codec gives back what it was given, for every field of every type that is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from kb_builder.audit.file_facts import Facts
from kb_builder.errors import Finding
from kb_builder.model import Article, Body
from kb_builder.system.codec import Codec

TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1950, 1, 1), datetime(2150, 1, 1), timezones=OFFSETS)
st.register_type_strategy(str, TEXT)
st.register_type_strategy(datetime, MOMENTS)
st.register_type_strategy(int, st.integers(-(2**31), 2**31))
st.register_type_strategy(float, st.floats(allow_nan=False))


@pytest.mark.parametrize("kind", [Article, Finding, Body, Facts])
def test_every_field_is_kept(kind: type[Any]) -> None:
    """``from_type`` gives each field a value of its annotation, so a new field is tested without a change here."""
    codec = Codec(kind)

    @given(st.from_type(kind))
    def check(value: Any) -> None:
        data = codec.encode(value)
        assert codec.decode(data) == value
        assert codec.encode(codec.decode(data)) == data

    check()


@given(st.builds(Article), st.data())
def test_no_field_is_left_out(article: Article, data: st.DataObject) -> None:
    codec = Codec(Article)
    for field in fields(Article):
        other = data.draw(st.from_type(Article.__annotations__[field.name]))
        if other != getattr(article, field.name):
            assert codec.encode(replace(article, **{field.name: other})) != codec.encode(article), field.name


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Sample:
    """A value of each kind that results are made of."""

    colour: Colour
    day: date
    moment: datetime | None
    nested: tuple[tuple[str, int], ...]
    counts: Mapping[str, Mapping[str, int]]
    array: NDArray[np.int32]
    data: bytes = b""


def sample(array: NDArray[Any]) -> Sample:
    moment = datetime(2026, 11, 21, 12, tzinfo=UTC)
    return Sample(Colour.RED, date(2026, 11, 21), moment, (("a", 1),), {"b": {"d": 1, "c": 2}}, array, b"\xff\n")


@given(st.sampled_from([np.int32, np.float64, np.uint64]), st.tuples(st.integers(0, 3), st.integers(0, 3)))
def test_arrays_keep_type_and_shape(dtype: type[Any], shape: tuple[int, int]) -> None:
    value = sample(np.arange(shape[0] * shape[1], dtype=dtype).reshape(shape))
    again = Codec(Sample).decode(Codec(Sample).encode(value))
    assert (again.array.dtype, again.array.shape) == (value.array.dtype, value.array.shape)
    assert (again.array == value.array).all()
    assert replace(again, array=value.array) == value


def test_equal_mappings_give_equal_bytes() -> None:
    value = sample(np.zeros(1, np.int32))
    turned = replace(value, counts={"b": {"c": 2, "d": 1}})
    assert Codec(Sample).encode(value) == Codec(Sample).encode(turned)


@given(st.binary(max_size=40))
def test_other_bytes_are_refused(data: bytes) -> None:
    for codec in (Codec(Sample), Codec(Article), Codec(Body)):
        with pytest.raises(ValueError):  # noqa: PT011  (of a library: only the type is promised)
            codec.decode(data)


@given(st.from_type(Article), st.data())
def test_bytes_cut_short_are_refused(article: Article, data: st.DataObject) -> None:
    whole = Codec(Article).encode(article)
    with pytest.raises(ValueError, match="truncated"):
        Codec(Article).decode(whole[: data.draw(st.integers(0, len(whole) - 1))])


def test_a_value_without_a_codec_is_a_fault_of_ours() -> None:
    with pytest.raises(NotImplementedError, match="object has no codec"):
        Codec(object).encode(object())
