"""How long confirming takes: starting a worker, one warm replay after another, and a hundred findings on two workers.

    python tests/benchmarks/confirming.py [FOLDER]

Wall time depends on what else the machine does; the processor time beside it does not.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from accumlint.analyse import analyse
from accumlint.confirm.many import verdicts, workers
from accumlint.confirm.task import Task, close_workers, confirm, own_worker, task
from accumlint.confirm.verdict import Outcome
from accumlint.registry import DEFAULT
from accumlint.source import decode

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "wrong"
HUNDRED = 100


@dataclass(slots=True)
class Spent:
    """Seconds: on the wall, and of the processor in the workers and their children."""

    wall: float = 0.0
    processor: float = 0.0


@contextmanager
def spent() -> Iterator[Spent]:
    """What the block takes, with the end of every worker that it uses."""
    found = Spent()
    started, before = time.perf_counter(), _processor()
    yield found
    found.wall = time.perf_counter() - started
    close_workers()
    found.processor = _processor() - before


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def findings(folder: Path) -> list[Task]:
    """A task for each finding under ``folder``, without its fix."""
    made = []
    for path in sorted(folder.rglob("*.py")):
        source = decode(path.read_bytes(), str(path))
        found = (one for one in analyse(source.text, str(path)).findings if one.code in DEFAULT)
        made += [task(finding, source.text, str(path)) for finding in found]
    return made


def main(folder: Path) -> None:
    tasks = list(islice(cycle(findings(folder)), HUNDRED))
    with spent() as start:
        own_worker("cpu", tasks[0].limits).start()
    own_worker("cpu", tasks[0].limits).start()
    with spent() as warm:
        seconds = sorted(confirm(one).seconds for one in tasks)
    each = (warm.processor - start.processor) / len(tasks)
    with spent() as all_, workers(2) as pool:
        outcomes = [verdict.outcome for _, verdict in verdicts(tasks, pool)]
    print(f"{len(tasks)} findings in {folder.name}/")
    print(f"start-up of a worker: {start.wall:.1f} s ({start.processor:.1f} s of processor)")
    print(
        f"a warm replay: {statistics.median(seconds) * 1e3:.0f} ms at the median, {seconds[int(len(seconds) * 0.95)] * 1e3:.0f} ms at"
    )
    print(f"the 95th percentile, {seconds[0] * 1e3:.0f} ms at best ({each * 1e3:.0f} ms of processor on average)")
    print(
        f"all on 2 workers: {all_.wall:.1f} s with their start-up ({all_.processor:.1f} s of processor, {2 * start.processor:.1f} s to start)"
    )
    print(f"{outcomes.count(Outcome.CONFIRMED)} confirmed")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FIXTURES)
