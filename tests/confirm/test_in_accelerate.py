"""What is known of Accelerate is so: loops made by chance run under the real package, and spend what the static half says."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from accumlint.ledger import Ledger, Scenario, Share

from .static import Read, static_ledgers
from .test_agreement import LOOPS, SIZES
from .turns import Prepared

torch = pytest.importorskip("torch", reason="the loops run in torch")
pytest.importorskip("accelerate", reason="the loops run under Accelerate")
from torch_loop import Book, measure  # noqa: E402

pytestmark = pytest.mark.torch
BATCH = 2
Row = tuple[tuple[int, Fraction | None, int], ...]
"""Micro-batches, each with its weight and how many steps have spent it before."""
Story = tuple[list[Row], list[Row], Row]


@pytest.mark.parametrize("start", range(0, LOOPS // 2, 10))
def test_made_loops(start: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for seed in range(start, start + 10):
        loop = Prepared(seed)
        text = loop.text
        monkeypatch.setattr("accumlint.simulate.explore.SIZE", loop.pick.choice(SIZES))
        reads = [read for read in static_ledgers(text, "made.py") if list(read.ledger.deposits)]
        for read in loop.pick.sample(reads, min(2, len(reads))):
            holds(read, seed, tmp_path / f"loop{seed}.py")


def holds(read: Read, seed: int, script: Path) -> None:
    """Hold one static ledger of a made loop against what the real package does in the same scenario."""
    scenario = read.ledger.scenario
    script.write_text(Prepared(seed, scenario.window or 1).text)
    measured = [booked(book) for book in measure(script, surroundings(scenario)).books]
    possible = [told(one) for one in read.variants]
    assert any(one in measured for one in possible), f"loop {seed}, {scenario}: {possible} not {measured}\n{script.read_text()}"


def surroundings(scenario: Scenario) -> dict[str, Any]:
    """What a made loop takes from around it."""
    torch.manual_seed(0)
    data = [(torch.randn(4), torch.randn(1)) for _ in range(BATCH * scenario.length)]
    args = SimpleNamespace(gradient_accumulation_steps=scenario.window or 1, epochs=scenario.epochs)
    return {"data": data, "args": args, "scheduler": SimpleNamespace(step=lambda: None)}


def told(ledger: Ledger) -> Story:
    """What every step and every clear found, and what was left; a clear of nothing is none."""
    return [cells(one.row) for one in ledger.spends], [cells(one.lost) for one in ledger.erases if one.lost], cells(ledger.left)


def cells(shares: tuple[Share, ...]) -> Row:
    return tuple((share.turn, share.weight, share.spent) for share in shares)


def booked(book: Book) -> Story:
    """The same of what was measured."""
    return [exact(one.row) for one in book.spends], [exact(one.lost) for one in book.erases if one.lost], exact(book.held)


def exact(shares: Iterable[Any]) -> Row:
    return tuple((share.turn, Fraction(share.weight).limit_denominator(1000), share.spent) for share in shares)
