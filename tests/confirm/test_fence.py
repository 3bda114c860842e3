"""The fence holds against code that has got past the stand-ins, and each attempt costs one inconclusive and nothing else."""

from __future__ import annotations

import contextlib
import os
import platform
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from accumlint.confirm.fence import Limits
from accumlint.confirm.worker import Worker

pytestmark = [
    pytest.mark.torch,
    pytest.mark.skipif(platform.system() != "Linux", reason="only Linux has all parts of the fence"),
]
SECRET = "accumlint-secret-of-the-user"


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    os.environ["ACCUMLINT_SECRET"] = SECRET
    with Worker(entry="confirm.hostile:do", limits=Limits(seconds=3)) as made:
        made.start()
        yield made
    del os.environ["ACCUMLINT_SECRET"]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder of the user's; it must be as it was after each test."""
    (tmp_path / "victim").write_text(SECRET)
    yield tmp_path
    assert [path.name for path in tmp_path.iterdir()] == ["victim"]
    assert (tmp_path / "victim").read_text() == SECRET


def act(worker: Worker, name: str, folder: Path, port: int = 9) -> dict[str, object]:
    return worker.do({"act": name, "folder": str(folder), "parent": os.getpid(), "port": port})


TROUBLES = {
    "read_a_secret": "PermissionError",
    "fork": "PermissionError",
    "execute": "PermissionError",
    "replace_itself": "PermissionError",
    "call_c": "it was ended by SIGSEGV",
    "allocate": "can't allocate memory",
    "spin": "it did not end within 3 s",
    "sleep_on": "it did not end within 3 s",
    "leave": "it ended its own process",
    "answer_a_gigabyte": "it wrote too much",
    "start_threads": "can't start new thread",
    "answer_nonsense": "it ended its own process",
}


@pytest.mark.parametrize("name", TROUBLES)
def test_what_is_tried_fails_and_says_why(worker: Worker, folder: Path, name: str) -> None:
    assert TROUBLES[name] in str(act(worker, name, folder).get("trouble"))
    assert act(worker, "harmless", folder)["answer"] == 2.0, "the worker goes on"


@pytest.mark.parametrize("name", ["write_outside", "kill_the_parent", "print_a_gigabyte"])
def test_what_is_tried_leaves_no_trace(worker: Worker, folder: Path, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    act(worker, name, folder)
    assert capfd.readouterr() == ("", "")
    assert act(worker, "harmless", folder)["answer"] == 2.0, "the worker goes on"


def test_no_environment(worker: Worker, folder: Path) -> None:
    assert SECRET not in str(act(worker, "read_the_environment", folder))


def test_no_network(worker: Worker, folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        met: list[object] = []

        def wait() -> None:
            with contextlib.suppress(TimeoutError):
                met.append(server.accept())

        listener = threading.Thread(target=wait)
        listener.start()
        answer = act(worker, "open_a_socket", folder, server.getsockname()[1])
        listener.join()
    assert answer["trouble"] == "PermissionError"
    assert not met


def test_the_report_says_which_fences_held(worker: Worker, folder: Path) -> None:
    held = act(worker, "harmless", folder)["fences"]
    assert isinstance(held, list)
    assert {"environment", "cpu time", "file size", "memory"} <= set(held)


def test_it_works_as_a_plain_user_too(folder: Path) -> None:
    """Root outruns some limits and gains some rights: the fence must hold without being root."""
    if os.geteuid() != 0:
        pytest.skip("the other tests run as a plain user already")
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            os.chdir("/")
            with Worker(entry="confirm.hostile:do", limits=Limits(seconds=3)) as made:
                told = [act(made, name, folder).get("trouble", "") for name in ("fork", "execute", "leave")]
                code = 0 if told == ["PermissionError", "PermissionError", "it ended its own process"] else 3
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) == 1:
        pytest.skip("this Python cannot be read by another user")
    assert os.waitstatus_to_exitcode(status) == 0


def test_a_worker_leaves_no_folder_whenever_it_is_ended(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path.parent / f"{tmp_path.name}-temporary"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    made = Worker(entry="confirm.hostile:do", limits=Limits(seconds=60))
    made.start()
    asking = threading.Thread(target=act, args=(made, "sleep_on", folder))
    asking.start()
    [own] = place.iterdir()
    while not list(own.iterdir()):
        time.sleep(0.01)
    made.close()
    asking.join()
    made.close()
    assert not list(place.iterdir())


def test_a_worker_that_is_lost_is_replaced(folder: Path) -> None:
    with Worker(entry="confirm.hostile:do", limits=Limits(seconds=3)) as made:
        made.start()
        assert made._process is not None
        made._process.kill()
        made._process.wait()
        assert act(made, "harmless", folder)["answer"] == 2.0
