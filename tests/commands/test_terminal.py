"""What a terminal gets is what it should show: nothing in content steers it."""

import json
import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.commands.cli import commands
from kb_builder.commands.cli_findings import FORMATS
from kb_builder.commands.terminal import say
from kb_builder.errors import Finding, InputError, Severity, printable
from tests.centres import CLOCK, SMALL, article, put, write

STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028-\u202e\u2066-\u2069]")
_OWN_COLOURS = re.compile(r"\x1b\[\d+m")
TEXT = st.text(st.characters() | st.sampled_from("\x1b]0;[31m\n\r\t\x07\x9b\u202e\u2066\ud800:a"), max_size=30)


@given(TEXT)
def test_nothing_that_is_said_steers_a_terminal(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        said: list[str] = []
        patch.setattr("click.echo", lambda message, **_: said.append(message))
        say(text)
    assert not STEERING.search(said[0])


@given(TEXT, TEXT, TEXT)
def test_a_finding_is_its_lines_and_no_more_in_every_format(path: str, message: str, hint: str) -> None:
    finding = Finding(path, 3, "code", Severity.WARNING, message, hint)
    for name, form in FORMATS.items():
        (entry,) = form([finding])
        with pytest.MonkeyPatch.context() as patch:
            said: list[str] = []
            patch.setattr("click.echo", lambda text, *, said=said, **_: said.append(text))
            say(entry, styled=name == "text")
        shown = _OWN_COLOURS.sub("", said[0]) if name == "text" else said[0]
        assert not STEERING.search(shown)
        if name == "text":
            assert shown.count("\n") == bool(hint)
        if name == "github":
            assert shown.startswith("::warning file=")
            assert "\n" not in shown
        if name == "json":
            assert json.loads(shown)["findings"][0]["message"] == message


@given(TEXT, TEXT)
def test_an_error_is_one_clear_line_and_a_hint(problem: str, hint: str) -> None:
    said = str(InputError(problem.replace("\n", " "), where="a.md", hint=hint))
    assert not STEERING.search(said)
    assert said.count("\n") == bool(hint)


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cf"))))
def test_what_can_be_shown_stays(text: str) -> None:
    assert printable(text) == text


def test_nothing_in_content_or_exports_steers_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    odd = "\x1b]0;odd\x07 \u202eodd\x9b31m"
    asked = "".join(f'{n},2026-11-{20 - n % 5}T09:00:00Z,c{n},"kettle {odd} leaks {odd}",\n' for n in range(40))
    write(
        tmp_path,
        {
            **SMALL,
            "faq/odd": article(
                "odd", "Odd \u202e title", f"Kettle {odd}. [a]({odd}.md) {{{{ {odd} }}}} <{odd}> [b][{odd}]\n"
            ),
            "content/mentions/a.csv": f"id,time,customer_id,text,{odd}\n{asked}",
            "content/redirects.yml": "{}\n",
            "content/synonyms/en.txt": f"kettle {odd}, pot\n",
        },
    )
    put(tmp_path, "content/articles/faq/head.md", f"---\ntitle: {odd}\n{odd}: x\n---\n")
    timed = ("check", "check --format github", "check --json", "build", "search odd", "explain odd", "trends", "gaps")
    for words in (
        *(f"{words} --clock {CLOCK}" for words in timed),
        "find odd",
        "reply odd --channel sms",
        "links list",
    ):
        for more in ((), (odd,)):
            done = CliRunner().invoke(commands, [*words.split(), *more], standalone_mode=False)
            shown = _OWN_COLOURS.sub("", done.stdout + done.stderr)
            assert not STEERING.search(shown), words
            assert isinstance(done.exception, SystemExit | click.UsageError | None), words
