"""Times accumlint and TorchFix on the same files, in turn, and prints the table that the README shows.

    python tests/benchmarks/against_torchfix.py FOLDER [--torchfix PATH] [--runs 3]

TorchFix 0.7 needs a libcst of its own time: install it into another environment and name its command. Times are CPU seconds of a
whole process and its children, so that a busy machine changes them little; the ratio is taken run by run.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path


def cost(command: list[str]) -> tuple[float, float, int]:
    """CPU seconds, wall seconds and peak memory (MiB) of one command with its children."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    return usage.ru_utime + usage.ru_stime, time.perf_counter() - start, usage.ru_maxrss // 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--torchfix", default="torchfix", help="the torchfix command")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    files = [path for path in Path(options.folder).rglob("*.py") if path.is_file()]
    lines = sum(path.read_bytes().count(b"\n") for path in files)
    accumlint = [sys.executable, "-m", "accumlint", "--isolated", "--no-cache", "--exit-zero", options.folder]
    torchfix = [options.torchfix, "--select", "ALL", options.folder]
    ours, theirs = [], []
    for _ in range(options.runs):
        ours.append(cost(accumlint))
        theirs.append(cost(torchfix))
    ratio = statistics.median(b[0] / a[0] for a, b in zip(ours, theirs, strict=True))
    print(f"{len(files):,} files, {lines:,} lines, {os.cpu_count()} cores, {options.runs} runs each, medians\n")
    print("| tool | CPU s | wall s | peak MiB |\n| --- | --- | --- | --- |")
    for name, runs in (("accumlint", ours), ("TorchFix", theirs)):
        cpu, wall, memory = (statistics.median(run[column] for run in runs) for column in range(3))
        print(f"| {name} | {cpu:.1f} | {wall:.1f} | {memory:.0f} |")
    print(f"\nTorchFix takes {ratio:.0f} times the CPU of accumlint.")


if __name__ == "__main__":
    main()
