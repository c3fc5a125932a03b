"""Whatever somebody types after any command: an exit code of ours, a line that a terminal can show, never a bug."""

import random
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from kb_builder.commands.cli import commands
from tests.centres import CONTACT, MKDOCS, SMALL, put, write

pytestmark = pytest.mark.slow

WORDS = (
    *("", " ", "-", "--", ".", "..", "/", "~", "~nobody/x", "*", "[", "**/*", "{}", "'", '"', "(", ":", "AND", "%s"),
    *("/dev/null", "content", "mkdocs.yml", "a/b.md", "/proc/self/mem", "\udcff", "é" * 300, "x" * 5_000, "9" * 5_000),
    *("0", "-1", "1e999", "nan", "2026-13-45", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "en", "pt-BR"),
    *("http://[x", "https://", "http://x:99999/", "file:///etc/passwd", "javascript:alert(1)", "127.0.0.1:99999"),
    *(
        "title:[a TO b]",
        "$(id)",
        "\u202eevil",
        "\x1b[2J",
        "a\r\nBcc: x",
        "track-order",
        "faq/track-order",
        "0x80070005",
    ),
)
RAW = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]")
EXIT_CODES = range(7)


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found
            yield from leaves(found, (*path, name))
    else:
        yield path, command


# kb serve runs until it is stopped; its arguments have tests of their own.
COMMANDS = {path: command for path, command in leaves(commands) if path != ("serve",)}


def arguments(command: click.Command, drawn: random.Random) -> list[str]:
    found = []
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            if drawn.random() < 0.75:
                continue
            found.append(drawn.choice(parameter.opts))
            if not parameter.is_flag:
                found.append(_value(parameter, drawn))
        elif parameter.required or drawn.random() < 0.7:
            count = drawn.randint(1, 3) if parameter.nargs < 0 else parameter.nargs
            found += [_value(parameter, drawn) for _ in range(count)]
    return found


def _value(parameter: click.Parameter, drawn: random.Random) -> str:
    right = drawn.random() < 0.6
    if right and isinstance(parameter.type, click.Choice):
        return str(drawn.choice(list(parameter.type.choices)))
    if right and isinstance(parameter.type, click.types.IntParamType | click.types.FloatParamType):
        return drawn.choice(("1", "2", "7", "100"))
    return drawn.choice(WORDS)


def try_arguments(path: tuple[str, ...], seed: str, root: Path) -> None:
    words = [*path, *arguments(COMMANDS[path], random.Random(seed))]
    result = CliRunner().invoke(commands, words, catch_exceptions=False)
    assert result.exit_code in EXIT_CODES, (words, result.output)
    assert not RAW.search(result.output), (words, result.output)
    assert result.exit_code == 0 or result.output.strip(), f"{words} failed without a word"
    assert (root / "mkdocs.yml").read_text() == MKDOCS
    assert (root / "content/contact.yml").read_text() == CONTACT


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "parent" / "centre"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(tmp_path))
    put(folder, "content/mentions/export.csv", "id,time,text\n1,2026-11-20T10:00:00Z,my parcel is late\n")
    return write(folder, SMALL)


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_hostile_arguments_end_in_a_clear_line(path: tuple[str, ...], root: Path) -> None:
    for number in range(3):
        try_arguments(path, f"{path} {number}", root)


@pytest.mark.exhaustive
@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_many_hostile_arguments(path: tuple[str, ...], root: Path) -> None:
    for number in range(3, 60):
        try_arguments(path, f"{path} {number}", root)


@pytest.mark.parametrize("pattern", ["", "/", ".", "no-such-*.csv"])
def test_a_pattern_that_names_no_file_is_reported(pattern: str, root: Path) -> None:
    result = CliRunner().invoke(commands, ["trends", "--mentions", pattern], catch_exceptions=False)
    assert result.exit_code == 2
    assert "no mention file has this name" in result.output


@pytest.mark.parametrize("address", ["http://[x", "https://user:secret@[x/a.csv", "file://[", "file:///", "file://"])
def test_an_address_that_is_none_is_reported(address: str, root: Path) -> None:
    result = CliRunner().invoke(commands, ["trends", "--mentions", address], catch_exceptions=False)
    assert result.exit_code == 2
    assert "error: " in result.output
    assert "secret" not in result.output
