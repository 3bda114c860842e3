"""What watching costs: two models train in turns with and without the observer, in one process, to the same weights.

    python tests/benchmarks/observing.py [BLOCKS]

The watched twin does what its brother does on the same batches; at the end their weights are compared bit for bit.
"""

from __future__ import annotations

import copy
import statistics
import sys
import time
from contextlib import nullcontext

import torch
from torch import nn

from accumlint.observer import observe

WINDOW = 4


def transformer() -> tuple[nn.Module, torch.Tensor]:
    layer = nn.TransformerEncoderLayer(336, 8, 1344, batch_first=True, dropout=0.0)
    return nn.TransformerEncoder(layer, 8, enable_nested_tensor=False), torch.randn(4, 64, 336)


def perceptron() -> tuple[nn.Module, torch.Tensor]:
    return nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10)), torch.randn(64, 784)


def block(model: nn.Module, optimizer: torch.optim.Optimizer, batch: torch.Tensor, steps: int) -> float:
    """Seconds of processor time a micro-batch takes."""
    started = time.process_time()
    for micro in range(WINDOW * steps):
        loss = model(batch).pow(2).mean() / WINDOW
        loss.backward()
        if (micro + 1) % WINDOW == 0:
            optimizer.step()
            optimizer.zero_grad()
    return (time.process_time() - started) / (WINDOW * steps)


def measure(name: str, model: nn.Module, batch: torch.Tensor, blocks: int, steps: int) -> None:
    """Print a row: milliseconds a micro-batch, bare and watched, and their ratio."""
    twins = [model, copy.deepcopy(model)]
    optimizers = [torch.optim.AdamW(one.parameters(), lr=1e-4) for one in twins]
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(blocks + 1):
        for twin, optimizer, told in zip(twins, optimizers, times, strict=True):
            with observe(optimizer, on_finding="raise") if twin is twins[1] else nullcontext():
                told.append(block(twin, optimizer, batch, steps))
    same = all(torch.equal(a, b) for a, b in zip(*(one.parameters() for one in twins), strict=True))
    bare, watched = (statistics.median(told[1:]) * 1e3 for told in times)  # the first block warms up
    size = sum(p.numel() for p in model.parameters()) / 1e6
    said = "equal" if same else "DIFFERENT"
    print(
        f"{name:12} {size:5.1f} M {bare:8.2f} ms {watched:8.2f} ms {watched / bare:6.3f}   {said} after {(blocks + 1) * steps} steps"
    )


def main(blocks: int) -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    print(f"torch {torch.__version__}\nmodel          size        bare     watched  ratio   weights")
    measure("transformer", *transformer(), blocks, steps=2)
    measure("perceptron", *perceptron(), 10 * blocks, steps=50)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
