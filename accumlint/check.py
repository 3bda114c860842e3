"""One lint run: from the paths and options of a request to the printed report and the exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from io import TextIOWrapper
from typing import TYPE_CHECKING

from accumlint.config import Overrides, Resolver, Settings, check_selectors
from accumlint.discover import STDIN, Discovery, discover
from accumlint.exclusion import excludes
from accumlint.problem import Problem, UsageError, internal_error
from accumlint.sweep import Sweep, sweep

if TYPE_CHECKING:
    from accumlint.baseline import Baselines
    from accumlint.confirm.verdict import Verdict
    from accumlint.finding import Finding
    from accumlint.fix import Fix
    from accumlint.ledger import Ledger

CLEAN, FOUND, FAILED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for on the command line."""

    paths: tuple[str, ...] = ()
    overrides: Overrides = field(default_factory=Overrides)
    config: str | None = None
    isolated: bool = False
    write_baseline: str | None = None
    stdin_filename: str | None = None
    show_ledger: bool = False
    statistics: bool = False
    jobs: int | None = None
    cached: bool = True
    exit_zero: bool = False
    colour: str = "auto"
    verbose: bool = False
    show_settings: bool = False
    show_files: bool = False
    fix: bool = False
    unsafe_fixes: bool = False
    diff: bool = False
    fix_only: bool = False
    exit_non_zero_on_fix: bool = False
    watch: bool = False
    confirm: bool = False


def check(request: Request) -> int:
    """Lint, print, and return the exit code."""
    if isinstance(sys.stdout, TextIOWrapper):
        # file names and source may hold what the terminal cannot
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        if request.watch:
            from accumlint.watch import watch

            return watch(request, _check)
        return _check(request)
    except UsageError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return _fail("interrupted")
    except BrokenPipeError:
        # whoever read our output has seen enough; say nothing more, at exit neither
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        if os.environ.get("ACCUMLINT_DEBUG"):
            raise
        return _fail(f"{internal_error(error)} (ACCUMLINT_DEBUG=1 shows where)")


def _check(request: Request) -> int:
    resolver = _resolver(request)
    paths = request.paths or (".",)
    if request.show_settings:
        return _print_settings(resolver.settings(paths[0] if os.path.isdir(paths[0]) else os.path.dirname(paths[0])))
    found = discover(paths, resolver.settings)
    if request.show_files:
        print("\n".join(file.path for file in found.files))
        return CLEAN
    baselines = _baselines(request, resolver, found)
    done = sweep(
        (file for file in found.files if file.path != STDIN),
        resolver.settings,
        request.jobs or _cores(),
        _cache(request, resolver),
    )
    texts = [_judge_stdin(request, resolver, done)] if any(file.path == STDIN for file in found.files) else []
    repairing = request.fix or request.fix_only or request.diff
    fixed, unsaved = _repair(request, resolver, done, texts, baselines) if repairing else (0, [])
    problems = [*found.problems, *done.problems, *unsaved, *(problem for report in done.reports for problem in report.problems)]
    notes = [*found.notes, *(note for report in done.reports for note in report.notes)]
    if baselines and not request.diff:
        problems = _hide(request, done, problems, texts, baselines)
        notes += baselines.details
    _tell(problems, request.verbose, notes)
    if not done.looked_at and not problems:
        print(f"warning: no Python files or notebooks under {', '.join(paths)}", file=sys.stderr)
    verdicts = _replayed(request, resolver, done, texts) if request.confirm else {}
    if not (request.diff or request.fix_only or request.write_baseline):
        _print(request, resolver, done, problems, texts, verdicts)
    if any(problem.fatal for problem in problems):
        return FAILED
    if fixed and (request.diff or request.exit_non_zero_on_fix):
        return FOUND
    if request.diff or request.fix_only or request.write_baseline:
        return CLEAN
    refuted = {finding for finding, verdict in verdicts.items() if not verdict.stands}
    faulty = bool(problems) or any(finding not in refuted for report in done.reports for finding in report.findings)
    return FOUND if faulty and not request.exit_zero else CLEAN


def _resolver(request: Request) -> Resolver:
    """Raises `UsageError` for a selector that means no rule."""
    over = request.overrides
    for option, selectors in (("--select", over.select), ("--ignore", over.ignore), ("--extend-select", over.extend_select)):
        if selectors:
            check_selectors(selectors, option)
    return Resolver(over, request.config, request.isolated)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _cache(request: Request, resolver: Resolver) -> Callable[[str], str] | None:
    """Where the cache for a folder's files is."""
    if not request.cached:
        return None

    def folder_of(folder: str) -> str:
        settings = resolver.settings(folder)
        return settings.cache_dir or os.path.join(settings.root, ".accumlint_cache")

    return folder_of


def _baselines(request: Request, resolver: Resolver, found: Discovery) -> Baselines | None:
    """The baselines that hold in this run, None if there are none. Raises `UsageError` where one cannot be read."""
    files = [_stdin_name(request) if file.path == STDIN else file.path for file in found.files]
    if request.write_baseline is None and not any(resolver.settings(os.path.dirname(path)).baseline for path in files):
        return None
    from accumlint.baseline import Baselines

    return Baselines(resolver.settings, files)


def _hide(
    request: Request, done: Sweep, problems: Sequence[Problem], texts: Sequence[tuple[str, bytes]], baselines: Baselines
) -> list[Problem]:
    """Take what baselines know out of the reports, or write a baseline of them. Returns the problems that are left."""
    from accumlint.report.outcome import Sources

    sources = Sources.of(texts)
    if request.write_baseline:
        baselines.keep(request.write_baseline, done.reports, problems, sources)
    done.reports, problems = baselines.hide(done.reports, problems, sources)
    for line in baselines.said:
        print(line, file=sys.stderr)
    return problems


def _stdin_name(request: Request) -> str:
    return request.stdin_filename or "<stdin>"


def _judge_stdin(request: Request, resolver: Resolver, done: Sweep) -> tuple[str, bytes]:
    """Judge what stdin holds; its name and its text, which cannot be read again."""
    from accumlint.lint import lint_bytes

    path = _stdin_name(request)
    settings = resolver.settings(os.path.dirname(path))
    data = sys.stdin.buffer.read()
    done.looked_at += 1
    if not (settings.force_exclude and excludes(path, False, settings)):
        done.reports.append(lint_bytes(data, path, settings))
    return path, data


def _repair(
    request: Request, resolver: Resolver, done: Sweep, texts: list[tuple[str, bytes]], baselines: Baselines | None
) -> tuple[int, list[Problem]]:
    """Fix what can be fixed, and write it or show it; the reports are then of what is left. Returns how many are fixed."""
    from accumlint.fix.repair import repair
    from accumlint.fix.save import diff, save

    wanted = baselines.unknown if baselines else None
    left, repairs = repair(done.reports, resolver.settings, texts, unsafe=request.unsafe_fixes, wanted=wanted)
    problems: list[Problem] = []
    if request.diff:
        sys.stdout.write(diff(repairs))
    else:
        problems = save(repairs)
        for place, (path, _) in enumerate(texts):
            texts[place] = (path, repairs.content(path))
            sys.stdout.buffer.write(repairs.content(path))
    sys.stdout.flush()
    done.reports = left
    count = sum(repairs.fixed.values())
    said = f"{'would fix' if request.diff else 'fixed'} {count} finding{'s' * (count != 1)} in {len(repairs.changed)} file{'s' * (len(repairs.changed) != 1)}"
    more = f"; {repairs.unsafe} more with --unsafe-fixes" if repairs.unsafe else ""
    print(f"{said}{more}", file=sys.stderr)
    return count, problems


def _replayed(request: Request, resolver: Resolver, done: Sweep, texts: Sequence[tuple[str, bytes]]) -> dict[Finding, Verdict]:
    """What torch says of the findings. Raises `UsageError` where there is no torch."""
    from accumlint.confirm.session import Wanted, confirmed, tasks_of
    from accumlint.confirm.tell import fenced

    wanted = Wanted(jobs=request.jobs or _cores(), fixes=False, cached=request.cached)
    tasks = list(tasks_of(done.reports, wanted, resolver.settings, dict(texts)))
    verdicts = {task.finding: verdict for task, verdict in confirmed(tasks, wanted, None)}
    if fences := [verdict.fences for verdict in verdicts.values() if verdict.fences]:
        held, *missing = fenced(fences)
        for line in (held, *missing) if request.verbose else missing:
            print(line, file=sys.stderr)
    return verdicts


def _tell(problems: Sequence[Problem], verbose: bool, notes: Sequence[str]) -> None:
    """On stderr: what could not be done and, if asked for, what was left out or unjudged."""
    for problem in problems:
        if problem.fatal:
            print(f"error: {problem.path}: {problem.message}{_meant_command(problem.path)}", file=sys.stderr)
    if verbose:
        print(*(f"note: {note}" for note in notes), sep="\n", end="\n" if notes else "", file=sys.stderr)


def _meant_command(path: str) -> str:
    """A hint where a path that does not exist is a misspelt subcommand."""
    if not path.isidentifier() or os.path.lexists(path):
        return ""
    from accumlint.commands import NAMES
    from accumlint.registry import nearest

    return nearest(path, NAMES).replace("`", "`accumlint ", 1)


def _print(
    request: Request,
    resolver: Resolver,
    done: Sweep,
    problems: Sequence[Problem],
    texts: Sequence[tuple[str, bytes]],
    verdicts: Mapping[Finding, Verdict],
) -> None:
    """The report on stdout; the words for a clean run need none of the modules that write findings."""
    form = resolver.settings(".").output_format
    if form in ("full", "concise", "grouped") and not problems and not any(report.findings for report in done.reports):
        if done.looked_at:
            # the fixed text of stdin is all that stdout holds
            out = sys.stderr if request.fix and texts else sys.stdout
            print(f"All checks passed: {done.looked_at} file{'s' * (done.looked_at != 1)}", file=out)
        return
    from accumlint.report import writer
    from accumlint.report.outcome import outcome
    from accumlint.report.paint import wants_colour

    out = sys.stderr if request.fix and texts else sys.stdout
    fixes = _fixes(done, texts, resolver.settings) if form in ("json", "html") and not request.statistics else {}
    told = outcome(
        [finding for report in done.reports for finding in report.findings],
        problems,
        looked_at=done.looked_at,
        texts=texts,
        show_ledger=request.show_ledger,
        colour=wants_colour(request.colour, out),
        fixes=fixes,
        fixed=_fixed(done, texts, resolver.settings, fixes) if form == "html" else {},
        verdicts=verdicts,
    )
    writer(form, statistics=request.statistics)(told, out)
    out.flush()


def _fixes(done: Sweep, texts: Sequence[tuple[str, bytes]], settings: Callable[[str], Settings]) -> dict[Finding, Fix]:
    """The fix of each finding that has one."""
    from accumlint.fix.repair import fixes_of

    contents = dict(texts)
    found: dict[Finding, Fix] = {}
    for report in done.reports:
        found |= fixes_of(report, settings(os.path.dirname(report.path)), contents.get(report.path))
    return found


def _fixed(
    done: Sweep, texts: Sequence[tuple[str, bytes]], settings: Callable[[str], Settings], fixes: Mapping[Finding, Fix]
) -> dict[Finding, Ledger]:
    """The ledger of each finding with its fix made."""
    from accumlint.fix.repair import fixed_of

    contents = dict(texts)
    found: dict[Finding, Ledger] = {}
    for report in done.reports:
        found |= fixed_of(report, settings(os.path.dirname(report.path)), fixes, contents.get(report.path))
    return found


def _print_settings(settings: Settings) -> int:
    """The settings as JSON, a line a key."""
    from json import dumps

    from accumlint.registry import DEFAULT

    rules = sorted(DEFAULT if settings.rules is None else settings.rules)
    values = {setting.name: getattr(settings, setting.name) for setting in fields(settings)} | {"rules": rules}
    print("\n".join(f"{name.replace('_', '-')} = {dumps(value)}" for name, value in values.items()))
    return CLEAN


def _fail(message: str) -> int:
    print(f"error: {message}", file=sys.stderr)
    return FAILED
