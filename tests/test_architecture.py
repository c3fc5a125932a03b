"""Imports run one way, each framework has one door, and content has one opener."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

ROOMS = """
errors model channel_text strike_out yaml_mistakes mention_times bursts html_to_markdown link_rewriting hosting
audit_page disk workers progress fingerprints block_markdown inline_markdown mention_progress
files cache builds embargo strict_yaml dates opening_hours channel_links brand contexts quick_markdown posts
trend_words
language body
schemas sources config media staging theme_assets structured_data listings
fields publish template_mistakes
addresses frontmatter contact exports trending_settings
articles announcements redirects header_edits mention_formats scaffold
moves importers mention_files
mention_rows
mention_counts
mention_words
mentions
audience
gaps audit_leaks audit_site
trending audit evaluation
links documents reply report pages trend_report
feeds page_plan render store
content
answers
centre
site check explanation
build
cli
"""
"""A module imports only from lines above its own. Kept in the order of docs/design.md, from the ground up."""

DOORS = {
    "mkdocs": {"kb_builder/site.py"},
    "material": {"kb_builder/site.py"},
    "click": {"kb_builder/cli.py"},
    "rich": {"kb_builder/cli.py"},
    "whoosh": {"search_index/snowball.py", "search_index/whoosh_adapter.py"},
    "markdown": {f"kb_builder/{part}_markdown.py" for part in ("quick", "block", "inline")},
    "nh3": {"kb_builder/body.py"},
    "jinja2": {"kb_builder/render.py", "kb_builder/site.py", "kb_builder/template_mistakes.py"},
    "sqlite3": {"kb_builder/cache.py"},
    "yaml": {"kb_builder/strict_yaml.py", "kb_builder/yaml_mistakes.py"},
}


OPENERS = {"centre", "dates", "fingerprints", "mention_files", "mention_progress", "mentions", "scaffold", "site"}


def modules(package: str) -> dict[str, Path]:
    return {
        path.stem: path for path in sorted((ROOT / package).glob("*.py")) if path.stem not in ("__init__", "__main__")
    }


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def neighbours(package: str) -> dict[str, set[str]]:
    """Module → modules of the same package that it imports."""
    known = modules(package)
    return {
        name: {parts[1] for found in imported(path) if (parts := found.split("."))[0] == package and len(parts) > 1}
        & set(known)
        for name, path in known.items()
    }


def test_every_module_has_its_room() -> None:
    assert sorted(ROOMS.split()) == sorted(modules("kb_builder"))


def test_imports_run_towards_the_ground() -> None:
    rank = {name: place for place, row in enumerate(ROOMS.strip().splitlines()) for name in row.split()}
    upwards = [
        f"{name} imports {other}"
        for name, others in neighbours("kb_builder").items()
        for other in others
        if rank[other] >= rank[name]
    ]
    assert upwards == []


@pytest.mark.parametrize("package", ["kb_builder", "search_index"])
def test_no_import_goes_in_a_circle(package: str) -> None:
    assert list(TopologicalSorter(neighbours(package)).static_order())


def test_the_search_engine_knows_nothing_of_help_centres() -> None:
    for path in modules("search_index").values():
        assert not [name for name in imported(path) if name.split(".")[0] == "kb_builder"], path.name


@pytest.mark.parametrize("library", DOORS)
def test_each_framework_has_one_door(library: str) -> None:
    users = {
        f"{package}/{path.name}"
        for package in ("kb_builder", "search_index")
        for path in modules(package).values()
        if any(name.split(".")[0] == library for name in imported(path))
    }
    assert users == DOORS[library]


def opens(node: ast.AST) -> bool:
    """Whether a piece of code reads a file by itself, not by way of ``files`` or ``disk``."""
    if isinstance(node, ast.Attribute) and node.attr in ("read_text", "read_bytes", "open"):
        return not (isinstance(node.value, ast.Name) and node.value.id in ("files", "disk", "os"))
    return isinstance(node, ast.Name) and node.id == "open"


def test_content_has_one_opener() -> None:
    """Authors' files are opened by `files` alone. The others named here open our own packages' files, the configuration
    whose error they explain, or an export that is larger than memory."""
    readers = {
        path.stem
        for path in modules("kb_builder").values()
        if any(map(opens, ast.walk(ast.parse(path.read_text(encoding="utf-8")))))
    }
    assert readers == OPENERS
