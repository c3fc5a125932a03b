"""Writes queries with typos for any folder of articles, as a table for ``kb eval``.

Run it from the repository: ``python -m benchmarks.typo_queries FOLDER > queries.csv``. Each article is asked for by up
to three words of its title with a typo in every long one; the id is that of its header, or its file's name.
"""

import argparse
import csv
import random
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.corpus import NoArticlesError, headers
from benchmarks.search_corpus import mistyped, title_words


def queries(folder: Path, seed: int) -> Iterator[tuple[str, str]]:
    """(text, article id) of each article with two words in its title that say something, the same for a seed."""
    draw = random.Random(seed)
    for path, header in headers(folder):
        words = sorted(title_words(str(header["title"])))
        if len(words) > 1:
            chosen = draw.sample(words, min(3, len(words)))
            text = " ".join(mistyped(word, draw) if len(word) > 4 else word for word in chosen)
            yield text, str(header.get("id") or path.stem)


def main() -> int:
    """Print the table, or say that there is nothing to make it of."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.typo_queries", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    try:
        found = list(queries(options.folder, options.seed))
    except NoArticlesError as error:
        print(error, file=sys.stderr)
        return 2
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("text", "article_id"))
    writer.writerows(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
