"""One run of ``accumlint confirm``: from paths to printed verdicts and the exit code."""

from __future__ import annotations

import sys
from concurrent.futures import Executor

from accumlint.confirm.asking import Wanted, confirmed, tasks_of
from accumlint.confirm.tell import Teller
from accumlint.discover import discover
from accumlint.request import CLEAN, FAILED, FOUND, Request
from accumlint.run import Run, resolver_of


def run(wanted: Wanted, executor: Executor | None = None) -> int:
    """Lint, confirm on ``executor`` (own workers where there is none), print, and return the exit code. Raises `UsageError`."""
    linted = lint(wanted)
    replayed = confirmed(tasks_of(linted.done.reports, wanted, linted.resolver.settings, linted.texts), wanted, executor)
    teller = Teller(wanted.output_format, wanted.show_ledger, sum(bool(one.ledger.entries) for one in linted.findings))
    try:
        for one, verdict in replayed:
            teller.tell(one, verdict)
    finally:
        teller.close()
    if any(problem.fatal for problem in linted.problems):
        return FAILED
    return FOUND if (teller.standing or linted.problems) and not wanted.exit_zero else CLEAN


def lint(wanted: Wanted) -> Run:
    """What ``accumlint check`` finds under the paths, by the same settings and baselines; what could not be judged is told."""
    request = Request(wanted.paths, wanted.overrides, wanted.config, wanted.isolated, jobs=wanted.jobs, cached=wanted.cached)
    resolver = resolver_of(request)
    linted = Run(request, resolver, discover(wanted.paths, resolver.settings))
    linted.judge()
    if linted.baselines:
        linted.hide()
    linted.tell()
    for problem in linted.problems:
        if not problem.fatal:
            print(f"warning: {problem.path}:{problem.line}:{problem.column}: {problem.message}", file=sys.stderr)
    return linted
