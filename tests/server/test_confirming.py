"""A confirmation runs beside the server, and dies when it is cancelled or the client leaves."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from test_stream import Wire

pytestmark = pytest.mark.skipif(not hasattr(os, "killpg"), reason="process groups are needed")

# stands for a replay that never ends, with a worker of its own; both write their numbers down
ENDLESS = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open(sys.argv[1] + ".pids", "w").write(f"{os.getpid()} {child.pid}\\n")
time.sleep(600)
"""
SERVE = """
import sys
from accumlint.server import app, confirming
confirming.command = lambda path: [sys.executable, "-c", {script!r}, path]
app.serve()
"""


def wait_for(path: Path) -> list[int]:
    deadline = time.monotonic() + 20
    while not (path.exists() and path.read_text().endswith("\n")):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return [int(word) for word in path.read_text().split()]


def gone(process: int) -> bool:
    """Whether a process has ended; one that only waits to be reaped has."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        return Path("/proc").exists()
    return status.rpartition(")")[2].split()[0] == "Z"


@pytest.mark.parametrize("how", ["cancelled", "the client leaves"])
def test_it_is_killed_with_its_children(tmp_path: Path, how: str) -> None:
    file = tmp_path / "train.py"
    file.write_text("x = 1\n")
    wire = Wire(sys.executable, "-c", SERVE.format(script=ENDLESS))
    wire.begin()
    wire.send("workspace/executeCommand", {"command": "accumlint.confirm", "arguments": [file.as_uri()]}, id="slow")
    processes = wait_for(tmp_path / "train.py.pids")
    if how == "cancelled":
        wire.send("$/cancelRequest", {"id": "slow"})
        assert wire.heard.get(timeout=20)["error"]["code"] == -32800
        # the server goes on
        place = {"textDocument": {"uri": "file:///a.py"}, "position": {"line": 0, "character": 0}}
        assert wire.ask("textDocument/hover", place)["result"] is None
    else:
        assert wire.server.stdin is not None
        wire.server.stdin.close()
        assert wire.server.wait(15) == 1
    deadline = time.monotonic() + 10
    while not all(map(gone, processes)):
        assert time.monotonic() < deadline, processes
        time.sleep(0.05)
    wire.server.kill()
    wire.server.wait()
