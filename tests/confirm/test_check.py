"""``accumlint check --confirm``: findings with what torch says of them, and what that does to the exit code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import WRONG, Ran

from accumlint.confirm.task import close_workers

pytestmark = pytest.mark.torch
Run = Callable[..., Ran]
RIGHT = """\
def train(model, loader, criterion, optimizer, N):
    for i, (x, y) in enumerate(loader):
        loss = criterion(model(x), y) / N
        loss.backward()  # bug: ACC004
        if (i + 1) % N == 0 or i + 1 == len(loader):
            optimizer.step()
            optimizer.zero_grad()
"""


@pytest.fixture(autouse=True)
def no_worker_is_left() -> Iterator[None]:
    yield
    close_workers()


def test_a_confirmed_finding_fails_the_run(tree: Path, run: Run) -> None:
    (tree / "train.py").write_text(WRONG)
    ran = run("train.py", "--confirm", "--no-cache")
    assert ran.code == 1
    assert "  = confirmed: measured in torch: 1 ; 1* 1 ; 1* 1* 1" in ran.out
    assert ran.out.endswith("1 finding in 1 file, 1 confirmed; [*] 1 fixable with --fix\n")


def test_a_refuted_finding_is_shown_and_fails_nothing(tree: Path, run: Run, fake_core: list[str]) -> None:
    (tree / "train.py").write_text(RIGHT)
    ran = run("train.py", "--confirm", "--no-cache")
    assert ran.code == 0
    assert "ACC004 missing-flush" in ran.out
    assert "  = refuted: in torch ACC004 does not hold: 1/3 1/3 1/3 ; 1/3" in ran.out
    assert ran.out.endswith("1 finding in 1 file, 1 refuted\n")


def test_stdin_is_replayed_too(tree: Path, run: Run) -> None:
    assert run("-", "--confirm", "--no-cache", stdin=WRONG.encode()).out.endswith(
        "1 finding in 1 file, 1 confirmed; [*] 1 fixable with --fix\n"
    )


def test_the_fences_are_told_on_demand(tree: Path, run: Run) -> None:
    (tree / "train.py").write_text(WRONG)
    assert "fenced: " not in run("train.py", "--confirm").err
    assert "fenced: core dumps, cpu time, environment" in run("train.py", "--confirm", "--verbose").err
