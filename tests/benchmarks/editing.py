"""How long an edit waits for its diagnostics: accumlint's server and ``ruff server``, the same 200 edits of the same 1,000 lines.

    python tests/benchmarks/editing.py [--edits 200] [--lines 1000]

Each edit is sent when the diagnostics of the one before have come. A quarter of them types at the loss of the routine that trains, a
quarter at a statement beside it that no gradient depends on, a quarter at one in another function, a quarter at a comment anywhere.
A time is from the edit leaving the client to the diagnostics of that very version arriving, accumlint's debounce included. The
processor time is the server's for all the edits, and on a busy machine the fairer number; it is told on Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

TRAINING = """\
def train(model, loader, epochs, accumulation_steps=4):
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    for epoch in range(epochs):
        for i, (inputs, targets) in enumerate(loader):
            loss = torch.nn.functional.cross_entropy(model(inputs), targets)
            shown = 1
            loss.backward()
            if (i + 1) % accumulation_steps == 0:
                optimizer.step()
                optimizer.zero_grad()
"""
KINDS = ("loss", "beside it", "elsewhere", "comment")
HELPER = '''\
def helper_{0}(rows, width={0}):
    """Count what is wider than it should be."""
    wide = 1
    for row in rows:
        if len(row) > width:
            wide += 1
    return wide


'''


def module(lines: int) -> list[str]:
    """A module of so many lines with one routine that trains in its middle."""
    rest = lines - TRAINING.count("\n") - 5
    helpers = [HELPER.format(number) for number in range(rest // 9)]
    half = len(helpers) // 2
    text = "import torch\n\n\n" + "".join(helpers[:half]) + TRAINING + "\n\n" + "".join(helpers[half:])
    return (text + "#\n" * (lines - text.count("\n") - 1)).split("\n")


class Server:
    """One server, spoken to as an editor that waits for diagnostics."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        publish = {"publishDiagnostics": {"versionSupport": True, "relatedInformation": True}}
        params = {"processId": None, "rootUri": folder.as_uri(), "capabilities": {"textDocument": publish}}
        self.send({"id": 1, "method": "initialize", "params": params})
        while self.hear().get("id") != 1:
            pass
        self.send({"method": "initialized", "params": {}})

    def send(self, message: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        length = 0
        while line := self.process.stdout.readline().strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        heard: dict[str, Any] = json.loads(self.process.stdout.read(length))
        return heard

    def diagnostics(self, version: int) -> int:
        """Wait for the diagnostics of a version and count them."""
        while True:
            heard = self.hear()
            if heard.get("method") == "textDocument/publishDiagnostics" and heard["params"].get("version") == version:
                return len(heard["params"]["diagnostics"])


def processor(process: int) -> float:
    """The seconds of processor time that a process has used; 0 where the system does not say."""
    try:
        ticks = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    except OSError:
        return 0.0
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def measure(command: list[str], lines: list[str], edits: int, folder: Path) -> tuple[list[float], float, int]:
    """The seconds that each edit waited, those of the processor in all, and how many diagnostics there were in the end."""
    server = Server(command, folder)
    uri = (folder / "train.py").as_uri()
    item = {"uri": uri, "languageId": "python", "version": 1, "text": "\n".join(lines)}
    server.send({"method": "textDocument/didOpen", "params": {"textDocument": item}})
    found = server.diagnostics(1)
    loss, beside = (next(index for index, line in enumerate(lines) if text in line) for text in ("loss = ", "shown = 1"))
    bodies = [index for index, line in enumerate(lines) if line.strip() == "wide = 1"]
    comments = [*(index + 1 for index in bodies), beside + 1]
    chance = random.Random(7)
    taken: list[float] = []
    used = processor(server.process.pid)
    for version in range(2, edits + 2):
        # a character more at the end of a line, as typing does
        line = (loss, beside, chance.choice(bodies), chance.choice(comments))[version % len(KINDS)]
        if line in comments:
            lines[line] += "  # " if "#" not in lines[line] else chance.choice("abc")
        else:
            lines[line] += chance.choice("0123456789") if lines[line][-1].isdigit() and len(lines[line]) % 9 else " + 1"
        place = {"line": line, "character": 0}
        end = {"line": line + 1, "character": 0}
        change = {"range": {"start": place, "end": end}, "text": lines[line] + "\n"}
        name = {"uri": uri, "version": version}
        began = time.perf_counter()
        server.send({"method": "textDocument/didChange", "params": {"textDocument": name, "contentChanges": [change]}})
        found = server.diagnostics(version)
        taken.append(time.perf_counter() - began)
    used = processor(server.process.pid) - used
    server.process.kill()
    server.process.wait()
    return taken, used, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edits", type=int, default=200)
    parser.add_argument("--lines", type=int, default=1000)
    given = parser.parse_args()
    ruff = shutil.which("ruff") or str(Path(sys.executable).with_name("ruff"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for told, command in (("accumlint", [sys.executable, "-m", "accumlint", "server"]), ("ruff", [ruff, "server"])):
            taken, used, found = measure(command, module(given.lines), given.edits, folder)
            cuts = statistics.quantiles(taken, n=20)
            kinds = ", ".join(f"{kind} {statistics.median(taken[(at - 2) % 4 :: 4]) * 1000:.1f}" for at, kind in enumerate(KINDS))
            print(
                f"{told:9}  median {statistics.median(taken) * 1000:6.1f} ms   95 % within {cuts[18] * 1000:6.1f} ms   "
                f"longest {max(taken) * 1000:6.1f} ms   ({kinds})   "
                f"processor {used / len(taken) * 1000:.1f} ms an edit   "
                f"{len(taken)} edits, {found} diagnostics"
            )


if __name__ == "__main__":
    main()
