"""``accumlint confirm``: lints, replays each finding in torch behind a fence, and says which hold."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from accumlint.config import Overrides
from accumlint.interrupt import INTERRUPTED, interrupted_once
from accumlint.problem import UsageError


def _option(text: str, *names: str, **more: Any) -> Any:
    return typer.Option(*names, help=text, show_default=False, **more)


def command(
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Files, folders or notebooks. [default: .]", show_default=False, metavar="[PATHS]..."),
    ] = None,
    select: Annotated[list[str] | None, _option("Confirm findings of these rules only.", metavar="RULES")] = None,
    ignore: Annotated[list[str] | None, _option("Leave these rules out.", metavar="RULES")] = None,
    extend_select: Annotated[list[str] | None, _option("Confirm findings of these rules too.", metavar="RULES")] = None,
    baseline: Annotated[str | None, _option("Leave out what is known in this baseline.", metavar="FILE")] = None,
    no_baseline: Annotated[bool, _option("Confirm what the configured baseline hides, too.", "--no-baseline")] = False,
    config: Annotated[str | None, _option("Use this configuration, not the closest.", metavar="FILE")] = None,
    isolated: Annotated[bool, _option("Use no configuration.", "--isolated")] = False,
    device: Annotated[
        str,
        _option(
            "Where to replay: cuda, cpu, mps (which replays on the cpu), or auto: cuda if there is one. [default: auto]",
            metavar="DEVICE",
        ),
    ] = "auto",
    jobs: Annotated[
        int | None, _option("How many workers. [default: one a core, or one a GPU]", "--jobs", "-j", min=1, metavar="N")
    ] = None,
    timeout: Annotated[float, _option("Seconds a replay may take. [default: 10]", min=0.1, metavar="SECONDS")] = 10.0,
    fixes: Annotated[bool, _option("Replay each finding's fix too.", "--fixes/--no-fixes")] = True,
    show_ledger: Annotated[bool, _option("Draw the measured ledger, and the fixed one beside it.", "--show-ledger")] = False,
    output_format: Annotated[str, _option("full, concise or json. [default: full]", metavar="FORM")] = "full",
    no_cache: Annotated[bool, _option("Neither read nor write the cache.", "--no-cache", "-n")] = False,
    exit_zero: Annotated[bool, _option("Exit with 0 even if findings hold.", "--exit-zero", "-e")] = False,
) -> None:
    """Replay each finding in real torch, and say whether it holds: confirmed, refuted or inconclusive.

    The flagged routine runs in a fenced process with stand-ins for model and data. Exits with 0 if every finding is refuted or there
    is none, 1 if one is confirmed or inconclusive or a file cannot be judged, 2 if accumlint could not do its work, 130 if it was
    interrupted; what was replayed by then is printed and remembered.
    """
    from accumlint.confirm.asking import Wanted
    from accumlint.confirm.session import run

    if device not in ("auto", "cpu", "cuda", "mps"):
        raise UsageError(f"unknown device `{device}`: auto, cpu, cuda or mps")
    if output_format not in ("full", "concise", "json"):
        raise UsageError(f"`accumlint confirm` prints full, concise or json, not `{output_format}`")
    if device == "mps":
        print("note: a ledger needs double precision, which MPS has not: replaying on the CPU", file=sys.stderr)
    overrides = Overrides(
        select=None if select is None else _split(select),
        ignore=_split(ignore),
        extend_select=_split(extend_select),
        baseline="" if no_baseline else baseline,
    )
    wanted = Wanted(
        tuple(paths or (".",)),
        overrides,
        config,
        isolated,
        device,
        jobs,
        timeout,
        fixes,
        show_ledger,
        output_format,
        not no_cache,
        exit_zero,
    )
    try:
        with interrupted_once():
            code = run(wanted)
    except KeyboardInterrupt:
        print("error: interrupted", file=sys.stderr)
        code = INTERRUPTED
    raise typer.Exit(code)


def _split(words: list[str] | None) -> tuple[str, ...]:
    return tuple(part.strip() for word in words or () for part in word.split(",") if part.strip())
