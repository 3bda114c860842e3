"""The observer's ledgers of real trainings, entry by entry."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import pytest

from accumlint.ledger import Ledger, Share
from accumlint.observer.script import run

from .trainings import RIGHT, WRONG, Training

pytestmark = pytest.mark.torch


def row(shares: Iterable[Share]) -> str:
    losses = groupby(shares, key=lambda share: share.turn)
    return " ".join("+".join(map(weight, turn)) for _, turn in losses) or "-"


def weight(share: Share) -> str:
    return ("?" if share.weight is None else str(share.weight)) + "*" * bool(share.spent)


def rows(ledger: Ledger) -> str:
    return " ; ".join(row(spend.row) for spend in ledger.spends)


def observed(training: Training, folder: Path) -> list[Ledger]:
    script = folder / "train.py"
    script.write_text(training.text)
    done = run(str(script), [])
    assert done.failure is None
    assert not done.told.unjudged
    return list(done.told.ledgers)


@pytest.mark.parametrize("training", [*RIGHT, *WRONG], ids=lambda training: training.name.replace(" ", "_"))
def test_each_step_spends_what_torch_says(training: Training, tmp_path: Path) -> None:
    [ledger] = observed(training, tmp_path)
    assert rows(ledger) == training.rows
    assert row(share for share in ledger.left if not share.spent) == (training.left or "-")
    assert ledger.declared == training.declared
    assert ledger.optimizer == "optimizer"


def test_a_loop_over_a_windows_batches_is_no_epoch(tmp_path: Path) -> None:
    [ledger] = observed(next(training for training in RIGHT if training.name == "a window's batches fetched ahead"), tmp_path)
    assert (ledger.scenario.epochs, ledger.scenario.length) == (1, 7)
