"""``--watch`` and the bar of a long run, in processes of their own, on pipes and on a real terminal."""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import RIGHT, WRONG, Ran

pytest.importorskip("watchfiles")
pty = pytest.importorskip("pty")

Run = Callable[..., Ran]
READY = b"watching for changes, Ctrl-C ends it"
CLEAR = b"\x1b[H\x1b[2J"
COMMAND = [sys.executable, "-m", "accumlint", "--output-format", "concise"]


class Watched:
    """A run of accumlint; what it has said so far on both of its outputs, in the order that it came."""

    def __init__(self, process: subprocess.Popen[bytes], end: int) -> None:
        self.process = process
        self._end = end
        self.said = b""

    def until(self, text: bytes) -> bytes:
        """What is said from now until ``text`` is."""
        begun, deadline = len(self.said), time.monotonic() + 60
        while text not in self.said[begun:]:
            ready, _, _ = select.select([self._end], [], [], max(0.0, deadline - time.monotonic()))
            more = os.read(self._end, 65536) if ready else b""
            assert more, self.said.decode()
            self.said += more
        return self.said[begun:]

    def interrupted(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)


@contextmanager
def started(*words: str, terminal: bool) -> Iterator[Watched]:
    read, write = pty.openpty() if terminal else os.pipe()
    process = subprocess.Popen(
        [*COMMAND, *words],
        stdin=subprocess.DEVNULL,
        stdout=write,
        stderr=write,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a suite in the background has it ignored
    )
    os.close(write)
    try:
        yield Watched(process, read)
    finally:
        process.kill()
        process.wait()
        os.close(read)


@pytest.mark.slow
class TestWatch:
    def test_a_change_is_judged_and_the_last_report_gives_the_exit_code(self, tree: Path) -> None:
        (tree / "a.py").write_text(RIGHT)
        (tree / "b.py").write_text(WRONG)
        with started("--watch", terminal=False) as run:
            assert b"b.py:8:5: ACC001" in run.until(READY)
            (tree / "a.py").write_text(WRONG)
            said = run.until(READY)
            assert b"2 findings in 2 files" in said
            assert b"changed: a.py\n" in said
            (tree / "b.py").unlink()
            (tree / "a.py").write_text(RIGHT)
            assert b"All checks passed: 1 file" in run.until(READY)
            assert run.interrupted() == 0
            assert b"Traceback" not in run.said
            assert CLEAR not in run.said

    def test_a_terminal_is_cleared(self, tree: Path) -> None:
        (tree / "a.py").write_text(RIGHT)
        with started("--watch", "a.py", "--no-cache", terminal=True) as run:
            assert CLEAR not in run.until(READY)
            (tree / "a.py").write_text(WRONG)
            said = run.until(READY)
            assert said.index(CLEAR) < said.index(b"ACC001")
            assert run.interrupted() == 1
        assert sorted(path.name for path in tree.iterdir()) == ["a.py"]

    def test_a_configuration_half_written_does_not_end_it(self, tree: Path) -> None:
        (tree / "a.py").write_text(WRONG)
        with started("--watch", terminal=False) as run:
            run.until(READY)
            (tree / "accumlint.toml").write_text('ignore = ["ACC0')
            assert b"error: accumlint.toml: not valid TOML" in run.until(b"TOML")
            (tree / "accumlint.toml").write_text('ignore = ["ACC001"]\n')
            run.until(b"All checks passed")

    def test_a_folder_that_is_deleted_and_made_anew_is_watched_again(self, tree: Path) -> None:
        (tree / "src").mkdir()
        (tree / "src" / "a.py").write_text(WRONG)
        with started("--watch", "src", terminal=False) as run:
            run.until(READY)
            shutil.rmtree(tree / "src")
            run.until(b"error: src: no such file or folder")
            (tree / "src").mkdir()
            (tree / "src" / "a.py").write_text(RIGHT)
            run.until(b"All checks passed: 1 file")
            (tree / "src" / "a.py").write_text(WRONG)
            run.until(b"1 finding in 1 file")


def test_what_cannot_be_watched_is_told(tree: Path, run: Run) -> None:
    assert run("--watch", "nope/a.py") == Ran(2, "", "error: nope: no such folder to watch\n")
    assert run("--watch", "-").err == "error: --watch and - exclude each other\n"
    assert "--watch and --diff exclude each other" in run("--diff", "--watch").err


PROGRAM = (
    "import sys, accumlint.progress as p; p.DELAY = 0; from accumlint.__main__ import main; sys.exit(main(['.', '--no-cache']))"
)


@pytest.mark.parametrize("environment", [{}, {"NO_COLOR": "1"}], ids=["colour", "no_color"])
def test_a_long_run_shows_how_far_it_is_on_a_terminal(
    tree: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for number in range(3):
        (tree / f"{number}.py").write_text(RIGHT)
    read, write = pty.openpty()
    ran = subprocess.run([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, stderr=write, check=False)
    os.close(write)
    drawn = os.read(read, 65536)
    os.close(read)
    assert ran.stdout == b"All checks passed: 3 files\n"
    assert b"3/3" in drawn
    assert (b"\x1b[38;" in drawn) == (not environment)


def test_a_pipe_gets_no_bar(tree: Path) -> None:
    (tree / "a.py").write_text(RIGHT)
    ran = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=False)
    assert (ran.stdout, ran.stderr) == (b"All checks passed: 1 file\n", b"")
