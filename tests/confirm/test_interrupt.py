"""Ctrl-C in `accumlint confirm`: what was replayed by then is printed and remembered, and no process is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.torch, pytest.mark.skipif(sys.platform != "linux", reason="the processes are looked up in /proc")]
FILES = 60
BROKEN = """\
def train_{number}(model, loader, criterion, optimizer):
    for x, y in loader:
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
"""


def children(parent: int) -> list[int]:
    """The processes that ``parent``'s threads started."""
    return [
        int(child) for thread in Path(f"/proc/{parent}/task").iterdir() for child in (thread / "children").read_text().split()
    ]


@pytest.mark.parametrize("times", [1, 3], ids=["once", "impatiently"])
def test_interrupted(tmp_path: Path, times: int) -> None:
    for number in range(FILES):
        (tmp_path / f"train_{number}.py").write_text(BROKEN.format(number=number))
    asked = [
        sys.executable,
        "-m",
        "accumlint",
        "confirm",
        "--isolated",
        "--device=cpu",
        "--jobs=2",
        "--output-format=concise",
        ".",
    ]
    own = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.Popen(
        asked,
        cwd=tmp_path,
        env=own,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a suite in the background has it ignored
    )
    assert run.stdout is not None
    assert run.stderr is not None
    told = ""
    while "  confirmed: " not in told:
        told += run.stdout.readline()
    workers = children(run.pid)
    for _ in range(times):
        run.send_signal(signal.SIGINT)
    # not by `communicate`, which does not see what `readline` has read ahead
    told += run.stdout.read()
    errors = run.stderr.read()
    run.wait(60)
    confirmed = told.count("  confirmed: ")
    assert run.returncode == 130
    assert 0 < confirmed < FILES
    assert told.rstrip().endswith(f"{confirmed} confirmed, {FILES - confirmed} not replayed")
    assert "error: interrupted" in errors
    assert "Traceback" not in errors
    assert len(list((tmp_path / ".accumlint_cache" / "confirm").iterdir())) >= confirmed
    assert not [worker for worker in workers if Path(f"/proc/{worker}").exists()]
