"""What needs an accelerator: replays and observed trainings on CUDA give what they give on the CPU."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torch import nn

from accumlint import observe
from accumlint.analyse import analyse
from accumlint.confirm.task import close_workers, confirm, task
from accumlint.confirm.verdict import Outcome
from accumlint.finding import Finding
from accumlint.registry import DEFAULT

pytestmark = [
    pytest.mark.torch,
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device here, or this torch cannot use it"),
]
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
BROKEN = sorted(path for folder in ("wrong", "seeds") for path in (FIXTURES / folder).rglob("*.py"))


@pytest.fixture(scope="module", autouse=True)
def no_worker_is_left() -> Iterator[None]:
    yield
    close_workers()


def findings(path: Path) -> list[Finding]:
    return [one for one in analyse(path.read_text(), str(path)).findings if one.code in DEFAULT and one.ledger.entries]


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: str(path.relative_to(FIXTURES).with_suffix("")))
def test_the_ledgers_are_those_of_the_cpu(path: Path) -> None:
    text = path.read_text()
    for finding in findings(path):
        here, there = (confirm(task(finding, text, str(path), devices=(device,))) for device in ("cuda:0", "cpu"))
        assert (here.outcome, here.ledger) == (there.outcome, there.ledger)


def trained(kind: torch.dtype, divisor: float, watched: bool, scaled: bool) -> list[torch.Tensor]:
    """The weights after a few windows of three on CUDA; with the real GradScaler where ``scaled``."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1)).cuda()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    scaler = torch.amp.GradScaler("cuda", enabled=scaled)
    batches = [torch.randn(4, 8, device="cuda") for _ in range(12)]

    def train() -> None:
        accumulation_steps = 3
        for i, x in enumerate(batches):
            with torch.autocast("cuda", dtype=kind):
                loss = model(x).pow(2).mean() / divisor
            scaler.scale(loss).backward()
            if (i + 1) % accumulation_steps == 0:
                scaler.unscale_(optimizer)
                nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                scaler.step(optimizer)
                scaler.update()
                optimizer.zero_grad()

    if watched:
        with observe(optimizer, on_finding="raise"):
            train()
    else:
        train()
    return [parameter.detach().clone() for parameter in model.parameters()]


@pytest.mark.parametrize(("kind", "scaled"), [(torch.float16, True), (torch.bfloat16, False)])
def test_mixed_precision_is_observed_as_it_is(kind: torch.dtype, scaled: bool) -> None:
    alone, watched = (trained(kind, 3, one, scaled) for one in (False, True))
    assert all(torch.equal(a, b) for a, b in zip(alone, watched, strict=True))
    with pytest.raises(Exception, match="ACC003"):
        trained(kind, 1, True, scaled)


def test_confirmed_on_cuda() -> None:
    path = FIXTURES / "wrong" / "model_of_parts_half_cleared.py"
    [finding] = findings(path)
    verdict = confirm(task(finding, path.read_text(), str(path), devices=("cuda:0",)))
    assert verdict.outcome is Outcome.CONFIRMED
    assert "landlock files" not in verdict.fences
