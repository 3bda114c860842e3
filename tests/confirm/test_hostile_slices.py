"""A user's loop that is hostile: what it tries leaves no trace, and costs its own verdict at most."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from accumlint.analyse import analyse
from accumlint.confirm.fence import Limits
from accumlint.confirm.task import close_workers, confirm, task
from accumlint.confirm.verdict import Outcome, Verdict

pytestmark = [pytest.mark.torch, pytest.mark.skipif(sys.platform != "linux", reason="only Linux has all parts of the fence")]
LOOP = """\
def train(model, loader, criterion, optimizer):
    for x, y in loader:
        {hostile}
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
"""
OS = "[one for one in ().__class__.__base__.__subclasses__() if one.__name__ == '_wrap_close'][0].__init__.__globals__"
MODULES = f"{OS}['sys'].modules"
LEAVING_A_TRACE = {
    "os_of_a_class": f"{OS}['mkdir']({{trace}})",
    "a_command": f"{OS}['system']('mkdir ' + {{trace}})",
    "a_program": f"{OS}['posix_spawn']('/bin/mkdir', ['mkdir', {{trace}}], {{{{}}}}) and {OS}['wait']()",
    "imports": "import os, socket, subprocess; os.mkdir({trace}); subprocess.run(['mkdir', {trace}])",
    "open": "open({trace}, 'w').write('x')",
    "builtins_of_a_frame": f"{OS}['sys']._getframe().f_builtins['open']({{trace}}, 'w')",
    "eval_of_the_builtins": f"""{OS}['__builtins__']['eval']("__import__('os').mkdir(" + repr({{trace}}) + ")")""",
    "a_function_among_the_objects": f"next(one for one in {MODULES}['gc'].get_referents({OS})"
    " if getattr(one, '__name__', '') == 'mkdir')({trace})",
    "a_pickle": f"{MODULES}['pickle'].loads(b'cposix\\nmkdir\\n(V' + {{trace}}.encode() + b'\\ntR.')",
    "os_of_torch": f"{MODULES}['torch'].serialization.os.mkdir({{trace}})",
    "a_writer_of_torch": f"{MODULES}['torch']._C.PyTorchFileWriter({{trace}})",
    "a_database": f"{MODULES}['importlib'].import_module('sqlite3').connect({{trace}}).execute('create table t (x)')",
    "a_thread": f"{MODULES}['_thread'].start_new_thread({OS}['mkdir'], ({{trace}},)) and {MODULES}['time'].sleep(0.2)",
    "at_exit": f"{MODULES}['importlib'].import_module('atexit').register({OS}['mkdir'], {{trace}})",
    "at_a_signal": f"{MODULES}['_signal'].signal(10, lambda *_: {OS}['mkdir']({{trace}})); {MODULES}['_signal'].raise_signal(10)",
    "at_its_end": f"kept = type('T', (), dict(__del__=lambda self: {OS}['mkdir']({{trace}})))(); del kept",
}

THROUGH_NUMPY = {
    "c_through_numpy": f"{MODULES}['numpy'].ctypeslib.ctypes.CDLL(None).mkdir({{trace}}.encode(), 0o755)",
    "an_array_to_a_file": f"{MODULES}['numpy'].zeros(1).tofile({{trace}})",
    "an_array_in_a_file": f"{MODULES}['numpy'].memmap({{trace}}, mode='w+', shape=(1,))",
}
if importlib.util.find_spec("numpy") is not None:
    LEAVING_A_TRACE |= THROUGH_NUMPY


def forging(answer: bytes) -> str:
    """Writes ``answer`` into whatever is open, in Python that nobody has rewritten, and leaves."""
    wide = f"import os\nfor number in range(3, 64):\n  try: os.write(number, {answer!r})\n  except OSError: pass\nos._exit(0)"
    return f"{OS}['__builtins__']['exec']({wide!r}, {OS})"


DEADLY = {
    "leaving": (f"{OS}['_exit'](0)", "it ended its own process"),
    "endless": ("pow(9, 9 ** 9)", "it did not end within 2 s"),
    "a_forged_answer": (forging(b'{"ledgers": 1}'), "its answer is no ledger"),
}
HARMLESS = {
    "killing_the_parent": f"{OS}['kill']({OS}['getppid'](), 9)",
    "killing_all": f"{OS}['kill'](-1, 9)",
    "too_much_memory": "[0] * (100 << 30)",
    "killing_itself": f"{MODULES}['_signal'].raise_signal(9)",
    "deaf_to_signals": f"[{MODULES}['_signal'].signal(number, 1) for number in range(1, 32) if number not in (9, 19)]",
}


@pytest.fixture(scope="module", autouse=True)
def no_worker_is_left() -> Iterator[None]:
    yield
    close_workers()


def judged(hostile: str) -> Verdict:
    text = LOOP.format(hostile=hostile)
    [finding] = [one for one in analyse(text, "train.py").findings if one.code == "ACC001"]
    return confirm(task(finding, text, "train.py", limits=Limits(seconds=2)))


@pytest.mark.parametrize("name", LEAVING_A_TRACE)
def test_no_trace_is_left(name: str, tmp_path: Path) -> None:
    """What fails is passed over, and the loop is judged all the same."""
    verdict = judged(LEAVING_A_TRACE[name].format(trace=repr(str(tmp_path / "trace"))))
    assert (verdict.outcome, verdict.reason[:10]) == (Outcome.CONFIRMED, "this step ")
    assert not list(tmp_path.iterdir())


def test_where_there_is_no_fence_each_would_leave_one(tmp_path: Path) -> None:
    tried = "\n".join(
        f"try:\n    {line.format(trace=repr(str(tmp_path / name)))}\nexcept Exception as error:\n    print({name!r}, error)"
        for name, line in LEAVING_A_TRACE.items()
    )
    modules = "import gc, os, pickle, importlib, time, subprocess, torch" + (
        ", numpy" if THROUGH_NUMPY.keys() <= LEAVING_A_TRACE.keys() else ""
    )
    done = subprocess.run([sys.executable, "-c", f"{modules}\n{tried}"], capture_output=True, text=True)
    assert set(LEAVING_A_TRACE) - set(os.listdir(tmp_path)) == set(), done.stdout + done.stderr


@pytest.mark.parametrize("name", DEADLY)
def test_the_price_is_one_inconclusive(name: str) -> None:
    hostile, reason = DEADLY[name]
    verdict = judged(hostile)
    assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, reason)


@pytest.mark.parametrize("name", HARMLESS)
def test_the_loop_is_judged_all_the_same(name: str) -> None:
    assert judged(HARMLESS[name]).outcome is Outcome.CONFIRMED


def test_no_word_of_it_commands_a_terminal() -> None:
    verdict = judged(forging(rb'{"trouble": "\u001b]0;seized\u0007"}'))
    assert verdict.reason == " ]0;seized "
