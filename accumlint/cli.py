"""The command line, in typer: picks the subcommand and imports only that one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated

import typer

from accumlint import __version__
from accumlint.commands import NAMES, SUMMARIES
from accumlint.problem import UsageError

_HELP = """Finds gradient accumulation bugs in PyTorch training loops.

Without a command, `accumlint PATHS` checks the paths; `accumlint check --help` has its options."""
_OWN_OPTIONS = ("--help", "-h", "--version", "-V", "--install-completion", "--show-completion")


def run(given: Sequence[str]) -> int:
    """Run the words after ``accumlint`` and return the exit code. Where no subcommand is named it is ``check``."""
    words = list(given)
    if not words or words[0] not in (*NAMES, *_OWN_OPTIONS):
        words = ["check", *words]
    app = _app([words[0]] if words[0] in NAMES else list(NAMES))
    try:
        app(args=words, prog_name="accumlint")
    except SystemExit as done:
        if isinstance(done.__context__, BrokenPipeError):
            raise done.__context__ from None
        return done.code if isinstance(done.code, int) else 0
    except UsageError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def _app(names: Sequence[str]) -> typer.Typer:
    app = typer.Typer(
        name="accumlint",
        help=_HELP,
        no_args_is_help=False,
        pretty_exceptions_enable=False,
        # rich doubles the time to the help text
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_group)
    for name in names:
        app.command(name, short_help=SUMMARIES[name])(import_module(NAMES[name]).command)
    return app


def _group(
    version: Annotated[
        bool, typer.Option("--version", "-V", help="Print the version and exit.", is_eager=True, callback=lambda on: _version(on))
    ] = False,
) -> None:
    pass


def _version(on: bool) -> None:
    if on:
        print(f"accumlint {__version__}")
        raise typer.Exit
