"""A function that changes nothing is not run again in a later turn that gives it the same, and is where what it reads has changed."""

from __future__ import annotations

from textwrap import dedent

import pytest

from accumlint.judge import judge_routines
from accumlint.project import Project
from accumlint.simulate import follow
from accumlint.simulate.run import Run
from accumlint.simulate.state import Frame
from accumlint.simulate.values import Value
from accumlint.skeleton import Function

INSIDE = """
    import torch


    def train(loader, size):
        model = torch.nn.Linear(8, 1)
        optimizer = torch.optim.SGD(model.parameters())

        def loss_of(x, y):
            return ((model(x) - y) ** 2).mean() / size

        for i, (x, y) in enumerate(loader):
            loss_of(x, y).backward()
            if (i + 1) % size == 0 or i + 1 == len(loader):
                optimizer.step()
                optimizer.zero_grad()
    """
IN_TURN = """
    import torch


    def train(loader):
        first, second = torch.nn.Linear(8, 1), torch.nn.Linear(8, 1)
        first_optimizer = torch.optim.SGD(first.parameters())
        second_optimizer = torch.optim.SGD(second.parameters())
        net = first

        def loss_of(x, y):
            return ((net(x) - y) ** 2).mean()

        for x, y in loader:
            net = first
            loss_of(x, y).backward()
            first_optimizer.step()
            first_optimizer.zero_grad()
            net = second
            loss_of(x, y).backward()
            second_optimizer.step()
            second_optimizer.zero_grad()
    """
FROZEN = """
    import torch


    class Critic(torch.nn.Module):
        def forward(self, x):
            return x.mean()


    def value(critic, x):
        return critic(x).mean()


    def train(loader):
        actor, critic = torch.nn.Linear(8, 8), Critic()
        actor_optimizer = torch.optim.SGD(actor.parameters())
        critic_optimizer = torch.optim.SGD(critic.parameters())
        for x in loader:
            critic.requires_grad_(False)
            actor_loss = actor(x).mean() - value(critic, x)
            actor_optimizer.zero_grad()
            actor_loss.backward()
            actor_optimizer.step()
            critic.requires_grad_(True)
            critic_loss = value(critic, x)
            critic_optimizer.zero_grad()
            critic_loss.backward()
            critic_optimizer.step()
    """


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the functions that are run, call by call."""
    names: list[str] = []
    run_body = follow._run_body

    def noted(run: Run, inner: Frame, function: Function) -> Value:
        names.append(function.name)
        return run_body(run, inner, function)

    monkeypatch.setattr(follow, "_run_body", noted)
    return names


def spent(text: str) -> dict[str, list[int]]:
    """By the optimizer, how many micro-batches its steps spend."""
    project = Project()
    (routine,) = judge_routines(project, project.add(dedent(text), "train.py"), whole=True)
    assert [finding for finding in routine.findings if finding.code != "ACC015"] == []
    books = next(iter(routine.exploration.ledgers.values()))[0]
    return {ledger.optimizer: [len(spend.fresh) for spend in ledger.spends] for (ledger, *_) in books}


def test_a_function_that_stands_in_the_routine_is_run_once_a_run(called: list[str]) -> None:
    assert set(spent(INSIDE)["optimizer"]) == {3}
    turns = 7 * 2 * 2  # of the first two runs alone
    assert 0 < called.count("loss_of") < turns


def test_it_is_run_again_where_what_it_reads_around_it_is_another(called: list[str]) -> None:
    assert spent(IN_TURN) == {"first_optimizer": [1] * 5, "second_optimizer": [1] * 5}
    assert called.count("loss_of") == 2 * 2  # in each of two runs


def test_it_is_run_again_where_other_parameters_are_frozen(called: list[str]) -> None:
    assert spent(FROZEN) == {"actor_optimizer": [1] * 5, "critic_optimizer": [1] * 5}
    assert called.count("value") == 2 * 2
