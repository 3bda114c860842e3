"""What the five seed pages state as fact, checked in torch; some of it is not so, and no rule or page may rest on it."""

from __future__ import annotations

from itertools import pairwise

import pytest

torch = pytest.importorskip("torch", reason="the pages' claims are about torch")
from torch import Tensor, nn  # noqa: E402

pytestmark = pytest.mark.torch


class Squares:
    """Page 001's setting: one weight, inputs 1, 2, 3, targets twice the input, squared error."""

    def __init__(self) -> None:
        self.model = nn.Linear(1, 1, bias=False)
        nn.init.constant_(self.model.weight, 0.5)
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.1)

    @property
    def weight(self) -> float:
        return float(self.model.weight)

    @property
    def grad(self) -> Tensor | None:
        return self.model.weight.grad

    def loss(self, number: int) -> Tensor:
        x = torch.tensor([[float(number)]])
        loss: Tensor = (self.model(x) - 2 * x).pow(2).mean()
        return loss

    def slope(self, number: int) -> float:
        """The derivative of that loss at the present weight."""
        return 2 * number**2 * (self.weight - 2)


@pytest.fixture
def squares() -> Squares:
    return Squares()


def test_000_weights_are_updated_every_n_micro_batches(squares: Squares) -> None:
    weights = [squares.weight]
    for i in range(6):
        (squares.loss(1) / 3).backward()
        if (i + 1) % 3 == 0:
            squares.optimizer.step()
            squares.optimizer.zero_grad()
        weights.append(squares.weight)
    assert [now != before for before, now in pairwise(weights)] == [False, False, True] * 2


def test_000_gradients_that_are_not_zeroed_go_on_adding_up(squares: Squares) -> None:
    slopes = 0.0
    for number in (1, 2, 3):
        slopes += squares.slope(number)
        squares.loss(number).backward()
        assert squares.grad is not None
        assert squares.grad.item() == pytest.approx(slopes)
        squares.optimizer.step()


def test_001_wrong_after_zero_grad_the_gradient_is_none_not_zeros(squares: Squares) -> None:
    squares.optimizer.zero_grad()
    for i in range(2):
        squares.loss(i + 1).backward()
        if (i + 1) % 2 == 0:
            squares.optimizer.step()
            squares.optimizer.zero_grad()
    assert squares.grad is None


def test_001_zeros_come_only_on_request(squares: Squares) -> None:
    squares.loss(1).backward()
    squares.optimizer.zero_grad(set_to_none=False)
    assert squares.grad is not None
    assert not squares.grad.any()


def test_001_wrong_a_trailing_step_raises_nothing_and_spends_the_leftover(squares: Squares) -> None:
    squares.optimizer.zero_grad()
    for i in range(3):
        squares.loss(i + 1).backward()
        if (i + 1) % 2 == 0:
            squares.optimizer.step()
            squares.optimizer.zero_grad()
    before, slope = squares.weight, squares.slope(3)
    squares.optimizer.step()
    assert squares.weight == pytest.approx(before - 0.1 * slope)


def test_001_wrong_a_step_with_no_gradient_at_all_raises_nothing(squares: Squares) -> None:
    before = squares.weight
    squares.optimizer.step()
    assert squares.weight == before


@pytest.mark.parametrize(("divisor", "share"), [(1, 1.0), (4, 0.25)], ids=["summed: unchanged", "averaged: a quarter"])
def test_001_accumulating_divides_a_sample_s_rate_only_where_the_loss_is_divided(
    squares: Squares, divisor: int, share: float
) -> None:
    alone = 0.1 * squares.slope(1)
    before = squares.weight
    for _ in range(4):
        (squares.loss(1) / divisor).backward()
    squares.optimizer.step()
    assert (before - squares.weight) / 4 == pytest.approx(share * alone)


def test_001_and_004_four_scaled_micro_batches_are_one_large_batch() -> None:
    model = nn.Linear(4, 1)
    x, y = torch.randn(64, 4), torch.randn(64, 1)
    nn.functional.mse_loss(model(x), y).backward()
    large = model.weight.grad.clone()
    model.zero_grad()
    for part_x, part_y in zip(x.split(16), y.split(16), strict=True):
        (nn.functional.mse_loss(model(part_x), part_y) / 4).backward()
    torch.testing.assert_close(model.weight.grad, large)


def test_002_the_guard_steps_every_fifth_and_the_last_micro_batch() -> None:
    def stepped(length: int) -> list[int]:
        return [idx for idx in range(length) if ((idx + 1) % 5 == 0) or ((idx + 1) == length)]

    assert stepped(7) == [4, 6]
    assert stepped(10) == [4, 9]


def test_003_unscaled_the_gradient_is_n_times_the_large_batch_s() -> None:
    model, criterion = nn.Linear(100, 10), nn.CrossEntropyLoss()
    x, y = torch.randn(128, 100), torch.randint(0, 10, (128,))
    criterion(model(x), y).backward()
    large = model.weight.grad.clone()
    model.zero_grad()
    for part_x, part_y in zip(x.split(32), y.split(32), strict=True):
        criterion(model(part_x), part_y).backward()
    torch.testing.assert_close(model.weight.grad, 4 * large)


def test_003_batch_norm_sees_micro_batches() -> None:
    x = torch.randn(128, 3) * 2 + 1
    whole, parts = nn.BatchNorm1d(3), nn.BatchNorm1d(3)
    whole(x)
    for part in x.split(32):
        parts(part)
    assert not torch.allclose(whole.running_var, parts.running_var)
    assert whole.num_batches_tracked == 1
    assert parts.num_batches_tracked == 4


def test_004_after_two_backwards_the_gradient_is_the_sum_of_both(squares: Squares) -> None:
    expected = squares.slope(1) + squares.slope(2)
    squares.loss(1).backward()
    squares.loss(2).backward()
    assert squares.grad is not None
    assert squares.grad.item() == pytest.approx(expected)


def test_004_without_clearing_the_loss_runs_away(squares: Squares) -> None:
    losses = []
    for _ in range(40):
        loss = squares.loss(2)
        losses.append(loss.item())
        loss.backward()
        squares.optimizer.step()
    cleared = Squares()
    for _ in range(40):
        cleared.optimizer.zero_grad()
        loss = cleared.loss(2)
        loss.backward()
        cleared.optimizer.step()
    assert max(losses[20:]) > 1
    assert loss.item() < 1e-6
