"""The entry point of ``kb``. Each command lives in the module of its group, loaded when it is called."""

import gc
import io
import os
import sys
from difflib import get_close_matches
from importlib import import_module
from typing import Final, NoReturn

import click

from kb_builder.commands.cli_shared import fail, is_out_of_memory, refusal
from kb_builder.commands.terminal import say
from kb_builder.errors import InputError, PublishError

_COMMANDS: Final = {
    "cli_edit": ("new", "import", "schema"),
    "cli_eval": ("eval",),
    "cli_links": ("links", "mv", "rm"),
    "cli_promises": ("promises",),
    "cli_publish": ("build", "serve", "check", "rollback"),
    "cli_suggest": ("suggest",),
    "cli_support": ("search", "find", "trends", "gaps", "reply", "explain", "report", "export"),
    "cli_translate": ("translate",),
}
"""Module of this package → names of its commands."""


class LazyGroup(click.Group):
    """Loads a command's module when the command is called: ``kb --help`` and each command start without the others.

    The pattern of click's documentation, “Lazily Loading Subcommands”.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names of all commands, without loading one."""
        return sorted(name for names in _COMMANDS.values() for name in names)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """None for an unknown name; one that resembles a command is refused here with a suggestion."""
        module = next((module for module, names in _COMMANDS.items() if name in names), None)
        if module is None:
            near = get_close_matches(name, self.list_commands(ctx), 1)
            if near and not ctx.resilient_parsing:
                ctx.fail(f"No such command '{name}'. Did you mean '{near[0]}'?")
            return None
        found = vars(import_module(f"kb_builder.commands.{module}"))
        return next(value for value in found.values() if isinstance(value, click.Command) and value.name == name)


def main() -> NoReturn:
    """Does what the command line asks for, and exits. With ``--json`` a wrong option is reported in JSON too."""
    # Most values of a help centre live to the end of the command: the default thresholds of the garbage collector
    # would search them all again and again, a sixth of a large build's time.
    gc.set_threshold(100_000, 50, 100)
    # Our matrices are small: the threads of numpy's BLAS wait longer for each other than they compute, and slow
    # our workers. This is read when numpy is loaded, which no command has done yet.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        try:
            status = commands.main(prog_name="kb", standalone_mode=False)
        except SystemExit as end:
            status = end.code
        _flush()
    except click.UsageError as error:
        if "--json" in sys.argv:
            problem = " ".join(error.format_message().split())
            fail(InputError(problem, hint="kb COMMAND --help names the options"), as_json=True)
        shown = io.StringIO()
        error.show(shown)
        say(shown.getvalue(), err=True, nl=False)
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except BrokenPipeError:
        # The reader of this output closed it. Python flushes once more at exit and would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        if is_out_of_memory(error):
            hint = "give it more memory, or try --jobs 1 where the command has it; what is published is unchanged"
            fail(PublishError("kb ran out of memory", hint=hint), as_json="--json" in sys.argv)
        if not isinstance(error, OSError):
            raise
        fail(refusal(error), as_json=False)
    gc.freeze()  # The interpreter would search everything once more before it ends.
    sys.exit(status if isinstance(status, int) else 0)


def _flush() -> None:
    """Writes what is buffered while an error can still be reported. A stream closed before the start is None."""
    for stream in filter(None, (sys.stdout, sys.stderr)):
        stream.flush()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="kb-builder", prog_name="kb")
def commands() -> None:
    """Build a static help centre: answers, search, and what customers ask about today on top."""
