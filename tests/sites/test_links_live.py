"""Whatever editors do, every address that was ever published answers: the page, one redirect, or the notice."""

import posixpath
import re
import shutil
from pathlib import Path

import pytest

from kb_builder.editing.content_root import ContentRoot
from kb_builder.editing.moves import move
from kb_builder.editing.redirect_lines import add_lines
from kb_builder.pipeline.project import Project
from tests.centres import NOW, open_site
from tests.walk import LONDON, Editors, build_public, check, walk

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]

LONG = [pytest.param(seed, 200, 60, marks=pytest.mark.exhaustive) for seed in range(3)]


@pytest.mark.parametrize(("seed", "steps", "articles"), [(1, 25, 12), *LONG])
def test_after_every_edit_that_is_accepted_every_address_answers(
    tmp_path: Path, seed: int, steps: int, articles: int
) -> None:
    editors, ever = Editors(tmp_path, seed, articles), dict[str, str]()
    assert build_public(tmp_path) == ""
    check(tmp_path, ever, "the first build")
    accepted = refused = 0
    for step, name, refusal in walk(tmp_path, editors, steps):
        if refusal:
            refused += 1
        else:
            accepted += 1
            check(tmp_path, ever, (step, name))
    assert accepted > steps / 3
    assert refused


def test_everything_renamed_moved_and_retitled_at_once_leaves_nothing_dead(tmp_path: Path) -> None:
    """Articles, folders, titles and headings of a help centre change in one go, with recorded redirects."""
    editors, ever = Editors(tmp_path, 7, 12), dict[str, str]()
    assert build_public(tmp_path) == ""
    check(tmp_path, ever, "before")
    for number, path in enumerate(editors.files):
        id = editors.id_of(path)
        text = re.sub(r"^title: .+$", f"title: Retitled {number}", path.read_text(), flags=re.MULTILINE)
        path.write_text(text.replace("## Первое", "## Второе").replace("## What to do", f"## Do {number}"))
        add_lines(tmp_path, {f"{id}#первое": f"{id}#второе", f"{id}#what-to-do": f"{id}#do-{number}"})
        name = editors.name(path)
        move(ContentRoot(tmp_path, LONDON), name, f"{posixpath.dirname(name)}/renamed-{number}.md")
    for name in sorted({editors.name(path.parent) for path in editors.files}):
        move(ContentRoot(tmp_path, LONDON), name, f"help/{posixpath.basename(name)}-new")
    assert build_public(tmp_path) == ""
    check(tmp_path, ever, "after")


def anchors_of(project: Project) -> dict[str, list[str]]:
    """Short link of each text in each language → the anchors of its headings, in order."""
    return {
        f"{one.folder}a/{article.id}/": [heading.anchor for heading in one.digests.outlines[article.id].headings]
        for one in project.languages for article in one.view.articles if not article.fallback
    }  # fmt: skip


def test_the_demo_renamed_moved_and_retitled_at_once_leaves_nothing_dead(tmp_path: Path) -> None:
    """Every article, folder, title and heading of the demo changes in one go, in all three languages, with recorded
    redirects."""
    for name in ("content", "theme/pages", "mkdocs.yml"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name)
        else:
            shutil.copy(ROOT / name, tmp_path / name)
    ever = dict[str, str]()
    assert build_public(tmp_path) == ""
    check(tmp_path, ever, "before")
    before = open_site(tmp_path, NOW).project
    anchors = anchors_of(before)
    articles = tmp_path / "content/articles"
    sources = {article.path.removeprefix("content/articles/") for article in before.catalogue.articles}
    for path in sorted(articles.rglob("*.md")):
        text = re.sub(r"^title: (['\"]?)", r"title: \1New: ", path.read_text(), count=1, flags=re.MULTILINE)
        text = re.sub(r"^title: New: (.+)$", r'title: "New: \1"', text, count=1, flags=re.MULTILINE)
        path.write_text(re.sub(r"^(#{2,6} [^{\n]+?)\s*$", r"\1, newly told", text, flags=re.MULTILINE))
    after = anchors_of(open_site(tmp_path, NOW).project)
    moved = {
        f"{place}#{old}": f"{place}#{new}" for place, known in anchors.items()
        for old, new in zip(known, after[place], strict=True) if old and old != new
    }  # fmt: skip
    counts = {folder: sum(place.startswith(folder) for place in moved) for folder in ("a/", "de/a/", "ar/a/")}
    assert counts["a/"] > 100
    assert counts["de/a/"] > 20
    assert counts["ar/a/"] > 5
    add_lines(tmp_path, moved)
    declared = before.settings.options.languages
    for name in sorted(sources):
        move(ContentRoot(tmp_path, LONDON, declared=declared), name, f"{name.removesuffix('.md')}-renamed.md")
    for folder in sorted({posixpath.dirname(name) for name in sources if name.count("/") > 1}):
        move(ContentRoot(tmp_path, LONDON, declared=declared), folder, f"{folder}-moved")
    assert not {path.relative_to(articles).as_posix() for path in articles.rglob("*.md")} & sources
    assert build_public(tmp_path) == ""
    check(tmp_path, ever, "after")
    assert len(ever) > 600
