"""Confirms many findings at once, on anything that is a `concurrent.futures.Executor`; each verdict comes as soon as it is there.

The README has the recipe for a dask cluster.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path

from accumlint.confirm.task import Task, close_workers, confirm, serve_until
from accumlint.confirm.verdict import Outcome, Verdict
from accumlint.interrupt import heed


def verdicts(tasks: Iterable[Task], executor: Executor) -> Iterator[tuple[Task, Verdict]]:
    """Each task with its verdict, as soon as it is there: the first come while later tasks are still being made.

    What is left when the caller stops is cancelled.
    """
    futures: dict[Future[Verdict], Task] = {}
    try:
        for one in tasks:
            try:
                futures[executor.submit(confirm, one)] = one
            except Exception as error:  # whatever a broken executor raises
                yield one, _failed(error)
            for future in [future for future in futures if future.done()]:
                heed()
                yield futures.pop(future), _verdict(future)
        for future in as_completed(futures):
            heed()
            yield futures[future], _verdict(future)
    finally:
        for future in futures:
            future.cancel()


def _verdict(future: Future[Verdict]) -> Verdict:
    failure = future.exception()
    return future.result() if failure is None else _failed(failure)


def _failed(error: BaseException) -> Verdict:
    return Verdict(Outcome.INCONCLUSIVE, f"the executor failed: {type(error).__name__}: {error}")


@contextmanager
def workers(jobs: int) -> Iterator[Executor]:
    """An executor of ``jobs`` threads, each with a warm worker process of its own; none is left when the block ends."""
    over = threading.Event()
    pool = ThreadPoolExecutor(jobs, "accumlint-confirm", initializer=serve_until, initargs=(over,))
    try:
        yield pool
    finally:
        over.set()
        pool.shutdown(wait=False, cancel_futures=True)
        close_workers()  # ends what a thread may still wait for
        pool.shutdown(wait=True)
        close_workers()


def devices(wanted: str) -> list[tuple[str, ...]]:
    """What replays are dealt out to in turn, each with what to fall back on: every CUDA device for ``cuda`` and, where there is one, for
    ``auto``, which falls back on the CPU.

    CUDA is not asked, only the system: a process that has initialised CUDA must not fork. MPS knows no double precision, so a ledger
    is read on the CPU there.
    """
    if wanted not in ("auto", "cuda"):
        return [("cpu",)]
    numbers = sorted(int(path.name[6:]) for path in Path("/dev").glob("nvidia*") if re.fullmatch(r"nvidia\d+", path.name))
    if wanted == "cuda":
        return [(f"cuda:{number}",) for number in numbers or [0]]
    return [(f"cuda:{number}", "cpu") for number in numbers] or [("cpu",)]
