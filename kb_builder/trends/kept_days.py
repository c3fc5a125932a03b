"""Results for past days, kept under a hash of their inputs.

A row that arrives late changes the content of its day, and so the keys of the days that are compared with it:
a value under a key is the one that would be computed again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from kb_builder.system.cache_keys import hash_of
from kb_builder.system.codec import Codec, Value


class Storage(Protocol):
    """Where values are stored, by kind and key."""

    def load(self, kind: str, key: str, codec: Codec[Value]) -> Value | None:
        """The value, or None if it is missing or damaged."""

    def save(self, kind: str, key: str, value: Value, codec: Codec[Value]) -> None:
        """Store the value; never raises where that is impossible."""


@dataclass(frozen=True, slots=True)
class KeptDays:
    """Values of days in a storage; without one they are computed each time."""

    storage: Storage | None = None
    common: str = ""
    """A hash of what the values of every day depend on."""
    first_day: int = 0
    """The number of column 0 in a calendar: days are found again when the counts begin with another."""

    @property
    def lasts(self) -> bool:
        """Whether values are found again. Then they are of counts that don't change in place."""
        return self.storage is not None

    def of(
        self, kind: str, inputs: Callable[[], Iterable[str]], codec: Codec[Value], make: Callable[[], Value]
    ) -> Value:
        """The result of ``make``, from the storage if it was made from the same ``inputs`` before."""
        if self.storage is None:
            return make()
        key = hash_of(self.common, *inputs())
        found = self.storage.load(kind, key, codec)
        if found is None:
            found = make()
            self.storage.save(kind, key, found, codec)
        return found


NOTHING_KEPT: Final = KeptDays()


def content(*arrays: NDArray[np.generic]) -> str:
    """A hash of the values of arrays."""
    digest = blake2b(digest_size=16)
    for array in arrays:
        digest.update(f"{array.dtype.str} {array.shape} ".encode())
        digest.update(np.ascontiguousarray(array).data.cast("B") if array.size else b"")
    return digest.hexdigest()
