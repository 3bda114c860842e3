"""Makes training loops with two optimizers that take turns, and loops under Accelerate, by chance: right ones, wrong ones, odd ones."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cached_property
from textwrap import indent

_HEAD = "import torch\nfrom torch import nn\nfrom torch.utils.data import DataLoader\n"

_NETWORKS = """\
generator, discriminator = nn.Linear(4, 4), nn.Linear(4, 1)
g_optimizer = torch.optim.{algorithm}(generator.parameters(), lr=0.01)
d_optimizer = torch.optim.{algorithm}(discriminator.parameters(), lr=0.01)
"""


@dataclass
class Drawn:
    """A loop of which every part is drawn; the same ``seed`` gives the same loop."""

    seed: int

    def __post_init__(self) -> None:
        self.pick = random.Random(self.seed)

    def one(self, *choices: str) -> str:
        return self.pick.choice(choices)

    def maybe(self, text: str, odds: float = 0.5) -> str:
        return text if self.pick.random() < odds else ""

    def clocked(self, number: str) -> str:
        """The source; no modulus in it is a number."""
        return self.text

    @cached_property
    def text(self) -> str:
        """The source of the loop."""
        return self._made()

    def _made(self) -> str:
        raise NotImplementedError


class Adversaries(Drawn):
    """A generator and its discriminator, each with an optimizer of its own."""

    def _made(self) -> str:
        self.window = "args.accumulation_steps"
        self.over = self.one("", f" / {self.window}")
        waits = self.one("both", "both", "neither", "neither", "one")
        d_turn, g_turn = self._discriminator(waits), self._generator(waits)
        lead = self.one("", "", "d_optimizer.zero_grad()\ng_optimizer.zero_grad()\n")
        body = "fake = generator(x)\n" + (d_turn + g_turn if self.pick.random() < 0.7 else g_turn + d_turn)
        loop = f"for i, x in enumerate(loader):\n{indent(body, '    ')}"
        epochs = self.one("", "for epoch in range(2):\n", "for epoch in range(args.epochs):\n")
        training = lead + (epochs + indent(loop, "    ") if epochs else loop)
        if self.pick.random() < 0.5:
            names = "generator, discriminator, loader, criterion, g_optimizer, d_optimizer, args"
            return f"{_HEAD}\n\ndef train({names}):\n{indent(training, '    ')}"
        built = _NETWORKS.format(algorithm=self.one("Adam", "SGD"))
        return f"{_HEAD}\n{built}loader = DataLoader(data, batch_size=2)\ncriterion = nn.MSELoss()\n{training}"

    def _discriminator(self, waits: str) -> str:
        clear = self.one("d_optimizer.zero_grad()\n", "d_optimizer.zero_grad()\n", "discriminator.zero_grad()\n")
        seen = self.one("fake.detach()", "fake.detach()", "fake", "generator(x).detach()")
        real, false = f"criterion(discriminator(x), 1){self.over}", f"criterion(discriminator({seen}), 0){self.over}"
        again = "retain_graph=True" if seen == "fake" else ""
        losses = self.one(
            f"d_loss = {real} + {false}\nd_loss.backward({again})\n",
            f"{real.join(('(', ')'))}.backward()\n({false}).backward({again})\n",
        )
        return self._turn(clear, losses, "d_optimizer.step()\n", waiting=waits == "both")

    def _generator(self, waits: str) -> str:
        clear = self.one("g_optimizer.zero_grad()\n", "g_optimizer.zero_grad()\n", "generator.zero_grad()\n")
        loss = f"g_loss = criterion(discriminator({self.one('fake', 'generator(x)')}), 1){self.over}\ng_loss.backward()\n"
        if self.pick.random() < 0.25:
            loss = f"discriminator.requires_grad_(False)\n{loss}discriminator.requires_grad_(True)\n"
        return self._turn(clear, loss, "g_optimizer.step()\n", waiting=waits != "neither")

    def _turn(self, clear: str, losses: str, step: str, *, waiting: bool) -> str:
        """One network's turn, its step and clear perhaps ``waiting`` for the window."""
        if not waiting:
            return self.one(clear + losses + step, clear + losses + step, losses + step + clear, losses + step)
        guard = self.one(f"(i + 1) % {self.window} == 0", f"(i + 1) % {self.window} == 0 or i + 1 == len(loader)")
        spent = step + self.maybe(clear, 0.9)
        return losses + f"if {guard}:\n{indent(spent, '    ')}"


@dataclass
class Prepared(Drawn):
    """A loop whose model, optimizer and data an Accelerator has prepared. A ``size`` takes the place of a window that is a number."""

    size: int | None = None

    def _made(self) -> str:
        self.window = self.one("args.gradient_accumulation_steps", "accum_steps", "2", "4")
        setting = f"accum_steps = {self.size or 3}\n" if self.window == "accum_steps" else ""
        if self.window.isdigit():
            self.window = str(self.size or self.window)
        told = self.one(
            f"gradient_accumulation_steps={self.window}",
            f'gradient_accumulation_steps={self.window}, mixed_precision="no"',
            f"gradient_accumulation_plugin=GradientAccumulationPlugin(num_steps={self.window})",
        )
        imports = "from accelerate import Accelerator\nfrom accelerate.utils import GradientAccumulationPlugin\n"
        built = (
            f"accelerator = Accelerator({told})\nmodel = nn.Linear(4, 1)\ncriterion = nn.MSELoss()\n"
            f"optimizer = torch.optim.{self.one('AdamW', 'SGD')}(model.parameters(), lr=0.01)\n"
            "loader = DataLoader(data, batch_size=2)\n"
        )
        prepared = "model, optimizer, loader = accelerator.prepare(model, optimizer, loader)\n"
        epochs = self.one("", "for epoch in range(2):\n", "for epoch in range(args.epochs):\n")
        loop = self._loop()
        return f"{_HEAD}{imports}\n{setting}{built}{prepared}{epochs}{indent(loop, '    ') if epochs else loop}"

    def _loop(self) -> str:
        loss = f"criterion(model(x), y){self.maybe(f' / {self.window}', 0.2)}"
        clip = "accelerator.clip_grad_norm_(model.parameters(), 1.0)\n"
        synced = f"if accelerator.sync_gradients:\n{indent(clip, '    ')}"
        clear = self.one("optimizer.zero_grad()\n", "optimizer.zero_grad()\n", "model.zero_grad()\n", "")
        first = self.pick.random() < 0.3
        spent = self.one("", synced, clip) + "optimizer.step()\n" + self.one("", "scheduler.step()\n") + ("" if first else clear)
        if self.pick.random() < 0.25:
            spent = f"if accelerator.sync_gradients:\n{indent(spent, '    ')}"
        body = f"{clear if first else ''}loss = {loss}\naccelerator.backward(loss)\n{spent}"
        manner = self.one("accumulate", "accumulate", "accumulate", "by hand", "plain")
        if manner == "accumulate":
            return f"for x, y in loader:\n    with accelerator.accumulate(model):\n{indent(body, '        ')}"
        if manner == "plain":
            return f"for x, y in loader:\n{indent(body, '    ')}"
        guard = self.one(f"(i + 1) % {self.window} == 0", f"(i + 1) % {self.window} == 0 or i + 1 == len(loader)")
        waits = f"loss = {loss}\naccelerator.backward(loss)\nif {guard}:\n{indent('optimizer.step()' + chr(10) + clear, '    ')}"
        return f"for i, (x, y) in enumerate(loader):\n{indent(waits, '    ')}"
