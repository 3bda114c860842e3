"""``accumlint check``: the options of a lint run."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Annotated, Any

import typer

from accumlint.check import check
from accumlint.config import Overrides
from accumlint.problem import UsageError
from accumlint.quick import split
from accumlint.request import Request


class Format(StrEnum):
    full = "full"
    concise = "concise"
    grouped = "grouped"
    json = "json"
    github = "github"
    gitlab = "gitlab"
    sarif = "sarif"
    junit = "junit"
    html = "html"


class Colour(StrEnum):
    auto = "auto"
    always = "always"
    never = "never"


Words = list[str] | None


def _option(text: str, *names: str, **more: Any) -> Any:
    return typer.Option(*names, help=text, show_default=False, **more)


def _switch(text: str, *names: str) -> Any:
    return typer.Option(*names, help=text)


def command(
    paths: Annotated[
        Words,
        typer.Argument(help="Files, folders, notebooks, or - for stdin. [default: .]", show_default=False, metavar="[PATHS]..."),
    ] = None,
    select: Annotated[
        Words, _option("Report these rules: codes, prefixes, names or ALL, with commas between.", metavar="RULES")
    ] = None,
    ignore: Annotated[Words, _option("Do not report these rules.", metavar="RULES")] = None,
    extend_select: Annotated[Words, _option("Report these rules too.", metavar="RULES")] = None,
    fix: Annotated[bool, _switch("Fix what can be fixed safely, and report what is left.", "--fix")] = False,
    unsafe_fixes: Annotated[bool, _switch("Also apply fixes that should be looked at.", "--unsafe-fixes")] = False,
    diff: Annotated[bool, _switch("Show what --fix would change, and change nothing.", "--diff")] = False,
    fix_only: Annotated[bool, _switch("Fix, and report nothing.", "--fix-only")] = False,
    exit_non_zero_on_fix: Annotated[bool, _switch("Exit with 1 where anything was fixed.", "--exit-non-zero-on-fix")] = False,
    baseline: Annotated[str | None, _option("Hide what is known in this baseline.", metavar="FILE")] = None,
    no_baseline: Annotated[bool, _switch("Show what the configured baseline hides.", "--no-baseline")] = False,
    write_baseline: Annotated[
        str | None, _option("Write all findings to this baseline, and report none.", metavar="FILE")
    ] = None,
    confirm: Annotated[
        bool, _switch("Replay each finding in torch; what torch refutes is shown, but does not fail the run.", "--confirm")
    ] = False,
    watch: Annotated[bool, _switch("Lint again whenever a file changes.", "--watch", "-w")] = False,
    output_format: Annotated[Format | None, _option("How to print findings. [default: full]")] = None,
    output_file: Annotated[str | None, _option("Write the findings to this file.", "--output-file", "-o", metavar="FILE")] = None,
    show_ledger: Annotated[bool, _switch("Draw which step spends which micro-batch.", "--show-ledger")] = False,
    statistics: Annotated[bool, _switch("Print how often each rule fired, not the findings.", "--statistics")] = False,
    exclude: Annotated[Words, _option("Leave out these files, not the default ones.", metavar="PATTERNS")] = None,
    extend_exclude: Annotated[Words, _option("Leave out these files too.", metavar="PATTERNS")] = None,
    force_exclude: Annotated[bool | None, _option("Leave out excluded files even where they are named.")] = None,
    respect_gitignore: Annotated[bool | None, _option("Leave out what git ignores. [default: on]")] = None,
    stdin_filename: Annotated[str | None, _option("The name of the file that stdin holds.", metavar="PATH")] = None,
    config: Annotated[str | None, _option("Use this configuration, not the closest.", metavar="FILE")] = None,
    isolated: Annotated[bool, _switch("Use no configuration.", "--isolated")] = False,
    jobs: Annotated[
        int | None, _option("How many processes to use. [default: one a core]", "--jobs", "-j", min=1, metavar="N")
    ] = None,
    no_cache: Annotated[bool, _switch("Neither read nor write the cache.", "--no-cache", "-n")] = False,
    cache_dir: Annotated[str | None, _option("Where the cache is. [default: .accumlint_cache]", metavar="FOLDER")] = None,
    exit_zero: Annotated[bool, _switch("Exit with 0 even if there are findings.", "--exit-zero", "-e")] = False,
    color: Annotated[Colour, _option("Whether to colour the output. [default: auto]")] = Colour.auto,
    verbose: Annotated[bool, _switch("Also say what was left out or unjudged, and why.", "--verbose", "-v")] = False,
    quiet: Annotated[bool, _switch("Print findings and errors, and nothing else.", "--quiet", "-q")] = False,
    show_settings: Annotated[bool, _switch("Print the settings for the first path.", "--show-settings")] = False,
    show_files: Annotated[bool, _switch("Print the files that would be looked at.", "--show-files")] = False,
) -> None:
    """Find gradient accumulation bugs in files, folders and notebooks.

    Exits with 0 if there are no findings (with --confirm: none that torch does not refute), 1 if there are, 2 if accumlint could not do
    its work.
    """
    given = {
        "--fix": fix,
        "--unsafe-fixes": unsafe_fixes,
        "--stdin-filename": stdin_filename,
        "--baseline": baseline,
        "--no-baseline": no_baseline,
        "--write-baseline": write_baseline,
        "--diff": diff,
        "--fix-only": fix_only,
        "--confirm": confirm,
        "--watch": watch,
        "--config": config,
        "--isolated": isolated,
        "--verbose": verbose,
        "--quiet": quiet,
        "--output-file": output_file,
        "--show-settings": show_settings,
        "--show-files": show_files,
        "-": "-" in (paths or ()),
    }
    _refuse([name for name, value in given.items() if value])
    overrides = Overrides(
        select=None if select is None else split(select),
        ignore=split(ignore or ()),
        extend_select=split(extend_select or ()),
        exclude=None if exclude is None else split(exclude),
        extend_exclude=split(extend_exclude or ()),
        respect_gitignore=respect_gitignore,
        force_exclude=force_exclude,
        output_format=output_format,
        cache_dir=cache_dir,
        baseline="" if no_baseline or write_baseline else baseline,
    )
    request = Request(
        paths=tuple(paths or ()),
        overrides=overrides,
        config=config,
        isolated=isolated,
        write_baseline=write_baseline,
        stdin_filename=stdin_filename,
        show_ledger=show_ledger,
        statistics=statistics,
        jobs=jobs,
        cached=not no_cache,
        exit_zero=exit_zero,
        output_file=output_file,
        colour=color,
        verbose=verbose,
        quiet=quiet,
        show_settings=show_settings,
        show_files=show_files,
        fix=fix,
        unsafe_fixes=unsafe_fixes,
        diff=diff,
        fix_only=fix_only,
        exit_non_zero_on_fix=exit_non_zero_on_fix,
        watch=watch,
        confirm=confirm,
    )
    raise typer.Exit(check(request))


# options that make no sense together, each with those that it is not given with; and those that need one of some others
_ALONE = {
    "--write-baseline": ("--baseline", "--no-baseline", "--diff", "--watch"),
    "--no-baseline": ("--baseline",),
    "--watch": ("--diff", "--show-settings", "--show-files", "-"),
    "--confirm": ("--diff", "--fix-only", "--write-baseline"),
    "--isolated": ("--config",),
    "--verbose": ("--quiet",),
    "--output-file": ("--diff", "--fix-only", "--write-baseline", "--show-settings", "--show-files"),
}
_NEEDED = {"--unsafe-fixes": ("--fix", "--fix-only", "--diff"), "--stdin-filename": ("-",)}


def _refuse(given: Collection[str]) -> None:
    """Raises `UsageError` for two options that exclude each other, and for one that does nothing by itself."""
    for one, others in _ALONE.items():
        for other in others:
            if one in given and other in given:
                raise UsageError(f"{one} and {other} exclude each other")
    for one, others in _NEEDED.items():
        if one in given and not any(other in given for other in others):
            raise UsageError(f"{one} does nothing without {' or '.join(others)}")
