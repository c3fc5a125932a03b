#!/usr/bin/env python3
"""Prints docs/commands.md: every command with its help and options, as the program has them."""

import inspect
from collections.abc import Iterator

import click

from kb_builder.commands.cli import commands

_HEAD = """# Commands

Made by `python scripts/command_reference.py > docs/commands.md` from the program itself; a test compares the two.
Exit codes: 0 fine, 1 findings, 2 input can't be used, 3 a leak was caught, 4 another build is running, 5 publishing
failed, 6 `kb build --happening` can't start from the last build. With `--json` there is only JSON on standard output,
also when something is wrong.
"""


def sections(group: click.Group, prefix: str) -> Iterator[str]:
    """One section for each command below ``group``, in the order of their names."""
    context = click.Context(group, info_name=prefix)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from sections(command, f"{prefix} {name}")
        else:
            yield section(command, click.Context(command, info_name=f"{prefix} {name}"))


def section(command: click.Command, context: click.Context) -> str:
    usage = " ".join([context.info_name or "", *command.collect_usage_pieces(context)])
    paragraphs = inspect.cleandoc(command.help or "").replace("\b\n", "").split("\n\n")
    text = "\n\n".join(
        "    " + lines.replace("\n", "\n    ") if lines.startswith("kb ") else " ".join(lines.split())
        for lines in paragraphs
    )
    options = "".join(map(option_line, (each for each in command.params if isinstance(each, click.Option))))
    return f"\n## {context.info_name}\n\n`{usage}`\n\n{text}\n\n{options}"


def option_line(option: click.Option) -> str:
    names = " / ".join(", ".join(spellings) for spellings in (option.opts, option.secondary_opts) if spellings)
    choices = "\\|".join(map(str, option.type.choices)) if isinstance(option.type, click.Choice) else ""
    value = "" if option.is_flag else f" {option.metavar or choices or option.type.name.upper()}"
    return f"- `{names}{value}`: {option.help}\n"


def main() -> None:
    print(_HEAD + "".join(sections(commands, "kb")), end="")


if __name__ == "__main__":
    main()
