"""Names for everything a kept result depends on, so that nothing is ever invalidated by hand."""

import hashlib
import importlib.metadata
import sys
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import search_index

_LIBRARIES: Final = ("markdown", "pymdown-extensions", "nh3", "jinja2", "numpy", "whoosh3")


@cache
def code_fingerprint() -> str:
    """Changes with every line of ours and every release of what makes pages, so that no cache outlives its maker."""
    digest = hashlib.sha256()
    for package in (Path(__file__).parents[1], Path(search_index.__file__).parent):
        for path in sorted(package.rglob("*.py")):
            digest.update(path.relative_to(package.parent).as_posix().encode() + b"\0" + path.read_bytes())
    digest.update(f"{sys.version} {zlib.ZLIB_RUNTIME_VERSION}".encode())
    for name in _LIBRARIES:
        digest.update(f"{name}={importlib.metadata.version(name)}".encode())
    return digest.hexdigest()


def hash_of(*parts: str) -> str:
    """SHA-256 of texts, in hex; where one ends and the next begins counts."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def runs(names: Sequence[str], length: int = 64) -> Iterator[slice]:
    """Neighbours, about ``length`` at a time, to be kept as one: thousands of small entries take longer to find.

    Where a run ends depends on a name, not on how many came before it, so that a new one changes one run, or two. None
    but the last is shorter than half the length: without that, half of all names would be in runs of nearly twice it.
    """
    half = max(1, length // 2)
    first = 0
    for last, name in enumerate(names, start=1):
        ends = last - first >= half and zlib.crc32(name.encode("utf-8", "surrogatepass")) % half == 0
        if ends or last == len(names):
            yield slice(first, last)
            first = last
