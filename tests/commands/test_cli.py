"""The commands as people type them: what they print, what they exit with, what they leave alone."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kb_builder.commands.cli import commands
from kb_builder.system.cache import Cache
from tests.centres import CLOCK, CONTACT, article, put, write
from tests.invoke import kb

pytestmark = pytest.mark.slow

KB = [sys.executable, "-m", "kb_builder"]


def test_every_command_explains_itself() -> None:
    with commands.make_context("kb", ["build"]) as context:
        named = {name: commands.get_command(context, name) for name in commands.list_commands(context)}
    assert len(named) > 20
    for name, command in named.items():
        assert command
        shown = kb(name, "--help")
        assert shown.exit_code == 0
        assert command.help
        assert command.help.split("\n")[0][:40] in " ".join(shown.output.split())


@pytest.mark.parametrize(("typed", "meant"), [("biuld", "build"), ("chekc", "check"), ("serch", "search")])
def test_a_mistyped_command_is_recognised(typed: str, meant: str) -> None:
    assert f"No such command '{typed}'. Did you mean '{meant}'?" in kb(typed).stderr
    assert "Did you mean" not in kb("xyzzy").stderr


@pytest.mark.parametrize("words", ["trends", "promises", "find parcel", "reply refunds --channel sms", "gaps", "check"])
def test_a_command_lets_go_of_what_it_kept_before(centre: Path, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[str] = []
    monkeypatch.setattr(Cache, "end_run", lambda cache: ended.append(cache._command))
    kb(*words.split(), "--clock", CLOCK)
    assert ended == [words.split()[0]]


def test_the_list_of_commands_cuts_no_sentence_short() -> None:
    assert "..." not in kb("--help").stdout.partition("Commands:")[2]


def test_a_wrong_option_is_reported_in_json_too(centre: Path) -> None:
    done = subprocess.run(
        [*KB, "search", "--json"],
        cwd=centre,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "Missing argument" in json.loads(done.stdout)["error"]["problem"]


BAD: dict[str, tuple[dict[str, str], str]] = {
    "unknown key": ({"faq/a": "---\nid: a\ntile: A\n---\n"}, "content/articles/faq/a.md:3: error: unknown key"),
    "missing title": ({"faq/a": "---\nid: a\n---\nText\n"}, "content/articles/faq/a.md:"),
    "duplicate id": ({"faq/a": article("same"), "faq/b": article("same")}, 'the id "same" is taken'),
    "duplicate id beside mentions": (
        {
            "faq/a": article("same"), "faq/b": article("same"),
            "content/mentions/t.csv": "id,time,channel,customer_id,text\n1,2026-11-19T12:00:00Z,email,c,Where is it?\n",
        },
        'content/articles/faq/b.md:2: error: the id "same" is taken by content/articles/faq/a.md:2',
    ),
    "broken YAML": ({"faq/a": "---\nid: a\ntitle: 'A\n---\n"}, "content/articles/faq/a.md:3: error:"),
    "no header": ({"faq/a": "Just text.\n"}, "content/articles/faq/a.md"),
    "UTF-16": ({"faq/ok": article("ok")}, "content/articles/faq/u.md"),
    "bad trending.yml": (
        {"faq/a": article("a"), "content/trending.yml": "slots: many\n"}, "content/trending.yml:1: error:",
    ),
    "bad synonyms": (
        {"faq/a": article("a"), "content/synonyms/en.txt": "a => \n"}, "content/synonyms/en.txt:1: error:",
    ),
    "bad announcement": (
        {"faq/a": article("a"), "content/announcements/x.md": "---\ntitle: X\nstart: soon\n---\n"},
        "content/announcements/x.md:3: error:",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_content_is_one_clear_line_and_exit_2(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files, line = BAD[name]
    write(tmp_path, {"faq/fine": article("fine")})
    assert kb("build").exit_code == 0
    before = (tmp_path / "site/index.html").read_bytes()
    write(tmp_path, files)
    if name == "UTF-16":
        put(tmp_path, "content/articles/faq/u.md", article("u").encode("utf-16"))
    for command in ("build", "check"):
        refused = kb(command)
        assert refused.exit_code == 2
        assert line in refused.output
        assert "Traceback" not in refused.output
    assert (tmp_path / "site/index.html").read_bytes() == before


def test_a_missing_phone_is_refused_with_a_way_out(centre: Path) -> None:
    put(centre, "content/contact.yml", CONTACT.replace("phone", "chat"))
    refused = kb("build")
    assert refused.exit_code == 2
    assert "content/contact.yml" in refused.stderr
    assert "phone" in refused.stderr


def test_with_json_an_error_is_json_too(centre: Path) -> None:
    put(centre, "content/articles/faq/bad.md", "---\nid: bad\ntitle: Bad\ncolour: red\n---\n")
    refused = kb("build", "--json")
    assert refused.exit_code == 2
    assert json.loads(refused.stdout)["findings"][0]["path"] == "content/articles/faq/bad.md"


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("build", "--clock", "yesterday"), "--clock"),
        (("trends", "--mentions", "nowhere/*.csv"), "no mention file"),
        (("serve", "-a", "0.0.0.0:8000"), "not a local address"),
        (("serve", "-a", "nonsense"), "is not an address"),
        (("serve", "-a", "127.0.0.1:99999"), "is not an address"),
        (("serve", "-a", "127.0.0.1:" + "9" * 5000), "is not an address"),
        (("eval", "gone.csv"), "no such file"),
        (("new", "article"), "not clear what to start"),
        (("build", "-f", "gone.yml"), "no such configuration"),
        (("new", "content"), "not empty"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(centre: Path, words: tuple[str, ...], problem: str) -> None:
    refused = kb(*words)
    assert refused.exit_code == 2
    assert problem in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("words", [("new", "article", "A"), ("mv", "refunds", "faq/refunds.md"), ("find", "parcel")])
def test_a_disk_that_says_no_is_no_fault_of_ours(
    centre: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr("kb_builder.system.filesystem.write_bytes", refuse)
    monkeypatch.setattr("kb_builder.system.filesystem.save", refuse)
    monkeypatch.setattr("search_index.whoosh_adapter.Path.mkdir", refuse)
    before = {path: path.read_bytes() for path in (centre / "content").rglob("*.*")}
    refused = kb(*words)
    assert refused.exit_code == 2
    assert ": error: can't read or write: permission denied\n  give kb the right" in refused.stderr
    assert {path: path.read_bytes() for path in (centre / "content").rglob("*.*")} == before


@pytest.mark.parametrize("in_the_way", ["a file", "a link to nothing"])
def test_a_blocked_cache_is_ignored_or_reported(centre: Path, in_the_way: str) -> None:
    (centre / ".kb").write_text("") if in_the_way == "a file" else (centre / ".kb").symlink_to("nowhere")
    assert kb("build").exit_code == 0
    refused = kb("find", "parcel")
    assert refused.exit_code == 2
    assert "error: can't read or write" in refused.stderr
    assert "move it away" in refused.stderr


@pytest.mark.parametrize("words", [["--help"], ["check"], ["check", "--json"]])
def test_what_can_not_be_printed_is_one_clear_line(centre: Path, words: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*KB, *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == "error: can't read or write: no space left on device"


def test_a_reader_that_has_seen_enough_is_no_error(centre: Path) -> None:
    with subprocess.Popen([*KB, "check"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.wait() == 1
        assert process.stderr.read() == b""


def test_the_end_of_a_command_loses_nothing(centre: Path) -> None:
    done = subprocess.run([*KB, "build", "--json"], capture_output=True, text=True, check=False)
    assert (done.returncode, json.loads(done.stdout)["articles"]) == (0, 4)
    assert sorted(path.name for path in (centre / ".kb").glob("cache*")) == ["cache.sqlite", "cache.sqlite-lock"]
    (centre / "content/articles/policies/refunds.md").write_text("no header")
    broken = subprocess.run([*KB, "build"], capture_output=True, text=True, check=False)
    assert broken.returncode == 2
    assert "content/articles/policies/refunds.md" in broken.stderr


@pytest.mark.parametrize("closed", [1, 2])
def test_a_stream_that_was_closed_before_is_no_failure(centre: Path, closed: int) -> None:
    done = subprocess.run(["sh", "-c", f'"$@" {closed}>&-', "sh", *KB, "build"], capture_output=True, check=False)
    assert done.returncode == 0
    assert (centre / "site/index.html").exists()


_THREADS = """
import atexit, os, sys
from kb_builder.commands import cli
assert "numpy" not in sys.modules
atexit.register(lambda: print(os.environ["OPENBLAS_NUM_THREADS"], file=sys.stderr))
sys.argv = ["kb", "--version"]
cli.main()
"""


@pytest.mark.parametrize(("own", "used"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "3"}, "3")])
def test_matrices_are_computed_by_one_thread_unless_the_environment_says_otherwise(
    own: dict[str, str], used: str
) -> None:
    kept = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run(
        [sys.executable, "-c", _THREADS], env=kept | own, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert (done.returncode, done.stderr.strip()) == (0, used)


_LOADED = """
import sys
from kb_builder.commands import cli
sys.argv = ["kb", "reply", "refunds", "--channel", "sms"]
try:
    cli.main()
finally:
    print(*sys.modules, file=sys.stderr)
"""


def test_a_reply_with_a_stored_article_loads_nothing_that_makes_pages(centre: Path) -> None:
    """To load modules is most of its time."""
    runs = [subprocess.run([sys.executable, "-c", _LOADED], capture_output=True, text=True, check=True) for _ in "12"]
    assert runs[0].stdout == runs[1].stdout
    cold, warm = (set(run.stderr.split()) for run in runs)
    assert "kb_builder.markdown.convert" in cold
    makes_pages = {f"kb_builder.{name}" for name in ("pages.page", "rendering.render", "markdown.convert")}
    assert warm.isdisjoint(makes_pages | {"duckdb", "markdown_it"})
