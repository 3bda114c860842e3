"""One lint run under way: judging, fixing, hiding what is known, replaying, and telling what was found."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO

from accumlint.config import Resolver, check_selectors
from accumlint.discover import STDIN, Discovery
from accumlint.exclusion import excludes
from accumlint.problem import Problem, UsageError, unreadable
from accumlint.request import CLEAN, FAILED, FOUND, Request
from accumlint.source import read
from accumlint.sweep import Sweep, cores, sweep
from accumlint.words import counted

if TYPE_CHECKING:
    from accumlint.baseline import Baselines
    from accumlint.confirm.verdict import Verdict
    from accumlint.finding import Finding
    from accumlint.fix import Fix
    from accumlint.fix.repair import Offer


def resolver_of(request: Request) -> Resolver:
    """What finds the settings of a run. Raises `UsageError` for a selector that means no rule, or if none is selected."""
    over = request.overrides
    if over.select == ():
        raise UsageError("--select: names no rule; `accumlint rules` lists them all")
    for option, selectors in (("--select", over.select), ("--ignore", over.ignore), ("--extend-select", over.extend_select)):
        if selectors:
            check_selectors(selectors, option)
    return Resolver(over, request.config, request.isolated)


@dataclass(slots=True)
class Run:
    """One run under way. ``done`` holds the reports as each step leaves them, ``texts`` by path what cannot be read again.

    ``left`` are the fixes of what `repair` has left.
    """

    request: Request
    resolver: Resolver
    found: Discovery
    done: Sweep = field(default_factory=Sweep)
    texts: dict[str, bytes] = field(default_factory=dict)
    fixed: int = 0
    left: dict[Finding, Fix] | None = None
    verdicts: dict[Finding, Verdict] = field(default_factory=dict)
    baselines: Baselines | None = None

    def __post_init__(self) -> None:
        """Raises `UsageError` where a baseline that is named cannot be read."""
        files = [self._stdin_name if file.path == STDIN else file.path for file in self.found.files]
        if self.request.write_baseline or any(self.resolver.settings(os.path.dirname(path)).baseline for path in files):
            from accumlint.baseline import Baselines

            self.baselines = Baselines(self.resolver.settings, files)

    @property
    def findings(self) -> list[Finding]:
        return [finding for report in self.done.reports for finding in report.findings]

    @property
    def problems(self) -> list[Problem]:
        return [*self.done.problems, *(problem for report in self.done.reports for problem in report.problems)]

    @property
    def jobs(self) -> int:
        return self.request.jobs or cores()

    @property
    def code(self) -> int:
        """The exit code."""
        if any(problem.fatal for problem in self.problems):
            return FAILED
        if self.fixed and (self.request.diff or self.request.exit_non_zero_on_fix):
            return FOUND
        if not self.request.reports or self.request.exit_zero:
            return CLEAN
        refuted = {finding for finding, verdict in self.verdicts.items() if not verdict.stands}
        return FOUND if self.problems or not refuted.issuperset(self.findings) else CLEAN

    def judge(self) -> None:
        """Judge all files, and what can be read but once, as stdin."""
        streams = [file for file in self.found.files if file.is_stream]
        files = (file for file in self.found.files if file not in streams)
        self.done = sweep(files, self.resolver.settings, self.jobs, self._cache if self.request.cached else None)
        self.done.problems += self.found.problems
        for file in streams:
            self._judge_stream(file.path)

    def _cache(self, folder: str) -> str:
        """Where the cache for a folder's files is."""
        settings = self.resolver.settings(folder)
        return settings.cache_dir or os.path.join(settings.root, ".accumlint_cache")

    def _cache_of(self, path: str) -> str | None:
        """Where the cache is that a file's report came from, if it came from one."""
        return self._cache(os.path.dirname(path)) if self.request.cached and path not in self.texts else None

    def _judge_stream(self, path: str) -> None:
        from accumlint.lint import lint_bytes

        try:
            data = _stdin() if path == STDIN else read(path)
        except OSError as error:
            self.done.problems.append(unreadable(path, error))
            return
        path = self._stdin_name if path == STDIN else path
        settings = self.resolver.settings(os.path.dirname(path))
        self.texts[path] = data
        self.done.looked_at += 1
        if not (settings.force_exclude and excludes(path, False, settings)):
            self.done.reports.append(lint_bytes(data, path, settings))

    @property
    def _stdin_name(self) -> str:
        return self.request.stdin_filename or "<stdin>"

    def repair(self) -> None:
        """Fix what can be fixed, and write it or show it; the reports are then of what is left."""
        from accumlint.fix.repair import repair
        from accumlint.fix.save import diff, save

        wanted = self.baselines.unknown if self.baselines else None
        before = {os.path.abspath(report.path): report for report in self.done.reports}
        self.done.reports, repairs = repair(
            self.done.reports,
            self.resolver.settings,
            list(self.texts.items()),
            unsafe=self.request.unsafe_fixes,
            wanted=wanted,
            jobs=self.jobs,
            cache=self._cache_of,
        )
        self.left = repairs.left
        if self.request.diff:
            sys.stdout.flush()
            sys.stdout.buffer.write(diff(repairs))
        else:
            changed = set(repairs.changed)
            self.done.problems += save(repairs)
            for path in changed.difference(repairs.changed):
                self.done.reports = [before[path] if one.path == before[path].path else one for one in self.done.reports]
            for path in self.texts:
                self.texts[path] = repairs.content(path)
                sys.stdout.buffer.write(self.texts[path])
        sys.stdout.flush()
        self.fixed = sum(repairs.fixed.values())
        verb = "would fix" if self.request.diff else "fixed"
        more = f"; {repairs.unsafe} more with --unsafe-fixes" if repairs.unsafe else ""
        self._mention(f"{verb} {counted(self.fixed, 'finding')} in {counted(len(repairs.changed), 'file')}{more}")

    def hide(self) -> None:
        """Take what baselines know out of the reports, or first write a baseline of them."""
        from accumlint.report.outcome import Sources

        assert self.baselines is not None
        sources = Sources.of(self.texts.items())
        if self.request.write_baseline:
            self.baselines.keep(self.request.write_baseline, self.done.reports, self.done.problems, sources)
        self.done.reports, self.done.problems = self.baselines.hide(self.done.reports, self.done.problems, sources)
        for line in self.baselines.said:
            self._mention(line)

    def replay(self) -> None:
        """Ask torch about the findings. Raises `UsageError` where there is no torch."""
        from accumlint.confirm.asking import Wanted, confirmed, tasks_of
        from accumlint.confirm.tell import fenced

        # on the CPU, where every fence holds; a replay is too small to gain by a GPU
        wanted = Wanted(device="cpu", jobs=self.jobs, fixes=False, cached=self.request.cached)
        tasks = list(tasks_of(self.done.reports, wanted, self.resolver.settings, self.texts))
        self.verdicts = {task.finding: verdict for task, verdict in confirmed(tasks, wanted, None)}
        if fences := [verdict.fences for verdict in self.verdicts.values() if verdict.fences]:
            held, *missing = fenced(fences)
            for line in (held, *missing) if self.request.verbose else missing:
                self._mention(line)

    def tell(self) -> None:
        """On stderr: what could not be done and, if asked for, what was left out or unjudged."""
        for problem in self.problems:
            if problem.fatal:
                say(f"error: {problem.path}: {problem.message}{_meant_command(problem.path)}")
        if self.request.verbose:
            unjudged = (note for report in self.done.reports for note in report.notes)
            for note in (*self.found.notes, *unjudged, *(self.baselines.details if self.baselines else ())):
                say(f"note: {note}")
        if not self.done.looked_at and not self.problems:
            self._mention(f"warning: no Python files or notebooks under {', '.join(self.request.paths or ('.',))}")

    def _mention(self, line: str) -> None:
        """Say on stderr what is no finding and no error."""
        if not self.request.quiet:
            say(line)

    def report(self) -> None:
        """Print what was found; the words for a clean run need none of the modules that write findings."""
        form = self.resolver.settings(".").output_format
        with self._output() as out:
            self._report(form, out)
            out.flush()

    def _output(self) -> AbstractContextManager[TextIO]:
        """Where the report goes. Raises `UsageError` for a file that cannot be written."""
        if self.request.output_file is None:
            # the fixed text of stdin is all that stdout holds
            return nullcontext(sys.stderr if self.request.fix and self.texts else sys.stdout)
        try:
            return open(self.request.output_file, "w", encoding="utf-8", errors="backslashreplace", newline="\n")
        except OSError as error:
            raise UsageError(
                f"--output-file: {self.request.output_file}: cannot be written: {(error.strerror or '').lower()}"
            ) from None

    def _report(self, form: str, out: TextIO) -> None:
        if form in ("full", "concise", "grouped") and not self.problems and not self.findings:
            if self.done.looked_at and not self.request.quiet:
                print(f"All checks passed: {counted(self.done.looked_at, 'file')}", file=out)
            return
        from accumlint.report import writer
        from accumlint.report.outcome import outcome
        from accumlint.report.paint import wants_colour

        offer = None if self.request.statistics else self._offers(form)
        told = outcome(
            self.findings,
            self.problems,
            looked_at=self.done.looked_at,
            texts=self.texts.items(),
            show_ledger=self.request.show_ledger,
            colour=wants_colour(self.request.colour, out),
            fixes=offer.fixes if offer else {},
            fixed=offer.fixed if offer else {},
            verdicts=self.verdicts,
            quiet=self.request.quiet,
        )
        writer(form, statistics=self.request.statistics)(told, out)

    def _offers(self, form: str) -> Offer | None:
        """The fix of each finding that has one, for the forms that tell it, and for the page what it makes of the finding's ledger."""
        from accumlint.fix.repair import Offer, asked_of, offers

        if form not in ("full", "concise", "grouped", "json", "html"):
            return None
        if self.left is not None and form != "html":
            return Offer(self.left, {})
        asked = asked_of(self.done.reports, self.resolver.settings, self._content, self._cache_of)
        return offers(asked, self.jobs, ledgers=form == "html")

    def _content(self, path: str) -> bytes:
        """What a file holds. Raises `OSError`."""
        return self.texts[path] if path in self.texts else read(path)


def _stdin() -> bytes:
    """What stdin holds. Raises `UsageError` where there is none."""
    if sys.stdin is None:
        raise UsageError("there is no stdin to read")
    return sys.stdin.buffer.read()


def _meant_command(path: str) -> str:
    """A hint where a path that does not exist is a misspelt subcommand."""
    if not path.isidentifier() or os.path.lexists(path):
        return ""
    from accumlint.commands import NAMES
    from accumlint.registry import nearest

    return nearest(path, NAMES).replace("`", "`accumlint ", 1)


def say(line: str) -> None:
    print(line, file=sys.stderr)
