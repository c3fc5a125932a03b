"""What a build leaves for hosts and for git, whatever the umask and the audience."""

import os
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from kb_builder.commands.cli import commands
from tests.centres import CLOCK, MKDOCS, SMALL, article, put, write

WITH_FEEDBACK = MKDOCS.replace("  - kb\n", "  - kb: {feedback: {endpoint: 'https://forms.example.com/'}}\n")


def kb(root: Path, *words: str) -> int:
    done = CliRunner().invoke(commands, [*words, "-f", str(root / "mkdocs.yml")], catch_exceptions=False)
    return done.exit_code


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    return write(tmp_path / "project", SMALL)


def test_snippets_of_other_audiences_leave_the_public_one_alone(centre: Path) -> None:
    assert kb(centre, "build", "--clock", CLOCK) == 0
    before = (centre / ".kb/nginx.conf").read_bytes()
    put(centre, "mkdocs.yml", WITH_FEEDBACK)
    assert kb(centre, "build", "--clock", CLOCK, "--audience", "staff") == 0
    assert kb(centre, "build", "--clock", CLOCK, "--drafts") == 0
    assert (centre / ".kb/nginx.conf").read_bytes() == before
    assert b"forms.example.com" in (centre / ".kb/nginx-staff.conf").read_bytes()


def test_a_rollback_goes_back_to_the_snippet_of_that_build(centre: Path) -> None:
    assert kb(centre, "build", "--clock", CLOCK) == 0
    before = (centre / ".kb/nginx.conf").read_bytes()
    put(centre, "mkdocs.yml", WITH_FEEDBACK)
    assert kb(centre, "build", "--clock", CLOCK) == 0
    assert (centre / ".kb/nginx.conf").read_bytes() != before
    assert kb(centre, "rollback") == 0
    assert (centre / ".kb/nginx.conf").read_bytes() == before


@pytest.mark.parametrize("umask", [0o077, 0o022])
def test_web_servers_can_read_the_site_whatever_the_umask(centre: Path, umask: int) -> None:
    target = centre.parent / "srv" / "www" / "site"
    old = os.umask(umask)
    try:
        assert kb(centre, "build", "--clock", CLOCK, "-d", str(target)) == 0
    finally:
        os.umask(old)
    for path in (target.parent, target.parent.parent, target.resolve(), *target.resolve().rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode & 0o004, path
        assert mode & 0o001 or path.is_file(), path


def test_git_ignores_the_cache(centre: Path) -> None:
    assert kb(centre, "build", "--clock", CLOCK, "--no-cache") == 0
    assert (centre / ".kb/.gitignore").read_text() == "*\n"


def test_a_page_beside_an_article_is_not_published(tmp_path: Path) -> None:
    body = "[The form](evil.html), [its script](evil.js), [a picture](evil.svg).\n"
    script = "<script>document.title = 'ran'</script>"
    root = write(
        tmp_path,
        {
            "how": article("how", body=body),
            "content/articles/evil.html": f"<html><body>{script}</body></html>",
            "content/articles/evil.js": "document.title = 'ran'",
            "content/articles/evil.svg": f'<svg xmlns="http://www.w3.org/2000/svg">{script}<rect/></svg>',
        },
    )
    assert kb(root, "build", "--clock", CLOCK) == 0
    files = {path.name: path.read_bytes() for path in (root / "site").resolve().rglob("*") if path.is_file()}
    assert "evil.html" not in files
    assert "evil.js" not in files
    assert b"script" not in files["evil.svg"]
    assert b"sha256" not in files["_headers"]
