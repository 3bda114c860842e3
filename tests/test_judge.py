"""Routines in several files: what a base leaves open, its subclasses decide."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from accumlint.analyse import analyse
from accumlint.effects import Effects
from accumlint.judge import judge_routines
from accumlint.project import Project
from accumlint.registry import DEFAULT
from accumlint.simulate.arithmetic import arithmetic
from accumlint.simulate.joining import join
from accumlint.simulate.run import Run
from accumlint.simulate.state import Plan
from accumlint.simulate.values import Either, Known, Opaque
from accumlint.slicing import Slices

BASE = """
    from abc import abstractmethod


    class Base:
        def __init__(self, config, loader, model, optimizer):
            self.config, self.loader, self.model, self.optimizer = config, loader, model, optimizer
            self.num_mb = config.num_mb

        @abstractmethod
        def loss(self, batch):
            raise NotImplementedError

        def learn(self):
            for _ in range(self.config.epochs):
                for minibatch in self.loader:
                    for k in range(self.num_mb):
                        self.loss(minibatch[k]).backward()
                    self.optimizer.step()
                    self.optimizer.zero_grad()
    """
HEIR = """
    from base import Base


    class {name}(Base):
        def loss(self, batch):
            return self.model(batch.x, labels=batch.y).loss{scale}
    """
LAZY = {
    "acc": """
        from accelerate import Accelerator

        the_accelerator = None


        def get_accelerator():
            global the_accelerator
            if the_accelerator is None:
                the_accelerator = Accelerator({given})
            return the_accelerator
        """,
    "base": """
        from acc import get_accelerator


        class Base:
            def __init__(self, config):
                self.accelerator = get_accelerator()
                self.config = config

            def work(self, batch):
                return 0

            def run(self):
                for batch in self.config.loader:
                    with self.accelerator.accumulate(self.config.model):
                        self.work(batch)
        """,
    "trainer": """
        from base import Base


        class Trainer(Base):
            def work(self, batch):
                self.accelerator.backward(self.config.criterion(self.config.model(batch)) / 4)
                self.config.optimizer.step()
                self.config.optimizer.zero_grad()
        """,
}
BY_MODULE = """
    {line}


    def train(model, loader, optimizer, criterion, accum):
        for i, (x, y) in enumerate(loader):
            (criterion(model(x), y) / accum).backward()
            if (i + 1) % accum == 0 or i + 1 == len(loader):
                {name}.apply(optimizer)
    """
MIXIN = {
    "mix": """
        class Stepping:
            def update(self):
                self.opt.step()
                {clear}
        """,
    "trainer": """
        from mix import Stepping


        class Trainer(Stepping):
            def __init__(self, model, opt, n):
                self.model, self.opt, self.n = model, opt, n

            def fit(self, loader, criterion):
                for i, (x, y) in enumerate(loader):
                    (criterion(self.model(x), y) / self.n).backward()
                    if (i + 1) % self.n == 0 or i + 1 == len(loader):
                        self.update()
        """,
}
LONG = """
    from accelerate import Accelerator


    class Trainer:
        def __init__(self, config, model, optimizer, loader):
            self.config, self.n = config, config.n
            # here
            self.accelerator = Accelerator(project_dir=config.folder)
            self.model, self.optimizer, self.loader = self.accelerator.prepare(model, optimizer, loader)

        def learn(self):
            for batch in self.loader:
                for part in batch.chunk(self.n):
                    self.accelerator.backward(self.model(part).loss{scale})
                self.optimizer.step()
                self.optimizer.zero_grad()
    """


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / f"{name}.py").write_text(dedent(text).lstrip(), encoding="utf-8")


def found(path: Path) -> list[tuple[str, str]]:
    """The codes of the findings of default rules in ``path``, with the line that each stands at."""
    text = path.read_text(encoding="utf-8")
    sites = [(one.code, one.site) for one in analyse(text, str(path)).findings if one.code in DEFAULT]
    return [(code, Path(site.path).read_text(encoding="utf-8").splitlines()[site.line - 1].strip()) for code, site in sites]


def test_what_every_subclass_shows_is_found_in_the_base(tmp_path: Path) -> None:
    heirs = {name.lower(): HEIR.format(name=name, scale="") for name in ("Ppo", "Sft")}
    write(tmp_path, {"base": BASE, **heirs})
    assert found(tmp_path / "base.py") == [("ACC003", "self.loss(minibatch[k]).backward()")]


@pytest.mark.parametrize("scale", ["", " / self.num_mb"])
def test_one_subclass_that_divides_keeps_the_base_silent(tmp_path: Path, scale: str) -> None:
    write(
        tmp_path,
        {"base": BASE, "ppo": HEIR.format(name="Ppo", scale=" / self.num_mb"), "sft": HEIR.format(name="Sft", scale=scale)},
    )
    assert found(tmp_path / "base.py") == []
    assert [code for code, _ in found(tmp_path / "sft.py")] == ([] if scale else ["ACC003"])


def test_a_base_without_subclasses_is_left_open(tmp_path: Path) -> None:
    write(tmp_path, {"base": BASE})
    assert found(tmp_path / "base.py") == []


@pytest.mark.parametrize(("given", "codes"), [("gradient_accumulation_steps=4", ["ACC014"]), ("", [])])
def test_a_method_runs_in_the_routine_that_it_completes(tmp_path: Path, given: str, codes: list[str]) -> None:
    write(tmp_path, {**LAZY, "acc": LAZY["acc"].format(given=given)})
    assert [code for code, _ in found(tmp_path / "trainer.py")] == codes


@pytest.mark.parametrize("clear", ["optimizer.zero_grad()", "pass"])
@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("import ops", "ops"),
        ("import ops as o", "o"),
        ("import kit.ops", "kit.ops"),
        ("from kit import ops", "ops"),
        ("import kit as k", "k.ops"),
    ],
)
def test_a_function_is_followed_through_its_modules_name(tmp_path: Path, line: str, name: str, clear: str) -> None:
    (tmp_path / "kit").mkdir()
    (tmp_path / "kit" / "__init__.py").write_text("")
    helper = f"def apply(optimizer):\n    optimizer.step()\n    {clear}\n"
    write(tmp_path, {"train": BY_MODULE.format(line=line, name=name), "ops": helper, "kit/ops": helper})
    assert found(tmp_path / "train.py") == ([("ACC001", "optimizer.step()")] if clear == "pass" else [])


@pytest.mark.parametrize(("clear", "codes"), [("self.opt.zero_grad()", []), ("pass", ["ACC001"])])
def test_a_mixin_of_another_module_steps(tmp_path: Path, clear: str, codes: list[str]) -> None:
    write(tmp_path, {"mix": MIXIN["mix"].format(clear=clear), "trainer": MIXIN["trainer"]})
    assert [code for code, _ in found(tmp_path / "trainer.py")] == codes


@pytest.mark.parametrize(("scale", "codes"), [("", ["ACC003"]), (" / self.n", [])])
def test_a_constructor_is_run_however_long_it_is(tmp_path: Path, scale: str, codes: list[str]) -> None:
    write(tmp_path, {"trainer": LONG.format(scale=scale)})
    text = (tmp_path / "trainer.py").read_text(encoding="utf-8")
    (tmp_path / "trainer.py").write_text(text.replace("# here", "\n        ".join(["self.config.setup('logging')"] * 200)))
    assert [code for code, _ in found(tmp_path / "trainer.py")] == codes


def test_formulas_that_name_each_other_stay_short() -> None:
    run = Run(Project(), Slices(Effects()), Plan(), {})
    one, other = Opaque("a", stable=True), Opaque("b", stable=True)
    for _ in range(20):
        made = arithmetic(run, "+", one, other)
        assert isinstance(made, Opaque)
        one, other = other, made
    assert len(one.id) < 1000


STARRED = {
    "common": """
        import torch
        from tqdm import tqdm
        from constants import *


        def clear(optimizer):
            optimizer.zero_grad()


        class Trainer:
            def __init__(self, model):
                self.optimizer = torch.optim.Adam(model.parameters())

            def update(self):
                self.optimizer.step(){clear}
        """,
    "constants": """
        ACCUM = 4
        """,
}
STARS = """
    from common import *


    def windows(model, loader, criterion, epochs):
        optimizer = torch.optim.Adam(model.parameters())
        for _ in range(epochs):
            for step, (x, y) in tqdm(enumerate(loader)):
                (criterion(model(x), y) / ACCUM).backward()
                if (step + 1) % ACCUM == 0{flush}:
                    optimizer.step()
                    clear(optimizer)


    def plain(model, loader, criterion):
        trainer = Trainer(model)
        for x, y in tqdm(loader):
            criterion(model(x), y).backward()
            trainer.update()
    """


@pytest.mark.parametrize(("right", "codes"), [(True, []), (False, ["ACC001", "ACC004"])])
def test_what_a_star_import_brings_in_is_known_two_files_deep(tmp_path: Path, right: bool, codes: list[str]) -> None:
    clear = "\n                self.optimizer.zero_grad()" if right else ""
    for name, text in STARRED.items():
        (tmp_path / f"{name}.py").write_text(dedent(text).replace("{clear}", clear))
    path = tmp_path / "train.py"
    path.write_text(dedent(STARS).replace("{flush}", " or step + 1 == len(loader)" if right else ""))
    found = analyse(path.read_text(), str(path)).findings
    assert sorted(finding.code for finding in found if finding.code != "ACC015") == codes


def test_an_inherited_routine_that_another_one_enters_is_not_run_again(tmp_path: Path) -> None:
    (tmp_path / "brain.py").write_text(
        dedent("""
        class Brain:
            def __init__(self, model, optimizer):
                self.model, self.optimizer = model, optimizer

            def epoch(self, loader):
                for batch in loader:
                    self.compute(batch).backward()
                    self.optimizer.step()
                    self.optimizer.zero_grad()

            def fit(self, epochs, loader):
                for _ in range(epochs):
                    self.epoch(loader)
                    self.compute(None)
        """)
    )
    text = dedent("""
        from brain import Brain


        class Own(Brain):
            def compute(self, batch):
                return self.model(batch).loss
        """)
    own = tmp_path / "own.py"
    own.write_text(text)
    project = Project()
    module = project.add(text, str(own))
    assert [routine.entry.name for routine in judge_routines(project, module)] == ["fit"]


INHERITED = """
    class Brain:
        def __init__(self, model, optimizer, loader, steps, args):
            self.model, self.optimizer, self.loader, self.steps, self.args = model, optimizer, loader, steps, args

        def fit(self):
            if self.args.one:
                self.optimizer.zero_grad()
            if self.args.two:
                self.optimizer.zero_grad()
            if self.args.three:
                self.optimizer.zero_grad()
            for index, batch in enumerate(self.loader):
                (self.compute(batch) / self.steps).backward()
                if (index + 1) % self.steps == 0:
                    self.optimizer.step()
                    self.optimizer.zero_grad()
            if self.args.flush:
                {flush}
    """


@pytest.mark.parametrize(("flush", "codes"), [("self.optimizer.step()", []), ("self.model.eval()", ["ACC004"])])
def test_what_few_choices_of_flags_find_in_an_inherited_routine_is_tried_with_all(
    tmp_path: Path, flush: str, codes: list[str]
) -> None:
    (tmp_path / "brain.py").write_text(dedent(INHERITED).replace("{flush}", flush))
    own = tmp_path / "own.py"
    own.write_text(
        dedent("""
        from brain import Brain


        class Own(Brain):
            def compute(self, batch):
                return self.model(batch).loss
        """)
    )
    found = analyse(own.read_text(), str(own)).findings
    assert [finding.code for finding in found if finding.code != "ACC015"] == codes


SCALER = """
    import torch


    class NativeScaler:
        def __init__(self):
            self._scaler = torch.amp.GradScaler()

        def __call__(self, loss, optimizer, parameters, update_grad=True):
            self._scaler.scale(loss).backward()
            if update_grad:
                self._scaler.step(optimizer)
                self._scaler.update()
                {clear}
    """
SCALED = """
    from scaler import NativeScaler


    def train_one_epoch(model, criterion, loader, optimizer, args):
        loss_scaler = NativeScaler()
        for it, (x, y) in enumerate(loader):
            loss = criterion(model(x), y) / args.accum_iter
            update = (it + 1) % args.accum_iter == 0 or it + 1 == len(loader)
            loss_scaler(loss, optimizer, model.parameters(), update_grad=update)
    """


@pytest.mark.parametrize(("clear", "codes"), [("optimizer.zero_grad()", []), ("pass", ["ACC001"])])
def test_a_fused_scaler_of_the_projects_own_does_what_it_shows_and_is_told_at_its_call(
    tmp_path: Path, clear: str, codes: list[str]
) -> None:
    write(tmp_path, {"scaler": SCALER.replace("{clear}", clear), "engine": SCALED})
    call = "loss_scaler(loss, optimizer, model.parameters(), update_grad=update)"
    told = [(code, line) for code, line in found(tmp_path / "engine.py") if code != "ACC015"]
    assert told == [(code, call) for code in codes]


PARTS = {
    "kept": """
        from torch.optim import AdamW
        from torch.optim.lr_scheduler import ExponentialLR


        class Optimizers:
            def __init__(self, by_name={}, schedules={}):
                self.by_name, self.schedules = by_name, schedules
                self.names = list(by_name.keys())

            def step(self, name=None, scaler=None):
                names = [name] if name is not None else self.names
                _ = [self._step(one, scaler) for one in names]

            def _step(self, name, scaler=None):
                if scaler is not None:
                    scaler.step(self.by_name[name])
                else:
                    self.by_name[name].step()

            def zero_grad(self):
                _ = [self.by_name[name].zero_grad() for name in self.names]


        def made_for(parts):
            found = {}
            for name, part in parts.items():
                found[name] = AdamW(part.parameters())
            schedules = dict([(name, ExponentialLR(adam, gamma=0.9)) for name, adam in found.items()])
            return Optimizers(found, schedules)
        """,
    "train": """
        from kept import made_for


        class Trainer:
            def __init__(self, model, loader):
                self.model = model
                self.loader = loader
                self.optimizer = made_for({name: self.model[name] for name in self.model})

            def train_one_step(self, x, y):
                loss = ((self.model.decoder(self.model.encoder(x)) - y) ** 2).mean()
                CLEAR
                loss.backward()
                STEP

            def train(self):
                for x, y in self.loader:
                    self.train_one_step(x, y)


        def main(model, loader):
            Trainer(model, loader).train()
        """,
}


@pytest.mark.parametrize(
    ("clear", "step", "codes"),
    [
        ("self.optimizer.zero_grad()", "self.optimizer.step('decoder')", []),
        ("self.optimizer.zero_grad()", "pass", ["ACC017"]),
        ("pass", "self.optimizer.step()", ["ACC001"]),
    ],
)
def test_one_of_several_optimizers_by_its_name_is_left_open(tmp_path: Path, clear: str, step: str, codes: list[str]) -> None:
    files = {name: text.replace("CLEAR", clear).replace("STEP", step) for name, text in PARTS.items()}
    write(tmp_path, files)
    assert [code for code, _ in found(tmp_path / "train.py")] == codes


CONTINUAL = """
    from torch import nn, optim


    class Continual(nn.Module):
        def __init__(self, net, loss, args):
            super().__init__()
            self.net, self.loss, self.args = net, loss, args
            self.opt = self.get_optimizer()

        def get_optimizer(self):
            return optim.SGD(self.net.parameters(), lr=self.args.lr)

        def meta_end_task(self, dataset):
            self.end_task(dataset)
            self.task += 1

        def meta_observe(self, *args):
            return self.observe(*args)
    """
FISHER = """
    import torch
    from continual import Continual


    class Ewc(Continual):
        def end_task(self, dataset):
            fisher = torch.zeros_like(self.net.get_params())
            for x, y in dataset.train_loader:
                self.opt.zero_grad()
                torch.nn.functional.nll_loss(self.net(x), y).backward()
                fisher += {what}
            self.fisher = fisher / len(dataset.train_loader)
    """


@pytest.mark.parametrize(("what", "codes"), [("self.net.get_grads() ** 2", []), ("1", ["ACC017"])])
def test_gradients_that_a_subclass_reads_need_no_step(tmp_path: Path, what: str, codes: list[str]) -> None:
    write(tmp_path, {"continual": CONTINUAL, "ewc": FISHER.replace("{what}", what)})
    assert [code for code, _ in found(tmp_path / "ewc.py")] == codes


AVERAGED = """
    from torch.optim import Optimizer


    class Averaged(Optimizer):
        def __init__(self, opt, decay):
            self.optimizer, self.decay = opt, decay
            self.param_groups = opt.param_groups

        def step(self, *args):
            return self.optimizer.step(*args)
    """
WRAPPING = """
    import torch.nn.functional as F
    from torch import optim


    def train(args, G, D, loader):
        from averaged import Averaged

        opt_d = optim.Adam(D.parameters(), lr=args.lr)
        opt_g = optim.Adam(G.parameters(), lr=args.lr)
        if args.averages:
            opt_g = {made}
        for x, y in loader:
            D.zero_grad()
            (F.softplus(-D(x)).mean() + F.softplus(D(G(y).detach())).mean()).backward()
            opt_d.step()
            for p in D.parameters():
                p.requires_grad = False
            {clear}
            F.softplus(-D(G(y))).mean().backward()
            opt_g.step()
            for p in D.parameters():
                p.requires_grad = True
    """


@pytest.mark.parametrize(
    ("made", "clear", "codes"),
    [
        ("Averaged(opt_g, decay=0.9)", "G.zero_grad()", []),
        ("optim.SGD(G.parameters(), lr=args.lr)", "pass", ["ACC001"]),
    ],
)
def test_an_optimizer_made_of_another_has_its_parameters(tmp_path: Path, made: str, clear: str, codes: list[str]) -> None:
    write(tmp_path, {"averaged": AVERAGED, "train": WRAPPING.replace("{made}", made).replace("{clear}", clear)})
    assert [code for code, _ in found(tmp_path / "train.py")] == codes


def test_a_choice_that_is_made_again_stays_the_same_choice() -> None:
    one, other = Known(1), Known(2)
    choice = Either((one, other))
    assert join(choice, Either((other, one))) == choice
    assert join(choice, one) == choice
    assert join(choice, Known(3)) == Either((one, other, Known(3)))


NET = """
from torch import nn


class net(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 4)

    def forward(self, x):
        {clear}
        return self.linear(x).mean()
"""
TRAIN = """
import torch

from net import net

model = net()
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for x in loader:
    loss = model(x)
    loss.backward()
    opt.step()
"""


@pytest.mark.parametrize(("clear", "expected"), [("self.zero_grad()", []), ("pass", [("ACC001", "opt.step()")])])
def test_a_class_goes_before_a_module_of_the_same_name(tmp_path: Path, clear: str, expected: list[tuple[str, str]]) -> None:
    folder = tmp_path / "net"
    folder.mkdir()
    write(folder, {"net": NET.format(clear=clear), "train": TRAIN})
    assert found(folder / "train.py") == expected


ATTACK = """
import torch


class Attack:
    def __init__(self, model, optimizer):
        self.model, self.optimizer = model, optimizer

    def backward(self, batch):
        loss = self.model(batch).mean()
        self.optimizer.zero_grad()
        loss.backward()


def train(config, model, loader):
    optimizer = torch.optim.AdamW(model.parameters())
    attack, attacks = Attack(model, optimizer), False
    for epoch in range(config.epochs):
        if config.attack {both} (epoch >= config.attack_from):
            attacks = True
        for i, batch in enumerate(loader):
            (model(batch).mean() / config.accum).backward()
            if attacks:
                attack.backward(batch)
            if (i + 1) % config.accum == 0 or i + 1 == len(loader):
                optimizer.step()
                optimizer.zero_grad()
"""


@pytest.mark.parametrize("both", ["&", "and"])
def test_a_weight_that_an_untold_clear_has_erased_is_not_told_alone(tmp_path: Path, both: str) -> None:
    path = tmp_path / "train.py"
    path.write_text(ATTACK.format(both=both))
    codes = {code for code, _ in found(path)}
    assert "ACC003" not in codes or "ACC002" in codes
