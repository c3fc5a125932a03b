"""Snippets are put in from files of the project, and what is put in is an input of the page."""

import os
from pathlib import Path

import pytest

from kb_builder.config import Extensions
from kb_builder.markdown.convert import Converter
from kb_builder.markdown.included import Included
from kb_builder.model import Body
from tests.centres import put


def extensions(root: Path, **settings: object) -> Extensions:
    return Extensions(("toc", "tables", "pymdownx.snippets"), {"pymdownx.snippets": settings}, root=str(root))


def converter(root: Path, **settings: object) -> Converter:
    return Converter(extensions(root, **settings))


def codes(body: Body) -> list[tuple[str, int]]:
    return [(finding.code, finding.line) for finding in body.outline.findings]


def test_a_snippet_is_read_as_if_it_stood_in_the_body(tmp_path: Path) -> None:
    put(tmp_path, "parts/fees.md", "## Fees\n\nA fee is £5:\n- small\n- large\n")
    body = converter(tmp_path).convert('Lead.\n\n--8<-- "parts/fees.md"\n')
    assert [heading.anchor for heading in body.outline.headings] == ["fees"]
    assert "<li>small</li>" in body.html  # a list straight after a line, as GitHub shows it
    assert codes(body) == []


def test_each_missing_snippet_is_reported_on_its_line_and_the_others_are_read(tmp_path: Path) -> None:
    put(tmp_path, "there.md", "I am there.\n")
    text = '--8<-- "there.md"\n\n--8<-- "../gone.md"\n\n--8<--\nthere.md\nlost.md\n--8<--\n\n--8<-- "/gone.md"\n'
    body = converter(tmp_path).convert(f"Lead.\n\n{text}", first_line=10)
    assert codes(body) == [("missing-snippet", 14), ("missing-snippet", 18), ("missing-snippet", 21)]
    assert body.html.count("I am there.") == 2


@pytest.mark.parametrize("text", ["zqsecret\n", '--8<-- "inner.md"\n'])
def test_what_is_not_for_customers_is_not_put_in(text: str, tmp_path: Path) -> None:
    put(tmp_path, "outer.md", text)
    put(tmp_path, "inner.md", "Text.\n\nzqsecret\n")
    for settings in ({}, {"auto_append": ["outer.md"]}):
        careful = Converter(extensions(tmp_path, **settings), may_include=lambda found: "zqsecret" not in found)
        body = careful.convert("Lead." if settings else 'Lead.\n\n--8<-- "outer.md"\n')
        assert "zqsecret" not in repr(body)
        assert "missing-snippet" in [code for code, _ in codes(body)]


def test_a_body_depends_on_every_file_that_it_includes(tmp_path: Path) -> None:
    text = 'Lead.\n\n--8<-- "one.md"\n'
    put(tmp_path, "one.md", '--8<-- "two.md"\n')
    put(tmp_path, "two.md", "Two.\n")
    including = Included(extensions(tmp_path))
    before = including.inputs(text)
    assert before == including.inputs(text)
    put(tmp_path, "two.md", "Changed.\n")
    assert including.inputs(text) != before
    assert including.inputs("Lead.") == ()


def test_what_is_appended_to_every_body_is_an_input_of_every_body(tmp_path: Path) -> None:
    put(tmp_path, "shared.md", "See [fees].\n\n[fees]: https://a.example/\n")
    shared = extensions(tmp_path, auto_append=["shared.md"])
    assert 'href="https://a.example/"' in Converter(shared).convert("Lead.").html
    appending = Included(shared)
    before = appending.inputs("Lead.")
    put(tmp_path, "shared.md", "Other.\n")
    assert appending.inputs("Lead.") != before


def test_icons_of_the_team_are_an_input(tmp_path: Path) -> None:
    put(tmp_path, "icons/own/box.svg", "<svg/>")
    config = {"pymdownx.emoji": {"options": {"custom_icons": ["icons"]}}}

    def inputs() -> tuple[str, ...]:
        return Included(Extensions(("toc",), config, root=str(tmp_path))).inputs("Lead.")

    before = inputs()
    put(tmp_path, "icons/own/box.svg", "<svg></svg>")
    assert inputs() != before


@pytest.mark.parametrize("settings", [{}, {"restrict_base_path": False, "url_download": True, "check_paths": False}])
@pytest.mark.parametrize(
    "target",
    [
        "nowhere.md",
        "../secret.md",
        "{outside}/secret.md",
        "link.md",
        "folder",
        "pipe",
        "http://127.0.0.1:9/",
        "links/x.md",
    ],
)
def test_nothing_but_a_file_of_the_project_is_included(tmp_path: Path, settings: dict[str, bool], target: str) -> None:
    root = tmp_path / "centre"
    put(tmp_path, "secret.md", "SECRET\n")
    put(root, "folder/x.md", "x")
    (root / "link.md").symlink_to(tmp_path / "secret.md")
    (root / "links").symlink_to(root / "folder")
    os.mkfifo(root / "pipe")
    body = converter(root, **settings).convert(f'Lead.\n\n--8<-- "{target.format(outside=tmp_path)}"\n', first_line=7)
    assert "SECRET" not in body.html
    assert codes(body)[0] == ("missing-snippet", 9)


def test_a_folder_outside_the_project_is_no_base(tmp_path: Path) -> None:
    put(tmp_path, "shared/secret.md", "SECRET\n")
    (tmp_path / "centre").mkdir()
    body = converter(tmp_path / "centre", base_path=["../shared"]).convert('--8<-- "secret.md"')
    assert "SECRET" not in body.html
    assert codes(body)[0] == ("missing-snippet", 1)


def test_snippets_that_include_each_other_end(tmp_path: Path) -> None:
    put(tmp_path, "one.md", 'One.\n\n--8<-- "two.md"\n')
    put(tmp_path, "two.md", 'Two.\n\n--8<-- "one.md"\n')
    assert "Two." in converter(tmp_path).convert('--8<-- "one.md"').html
