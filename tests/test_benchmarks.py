"""The benchmarks' articles, projects, measurements and tables; the builders themselves are for `make benchmark`."""

import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.builds import Builder, build, builders, compare, main
from benchmarks.builds_process import Cost, FailedError, TooLongError, run
from benchmarks.builds_projects import write_hugo, write_material, write_pruned_material
from benchmarks.builds_report import Build, Site, comparisons, growth, size_table
from benchmarks.corpus import NoArticlesError, Source, articles, read_source
from benchmarks.typo_queries import queries

pytestmark = pytest.mark.slow

SOURCE = Source(
    titles=("Send something back", "Where is my parcel?", "Pay with a gift card", "Change my address"),
    paragraphs=tuple(
        f"Paragraph {number} says that {what} takes {number + 1} working days from the day on which you asked for it."
        for number, what in enumerate(
            ["a refund", "an exchange", "a repair", "a new label", "an invoice", "a callback"]
        )
    ),
)

ROOT = Path(__file__).parent.parent


def ours(work: Path) -> Builder:
    return builders(work)[0]


def script(name: str, code: str) -> Builder:
    """A builder that runs a line of Python."""
    return Builder(name, write_material, (sys.executable, "-c", code), "site", version=lambda: "1")


MAKES_ALL = (
    "import pathlib\n"
    "for path in pathlib.Path('docs').glob('*/*.md'):\n"
    "    folder = pathlib.Path('site', path.parent.name, path.stem)\n"
    "    folder.mkdir(parents=True)\n"
    "    (folder / 'index.html').write_bytes(path.read_bytes())\n"
)


@given(st.integers(0, 2**32), st.integers(0, 30), st.integers(0, 30))
def test_a_seed_draws_the_same_articles_however_many(seed: int, few: int, more: int) -> None:
    assert list(articles(SOURCE, few, seed)) == list(islice(articles(SOURCE, few + more, seed), few))


def test_another_seed_draws_other_articles() -> None:
    assert list(articles(SOURCE, 5, 1)) != list(articles(SOURCE, 5, 2))


def test_articles_are_distinguished_and_a_hundred_share_a_category() -> None:
    drawn = list(articles(SOURCE, 201, 7))
    assert len({article.title for article in drawn}) == len({article.slug for article in drawn}) == 201
    assert [sum(article.category == f"category-00{number}" for article in drawn) for number in range(3)] == [
        100,
        100,
        1,
    ]


def test_only_plain_text_of_articles_with_a_title_is_drawn_from(tmp_path: Path) -> None:
    plain = "A refund takes five working days, with [this label](label.md){.button} and no other."
    (tmp_path / "a.md").write_text(
        f'---\ntitle: "Refunds: `how` long?"\n---\n\n{plain}\n\nToo short.\n\n'
        "## A heading which is long enough to count\n\n"
        "![A picture of a label which is described at length](label.png)\n\n"
        "| a table | with cells | that is long enough to be taken |\n\n"
        "Text with {{ a template tag }} which only one builder would understand.\n",
        encoding="utf-8",
    )
    (tmp_path / "b.md").write_text("A file without a header is no article, however long its text may be.\n")
    (tmp_path / "c.md").write_text(
        "---\ntitle: [broken\n---\n\nNeither is one with a header that can't be read at all.\n"
    )
    assert read_source(tmp_path) == Source(
        ("Refunds how long?",), ("A refund takes five working days, with this label and no other.",)
    )


def test_a_folder_without_articles_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NoArticlesError, match="no Markdown files"):
        read_source(tmp_path)
    with pytest.raises(SystemExit):
        main([str(tmp_path)])
    assert "no Markdown files" in capsys.readouterr().err


def test_every_builder_gets_the_same_text(tmp_path: Path) -> None:
    drawn = list(articles(SOURCE, 3, 7))
    for name, project in [("material", write_material), ("pruned", write_pruned_material), ("hugo", write_hugo)]:
        written = project(tmp_path / name, drawn)
        for article in drawn:
            text = (written / article.category / f"{article.slug}.md").read_text(encoding="utf-8")
            assert text.endswith(article.body)
            assert article.title in text
    assert "navigation.prune" in (tmp_path / "pruned/mkdocs.yml").read_text(encoding="utf-8")
    assert "navigation.prune" not in (tmp_path / "material/mkdocs.yml").read_text(encoding="utf-8")


def test_we_build_twenty_articles(tmp_path: Path) -> None:
    built = build(ours(tmp_path), SOURCE, 20, tmp_path)
    assert built.site.files > 20
    assert built.site.bytes > 0
    assert built.cold.memory > 10_000_000
    assert built.warm
    assert built.edited


def test_a_builder_that_lacks_an_article_has_failed(tmp_path: Path) -> None:
    with pytest.raises(FailedError, match="made 0 of 3 articles"):
        build(script("idle", ""), SOURCE, 3, tmp_path)


def test_a_failed_command_says_why(tmp_path: Path) -> None:
    with pytest.raises(FailedError, match="no theme today"):
        run((sys.executable, "-c", "raise SystemExit('no theme today')"), tmp_path, limit=60)


def test_a_command_that_takes_too_long_is_stopped_with_its_children(tmp_path: Path) -> None:
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(600)'])"
    with pytest.raises(TooLongError, match="stopped after"):
        run((sys.executable, "-c", code), tmp_path, limit=0.2)


def test_memory_is_that_of_all_processes(tmp_path: Path) -> None:
    held = "held = b'x' * 60_000_000; print(flush=True); input()"

    def memory_with(children: int) -> int:
        code = (
            "import subprocess, sys, time\n"
            f"start = lambda: subprocess.Popen([sys.executable, '-c', {held!r}], stdin=-1, stdout=-1)\n"
            f"children = [start() for _ in range({children})]\n"
            "for child in children: child.stdout.readline()\n"
            "time.sleep(1)\n"
            "for child in children: child.communicate(b'go')\n"
        )
        # From a small process: what is forked from this one begins with its size.
        measure = (
            "import sys; from pathlib import Path; from benchmarks.builds_process import run\n"
            "print(run((sys.executable, '-c', sys.argv[1]), Path(sys.argv[2]), limit=60).memory)"
        )
        command = [sys.executable, "-c", measure, code, str(tmp_path)]
        return int(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)

    assert memory_with(3) > memory_with(1) + 110_000_000


def test_a_builder_that_fails_is_left_out_of_larger_sizes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    fails = script("fails", "raise SystemExit('out of paper')")
    able = [script("works", MAKES_ALL), fails]
    built = dict(compare(able, SOURCE, [4, 2], tmp_path, rounds=2, seed=7, limit=60))
    assert {count: {name: len(runs) for name, runs in size.items()} for count, size in built.items()} == {
        2: {"works": 2},
        4: {"works": 2},
    }
    assert capsys.readouterr().err.count("out of paper") == 1


def test_a_missing_program_is_reported_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    (tmp_path / "a.md").write_text(f"---\ntitle: Refunds\n---\n\n{SOURCE.paragraphs[0]}\n", encoding="utf-8")
    monkeypatch.setenv("PATH", str(tmp_path))
    others = "kb,mkdocs,mkdocs-pruned,zensical,zensical-pruned"
    with pytest.raises(SystemExit):
        main([str(tmp_path), "--without", others, "--work", str(tmp_path / "work")])
    told = capsys.readouterr().err
    assert told.startswith("hugo: not installed, left out\n")
    assert "no builder to run" in told
    assert list((tmp_path / "work").iterdir()) == [], "what was built is gone when all is told"


def test_an_unknown_builder_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--without", "jekyll"])
    assert "no builder is called jekyll" in capsys.readouterr().err


@given(st.floats(0.1, 3), st.floats(0.01, 1000), st.lists(st.integers(1, 10**5), min_size=2, unique=True))
def test_growth_is_the_power_of_the_articles(power: float, factor: float, sizes: list[int]) -> None:
    assert growth((size, factor * size**power) for size in sizes) == pytest.approx(power, abs=1e-6)


def test_tables_hold_medians_and_ratios() -> None:
    def built(*seconds: float) -> list[Build]:
        return [Build(Cost(value, 8, 50_000_000), Site(300, 2_000_000, 3_000_000)) for value in seconds]

    again = Build(Cost(2, 4, 50_000_000), Site(300, 2_000_000, 3_000_000), Cost(0.5, 1, 1), Cost(0.2, 1, 1))
    few = {"kb": [again], "other": built(9, 3, 4)}
    assert "| other | 4 | 2.00 | 8 | 2.00 | 2 | 1.00 | 3 | 300 | 50 | 1.00 | 3–9 |" in size_table(100, few)
    tables = comparisons({100: few, 400: {"kb": [again], "other": built(64)}})
    assert "| other | 100–400 | 2.00 | 0.00 | 0.00 | 0.00 | 0.00 | 0.00 |" in tables
    assert "| kb | 100 | no change | 0.50 | 25.0% | 1 | 25.0% |" in tables
    assert "| kb | 100 | one edit | 0.20 | 10.0% | 1 | 25.0% |" in tables


def test_without_us_there_is_nothing_to_compare_with() -> None:
    only = [Build(Cost(4, 8, 50_000_000), Site(300, 2_000_000, 3_000_000))]
    assert "| other | 4 | – | 8 | – | 2 | – | 3 | 300 | 50 | – | 4–4 |" in size_table(100, {"other": only})


def test_queries_with_typos_are_made_of_any_folder(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\nid: '42'\ntitle: Cancel a delivery abroad\n---\nText.\n")
    (tmp_path / "short.md").write_text("---\ntitle: Returns\n---\nText.\n")
    (tmp_path / "b-file.md").write_text("---\ntitle: Broken kettle lids\n---\nText.\n")
    found = list(queries(tmp_path, 7))
    assert [id for _, id in found] == ["42", "b-file"]
    assert found == list(queries(tmp_path, 7))
    assert found != list(queries(tmp_path, 8))
    for text, title in zip((text for text, _ in found), ("cancel delivery abroad", "broken kettle lids"), strict=True):
        assert len(text.split()) == 3
        assert sum(word not in title.split() for word in text.split()) >= 2
    with pytest.raises(NoArticlesError):
        list(queries(tmp_path / "none", 7))
