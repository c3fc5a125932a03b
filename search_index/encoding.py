"""Numbers as bytes and back: unsigned LEB128 varints, one by one and by the million. See FORMAT.md, “Numbers”."""

import numpy as np
from numpy.typing import NDArray

_OF_ONE_BYTE = [bytes((number,)) for number in range(128)]


def varint(number: int) -> bytes:
    """One number, seven bits a byte, lowest first; the high bit says that more follow."""
    if number < 128:
        return _OF_ONE_BYTE[number]
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def varints(numbers: NDArray[np.integer]) -> tuple[bytes, NDArray[np.int64]]:
    """All numbers (below 2**28) end to end, and the offset of each, with the total length as the last offset."""
    values = numbers.astype(np.uint32)
    lengths = 1 + (values > 0x7F).astype(np.int64) + (values > 0x3FFF) + (values > 0x1FFFFF)
    offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))
    out = np.zeros(offsets[-1], np.uint8)
    starts = offsets[:-1]
    for byte in range(4):
        more = (values > 0x7F).astype(np.uint8) << 7
        out[starts + byte] = (values & 0x7F).astype(np.uint8) | more
        longer = np.flatnonzero(more)
        starts, values = starts[longer], values[longer] >> np.uint32(7)
    return out.tobytes(), offsets


def zigzag(number: int) -> int:
    """A signed number as an unsigned one: 0, -1, 1, -2 become 0, 1, 2, 3."""
    return number * 2 if number >= 0 else -number * 2 - 1


def text_of(text: str) -> bytes:
    """A text with its length before it."""
    data = text.encode()
    return varint(len(data)) + data


class Bytes:
    """Reads a shard from front to back. Raises ``ValueError`` where the shard ends too early."""

    __slots__ = ("at", "data")

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.at = at

    def varint(self) -> int:
        """The next number, of at most five bytes."""
        value = shift = 0
        while shift < 35:
            if self.at >= len(self.data):
                raise ValueError("the shard ends too early")
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
        raise ValueError("a number is too long")

    def take(self, size: int) -> bytes:
        """The next ``size`` bytes."""
        if self.at + size > len(self.data):
            raise ValueError("the shard ends too early")
        self.at += size
        return self.data[self.at - size : self.at]

    def varints(self, count: int) -> NDArray[np.int64]:
        """``count`` varints at once."""
        raw = np.frombuffer(self.data, np.uint8, offset=self.at)
        ends = np.flatnonzero(raw[: 5 * count] < 128)[:count]
        if len(ends) < count:
            raise ValueError("the shard ends too early")
        if count == 0:
            return np.zeros(0, np.int64)
        self.at += int(ends[-1]) + 1
        starts = np.concatenate((np.zeros(1, np.int64), ends[:-1] + 1))
        longest = int((ends - starts).max()) + 1
        values = np.zeros(count, np.int64)
        for byte in range(longest):
            inside = starts + byte <= ends
            values[inside] |= (raw[starts[inside] + byte].astype(np.int64) & 127) << (7 * byte)
        return values
