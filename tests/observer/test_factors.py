"""Which factors stand between a loss and its terms, read off torch's own graph."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from accumlint.observer.factors import terms

pytestmark = pytest.mark.torch
out = torch.ones(4, 2, requires_grad=True)
target = torch.tensor([0, 1, 0, 1])


def loss() -> Tensor:
    return F.cross_entropy(out * 1.5, target)


def scaled_in_place() -> Tensor:
    value = loss()
    value *= 0.25
    return value


CASES: dict[str, tuple[Callable[[], Tensor], list[float], bool]] = {
    "bare": (loss, [1], False),
    "divided": (lambda: loss() / 4, [1 / 4], False),
    "divided by a tensor": (lambda: loss() / torch.tensor(4.0), [1 / 4], False),
    "multiplied in place": (scaled_in_place, [1 / 4], False),
    "two terms": (lambda: (loss() + 0.5 * out.mean()) / 4, [1 / 8, 1 / 4], False),
    "sum of a list, divided": (lambda: sum([loss(), loss()]) / 2, [1 / 2, 1 / 2], False),
    "stacked and averaged": (lambda: torch.stack([loss(), loss(), loss()]).mean(), [1 / 3] * 3, False),
    "summed over the batch": (lambda: F.cross_entropy(out, target, reduction="sum") / 4, [1 / 4], True),
    "masked sum": (lambda: (out * torch.ones(4, 2)).sum() / 8, [1 / 8], True),
    "a factor inside the loss": (lambda: (0.5 * out).pow(2).mean() / 3, [1 / 3], False),
}


@pytest.mark.parametrize("case", CASES)
def test_products(case: str) -> None:
    build, products, summed = CASES[case]
    found = terms([build()])
    assert sorted(term.product for term in found) == pytest.approx(sorted(products))
    assert any(term.summed for term in found) == summed


def test_a_scalers_own_factor_is_left_out() -> None:
    scaler = torch.amp.GradScaler("cpu")
    scaled = scaler.scale(loss() / 4)
    scale = scaler._scale
    assert scale is not None
    [term] = terms([scaled], lambda tensor: bool(tensor.data_ptr() == scale.data_ptr()))
    assert term.product == pytest.approx(1 / 4)


def test_an_endless_sum_is_left_untold() -> None:
    assert terms([sum(loss() for _ in range(300))]) == ()
