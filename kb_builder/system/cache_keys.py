"""Cache keys: a hash of everything that a kept result depends on, so that nothing is ever invalidated by hand."""

import hashlib
import sys
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import search_index


@cache
def code_fingerprint() -> str:
    """A hash of our code and word lists by path, of the Python version, and of every installed distribution."""
    digest = hashlib.sha256()
    for package in (Path(__file__).parents[1], Path(search_index.__file__).parent):
        for path in sorted((*package.rglob("*.py"), *package.rglob("*.txt"))):
            digest.update(path.relative_to(package.parent).as_posix().encode() + b"\0" + path.read_bytes())
    digest.update("\0".join((sys.version, zlib.ZLIB_RUNTIME_VERSION, *installed_distributions())).encode())
    return digest.hexdigest()


def installed_distributions() -> tuple[str, ...]:
    """The metadata folder of each distribution that Python finds, whose name has the version: ``nh3-0.3.8.dist-info``.

    All of them rather than the ones we require: a Markdown extension or a theme of the site's own makes pages as well,
    and so do the libraries of libraries. In the order of ``sys.path``, since the first of two versions is imported.
    """
    folders = (Path(folder or ".") for folder in sys.path)
    return tuple(path.name for folder in folders for path in sorted(folder.glob("*.*-info")))


def hash_of(*parts: str) -> str:
    """SHA-256 of texts, in hex; ``("a", "b")`` and ``("ab",)`` differ."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def runs(names: Sequence[str], length: int = 64) -> Iterator[slice]:
    """Slices of about ``length`` neighbours to store as one entry: thousands of small entries take longer to find.

    Where a run ends depends on a name, not on its position, so that an added name changes one or two runs. Only the
    last one is shorter than half the length; without that minimum, half of all names would be in runs of twice it.
    """
    half = max(1, length // 2)
    first = 0
    for last, name in enumerate(names, start=1):
        ends = last - first >= half and zlib.crc32(name.encode("utf-8", "surrogatepass")) % half == 0
        if ends or last == len(names):
            yield slice(first, last)
            first = last
