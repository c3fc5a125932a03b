"""What a language costs: three in one help centre take hardly more than three times the first alone."""

import re
import sys
from pathlib import Path
from typing import Final

import pytest
import yaml

from benchmarks.builds import measure
from benchmarks.builds_process import run
from benchmarks.builds_projects import write_kb
from benchmarks.corpus import articles, read_source
from kb_builder.pipeline.centre import Centre
from tests.centres import open_site, put

pytestmark = pytest.mark.slow

ROOT: Final = Path(__file__).parents[2]
FROM: Final = "content/articles/faq/delivery"
LANGUAGES: Final = ("en", "de", "ar")
LINK: Final = re.compile(r"\]\([^)]*\)")


def centre(root: Path, languages: tuple[str, ...]) -> Path:
    """The demo's delivery topic in its frame, in each of ``languages`` with the same texts: only what is the theme's
    differs."""
    config = re.sub(r" +languages: .*\n", "", (ROOT / "mkdocs.yml").read_text("utf-8"))
    config = re.sub(r"label: \{en: ([^,]*),.*?\}", r"label: \1", config).replace(": en\n", f": {languages[0]}\n")
    if len(languages) > 1:
        config = config.replace("  - kb:\n", f"  - kb:\n      languages: [{', '.join(languages)}]\n")
        config = re.sub(r"label: (.*), url", lambda same: f"label: {{{_in(languages, same[1])}}}, url", config)
    put(root, "mkdocs.yml", config.partition("      search:\n")[0])
    for name in ("contact.yml", "logo.svg"):
        put(root, f"content/{name}", (ROOT / "content" / name).read_bytes())
    put(root, "content/trending.yml", (ROOT / "content/trending.yml").read_text("utf-8").partition("titles:")[0])
    for source in sorted((ROOT / FROM).glob("*.md")):
        if source.name.count(".") == 1:
            text = LINK.sub("](https://shop.example.com/)", source.read_text("utf-8"))
            text = re.sub(r"^(redirect_from|related|replaced_by): .*\n", "", text, flags=re.MULTILINE)
            for code in languages:
                own = text if code == languages[0] else re.sub(r"^id: .*\n", "", text, flags=re.MULTILINE)
                put(root, _named(f"{FROM}/{source.name}", code, languages), own)
    category = yaml.safe_load((ROOT / FROM / "_category.yml").read_text("utf-8"))
    words = {key: category[key] for key in ("title", "description")}
    for code in languages:
        put(root, _named(f"{FROM}/_category.yml", code, languages), yaml.safe_dump(words))
    return root


def _in(languages: tuple[str, ...], words: str) -> str:
    return ", ".join(f"{code}: {words}" for code in languages)


def _named(path: str, code: str, languages: tuple[str, ...]) -> str:
    stem, _, ending = path.rpartition(".")
    return path if code == languages[0] else f"{stem}.{code}.{ending}"


def size(root: Path) -> int:
    """Bytes of everything that grows with the number of articles."""
    made = Centre(open_site(root, mentions=[]))
    outputs = sum(len(data) for output in made.outputs for data in output.make(list(output.keys)))
    copies = made.outputs[0]
    full = sum(len(data) for _, paths in made.full_texts for data in copies.make(list(paths)))
    return outputs + full + sum(len(data) for path, data in made.files.items() if "assets/" not in path)


def test_three_languages_take_the_space_of_three_times_the_first(tmp_path: Path) -> None:
    """Longer words and letters of two bytes are in it."""
    together = size(centre(tmp_path / "all", LANGUAGES))
    assert 3 < together / size(centre(tmp_path / "en", LANGUAGES[:1])) <= 3.09


@pytest.mark.exhaustive
def test_a_thousand_articles_in_three_languages_cost_three_times_one(tmp_path: Path) -> None:
    """Different articles with the demo's channels: the whole folder, and the processor time of both builds."""
    made = list(articles(read_source(ROOT / "content/articles"), 1000, seed=7))
    cost, size = [], []
    for languages in (LANGUAGES[:1], LANGUAGES):
        root = tmp_path / str(len(languages))
        folder = write_kb(root, made)
        put(root, "content/contact.yml", (ROOT / "content/contact.yml").read_bytes())
        config = (root / "mkdocs.yml").read_text("utf-8")
        if len(languages) > 1:
            put(root, "mkdocs.yml", config.replace("  - kb\n", f"  - kb:\n      languages: [{', '.join(languages)}]\n"))
        for code in languages[1:]:
            for source in [path for path in folder.rglob("*.md") if path.name.count(".") == 1]:
                text = re.sub(r"^id: .*\n", "", source.read_text("utf-8"), flags=re.MULTILINE)
                source.with_suffix(f".{code}.md").write_text(text, "utf-8")
        cost.append(run([sys.executable, "-m", "kb_builder", "build"], root, limit=3600).cpu)
        size.append(measure((root / "site").resolve()).bytes)
    assert size[1] / size[0] <= 3.1
    assert cost[1] / cost[0] <= 3.1
