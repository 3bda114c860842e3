"""``accumlint run``: a real training, watched while it runs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from accumlint.problem import UsageError

if TYPE_CHECKING:
    from accumlint.observer.script import Run

CLEAN, FOUND, FAILED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user asked for. ``show_ledger`` is None for: only beside findings."""

    target: str
    arguments: Sequence[str]
    module: bool = False
    max_steps: int | None = None
    show_ledger: bool | None = None
    output_format: str = "full"
    exit_zero: bool = False


def _option(text: str, *names: str, **more: Any) -> Any:
    return typer.Option(*names, help=text, show_default=False, **more)


def command(
    words: Annotated[
        list[str] | None,
        typer.Argument(help="The script, then its own arguments after --.", metavar="SCRIPT -- ARGS", show_default=False),
    ] = None,
    module: Annotated[str | None, _option("Run this module, as `python -m` does.", "--module", "-m", metavar="NAME")] = None,
    max_steps: Annotated[int | None, _option("Stop the program after this many optimizer steps.", min=1, metavar="N")] = None,
    show_ledger: Annotated[bool | None, _option("Draw which step spends which micro-batch. [default: beside findings]")] = None,
    output_format: Annotated[str, _option("How to print findings. [default: full]", metavar="FORM")] = "full",
    exit_zero: Annotated[bool, _option("Exit with 0 even if there are findings.", "--exit-zero", "-e")] = False,
) -> None:
    """Run a training under observation, and report which lines misspend gradients.

    The program does whatever it does without accumlint, with the same weights bit for bit. Exits with 0 if no rule fires, 1 if
    one does, 2 if the program failed.
    """
    from accumlint.config import FORMATS

    given = list(words or ())
    if module is None and not given:
        raise UsageError("nothing to run: name a script, or a module with -m")
    if output_format not in FORMATS:
        raise UsageError(f"unknown output format `{output_format}`")
    target, arguments = (module, given) if module is not None else (given[0], given[1:])
    wanted = Wanted(target, arguments, module is not None, max_steps, show_ledger, output_format, exit_zero)
    raise typer.Exit(observed(wanted))


def observed(wanted: Wanted) -> int:
    """Run, print, and return the exit code."""
    try:
        import torch  # noqa: F401
    except ImportError as error:
        raise UsageError("`accumlint run` needs torch: pip install 'accumlint[confirm]'") from error
    from accumlint.observer.script import run

    done = run(wanted.target, wanted.arguments, module=wanted.module, max_steps=wanted.max_steps)
    sys.stdout.flush()
    found = _print(done, wanted)
    if done.failure is not None:
        print(f"error: {wanted.target} failed while it was observed: {done.failure}", file=sys.stderr)
        return FAILED
    return FOUND if found and not wanted.exit_zero else CLEAN


def _print(done: Run, wanted: Wanted) -> int:
    """Print the report and return the number of findings."""
    from accumlint.observer.judge import findings
    from accumlint.report import writer
    from accumlint.report.ledger_table import draw
    from accumlint.report.outcome import outcome
    from accumlint.report.paint import wants_colour

    found = findings(done.told.ledgers, wanted.target)
    told = outcome(
        found,
        (),
        looked_at=len({finding.site.path for finding in found}),
        show_ledger=wanted.show_ledger is not False,
        colour=wants_colour("auto", sys.stdout),
    )
    if found or wanted.output_format not in ("full", "concise"):
        writer(wanted.output_format)(told, sys.stdout)
    elif wanted.show_ledger:
        for ledger in done.told.ledgers:
            print(f"{ledger.optimizer}\n{draw(ledger, colour=told.colour, width=told.width)}")
    sys.stdout.flush()
    for reason in done.told.unjudged:
        print(f"note: not judged: {reason}", file=sys.stderr)
    if not found:
        backwards = sum(1 for ledger in done.told.ledgers for _ in ledger.deposits)
        seen = f"No gradient misspent in {backwards} backward calls and {done.steps} steps"
        print(seen if backwards else "No optimizer of torch was fed: there is nothing to judge", file=sys.stderr)
    return len(found)
