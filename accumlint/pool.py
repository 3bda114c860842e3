"""Works in several processes, as to judge files; a process that dies costs the one task that killed it."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import BaseContext
from typing import TypeVar

from accumlint.lint import FileReport
from accumlint.problem import Problem, internal_error
from accumlint.sweep import Task, judge

Given = TypeVar("Given")
Made = TypeVar("Made")


def judge_in_pool(tasks: Sequence[Task], workers: int, judged: Callable[[], None]) -> Iterator[FileReport]:
    """The reports of all tasks, in no order; calls ``judged`` after each."""
    # once, for all forks
    import accumlint.judge  # noqa: F401

    # the longest first, so that no worker is left with one at the end
    for task, report in each(judge, sorted(tasks, key=lambda task: -task.size), workers, judged):
        yield report if report is not None else FileReport(task.path, problems=(died(task.path),))


def died(path: str) -> Problem:
    """What is said of a file that has killed the process that worked on it."""
    return Problem("internal-error", path, internal_error(ChildProcessError("its process died")))


def each(
    work: Callable[[Given], Made], tasks: Sequence[Given], workers: int, done: Callable[[], None]
) -> Iterator[tuple[Given, Made | None]]:
    """Each task with what ``work`` makes of it, in no order; None where that kills its process. Calls ``done`` after each."""
    made, undone = _run(work, tasks, workers, done)
    yield from made
    # a worker died and took with it what the others had begun: alone, it shows which task it was
    for task in undone:
        made, lost = _run(work, [task], 1, done)
        yield from made
        yield from ((one, None) for one in lost)


def _run(
    work: Callable[[Given], Made], tasks: Sequence[Given], workers: int, done: Callable[[], None]
) -> tuple[list[tuple[Given, Made]], list[Given]]:
    """What was made, and the tasks left undone when a worker died."""
    made: dict[int, Made] = {}
    begun: dict[Future[Made], int] = {}
    pool = ProcessPoolExecutor(workers, mp_context=_context(), initializer=_leave_interrupts)
    try:
        with contextlib.suppress(BrokenProcessPool):
            for number, task in enumerate(tasks):
                begun[pool.submit(work, task)] = number
        for future in as_completed(begun):
            with contextlib.suppress(BrokenProcessPool):
                made[begun[future]] = future.result()
                done()
    finally:
        pool.shutdown(cancel_futures=True)
    undone = [task for number, task in enumerate(tasks) if number not in made]
    return [(tasks[number], one) for number, one in made.items()], undone


def _context() -> BaseContext:
    """Forks share what is imported already, but are safe on Linux only."""
    return multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


def _leave_interrupts() -> None:
    """An interrupt is the parent's to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
