"""Makes training loops by chance, out of the spellings that people use: right ones, wrong ones, odd ones."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import cached_property
from textwrap import indent

_HEAD = """\
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader
from tqdm import tqdm
"""

_BUILT = """\
loader = DataLoader(data, batch_size=2)
model = nn.Linear(4, 1)
criterion = nn.MSELoss()
optimizer = torch.optim.{algorithm}(model.parameters(), lr=0.01)
"""

_PAIR = """\
critic = nn.Linear(1, 1)
critic_optimizer = torch.optim.Adam(critic.parameters())
"""

_DUO = """\
head = nn.Linear(1, 1)
optimizers = [optimizer, torch.optim.{algorithm}(head.parameters(), lr=0.1)]
"""

_PREPARED = """\
from accelerate import Accelerator
accelerator = Accelerator(gradient_accumulation_steps={window})
model, optimizer, loader = accelerator.prepare(model, optimizer, loader)
"""


@dataclass
class Maker:
    """Draws the parts of one loop; the same ``seed`` gives the same loop."""

    seed: int

    def __post_init__(self) -> None:
        self.pick = random.Random(self.seed)
        self.form = self.pick.choice(("script", "script", "function", "function", "method"))
        self.kind = self.one(
            "enumerate", "enumerate", "enumerate", "counter", "nested", "start", "pair", "accelerate", "total", "duo", "global", "sliced"
        )  # fmt: skip
        if self.kind in ("pair", "duo", "accelerate"):
            self.form = "script"
        self.scaler = self.pick.random() < 0.25 and self.kind not in ("pair", "duo", "accelerate", "total")
        self.window = self._window()
        self.helpers: list[str] = []
        self.manner = random.Random(~self.seed).choice(("plain", "plain", "plain", "generator", "finally", "state"))

    def one(self, *choices: str) -> str:
        return self.pick.choice(choices)

    def _window(self) -> str:
        if self.form == "script":
            return self.one("accum_steps", "args.accumulation_steps", "3", "GRAD_ACCUM")
        if self.form == "method":
            return self.one("self.accumulation_steps", "self.args.grad_accum", "4")
        return self.one("accum_steps", "args.gradient_accumulation_steps", "4")

    @property
    def optimizer(self) -> str:
        return "self.optimizer" if self.form == "method" else "optimizer"

    @property
    def model(self) -> str:
        return "self.model" if self.form == "method" else "model"

    @property
    def literal(self) -> str | None:
        """The number that the source gives for the window, None where it gives none."""
        return {"accum_steps": "3" if self.form == "script" else "4", "GRAD_ACCUM": "4", "self.accumulation_steps": "4"}.get(
            self.window, self.window if self.window.isdigit() else None
        )

    def clocked(self, number: str) -> str:
        """The source with ``number`` for a modulus that it gives a number itself."""
        if self.literal is None or f"% {self.window}" not in self.text:
            return self.text
        changed = {self.literal: number, f"== {int(self.literal) - 1}": f"== {int(number) - 1}"}
        spelled = rf"== {int(self.literal) - 1}\b|\b{self.literal}\b"
        return re.sub(spelled, lambda found: changed[found[0]], self.text)

    @cached_property
    def text(self) -> str:
        """The source of the loop."""
        body = self._loops()
        helpers = "\n\n".join(self.helpers)
        head = f"{_HEAD}\n{helpers}\n"
        if self.form == "script":
            setting = {"accum_steps": "accum_steps = 3\n", "GRAD_ACCUM": "GRAD_ACCUM = 4\n"}.get(self.window, "")
            built = _BUILT.format(algorithm=self.one("SGD", "AdamW"))
            if self.scaler:
                built += 'scaler = torch.amp.GradScaler("cpu")\n'
            elif self.kind == "pair":
                built += _PAIR
            elif self.kind == "duo":
                built += _DUO.format(algorithm=self.one("SGD", "Adam"))
            elif self.kind == "accelerate":
                built += _PREPARED.format(window=self.window)
            return f"{head}\n{setting}{built}{body}"
        if self.form == "function":
            names = ["model", "loader", "criterion", "optimizer"]
            names += ["scaler"] * self.scaler + ["args"] * self.window.startswith("args")
            names += ["accum_steps=4"] * (self.window == "accum_steps")
            return f"{head}\n\ndef train({', '.join(names)}):\n{indent(body, '    ')}"
        scaler = '        self.scaler = torch.amp.GradScaler("cpu")\n' if self.scaler else ""
        built = self.pick.random() < 0.5
        made = "torch.optim.SGD(model.parameters(), lr=0.1)" if built else "optimizer"
        return (
            f"{head}\n\nclass Trainer:\n"
            f"    def __init__(self, model, optimizer, loader, args, accumulation_steps=4):\n"
            f"        self.model, self.loader, self.args = model, loader, args\n"
            f"        self.criterion = nn.CrossEntropyLoss()\n"
            f"        self.optimizer = {made}\n"
            f"        self.accumulation_steps = accumulation_steps\n{scaler}\n"
            f"    def fit(self):\n{indent(body, '        ')}"
        )

    # Parts

    def _loops(self) -> str:
        epochs = self.one("", "for epoch in range(2):\n", "for epoch in range(args.epochs):\n", "for epoch in range(10):\n")
        if self.form == "method":
            epochs = epochs.replace("args.", "self.args.")
        if self.form == "function" and "args" not in self.window:
            epochs = epochs.replace("args.epochs", "2")
        clear = f"{self.optimizer}.zero_grad()\n" + "critic_optimizer.zero_grad()\n" * (self.kind == "pair")
        if self.kind == "duo":
            clear = "for one in optimizers:\n    one.zero_grad()\n"
        self.epochs, self.before = epochs, ""
        start = self.one("", "", clear)
        inner = self._inner()
        first = self.before + self.one("", "", clear)
        return first + (epochs + indent(start + inner, "    ") if epochs else start + inner)

    def _inner(self) -> str:
        kind = self.kind
        if kind == "nested":
            return self._nested()
        if kind == "pair":
            return self._pair()
        if kind == "accelerate":
            return self._prepared()
        if kind == "duo":
            return self._duo()
        if kind == "sliced":
            return self._sliced()
        loader = "self.loader" if self.form == "method" else "loader"
        data = self._as_it_comes(self.one(loader, f"tqdm({loader})"))
        step = self._step()
        clears_after = self.pick.random() < 0.8
        clear = self._clear()
        body = self._micro_batch()
        if self.manner == "finally":
            body = f"try:\n{indent(body, '    ')}finally:\n    torch.cuda.empty_cache()\n"
        if kind == "counter":
            count = self._counter
            head, index = f"{count} = 0\nfor x, y in {data}:\n", count
            body += f"{count} += 1\n"
            guard, reset = self._counted(count)
        elif kind == "global":
            return self._global(data)
        elif kind == "total":
            return self._total(data, loader)
        else:
            start = ", start=1" if kind == "start" else ""
            head, index, reset = f"for i, (x, y) in enumerate({data}{start}):\n", "i", ""
            guard = self._guard(kind)
        last = self._last(kind, index, loader)
        inside = step + (clear if clears_after else "") + reset
        lead = self.one("", "", "", clear)
        spelled = self.one("if", "if", "if", "flag", "continue")
        if not guard:
            gated = inside
        elif spelled == "flag":
            gated = f"do_step = {guard}{last}\nif do_step:\n{indent(inside, '    ')}"
        elif spelled == "continue" and not last:
            gated = f"if not ({guard}):\n    continue\n{inside}"
        else:
            gated = f"if {guard}{last}:\n{indent(inside, '    ')}"
        after = self._after(index, kind, step + clear) if guard and not last else ""
        stray = self.one("", "", "", "", "", step)
        return f"{head}{indent(lead + body + gated, '    ')}{after}{stray}"

    def _global(self, data: str) -> str:
        """A counter that no epoch resets."""
        n = self.window
        first = self.one("if epoch == 0:\n    done = 0\n", "") if self.epochs else "done = 0\n"
        self.before = "" if "done" in first else "done = 0\n"
        guard = self.one(f"done % {n} == 0", f"not done % {n}", f"done % {n} == 1")
        late = self.pick.random() < 0.5
        bump, step = "done += 1\n", self._step() + self._clear()
        body = self._micro_batch() + ("" if late else bump) + f"if {guard}:\n{indent(step, '    ')}" + (bump if late else "")
        return f"{first}for x, y in {data}:\n{indent(body, '    ')}"

    def _total(self, data: str, loader: str) -> str:
        """Losses that are summed up, and one backward for all of them."""
        n, model = self.window, self.model
        criterion = "self.criterion" if self.form == "method" else "criterion"
        over = self.one("", f" / {n}", f" / {n}")
        late = self.one("", f" / {n}") if not over else ""
        guard = self._guard("enumerate") or "True"
        last = self.one("", f" or i + 1 == len({loader})")
        step = f"{self.optimizer}.step()\n"
        clear = self.one(self._clear(), self._clear(), "")
        spend = self.one(clear, "") + f"(total{late}).backward()\n" + step + clear + "total = 0\n"
        add = f"total {self.one('+=', '= total +')} {criterion}({model}(x), y){over}\n"
        body = f"{add}if {guard}{last}:\n{indent(spend, '    ')}"
        return f"total = 0\nfor i, (x, y) in enumerate({data}):\n{indent(body, '    ')}"

    def _duo(self) -> str:
        """Two parts of one model, each with an optimizer of its own, stepped and cleared in a loop."""
        n = self.window
        over = self.one("", f" / {n}", f" / {n}")
        seen = self.one("model(x)", "model(x)", "model(x).detach()")
        clear = self.one(
            "for one in optimizers:\n    one.zero_grad()\n",
            "for one in optimizers:\n    one.zero_grad()\n",
            "optimizer.zero_grad()\n",
            "model.zero_grad()\nhead.zero_grad()\n",
        )
        step = "for one in optimizers:\n    one.step()\n" + clear
        gated = f"if {self._guard('enumerate') or 'True'}:\n{indent(step, '    ')}"
        body = f"loss = criterion(head({seen}), y){over}\nloss.backward()\n{gated}"
        return f"for i, (x, y) in enumerate(loader):\n{indent(body, '    ')}"

    def _sliced(self) -> str:
        """Windows that are taken off an iterator."""
        n = self.window
        loader = "self.loader" if self.form == "method" else "loader"
        clear, step = self._clear(), self._step()
        first = self.pick.random() < 0.5
        window = f"for micro in range({n}):\n{indent('x, y = next(batches)' + chr(10) + self._micro_batch(), '    ')}"
        body = (clear if first else "") + window + step + ("" if first else self.one(clear, clear, ""))
        return f"batches = iter({loader})\nfor step in range(len({loader}) // {n}):\n{indent(body, '    ')}"

    def _guard(self, kind: str) -> str:
        n = self.window
        if kind == "start":
            return self.one(f"i % {n} == 0", f"i % {n} == 0", f"(i + 1) % {n} == 0")
        last = f"{n} - 1" if self.literal is None or self.pick.random() < 0.5 else str(int(self.literal) - 1)
        usual = (f"(i + 1) % {n} == 0", f"not (i + 1) % {n}", f"i % {n} == {last}", f"(i + 1) % {n} == 0")
        odd = (f"i % {n} == 0", f"i % {n}", f"i > 0 and i % {n} == 0", "")
        return self.pick.choice(usual if self.pick.random() < 0.75 else odd)

    def _as_it_comes(self, data: str) -> str:
        """The data, perhaps through a generator."""
        if self.manner != "generator":
            return data
        self.helpers.append("def pairs(batches):\n    for x, y in batches:\n        yield x, y\n")
        return f"pairs({data})"

    @property
    def _counter(self) -> str:
        """The name of what counts the micro-batches, perhaps an attribute of the object that trains."""
        return "self.count" if self.form == "method" and self.manner == "state" else "count"

    def _counted(self, count: str) -> tuple[str, str]:
        n = self.window
        guard = self.one(f"{count} % {n} == 0", f"{count} == {n}", f"{count} >= {n}")
        reset = f"{count} = 0\n"
        return guard, "" if "%" in guard else self.one(reset, reset, reset, "")

    def _last(self, kind: str, index: str, loader: str) -> str:
        if self.pick.random() < 0.5:
            return ""
        ahead = index if kind in ("start", "counter") else f"{index} + 1"
        return self.one(f" or {ahead} == len({loader})", f" or {ahead} == len({loader})", f" or {ahead} >= len({loader})")

    def _after(self, index: str, kind: str, flush: str) -> str:
        n = self.window
        ahead = index if kind in ("start", "counter") else f"({index} + 1)"
        return self.one("", "", f"if {ahead} % {n} != 0:\n{indent(flush, '    ')}", flush)

    def _nested(self) -> str:
        outer = self.one("for step in range(100):\n", "while step < 50:\n", "for step in range(args.max_steps):\n")
        if self.form == "method":
            outer = outer.replace("args.", "self.args.")
        if self.form == "function" and "args" not in self.window:
            outer = outer.replace("args.max_steps", "50")
        lead = "step = 0\n" if outer.startswith("while") else ""
        clear, step = self._clear(), self._step()
        first = self.pick.random() < 0.5
        window = f"for micro in range({self.window}):\n{indent('x, y = get_batch()' + chr(10) + self._micro_batch(), '    ')}"
        body = (clear if first else "") + window + step + ("" if first else self.one(clear, clear, clear, ""))
        body += "step += 1\n" if lead else ""
        return f"{lead}{outer}{indent(body, '    ')}"

    def _pair(self) -> str:
        """A model and its critic, each with an optimizer of its own."""
        n = self.window
        over = self.one("", f" / {n}")
        model_turn = [
            self.one("optimizer.zero_grad()\n", ""), f"loss = criterion(critic(model(x)), y){over}\n", "loss.backward()\n", "optimizer.step()\n"
        ]  # fmt: skip
        seen = self.one("model(x)", "model(x).detach()", "x")
        critic_turn = [
            self.one("critic_optimizer.zero_grad()\n", "", "critic.zero_grad()\n"),
            f"critic_loss = criterion(critic({seen}), y){over}\n",
            "critic_loss.backward()\n",
            "critic_optimizer.step()\n",
        ]
        if self.pick.random() < 0.5:  # both steps wait for the window
            steps = indent(model_turn.pop() + critic_turn.pop() + "optimizer.zero_grad()\ncritic_optimizer.zero_grad()\n", "    ")
            body = "".join(critic_turn[1:] + model_turn[1:]) + f"if {self._guard('enumerate') or 'True'}:\n{steps}"
        else:
            body = "".join((self.one("model", "critic") == "model" and model_turn + critic_turn) or critic_turn + model_turn)
        return f"for i, (x, y) in enumerate(loader):\n{indent(body, '    ')}"

    def _prepared(self) -> str:
        """A loop under accelerate."""
        loss = "criterion(model(x), y)" + self.one("", "", "", f" / {self.window}")
        clip = "if accelerator.sync_gradients:\n    accelerator.clip_grad_norm_(model.parameters(), 1.0)\n"
        clear = self.one("optimizer.zero_grad()\n", "optimizer.zero_grad()\n", "")
        lead = "" if clear else self.one("optimizer.zero_grad()\n", "")
        body = f"{lead}loss = {loss}\naccelerator.backward(loss)\n{self.one('', clip)}optimizer.step()\n{clear}"
        if self.pick.random() < 0.7:
            body = f"with accelerator.accumulate(model):\n{indent(body, '    ')}"
        return f"for x, y in loader:\n{indent(body, '    ')}"

    def _micro_batch(self) -> str:
        criterion = "self.criterion" if self.form == "method" else self.one("criterion", "F.cross_entropy")
        loss = f"{criterion}({self.model}(x), y)"
        n = self.window
        scale = self.one(
            f"loss = {loss} / {n}\n",
            f"loss = {loss}\nloss = loss / {n}\n",
            f"loss = {loss}\nloss /= {n}\n",
            f"loss = {loss} * (1 / {n})\n",
            f"loss = 0.5 * {loss} / {n}\n",
            f"loss = {loss}\n",
            f"loss = {loss} / {n}\nloss = loss / {n}\n",
            f"loss = ({loss} + 0.1 * {self.model}(x).pow(2).mean()) / {n}\n",
            "helper",
        )
        if scale == "helper":
            self.helpers.append("def scaled(loss, n):\n    return loss / n\n")
            scale = f"loss = scaled({loss}, {n})\n"
        scaler = "self.scaler" if self.form == "method" else "scaler"
        if self.scaler:
            return f"{scale}{scaler}.scale(loss).backward()\n"
        return scale + self.one("loss.backward()\n", "loss.backward()\n", "torch.autograd.backward(loss)\n")

    def _step(self) -> str:
        scaler = "self.scaler" if self.form == "method" else "scaler"
        clip = f"nn.utils.clip_grad_norm_({self.model}.parameters(), 1.0)\n"
        if self.scaler:
            before = self.one("", f"{scaler}.unscale_({self.optimizer})\n{clip}")
            return f"{before}{scaler}.step({self.optimizer})\n{scaler}.update()\n"
        if self.form != "method" and self.pick.random() < 0.15:
            self.helpers.append("def apply(optimizer):\n    optimizer.step()\n")
            return f"apply({self.optimizer})\n"
        mean = f"for p in {self.model}.parameters():\n    if p.grad is not None:\n        p.grad /= {self.window}\n"
        before = self.one("", "", "", clip, clip, mean)
        return before + f"{self.optimizer}.step()\n" + self.one("", "", "scheduler.step()\n")

    def _clear(self) -> str:
        model = self.model
        return self.one(
            f"{self.optimizer}.zero_grad()\n",
            f"{self.optimizer}.zero_grad()\n",
            f"{self.optimizer}.zero_grad(set_to_none=True)\n",
            f"{model}.zero_grad()\n",
            f"for p in {model}.parameters():\n    p.grad = None\n",
        )
