"""No way out of the fence: each that code may know costs it its answer, and touches neither files nor other processes."""

from __future__ import annotations

import ctypes
import json
import os
import platform
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from accumlint.confirm.fence import Limits, unhindered
from accumlint.confirm.worker import Worker

pytestmark = [
    pytest.mark.torch,
    pytest.mark.skipif(platform.system() != "Linux", reason="only Linux has all parts of the fence"),
]
ESCAPES = {
    "compile_an_extension": "Operation not permitted",
    "load_a_pickle": "refused",
    "ask_torch_hub": "Operation not permitted",
    "save_with_torch": "Operation not permitted",
    "map_a_file_with_torch": "Operation not permitted",
    "share_memory": "Operation not permitted",
    "find_popen_among_the_classes": "Operation not permitted",
    "find_os_among_the_modules": "refused",
    "find_a_stream_among_the_objects": "Bad file descriptor",
    "read_memory": "Operation not permitted",
    "read_the_parents_memory": "Permission denied",
    "read_the_first_environment": "Permission denied",
    "read_the_accounts": "Permission denied",
    "list_a_folder": "Permission denied",
    "follow_a_link": "Operation not permitted",
    "limit_the_parent": "Operation not permitted",
    "slow_the_parent_down": "Operation not permitted",
    "pin_the_parent": "Operation not permitted",
    "signal_through_a_pipe": "Operation not permitted",
    "change_a_mode_the_new_way": "Function not implemented",
    "mark_a_file_the_new_way": "Function not implemented",
    "hide_memory": "Function not implemented",
    "queue_calls": "Function not implemented",
    "clone_itself_the_new_way": "Function not implemented",
    "run_from_memory": "Operation not permitted",
    "command_a_file": "Inappropriate ioctl",
    "lock_a_library": "Operation not permitted",
    "watch_a_folder": "Operation not permitted",
    "remove_shared_memory": "Operation not permitted",
    "remove_a_queue": "Permission denied",
    "outlive_the_parent": "Operation not permitted",
    "call_the_old_way": "refused",
    "raise_the_limits": "not allowed to raise maximum limit",
    "become_somebody_else": "Error",
    "set_the_clock": "Operation not permitted",
    "stop_in_place": "Operation not permitted",
    "fill_memory_little_by_little": "can't allocate memory",
    "hold_on": "it did not end within 2 s",
    "recurse": "it",
}
REAL = (
    "hostile.read_a_secret hostile.write_outside hostile.execute hostile.read_the_environment escapes.load_a_pickle escapes.share_memory"
    " escapes.find_popen_among_the_classes escapes.find_os_among_the_modules escapes.read_memory escapes.read_the_first_environment"
    " escapes.read_the_accounts escapes.list_a_folder escapes.slow_the_parent_down escapes.pin_the_parent escapes.limit_the_parent"
    " escapes.clone_itself_the_new_way escapes.run_from_memory escapes.command_a_file escapes.lock_a_library escapes.watch_a_folder"
    " escapes.remove_shared_memory escapes.outlive_the_parent"
)
UNFENCED = """
import json, os, sys
from importlib import import_module
job = json.loads(sys.argv[1]) | {"parent": os.getpid()}
told = {}
os.getppid = os.getpid
for name in sys.argv[2:]:
    module, _, act = name.partition(".")
    try:
        told[name] = str(getattr(import_module(f"confirm.{module}"), act)(job))
    except OSError as error:
        told[name] = f"trouble: {error}"
    told[name + " left"] = sorted(os.listdir(job["folder"]))
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker(entry="confirm.escapes:do", limits=Limits(seconds=2, memory=1 << 28)) as made:
        made.start()
        yield made


@pytest.fixture
def memory() -> Iterator[int]:
    """Shared memory of this process, which must be there at the end."""
    libc = ctypes.CDLL(None, use_errno=True)
    number = libc.shmget(0, 4096, 0o600)
    yield number
    assert libc.shmctl(number, 0, None) == 0


@pytest.mark.parametrize("name", ESCAPES)
def test_no_way_out(worker: Worker, name: str, tmp_path: Path, memory: int) -> None:
    (tmp_path / "victim").write_text("secret")
    mode = (tmp_path / "victim").stat().st_mode
    before = _circumstances()
    signals: list[int] = []
    handled = signal.signal(signal.SIGUSR1, lambda number, _: signals.append(number))
    try:
        answer = worker.do({"act": name, "folder": str(tmp_path), "parent": os.getpid(), "port": 9, "memory": memory})
    finally:
        signal.signal(signal.SIGUSR1, handled)
    assert "got" not in answer
    assert ESCAPES[name] in str(answer["trouble"])
    assert os.listdir(tmp_path) == ["victim"]
    assert (tmp_path / "victim").read_text() == "secret"
    assert (tmp_path / "victim").stat().st_mode == mode
    assert (_circumstances(), signals) == (before, [])


def _circumstances() -> list[object]:
    """What one process may change about another."""
    import resource

    limits = [resource.getrlimit(which) for which in (resource.RLIMIT_NOFILE, resource.RLIMIT_CPU, resource.RLIMIT_AS)]
    return [*limits, os.getpriority(os.PRIO_PROCESS, 0), os.sched_getaffinity(0)]


def test_these_ways_are_open_where_there_is_no_fence(tmp_path: Path) -> None:
    """What is refused above would have worked: the tests try something."""
    memory = ctypes.CDLL(None).shmget(0, 4096, 0o600)
    victim = tmp_path / "user"
    victim.mkdir()
    (victim / "victim").write_text("secret")
    own = {"HOME": str(tmp_path), "TMPDIR": str(tmp_path), "ACCUMLINT_SECRET": "secret", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", UNFENCED, json.dumps({"folder": str(victim), "port": 9, "memory": memory}), *REAL.split()],
        env={**os.environ, **own},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert {name: told[name] for name in REAL.split() if "trouble" in told[name]} == {}
    assert "trace" in told["hostile.write_outside left"]
    assert "secret" in told["hostile.read_the_environment"]


def test_what_a_platform_cannot_keep_a_replay_from_is_known() -> None:
    assert unhindered({"network", "landlock files", "system calls", "memory"}) == ()
    assert unhindered({"environment", "cpu time", "processes"}) == ("files", "the network", "memory")
