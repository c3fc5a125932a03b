"""Values as bytes and back, derived from their types.

The annotations of a type are its format: dataclasses, named tuples, enums, dates, tuples, mappings and optional values
become MessagePack by `msgspec`, numpy arrays their type, shape and content. A field that is added to a class is kept
without a change here; bytes of an older class are refused. Since cache keys cover our code, they are not asked for.
"""

from typing import Any, Generic, TypeVar

import msgspec
import numpy as np

Value = TypeVar("Value")


class Codec(Generic[Value]):
    """Encodes and decodes the values of one type. The same value gives the same bytes.

    Times keep their moment and their offset from UTC, not the name of their zone.
    """

    def __init__(self, type_: type[Value]) -> None:
        self._encoder = msgspec.msgpack.Encoder(enc_hook=_array_parts, order="deterministic")
        self._decoder = msgspec.msgpack.Decoder(type_, dec_hook=_array_of)

    def encode(self, value: Value) -> bytes:
        """The value as MessagePack; :meth:`decode` reads it back."""
        return self._encoder.encode(value)

    def decode(self, data: bytes) -> Value:
        """Raises :class:`ValueError` for anything but an encoded value of this type."""
        return self._decoder.decode(data)


def _array_parts(value: object) -> tuple[str, tuple[int, ...], bytes]:
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    raise NotImplementedError(f"{type(value).__name__} has no codec")


def _array_of(_: type, parts: Any) -> np.ndarray[Any, Any]:
    try:
        dtype, shape, content = parts
        return np.frombuffer(content, np.dtype(dtype)).reshape(shape)
    except TypeError as problem:
        raise ValueError("not an array") from problem
