"""What must not end the server, and what must: damaged messages, and a client that leaves."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from accumlint.server import jupyter

pytest.importorskip("pygls", reason="the language server needs the extra `lsp`")


class Wire:
    """A client that writes bytes, right or wrong."""

    def __init__(self, *words: str) -> None:
        command = words or (sys.executable, "-m", "accumlint", "server")
        self.server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.heard: Queue[Any] = Queue()
        self.number = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        out = self.server.stdout
        assert out is not None
        length = 0
        for line in iter(out.readline, b""):
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
            elif not line.strip() and length:
                self.heard.put(json.loads(out.read(length)))
                length = 0

    def write(self, data: bytes) -> None:
        assert self.server.stdin is not None
        self.server.stdin.write(data)
        self.server.stdin.flush()

    def send(self, method: str, params: Any, **more: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **more}).encode()
        self.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def ask(self, method: str, params: Any) -> Any:
        self.number += 1
        self.send(method, params, id=self.number)
        while (said := self.heard.get(timeout=20)).get("id") != self.number:
            pass
        return said

    def begin(self, process: int | None = None) -> None:
        assert "result" in self.ask("initialize", {"processId": process, "rootUri": None, "capabilities": {}})
        self.send("initialized", {})


@pytest.fixture(scope="module")
def shared() -> Iterator[Wire]:
    wire = Wire()
    wire.begin()
    yield wire
    wire.server.kill()
    wire.server.wait()


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(b"Content-Length: 9\r\n\r\n{nothing}", id="no JSON"),
        pytest.param(b"Content-Length: 2\r\n\r\n[]", id="a batch"),
        pytest.param(b"Content-Length: 4\r\n\r\nnull", id="null"),
        pytest.param(b"Content-Length: 3\r\n\r\n\xff\xfe\xfd", id="no UTF-8"),
        pytest.param(b"Content-Length: many\r\n\r\n", id="a length that is no number"),
        pytest.param(b"Content-Length: 99999999999999\r\n\r\n", id="a length beyond all memory"),
        pytest.param(b"stray text with no end", id="stray text"),
        pytest.param(b'Content-Length: 17\r\n\r\n{"jsonrpc":"2.0"}', id="no method"),
        pytest.param(b'Content-Length: 35\r\n\r\n{"jsonrpc":"1.0","method":"x","a":1}', id="another protocol"),
    ],
)
def test_a_damaged_message_costs_itself_alone(shared: Wire, damage: bytes) -> None:
    shared.write(damage)
    place = {"textDocument": {"uri": "file:///a.py"}, "position": {"line": 0, "character": 0}}
    assert shared.ask("textDocument/hover", place)["result"] is None


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("textDocument/hover", {"wrong": 1}),
        ("textDocument/codeAction", None),
        ("workspace/executeCommand", {"command": "accumlint.unknown"}),
        ("workspace/executeCommand", {"command": "accumlint.confirm", "arguments": [1, 2, 3]}),
        ("no/such/method", {}),
    ],
)
def test_a_request_that_cannot_be_met_is_answered(shared: Wire, method: str, params: Any) -> None:
    assert "error" in shared.ask(method, params)


@pytest.mark.parametrize(
    ("method", "params"),
    [
        (
            "textDocument/didChange",
            {"textDocument": {"uri": "file:///unopened.py", "version": 2}, "contentChanges": [{"text": "x"}]},
        ),
        ("textDocument/didClose", {"textDocument": {"uri": "file:///unopened.py"}}),
        ("notebookDocument/didChange", {"notebookDocument": {"uri": "file:///n.ipynb", "version": 2}, "change": {}}),
        ("workspace/didChangeConfiguration", {"settings": {"accumlint": {"select": "no list"}}}),
        ("workspace/didChangeConfiguration", {"settings": [1]}),
        ("$/cancelRequest", {"id": 12345}),
    ],
)
def test_a_notification_that_makes_no_sense_is_forgotten(shared: Wire, method: str, params: Any) -> None:
    shared.send(method, params)
    place = {"textDocument": {"uri": "file:///a.py"}, "position": {"line": 0, "character": 0}}
    assert shared.ask("textDocument/hover", place)["result"] is None


@pytest.mark.parametrize("goodbye", [True, False])
def test_it_exits_with_its_client(goodbye: bool) -> None:
    wire = Wire()
    wire.begin()
    if goodbye:
        wire.ask("shutdown", None)
        wire.send("exit", None)
    else:
        assert wire.server.stdin is not None
        wire.server.stdin.close()
    assert wire.server.wait(10) == (0 if goodbye else 1)


def test_it_exits_when_its_client_has_died_without_a_word() -> None:
    client = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    wire = Wire()
    wire.begin(client.pid)
    client.kill()
    client.wait()
    assert wire.server.wait(15) == 1


def test_jupyterlab_s_server_imports_nothing_that_lies_beside_the_notebook(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('the notebook folder was imported')\n")
    command = jupyter.spec(None)["accumlint"]["argv"]
    ran = subprocess.run(command, cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60)
    assert "imported" not in ran.stderr
    assert ran.returncode == 1
