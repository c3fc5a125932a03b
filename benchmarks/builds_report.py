"""The cost of builds, as tables: medians, ratios to us, and how each number grows with the articles."""

import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Final

from benchmarks.builds_process import Cost

OURS: Final = "kb"
"""The builder that the others are compared with."""


@dataclass(frozen=True, slots=True)
class Site:
    """A finished site: its number of files, their sizes added up, and the disk blocks they fill, both in bytes."""

    files: int
    bytes: int
    blocks: int


@dataclass(frozen=True, slots=True)
class Build:
    """A build from nothing; of a builder with a cache, also the two after it: nothing changed, one article edited."""

    cold: Cost
    site: Site
    warm: Cost | None = None
    edited: Cost | None = None


Builds = Mapping[int, Mapping[str, Sequence[Build]]]
"""Number of articles → builder → its builds, at least one."""

_MEASURES: Final[Mapping[str, Callable[[Build], float]]] = {
    "time, s": lambda build: build.cold.seconds,
    "CPU, s": lambda build: build.cold.cpu,
    "files, MB": lambda build: build.site.bytes / 1e6,
    "on disk, MB": lambda build: build.site.blocks / 1e6,
    "files": lambda build: build.site.files,
    "memory, MB": lambda build: build.cold.memory / 1e6,
}
_COMPARED: Final = ("time, s", "CPU, s", "files, MB", "memory, MB")


def size_table(count: int, built: Mapping[str, Sequence[Build]]) -> str:
    """The cost of each builder's builds of ``count`` articles, as a Markdown table."""
    return "\n".join(_sizes(count, built))


def comparisons(builds: Builds) -> str:
    """How costs grow with the articles, and what building again costs, as Markdown tables."""
    return "\n".join([*_growth(builds), *_again(builds)] if len(builds) > 1 else _again(builds))


def growth(points: Iterable[tuple[float, float]]) -> float:
    """The least-squares slope of log y over log x: 1 when y grows in proportion to x, 2 when with its square.

    ``points`` are (x, y), all positive, with two different x at least.
    """
    return statistics.linear_regression(*zip(*((log(x), log(y)) for x, y in points), strict=True)).slope


def _sizes(count: int, built: Mapping[str, Sequence[Build]]) -> Iterator[str]:
    yield f"## {count:,} articles, built from nothing\n"
    heads = [head for name in _MEASURES for head in ((name, "÷ kb") if name in _COMPARED else (name,))]
    yield from _head("builder", *heads, "shortest–longest, s")
    for builder, runs in built.items():
        cells = []
        for name, measure in _MEASURES.items():
            value = _median(runs, measure)
            cells.append(_number(value))
            if name in _COMPARED:
                cells.append(f"{value / _median(built[OURS], measure):.2f}" if OURS in built else "–")
        seconds = [build.cold.seconds for build in runs]
        yield _row(builder, *cells, f"{_number(min(seconds))}–{_number(max(seconds))}")
    yield ""


def _growth(builds: Builds) -> Iterator[str]:
    yield "## Growth: slope of log over log; 1 is in proportion to the articles\n"
    yield from _head("builder", "from–to", *_MEASURES)
    for builder in dict.fromkeys(name for count in sorted(builds) for name in builds[count]):
        counts = [count for count in sorted(builds) if builder in builds[count]]
        if len(counts) > 1:
            slopes = [
                growth((count, _median(builds[count][builder], measure)) for count in counts)
                for measure in _MEASURES.values()
            ]
            yield _row(builder, f"{counts[0]:,}–{counts[-1]:,}", *(f"{slope:.2f}" for slope in slopes))
    yield ""


def _again(builds: Builds) -> Iterator[str]:
    yield "## Built again, for builders that remember\n"
    yield from _head("builder", "articles", "build", "time, s", "÷ cold", "CPU, s", "÷ cold")
    for count in sorted(builds):
        for builder, runs in builds[count].items():
            kinds = {
                "cold": [build.cold for build in runs],
                "no change": [build.warm for build in runs if build.warm],
                "one edit": [build.edited for build in runs if build.edited],
            }
            if all(kinds.values()):
                whole = _typical(kinds["cold"])
                for kind, costs in kinds.items():
                    shares = zip(_typical(costs), whole, strict=True)
                    cells = [cell for value, of in shares for cell in (_number(value), f"{value / of:.1%}")]
                    yield _row(builder, f"{count:,}", kind, *cells)


def _typical(costs: Sequence[Cost]) -> tuple[float, float]:
    """The medians of wall-clock and processor time."""
    return statistics.median(cost.seconds for cost in costs), statistics.median(cost.cpu for cost in costs)


def _median(builds: Iterable[Build], measure: Callable[[Build], float]) -> float:
    return statistics.median(map(measure, builds))


def _head(*cells: str) -> Iterator[str]:
    yield _row(*cells)
    yield _row(*("---" if cell == "builder" else "---:" for cell in cells))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _number(value: float) -> str:
    """Whole numbers and large ones without decimals, others with three digits that count."""
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
