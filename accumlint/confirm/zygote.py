"""The worker process: imports torch once, then forks a fenced child for each job and hands back what the child wrote.

It speaks `wire` messages on stdin and stdout. A child gets a job, an empty folder, and a pipe for one JSON answer; it is killed with
all it may have started when it overruns its time, writes too much, or is done.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import platform
import select
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from accumlint.confirm import wire
from accumlint.confirm.fence import Limits, prepare, raise_fence
from accumlint.confirm.pages import gather
from accumlint.confirm.program import Unreplayable
from accumlint.ledger import Scenario

Job = Callable[[dict[str, Any]], dict[str, Any]]
_PR_SET_CHILD_SUBREAPER = 36
_PRIMER = """\
import torch
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scaler = torch.amp.GradScaler()
for i, (x, y) in enumerate(loader):
    loss = criterion(model(x), y) / steps
    scaler.scale(loss).backward()
    if (i + 1) % steps == 0 or i + 1 == len(loader):
        scaler.unscale_(optimizer)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        scaler.step(optimizer)
        scaler.update()
        optimizer.zero_grad()
"""


def main(entry: str, device: str) -> None:
    """Serve jobs until stdin ends. ``entry`` names the function that does one, as ``module:function``."""
    jobs = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    _silence()
    module, _, function = entry.partition(":")
    job: Job = getattr(import_module(module), function)
    try:
        warm_up(device)
    except Unreplayable as reason:
        wire.send(answers, {"ready": False, "refusal": f"{device} cannot be used: {reason}"})
        return
    if device == "cpu":
        _settle()
    if platform.system() == "Linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    wire.send(answers, {"ready": True, "torch": _torch_version()})
    dying: set[int] = set()
    while (message := wire.receive(jobs)) is not None:
        limits = Limits(**message.pop("limits"))
        if device == "cpu":
            with _in_child(job, message, limits, jobs, dying) as answer:
                wire.send(answers, answer)
        else:
            wire.send(answers, _in_place(job, message, limits, device))


def warm_up(device: str = "cpu") -> None:
    """Run once what the jobs will, so that they find it ready: imports look for files, and an accelerator starts threads, which the fence
    is in the way of. Raises `Unreplayable` where torch cannot use ``device``.
    """
    import torch

    from accumlint.confirm.uncompiled import leave_out_the_compiler

    torch.set_num_threads(1)
    try:
        torch.zeros(1, device=device)
    except (AssertionError, RuntimeError) as reason:  # torch has no such device, or was built without
        raise Unreplayable(str(reason).splitlines()[0]) from reason
    leave_out_the_compiler()
    from accumlint.confirm.replay import run_replay

    run_replay({"primer.py": _PRIMER}, {}, "primer.py", "<module>", 1, Scenario(2, 5, 2), "steps", device)
    prepare()


def _settle() -> None:
    """Make forks cheap: little to copy, and no child that copies what it only looks at."""
    gc.collect()
    gc.freeze()  # a child's own collections leave alone what is already there
    gather()


@contextmanager
def _in_child(job: Job, message: dict[str, Any], limits: Limits, jobs: BinaryIO, dying: set[int]) -> Iterator[dict[str, Any]]:
    """The answer of a child, which is killed when the block ends; it joins the ``dying``, and the next job need not wait for its end."""
    _bury(dying)
    folder = tempfile.mkdtemp(dir=os.getcwd())
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            _be_the_child(job, message, limits, folder, writing)
        finally:
            os._exit(1)
    os.close(writing)
    dying.add(child)
    try:
        data, trouble = _listen(reading, limits, jobs.fileno())
        fences, _, said = data.partition(b"\n")
        try:
            answer = {"trouble": trouble} if trouble else wire.parse(said)
        except wire.Malformed:
            answer = {"trouble": _why(_end(child))}
            dying.remove(child)
        yield {**answer, "fences": fences.decode().split(",") if fences else []}
    finally:
        os.close(reading)
        if child in dying:
            _kill(child)
        shutil.rmtree(folder, ignore_errors=True)


def _be_the_child(job: Job, message: dict[str, Any], limits: Limits, folder: str, writing: int) -> None:
    os.setsid()
    os.chdir(folder)
    _keep_only(writing)
    # told before the job has a say
    os.write(writing, ",".join(raise_fence(limits)).encode() + b"\n")
    try:
        answer = job(message)
    except MemoryError:
        answer = {"trouble": "it ran out of memory"}
    except BaseException as error:
        answer = {"trouble": f"{type(error).__name__}: {str(error)[:200]}"}
    with os.fdopen(writing, "wb") as out:
        out.write(json.dumps(answer).encode())
    os._exit(0)


def _in_place(job: Job, message: dict[str, Any], limits: Limits, device: str) -> dict[str, Any]:
    """An initialised accelerator can't be forked: the job runs in this process, which its parent kills when it overruns."""
    held = raise_fence(limits, device=device)
    return {**job({**message, "device": device}), "fences": list(held)}


def _listen(reading: int, limits: Limits, parent: int) -> tuple[bytes, str | None]:
    """What the child writes until it closes its end, or what it did wrong."""
    deadline = time.monotonic() + limits.seconds
    data = bytearray()
    watched = [reading, parent]
    while True:
        left = deadline - time.monotonic()
        ready, _, _ = select.select(watched, [], [], max(0.0, left))
        if not ready:
            return bytes(data), f"it did not end within {limits.seconds:g} s"
        if reading not in ready:
            if _hung_up(parent):
                os._exit(0)
            watched = [reading]  # the next job is waiting
            continue
        part = os.read(reading, 1 << 16)
        if not part:
            return bytes(data), None
        data += part
        if len(data) > limits.output:
            return bytes(data), "it wrote too much"


def _hung_up(stream: int) -> bool:
    poll = select.poll()
    poll.register(stream, select.POLLIN)
    return any(event & select.POLLHUP and not event & select.POLLIN for _, event in poll.poll(0))


def _kill(child: int) -> None:
    """Kill a child that has not been waited for, and its whole group."""
    try:
        os.killpg(child, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        os.kill(child, signal.SIGKILL)


def _end(child: int) -> int:
    """Kill the child's whole group; return its exit status."""
    _kill(child)
    return os.waitpid(child, 0)[1]


def _bury(dying: set[int]) -> None:
    """Wait for those that are dead by now, and kill whatever they left behind. No job is running."""
    dying.difference_update([child for child in dying if os.waitpid(child, os.WNOHANG)[0]])
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    orphans = {int(one) for one in children.read_text().split()} - dying if children.exists() else set()
    for orphan in orphans:
        os.kill(orphan, signal.SIGKILL)
    dying |= orphans


def _why(status: int) -> str:
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) not in (signal.SIGKILL,):
        reason = {signal.SIGXCPU: "it used too much processor time", signal.SIGXFSZ: "it tried to write a file"}
        return reason.get(signal.Signals(os.WTERMSIG(status)), f"it was ended by {signal.Signals(os.WTERMSIG(status)).name}")
    return "it ended its own process"


def _silence() -> None:
    """Nothing that is run here may print."""
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    os.close(null)


def _keep_only(writing: int) -> None:
    """Close every file but the pipe for the answer and the three that lead nowhere."""
    os.closerange(3, writing)
    os.closerange(writing + 1, 4096)


def _torch_version() -> str:
    import torch

    return str(torch.__version__)
