"""How much faster a folder is fixed, and reported with its fixes, by several processes than by one; and what fixes add to findings.

    python tests/benchmarks/fixing.py [FOLDER] [ROUNDS]

The runs take turns, so that whatever else the machine does weighs on all alike.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

from accumlint.sweep import cores

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "wrong"
RUNS = {
    "findings alone, one process": ("--statistics", "--jobs", "1"),
    "with fixes, one process": ("--jobs", "1"),
    f"with fixes, {cores()} processes": ("--jobs", str(cores())),
    "diff, one process": ("--diff", "--unsafe-fixes", "--jobs", "1"),
    f"diff, {cores()} processes": ("--diff", "--unsafe-fixes", "--jobs", str(cores())),
}


def seconds(folder: str, options: tuple[str, ...]) -> float:
    """Wall time of one run of ``accumlint check`` without a cache."""
    begun = time.perf_counter()
    ran = subprocess.run(
        [sys.executable, "-m", "accumlint", "check", "--no-cache", "--isolated", *options, folder],
        capture_output=True,
        check=False,
    )
    if ran.returncode not in (0, 1):
        raise SystemExit(ran.stderr.decode())
    return time.perf_counter() - begun


def main(folder: str = str(FIXTURES), rounds: str = "3") -> None:
    taken: dict[str, list[float]] = defaultdict(list)
    for _ in range(int(rounds)):
        for name, options in RUNS.items():
            taken[name].append(seconds(folder, options))
    least = statistics.median(taken["findings alone, one process"])
    for name, times in taken.items():
        middle = statistics.median(times)
        print(f"{name:28} {middle:7.2f} s  {middle / least:5.2f} times as long as the findings alone")


if __name__ == "__main__":
    main(*sys.argv[1:])
