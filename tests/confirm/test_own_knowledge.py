"""A replay knows for itself what the source says: where training ends, what a window holds, what lies behind a condition."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from textwrap import dedent

import pytest

from accumlint.confirm.replay import Replay, run_replay
from accumlint.confirm.verdict import Outcome, told, weigh
from accumlint.confirm.ways import ways
from accumlint.finding import Finding, Severity
from accumlint.ledger import Account, Ledger, Scenario, Site
from accumlint.rules import judge

pytestmark = pytest.mark.torch
N3 = Scenario(3, 7, 2)
BASE = """\
import torch
from abc import abstractmethod

class Base:
    def fit(self):
        for epoch in range(self.epochs):
            self.one_epoch(epoch)

    @abstractmethod
    def one_epoch(self, epoch):
        pass

    @abstractmethod
    def loss(self, batch):
        pass

    def reduced(self, losses, n):
        raise NotImplementedError
"""


def run(text: str, routine: str, scenario: Scenario = N3, declared: str = "n", **others: str) -> Replay:
    texts = {"loop.py": dedent(text), **others}
    links = {"loop.py": {"Base": ("base.py", "Base")}} if "base.py" in others or others else {}
    return run_replay(texts, links, "loop.py", routine, 1, scenario, declared)


def rows(*args: object, **others: object) -> str:
    [ledger] = run(*args, **others).ledgers  # type: ignore[arg-type]
    return told(ledger)


LOOP = """
def train(model, loader, criterion, optimizer, n, args):
    for epoch in range(2):
        for i, (x, y) in enumerate(loader):
            loss = {loss}
            loss.backward()
            if {guard}:
                optimizer.step()
                optimizer.zero_grad()
"""


@pytest.mark.parametrize("bound", ["args.epochs * len(problems)", "len(problems) * int(args.epochs)"])
def test_training_for_a_multiple_of_the_data_ends_with_them(bound: str) -> None:
    text = f"""
    import torch

    def train(model, problems, criterion, n, args):
        optimizer = torch.optim.AdamW(model.parameters())
        for i in range({bound}):
            (criterion(model(problems[i % len(problems)])) / n).backward()
            if (i + 1) % n == 0:
                optimizer.step()
                optimizer.zero_grad()
    """
    [ledger] = run(text, "train").ledgers
    assert ledger.ended
    assert [one.code for one in judge(ledger)] == ["ACC004"]


@pytest.mark.parametrize("divisor", ["(n * args.batch_size)", "(args.batch_size * n)", "(n * args.a * args.b)"])
def test_a_window_times_an_unknown_number_still_divides(divisor: str) -> None:
    text = LOOP.format(loss=f"criterion(model(x), y) / {divisor}", guard="(i + 1) % n == 0")
    assert rows(text, "train").startswith("1/3 1/3 1/3 ; 1/3 1/3 1/3")


def test_what_a_window_plus_an_unknown_number_divides_cannot_be_told() -> None:
    text = LOOP.format(loss="criterion(model(x), y) / (n + args.more)", guard="(i + 1) % n == 0")
    assert rows(text, "train").startswith("? ? ? ; ? ? ?")


def test_a_window_that_holds_one_more_and_is_divided_by_as_many_is_whole() -> None:
    text = LOOP.format(loss="criterion(model(x), y) / (n + 1)", guard="(i + 1) % (n + 1) == 0")
    [ledger] = run(text, "train", Scenario(3, 8, 1)).ledgers
    assert told(ledger).startswith("1/4 1/4 1/4 1/4 ; 1/4 1/4 1/4 1/4")
    assert not [one for one in judge(ledger) if one.code == "ACC016"]


@pytest.mark.parametrize("key", ["'fp16'", '"fp16"'])
@pytest.mark.parametrize("told_as", ["config[fp16]", "config['fp16']"])
def test_a_choice_holds_however_its_key_is_quoted(key: str, told_as: str) -> None:
    text = f"""
    def train(model, loader, criterion, optimizer, n, config):
        for i, (x, y) in enumerate(loader):
            (criterion(model(x), y) / n).backward()
            if config[{key}]:
                optimizer.step()
                optimizer.zero_grad()
    """
    assert rows(text, "train", replace(N3, flags=((told_as, True),))).startswith("1/3 ; 1/3 ; 1/3")
    assert "no step" in rows(text, "train", replace(N3, flags=((told_as, False),)))


def test_a_choice_holds_for_what_an_object_keeps_of_its_setting() -> None:
    text = """
    class Trainer:
        def fit(self):
            for i, (x, y) in enumerate(self.loader):
                (self.criterion(self.model(x), y) / n).backward()
                if self.hparams.often:
                    self.optimizer.step()
                    self.optimizer.zero_grad()
    """
    assert rows(text, "Trainer.fit", replace(N3, flags=(("hparams.often", True),))).startswith("1/3 ; 1/3 ; 1/3")


HEIR = """
from base import Base

class Heir(Base):
    def one_epoch(self, epoch):
        for i, batch in enumerate(self.loader):
            loss = self.loss(batch) / n
            loss.backward()
            if (i + 1) % n == 0:
                self.optimizer.step()
                self.optimizer.zero_grad()
"""


def test_what_heirs_are_to_say_is_nothing_that_returns_none() -> None:
    assert rows(HEIR, "Heir.one_epoch", **{"base.py": BASE}).startswith("1/3 1/3 1/3 ; 1/3 1/3 1/3")


def test_a_base_class_runs_its_heirs_epochs() -> None:
    done = run(HEIR, "Heir.fit", **{"base.py": BASE})
    [ledger] = done.ledgers
    assert "ACC004" in [one.code for one in judge(ledger)]
    assert told(ledger).startswith("1/3 1/3 1/3 ; 1/3 1/3 1/3 ; 1/3 1/3 1/3 1/3")


CHUNKS = """
class Loop:
    def run_loop(self):
        while self.step < self.most:
            batch = next(self.data)
            self.run_step(batch)
            self.step += 1

    def run_step(self, batch):
        self.forward_backward(batch)
        self.opt.step()
        self.opt.zero_grad()

    def forward_backward(self, batch):
        for i in range(0, batch.shape[0], self.microbatch):
            loss = self.losses(self.model, batch[i : i + self.microbatch])
            loss.mean().backward()
"""


def test_a_step_behind_a_call_closes_the_window_that_another_call_fills() -> None:
    assert rows(CHUNKS, "Loop.run_loop", Scenario(3, 6, 2), "N").startswith("1 1 1 ; 1 1 1 ; 1 1 1")


def test_a_window_without_a_telling_name_is_what_a_step_waits_for() -> None:
    text = """
    def train(model, loader, criterion, optimizer, cfg):
        turns = cfg.whole // cfg.part
        for i, (x, y) in enumerate(loader):
            (criterion(model(x), y) / turns).backward()
            if (i + 1) % turns == 0:
                optimizer.step()
                optimizer.zero_grad()
    """
    assert rows(text, "train", N3, "N").startswith("1/3 1/3 1/3 ; 1/3 1/3 1/3")


def test_what_cannot_be_computed_may_still_carry_a_gradient() -> None:
    text = """
    def loss_of(model, x):
        made = [1] + model(x)
        return made.sum() / 2

    def train(model, loader, optimizer, n):
        for i, x in enumerate(loader):
            (loss_of(model, x) / n).backward()
            if (i + 1) % n == 0:
                optimizer.step()
                optimizer.zero_grad()
    """
    assert rows(text, "train").startswith("1/3 1/3 1/3 ; 1/3 1/3 1/3")


def test_a_network_in_training_knows_that_it_is() -> None:
    text = """
    class Model:
        def forward(self, x):
            loss = torch.tensor(0.0)
            if self.training:
                loss = self.criterion(self.net(x))
            return loss

        def fit(self, loader, n):
            for i, x in enumerate(loader):
                (self.forward(x) / n).backward()
                if (i + 1) % n == 0:
                    self.optimizer.step()
                    self.optimizer.zero_grad()
    """
    assert rows(text, "Model.fit").startswith("1/3 1/3 1/3 ; 1/3 1/3 1/3")


def test_a_latent_code_that_an_optimizer_is_built_from_is_trained_through_the_network() -> None:
    text = """
    import torch

    def invert(generator, critic, image, z, n):
        optimizer = torch.optim.Adam([z], lr=0.1)
        for i in range(len(steps)):
            (critic(generator(z) - image) / n).backward()
            if (i + 1) % n == 0:
                optimizer.step()
                optimizer.zero_grad()
    """
    assert rows(text, "invert").startswith("1/3 1/3 1/3 ; 1/3 1/3 1/3")


TWINS = """
class Agent(nn.Module):
    def __init__(self, make, args):
        super().__init__()
        self.Q, self.Q2 = make(args), make(args)
        self.Q_optimizer, self.Q2_optimizer = build(self.Q), build(self.Q2)

    def update(self, batch):
        self.Q_optimizer.zero_grad()
        (self.mse(self.Q(batch), y) + self.mse(self.Q2(batch), y)).backward()
        self.Q_optimizer.step()
        self.Q2_optimizer.step()
"""


def test_of_two_optimizers_each_owns_what_is_called_like_it() -> None:
    ledgers = run(TWINS, "Agent.update", Scenario(None, 3, 1)).ledgers
    told_of = {ledger.optimizer: told(ledger) for ledger in ledgers}
    assert told_of["self.Q_optimizer"].startswith("1 ; 1 ; 1")
    assert told_of["self.Q2_optimizer"].startswith("1 ; 1* 1 ; 1* 1* 1")


def test_a_library_that_a_star_brings_is_the_library() -> None:
    text = """
    from networks import *

    def train(make, loader, n):
        model = make()
        optimizer = torch.optim.Adam(model.parameters())
        for epoch in range(2):
            for i, x in enumerate(loader):
                (F.mse_loss(model(x), x) / n).backward()
                if (i + 1) % n == 0:
                    optimizer.step()
                    optimizer.zero_grad()
    """
    [ledger] = run(text, "train").ledgers
    assert ledger.ended  # it is built here: the routine is all of the training
    assert told(ledger).startswith("1/3 1/3 1/3 ; 1/3 1/3 1/3")


@pytest.mark.parametrize("small", ["x.size(0) < 3", "x.shape[0] <= 1", "3 > x.size(0)"])
def test_how_large_a_batch_is_leads_nowhere(small: str) -> None:
    text = f"""
    def train(model, loader, optimizer, n):
        for i, x in enumerate(loader):
            if {small}:
                continue
            (model(x).sum() / n).backward()
            if (i + 1) % n == 0:
                optimizer.step()
                optimizer.zero_grad()
    """
    assert rows(text, "train").startswith("1/3 1/3 1/3 ; 1/3 1/3 1/3")


def test_the_way_to_a_line_is_the_truth_of_what_it_stands_under() -> None:
    text = dedent("""\
        def train():
            for x in loader:
                if amp:
                    a()
                elif (i + 1
                      > n):
                    b()
                else:
                    c()
            while going:
                if "é" in x: d()
        """)
    assert ways(text, [4]) == (("line 3: amp", True),)
    assert ways(text, [7]) == (("line 3: amp", False), ("line 5: i + 1 > n", True))
    assert ways(text, [9]) == (("line 3: amp", False), ("line 5: i + 1 > n", False))
    assert ways(text, [2, 10]) == ()
    assert ways("def broken(", [1]) == ()


BACKWARD, CLEAR, STEP = (Site("train.py", line, 1, line, 9) for line in (3, 4, 5))
LINES = {("train.py", line) for line in (3, 4, 5)}


def window(size: int, weight: Fraction | None, *, ended: bool = True, tail: int = 0) -> Ledger:
    """Two windows of ``size`` micro-batches where 3 are declared, and a ``tail`` that nobody spends."""
    account = Account("optimizer")
    for turn in range(1, 2 * size + tail + 1):
        account.deposit(turn, 1, weight, BACKWARD)
        if turn % size == 0:
            account.spend(1, STEP, STEP)
            account.erase(1, CLEAR)
    account.end_epoch(1, BACKWARD)
    return account.close(Scenario(3, 2 * size + tail, 1), ended=ended, declared="n")


def finding(ledger: Ledger, code: str) -> Finding:
    return Finding(code, "a-rule", Severity.ERROR, "said", STEP, (), "", ledger, "train", 1)


@pytest.mark.parametrize(
    ("size", "weight", "outcome"),
    [
        (4, Fraction(1, 3), Outcome.CONFIRMED),
        (4, Fraction(1, 4), Outcome.REFUTED),
        (4, None, Outcome.INCONCLUSIVE),
    ],
)
def test_a_window_of_another_size_is_wrong_where_its_weights_cannot_make_it_right(
    size: int, weight: Fraction | None, outcome: Outcome
) -> None:
    seen = window(size, Fraction(1, 3))
    assert weigh(finding(seen, "ACC016"), [window(size, weight)], LINES).outcome is outcome


def test_nothing_is_refuted_by_a_run_that_was_not_seen_to_its_end() -> None:
    said = finding(window(3, Fraction(1, 3), tail=1), "ACC004")
    verdict = weigh(said, [window(3, Fraction(1, 3), tail=1, ended=False)], LINES)
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert verdict.reason == "it cannot be told whether training ends with what is left unspent"
