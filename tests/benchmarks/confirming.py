"""How long confirming takes: starting a worker, one warm replay after another, and a hundred findings on two workers.

python tests/benchmarks/confirming.py [FOLDER]
"""

from __future__ import annotations

import statistics
import sys
import time
from itertools import cycle, islice
from pathlib import Path

from accumlint.analyse import analyse
from accumlint.confirm.many import verdicts, workers
from accumlint.confirm.task import Task, close_workers, confirm, own_worker, task
from accumlint.registry import DEFAULT
from accumlint.source import decode

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "wrong"


def findings(folder: Path) -> list[Task]:
    """A task for each finding under ``folder``."""
    made = []
    for path in sorted(folder.rglob("*.py")):
        source = decode(path.read_bytes(), str(path))
        found = (one for one in analyse(source.text, str(path)).findings if one.code in DEFAULT)
        made += [task(finding, source.text, str(path)) for finding in found]
    return made


def main(folder: Path) -> None:
    tasks = findings(folder)
    started = time.perf_counter()
    own_worker(tasks[0].device, tasks[0].limits).start()
    start_up = time.perf_counter() - started
    warm = sorted(confirm(one).seconds for one in tasks)
    close_workers()
    hundred = list(islice(cycle(tasks), 100))
    started = time.perf_counter()
    with workers(2) as pool:
        outcomes = [verdict.outcome for _, verdict in verdicts(hundred, pool)]
    wall = time.perf_counter() - started
    print(f"{len(tasks)} findings in {folder}")
    print(f"start-up of a worker (import torch): {start_up:.2f} s")
    print(
        f"warm replay: {statistics.median(warm) * 1e3:.0f} ms at the median, {warm[int(len(warm) * 0.95)] * 1e3:.0f} ms at the 95th percentile"
    )
    print(f"100 findings on 2 workers: {wall:.1f} s with their start-up, {outcomes.count('confirmed')} confirmed")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FIXTURES)
