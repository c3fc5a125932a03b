"""Old pages of a help centre that links name, and how long it takes to look them up."""

from pathlib import Path

import pytest

from kb_builder.importing.exported import Export, Exported
from kb_builder.importing.links import ImportedLinks
from kb_builder.importing.media import MediaCollector
from kb_builder.importing.site_files import pages
from tests.growth import in_proportion

ARTICLE = Exported("1", "One")
PATH = "content/articles/one.md"


def links(sections: int) -> ImportedLinks:
    old = {"/requests/new": "contact"} | {f"/sections/{number}": str(number) for number in range(sections)}
    folders = {(str(number),): f"content/articles/topic-{number}" for number in range(sections)}
    return ImportedLinks("zendesk", Export((ARTICLE,), old), {"1": PATH}, folders)


def changed(found: ImportedLinks, target: str, root: Path) -> str:
    return found.change(target, ARTICLE, PATH, MediaCollector(root, lambda _: None))


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/hc/en-us/sections/2", "/topic-2/"),
        ("/hc/en-us/sections/2-Orders-and-more", "/topic-2/"),
        ("/hc/en-us/sections/2/articles", "/topic-2/"),
        ("/hc/en-us/sections/22", "/hc/en-us/sections/22"),
        ("/hc/en-us/requests/new", "/contact/"),
    ],
)
def test_old_sections_and_forms_are_found(tmp_path: Path, target: str, expected: str) -> None:
    assert changed(links(5), target, tmp_path) == expected


@pytest.mark.growth
def test_time_grows_with_the_links_not_with_links_times_sections(tmp_path: Path) -> None:
    def look_up(sections: int) -> None:
        for number in range(sections):
            changed(found[sections], f"/hc/en-us/sections/{number}-Name", tmp_path)
        changed(found[sections], "/-" * sections, tmp_path)

    found = {sections: links(sections) for sections in (500, 1_000)}
    assert in_proportion(look_up, 500, 1_000, lambda few, many: many <= 2.5 * few)


@pytest.mark.growth
def test_time_grows_with_the_pages_of_a_folder() -> None:
    def of(names: list[str]) -> None:
        assert len(pages(names, "docs")[0]) == len(names)

    small, large = ([f"docs/{code}/{n}.md" for code in ("en", "de") for n in range(size)] for size in (2_000, 4_000))
    assert in_proportion(of, small, large, lambda few, many: many <= 2.5 * few)
