"""Loops of every make come to their end in torch, and their rows are those that torch's own .grad held."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from textwrap import dedent, indent

import pytest

from accumlint.confirm.replay import Unreplayable, replay, run_replay
from accumlint.confirm.verdict import told
from accumlint.ledger import EpochEnd, Ledger, Scenario

pytestmark = pytest.mark.torch
N3 = Scenario(3, 7, 1)
PLAIN = Scenario(None, 3, 1)


def rows(text: str, routine: str = "train", scenario: Scenario = N3, declared: str | None = "n") -> str:
    """What each step of the first pass over the data spends, and what the pass leaves."""
    [ledger] = replay(dedent(text), "loop.py", routine, 1, scenario, declared)
    return first_pass(ledger)


def first_pass(ledger: Ledger) -> str:
    end = next((i for i, entry in enumerate(ledger.entries) if isinstance(entry, EpochEnd)), None)
    if end is None:
        return told(ledger)
    last = ledger.entries[end]
    assert isinstance(last, EpochEnd)
    return told(replace(ledger, entries=ledger.entries[:end], left=last.held))


LOOPS: dict[str, tuple[str, str]] = {
    "the only choice where all others are an error": (
        """
        import torch

        def make(config, model):
            optimizer = None
            if config.name == "adamw":
                optimizer = torch.optim.AdamW(model.parameters())
            else:
                raise ValueError(config.name)
            return optimizer

        def total(losses):
            if isinstance(losses, list):
                loss = sum(losses)
            else:
                raise TypeError(losses)
            return loss

        def train(model, loader, criterion, config, n):
            optimizer = make(config, model)
            for epoch in range(1):
                for i, (x, y) in enumerate(loader):
                    (total(criterion(model(x), y)) / n).backward()
                    if (i + 1) % n == 0:
                        optimizer.step()
                        optimizer.zero_grad()
        """,
        "1/3 1/3 1/3 ; 1/3 1/3 1/3, never spent: 1/3",
    ),
    "a value divided": (
        """
        def train(model, loader, criterion, optimizer, n):
            for epoch in range(1):
                for i, (x, y) in enumerate(loader):
                    (criterion(model(x), y) / n).backward()
                    if (i + 1) % n == 0 or i + 1 == len(loader):
                        optimizer.step()
                        optimizer.zero_grad()
        """,
        "1/3 1/3 1/3 ; 1/3 1/3 1/3 ; 1/3",
    ),
    "a table that is asked for what it may lack": (
        """
        def train(model, loader, criterion, optimizer, n, tasks):
            meters = {task: Meter(task) for task in tasks}
            losses = {}
            for epoch in range(1):
                for i, (task, x, y) in enumerate(loader):
                    with amp.scale_loss(criterion(model(x), y) / n, optimizer, loss_id=meters[task]) as scaled:
                        scaled.backward()
                    losses["sum"].append(1)
                    if (i + 1) % n == 0 or i + 1 == len(loader):
                        optimizer.step()
                        optimizer.zero_grad()
        """,
        "1/3 1/3 1/3 ; 1/3 1/3 1/3 ; 1/3",
    ),
    "a batch cut into as many pieces as a window has": (
        """
        def train(model, loader, criterion, optimizer, n, batch_size=32):
            micro = batch_size // n
            for x, y in loader:
                for part, wanted in zip(torch.split(x, micro), y.split(len(y) // n)):
                    (criterion(model(part), wanted) / n).backward()
                optimizer.step()
                optimizer.zero_grad()
                for start in range(0, batch_size, micro):
                    (criterion(model(x[start : start + micro]), y) / n).backward()
                optimizer.step()
                optimizer.zero_grad()
        """,
        "1/3 1/3 1/3 ; " * 6 + "…",
    ),
    "models made anew for each fold": (
        """
        def train(folds, criterion, n):
            for fold in folds:
                model, head = Backbone().to(device), Head().to(device)
                optimizer = torch.optim.Adam(list(model.parameters()) + list(head.parameters()))
                other = torch.optim.Adam(Judge().parameters())
                for epoch in range(1):
                    for i, (x, y) in enumerate(loader(fold)):
                        (criterion(head(model(x)), y) / n).backward()
                        if (i + 1) % n == 0 or i + 1 == len(loader(fold)):
                            optimizer.step()
                            optimizer.zero_grad()
        """,
        "1/3 1/3 1/3 ; 1/3 1/3 1/3 ; 1/3",
    ),
    "a limit of unknown size, computed": (
        """
        import math

        def train(model, loader, criterion, optimizer, n, config):
            most = math.ceil(config.samples / config.batch_size)
            while math.log(most) < config.budget:
                for i, (x, y) in enumerate(loader):
                    (criterion(model(x), y) / n).backward()
                    if (i + 1) % n == 0 or i + 1 == len(loader):
                        optimizer.step()
                        optimizer.zero_grad()
                    if i == most - 1:
                        break
        """,
        "1/3 1/3 1/3 ; 1/3 1/3 1/3 ; 1/3",
    ),
    "statements that fail are passed over": (
        """
        def train(model, loader, criterion, optimizer, n):
            table = [][7]
            print("%d batches" % undefined, f"{undefined:>8.2f}", sep=sep)
            for epoch in range(1):
                for i, batch in enumerate(tqdm(loader, desc="train")):
                    x, y, *rest = batch
                    assert x.shape[0] == 7
                    if x.isnan().any():
                        raise ValueError("no")
                    loss, logits = model(**{"input": x, "labels": y})
                    best = max(best, (logits.argmax(-1) == y).float().mean().item())
                    (loss / n).backward()
                    if (i + 1) % n == 0:
                        optimizer.step()
                        optimizer.zero_grad()
                    writer.add_scalar("loss", loss.item(), i)
        """,
        "1/3 1/3 1/3 ; 1/3 1/3 1/3, never spent: 1/3",
    ),
    "the last window by its own length": (
        """
        def train(model, loader, criterion, optimizer, n):
            total = len(loader)
            for epoch in range(1):
                for i, (x, y) in enumerate(loader):
                    left = total % n
                    size = left if left and i >= total - left else n
                    (criterion(model(x), y) / size).backward()
                    if (i + 1) % n == 0 or i + 1 == total:
                        optimizer.step()
                        optimizer.zero_grad()
        """,
        "1/3 1/3 1/3 ; 1/3 1/3 1/3 ; 1",
    ),
    "losses in a list": (
        """
        def train(model, loader, criterion, optimizer, n):
            for epoch in range(1):
                losses = []
                for i, (x, y) in enumerate(loader):
                    losses.append(criterion(model(x), y))
                    if (i + 1) % n == 0:
                        torch.stack(losses).mean().backward()
                        optimizer.step()
                        optimizer.zero_grad()
                        losses = []
        """,
        "1/3 ; 1/3",
    ),
    "gradients divided by hand": (
        """
        def train(model, loader, criterion, optimizer, n):
            for epoch in range(1):
                for i, (x, y) in enumerate(loader):
                    criterion(model(x), y).backward()
                    if (i + 1) % n == 0:
                        for p in model.parameters():
                            if p.grad is not None:
                                p.grad /= n
                        optimizer.step()
                        for p in model.parameters():
                            p.grad.data.zero_()
        """,
        "1/3 1/3 1/3 ; 1/3 1/3 1/3, never spent: 1",
    ),
    "a scaler that comes from outside": (
        """
        def train(model, loader, criterion, optimizer, scaler, n):
            for epoch in range(1):
                for i, (x, y) in enumerate(loader):
                    with torch.autocast("cuda"):
                        loss = criterion(model(x), y) / n
                    scaler.scale(loss).backward()
                    if (i + 1) % n == 0:
                        scaler.unscale_(optimizer)
                        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                        scaler.step(optimizer)
                        scaler.update()
                        optimizer.zero_grad(set_to_none=True)
        """,
        "1/3 1/3 1/3 ; 1/3 1/3 1/3, never spent: 1/3",
    ),
    "accelerate": (
        """
        from accelerate import Accelerator

        def train(model, loader, optimizer, n):
            accelerator = Accelerator(gradient_accumulation_steps=n)
            model, optimizer, loader = accelerator.prepare(model, optimizer, loader)
            for epoch in range(1):
                for batch in loader:
                    with accelerator.accumulate(model):
                        accelerator.backward(model(**batch).loss)
                        optimizer.step()
                        optimizer.zero_grad()
        """,
        "1/3 1/3 1/3 ; 1/3 1/3 1/3 ; 1/3",
    ),
    "a fused scaler": (
        """
        def train(model, loader, optimizer, loss_scaler, n):
            for epoch in range(1):
                for i, (x, y) in enumerate(loader):
                    loss = model(x, y) / n
                    loss_scaler(loss, optimizer, parameters=model.parameters(), update_grad=(i + 1) % n == 0)
                    if (i + 1) % n == 0:
                        optimizer.zero_grad()
        """,
        "1/3 1/3 1/3 ; 1/3 1/3 1/3, never spent: 1/3",
    ),
    "windows of an inner loop": (
        """
        def train(model, optimizer, n):
            batches = iter(loader)
            while True:
                optimizer.zero_grad()
                for _ in range(n):
                    x, y = next(batches)
                    (model(x, y) / n).backward()
                optimizer.step()
                if step >= max_steps:
                    break
        """,
        " ; ".join(["1/3 1/3 1/3"] * 6) + " ; …",
    ),
}


@pytest.mark.parametrize("name", LOOPS)
def test_rows(name: str) -> None:
    text, expected = LOOPS[name]
    assert rows(text) == expected


def test_the_users_own_lines_are_the_sites() -> None:
    text = dedent(LOOPS["a value divided"][0])
    [ledger] = replay(text, "loop.py", "train", 2, N3, "n")
    lines = text.splitlines()
    deposit, spend = next(ledger.deposits), next(ledger.spends)
    assert (
        lines[deposit.site.line - 1][deposit.site.column - 1 : deposit.site.end_column - 1]
        == "(criterion(model(x), y) / n).backward()"
    )
    assert spend.guard is not None
    assert lines[spend.guard.line - 1].strip() == "if (i + 1) % n == 0 or i + 1 == len(loader):"


def test_weights_are_exact_for_odd_windows() -> None:
    [ledger] = replay(dedent(LOOPS["a value divided"][0]), "loop.py", "train", 1, Scenario(7, 21, 1), "n")
    assert {share.weight for spend in ledger.spends for share in spend.row} == {Fraction(1, 7)}


def test_a_loss_scaled_twice() -> None:
    text = LOOPS["accelerate"][0].replace("model(**batch).loss", "model(**batch).loss / n")
    assert rows(text) == "1/9 1/9 1/9 ; 1/9 1/9 1/9 ; 1/9"


def test_constant_factors_and_sums_of_losses_cancel() -> None:
    text = LOOPS["a value divided"][0].replace(
        "criterion(model(x), y) / n", "(0.3 * criterion(model(x), y) + model(x).pow(2)) / n"
    )
    assert rows(text) == "1/3 1/3 1/3 ; 1/3 1/3 1/3 ; 1/3"


def test_a_loss_divided_in_part_has_no_weight() -> None:
    text = LOOPS["a value divided"][0].replace("criterion(model(x), y) / n", "criterion(model(x), y) / n + aux(x)")
    assert rows(text) == "? ? ? ; ? ? ? ; ?"


def test_two_optimizers_have_a_ledger_each() -> None:
    text = """
    def train(netG, netD, optimizerG, optimizerD, loader, criterion):
        for real in loader:
            netD.zero_grad()
            fake = netG(noise)
            (criterion(netD(real), 1) + criterion(netD(fake.detach()), 0)).backward()
            optimizerD.step()
            optimizerG.zero_grad()
            criterion(netD(fake), 1).backward()
            optimizerG.step()
    """
    found = {ledger.optimizer: told(ledger) for ledger in replay(dedent(text), "gan.py", "train", 1, PLAIN)}
    assert found["optimizerG"].startswith("1 ; 1 ; 1")
    assert found["optimizerD"].startswith("1 ; 1 ; 1")


def test_a_running_total_has_the_origins_of_all() -> None:
    text = """
    def train(model, loader, optimizer):
        total = 0
        for x in loader:
            total = total + model(x)
            total.backward(retain_graph=True)
            optimizer.step()
            optimizer.zero_grad()
    """
    [ledger] = replay(dedent(text), "total.py", "train", 1, PLAIN)
    assert [deposit.origins for deposit in ledger.deposits][:3] == [(1,), (1, 2), (1, 2, 3)]


def test_flags_choose_the_branch() -> None:
    text = LOOPS["a value divided"][0].replace(
        "optimizer.zero_grad()", "if not keep_gradients:\n                            optimizer.zero_grad()"
    )
    text = text.replace("optimizer, n)", "optimizer, n, keep_gradients)")
    assert rows(text).startswith("1/3 1/3 1/3 ; 1/3 1/3 1/3")
    assert rows(text, scenario=Scenario(3, 7, 1, (("keep_gradients", True),))).startswith("1/3 1/3 1/3 ; 1/3* 1/3* 1/3* 1/3")


def test_what_is_compared_with_true_and_false_is_open() -> None:
    text = dedent(
        """
        def train(model, loader, optimizer, cfg):
            for x in loader:
                model(x).mean().backward()
                if cfg.train is True:
                    optimizer.step()
                if cfg.keep is not False:
                    optimizer.zero_grad()
        """
    )
    for flags, row in (
        ((("cfg.train is True", True), ("cfg.keep", True)), "1 ; 1 ; "),
        ((("cfg.train", True), ("cfg.keep", False)), "1 ; 1* 1 ; "),
        ((("line 5: cfg.train is True", True), ("cfg.keep is not False", True)), "1 ; 1 ; "),
    ):
        [ledger] = replay(text, "loop.py", "train", 1, Scenario(None, 2, 1, flags))
        assert told(ledger).startswith(row)


def test_a_scheduler_is_none_though_it_comes_with_an_optimizer() -> None:
    text = dedent(
        """
        def train(model, loader):
            optimizer, scheduler = set_optim(model)
            for x in loader:
                model(x).mean().backward()
                optimizer.step()
                scheduler.step()
                optimizer.zero_grad()
        """
    )
    assert rows(text, scenario=Scenario(None, 3, 1), declared=None) == "1 ; 1 ; 1"


def test_an_optimizer_of_the_projects_own_spends_like_any() -> None:
    text = dedent(
        """
        class Base(torch.optim.Optimizer):
            pass

        class Careful(Base):
            def step(self):
                for group in self.param_groups:
                    for p in group["params"]:
                        p.data.add_(p.grad, alpha=-group["lr"])

        def train(model, loader):
            optimizer = Careful(model.parameters(), lr=0.1)
            for x in loader:
                model(x).mean().backward()
                optimizer.step()
        """
    )
    [ledger] = replay(text, "loop.py", "train", 12, Scenario(None, 3, 1))
    assert told(ledger).startswith("1 ; 1* 1 ; 1* 1* 1")


def test_a_routine_that_trains_only_where_something_open_is_true() -> None:
    text = """
        def train(model, loader, optimizer, n, use_ctc):
            for i, x in enumerate(loader):
                loss = 0.0
                if use_ctc:
                    loss += model(x) / n
                loss.backward()
                if (i + 1) % n == 0 or i + 1 == len(loader):
                    optimizer.step()
                    optimizer.zero_grad()
        """
    assert rows(text) == "1/3 1/3 1/3 ; 1/3 1/3 1/3 ; 1/3"


def test_what_is_told_of_a_condition_holds_wherever_it_stands() -> None:
    text = """
        def train(model, loader, args):
            optimizer = None
            if args.do_train:
                optimizer = torch.optim.Adam(model.parameters())
            if args.do_train:
                for x in loader:
                    if x.size(0) != args.batch_size:
                        continue
                    model(x).mean().backward()
                    optimizer.step()
                    optimizer.zero_grad()
        """
    flags = (("line 6: args.do_train", True),)
    assert rows(text, scenario=Scenario(None, 3, 1, flags), declared=None) == "1 ; 1 ; 1"


def test_endless_recursion_ends_where_it_began() -> None:
    text = """
        def leaves(node):
            found = []
            for child in node.children:
                found += leaves(child)
            for child in node.children:
                found += leaves(child)
            return found

        def train(model, loader, optimizer, n):
            tree = leaves(model)
            for i, x in enumerate(loader):
                (model(x) / n).backward()
                if (i + 1) % n == 0 or i + 1 == len(loader):
                    optimizer.step()
                    optimizer.zero_grad()
        """
    [ledger] = replay(dedent(text), "loop.py", "train", 10, N3, "n")
    assert first_pass(ledger) == "1/3 1/3 1/3 ; 1/3 1/3 1/3 ; 1/3"


def test_names_that_were_stood_in_for_are_told() -> None:
    text = dedent(LOOPS["statements that fail are passed over"][0])
    done = run_replay({"loop.py": text}, {}, "loop.py", "train", 1, N3, "n")
    assert {"model", "loader", "writer"} <= set(done.standins)
    assert "list index out of range" in done.failures


def test_modules_of_the_project_run_as_they_stand() -> None:
    main = "from steps import apply\n" + dedent(LOOPS["a value divided"][0]).replace("optimizer.step()", "apply(optimizer)")
    steps = "def apply(optimizer):\n    optimizer.step()\n"
    texts, links = {"loop.py": main, "steps.py": steps}, {"loop.py": {"apply": ("steps.py", "apply")}}
    done = run_replay(texts, links, "loop.py", "train", 2, N3, "n")
    assert first_pass(done.ledgers[0]) == "1/3 1/3 1/3 ; 1/3 1/3 1/3 ; 1/3"
    assert ("steps.py", 2) in done.lines


@pytest.mark.parametrize(
    ("loss", "row"),
    [("model(x) / len(loader)", "1/3 1/3 1/3"), ("model(x) * (i + 1)", "None None None")],
    ids=["length", "uneven"],
)
def test_what_else_a_loss_is_divided_by_is_no_weight_of_its_own(loss: str, row: str) -> None:
    text = f"""
    def train(model, loader, optimizer, n):
        for i, x in enumerate(loader):
            ({loss} / n).backward()
            if (i + 1) % n == 0:
                optimizer.step()
                optimizer.zero_grad()
    """
    [ledger] = replay(dedent(text), "loop.py", "train", 2, N3, "n")
    assert " ".join(str(share.weight) for share in next(iter(ledger.spends)).row) == row


@pytest.mark.parametrize(
    "body",
    [
        "if kind == 'a':\n    o = optimizer\nelif kind == 'b':\n    o = optimizer",
        "o = [one for one in [optimizer] if one in chosen][0]",
    ],
    ids=["one of several", "an open filter"],
)
def test_what_must_be_so_is_not_ruled_out(body: str) -> None:
    head = "def train(model, loader, optimizer, kind, chosen):\n    o = None\n" + indent(body, "    ")
    text = f"{head}\n    for x in loader:\n        model(x).backward()\n        o.step()\n        o.zero_grad()\n"
    [ledger] = replay(text, "loop.py", "train", 1, Scenario(None, 4, 1), None)
    assert {len(spend.row) for spend in ledger.spends} == {1}


def test_a_method_that_is_inherited_from_another_file_runs_on_the_heir() -> None:
    base = """
    class Trainer:
        def __init__(self, model, optimizer, loader, n):
            self.model, self.optimizer, self.loader, self.n = model, optimizer, loader, n

        def fit(self):
            for i, x in enumerate(self.loader):
                (self.loss(x) / self.n).backward()
                if (i + 1) % self.n == 0:
                    self.optimizer.step()
                    self.optimizer.zero_grad()
    """
    heir = """
    from base import Trainer

    class Halved(Trainer):
        def loss(self, x):
            return self.model(x) / self.n
    """
    texts, links = {"heir.py": dedent(heir), "base.py": dedent(base)}, {"heir.py": {"Trainer": ("base.py", "Trainer")}}
    done = run_replay(texts, links, "heir.py", "Halved.fit", 6, N3, "self.n")
    assert first_pass(done.ledgers[0]) == "1/9 1/9 1/9 ; 1/9 1/9 1/9, never spent: 1/9"
    assert ("base.py", 8) in done.lines


@pytest.mark.parametrize(
    ("text", "routine", "reason"),
    [
        ("def train(:\n", "train", "does not parse"),
        ("x = 1\n", "train", "there is no routine `train`"),
        ("def train(model, loader):\n    for x in loader:\n        (1.0).backward()\n", "train", "AttributeError"),
    ],
)
def test_what_cannot_be_replayed_says_why(text: str, routine: str, reason: str) -> None:
    with pytest.raises(Unreplayable, match=reason):
        replay(text, "odd.py", routine, 1, PLAIN)


def test_an_unused_window_is_no_replay() -> None:
    with pytest.raises(Unreplayable, match="the window `n_other` was never asked for"):
        rows(LOOPS["a value divided"][0].replace("(i + 1) % n == 0", "(i + 1) % 3 == 0").replace("/ n", ""), declared="n_other")


def test_a_count_that_another_method_sets_is_known() -> None:
    text = """
        class Recipe:
            def setup(self):
                self.total = len(self.loader) // self.n

            def train(self):
                batches, done = iter(self.loader), 0
                while done < self.total:
                    (self.model(next(batches)) / self.n).backward()
                    self.count += 1
                    if self.count % self.n == 0:
                        self.optimizer.step()
                        self.optimizer.zero_grad()
                        done += 1
        """
    [ledger] = replay(dedent(text), "loop.py", "Recipe.train", 6, Scenario(3, 8, 1), "self.n")
    assert told(ledger) == " ; ".join(["1/3 1/3 1/3"] * 4)  # the routine is called twice


def test_a_scenario_may_choose_what_a_far_budget_usually_decides() -> None:
    text = """
        def train(model, loader, criterion, optimizer, args):
            for i, (x, y) in enumerate(loader):
                criterion(model(x), y).backward()
                if i % 2 == 0 or (i < args.warm):
                    optimizer.step()
                    optimizer.zero_grad()
        """
    usual, chosen = (
        replay(dedent(text), "loop.py", "train", 2, Scenario(None, 4, 1, flags), None)[0]
        for flags in ((), (("line 5: i % 2 == 0 or (i < args.warm)", False),))
    )
    assert [len(spend.row) for spend in usual.spends][:4] == [1, 1, 1, 1]
    assert [len(spend.row) for spend in chosen.spends][:2] == [1, 2]


def test_a_loop_that_steps_without_backward_runs_over_the_data_too() -> None:
    text = """
        def train(model, loader, criterion, optimizer, n):
            for x, y in loader:
                criterion(model(x), y).backward()
            for i, batch in enumerate(loader):
                if (i + 1) % n == 0:
                    optimizer.step()
        """
    [ledger] = replay(dedent(text), "loop.py", "train", 2, Scenario(3, 6, 1), "n")
    assert told(ledger).startswith("1 1 1 1 1 1 ; 1* 1* 1* 1* 1* 1* ; ")


@pytest.mark.parametrize(
    ("call", "may"),
    [
        ("clear(params)", True),
        ("clear(model)", True),
        ("clear(model.parameters())", True),
        ("helper.reset(optimizer)", True),
        ("print(i)", False),
        ("seen = measured(model)", False),
        ("optimizer.zero_grad()", False),
    ],
)
def test_a_call_out_of_sight_that_may_clear_is_told(call: str, may: bool) -> None:
    text = f"""
        def train(model, loader, criterion, optimizer):
            params = list(model.parameters())
            for i, (x, y) in enumerate(loader):
                {call}
                criterion(model(x), y).backward()
                optimizer.step()
        """
    done = run_replay({"loop.py": dedent(text)}, {}, "loop.py", "train", 2, PLAIN)
    assert list(done.unseen) == ([(5, call)] if may else [])
    assert done.unseen[5, call] + 1 >= len(list(done.ledgers[0].spends)) or not may
