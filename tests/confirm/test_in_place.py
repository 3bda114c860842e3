"""An accelerator's worker does its jobs in its own process, one after another; ``cpu:0`` is treated as one, so this runs anywhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from accumlint.analyse import analyse
from accumlint.confirm.fence import Limits
from accumlint.confirm.task import Task, close_workers, confirm, own_worker, task
from accumlint.confirm.verdict import Outcome

pytestmark = pytest.mark.torch
LOOP = """\
import torch

def train(model, loader, criterion, optimizer):
    for x, y in loader:
        {first}
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
"""
LEAVE = (
    "[one for one in ().__class__.__base__.__subclasses__() if one.__name__ == '_wrap_close'][0].__init__.__globals__['_exit'](0)"
)
PLACE = "cpu:0"


@pytest.fixture(autouse=True)
def no_worker_is_left() -> Iterator[None]:
    yield
    close_workers()


def job(first: str = "pass", limits: Limits | None = None) -> Task:
    text = LOOP.format(first=first)
    [finding] = [one for one in analyse(text, "train.py").findings if one.code == "ACC001"]
    return task(finding, text, "train.py", devices=(PLACE,), limits=limits or Limits())


def test_the_ledger_is_that_of_a_fork() -> None:
    one = job()
    verdict = confirm(one)
    assert verdict.outcome is Outcome.CONFIRMED
    assert "environment" in verdict.fences
    assert not any("landlock" in fence or fence in ("memory", "cpu time") for fence in verdict.fences)
    forked = confirm(task(one.finding, LOOP.format(first="pass"), "train.py"))
    assert (verdict.ledger, verdict.words) == (forked.ledger, forked.words)


def test_one_job_after_another_is_done_by_one_process() -> None:
    """Its processor time is the worker's own, which no job's limit counts, and no job meets what an earlier one left behind."""
    limits = Limits(seconds=1)
    spoilt = job("torch.set_grad_enabled(False)", limits)
    plain = job(limits=limits)
    assert confirm(plain).outcome is Outcome.CONFIRMED
    process = own_worker(PLACE, limits)._process
    confirm(spoilt)
    assert [confirm(plain).outcome for _ in range(3)] == [Outcome.CONFIRMED] * 3
    assert own_worker(PLACE, limits)._process is process


@pytest.mark.parametrize("hostile", [LEAVE, "pow(9, 9 ** 9)"])
def test_what_brings_the_worker_down_costs_one_inconclusive(hostile: str) -> None:
    limits = Limits(seconds=1)
    assert confirm(job(hostile, limits)).reason == "it brought its worker down"
    assert confirm(job(limits=limits)).outcome is Outcome.CONFIRMED
