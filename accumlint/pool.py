"""Judges files in several processes; a process that dies costs the one file that killed it."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import BaseContext

# imported here once, for all forks
from accumlint.lint import FileReport
from accumlint.problem import Problem, internal_error
from accumlint.sweep import Task, judge


def judge_in_pool(tasks: Sequence[Task], workers: int, judged: Callable[[], None]) -> Iterator[FileReport]:
    """The reports of all tasks, in no order; calls ``judged`` after each."""
    # the longest first, so that no worker is left with one at the end
    reports, undone = _run(sorted(tasks, key=lambda task: -task.size), workers, judged)
    yield from reports
    # a worker died and took with it what the others had begun: alone, it shows which file it was
    for task in undone:
        reports, lost = _run([task], 1, judged)
        yield from reports
        died = Problem("internal-error", task.path, internal_error(ChildProcessError("its process died")))
        yield from (FileReport(one.path, problems=(died,)) for one in lost)


def _run(tasks: Sequence[Task], workers: int, judged: Callable[[], None]) -> tuple[list[FileReport], list[Task]]:
    """The reports, and the tasks left undone when a worker died."""
    reports: list[FileReport] = []
    begun: dict[Future[FileReport], Task] = {}
    pool = ProcessPoolExecutor(workers, mp_context=_context(), initializer=_leave_interrupts)
    try:
        with contextlib.suppress(BrokenProcessPool):
            for task in tasks:
                begun[pool.submit(judge, task)] = task
        done: set[Task] = set()
        for future in as_completed(begun):
            with contextlib.suppress(BrokenProcessPool):
                reports.append(future.result())
                done.add(begun[future])
                judged()
    finally:
        pool.shutdown(cancel_futures=True)
    return reports, [task for task in tasks if task not in done]


def _context() -> BaseContext:
    """Forks share what is imported already, but are safe on Linux only."""
    return multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


def _leave_interrupts() -> None:
    """An interrupt is the parent's to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
