"""Times accumlint and TorchFix on the same folders, in turn, and prints the table that the README shows.

    python tests/benchmarks/against_torchfix.py FOLDER... [--torchfix COMMAND] [--reading] [--minutes 60]
    python tests/benchmarks/against_torchfix.py --children CORPUS... [--files 3000] [--torchfix COMMAND] [--reading] [--minutes 60]

Each folder is one run of each tool. With ``--children`` the folders are those inside ``CORPUS...``, such as clones of repositories, in
an order that a fixed seed shuffles, until there are that many Python files or the minutes are over: a sample that does not depend on
what is in them. ``--reading`` adds what it costs to walk the folders and read their files, and nothing else. What is run on is a copy of a
folder's ``*.py`` alone: TorchFix reads no notebooks, and neither configuration nor cache of an earlier run is there.

TorchFix 0.7 needs a libcst of its own time: install it into another environment and name its command. Both must be compiled, as pip does
unless it is told not to (``python -m compileall``): else a start costs several times as much. Times are CPU seconds of whole
processes and their children, summed over all folders, so that a busy machine changes them little; memory is the largest process's.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

READ = """
import os, sys
for folder, inside, names in os.walk(sys.argv[1]):
    for name in names:
        if name.endswith(".py"):
            with open(os.path.join(folder, name), "rb") as file:
                file.read()
"""


@dataclass
class Cost:
    """What one tool has cost so far: seconds of processor time, seconds passed, and the peak of its largest process in MiB."""

    cpu: float = 0.0
    wall: float = 0.0
    peak: int = 0

    def add(self, command: list[str]) -> None:
        """Run ``command`` to its end."""
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, _, usage = os.wait4(process.pid, 0)
        self.cpu += usage.ru_utime + usage.ru_stime
        self.wall += time.perf_counter() - start
        self.peak = max(self.peak, usage.ru_maxrss // 1024)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--children", action="store_true", help="the folders inside these are what is run on")
    parser.add_argument("--torchfix", default="torchfix", help="the torchfix command")
    parser.add_argument("--reading", action="store_true", help="also walk and read the files, and nothing else")
    parser.add_argument("--files", type=float, default=float("inf"), help="how many Python files are enough")
    parser.add_argument("--minutes", type=float, default=60)
    options = parser.parse_args()
    tools = {
        "accumlint": [sys.executable, "-m", "accumlint"],
        "TorchFix": [options.torchfix, "--select", "ALL"],
    }
    if options.reading:
        tools["reading alone"] = [sys.executable, "-c", READ]
    costs = {name: Cost() for name in tools}
    runs = files = lines = 0
    end = time.monotonic() + 60 * options.minutes
    for folder in _shuffled(options.folders) if options.children else options.folders:
        if time.monotonic() > end or files >= options.files:
            break
        texts = [path.read_bytes() for path in Path(folder).rglob("*.py") if path.is_file()]
        runs, files, lines = runs + 1, files + len(texts), lines + sum(text.count(b"\n") for text in texts)
        for name, command in tools.items():
            with _python_of(folder) as copy:
                costs[name].add([*command, copy])
        so_far = ", ".join(f"{name} {cost.cpu:.1f} s" for name, cost in costs.items())
        print(f"{files:,} files with {folder}: {so_far}", file=sys.stderr, flush=True)
    print(f"{runs:,} folders, {files:,} files, {lines:,} lines, {os.cpu_count()} cores\n")
    print("| tool | CPU s | wall s | peak MiB |\n|---|---|---|---|")
    for name, cost in costs.items():
        print(f"| {name} | {cost.cpu:.1f} | {cost.wall:.1f} | {cost.peak} |")
    print(f"\nTorchFix takes {costs['TorchFix'].cpu / costs['accumlint'].cpu:.1f} times the CPU of accumlint.")


@contextmanager
def _python_of(folder: str) -> Iterator[str]:
    """A copy of the ``*.py`` in ``folder``, for as long as it lasts."""
    with TemporaryDirectory() as made:
        for path in (path for path in Path(folder).rglob("*.py") if path.is_file()):
            copy = Path(made, path.relative_to(folder))
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        yield made


def _shuffled(corpora: list[str]) -> Iterator[str]:
    """The folders with Python files inside ``corpora``, in an order of their own that is always the same."""
    found = sorted(str(path) for corpus in corpora for path in Path(corpus).iterdir() if path.is_dir())
    random.Random(0).shuffle(found)
    return (folder for folder in found if any(Path(folder).rglob("*.py")))


if __name__ == "__main__":
    main()
