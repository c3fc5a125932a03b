"""Builds the same articles with several site builders in one run and prints what each build cost.

Run it from the repository: ``python -m benchmarks.builds --articles 300,1000,4000``. Every build starts in a folder
that was written a moment before, so nothing is left over from another one, and the builders take turns, so what slows
the machine for a while slows them all.
"""

import argparse
import os
import platform
import subprocess
import sys
import venv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Final

from benchmarks.builds_process import FailedError, TooLongError, run
from benchmarks.builds_projects import Project, write_hugo, write_kb, write_material, write_pruned_material
from benchmarks.builds_report import OURS, Build, Site, comparisons, size_table
from benchmarks.corpus import NoArticlesError, Source, articles, read_source

_FIRST_LOOK: Final = 20
"""Articles that every builder makes before anything counts: to see what can't run here, and to have programs cached."""


@dataclass(frozen=True, slots=True)
class Builder:
    """How a site builder is used: what its project looks like, and the command that makes ``site`` in its folder."""

    name: str
    project: Project
    command: Sequence[str | Path]
    site: str
    version: Callable[[], str]
    remembers: bool = False
    """Keeps something from one build for the next, and is timed again: without a change, and with one."""
    install: Callable[[], None] | None = None
    """Makes ``command`` available when it isn't."""


def builders(work: Path) -> list[Builder]:
    """Every builder, ours first; a program that this benchmark installs goes below ``work``."""
    ours, mkdocs = (sys.executable, "-m", "kb_builder", "build"), (sys.executable, "-m", "mkdocs", "build", "--quiet")
    home = work.absolute() / "zensical"
    program = home / "bin" / "zensical"
    zensical = partial(
        Builder, command=(program, "build"), site="site", version=partial(_said, program, "--version"),
        install=partial(install_zensical, home),
    )  # fmt: skip
    return [
        Builder(OURS, write_kb, ours, "site", partial(_installed, "kb-builder"), remembers=True),
        Builder("mkdocs", write_material, mkdocs, "site", partial(_installed, "mkdocs", "mkdocs-material")),
        Builder("mkdocs-pruned", write_pruned_material, mkdocs, "site", partial(_installed, "mkdocs-material")),
        zensical("zensical", write_material),
        zensical("zensical-pruned", write_pruned_material, remembers=True),
        Builder("hugo", write_hugo, ("hugo", "--quiet"), "public", partial(_said, "hugo", "version")),
    ]


def _installed(*packages: str) -> str:
    return ", ".join(f"{package} {version(package)}" for package in packages)


def _said(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def install_zensical(home: Path) -> None:
    """Puts Zensical from PyPI into the environment ``home``, unless it is there.

    Raises :class:`FailedError` when it can't be had.
    """
    if not (home / "bin" / "zensical").exists():
        venv.create(home, with_pip=True, clear=True)
        pip = (home / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        run((*pip, "zensical"), home, limit=600)


def build(builder: Builder, source: Source, count: int, work: Path, *, seed: int = 7, limit: float = 900) -> Build:
    """One build of ``count`` articles in a new folder in ``work``; two more if the builder keeps a cache.

    The folder stays: for some minutes after thousands of files were removed, ext4 makes new ones several times as
    slowly, and the next build would pay for it.

    ``limit`` is the seconds that each may take. Raises what :func:`run` raises, :class:`FailedError` when the site
    lacks articles, and ``FileNotFoundError`` when the builder is not installed.
    """
    folder = Path(mkdtemp(prefix=f"{builder.name}-", dir=work))
    texts = builder.project(folder, articles(source, count, seed))
    cold = run(builder.command, folder, limit=limit)
    site = measure((folder / builder.site).resolve())
    made = sum(1 for _ in (folder / builder.site).glob("category-*/article-*/index.html"))
    if made != count:
        raise FailedError(f"made {made:,} of {count:,} articles")
    if not builder.remembers:
        return Build(cold, site)
    warm = run(builder.command, folder, limit=limit)
    edited = sorted(texts.glob("category-*/article-*.md"))[count // 2]
    with edited.open("a", encoding="utf-8") as article:
        article.write("\nThis sentence was added later.\n")
    return Build(cold, site, warm, run(builder.command, folder, limit=limit))


def measure(site: Path) -> Site:
    """Counts and adds up the files below ``site``."""
    found = [(Path(folder) / name).lstat() for folder, _, names in os.walk(site) for name in names]
    return Site(len(found), sum(file.st_size for file in found), sum(file.st_blocks * 512 for file in found))


def _able(wanted: Sequence[Builder], source: Source, work: Path) -> list[Builder]:
    """The builders that make a small site here; the others are reported."""
    able = []
    for builder in wanted:
        try:
            if builder.install:
                builder.install()
            build(builder, source, _FIRST_LOOK, work)
        except FileNotFoundError:
            _tell(f"{builder.name}: not installed, left out")
        except (FailedError, TooLongError) as error:
            _tell(f"{builder.name}: left out: {error}")
        else:
            able.append(builder)
    return able


def compare(
    able: Sequence[Builder], source: Source, sizes: Iterable[int], work: Path, *, rounds: int, seed: int, limit: float
) -> Iterator[tuple[int, dict[str, list[Build]]]]:
    """Builds every size ``rounds`` times with each builder in turn, smallest first; yields each size when it is done.

    A builder that takes too long or fails is reported and not tried again.
    """
    going = list(able)
    for count in sorted(sizes):
        built: dict[str, list[Build]] = {}
        for turn in range(1, rounds + 1):
            for builder in tuple(going):
                try:
                    done = build(builder, source, count, work, seed=seed, limit=limit)
                except (FailedError, TooLongError) as error:
                    _tell(f"{builder.name}, {count:,} articles: {error}; left out from here on")
                    going.remove(builder)
                else:
                    built.setdefault(builder.name, []).append(done)
                    _tell(f"{builder.name}, {count:,} articles, {turn} of {rounds}: {done.cold.seconds:.1f} s")
        yield count, built


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _machine(able: Sequence[Builder]) -> str:
    """Versions and machine; the load says whether the machine is busy with something else."""
    lines = [
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start, Python {platform.python_version()}",
        *(f"{builder.name}: {builder.version()}" for builder in able),
    ]
    return "\n".join(f"- {line}" for line in lines)


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def _names(text: str) -> list[str]:
    unknown = set(names := text.split(",")) - {builder.name for builder in builders(Path())}
    if unknown:
        raise argparse.ArgumentTypeError(f"no builder is called {', '.join(sorted(unknown))}")
    return names


def main(arguments: Sequence[str] | None = None) -> None:
    """Reads the command line, builds, prints."""
    known = ", ".join(builder.name for builder in builders(Path()))
    parser = argparse.ArgumentParser(prog="python -m benchmarks.builds", description=__doc__)
    add = parser.add_argument
    add("source", nargs="?", type=Path, default="content/articles",
        help="folder of Markdown articles with a title: to draw paragraphs from (%(default)s)")  # fmt: skip
    add("--articles", type=_numbers, default="100,300", metavar="N,N", help="sizes to build (%(default)s)")
    add("--rounds", type=int, default=3, help="builds of each size by each builder (%(default)s)")
    add("--without", type=_names, default=[], metavar="NAME,NAME", help=f"builders to leave out, of {known}")
    add("--seed", type=int, default=7, help="another seed draws other articles (%(default)s)")
    add("--limit", type=float, default=900, metavar="SECONDS", help="longest that one build may take (%(default)s)")
    add("--work", type=Path, default="build/benchmarks", help="folder for what is built (%(default)s)")
    options = parser.parse_args(arguments)
    try:
        source = read_source(options.source)
    except NoArticlesError as error:
        parser.error(str(error))
    options.work.mkdir(parents=True, exist_ok=True)
    wanted = [builder for builder in builders(options.work) if builder.name not in options.without]
    with TemporaryDirectory(prefix="built-", dir=options.work) as folder:
        work = Path(folder)
        able = _able(wanted, source, work)
        if not able:
            parser.error("no builder to run")
        print(f"{_machine(able)}\n", flush=True)
        built = {}
        for count, size in compare(
            able, source, options.articles, work, rounds=options.rounds, seed=options.seed, limit=options.limit
        ):  # fmt: skip
            built[count] = size
            print(size_table(count, size), flush=True)
        print(comparisons(built))


if __name__ == "__main__":
    main()
