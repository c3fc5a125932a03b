"""A file that a disk has damaged."""

import os
from pathlib import Path


def flip(path: Path, at: int = 0) -> None:
    """Change one bit of the byte ``at`` of a file and keep its date."""
    before = path.stat()
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    with path.open("r+b") as file:
        file.write(data)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
