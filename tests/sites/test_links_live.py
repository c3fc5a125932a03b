"""Whatever editors do, every address that was ever published answers: the page, one redirect, or the notice."""

import posixpath
import re
from pathlib import Path

import pytest

from kb_builder.editing.moves import move
from kb_builder.editing.redirect_lines import add_lines
from tests.walk import LONDON, Editors, build_public, check, walk

pytestmark = pytest.mark.slow

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
        move(tmp_path, name, f"{posixpath.dirname(name)}/renamed-{number}.md", zone=LONDON)
    for name in sorted({editors.name(path.parent) for path in editors.files}):
        move(tmp_path, name, f"help/{posixpath.basename(name)}-new", zone=LONDON)
    assert build_public(tmp_path) == ""
    check(tmp_path, ever, "after")
