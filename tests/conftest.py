"""What tests share: a small tree to lint, the command line run in this process, and a core that finds what it is told to."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from accumlint import __main__, lint
from accumlint.finding import Analysis, Finding, Related
from accumlint.ledger import Account, Ledger, Scenario, Site
from accumlint.registry import RULES

# trains wrongly beyond doubt: nothing ever clears the gradients
WRONG = """\
import torch

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for x, y in loader:
    loss = torch.nn.functional.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
"""
RIGHT = WRONG.replace("    loss = ", "    optimizer.zero_grad()\n    loss = ")


@dataclass(frozen=True)
class Ran:
    """What a run of the command line printed and returned."""

    code: int
    out: str
    err: str

    @property
    def found(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.out)
        return found

    @property
    def codes(self) -> list[str]:
        return [one["code"] for one in self.found]


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No colour, no debugging, whatever the caller's environment says."""
    for name in ("NO_COLOR", "FORCE_COLOR", "ACCUMLINT_DEBUG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Runs ``accumlint`` with the given words, and ``stdin`` if given."""

    def ran(*words: str, stdin: bytes | None = None) -> Ran:
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        code = __main__.main(list(words))
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return ran


@pytest.fixture
def fake_core(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Replaces the core by one that finds ``ACC...`` where a line says ``# bug: ACC...``; returns the paths it was asked about.

    ``# follows: PATH`` makes it read another module and find what that one says, ``# bug if followed: ACC...`` included. ``# crash``
    makes it raise, ``# die`` ends its process.
    """
    asked: list[str] = []

    def analyse(text: str, path: str = "<stdin>", *, wrappers: Mapping[str, str] | None = None) -> Analysis:
        asked.append(path)
        if "# crash" in text:
            raise RuntimeError("out of\nluck")
        if "# die" in text:
            os._exit(3)
        compile(text, path, "exec")
        followed = [os.path.abspath(name) for name in re.findall(r"# follows: (\S+)", text)]
        texts = {path: text} | {name: Path(name).read_text().replace("bug if followed", "bug") for name in followed}
        found = [finding for name, told in texts.items() for finding in marked(told, name)]
        notes = (f"{path}:1: opaque",) if "# opaque" in text else ()
        return Analysis(tuple(found), notes, tuple(followed))

    monkeypatch.setattr(lint, "analyse", analyse)
    return asked


def marked(text: str, path: str) -> Iterator[Finding]:
    """A finding for each ``# bug: CODE``, over its whole line."""
    for line, content in enumerate(text.split("\n"), start=1):
        for code in re.findall(r"# bug: (ACC\d+)", content):
            column = len(content) - len(content.lstrip()) + 1
            yield make_finding(code, Site(path, line, column, line, len(content) + 1))


def make_finding(code: str, site: Site, *related: Related, ledger: Ledger | None = None) -> Finding:
    rule = RULES[code]
    run = make_ledger(site) if ledger is None else ledger
    return Finding(
        code, rule.name, rule.severity, "3 micro-batches sum to weight 3, not 1", site, related, "so it goes", run, "train", 1
    )


def make_ledger(site: Site) -> Ledger:
    """A window of 3 in an epoch of 4: unscaled, the tail never spent."""
    account = Account("optimizer")
    for turn in range(1, 5):
        account.deposit(turn, 1, Fraction(1), site)
        if turn == 3:
            account.spend(1, site)
            account.erase(1, site)
    account.end_epoch(1, site)
    return account.close(Scenario(3, 4, 1), ended=True, declared="N")
