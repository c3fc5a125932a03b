"""Calls ``kb`` within the process of the test, as a person would type it."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from kb_builder.commands.cli import commands
from tests.centres import CLOCK


def kb(*words: str) -> Result:
    """What a command printed and its exit code; an exception that is no exit fails the test."""
    return CliRunner().invoke(commands, list(words), catch_exceptions=False)


def kb_json(*words: str) -> Any:
    """What a command prints with ``--json``; nothing but JSON may be on stdout."""
    return json.loads(kb(*words, "--json").stdout)


def kb_in(root: Path, *words: str) -> Result:
    """The same for the help centre in ``root``, at the moment that the tests' content is about."""
    return kb(*words, "-f", str(root / "mkdocs.yml"), "--clock", CLOCK)
